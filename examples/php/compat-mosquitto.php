<?php
declare(strict_types=1);

// What a program for the extension Mosquitto looks like. With mqtt.mosquitto_compat = 1 in php.ini it runs unchanged:
//
//     php -d extension=mqtt.so -d mqtt.mosquitto_compat=1 examples/php/compat-mosquitto.php 127.0.0.1 1883

use Mosquitto\Client;
use Mosquitto\Message;

$client = new Client('mosquitto-example-' . getmypid());

$client->onConnect(function (int $code, string $message) use ($client): void {
    echo "Connected: $message\n";
    $client->subscribe('example/#', 1);
});
$client->onSubscribe(function () use ($client): void {
    $mid = $client->publish('example/temperature', '21.5', 1, false);
    echo "Sending message $mid\n";
});
$client->onPublish(function (int $mid): void {
    echo "Published message $mid\n";
});
$client->onMessage(function (Message $message) use ($client): void {
    printf("%s: %s\n", $message->topic, $message->payload);
    $client->exitLoop();
});
$client->onDisconnect(function (int $reason): void {
    echo $reason === 0 ? "Disconnected cleanly\n" : "Connection lost ($reason)\n";
});
$client->onLog(function (int $level, string $text): void {
    if ($level !== Client::LOG_DEBUG) {
        echo "$text\n";
    }
});

$client->setWill('example/state', 'gone', 1, false);
// 14 says that nobody listens there, or that the network is down; everything else is an exception.
if ($client->connect($argv[1] ?? '127.0.0.1', (int) ($argv[2] ?? 1883), 30) !== 0) {
    exit(1);
}
$client->loopForever();
$client->disconnect();
