<?php
declare(strict_types=1);

namespace PhpMqtt\Client\Exceptions;

/** What came is not a packet. */
class InvalidMessageException extends MqttClientException
{
}
