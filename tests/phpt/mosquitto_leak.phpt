--TEST--
Mosquitto: nothing is leaked on any path, exceptions included
--INI--
mqtt.mosquitto_compat=1
--EXTENSIONS--
mqtt
--FILE--
<?php
use Mosquitto\{Client, Message};

$listener = stream_socket_server('tcp://127.0.0.1:0');
$port = (int) substr(strrchr(stream_socket_get_name($listener, false), ':'), 1);
$client = new Client('leak');
$client->onLog(function ($level, $text) {});
$client->onMessage(function (Message $m) { $m->payload .= $m->topic; $m->mid = "$m->qos"; });
$client->onPublish(function ($mid) { if ($mid % 7 === 0) { throw new Exception("number $mid"); } });
$client->connect('127.0.0.1', $port);
$socket = stream_socket_accept($listener);
stream_set_blocking($socket, false);
fwrite($socket, "\x20\x02\0\0");
$client->loop();
$message = new Message();
$paths = [
    'publish' => function () use ($client, $socket) { try { $client->publish('t/' . mt_rand(), str_repeat('x', 100), mt_rand(0, 2)); } catch (Exception) {} fread($socket, 65536); },
    'receive' => function () use ($client, $socket) { fwrite($socket, "\x30\x06\0\x02ab" . chr(mt_rand(65, 90)) . 'y' . "\x32\x07\0\x01a\0\x05xy"); $client->loop(); fread($socket, 65536); },
    'received once' => function () use ($client, $socket) { fwrite($socket, "\x34\x07\0\x01a\0\x05xy\x62\x02\0\x05"); $client->loop(); fread($socket, 65536); },
    'refused' => function () use ($client) { try { $client->publish('a/' . mt_rand() . '/#', 'x'); } catch (Mosquitto\Exception) {} try { $client->subscribe('a#', 1); } catch (Mosquitto\Exception) {} },
    'callbacks' => function () use ($client) { $o = new stdClass(); $client->onUnsubscribe(function () use ($o) {}); try { $client->onConnect(null); } catch (Mosquitto\Exception) {} try { $client->onConnect('no' . mt_rand()); } catch (TypeError) {} },
    'settings' => function () use ($client) { $client->setWill('w' . mt_rand(), str_repeat('x', 100), 1, false); $client->setCredentials('u' . mt_rand(), 'p'); $client->setTlsCertificates(__FILE__); $client->clearWill(); },
    'constructor' => function () { new Client('c' . mt_rand(), false); try { new Client('', mt_rand() > 0); } catch (Mosquitto\Exception) {} },
    'message' => function () use ($message) { $message->payload = 'p' . mt_rand(); $message->topic = mt_rand(); $m = clone $message; $m->mid = '12'; $m->extra ??= [mt_rand()]; unset($m->mid, $m->extra); json_encode($m); try { $m->payload = new stdClass(); } catch (Error) {} },
    'topics' => fn () => [Message::tokeniseTopic('a//' . mt_rand()), Message::topicMatchesSub('a/' . mt_rand(), 'a/+')],
];
error_reporting(E_ALL & ~E_DEPRECATED);
foreach ($paths as $name => $path) {
    for ($i = 0; $i < 500; $i++) {
        $path();
    }
    gc_collect_cycles();
    $before = memory_get_usage();
    for ($i = 0; $i < 1000; $i++) {
        $path();
    }
    gc_collect_cycles();
    $leak = memory_get_usage() - $before;
    echo $name, $leak > 2000 ? " leaks $leak bytes" : '', "\n";
}
?>
--EXPECT--
publish
receive
received once
refused
callbacks
settings
constructor
message
topics
