<?php
declare(strict_types=1);

namespace BinSoul\Net\Mqtt\Packet;

use BinSoul\Net\Mqtt\DefaultIdentifierGenerator;

/**
 * Packets with a packet identifier. Who gives none gets one when the packet is written.
 */
trait IdentifiablePacket
{
    protected ?int $identifier = null;

    public function getIdentifier(): ?int
    {
        return $this->identifier;
    }

    /**
     * @param int|null $value from 1 to 65535; null: the next free number is taken by write()
     *
     * @throws \InvalidArgumentException
     */
    public function setIdentifier(?int $value): void
    {
        if ($value !== null && ($value < 1 || $value > 0xFFFF)) {
            throw new \InvalidArgumentException(sprintf('Expected an identifier between 0x0001 and 0xFFFF but got %x', $value));
        }
        $this->identifier = $value;
    }

    protected function generateIdentifier(): int
    {
        return DefaultIdentifierGenerator::buildPacketIdentifier();
    }
}
