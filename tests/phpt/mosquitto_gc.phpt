--TEST--
Mosquitto\Client: closures that hold the client they are given to are collected, and its socket is closed
--INI--
mqtt.mosquitto_compat=1
--EXTENSIONS--
mqtt
--FILE--
<?php
final class Logger
{
    public function __construct(private Mosquitto\Client $client)
    {
    }

    public function line(int $level, string $text): void
    {
    }
}

// In the original nothing showed the collector where callbacks are: 300 such clients leaked 900 descriptors.
$listener = stream_socket_server('tcp://127.0.0.1:0');
$port = (int) substr(strrchr(stream_socket_get_name($listener, false), ':'), 1);
$descriptors = fn (): int => count(scandir('/proc/self/fd'));
$before = null;
for ($round = 0; $round < 3; $round++) {
    for ($i = 0; $i < 100; $i++) {
        $client = new Mosquitto\Client("cycle$i");
        $client->onConnect(function () use ($client) {});
        $client->onMessage(fn () => $client->loop());
        $client->onLog([new Logger($client), 'line']);
        if ($i % 10 === 0) {
            $client->connect('127.0.0.1', $port);
            fclose(stream_socket_accept($listener));
        }
    }
    unset($client);
    gc_collect_cycles();
    $before ??= [memory_get_usage(), $descriptors()];
}
var_dump(memory_get_usage() - $before[0] < 10_000, $descriptors() === $before[1]);

class Sub extends Mosquitto\Client
{
    public ?Sub $self = null;
}
$watched = WeakReference::create($sub = new Sub());
$sub->self = $sub;
unset($sub);
gc_collect_cycles();
var_dump($watched->get());
?>
--EXPECT--
bool(true)
bool(true)
NULL
