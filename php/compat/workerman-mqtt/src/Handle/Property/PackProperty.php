<?php
declare(strict_types=1);

namespace Workerman\Mqtt\Handle\Property;

use Mqtt\Compat\ArrayCodec;

/**
 * The bytes of property lists, their length in front. A key that is no property of the packet is written as a user property;
 * several of one name go as a list of [name, value] under `user_property`. A value of a wrong type is a \TypeError, one that
 * cannot be written a \ValueError.
 */
class PackProperty
{
    /** @param array<int|string, mixed> $data */
    public static function connect(array $data): string
    {
        return ArrayCodec::encodeProperties('connect', $data);
    }

    /** @param array<int|string, mixed> $data */
    public static function willProperties(array $data): string
    {
        return ArrayCodec::encodeProperties('will', $data);
    }

    /** @param array<int|string, mixed> $data */
    public static function connAck(array $data): string
    {
        return ArrayCodec::encodeProperties('connack', $data);
    }

    /** @param array<int|string, mixed> $data */
    public static function publish(array $data): string
    {
        return ArrayCodec::encodeProperties('publish', $data);
    }

    /** @param array<int|string, mixed> $data */
    public static function pubAndSub(array $data): string
    {
        return ArrayCodec::encodeProperties('ack', $data);
    }

    /** @param array<int|string, mixed> $data */
    public static function subscribe(array $data): string
    {
        return ArrayCodec::encodeProperties('subscribe', $data);
    }

    /** @param array<int|string, mixed> $data */
    public static function unSubscribe(array $data): string
    {
        return ArrayCodec::encodeProperties('unsubscribe', $data);
    }

    /** @param array<int|string, mixed> $data */
    public static function disConnect(array $data): string
    {
        return ArrayCodec::encodeProperties('disconnect', $data);
    }

    /** @param array<int|string, mixed> $data */
    public static function auth(array $data): string
    {
        return ArrayCodec::encodeProperties('auth', $data);
    }
}
