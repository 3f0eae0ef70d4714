<?php
declare(strict_types=1);

namespace BinSoul\Net\Mqtt\Packet;

use BinSoul\Net\Mqtt\Exception\MalformedPacketException;
use BinSoul\Net\Mqtt\PacketStream;
use BinSoul\Net\Mqtt\Validator;

/**
 * Acknowledgements that say nothing but which packet they are for.
 */
abstract class IdentifierOnlyPacket extends BasePacket
{
    use IdentifiablePacket;

    protected int $remainingPacketLength = 2;

    public function read(PacketStream $stream): void
    {
        if ($this->readNatively($stream)) {
            return;
        }
        parent::read($stream);
        $this->assertPacketFlags($this->getExpectedPacketFlags());
        $this->assertRemainingPacketLength(2);
        $identifier = $stream->readWord();
        Validator::assertValidIdentifier($identifier, MalformedPacketException::class);
        $this->identifier = $identifier;
    }

    public function write(PacketStream $stream): void
    {
        $identifier = $this->identifier ??= $this->generateIdentifier();
        if ($this->writeNatively($stream)) {
            return;
        }
        $this->remainingPacketLength = 2;
        parent::write($stream);
        $stream->writeWord($identifier);
    }

    /** The low four bits of the first byte that read() demands. */
    protected function getExpectedPacketFlags(): int
    {
        return 0;
    }
}
