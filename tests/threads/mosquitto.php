<?php
// requests: 1 2 2 2
// The same for the classes of the extension mosquitto.
declare(strict_types=1);

if (thread() === 0) {
    $server = new Mqtt\Server(['listen' => 'mqtt://127.0.0.1:0']);
    $ended = 0;
    $server->onDisconnect(function () use (&$ended) { $ended++; });
    $server->start();
    share('port', (string) $server->port());
    for ($end = hrtime(true) + 60e9; $ended < 6 && hrtime(true) < $end;) {
        $server->run(0.02);
    }
    check($ended === 6, "every client of every thread ended: $ended");
    return;
}

$client = new Mosquitto\Client();
$topic = 'thread/' . thread();
$seen = [];
$client->onConnect(fn () => $client->subscribe($topic, 1));
$client->onSubscribe(function () use ($client, $topic) {
    for ($i = 0; $i < 20; $i++) {
        $client->publish($topic, thread() . " $i", 1);
    }
});
$client->onMessage(function (Mosquitto\Message $message) use (&$seen) { $seen[] = $message->payload; });
$client->connect('127.0.0.1', (int) share('port'));
for ($end = hrtime(true) + 20e9; count($seen) < 20 && hrtime(true) < $end;) {
    $client->loop(50);
}
check($seen === array_map(fn (int $i) => thread() . " $i", range(0, 19)), implode(', ', $seen));
$client->disconnect();
