--TEST--
A packet server: closures that hold it are collected, exit and fatal errors in a callback leave the script in order
--EXTENSIONS--
mqtt
pcntl
--FILE--
<?php
$before = null;
for ($round = 0; $round < 3; $round++) {
    for ($i = 0; $i < 20; $i++) {
        $server = new Mqtt\PacketServer(['listen' => 'mqtt://127.0.0.1:0', 'logger' => function () use (&$server) {}]);
        $server->onPacket(function () use ($server) {});
        $server->onConnect(function ($connection) use ($server) { $connection->data = [$connection, $server]; });
        $server->start();
        $socket = stream_socket_client('tcp://127.0.0.1:' . $server->port());
        while ($server->connections() === []) {
            $server->run(0.005);
        }
        unset($server);
        fclose($socket);
        gc_collect_cycles();
    }
    $before ??= memory_get_usage();
}
var_dump(memory_get_usage() - $before < 10_000);

preg_match('~\S+/(?:lib)?mqtt\.so$~m', file_get_contents('/proc/self/maps'), $match);
$run = function (string $callback, string $after = '$server->run(5);') use ($match): void {
    $code = '$server = new Mqtt\PacketServer(["listen" => "mqtt://127.0.0.1:0", "logger" => "error_log_nowhere"]);
        function error_log_nowhere($level, $text) { echo $text; }
        $server->onPacket(function ($connection, $packet) use (&$server) { echo (new ReflectionClass($packet))->getShortName(), " "; ' . $callback . ' });
        $server->start();
        $socket = stream_socket_client("tcp://127.0.0.1:" . $server->port());
        fwrite($socket, (new Mqtt\Packet\Connect("c"))->encode() . (new Mqtt\Packet\PingReq)->encode());
        ' . $after . ' echo "end";';
    // 24575 is all but deprecations: PHP 8.4 deprecates E_USER_ERROR.
    $settings = '-n -d display_errors=1 -d html_errors=0 -d log_errors=0 -d error_reporting=24575 -d memory_limit=16M';
    exec(PHP_BINARY . " $settings -d extension=$match[0] -r " . escapeshellarg($code) . ' 2>&1', $lines, $status);
    echo $status, ': ', preg_replace('~ in Command.*| \(tried.*~', '', implode(' ', array_filter($lines))), "\n";
};
$run('exit(7);');
$run('trigger_error("on purpose", E_USER_ERROR);');
$run('$server->stop(0.1);');
$run('$connection->close(); $server->stop(0.1);');
$run('$server = null; gc_collect_cycles(); exit(3);');
$run('Fiber::suspend();', '$fiber = new Fiber(fn () => $server->run()); $fiber->start(); $server->stop(0.1); $fiber->resume(); echo $fiber->isTerminated() ? "over " : "";');
$run('if ($packet instanceof Mqtt\Packet\PingReq) $server->stop(0.1); return (function () { try { yield new Mqtt\Packet\PingResp; } finally { echo "finally "; } })();');
$run('', '$child = pcntl_fork(); if ($child === 0) { try { $server->dispatch(); } catch (Mqtt\Exception\ForkException) { echo "fork "; } exit(0); } pcntl_waitpid($child, $status);');
?>
--EXPECT--
bool(true)
7: Connect
255: Connect Fatal error: on purpose
0: Connect PingReq end
0: Connect end
3: Connect
0: Connect PingReq end
0: Connect finally PingReq finally end
0: fork end
