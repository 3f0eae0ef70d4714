<?php
declare(strict_types=1);

namespace BinSoul\Net\Mqtt\Flow;

use BinSoul\Net\Mqtt\ClientIdentifierGenerator;
use BinSoul\Net\Mqtt\Connection;
use BinSoul\Net\Mqtt\Packet;
use BinSoul\Net\Mqtt\PacketFactory;
use BinSoul\Net\Mqtt\Packet\ConnectRequestPacket;
use BinSoul\Net\Mqtt\Packet\ConnectResponsePacket;

/**
 * A client connects. The result is the connection with the client identifier that was used.
 */
class OutgoingConnectFlow extends AbstractFlow
{
    private Connection $connection;

    /** @param ClientIdentifierGenerator $generator asked where the connection has no client identifier */
    public function __construct(PacketFactory $packetFactory, Connection $connection, ClientIdentifierGenerator $generator)
    {
        parent::__construct($packetFactory);
        $this->connection = $connection->getClientID() === ''
            ? $connection->withClientID($generator->generateClientIdentifier())
            : $connection;
    }

    public function getCode(): string
    {
        return 'connect';
    }

    public function start(): ?Packet
    {
        /** @var ConnectRequestPacket $packet */
        $packet = $this->generatePacket(Packet::TYPE_CONNECT);
        $packet->setProtocolLevel($this->connection->getProtocol());
        $packet->setKeepAlive($this->connection->getKeepAlive());
        $packet->setClientID($this->connection->getClientID());
        $packet->setCleanSession($this->connection->isCleanSession());
        $packet->setUsername($this->connection->getUsername());
        $packet->setPassword($this->connection->getPassword());
        $will = $this->connection->getWill();
        if ($will !== null) {
            $packet->setWill($will->getTopic(), $will->getPayload(), $will->getQosLevel(), $will->isRetained());
        }
        return $packet;
    }

    public function accept(Packet $packet): bool
    {
        return $packet->getPacketType() === Packet::TYPE_CONNACK;
    }

    public function next(Packet $packet): ?Packet
    {
        /** @var ConnectResponsePacket $packet */
        if ($packet->isSuccess()) {
            $this->succeed($this->connection);
        } else {
            $this->fail($packet->getErrorName());
        }
        return null;
    }
}
