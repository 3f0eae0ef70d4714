<?php
declare(strict_types=1);

namespace BinSoul\Net\Mqtt\Exception;

/**
 * Bytes are not the packet that they should be.
 */
class MalformedPacketException extends \Exception
{
}
