<?php
declare(strict_types=1);

namespace BinSoul\Net\Mqtt\Packet;

use BinSoul\Net\Mqtt\Exception\MalformedPacketException;
use BinSoul\Net\Mqtt\PacketStream;
use BinSoul\Net\Mqtt\Validator;

/**
 * UNSUBSCRIBE: one or more topic filters as they were subscribed to.
 */
class UnsubscribeRequestPacket extends BasePacket
{
    use IdentifiablePacket;

    protected static int $packetType = self::TYPE_UNSUBSCRIBE;
    protected int $packetFlags = 2;
    /** @var array<int|string, string> */
    private array $filters = [];

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
        $filters = [];
        // At least one [MQTT-3.10.3-2].
        do {
            $filter = $stream->readString();
            Validator::assertValidNonEmptyString($filter, MalformedPacketException::class);
            $filters[] = $filter;
            $length = $stream->getPosition() - $start;
            $this->assertFieldsWithinPacket($length);
        } while ($length < $this->remainingPacketLength);
        $this->identifier = $identifier;
        $this->filters = $filters;
    }

    public function write(PacketStream $stream): void
    {
        $this->identifier ??= $this->generateIdentifier();
        if ($this->writeNatively($stream)) {
            return;
        }
        $body = new PacketStream();
        $body->writeWord($this->identifier);
        foreach ($this->filters as $filter) {
            $body->writeString($filter);
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
     * @param array<int|string, string> $values without one, the packet is malformed
     *
     * @throws \InvalidArgumentException when one is empty or not UTF-8; where wildcards stand is not looked at
     */
    public function setFilters(array $values): void
    {
        $this->filters = FilterList::checked($values);
    }

    /**
     * The same as getFilters(), under its former name.
     *
     * @return array<int|string, string>
     */
    public function getTopics(): array
    {
        return $this->filters;
    }

    /**
     * The same as setFilters(), under its former name and with the former texts.
     *
     * @param array<int|string, string> $values without one, the packet is malformed
     *
     * @throws \InvalidArgumentException when one is empty or not UTF-8
     */
    public function setTopics(array $values): void
    {
        foreach ($values as $index => $value) {
            if ($value === '') {
                throw new \InvalidArgumentException(sprintf('The topic %s must not be empty.', $index));
            }
            try {
                Validator::assertValidString($value);
            } catch (\InvalidArgumentException $e) {
                throw new \InvalidArgumentException(sprintf('Topic %s: %s', $index, $e->getMessage()), $e->getCode(), $e);
            }
        }
        $this->setFilters($values);
    }
}
