<?php
declare(strict_types=1);

namespace Simps\MQTT\Exception;

/**
 * A packet says what MQTT does not allow.
 */
class ProtocolException extends \InvalidArgumentException
{
}
