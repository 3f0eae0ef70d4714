<?php
declare(strict_types=1);

namespace BinSoul\Net\Mqtt\Packet;

use BinSoul\Net\Mqtt\Exception\MalformedPacketException;
use BinSoul\Net\Mqtt\PacketStream;
use BinSoul\Net\Mqtt\Validator;

/**
 * PUBLISH: a message.
 */
class PublishRequestPacket extends BasePacket
{
    use IdentifiablePacket;

    private const DUPLICATE = 8;
    private const QOS = 6;
    private const RETAIN = 1;

    protected static int $packetType = self::TYPE_PUBLISH;
    private string $topic = 'topic';
    private string $payload = '';

    public function read(PacketStream $stream): void
    {
        if ($this->readNatively($stream)) {
            return;
        }
        parent::read($stream);
        $this->assertRemainingPacketLength();
        $start = $stream->getPosition();
        $topic = $stream->readString();
        Validator::assertValidTopic($topic, MalformedPacketException::class);
        $level = ($this->packetFlags & self::QOS) >> 1;
        Validator::assertValidQosLevel($level, MalformedPacketException::class);
        if ($level === 0 && $this->isDuplicate()) {
            // [MQTT-3.3.1-2]
            throw new MalformedPacketException('The duplicate flag must be zero if the quality of service level is zero.');
        }
        $identifier = null;
        if ($level > 0) {
            $identifier = $stream->readWord();
            Validator::assertValidIdentifier($identifier, MalformedPacketException::class);
        }
        $length = $stream->getPosition() - $start;
        $this->assertFieldsWithinPacket($length);
        $this->payload = $stream->read($this->remainingPacketLength - $length);
        $this->topic = $topic;
        $this->identifier = $identifier;
    }

    public function write(PacketStream $stream): void
    {
        if ($this->getQosLevel() === 0) {
            $this->packetFlags &= ~self::DUPLICATE;
        } else {
            $this->identifier ??= $this->generateIdentifier();
        }
        if ($this->writeNatively($stream)) {
            return;
        }
        $hasIdentifier = $this->getQosLevel() > 0;
        $this->remainingPacketLength = 2 + strlen($this->topic) + ($hasIdentifier ? 2 : 0) + strlen($this->payload);
        parent::write($stream);
        $stream->writeString($this->topic);
        if ($hasIdentifier) {
            $stream->writeWord((int) $this->identifier);
        }
        $stream->write($this->payload);
    }

    public function getTopic(): string
    {
        return $this->topic;
    }

    /** @throws \InvalidArgumentException when this is no topic of a message */
    public function setTopic(string $value): void
    {
        Validator::assertValidTopic($value);
        $this->topic = $value;
    }

    public function getPayload(): string
    {
        return $this->payload;
    }

    public function setPayload(string $value): void
    {
        $this->payload = $value;
    }

    /** Whether this may have been sent before. */
    public function isDuplicate(): bool
    {
        return ($this->packetFlags & self::DUPLICATE) !== 0;
    }

    /** A message of QoS 0 is never a duplicate: write() takes the mark away again. */
    public function setDuplicate(bool $value): void
    {
        $this->setFlag(self::DUPLICATE, $value ? self::DUPLICATE : 0);
    }

    public function isRetained(): bool
    {
        return ($this->packetFlags & self::RETAIN) !== 0;
    }

    public function setRetained(bool $value): void
    {
        $this->setFlag(self::RETAIN, $value ? self::RETAIN : 0);
    }

    public function getQosLevel(): int
    {
        return ($this->packetFlags & self::QOS) >> 1;
    }

    /** @throws \InvalidArgumentException when it is not 0, 1 or 2 */
    public function setQosLevel(int $value): void
    {
        Validator::assertValidQosLevel($value);
        $this->setFlag(self::QOS, $value << 1);
    }

    private function setFlag(int $mask, int $bits): void
    {
        $this->packetFlags = ($this->packetFlags & ~$mask) | $bits;
    }
}
