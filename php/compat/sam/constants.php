<?php
declare(strict_types=1);

// The C part of SAM defined some of these, its PHP part others. Scripts for the PHP part alone wrote the rest as bare words,
// which PHP before 8 took for strings: so each is its own name.

defined('SAM_MQTT') || define('SAM_MQTT', 'mqtt');
defined('SAM_MQTT_SUB_SEPARATOR') || define('SAM_MQTT_SUB_SEPARATOR', '#-#');
foreach ([
    'SAM_HOST', 'SAM_PORT', 'SAM_WAIT', 'SAM_CORRELID', 'SAM_MESSAGEID', 'SAM_TYPE', 'SAM_BYTES', 'SAM_TEXT', 'SAM_TIMETOLIVE', 'SAM_PRIORITY', 'SAM_DELIVERYMODE',
    'SAM_REPLY_TO', 'SAM_USERID', 'SAM_PASSWORD', 'SAM_MQTT_CLEANSTART', 'SAM_MQTT_QOS', 'SAM_MQTT_TOPIC',
] as $name) {
    defined($name) || define($name, $name);
}
unset($name);
