<?php
// Coroutines of Swoole that publish and receive.
// usage: php -d extension=mqtt.so -d extension=swoole.so examples/php/loop-swoole.php [URI]; needs `composer require mqtt/loop`
declare(strict_types=1);

require 'vendor/autoload.php';

use Mqtt\Loop\Async;
use Swoole\Coroutine;

Coroutine\run(function () use ($argv): void {
    $client = new Mqtt\Client($argv[1] ?? 'mqtt://127.0.0.1');
    $mqtt = new Async($client);
    $mqtt->subscribe('jobs/#', 1);
    Coroutine::create(function () use ($mqtt): void {
        for ($n = 1; $n <= 10; $n++) {
            $mqtt->publish("jobs/$n", "job $n", 1);
        }
        $mqtt->disconnect();
    });
    foreach ($mqtt->messages() as $message) {
        echo "$message->topic: $message->payload\n";
    }
});
