<?php
declare(strict_types=1);

namespace PhpMqtt\Client\Exceptions;

/** The parent of every exception of this package. */
class MqttClientException extends \Exception
{
    /** An empty message is replaced by one that names the code. */
    public function __construct(string $message = '', int $code = 0, ?\Throwable $parentException = null)
    {
        parent::__construct($message === '' ? "[$code] The MQTT client encountered an error." : $message, $code, $parentException);
    }
}
