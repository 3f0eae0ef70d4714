<?php
declare(strict_types=1);

namespace Simps\MQTT\Property;

use Simps\MQTT\Internal\Codec;

/**
 * Properties to bytes: the property length, then the properties. A key that names no property of the packet is a user property.
 */
class PackProperty
{
    /**
     * Of CONNECT.
     *
     * @param array<int|string, mixed> $data
     */
    public static function connect(array $data): string
    {
        return Codec::packProperties('connect', $data);
    }

    /**
     * Of the will.
     *
     * @param array<int|string, mixed> $data
     */
    public static function willProperties(array $data): string
    {
        return Codec::packProperties('will', $data);
    }

    /**
     * Of CONNACK.
     *
     * @param array<int|string, mixed> $data
     */
    public static function connAck(array $data): string
    {
        return Codec::packProperties('connack', $data);
    }

    /**
     * Of PUBLISH.
     *
     * @param array<int|string, mixed> $data
     */
    public static function publish(array $data): string
    {
        return Codec::packProperties('publish', $data);
    }

    /**
     * Of PUBACK, PUBREC, PUBREL, PUBCOMP, SUBACK and UNSUBACK.
     *
     * @param array<int|string, mixed> $data
     */
    public static function pubAndSub(array $data): string
    {
        return Codec::packProperties('ack', $data);
    }

    /**
     * Of SUBSCRIBE.
     *
     * @param array<int|string, mixed> $data
     */
    public static function subscribe(array $data): string
    {
        return Codec::packProperties('subscribe', $data);
    }

    /**
     * Of UNSUBSCRIBE.
     *
     * @param array<int|string, mixed> $data
     */
    public static function unSubscribe(array $data): string
    {
        return Codec::packProperties('unsubscribe', $data);
    }

    /**
     * Of DISCONNECT.
     *
     * @param array<int|string, mixed> $data
     */
    public static function disConnect(array $data): string
    {
        return Codec::packProperties('disconnect', $data);
    }

    /**
     * Of AUTH.
     *
     * @param array<int|string, mixed> $data
     */
    public static function auth(array $data): string
    {
        return Codec::packProperties('auth', $data);
    }
}
