<?php
declare(strict_types=1);

// coroutine.php PORT: clients as coroutines of Swoole, against a broker. Run by CoroutineTest; it prints what happened.

namespace Mqtt\Tests\Compat\Imi;

use Imi\MQTT\Client\Exception\SendException;
use Imi\MQTT\Client\MQTTClient;
use Swoole\Coroutine;

if (PHP_SAPI !== 'cli' || realpath($argv[0] ?? '') !== __FILE__) {
    return;
}
require dirname(__DIR__) . '/autoload.php';
require __DIR__ . '/Recorder.php';

$port = (int) $argv[1];
Coroutine\run(function () use ($port): void {
    // One waits for messages, and the other sends them: while one waits the other runs.
    $listener = new Recorder();
    $receiver = new MQTTClient(['host' => '127.0.0.1', 'port' => $port], $listener);
    $receiver->connect();
    $receiver->subscribe('co/#', 1, 1);
    $ended = new Coroutine\Channel(1);
    Coroutine::create(function () use ($receiver, $ended): void {
        $receiver->wait();
        $ended->push('wait() has returned');
    });
    $sender = new MQTTClient(['host' => '127.0.0.1', 'port' => $port, 'timeout' => 20], new Recorder());
    $sender->connect();
    foreach (['one', 'two'] as $payload) {
        $sender->publish('co/1', $payload, 1);
        $sender->recv();
    }
    while (count($listener->events) < 4) {
        Coroutine::sleep(0.01);
    }
    echo implode("\n", $listener->events), "\n";

    // What another coroutine closes wakes the one that waits.
    $receiver->disconnect();
    echo $ended->pop(20.0), "\n";

    // Only one may wait, as for every socket of Swoole.
    Coroutine::create(function () use ($sender): void {
        try {
            $sender->recv();
        } catch (SendException $e) {
            echo $e->getMessage(), "\n";
        }
    });
    try {
        $sender->recv();
    } catch (\LogicException $e) {
        echo $e->getMessage(), "\n";
    }
    $sender->disconnect();

    // The time that a packet may take.
    $impatient = new MQTTClient(['host' => '127.0.0.1', 'port' => $port, 'timeout' => 2], new Recorder());
    $impatient->connect();
    try {
        $impatient->recv();
    } catch (SendException $e) {
        echo $e->getMessage(), "\n";
    }
});
