<?php
declare(strict_types=1);

namespace Workerman\Mqtt\Handle;

use Mqtt\Exception\ProtocolException;
use Workerman\Mqtt\Consts\MQTTConst;
use Workerman\Mqtt\Internal\Codec;

/**
 * Arrays from packets of MQTT 5 without their fixed header. What is no MQTT is an \InvalidArgumentException.
 */
class DecodeV5
{
    /** @return array<string, mixed> */
    public static function connect(string $body): array
    {
        return self::decode(MQTTConst::CMD_CONNECT, $body);
    }

    /** @return array<string, mixed> */
    public static function connAck(string $body): array
    {
        return self::decode(MQTTConst::CMD_CONNACK, $body);
    }

    /** @return array<string, mixed> */
    public static function publish(int $dup, int $qos, int $retain, string $body): array
    {
        return self::decode(MQTTConst::CMD_PUBLISH, $body, $dup, $qos, $retain);
    }

    /**
     * PUBACK, PUBREC, PUBREL or PUBCOMP.
     *
     * @return array<string, mixed>
     */
    public static function getReasonCode(int $cmd, string $body): array
    {
        return self::decode($cmd, $body, qos: $cmd === MQTTConst::CMD_PUBREL ? 1 : 0);
    }

    /** @return array<string, mixed> */
    public static function subscribe(string $body): array
    {
        return self::decode(MQTTConst::CMD_SUBSCRIBE, $body, qos: 1);
    }

    /** @return array<string, mixed> */
    public static function subAck(string $body): array
    {
        return self::decode(MQTTConst::CMD_SUBACK, $body);
    }

    /** @return array<string, mixed> */
    public static function unSubscribe(string $body): array
    {
        return self::decode(MQTTConst::CMD_UNSUBSCRIBE, $body, qos: 1);
    }

    /** @return array<string, mixed> */
    public static function unSubAck(string $body): array
    {
        return self::decode(MQTTConst::CMD_UNSUBACK, $body);
    }

    /** @return array<string, mixed> */
    public static function disconnect(string $body): array
    {
        return self::decode(MQTTConst::CMD_DISCONNECT, $body);
    }

    /** @return array<string, mixed> */
    public static function auth(string $data): array
    {
        return self::decode(MQTTConst::CMD_AUTH, $data);
    }

    /** @return array<string, mixed> */
    private static function decode(int $type, string $body, int $dup = 0, int $qos = 0, int $retain = 0): array
    {
        try {
            return Codec::of(5)->decode(Encoder::packHead($type, strlen($body), $dup, $qos, $retain) . $body);
        } catch (ProtocolException $why) {
            throw new \InvalidArgumentException($why->getMessage(), $why->getCode(), $why);
        }
    }
}
