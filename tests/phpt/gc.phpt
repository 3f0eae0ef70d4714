--TEST--
Closures that hold the client they are given to are collected
--EXTENSIONS--
mqtt
--FILE--
<?php
// Handlers and callbacks lived in tables that the collector could not see: 1000 clients in cycles were 1000 clients leaked.
$before = null;
for ($round = 0; $round < 3; $round++) {
    for ($i = 0; $i < 300; $i++) {
        $client = new Mqtt\Client('mqtt://127.0.0.1:1');
        $client->onMessage(function () use ($client) {});
        $client->onConnect(fn () => $client->stats());
        $client->onLog([new ArrayObject([$client]), 'count']);
    }
    unset($client);
    gc_collect_cycles();
    $before ??= memory_get_usage();
}
var_dump(memory_get_usage() - $before < 10_000);

$watched = WeakReference::create($object = new stdClass());
$client = new Mqtt\Client('mqtt://127.0.0.1:1');
$client->onMessage(function () use ($object) {});
unset($object);
var_dump($watched->get() !== null);
$client->onMessage(null);
var_dump($watched->get());
?>
--EXPECT--
bool(true)
bool(true)
NULL
