--TEST--
Mosquitto\Client: a child of fork() does not touch its parent's connection, and may make its own
--INI--
mqtt.mosquitto_compat=1
--EXTENSIONS--
mqtt
pcntl
--FILE--
<?php
require_once __DIR__ . '/../php/support/patience.php';
// In the original the child's end sent DISCONNECT on the parent's socket.
$listener = stream_socket_server('tcp://127.0.0.1:0');
$port = (int) substr(strrchr(stream_socket_get_name($listener, false), ':'), 1);
$client = new Mosquitto\Client('forked');
$client->onDisconnect(function ($reason) { echo "onDisconnect $reason in ", getmypid() === $GLOBALS['parent'] ? 'parent' : 'child', "\n"; });
$parent = getmypid();
$client->connect('127.0.0.1', $port);
$socket = stream_socket_accept($listener, patience(20));
stream_set_timeout($socket, (int) patience(20));
fread($socket, 100);
fwrite($socket, "\x20\x02\0\0");
$client->loop();
$pid = pcntl_fork();
if ($pid === 0) {
    foreach (['loop', 'loopForever', 'disconnect'] as $method) {
        try {
            $client->$method();
        } catch (Mosquitto\Exception $e) {
            echo $method, ': ', $e->getMessage(), "\n";
        }
    }
    var_dump($client->getSocket());
    var_dump($client->connect('127.0.0.1', $port, 30));
    unset($client);
    exit(3);
}
$child = stream_socket_accept($listener, patience(20));
stream_set_timeout($child, (int) patience(20));
$first = bin2hex(fread($child, 2));
for ($bytes = ''; ($more = fread($child, 100)) !== '' && $more !== false;) {
    $bytes .= $more;
}
pcntl_waitpid($pid, $status);
var_dump($first, bin2hex(substr($bytes, -2)), pcntl_wexitstatus($status));
$client->publish('t', 'still there');
var_dump(bin2hex(fread($socket, 100)));
$client->disconnect();
?>
--EXPECT--
loop: The client is not currently connected.
loopForever: The client is not currently connected.
disconnect: The client is not currently connected.
int(-1)
int(0)
onDisconnect 0 in child
string(4) "1012"
string(4) "e000"
int(3)
string(32) "300e0001747374696c6c207468657265"
onDisconnect 0 in parent
