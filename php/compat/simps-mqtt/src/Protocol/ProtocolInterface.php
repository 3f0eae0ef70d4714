<?php
declare(strict_types=1);

namespace Simps\MQTT\Protocol;

/**
 * Packets as arrays to bytes and back.
 */
interface ProtocolInterface
{
    public const MQTT_PROTOCOL_LEVEL_3_1 = 3;
    public const MQTT_PROTOCOL_LEVEL_3_1_1 = 4;
    public const MQTT_PROTOCOL_LEVEL_5_0 = 5;
    public const MQISDP_PROTOCOL_NAME = 'MQIsdp';
    public const MQTT_PROTOCOL_NAME = 'MQTT';
    public const MQTT_QOS_0 = 0;
    public const MQTT_QOS_1 = 1;
    public const MQTT_QOS_2 = 2;
    public const MQTT_RETAIN_0 = 0;
    public const MQTT_RETAIN_1 = 1;
    public const MQTT_RETAIN_2 = 2;
    public const MQTT_DUP_0 = 0;
    public const MQTT_DUP_1 = 1;
    public const MQTT_SESSION_PRESENT_0 = 0;
    public const MQTT_SESSION_PRESENT_1 = 1;

    /**
     * The bytes of a packet; `type` says which ({@see Types}).
     *
     * @param array<string, mixed> $array
     */
    public static function pack(array $array): string;

    /**
     * The packet that the bytes begin with.
     *
     * @return array<string, mixed>
     */
    public static function unpack(string $data): array;
}
