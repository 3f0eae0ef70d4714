<?php
declare(strict_types=1);

namespace Imi\MQTT\Client\Exception;

/** A packet could not be sent, or none came in time. The code is errno where the system gave one. */
class SendException extends \Exception
{
}
