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
    public static function isStock(Packet $packet, PacketStream $stream): bool
    {
        return get_class($stream) === PacketStream::class && (DefaultPacketFactory::CLASSES[$packet->getPacketType()] ?? null) === get_class($packet);
    }

    /** Tells the extension about the classes of a packet and a stream, which are stock. Whether it can use them. */
    public static function learn(Packet $packet, PacketStream $stream): bool
    {
        return ObjectCodec::learn($packet->getPacketType(), $packet) && self::learnStream($stream);
    }

    /** Tells the extension about the class of a stream. Whether it is stock, and can be used. */
    public static function learnStream(PacketStream $stream): bool
    {
        return get_class($stream) === PacketStream::class && ObjectCodec::learn(0, $stream);
    }
}
