<?php
declare(strict_types=1);

namespace Simps\MQTT\Exception;

/**
 * There is no connection, or it broke. The code is errno, where the system gave one.
 */
class ConnectException extends \RuntimeException
{
}
