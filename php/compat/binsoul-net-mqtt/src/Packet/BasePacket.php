<?php
declare(strict_types=1);

namespace BinSoul\Net\Mqtt\Packet;

use BinSoul\Net\Mqtt\Exception\MalformedPacketException;
use BinSoul\Net\Mqtt\Packet;
use BinSoul\Net\Mqtt\PacketStream;
use BinSoul\Net\Mqtt\Validator;
use Mqtt\Compat\ObjectCodec;

/**
 * The fixed header, which all packets have.
 */
abstract class BasePacket implements Packet
{
    /** The largest remaining length that its four bytes can say (section 2.2.3). */
    private const MAXIMUM_LENGTH = 268435455;

    protected static int $packetType = 0;
    protected int $packetFlags = 0;
    protected int $remainingPacketLength = 0;

    public function __toString(): string
    {
        $bytes = ObjectCodec::encode($this);
        if ($bytes === null) {
            $stream = new PacketStream();
            $this->write($stream);
            $bytes = $stream->getData();
        }
        return $bytes;
    }

    public function read(PacketStream $stream): void
    {
        $byte = $stream->readByte();
        $type = $byte >> 4;
        if ($type !== static::$packetType) {
            // Which number is which is the wrong way round, and always was.
            throw new MalformedPacketException(sprintf('Expected packet type %02x but got %02x.', $type, static::$packetType));
        }
        $this->packetFlags = $byte & 0x0F;
        $this->remainingPacketLength = self::readRemainingLength($stream);
    }

    public function write(PacketStream $stream): void
    {
        if ($this->remainingPacketLength > self::MAXIMUM_LENGTH) {
            throw new \InvalidArgumentException(sprintf('The packet is longer than %d bytes.', self::MAXIMUM_LENGTH));
        }
        $stream->writeByte((static::$packetType << 4) | $this->packetFlags);
        $rest = $this->remainingPacketLength;
        do {
            $byte = $rest & 0x7F;
            $rest >>= 7;
            $stream->writeByte($rest > 0 ? $byte | 0x80 : $byte);
        } while ($rest > 0);
    }

    public function getPacketType(): int
    {
        return static::$packetType;
    }

    /** The low four bits of the first byte; of a packet that is built up, before write() they may still change. */
    public function getPacketFlags(): int
    {
        return $this->packetFlags;
    }

    /** How many bytes follow the fixed header; valid after read() and write(). */
    public function getRemainingPacketLength(): int
    {
        return $this->remainingPacketLength;
    }

    /** Lets the extension read this packet. Whether it did; where not, nothing has happened. */
    protected function readNatively(PacketStream $stream): bool
    {
        return Stock::isStock($this, $stream)
            && (ObjectCodec::read($this, $stream) || (Stock::learn($this, $stream) && ObjectCodec::read($this, $stream)));
    }

    /** Lets the extension write this packet. Whether it did; where not, nothing has happened. */
    protected function writeNatively(PacketStream $stream): bool
    {
        if (!Stock::isStock($this, $stream)) {
            return false;
        }
        $bytes = ObjectCodec::encode($this);
        if ($bytes === null && Stock::learn($this, $stream)) {
            $bytes = ObjectCodec::encode($this);
        }
        if ($bytes !== null) {
            $stream->write($bytes);
        }
        return $bytes !== null;
    }

    /** @throws MalformedPacketException when the flags that were read are others */
    protected function assertPacketFlags(int $value): void
    {
        if ($this->packetFlags !== $value) {
            throw new MalformedPacketException(sprintf('Expected flags %02x but got %02x.', $value, $this->packetFlags));
        }
    }

    /**
     * @param int|null $value null: any length but zero
     *
     * @throws MalformedPacketException when the length that was read is another
     */
    protected function assertRemainingPacketLength(?int $value = null): void
    {
        if ($value === null && $this->remainingPacketLength === 0) {
            throw new MalformedPacketException('Expected payload but remaining packet length is zero.');
        }
        if ($value !== null && $this->remainingPacketLength !== $value) {
            throw new MalformedPacketException(sprintf('Expected remaining packet length of %d bytes but got %d.', $value, $this->remainingPacketLength));
        }
    }

    /**
     * Throws where fields reach over the end of their packet: what comes behind it in the stream is another packet.
     *
     * @throws MalformedPacketException
     */
    protected function assertFieldsWithinPacket(int $length): void
    {
        if ($length > $this->remainingPacketLength) {
            throw new MalformedPacketException(sprintf('Expected remaining packet length of %d bytes but got %d.', $length, $this->remainingPacketLength));
        }
    }

    /** @throws MalformedPacketException */
    protected function assertValidStringLength(string $value): void
    {
        Validator::assertValidStringLength($value, MalformedPacketException::class);
    }

    /** @throws MalformedPacketException */
    protected function assertValidString(string $value): void
    {
        Validator::assertValidString($value, MalformedPacketException::class);
    }

    /** @throws MalformedPacketException */
    protected function assertValidQosLevel(int $level): void
    {
        Validator::assertValidQosLevel($level, MalformedPacketException::class);
    }

    private static function readRemainingLength(PacketStream $stream): int
    {
        $length = 0;
        for ($shift = 0; ; $shift += 7) {
            $byte = $stream->readByte();
            // A fifth byte is one too many, whatever it says.
            if ($shift > 21) {
                throw new MalformedPacketException('Malformed remaining length.');
            }
            $length |= ($byte & 0x7F) << $shift;
            if ($byte < 0x80) {
                return $length;
            }
        }
    }
}
