<?php
declare(strict_types=1);

// The constants of the global namespace, each unless somebody has defined it: another drop-in may know them too.
foreach ([
    'MQTT_PROTOCOL_LEVEL_3_1' => 3,
    'MQTT_PROTOCOL_LEVEL_3_1_1' => 4,
    'MQTT_PROTOCOL_LEVEL_5_0' => 5,
    'MQISDP_PROTOCOL_NAME' => 'MQIsdp',
    'MQTT_PROTOCOL_NAME' => 'MQTT',
    'MQTT_QOS_0' => 0,
    'MQTT_QOS_1' => 1,
    'MQTT_QOS_2' => 2,
    'MQTT_RETAIN_0' => 0,
    'MQTT_RETAIN_1' => 1,
    'MQTT_RETAIN_2' => 2,
    'MQTT_DUP_0' => 0,
    'MQTT_DUP_1' => 1,
    'MQTT_SESSION_PRESENT_0' => 0,
    'MQTT_SESSION_PRESENT_1' => 1,
    'MQTT_TYPE_CONNECT' => 1,
    'MQTT_TYPE_CONNACK' => 2,
    'MQTT_TYPE_PUBLISH' => 3,
    'MQTT_TYPE_PUBACK' => 4,
    'MQTT_TYPE_PUBREC' => 5,
    'MQTT_TYPE_PUBREL' => 6,
    'MQTT_TYPE_PUBCOMP' => 7,
    'MQTT_TYPE_SUBSCRIBE' => 8,
    'MQTT_TYPE_SUBACK' => 9,
    'MQTT_TYPE_UNSUBSCRIBE' => 10,
    'MQTT_TYPE_UNSUBACK' => 11,
    'MQTT_TYPE_PINGREQ' => 12,
    'MQTT_TYPE_PINGRESP' => 13,
    'MQTT_TYPE_DISCONNECT' => 14,
    'MQTT_TYPE_AUTH' => 15,
    'MQTT_VERBOSE_NONE' => 0,
    'MQTT_VERBOSE_HEXDUMP' => 1,
    'MQTT_VERBOSE_HEXDUMP_ASCII' => 2,
    'MQTT_VERBOSE_ASCII' => 3,
    'MQTT_VERBOSE_TEXT' => 4,
    'MQTT_VERBOSE_HEX_STREAM' => 5,
] as $name => $value) {
    defined($name) || define($name, $value);
}
