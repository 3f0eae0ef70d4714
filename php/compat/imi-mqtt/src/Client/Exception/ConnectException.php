<?php
declare(strict_types=1);

namespace Imi\MQTT\Client\Exception;

/** The server could not be reached, or it refused CONNECT. The previous exception, where there is one, says more. */
class ConnectException extends \Exception
{
}
