<?php
declare(strict_types=1);

namespace Mqtt\Loop\Event;

use Mqtt\Client;
use Mqtt\Packet\Disconnect;

/** A connection ended or could not be made. */
final class Disconnected
{
    public function __construct(
        public readonly ?Client $client,
        public readonly \Throwable $why,
        public readonly ?Disconnect $packet,
        /** Seconds to the next attempt; null: there is none. */
        public readonly ?float $retryIn,
    ) {}
}
