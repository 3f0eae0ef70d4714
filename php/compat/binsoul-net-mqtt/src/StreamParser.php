<?php
declare(strict_types=1);

namespace BinSoul\Net\Mqtt;

use BinSoul\Net\Mqtt\Exception\EndOfStreamException;
use BinSoul\Net\Mqtt\Exception\MalformedPacketException;
use BinSoul\Net\Mqtt\Exception\UnknownPacketTypeException;
use BinSoul\Net\Mqtt\Packet\Stock;
use Mqtt\Compat\ObjectCodec;

/**
 * Chunks of one direction of a connection in, packets out.
 */
class StreamParser
{
    private PacketStream $buffer;
    private PacketFactory $factory;
    /** @var (callable(\Throwable): mixed)|null */
    private $errorCallback = null;
    /** How many bytes of a refused packet have not arrived yet. */
    private int $skip = 0;
    /** Whether the extension may read the stream and make the packets. */
    private bool $isNative;

    /**
     * @param PacketStream|null $packetStream where bytes wait for the rest of their packet
     */
    public function __construct(?PacketFactory $packetFactory = null, ?PacketStream $packetStream = null)
    {
        $this->factory = $packetFactory ?? new DefaultPacketFactory();
        $this->buffer = $packetStream ?? new PacketStream();
        $this->isNative = get_class($this->factory) === DefaultPacketFactory::class && Stock::learnStream($this->buffer);
    }

    /**
     * Who is told about bytes that are no packet. Nobody else learns of them.
     *
     * @param callable(\Throwable): mixed $callback gets an UnknownPacketTypeException or a MalformedPacketException;
     *                                              what it throws ends push()
     */
    public function onError(callable $callback): void
    {
        $this->errorCallback = $callback;
    }

    /**
     * Takes bytes and gives the packets that are complete with them. A byte that begins no packet is left out, and so is
     * a whole packet that is malformed.
     *
     * @return list<Packet>
     */
    public function push(string $data): array
    {
        if (!$this->isNative || $this->skip > 0) {
            $this->buffer->write($data);
            $packets = [];
        } else {
            /** @var list<Packet> $packets */
            $packets = ObjectCodec::decode($this->buffer, $data, $stopped);
            if (!$stopped) {
                return $packets;
            }
        }
        while ($this->step($packets)) {
            if ($this->isNative && $this->skip === 0) {
                /** @var list<Packet> $more */
                $more = ObjectCodec::decode($this->buffer, '', $stopped);
                array_push($packets, ...$more);
                if (!$stopped) {
                    break;
                }
            }
        }
        return $packets;
    }

    /**
     * Reads the next packet in PHP, or leaves out what is none. Whether there may be another.
     *
     * @param list<Packet> $packets gets the packet
     *
     * @param-out list<Packet> $packets
     */
    private function step(array &$packets): bool
    {
        if (!$this->skip() || $this->buffer->getRemainingBytes() <= 0) {
            return false;
        }
        try {
            $packet = $this->factory->build($this->buffer->readByte() >> 4);
        } catch (UnknownPacketTypeException $e) {
            $this->handleError($e);
            return true;
        } catch (EndOfStreamException) {
            return false;
        }
        $this->buffer->seek(-1);
        $start = $this->buffer->getPosition();
        try {
            $packet->read($this->buffer);
            $packets[] = $packet;
            $this->buffer->cut();
        } catch (EndOfStreamException $e) {
            $missing = $this->missing($start);
            if ($missing === null || $missing > 0) {
                $this->buffer->setPosition($start);
                return false;
            }
            // All of it is there, so more bytes would not help.
            $this->refuse($start, new MalformedPacketException($e->getMessage(), $e->getCode(), $e));
        } catch (MalformedPacketException $e) {
            $this->refuse($start, $e);
        }
        return true;
    }

    /** Leaves out the packet that begins there, as far as it has arrived. */
    private function refuse(int $start, \Throwable $error): void
    {
        $missing = $this->missing($start);
        if ($missing !== null) {
            $this->buffer->setPosition($this->buffer->length() + min(0, $missing));
            $this->skip = max(0, $missing);
        }
        $this->handleError($error);
    }

    /** Leaves out what is still to come of a refused packet. Whether all of it has. */
    private function skip(): bool
    {
        if ($this->skip > 0) {
            $count = min($this->skip, $this->buffer->getRemainingBytes());
            $this->buffer->seek($count);
            $this->buffer->cut();
            $this->skip -= $count;
        }
        return $this->skip === 0;
    }

    /**
     * How many bytes of the packet that begins there have not arrived; negative: so many bytes follow it. null: its
     * length cannot be known, yet or at all.
     */
    private function missing(int $start): ?int
    {
        $data = $this->buffer->getData();
        $length = 0;
        for ($index = 0; $index < 4; $index++) {
            if (!isset($data[$start + 1 + $index])) {
                return null;
            }
            $byte = ord($data[$start + 1 + $index]);
            $length |= ($byte & 0x7F) << (7 * $index);
            if ($byte < 0x80) {
                return $start + 2 + $index + $length - strlen($data);
            }
        }
        return null;
    }

    private function handleError(\Throwable $exception): void
    {
        if ($this->errorCallback !== null) {
            ($this->errorCallback)($exception);
        }
    }
}
