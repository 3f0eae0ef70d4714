<?php
declare(strict_types=1);

namespace Simps\MQTT\Packet;

use Simps\MQTT\Internal\Codec;
use Simps\MQTT\Protocol\Types;

/**
 * Whole packets of MQTT 3 to bytes; `type` is the method's.
 */
class Pack
{
    /** @param array<string, mixed> $array */
    public static function connect(array $array): string
    {
        return Codec::packAs(4, Types::CONNECT, $array);
    }

    /** @param array<string, mixed> $array */
    public static function connAck(array $array): string
    {
        return Codec::packAs(4, Types::CONNACK, $array);
    }

    /** @param array<string, mixed> $array */
    public static function publish(array $array): string
    {
        return Codec::packAs(4, Types::PUBLISH, $array);
    }

    /** @param array<string, mixed> $array */
    public static function subscribe(array $array): string
    {
        return Codec::packAs(4, Types::SUBSCRIBE, $array);
    }

    /** @param array<string, mixed> $array */
    public static function subAck(array $array): string
    {
        return Codec::packAs(4, Types::SUBACK, $array);
    }

    /** @param array<string, mixed> $array */
    public static function unSubscribe(array $array): string
    {
        return Codec::packAs(4, Types::UNSUBSCRIBE, $array);
    }
}
