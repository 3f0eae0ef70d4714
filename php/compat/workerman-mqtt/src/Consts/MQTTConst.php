<?php
declare(strict_types=1);

namespace Workerman\Mqtt\Consts;

/** Protocol names and levels, flags, and the packet types that stand under `cmd` in packet arrays. */
class MQTTConst
{
    public const MQTT_PROTOCOL_LEVEL_3_1 = 3;
    public const MQTT_PROTOCOL_LEVEL_3_1_1 = 4;
    public const MQTT_PROTOCOL_LEVEL_5_0 = 5;

    public const MQISDP_PROTOCOL_NAME = 'MQIsdp';
    public const MQTT_PROTOCOL_NAME = 'MQTT';

    public const MQTT_QOS_0 = 0;
    public const MQTT_QOS_1 = 1;
    public const MQTT_QOS_2 = 2;

    /** The retain handling of a subscription; 0 and 1 also serve as the retain flag of a message. */
    public const MQTT_RETAIN_0 = 0;
    public const MQTT_RETAIN_1 = 1;
    public const MQTT_RETAIN_2 = 2;

    public const MQTT_DUP_0 = 0;
    public const MQTT_DUP_1 = 1;

    public const MQTT_SESSION_PRESENT_0 = 0;
    public const MQTT_SESSION_PRESENT_1 = 1;

    public const CMD_CONNECT = 1;
    public const CMD_CONNACK = 2;
    public const CMD_PUBLISH = 3;
    public const CMD_PUBACK = 4;
    public const CMD_PUBREC = 5;
    public const CMD_PUBREL = 6;
    public const CMD_PUBCOMP = 7;
    public const CMD_SUBSCRIBE = 8;
    public const CMD_SUBACK = 9;
    public const CMD_UNSUBSCRIBE = 10;
    public const CMD_UNSUBACK = 11;
    public const CMD_PINGREQ = 12;
    public const CMD_PINGRESP = 13;
    public const CMD_DISCONNECT = 14;
    public const CMD_AUTH = 15;
}
