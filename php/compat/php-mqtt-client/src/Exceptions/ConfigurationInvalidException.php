<?php
declare(strict_types=1);

namespace PhpMqtt\Client\Exceptions;

/** A setting has a value that it cannot have. */
class ConfigurationInvalidException extends MqttClientException
{
}
