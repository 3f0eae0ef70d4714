--TEST--
What a callback may do to the script and to its own client: exit, fatal error, unset, suspend for ever
--EXTENSIONS--
mqtt
--FILE--
<?php
require __DIR__ . '/../php/support/ScriptedBroker.php';
// CONNACK, then two messages on topic "a": "1" and "2" (no properties).
$broker = new ScriptedBroker([1 => '20 03 00 00 00' . '30 05 00 01 61 00 31' . '30 05 00 01 61 00 32', 14 => 'close']);
preg_match('~\S+/(?:lib)?mqtt\.so$~m', file_get_contents('/proc/self/maps'), $match);
$run = function (string $handler, string $after = '$client->run();') use ($broker, $match): void {
    $code = "\$client = new Mqtt\\Client('$broker->uri', ['linger' => 0.5]); \$client->onMessage(function (\$m) use (&\$client) { echo \$m->payload, ' '; $handler }); $after echo 'end';";
    // 24575 is all but deprecations: PHP 8.4 deprecates E_USER_ERROR.
    $settings = '-n -d display_errors=1 -d html_errors=0 -d log_errors=0 -d error_reporting=24575 -d memory_limit=16M';
    exec(PHP_BINARY . " $settings -d extension=$match[0] -r " . escapeshellarg($code) . ' 2>&1', $lines, $status);
    echo $status, ': ', preg_replace('~ in Command.*| \(tried.*~', '', implode(' ', array_filter($lines))), "\n";
    @ob_flush();
};
$run('exit(7);');
$run('trigger_error("on purpose", E_USER_ERROR);');
$run('throw new Exception("on purpose");');
$run('$client = null; gc_collect_cycles(); if ($m->payload === "2") exit(3);');
$run('$client->stop(); unset($client);');
$run('Fiber::suspend();', '$fiber = new Fiber(fn () => $client->run()); $fiber->start(); $second = new Fiber(fn () => $client->dispatch()); $second->start(); ');
$run('Fiber::suspend();', '$fiber = new Fiber(function () use ($client) { $client->run(); }); $fiber->start(); $client->stop(); $fiber->resume(); echo $fiber->isTerminated() ? "over " : "";');
$run('$client->disconnect();');
$run('register_shutdown_function(function () use (&$client) { echo "shutdown ", $client->isConnected() ? "connected " : ""; }); exit(0);');
$run('', '$client->onMessage(null); foreach ($client->messages(0.5) as $m) { echo $m->payload, " "; if ($m->payload === "2") break; }');
?>
--EXPECT--
7: 1
255: 1 Fatal error: on purpose
255: 1 Fatal error: Uncaught Exception: on purpose
3: 1 2
0: 1 end
0: 1 2 end
0: 1 over end
0: 1 end
0: 1 shutdown connected
0: 1 2 end
