<?php
declare(strict_types=1);

namespace Imi\Util\Socket;

/** An address and a port; "address:port" as a string. */
class IPEndPoint implements \Stringable
{
    public function __construct(private string $address, private int $port)
    {
    }

    public function __toString(): string
    {
        return "$this->address:$this->port";
    }

    /** IPv6 without brackets; '' for a client on a Unix socket. */
    public function getAddress(): string
    {
        return $this->address;
    }

    public function getPort(): int
    {
        return $this->port;
    }
}
