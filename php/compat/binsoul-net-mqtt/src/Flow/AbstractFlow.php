<?php
declare(strict_types=1);

namespace BinSoul\Net\Mqtt\Flow;

use BinSoul\Net\Mqtt\Flow;
use BinSoul\Net\Mqtt\Packet;
use BinSoul\Net\Mqtt\PacketFactory;

/**
 * What all exchanges have: an end, and packets from the factory.
 */
abstract class AbstractFlow implements Flow
{
    private PacketFactory $packetFactory;
    private bool $isFinished = false;
    private bool $isSuccess = false;
    private mixed $result = null;
    private string $error = '';

    public function __construct(PacketFactory $packetFactory)
    {
        $this->packetFactory = $packetFactory;
    }

    public function accept(Packet $packet): bool
    {
        return false;
    }

    public function next(Packet $packet): ?Packet
    {
        return null;
    }

    public function isFinished(): bool
    {
        return $this->isFinished;
    }

    public function isSuccess(): bool
    {
        return $this->isFinished && $this->isSuccess;
    }

    public function getResult()
    {
        return $this->result;
    }

    public function getErrorMessage(): string
    {
        return $this->error;
    }

    /**
     * Ends the exchange well.
     *
     * @param mixed $result
     */
    protected function succeed($result = null): void
    {
        $this->isFinished = true;
        $this->isSuccess = true;
        $this->result = $result;
    }

    /** Ends the exchange badly. */
    protected function fail(string $error = ''): void
    {
        $this->isFinished = true;
        $this->isSuccess = false;
        $this->error = $error;
    }

    /** Whether this is a packet of that type with that packet identifier. */
    protected function isAnswer(Packet $packet, int $type, ?int $identifier): bool
    {
        return $packet->getPacketType() === $type && method_exists($packet, 'getIdentifier') && $packet->getIdentifier() === $identifier;
    }

    /** @param int $type one of the constants of Packet */
    protected function generatePacket(int $type): Packet
    {
        return $this->packetFactory->build($type);
    }
}
