<?php
declare(strict_types=1);

namespace Mqtt\Loop\Event;

use Mqtt\Client;
use Mqtt\ReasonCode;

/** A publish is done. */
final class Published
{
    public function __construct(
        public readonly ?Client $client,
        public readonly int $token,
        public readonly ReasonCode $code,
    ) {}
}
