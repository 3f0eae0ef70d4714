<?php
declare(strict_types=1);

namespace Simps\Exception\Protocol;

/** Bytes that are no MQTT packet, or a connection that failed. */
class MQTTException extends \Exception
{
}
