<?php
declare(strict_types=1);

Mqtt\Compat\Original::refuse('imiphp/imi-mqtt', 'Imi\MQTT\Client\MQTTClient', __DIR__);
