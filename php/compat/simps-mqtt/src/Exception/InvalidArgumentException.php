<?php
declare(strict_types=1);

namespace Simps\MQTT\Exception;

/**
 * There is no such packet type or property.
 */
class InvalidArgumentException extends \InvalidArgumentException
{
}
