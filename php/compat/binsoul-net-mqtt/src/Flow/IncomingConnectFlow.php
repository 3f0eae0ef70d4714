<?php
declare(strict_types=1);

namespace BinSoul\Net\Mqtt\Flow;

use BinSoul\Net\Mqtt\Connection;
use BinSoul\Net\Mqtt\Packet;
use BinSoul\Net\Mqtt\PacketFactory;
use BinSoul\Net\Mqtt\Packet\ConnectResponsePacket;

/**
 * A server answers CONNECT. With a return code of refusal, too, the exchange succeeds: the answer was given.
 */
class IncomingConnectFlow extends AbstractFlow
{
    private Connection $connection;
    private int $returnCode;
    private bool $sessionPresent;

    public function __construct(PacketFactory $packetFactory, Connection $connection, int $returnCode, bool $sessionPresent)
    {
        parent::__construct($packetFactory);
        $this->connection = $connection;
        $this->returnCode = $returnCode;
        $this->sessionPresent = $sessionPresent;
    }

    public function getCode(): string
    {
        return 'connect';
    }

    public function start(): ?Packet
    {
        $this->succeed($this->connection);
        /** @var ConnectResponsePacket $packet */
        $packet = $this->generatePacket(Packet::TYPE_CONNACK);
        $packet->setReturnCode($this->returnCode);
        $packet->setSessionPresent($this->sessionPresent);
        return $packet;
    }
}
