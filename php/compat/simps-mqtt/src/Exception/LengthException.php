<?php
declare(strict_types=1);

namespace Simps\MQTT\Exception;

/**
 * The bytes end before the packet does, or their length cannot be read.
 */
class LengthException extends \LengthException
{
}
