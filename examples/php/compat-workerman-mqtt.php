<?php
// Subscribes and publishes in a worker of Workerman 5, as code for workerman/mqtt does.
// usage: php -d extension=mqtt.so examples/php/compat-workerman-mqtt.php start; needs `composer require mqtt/compat-workerman-mqtt`
declare(strict_types=1);

use Workerman\Mqtt\Client;
use Workerman\Timer;
use Workerman\Worker;

require getenv('MQTT_AUTOLOAD') ?: 'vendor/autoload.php';

$worker = new Worker();
$worker->onWorkerStart = function (): void {
    $mqtt = new Client(getenv('MQTT_ADDRESS') ?: 'mqtt://127.0.0.1:1883', ['keepalive' => 30]);
    $mqtt->onConnect = function (Client $mqtt): void {
        $mqtt->subscribe('workerman/#', ['qos' => 1]);
        Timer::add(1, fn () => $mqtt->publish('workerman/time', date('H:i:s'), ['qos' => 1]));
    };
    $mqtt->onMessage = function (string $topic, string $content): void {
        echo "$topic: $content\n";
    };
    $mqtt->onError = function (Exception $why): void {
        echo "error {$why->getCode()}: {$why->getMessage()}\n";
    };
    $mqtt->connect();
};
Worker::runAll();
