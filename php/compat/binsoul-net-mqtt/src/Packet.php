<?php
declare(strict_types=1);

namespace BinSoul\Net\Mqtt;

/**
 * One control packet of MQTT 3.1 or 3.1.1.
 */
interface Packet extends \Stringable
{
    public const TYPE_CONNECT = 1;
    public const TYPE_CONNACK = 2;
    public const TYPE_PUBLISH = 3;
    public const TYPE_PUBACK = 4;
    public const TYPE_PUBREC = 5;
    public const TYPE_PUBREL = 6;
    public const TYPE_PUBCOMP = 7;
    public const TYPE_SUBSCRIBE = 8;
    public const TYPE_SUBACK = 9;
    public const TYPE_UNSUBSCRIBE = 10;
    public const TYPE_UNSUBACK = 11;
    public const TYPE_PINGREQ = 12;
    public const TYPE_PINGRESP = 13;
    public const TYPE_DISCONNECT = 14;

    /** The bytes of the packet. */
    public function __toString(): string;

    /** One of the TYPE_ constants. */
    public function getPacketType(): int;

    /**
     * Fills this packet with the bytes from the stream's position on, and moves the position behind them.
     *
     * @throws Exception\EndOfStreamException     when bytes are missing
     * @throws Exception\MalformedPacketException when the bytes are not a packet of this type
     */
    public function read(PacketStream $stream): void;

    /** Appends the bytes of this packet to the stream. */
    public function write(PacketStream $stream): void;
}
