<?php
/** fork.php URI TOPIC: a child works with a client of its own; the parent's connection is untouched. */
declare(strict_types=1);
[, $uri, $topic] = $argv;
$parent = new Mqtt\Client($uri, ['clientId' => 'fork-parent-' . getmypid()]);
$parent->connect();
$got = [];
$parent->subscribe("$topic/parent", qos: 1, handler: function (Mqtt\Message $m) use (&$got): void { $got[] = $m->payload; });

$begin = hrtime(true);
$pid = pcntl_fork();
if ($pid === 0) {
    $seen = 'no exception';
    try {
        $parent->publish("$topic/wrong", 'from the child through the parent');
    } catch (Mqtt\Exception\ForkException $e) {
        $seen = 'ForkException';
    }
    $child = new Mqtt\Client($uri, ['clientId' => 'fork-child-' . getmypid()]);
    $child->publish("$topic/child", $seen, qos: 1);
    exit(7);
}
pcntl_waitpid($pid, $status);
$seconds = (hrtime(true) - $begin) / 1e9;
// The echo proves that the connection works in both directions.
$parent->publish("$topic/parent", 'echo', qos: 1);
$end = hrtime(true) + 10_000_000_000;
while ($got === [] && hrtime(true) < $end) {
    $parent->loop(0.2);
}
echo json_encode([
    'childStatus' => pcntl_wexitstatus($status), 'childSeconds' => $seconds,
    'connected' => $parent->isConnected(), 'echo' => $got, 'reconnects' => $parent->stats()['reconnects'],
]), "\n";
