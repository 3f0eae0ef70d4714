<?php
// requests: 1 6 6 6 6 6 6
// Requests that end in every way, on several threads at once, while the broker of thread 0 is asked about each message.
declare(strict_types=1);

if (thread() === 0) {
    $server = new Mqtt\Server(['listen' => 'mqtt://127.0.0.1:0']);
    $asked = $ended = 0;
    $server->onPublish(function (Mqtt\Server\PublishRequest $publish) use (&$asked) { $asked++; return null; });
    $server->onDisconnect(function () use (&$ended) { $ended++; });
    $server->start();
    share('port', (string) $server->port());
    for ($end = hrtime(true) + 60e9; $ended < 6 * 6 + 6 && hrtime(true) < $end;) {
        $server->run(0.02);
    }
    check($ended === 6 * 6 + 6, "every client of every thread ended: $ended");
    check($asked >= 6 * 6 * 50, "asked about every message: $asked");
    return;
}

$uri = 'mqtt://127.0.0.1:' . share('port');
$topic = 'thread/' . thread();
$client = new Mqtt\Client($uri, ['linger' => 5.0]);
$kept = new Mqtt\Client($uri, ['persistent' => 'kept', 'linger' => 5.0]);
$kept->subscribe($topic, 1);
$seen = 0;
$client->subscribe($topic, 1, function (Mqtt\Message $message) use (&$seen, $client, $topic) {
    if ($message->payload !== thread() . ' ' . request() . ' ' . $seen++) {
        check(false, "got $message->payload as message $seen");
    }
    if ($seen < 50) {
        return;
    }
    check(true, 'fifty messages');
    switch ((thread() + request()) % 6) {
        case 0:
            $client->stop();
            break;
        case 1:
            ends(7);
            exit(7);
        case 2:
            ends(255);
            ini_set('display_errors', '0');
            trigger_error('on purpose', E_USER_ERROR);
        case 3:
            ends(255);
            ini_set('display_errors', '0');
            throw new DomainException('on purpose');
        case 4:
            ends(255);
            ini_set('display_errors', '0');
            ini_set('memory_limit', '16M');
            str_repeat('x', 100_000_000);
            // No break: the line before does not end.
        case 5:
            $client->disconnect();
    }
});
for ($i = 0; $i < 50; $i++) {
    $client->publish($topic, thread() . ' ' . request() . " $i", 1);
}
$client->run();
$token = $kept->publish('kept', (string) thread(), 1);
$kept->wait($token, 10.0);
check($kept->isConnected(), 'the other client goes on');
