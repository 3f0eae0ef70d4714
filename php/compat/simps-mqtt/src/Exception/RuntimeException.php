<?php
declare(strict_types=1);

namespace Simps\MQTT\Exception;

/**
 * A packet of MQTT 3 has a field of a wrong type, or lacks one.
 */
class RuntimeException extends \RuntimeException
{
}
