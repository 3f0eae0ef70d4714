<?php
declare(strict_types=1);

namespace Imi\Server\MQTT\Exception;

/** Nothing came where a packet should have. */
class InvalidReceiveData extends \InvalidArgumentException
{
    public function __construct(string $message = 'Invalid MQTT receive data', int $code = 0, ?\Throwable $previous = null)
    {
        parent::__construct($message, $code, $previous);
    }
}
