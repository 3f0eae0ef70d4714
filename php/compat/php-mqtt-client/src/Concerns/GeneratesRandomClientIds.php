<?php
declare(strict_types=1);

namespace PhpMqtt\Client\Concerns;

/**
 * Client identifiers for clients that were given none.
 */
trait GeneratesRandomClientIds
{
    /** Twenty hexadecimal digits: MQTT 3.1 allows 23 characters. */
    protected function generateRandomClientId(): string
    {
        return bin2hex(random_bytes(10));
    }
}
