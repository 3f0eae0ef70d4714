<?php
declare(strict_types=1);

namespace Imi\MQTT\Client;

use BinSoul\Net\Mqtt\DefaultMessage;

/** The will of a client. */
class Message extends DefaultMessage
{
}
