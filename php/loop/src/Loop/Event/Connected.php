<?php
declare(strict_types=1);

namespace Mqtt\Loop\Event;

use Mqtt\Client;
use Mqtt\Packet\ConnAck;

/** A connection stands. */
final class Connected
{
    public function __construct(
        public readonly ?Client $client,
        public readonly ConnAck $connAck,
        /** The server had kept the session. */
        public readonly bool $resumed,
    ) {}
}
