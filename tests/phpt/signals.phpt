--TEST--
A signal handler runs inside every call that blocks, and its exception ends the call; with pcntl_async_signals() and without
--EXTENSIONS--
mqtt
pcntl
--FILE--
<?php
error_reporting(E_ALL & ~E_WARNING); // of messages that are given up
require __DIR__ . '/../php/support/ScriptedBroker.php';

// Answers CONNECT, and SUBSCRIBE where it is told to, and nothing else.
$mute = new ScriptedBroker([1 => '20 03 00 00 00']);
$half = new ScriptedBroker([1 => '20 03 00 00 00', 8 => '90 04 id 00 01']);
$silent = stream_socket_server('tcp://127.0.0.1:0');
$silentUri = 'mqtt://' . stream_socket_get_name($silent, false);

// Sends SIGUSR1 as soon as the process that it is told sleeps, which this one does in the call and nowhere else.
$watcher = proc_open(['/bin/sh', '-c', 'while read pid; do until grep -q "^State:.S" /proc/$pid/status; do :; done; kill -USR1 $pid; done'], [0 => ['pipe', 'r']], $pipes);

final class Interrupted extends Exception {}

$attempt = function (string $method, callable $call) use ($pipes): void {
    fwrite($pipes[0], getmypid() . "\n");
    try {
        $call();
        echo "$method returned\n";
    } catch (Interrupted $e) {
        $frames = array_column($e->getTrace(), 'function');
        // The step of a foreach is no function.
        $method === 'messages' && $frames[] = $method;
        echo $method, ' ', in_array($method, $frames, true) ? 'interrupted' : 'not in ' . implode(' ', $frames), "\n";
    }
};
$new = function (string $uri, array $options = []): Mqtt\Client {
    $client = new Mqtt\Client($uri, $options + ['linger' => 0]);
    $uri === $GLOBALS['silentUri'] || $client->connect(patience(20));
    return $client;
};
$long = patience(120);
foreach ([true, false] as $async) {
    echo $async ? "async\n" : "not async\n";
    pcntl_async_signals($async);
    pcntl_signal(SIGUSR1, function () { throw new Interrupted(); });

    $client = $new($silentUri, ['connectTimeout' => $long]);
    $attempt('connect', fn () => $client->connect());
    $client = $new($mute->uri);
    $attempt('subscribe', fn () => $client->subscribe('a', timeout: $long));
    $attempt('unsubscribe', fn () => $client->unsubscribe('a', timeout: $long));
    $token = $client->publish('a', 'x', 1);
    $attempt('wait', fn () => $client->wait($token, $long));
    $attempt('flush', fn () => $client->flush($long));
    $attempt('receive', fn () => $client->receive($long));
    $attempt('loop', fn () => $client->loop($long));
    $attempt('run', fn () => $client->run());
    $attempt('messages', function () use ($client, $long) {
        foreach ($client->messages($long) as $message) {
            echo "a message\n";
        }
    });
    $attempt('disconnect', fn () => $client->disconnect(timeout: $long));
    unset($client);
    // The subscription to the answers is made first, and blocks too.
    $client = $new($half->uri);
    $attempt('request', fn () => $client->request('a', 'x', $long));
    $attempt('request', fn () => $client->request('a', 'x', $long));
    unset($client);
    $client = $new($silentUri, ['offlineQueue' => ['maxMessages' => 1, 'whenFull' => 'block']]);
    $client->publish('a', 'x', 0);
    $attempt('publish', fn () => $client->publish('a', 'y', 0));
    $attempt('publishMany', fn () => $client->publishMany([['a', 'y', 1]]));

    // A handler that only looks at it does not end the call.
    $ran = 0;
    pcntl_signal(SIGUSR1, function () use (&$ran, $client) { $ran++; $client->stop(); });
    $attempt('run', fn () => $client->run());
    echo "ran $ran\n";
    $client = null;
}
proc_terminate($watcher, 9);
?>
--EXPECT--
async
connect interrupted
subscribe interrupted
unsubscribe interrupted
wait interrupted
flush interrupted
receive interrupted
loop interrupted
run interrupted
messages interrupted
disconnect interrupted
request interrupted
request interrupted
publish interrupted
publishMany interrupted
run returned
ran 1
not async
connect interrupted
subscribe interrupted
unsubscribe interrupted
wait interrupted
flush interrupted
receive interrupted
loop interrupted
run interrupted
messages interrupted
disconnect interrupted
request interrupted
request interrupted
publish interrupted
publishMany interrupted
run returned
ran 1
