<?php
declare(strict_types=1);

namespace Workerman\Mqtt\Handle\Property;

use Mqtt\Compat\ArrayCodec;
use Mqtt\Exception\ProtocolException;

/**
 * Takes property lists of a known length from the front of a buffer. User properties stand among the others, by their names.
 * What is no property of the packet is an \InvalidArgumentException.
 */
class UnPackProperty
{
    /** @return array<int|string, mixed> */
    public static function connect(int $length, string &$body): array
    {
        return self::take('connect', $length, $body);
    }

    /** @return array<int|string, mixed> */
    public static function willProperties(int $length, string &$body): array
    {
        return self::take('will', $length, $body);
    }

    /** @return array<int|string, mixed> */
    public static function connAck(int $length, string &$body): array
    {
        return self::take('connack', $length, $body);
    }

    /** @return array<int|string, mixed> */
    public static function publish(int $length, string &$body): array
    {
        return self::take('publish', $length, $body);
    }

    /** @return array<int|string, mixed> */
    public static function pubAndSub(int $length, string &$body): array
    {
        return self::take('ack', $length, $body);
    }

    /** @return array<int|string, mixed> */
    public static function subscribe(int $length, string &$body): array
    {
        return self::take('subscribe', $length, $body);
    }

    /** @return array<int|string, mixed> */
    public static function unSubscribe(int $length, string &$body): array
    {
        return self::take('unsubscribe', $length, $body);
    }

    /** @return array<int|string, mixed> */
    public static function disConnect(int $length, string &$body): array
    {
        return self::take('disconnect', $length, $body);
    }

    /** @return array<int|string, mixed> */
    public static function auth(int $length, string &$body): array
    {
        return self::take('auth', $length, $body);
    }

    /** @return array<int|string, mixed> */
    private static function take(string $kind, int $length, string &$body): array
    {
        if ($length < 0 || $length > strlen($body)) {
            throw new \InvalidArgumentException("The properties have $length bytes, " . strlen($body) . ' are there');
        }
        $bytes = substr($body, 0, $length);
        $body = (string) substr($body, $length);
        try {
            return ArrayCodec::decodeProperties($kind, $bytes);
        } catch (ProtocolException $why) {
            throw new \InvalidArgumentException($why->getMessage(), $why->getCode(), $why);
        }
    }
}
