<?php
declare(strict_types=1);

namespace Mqtt\Loop\Event;

use Mqtt\Client;
use Mqtt\Message;

/** A message that no handler took. */
final class Received
{
    public function __construct(
        public readonly ?Client $client,
        public readonly Message $message,
    ) {}
}
