<?php
// A request every second and a stream of messages, in fibers of Revolt or amphp.
// usage: php -d extension=mqtt.so examples/php/loop-revolt.php [URI]; needs `composer require mqtt/loop revolt/event-loop`
declare(strict_types=1);

require 'vendor/autoload.php';

use Mqtt\Loop\Async;
use Revolt\EventLoop;

$client = new Mqtt\Client($argv[1] ?? 'mqtt://127.0.0.1');
$mqtt = new Async($client);

EventLoop::queue(function () use ($mqtt): void {
    $mqtt->subscribe('meters/+/power', 1);
    foreach ($mqtt->messages() as $message) {
        echo "$message->topic: $message->payload\n";
    }
});
EventLoop::repeat(1.0, function () use ($mqtt): void {
    $code = $mqtt->publish('meters/7/power', (string) random_int(0, 3000), 1);
    echo "published: $code->name\n";
});
EventLoop::onSignal(SIGINT, function () use ($client): void {
    $client->disconnect(wait: false);
    EventLoop::getDriver()->stop();
});
EventLoop::run();
