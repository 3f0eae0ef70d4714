<?php
declare(strict_types=1);

namespace BinSoul\Net\Mqtt\Exception;

/**
 * A number is not that of a packet type of MQTT 3.1.1.
 */
class UnknownPacketTypeException extends \Exception
{
}
