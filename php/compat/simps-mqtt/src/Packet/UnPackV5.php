<?php
declare(strict_types=1);

namespace Simps\MQTT\Packet;

use Simps\MQTT\Internal\Codec;
use Simps\MQTT\Protocol\Types;

/**
 * Packets of MQTT 5 from what follows the fixed header.
 */
class UnPackV5
{
    /** @return array<string, mixed> */
    public static function connect(string $remaining): array
    {
        return Codec::unpackBody(5, Types::CONNECT, $remaining);
    }

    /** @return array<string, mixed> */
    public static function connAck(string $remaining): array
    {
        return Codec::unpackBody(5, Types::CONNACK, $remaining);
    }

    /** @return array<string, mixed> */
    public static function publish(int $dup, int $qos, int $retain, string $remaining): array
    {
        return Codec::unpackBody(5, Types::PUBLISH, $remaining, $dup << 3 | $qos << 1 | $retain);
    }

    /** @return array<string, mixed> */
    public static function subscribe(string $remaining): array
    {
        return Codec::unpackBody(5, Types::SUBSCRIBE, $remaining);
    }

    /** @return array<string, mixed> */
    public static function subAck(string $remaining): array
    {
        return Codec::unpackBody(5, Types::SUBACK, $remaining);
    }

    /** @return array<string, mixed> */
    public static function unSubscribe(string $remaining): array
    {
        return Codec::unpackBody(5, Types::UNSUBSCRIBE, $remaining);
    }

    /** @return array<string, mixed> */
    public static function unSubAck(string $remaining): array
    {
        return Codec::unpackBody(5, Types::UNSUBACK, $remaining);
    }

    /** @return array<string, mixed> */
    public static function disconnect(string $remaining): array
    {
        return Codec::unpackBody(5, Types::DISCONNECT, $remaining);
    }

    /**
     * PUBACK, PUBREC, PUBREL or PUBCOMP.
     *
     * @return array<string, mixed>
     */
    public static function getReasonCode(int $type, string $remaining): array
    {
        return Codec::unpackBody(5, $type, $remaining);
    }

    /** @return array<string, mixed> */
    public static function auth(string $remaining): array
    {
        return Codec::unpackBody(5, Types::AUTH, $remaining);
    }
}
