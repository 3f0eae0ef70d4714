--TEST--
A message far beyond the memory limit ends the script as PHP ends it: shutdown functions run, what was published arrives, the connection ends in order, and the message comes again
--EXTENSIONS--
mqtt
--SKIPIF--
<?php if (getenv('USE_ZEND_ALLOC') === '0' && getenv('USE_TRACKED_ALLOC') !== '1') die('skip there is no memory limit without an allocator of PHP'); ?>
--INI--
memory_limit=-1
--FILE--
<?php
require __DIR__ . '/../php/support/Broker.php';
$broker = Broker::run();
$watcher = new Mqtt\Client($broker->uri());
$watcher->subscribe('memory/last', 1);
$session = ['cleanStart' => false, 'sessionExpiryInterval' => 600];
$run = function (string $name, string $code, int $size) use ($broker, $watcher, $session): void {
    $id = 'memory-' . preg_replace('~\W~', '-', $name);
    $subscriber = new Mqtt\Client($broker->uri(), ['clientId' => $id] + $session);
    $subscriber->subscribe('memory/first', 1);
    $subscriber->disconnect();
    $watcher->wait($watcher->publish('memory/first', str_repeat('x', $size), 1), patience(20));
    // The will comes where the connection is lost, and not where it ends in order.
    $code = '
        $client = new Mqtt\Client($argv[1], ["clientId" => $argv[2], "cleanStart" => false, "sessionExpiryInterval" => 600, "will" => new Mqtt\Will("memory/last", "will", 1)]);
        register_shutdown_function(function () use ($client) { echo "shutdown ", $client->isConnected() ? "connected" : "lost"; $client->publish("memory/last", "from the shutdown function", 1); });
        $show = function (Mqtt\Message $m) use ($client) { echo "got ", strlen($m->payload); $client->stop(); };
        ' . $code . ' echo "not reached";';
    $settings = ['-n', '-d', 'display_errors=1', '-d', 'html_errors=0', '-d', 'fatal_error_backtraces=0', '-d', 'log_errors=0', '-d', 'memory_limit=8M', '-d', 'extension=' . Broker::extension()];
    $process = proc_open([PHP_BINARY, ...$settings, '-r', $code, '--', $broker->uri(), $id], [1 => ['pipe', 'w'], 2 => ['redirect', 1]], $pipes);
    $output = trim((string) stream_get_contents($pipes[1]));
    $status = proc_close($process);
    $last = preg_replace('~^Fatal error: Allowed memory size of 8388608 bytes exhausted \(tried to allocate \d+ bytes\) in Command line code on line \d+\s+~', 'memory limit, ', $output);
    $said = $watcher->receive(patience(20))?->payload . $watcher->receive(0.0)?->payload;
    $subscriber = new Mqtt\Client($broker->uri(), ['clientId' => $id] + $session);
    $message = $subscriber->receive(patience(20));
    echo "$name: $status $last, $said, ", $message ? strlen($message->payload) === $size ? 'comes again' : 'another message' : 'lost', "\n";
    $subscriber->unsubscribe('memory/first');
};
// A little beyond the limit, and more than twice the limit.
foreach ([10_000_000, 20_000_000] as $size) {
    $run("receive() $size", '$show($client->receive(20.0));', $size);
    $run("messages() $size", 'foreach ($client->messages(20.0) as $message) $show($message);', $size);
    $run("handler $size", '$client->subscribe("memory/first", 1, $show); $client->run();', $size);
    $run("onMessage() $size", '$client->onMessage($show); $client->run();', $size);
}

// Without a connection: what one call makes of many bytes.
$packet = (new Mqtt\Packet\Publish('a', str_repeat('x', 50_000)))->encode();
$user = (new Mqtt\Packet\Publish('a', '', properties: ['userProperties' => array_fill(0, 250_000, ['a', 'b'])]))->encode();
foreach ([
    'one packet' => [(new Mqtt\Packet\Publish('a', str_repeat('x', 20_000_000)))->encode(), '$decoder->next();'],
    'many packets' => [str_repeat($packet, 500), '$decoder->all();'],
    'many properties' => [$user, '$decoder->next();'],
] as $name => [$bytes, $code]) {
    // The bytes are read in pieces, so that they do not pass the limit themselves.
    $code = 'register_shutdown_function(fn () => print("shutdown")); $decoder = new Mqtt\Decoder(Mqtt\Version::V5); while (($piece = fread(STDIN, 65536)) != "") $decoder->push($piece); ' . $code . ' echo "not reached";';
    $settings = ['-n', '-d', 'display_errors=1', '-d', 'html_errors=0', '-d', 'fatal_error_backtraces=0', '-d', 'log_errors=0', '-d', 'memory_limit=8M', '-d', 'extension=' . Broker::extension()];
    $process = proc_open([PHP_BINARY, ...$settings, '-r', $code], [['pipe', 'r'], ['pipe', 'w'], ['redirect', 1]], $pipes);
    fwrite($pipes[0], $bytes);
    fclose($pipes[0]);
    $output = trim((string) stream_get_contents($pipes[1]));
    $status = proc_close($process);
    echo "$name: $status ", preg_replace('~^Fatal error: Allowed memory size of 8388608 bytes exhausted \(tried to allocate \d+ bytes\) in Command line code on line \d+\s+~', 'memory limit, ', $output), "\n";
}
?>
--EXPECT--
receive() 10000000: 255 memory limit, shutdown connected, from the shutdown function, comes again
messages() 10000000: 255 memory limit, shutdown connected, from the shutdown function, comes again
handler 10000000: 255 memory limit, shutdown connected, from the shutdown function, comes again
onMessage() 10000000: 255 memory limit, shutdown connected, from the shutdown function, comes again
receive() 20000000: 255 memory limit, shutdown connected, from the shutdown function, comes again
messages() 20000000: 255 memory limit, shutdown connected, from the shutdown function, comes again
handler 20000000: 255 memory limit, shutdown connected, from the shutdown function, comes again
onMessage() 20000000: 255 memory limit, shutdown connected, from the shutdown function, comes again
one packet: 255 memory limit, shutdown
many packets: 255 memory limit, shutdown
many properties: 255 memory limit, shutdown
