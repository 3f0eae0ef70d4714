--TEST--
Clients that the garbage collector takes leave no descriptor, no thread and no memory: 10 000 that never connected, 300 that did
--EXTENSIONS--
mqtt
posix
--FILE--
<?php
require __DIR__ . '/../php/support/Broker.php';
$broker = Broker::run();
$descriptors = fn (): int => count(scandir('/proc/self/fd'));
$threads = fn (): int => count(scandir('/proc/self/task'));
$make = function (string $uri, array $options): Mqtt\Client {
    $client = new Mqtt\Client($uri, $options);
    $client->onMessage(function () use ($client) {});
    $client->onDisconnect(fn () => $client->stats());
    $client->stream();
    return $client;
};
// One client keeps the thread alive, so that the numbers compare.
$keeper = new Mqtt\Client($broker->uri());
$keeper->connect(patience(20));
foreach (['never connected' => [10_000, fn () => $make('mqtt://127.0.0.1:1', ['linger' => 0])], 'connected' => [300, function () use ($make, $broker) {
    $client = $make($broker->uri(), ['persistent' => null]);
    $client->subscribe('gc/#', 1, function () use ($client) {});
    $client->publish('gc/a', 'x', 1);
}]] as $name => [$count, $one]) {
    [$before, $tasks] = [$descriptors(), $threads()];
    // A hundredth where valgrind watches.
    $count = getenv('USE_ZEND_ALLOC') === '0' ? intdiv($count, 100) : $count;
    for ($i = 1; $i <= $count; $i++) {
        $one();
        if ($i % 100 === 0) {
            gc_collect_cycles();
        }
        if ($i === intdiv($count + 1, 2)) {
            $memory = memory_get_usage();
        }
    }
    gc_collect_cycles();
    // The thread lets go of the last ones when it wakes.
    for ($end = hrtime(true) + patience(20) * 1e9; $descriptors() > $before && hrtime(true) < $end;) {
        usleep(1000);
    }
    echo $name, ': ', $descriptors() - $before, ' descriptors, ', $threads() - $tasks, ' threads, ', memory_get_usage() - $memory < 20_000 ? 'no' : memory_get_usage() - $memory, " memory\n";
}
echo $keeper->isConnected() ? "connected\n" : "lost\n";
?>
--EXPECT--
never connected: 0 descriptors, 0 threads, no memory
connected: 0 descriptors, 0 threads, no memory
connected
