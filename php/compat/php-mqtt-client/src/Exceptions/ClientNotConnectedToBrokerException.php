<?php
declare(strict_types=1);

namespace PhpMqtt\Client\Exceptions;

/** The call needs a connection, and there is none: call connect() first. */
class ClientNotConnectedToBrokerException extends DataTransferException
{
    // Octal again: 192.
    public const EXCEPTION_CONNECTION_LOST = 0300;

    public function __construct(string $error)
    {
        parent::__construct(self::EXCEPTION_CONNECTION_LOST, $error);
    }
}
