<?php
declare(strict_types=1);

namespace PhpMqtt\Client\Exceptions;

/** The protocol named to the constructor is none of those that there are. */
class ProtocolNotSupportedException extends MqttClientException
{
    public function __construct(string $protocol)
    {
        parent::__construct("The given protocol version [$protocol] is not supported.");
    }
}
