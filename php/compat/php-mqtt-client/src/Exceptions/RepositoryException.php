<?php
declare(strict_types=1);

namespace PhpMqtt\Client\Exceptions;

/** The repository cannot do what was asked. */
class RepositoryException extends MqttClientException
{
}
