<?php
declare(strict_types=1);

namespace Workerman\Mqtt\Handle;

use Workerman\Mqtt\Consts\MQTTConst;
use Workerman\Mqtt\Internal\Codec;

/**
 * Packets of MQTT 5 from arrays, whose keys are those of Protocols\Mqtt5. A field that is missing or cannot be written is a
 * \TypeError or a \ValueError.
 */
class EncodeV5
{
    /** @param array<string, mixed> $data */
    public static function connect(array $data): string
    {
        return self::encode(MQTTConst::CMD_CONNECT, $data);
    }

    /** @param array<string, mixed> $data */
    public static function connAck(array $data): string
    {
        return self::encode(MQTTConst::CMD_CONNACK, $data);
    }

    /** @param array<string, mixed> $data */
    public static function publish(array $data): string
    {
        return self::encode(MQTTConst::CMD_PUBLISH, $data);
    }

    /**
     * PUBACK, PUBREC, PUBREL or PUBCOMP, whichever `cmd` says.
     *
     * @param array<string, mixed> $data
     */
    public static function genReasonPhrase(array $data): string
    {
        /** @var int $type */
        $type = $data['cmd'];
        return self::encode($type, $data);
    }

    /** @param array<string, mixed> $data */
    public static function subscribe(array $data): string
    {
        return self::encode(MQTTConst::CMD_SUBSCRIBE, $data);
    }

    /** @param array<string, mixed> $data */
    public static function subAck(array $data): string
    {
        return self::encode(MQTTConst::CMD_SUBACK, $data);
    }

    /** @param array<string, mixed> $data */
    public static function unSubscribe(array $data): string
    {
        return self::encode(MQTTConst::CMD_UNSUBSCRIBE, $data);
    }

    /** @param array<string, mixed> $data */
    public static function unSubAck(array $data): string
    {
        return self::encode(MQTTConst::CMD_UNSUBACK, $data);
    }

    /** @param array<string, mixed> $data */
    public static function disconnect(array $data): string
    {
        return self::encode(MQTTConst::CMD_DISCONNECT, $data);
    }

    /** @param array<string, mixed> $data */
    public static function auth(array $data): string
    {
        return self::encode(MQTTConst::CMD_AUTH, $data);
    }

    /** @param array<string, mixed> $data */
    private static function encode(int $type, array $data): string
    {
        return Codec::of(5)->encode(['cmd' => $type] + $data);
    }
}
