<?php
declare(strict_types=1);

namespace Imi\Server\TcpServer\Message;

use Imi\Util\Socket\IPEndPoint;

/** What came, with where it came from. */
interface IReceiveData
{
    /** The number of the connection. */
    public function getClientId(): int|string;

    /** The bytes. */
    public function getData(): string;

    /** What the bytes say. */
    public function getFormatData(): mixed;

    public function getClientAddress(): IPEndPoint;
}
