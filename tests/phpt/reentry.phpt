--TEST--
Handlers that dispatch again, throw, replace themselves, destroy their client and suspend a fiber: each message is seen once, nothing is lost
--EXTENSIONS--
mqtt
--FILE--
<?php
require __DIR__ . '/../php/support/Broker.php';
$broker = Broker::run();
$sender = new Mqtt\Client($broker->uri());
$new = function (array $options = []) use ($broker): Mqtt\Client {
    static $number = 0;
    $client = new Mqtt\Client($broker->uri(), $options + ['clientId' => 'reentry-' . getmypid() . '-' . ++$number]);
    return $client;
};
$send = function (string $topic, int $count) use ($sender): void {
    foreach (range(1, $count) as $i) {
        $sender->publish($topic, (string) $i, 1);
    }
    $sender->flush(patience(20));
};
$until = function (Mqtt\Client $client, callable $done): void {
    for ($end = hrtime(true) + patience(20) * 1e9; !$done() && hrtime(true) < $end;) {
        $client->loop(0.2);
    }
};

// dispatch() inside dispatch() takes the messages behind; run() inside a handler ends with stop().
$client = $new();
$got = [];
$depth = 0;
$client->subscribe('r/1', 1, function (Mqtt\Message $m) use (&$got, &$depth, $client) {
    $depth++;
    $got[] = "$depth:$m->payload";
    if ($depth < 3) {
        $depth === 1 ? $client->dispatch() : $client->loop(0.0);
    }
    $depth--;
});
$send('r/1', 6);
$until($client, function () use (&$got) { return count($got) === 6; });
echo count(array_unique(array_map(fn ($g) => substr($g, 2), $got))), ' of 6, deepest ', max($got)[0], "\n";

$client = $new();
$got = [];
$client->subscribe('r/2', 1, function (Mqtt\Message $m) use (&$got, $client) {
    $got[] = $m->payload;
    $m->payload === '1' ? $client->run() : ($m->payload === '3' && $client->stop());
});
$send('r/2', 3);
$until($client, function () use (&$got) { return count($got) === 3; });
echo implode(' ', $got), "\n";

// An exception leaves the innermost dispatch and, uncaught there, the outer one; both go on afterwards.
$client = $new();
$got = [];
$client->subscribe('r/3', 1, function (Mqtt\Message $m) use (&$got, $client) {
    $got[] = $m->payload;
    if ($m->payload === '1') {
        for ($end = hrtime(true) + patience(20) * 1e9; count($got) < 2 && hrtime(true) < $end;) {
            $client->loop(0.2);
        }
    }
    if ($m->payload === '2') {
        throw new RuntimeException('inner');
    }
});
$send('r/3', 4);
try {
    $until($client, fn () => false);
} catch (RuntimeException $e) {
    echo $e->getMessage(), ' after ', implode(' ', $got), "\n";
}
$until($client, function () use (&$got) { return count($got) === 4; });
echo implode(' ', $got), ', open ', $client->stats()['receiveQueue'], "\n";

// The handler replaces itself, unsubscribes, and ends with its client.
$client = $new();
$got = [];
$client->subscribe('r/4', 1, function (Mqtt\Message $m) use (&$got, &$client) {
    $got[] = "old $m->payload";
    $client->subscribe('r/4', 1, function (Mqtt\Message $m) use (&$got, &$client) {
        $got[] = "new $m->payload";
        $client = null;
        gc_collect_cycles();
        $got[] = 'still here';
    });
});
$send('r/4', 1);
$until($client, function () use (&$got) { return $got !== []; });
$send('r/4', 1);
$alive = $client;
unset($alive);
for ($end = hrtime(true) + patience(20) * 1e9; $client && hrtime(true) < $end;) {
    $client->loop(0.2);
}
echo implode(', ', $got), "\n";

// Two fibers share a client: one is suspended in its handler for ever, the other goes on; the first one's message is not
// acknowledged, so it comes again with the session.
$client = $new(['cleanStart' => false, 'sessionExpiryInterval' => 60]);
$id = $client->stats()['clientId'];
$got = [];
$client->subscribe('r/5', 1, function (Mqtt\Message $m) use (&$got) {
    $got[] = $m->payload;
    if (count($got) === 1) {
        Fiber::suspend();
    }
});
$send('r/5', 3);
$fiber = new Fiber(fn () => $until($client, fn () => false));
$fiber->start();
echo 'suspended with ', implode(' ', $got), "\n";
$until($client, function () use (&$got) { return count($got) === 3; });
echo implode(' ', $got), "\n";
$fiber = null;
$client->disconnect();
$client = null;
gc_collect_cycles();
$client = $new(['clientId' => $id, 'cleanStart' => false]);
$client->connect(patience(20));
$message = $client->receive(patience(20));
echo $message->payload, $message->dup ? ' again' : ' as new', "\n";
?>
--EXPECT--
6 of 6, deepest 3
1 2 3
inner after 1 2
1 2 3 4, open 0
old 1, new 1, still here
suspended with 1
1 2 3
1 again
