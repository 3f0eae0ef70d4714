<?php

use Simps\Server\Protocol\MQTT;

return [
    'mode' => 1, // SWOOLE_BASE
    'mqtt' => [
        'ip' => '0.0.0.0',
        'port' => (int) (getenv('MQTT_PORT') ?: 9503),
        'callbacks' => [
            'close' => [\App\Events\MqttServer::class, 'onClose'],
        ],
        'receiveCallbacks' => [
            MQTT::CONNECT => [\App\Events\MqttServer::class, 'onMqConnect'],
            MQTT::PINGREQ => [\App\Events\MqttServer::class, 'onMqPingreq'],
            MQTT::DISCONNECT => [\App\Events\MqttServer::class, 'onMqDisconnect'],
            MQTT::PUBLISH => [\App\Events\MqttServer::class, 'onMqPublish'],
            MQTT::SUBSCRIBE => [\App\Events\MqttServer::class, 'onMqSubscribe'],
            MQTT::UNSUBSCRIBE => [\App\Events\MqttServer::class, 'onMqUnsubscribe'],
        ],
        'settings' => [
            'worker_num' => 1,
            'open_mqtt_protocol' => true,
        ],
    ],
];
