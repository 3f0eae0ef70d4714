<?php
// requests: 2 2 2 2
// A process has one broker. The thread that has it may end its request; then another may have one.
declare(strict_types=1);

$server = new Mqtt\Server(['listen' => 'mqtt://127.0.0.1:0']);
$connected = 0;
$server->onConnect(function () use (&$connected) { $connected++; return null; });
meet();
try {
    $server->start();
    $mine = true;
} catch (Error $error) {
    $mine = false;
    check(str_contains($error->getMessage(), 'Another Mqtt\Server runs in this process'), $error->getMessage());
}
if ($mine) {
    share('port ' . request(), (string) $server->port());
}
$port = share('port ' . request());
meet();
$client = new Mqtt\Client("mqtt://127.0.0.1:$port", ['clientId' => 'c' . thread()]);
$token = $client->publish('topic', 'x', 1);
if ($mine) {
    for ($end = hrtime(true) + 20e9; $connected < 4 && hrtime(true) < $end;) {
        $server->run(0.02);
    }
    check($connected === 4, "every thread reached the broker of one of them: $connected");
}
$client->wait($token, 20.0);
check($client->isConnected(), 'connected');
$client->disconnect();
meet();
if ($mine) {
    share('owner ' . request(), (string) thread());
    $server->stop();
}
share('owner ' . request());
check(!$server->isRunning(), 'it does not run');
meet();
