<?php
declare(strict_types=1);

namespace Simps\MQTT\Packet;

use Simps\MQTT\Internal\Codec;
use Simps\MQTT\Protocol\Types;

/**
 * Whole packets of MQTT 5 to bytes; `type` is the method's.
 */
class PackV5
{
    /** @param array<string, mixed> $array */
    public static function connect(array $array): string
    {
        return Codec::packAs(5, Types::CONNECT, $array);
    }

    /** @param array<string, mixed> $array */
    public static function connAck(array $array): string
    {
        return Codec::packAs(5, Types::CONNACK, $array);
    }

    /** @param array<string, mixed> $array */
    public static function publish(array $array): string
    {
        return Codec::packAs(5, Types::PUBLISH, $array);
    }

    /** @param array<string, mixed> $array */
    public static function subscribe(array $array): string
    {
        return Codec::packAs(5, Types::SUBSCRIBE, $array);
    }

    /** @param array<string, mixed> $array */
    public static function subAck(array $array): string
    {
        return Codec::packAs(5, Types::SUBACK, $array);
    }

    /** @param array<string, mixed> $array */
    public static function unSubscribe(array $array): string
    {
        return Codec::packAs(5, Types::UNSUBSCRIBE, $array);
    }

    /** @param array<string, mixed> $array */
    public static function unSubAck(array $array): string
    {
        return Codec::packAs(5, Types::UNSUBACK, $array);
    }

    /** @param array<string, mixed> $array */
    public static function disconnect(array $array): string
    {
        return Codec::packAs(5, Types::DISCONNECT, $array);
    }

    /**
     * PUBACK, PUBREC, PUBREL or PUBCOMP: the array's `type` says which.
     *
     * @param array<string, mixed> $array
     */
    public static function genReasonPhrase(array $array): string
    {
        /** @var int|numeric-string $type */
        $type = $array['type'];

        return Codec::packAs(5, (int) $type, $array);
    }

    /** @param array<string, mixed> $array */
    public static function auth(array $array): string
    {
        return Codec::packAs(5, Types::AUTH, $array);
    }
}
