<?php
declare(strict_types=1);

namespace BinSoul\Net\Mqtt;

use BinSoul\Net\Mqtt\Exception\UnknownPacketTypeException;

class DefaultPacketFactory implements PacketFactory
{
    /** @internal */
    public const CLASSES = [
        Packet::TYPE_CONNECT => Packet\ConnectRequestPacket::class,
        Packet::TYPE_CONNACK => Packet\ConnectResponsePacket::class,
        Packet::TYPE_PUBLISH => Packet\PublishRequestPacket::class,
        Packet::TYPE_PUBACK => Packet\PublishAckPacket::class,
        Packet::TYPE_PUBREC => Packet\PublishReceivedPacket::class,
        Packet::TYPE_PUBREL => Packet\PublishReleasePacket::class,
        Packet::TYPE_PUBCOMP => Packet\PublishCompletePacket::class,
        Packet::TYPE_SUBSCRIBE => Packet\SubscribeRequestPacket::class,
        Packet::TYPE_SUBACK => Packet\SubscribeResponsePacket::class,
        Packet::TYPE_UNSUBSCRIBE => Packet\UnsubscribeRequestPacket::class,
        Packet::TYPE_UNSUBACK => Packet\UnsubscribeResponsePacket::class,
        Packet::TYPE_PINGREQ => Packet\PingRequestPacket::class,
        Packet::TYPE_PINGRESP => Packet\PingResponsePacket::class,
        Packet::TYPE_DISCONNECT => Packet\DisconnectRequestPacket::class,
    ];

    public function build(int $type): Packet
    {
        $class = self::CLASSES[$type] ?? throw new UnknownPacketTypeException(sprintf('Unknown packet type %d.', $type));
        return new $class();
    }
}
