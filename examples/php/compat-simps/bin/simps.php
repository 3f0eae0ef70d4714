#!/usr/bin/env php
<?php
// An application of the Simps framework, as it was written for Swoole: an MQTT server whose answers are in
// app/Events/MqttServer.php.
// usage: php -d extension=mqtt.so bin/simps.php mqtt:start; needs `composer require mqtt/compat-simps`
declare(strict_types=1);

require getenv('MQTT_AUTOLOAD') ?: dirname(__DIR__) . '/vendor/autoload.php';

spl_autoload_register(static function (string $class): void {
    if (str_starts_with($class, 'App\\')) {
        require dirname(__DIR__) . '/app/' . str_replace('\\', '/', substr($class, 4)) . '.php';
    }
});

define('BASE_PATH', dirname(__DIR__));
define('CONFIG_PATH', BASE_PATH . '/config/');

Simps\Application::run();
