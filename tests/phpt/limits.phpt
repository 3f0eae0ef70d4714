--TEST--
Time limit and memory limit inside handlers, and while a message becomes a string: the script ends as PHP ends it, shutdown functions run, what was published arrives
--EXTENSIONS--
mqtt
--SKIPIF--
<?php if (getenv('USE_ZEND_ALLOC') === '0' && getenv('USE_TRACKED_ALLOC') !== '1') die('skip there is no memory limit without an allocator of PHP'); ?>
--FILE--
<?php
require __DIR__ . '/../php/support/Broker.php';
$broker = Broker::run();
$sender = new Mqtt\Client($broker->uri());
$watcher = new Mqtt\Client($broker->uri());
$watcher->subscribe('limits/last', 1);
$run = function (string $name, string $handler, string $payload) use ($broker, $sender, $watcher): void {
    $code = '
        $client = new Mqtt\Client($argv[1]);
        register_shutdown_function(function () use ($client) { echo "shutdown ", $client->isConnected() ? "connected\n" : "lost\n"; $client->publish("limits/last", "from the shutdown function", 1); });
        $client->subscribe("limits/first", 1, function (Mqtt\Message $m) use ($client) { $client->publish("limits/last", "from the handler", 1); ' . $handler . ' });
        echo "ready\n";
        $client->run();';
    $settings = ['-n', '-d', 'display_errors=1', '-d', 'html_errors=0', '-d', 'log_errors=0', '-d', 'memory_limit=16M', '-d', 'extension=' . Broker::extension()];
    $process = proc_open([PHP_BINARY, ...$settings, '-r', $code, '--', $broker->uri()], [1 => ['pipe', 'w'], 2 => ['redirect', 1]], $pipes);
    fgets($pipes[1]);
    $sender->wait($sender->publish('limits/first', $payload, 1), patience(20));
    $output = (string) stream_get_contents($pipes[1]);
    preg_match('~Fatal error: (Allowed memory size|Maximum execution time) of \d+ (?:bytes exhausted|second exceeded)~', $output, $fatal);
    echo $name, ': ', proc_close($process), ' ', $fatal[1] ?? "no fatal error but $output", ', ', trim(strrchr(trim($output), "\n") ?: $output), "\n";
    while ($message = $watcher->receive(str_contains((string) ($message->payload ?? ''), 'shutdown') ? 0.0 : patience(20))) {
        echo '  ', $message->payload, "\n";
    }
};
$run('time', 'set_time_limit(1); while (true);', 'x');
$run('memory', '$hoard = []; while (true) $hoard[] = str_repeat("x", 10000);', 'x');
$run('one string', 'str_repeat("x", PHP_INT_MAX - 100);', 'x');
$run('payload', '', str_repeat('x', 20_000_000));
?>
--EXPECT--
time: 255 Maximum execution time, shutdown connected
  from the handler
  from the shutdown function
memory: 255 Allowed memory size, shutdown connected
  from the handler
  from the shutdown function
one string: 255 Allowed memory size, shutdown connected
  from the handler
  from the shutdown function
payload: 255 Allowed memory size, shutdown connected
  from the shutdown function
