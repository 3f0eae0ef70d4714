--TEST--
Fork of a connected client: in the script, in a handler, with messages in flight, and of the child again; the parent's connection never notices
--EXTENSIONS--
mqtt
pcntl
posix
--FILE--
<?php
require __DIR__ . '/../php/support/Broker.php';
$broker = Broker::run();
$uri = $broker->uri();
$end = hrtime(true) + patience(30) * 1e9;
$client = new Mqtt\Client($uri, ['clientId' => 'parent-' . getmypid(), 'will' => new Mqtt\Will('fork/will', 'the parent was lost', 1)]);
$client->connect(patience(20));
$got = [];
$child = function (callable $body): int {
    $pid = pcntl_fork();
    if ($pid === 0) {
        $body();
        exit(0);
    }
    pcntl_waitpid($pid, $status);
    return pcntl_wifexited($status) ? pcntl_wexitstatus($status) : -pcntl_wtermsig($status);
};
$client->subscribe(['fork/#' => 2], handler: function (Mqtt\Message $m) use (&$got, &$client, $child, $uri): void {
    if ($m->payload === 'fork in the handler') {
        $status = $child(function () use (&$client, $uri): void {
            $text = 'no exception';
            try {
                $client->publish('fork/wrong', 'through the connection of the parent');
            } catch (Mqtt\Exception\ForkException) {
                $text = 'child in the handler';
            }
            $own = new Mqtt\Client($uri);
            $own->publish('fork/child', $text, 1);
            exit(5);
        });
        $got[] = "status $status";
    }
    $got[] = $m->payload;
});
$wait = function (string $last) use (&$client, &$got, $end): void {
    while (end($got) !== $last && hrtime(true) < $end) {
        $client->loop(0.5);
    }
    echo implode(', ', $got), "\n";
    $got = [];
};

// The child lets go of what it has inherited, and ends in every way there is.
$ways = [
    'end' => function () {},
    'unset' => function () use (&$client) { $client = null; gc_collect_cycles(); },
    'exit' => function () { exit(3); },
    'fatal' => function () { ini_set('display_errors', '0'); ini_set('log_errors', '0'); not_a_function(); },
    // By another process: valgrind would take a process that kills itself for one that ends.
    'killed' => function () { exec('kill -9 ' . getmypid()); },
    'again' => function () use ($child, $uri) {
        $own = new Mqtt\Client($uri);
        $own->publish('fork/own', 'child', 1);
        $own->flush(patience(20));
        $status = $child(function () use ($own, $uri) {
            try {
                $own->flush();
            } catch (Mqtt\Exception\ForkException) {
                (new Mqtt\Client($uri))->publish('fork/own', 'grandchild', 1);
            }
        });
        $own->publish('fork/own', "child after $status", 1);
    },
    'persistent' => function () use ($uri) {
        // A persistent client of the same name is the child's own.
        $own = new Mqtt\Client($uri, ['persistent' => 'one']);
        $own->publish('fork/own', 'persistent child', 1);
        $own->flush(patience(20));
    },
];
$persistent = new Mqtt\Client($uri, ['persistent' => 'one']);
$persistent->connect(patience(20));
foreach ($ways as $name => $way) {
    echo $name, ': ', $child($way), "\n";
    $client->publish('fork/echo', $name, 1);
    $wait($name);
}
$client->publish('fork/echo', 'fork in the handler', 1);
$wait('child in the handler');

// In flight while the child comes and goes.
for ($i = 0; $i < 500; $i++) {
    $client->publish('fork/many', (string) $i, 2);
}
echo $child(fn () => 0), ' ', $client->flush(patience(20)), "\n";
while (count($got) < 500 && hrtime(true) < $end) {
    $client->loop(0.5);
}
var_dump($got === array_map('strval', range(0, 499)));
echo $client->stats()['reconnects'], ' ', $client->isConnected() ? 'connected' : 'lost', ' ', $persistent->stats()['reconnects'], "\n";
?>
--EXPECT--
end: 0
end
unset: 0
unset
exit: 3
exit
fatal: 255
fatal
killed: -9
killed
again: 0
child, grandchild, child after 0, again
persistent: 0
persistent child, persistent
status 5, fork in the handler, child in the handler
0 0
bool(true)
0 connected 0
