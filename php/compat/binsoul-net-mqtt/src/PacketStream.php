<?php
declare(strict_types=1);

namespace BinSoul\Net\Mqtt;

use BinSoul\Net\Mqtt\Exception\EndOfStreamException;

/**
 * Bytes with a position. Reading begins at the position and moves it; writing appends at the end and leaves it.
 */
class PacketStream implements \Stringable
{
    private string $data;
    private int $position = 0;

    public function __construct(string $data = '')
    {
        $this->data = $data;
    }

    /** All bytes, wherever the position is. */
    public function __toString(): string
    {
        return $this->data;
    }

    /**
     * The next $count bytes; none where $count is not positive.
     *
     * @throws EndOfStreamException when fewer are left; the position stays
     */
    public function read(int $count): string
    {
        if ($count <= 0) {
            return '';
        }
        $length = strlen($this->data);
        if ($this->position > $length || $count > $length - $this->position) {
            throw new EndOfStreamException(sprintf('End of stream reached when trying to read %d bytes. content length=%d, position=%d', $count, $length, $this->position));
        }
        $bytes = substr($this->data, $this->position, $count);
        $this->position += $count;
        return $bytes;
    }

    /** @throws EndOfStreamException */
    public function readByte(): int
    {
        return ord($this->read(1));
    }

    /**
     * Two bytes, the high one first.
     *
     * @throws EndOfStreamException
     */
    public function readWord(): int
    {
        return ($this->readByte() << 8) | $this->readByte();
    }

    /**
     * A length in two bytes, and as many bytes.
     *
     * @throws EndOfStreamException
     */
    public function readString(): string
    {
        return $this->read($this->readWord());
    }

    public function write(string $value): void
    {
        $this->data .= $value;
    }

    /** The low eight bits. */
    public function writeByte(int $value): void
    {
        $this->write(chr($value & 0xFF));
    }

    /** The low sixteen bits, the high byte first. */
    public function writeWord(int $value): void
    {
        $this->write(chr(($value >> 8) & 0xFF));
        $this->write(chr($value & 0xFF));
    }

    /**
     * A length in two bytes, and the bytes.
     *
     * @throws \InvalidArgumentException when they are more than 65535
     */
    public function writeString(string $string): void
    {
        if (strlen($string) > 0xFFFF) {
            throw new \InvalidArgumentException('The string length must be less than or equal to 65535 bytes');
        }
        $this->writeWord(strlen($string));
        $this->write($string);
    }

    /** How many bytes there are, read or not. */
    public function length(): int
    {
        return strlen($this->data);
    }

    /** How many bytes are left to read. */
    public function getRemainingBytes(): int
    {
        return max(0, $this->length() - $this->position);
    }

    public function getData(): string
    {
        return $this->data;
    }

    /** Moves the position by so many bytes, but not before the beginning. */
    public function seek(int $offset): void
    {
        $this->position = max(0, $this->position + $offset);
    }

    public function getPosition(): int
    {
        return $this->position;
    }

    public function setPosition(int $value): void
    {
        $this->position = max(0, $value);
    }

    /** Drops the bytes before the position. */
    public function cut(): void
    {
        $this->data = substr($this->data, $this->position);
        $this->position = 0;
    }
}
