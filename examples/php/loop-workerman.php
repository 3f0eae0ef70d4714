<?php
// A client in every worker of Workerman 5.
// usage: php -d extension=mqtt.so examples/php/loop-workerman.php start; needs `composer require mqtt/loop workerman/workerman`
declare(strict_types=1);

require 'vendor/autoload.php';

use Workerman\Worker;

$worker = new Worker();
$worker->count = 2;
$worker->onWorkerStart = function (Worker $worker): void {
    // In the worker, not before: what is made in the master belongs to the master.
    $client = new Mqtt\Client('mqtt://127.0.0.1');
    $client->subscribe('$share/workers/jobs/#', 1, fn (Mqtt\Message $message) => print("worker $worker->id: $message->payload\n"), wait: false);
    Mqtt\Loop::watch($client, keepAlive: true);
};
Worker::runAll();
