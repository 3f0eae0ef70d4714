<?php
declare(strict_types=1);

Mqtt\Compat\Original::refuse('php-mqtt/client', PhpMqtt\Client\MqttClient::class, __DIR__);
