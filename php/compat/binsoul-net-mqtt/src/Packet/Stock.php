<?php
declare(strict_types=1);

namespace BinSoul\Net\Mqtt\Packet;

use BinSoul\Net\Mqtt\DefaultPacketFactory;
use BinSoul\Net\Mqtt\Packet;
use BinSoul\Net\Mqtt\PacketStream;
use Mqtt\Compat\ObjectCodec;

/**
 * What the extension reads and writes itself: packets and streams of the classes of this package. A subclass may have
 * overridden anything, so its PHP code runs.
 *
 * @internal
 */
final class Stock
{
    /** Tells the extension about the class of a packet. Whether it will read and write it. */
    public static function learnPacket(Packet $packet): bool
    {
        $type = $packet->getPacketType();
        return (DefaultPacketFactory::CLASSES[$type] ?? null) === get_class($packet) && ObjectCodec::learn($type, $packet);
    }

    /** The same for a stream. */
    public static function learnStream(PacketStream $stream): bool
    {
        return get_class($stream) === PacketStream::class && ObjectCodec::learn(0, $stream);
    }
}
