<?php
declare(strict_types=1);

namespace BinSoul\Net\Mqtt\Flow;

use BinSoul\Net\Mqtt\Connection;
use BinSoul\Net\Mqtt\Packet;
use BinSoul\Net\Mqtt\PacketFactory;

/**
 * A server takes note of DISCONNECT, which has no answer.
 */
class IncomingDisconnectFlow extends AbstractFlow
{
    private Connection $connection;

    public function __construct(PacketFactory $packetFactory, Connection $connection)
    {
        parent::__construct($packetFactory);
        $this->connection = $connection;
    }

    public function getCode(): string
    {
        return 'disconnect';
    }

    public function start(): ?Packet
    {
        $this->succeed($this->connection);
        return null;
    }
}
