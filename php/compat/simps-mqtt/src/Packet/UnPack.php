<?php
declare(strict_types=1);

namespace Simps\MQTT\Packet;

use Simps\MQTT\Internal\Codec;
use Simps\MQTT\Protocol\Types;

/**
 * Packets of MQTT 3 from what follows the fixed header.
 */
class UnPack
{
    /** @return array<string, mixed> */
    public static function connect(string $remaining): array
    {
        return Codec::unpackBody(4, Types::CONNECT, $remaining);
    }

    /** @return array<string, mixed> */
    public static function connAck(string $remaining): array
    {
        return Codec::unpackBody(4, Types::CONNACK, $remaining);
    }

    /** @return array<string, mixed> */
    public static function publish(int $dup, int $qos, int $retain, string $remaining): array
    {
        return Codec::unpackBody(4, Types::PUBLISH, $remaining, $dup << 3 | $qos << 1 | $retain);
    }

    /** @return array<string, mixed> */
    public static function subscribe(string $remaining): array
    {
        return Codec::unpackBody(4, Types::SUBSCRIBE, $remaining);
    }

    /** @return array<string, mixed> */
    public static function subAck(string $remaining): array
    {
        return Codec::unpackBody(4, Types::SUBACK, $remaining);
    }

    /** @return array<string, mixed> */
    public static function unSubscribe(string $remaining): array
    {
        return Codec::unpackBody(4, Types::UNSUBSCRIBE, $remaining);
    }
}
