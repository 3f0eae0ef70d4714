<?php
// requests: 1 3 3 2
// Thread 0 is the broker. The others use one name for a persistent client: each has a connection of its own, through all its
// requests and no longer.
declare(strict_types=1);

if (thread() === 0) {
    $server = new Mqtt\Server(['listen' => 'mqtt://127.0.0.1:0']);
    $connects = $ends = $hello = [];
    $server->onConnect(function (Mqtt\Server\ConnectRequest $request) use (&$connects) { $connects[] = $request->clientId; return null; });
    $server->onDisconnect(function (Mqtt\Server\DisconnectNotice $notice) use (&$ends) { $ends[$notice->clientId] = $notice; });
    $server->onPublish(function (Mqtt\Server\PublishRequest $publish) use (&$hello) { $hello[$publish->message->payload][$publish->clientId] = true; return null; }, 'hello');
    $server->start();
    $serve = function (callable $until) use ($server): bool {
        for ($end = hrtime(true) + 20e9; !$until() && hrtime(true) < $end;) {
            $server->run(0.02);
        }
        return $until();
    };
    // What the process keeps for good is there after the first client.
    $first = new Mqtt\Client("mqtt://127.0.0.1:{$server->port()}", ['clientId' => 'first']);
    $first->publish('first', '', 1);
    check($serve(function () use ($first) { return $first->isConnected(); }), 'a client of the same thread');
    $first->disconnect();
    unset($first);
    check($serve(function () use (&$ends) { return count($ends) === 1; }), 'it left');
    // Other threads close a little later. What is a file is PHP's: the script itself.
    $descriptors = function (): int {
        $counts = [];
        for ($i = 0; $i < 50; $i++) {
            $counts[] = count(preg_grep('~^(socket|anon_inode):~', array_map(fn (string $name) => (string) @readlink("/proc/self/fd/$name"), scandir('/proc/self/fd'))));
            usleep(10_000);
        }
        return min($counts);
    };
    $before = $descriptors();
    share('uri', "mqtt://127.0.0.1:{$server->port()}");

    check($serve(function () use (&$ends) { return count($ends) === 4; }), 'every thread that ended closed its client');
    check(count($connects) === 4, 'one connection a thread, for all requests: ' . implode(' ', $connects));
    ksort($hello);
    check(array_keys($hello) === [1, 2, 3], 'every thread was heard');
    $ids = array_map(fn (array $of) => count($of) === 1 ? array_key_first($of) : 'several', $hello);
    check(count(array_unique($ids)) === 3 && !in_array('several', $ids, true), 'a thread is one client: ' . implode(' ', $ids));
    foreach ($ends as $notice) {
        check($notice->cause === Mqtt\Server\DisconnectCause::Client, "{$notice->clientId} said goodbye: {$notice->cause->name}");
    }
    $after = $descriptors();
    check($after === $before, "no descriptor stays: $after of $before");
    return;
}

$number = (string) thread();
$client = new Mqtt\Client(share('uri'), ['persistent' => 'one', 'linger' => 5.0]);
check($client->isConnected() === (request() > 0), 'the connection of the last request is there');
check(array_keys(Mqtt\Client::persistent()) === ['one'], 'its own, and none of another thread');
if (request() === 0) {
    $client->subscribe(["to/$number", 'all'], 1);
    $client->publish('hello', $number, 1);
    $client->flush(10.0);
}
if (request() < 2) {
    // All have subscribed, and none of them has ended.
    meetOthers('before ' . request());
    $taken = [];
    $handler = function (Mqtt\Message $message) use (&$taken, $number) {
        check((string) thread() === $number, 'a handler runs in its thread');
        $taken[] = $message->topic . ' ' . $message->payload;
    };
    $client->subscribe("handler/$number/" . request(), 1, $handler);
    $client->subscribe('handlers/' . request(), 1, $handler);
    meetOthers('handlers ' . request());
    for ($i = 0; $i < 20; $i++) {
        $client->publish("handler/$number/" . request(), "$number $i", 1);
        $client->publish('handlers/' . request(), "$number $i", 1);
    }
    $client->publish('all', $number . ' ' . request(), 1);
    for ($other = 1; $other <= 3; $other++) {
        $client->publish("to/$other", "from $number", 1);
    }
    $client->flush(20.0);
    $all = [];
    for ($end = hrtime(true) + 20e9; (count($taken) < 80 || count($all) < 6) && hrtime(true) < $end;) {
        if ($message = $client->receive(0.05)) {
            $all[] = $message->topic . ' ' . $message->payload;
        }
    }
    check(count($taken) === 80, 'every message once: ' . count($taken));
    check(count(array_unique($taken)) === 80, 'and each another');
    foreach ($taken as $text) {
        check(str_starts_with($text, 'handlers/' . request()) || str_starts_with($text, "handler/$number/" . request() . " $number "), "not for this thread: $text");
    }
    sort($all);
    check($all === ['all 1 ' . request(), 'all 2 ' . request(), 'all 3 ' . request(), "to/$number from 1", "to/$number from 2", "to/$number from 3"], implode(', ', $all));
    meetOthers('after ' . request());
} else {
    // Thread 3 has ended. The others still work.
    $answer = $client->publish("to/$number", 'still here', 1);
    $client->wait($answer, 10.0);
    $message = $client->receive(10.0);
    check($message?->payload === 'still here', 'the client of a thread that lives goes on');
}

/** Like meet(), without thread 0, which is busy. */
function meetOthers(string $where): void
{
    share("$where by " . thread(), '');
    for ($other = 1; $other <= 3; $other++) {
        share("$where by $other");
    }
}
