<?php
declare(strict_types=1);

namespace PhpMqtt\Client\Exceptions;

/** The broker broke a rule of the protocol. */
class ProtocolViolationException extends MqttClientException
{
    public function __construct(string $error)
    {
        parent::__construct("Protocol violation: $error.");
    }
}
