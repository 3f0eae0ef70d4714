<?php
declare(strict_types=1);

namespace BinSoul\Net\Mqtt\Packet;

use BinSoul\Net\Mqtt\Exception\MalformedPacketException;
use BinSoul\Net\Mqtt\PacketStream;

/**
 * CONNACK: the server's answer to CONNECT.
 */
class ConnectResponsePacket extends BasePacket
{
    private const NAMES = [
        'Connection accepted',
        'Unacceptable protocol version',
        'Identifier rejected',
        'Server unavailable',
        'Bad user name or password',
        'Not authorized',
    ];

    protected static int $packetType = self::TYPE_CONNACK;
    protected int $remainingPacketLength = 2;
    private int $flags = 0;
    private int $returnCode = 0;

    public function read(PacketStream $stream): void
    {
        if ($this->readNatively($stream)) {
            return;
        }
        parent::read($stream);
        $this->assertPacketFlags(0);
        $this->assertRemainingPacketLength(2);
        $flags = $stream->readByte();
        if ($flags > 1) {
            throw new MalformedPacketException(sprintf('The reserved bits 1-7 in the CONNACK packet must be zero, but got %02x.', $flags));
        }
        $this->flags = $flags;
        $this->returnCode = $stream->readByte();
    }

    public function write(PacketStream $stream): void
    {
        if ($this->writeNatively($stream)) {
            return;
        }
        $this->remainingPacketLength = 2;
        parent::write($stream);
        $stream->writeByte($this->flags);
        $stream->writeByte($this->returnCode);
    }

    /** 0 for success; 1 to 5 say what was wrong (table 3.1). */
    public function getReturnCode(): int
    {
        return $this->returnCode;
    }

    public function setReturnCode(int $value): void
    {
        $this->returnCode = $value;
    }

    public function isSuccess(): bool
    {
        return $this->returnCode === 0;
    }

    public function isError(): bool
    {
        return $this->returnCode > 0;
    }

    /** Whether the server has kept the session of an earlier connection. */
    public function isSessionPresent(): bool
    {
        return ($this->flags & 1) !== 0;
    }

    public function setSessionPresent(bool $value): void
    {
        $this->flags = $value ? 1 : 0;
    }

    /** The return code in words. */
    public function getErrorName(): string
    {
        return self::NAMES[$this->returnCode] ?? sprintf('Unknown %02x', $this->returnCode);
    }
}
