<?php
// A client in ReactPHP's loop, with promises.
// usage: php -d extension=mqtt.so examples/php/loop-react.php [URI]; needs `composer require mqtt/loop react/event-loop react/promise`
declare(strict_types=1);

require 'vendor/autoload.php';

use Mqtt\Loop\Promises;
use React\EventLoop\Loop;

$client = new Mqtt\Client($argv[1] ?? 'mqtt://127.0.0.1');
$client->subscribe('meters/+/power', 1, fn (Mqtt\Message $message) => print("$message->topic: $message->payload\n"), wait: false);
Mqtt\Loop::watch($client, keepAlive: true);

$promises = new Promises($client);
Loop::addPeriodicTimer(1.0, function () use ($client, $promises): void {
    $promises->promise($client->publish('meters/7/power', (string) random_int(0, 3000), 1))->then(
        fn () => print("published\n"),
        fn (Throwable $why) => print("lost: {$why->getMessage()}\n"),
    );
});
Loop::addSignal(SIGINT, function () use ($client): void {
    $client->disconnect(wait: false);
    Loop::stop();
});
