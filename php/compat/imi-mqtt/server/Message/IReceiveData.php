<?php
declare(strict_types=1);

namespace Imi\Server\MQTT\Message;

/** A packet that came, with where it came from. */
interface IReceiveData extends \Imi\Server\TcpServer\Message\IReceiveData
{
}
