<?php
declare(strict_types=1);

namespace Simps\MQTT\Property;

use Simps\MQTT\Internal\Codec;

/**
 * Bytes to properties: takes $length bytes, which are all properties, from the front of $remaining.
 */
class UnPackProperty
{
    /**
     * Of CONNECT.
     *
     * @return array<int|string, mixed>
     */
    public static function connect(int $length, string &$remaining): array
    {
        return Codec::unpackProperties('connect', $length, $remaining);
    }

    /**
     * Of the will.
     *
     * @return array<int|string, mixed>
     */
    public static function willProperties(int $length, string &$remaining): array
    {
        return Codec::unpackProperties('will', $length, $remaining);
    }

    /**
     * Of CONNACK.
     *
     * @return array<int|string, mixed>
     */
    public static function connAck(int $length, string &$remaining): array
    {
        return Codec::unpackProperties('connack', $length, $remaining);
    }

    /**
     * Of PUBLISH.
     *
     * @return array<int|string, mixed>
     */
    public static function publish(int $length, string &$remaining): array
    {
        return Codec::unpackProperties('publish', $length, $remaining);
    }

    /**
     * Of PUBACK, PUBREC, PUBREL, PUBCOMP, SUBACK and UNSUBACK.
     *
     * @return array<int|string, mixed>
     */
    public static function pubAndSub(int $length, string &$remaining): array
    {
        return Codec::unpackProperties('ack', $length, $remaining);
    }

    /**
     * Of SUBSCRIBE.
     *
     * @return array<int|string, mixed>
     */
    public static function subscribe(int $length, string &$remaining): array
    {
        return Codec::unpackProperties('subscribe', $length, $remaining);
    }

    /**
     * Of UNSUBSCRIBE.
     *
     * @return array<int|string, mixed>
     */
    public static function unSubscribe(int $length, string &$remaining): array
    {
        return Codec::unpackProperties('unsubscribe', $length, $remaining);
    }

    /**
     * Of DISCONNECT.
     *
     * @return array<int|string, mixed>
     */
    public static function disConnect(int $length, string &$remaining): array
    {
        return Codec::unpackProperties('disconnect', $length, $remaining);
    }

    /**
     * Of AUTH.
     *
     * @return array<int|string, mixed>
     */
    public static function auth(int $length, string &$remaining): array
    {
        return Codec::unpackProperties('auth', $length, $remaining);
    }
}
