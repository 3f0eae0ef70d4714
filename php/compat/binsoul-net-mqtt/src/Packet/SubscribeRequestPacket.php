<?php
declare(strict_types=1);

namespace BinSoul\Net\Mqtt\Packet;

use BinSoul\Net\Mqtt\Exception\MalformedPacketException;
use BinSoul\Net\Mqtt\PacketStream;
use BinSoul\Net\Mqtt\Validator;

/**
 * SUBSCRIBE: one or more topic filters, each with the highest QoS that is wanted. The functions in the singular are for
 * code that knows one filter only.
 */
class SubscribeRequestPacket extends BasePacket
{
    use IdentifiablePacket;

    protected static int $packetType = self::TYPE_SUBSCRIBE;
    protected int $packetFlags = 2;
    /** @var array<int|string, string> */
    private array $filters = [];
    /** @var array<int|string, int> by the keys of the filters */
    private array $qosLevels = [];

    public function read(PacketStream $stream): void
    {
        if ($this->readNatively($stream)) {
            return;
        }
        parent::read($stream);
        $this->assertPacketFlags(2);
        $this->assertRemainingPacketLength();
        $start = $stream->getPosition();
        $identifier = $stream->readWord();
        Validator::assertValidIdentifier($identifier, MalformedPacketException::class);
        $filters = $qosLevels = [];
        // At least one [MQTT-3.8.3-3].
        do {
            $filter = $stream->readString();
            $qosLevel = $stream->readByte();
            Validator::assertValidNonEmptyString($filter, MalformedPacketException::class);
            Validator::assertValidQosLevel($qosLevel, MalformedPacketException::class);
            $filters[] = $filter;
            $qosLevels[] = $qosLevel;
            $length = $stream->getPosition() - $start;
            $this->assertFieldsWithinPacket($length);
        } while ($length < $this->remainingPacketLength);
        $this->identifier = $identifier;
        $this->filters = $filters;
        $this->qosLevels = $qosLevels;
    }

    public function write(PacketStream $stream): void
    {
        $this->identifier ??= $this->generateIdentifier();
        if ($this->writeNatively($stream)) {
            return;
        }
        $body = new PacketStream();
        $body->writeWord($this->identifier);
        foreach ($this->filters as $index => $filter) {
            $body->writeString($filter);
            $body->writeByte($this->qosLevels[$index] ?? 0);
        }
        $this->remainingPacketLength = $body->length();
        parent::write($stream);
        $stream->write($body->getData());
    }

    /** @return array<int|string, string> */
    public function getFilters(): array
    {
        return $this->filters;
    }

    /**
     * @param array<int|string, string> $values at least one
     *
     * @throws \InvalidArgumentException when there is none, or one is empty or not UTF-8; where wildcards stand is not looked at
     */
    public function setFilters(array $values): void
    {
        if ($values === []) {
            throw new \InvalidArgumentException('The array of filters is empty.');
        }
        $this->filters = FilterList::checked($values);
    }

    /** @return array<int|string, int> */
    public function getQosLevels(): array
    {
        return $this->qosLevels;
    }

    /**
     * @param array<int|string, int> $values by the keys of the filters; a filter without one has 0
     *
     * @throws \InvalidArgumentException when one is not 0, 1 or 2
     */
    public function setQosLevels(array $values): void
    {
        foreach ($values as $index => $value) {
            if ($value === 0 || $value === 1 || $value === 2) {
                continue;
            }
            try {
                Validator::assertValidQosLevel($value);
            } catch (\InvalidArgumentException $e) {
                throw new \InvalidArgumentException(sprintf('QoS level %s: %s', $index, $e->getMessage()), $e->getCode(), $e);
            }
        }
        $this->qosLevels = $values;
    }

    /** The first filter, '' where there is none. */
    public function getTopic(): string
    {
        return $this->filters === [] ? '' : $this->filters[array_key_first($this->filters)];
    }

    /**
     * Makes this the only filter.
     *
     * @throws \InvalidArgumentException when it is empty or not UTF-8
     */
    public function setTopic(string $value): void
    {
        if ($value === '') {
            throw new \InvalidArgumentException('The topic must not be empty.');
        }
        Validator::assertValidString($value);
        $level = $this->getQosLevel();
        $this->filters = [$value];
        $this->qosLevels = [$level];
    }

    /** The QoS of the first filter. */
    public function getQosLevel(): int
    {
        return $this->qosLevels[array_key_first($this->filters) ?? 0] ?? 0;
    }

    /**
     * Sets the QoS of the first filter, before or after setTopic().
     *
     * @throws \InvalidArgumentException when it is not 0, 1 or 2
     */
    public function setQosLevel(int $value): void
    {
        Validator::assertValidQosLevel($value);
        $this->qosLevels[array_key_first($this->filters) ?? 0] = $value;
    }
}
