<?php
declare(strict_types=1);

namespace Imi\MQTT\Client\Exception;

/** A packet came that servers do not send. */
class InvalidPacketTypeException extends \Exception
{
}
