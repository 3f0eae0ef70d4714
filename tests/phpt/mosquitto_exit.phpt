--TEST--
Mosquitto\Client: how a script may end, and what the server hears of it
--INI--
mqtt.mosquitto_compat=1
--EXTENSIONS--
mqtt
pcntl
--FILE--
<?php
require_once __DIR__ . '/../php/support/patience.php';
$endings = [
    'the end of the script' => function ($client) { $GLOBALS['kept'] = $client; },
    'exit in a callback' => function ($client) { $client->onConnect(function () { exit(0); }); $client->loopForever(); },
    'an exception in a callback' => function ($client) { $client->onConnect(fn () => throw new Exception('not caught')); $client->loopForever(); },
    'a fatal error in a callback' => function ($client) { $client->onConnect(function () { eval('class Mosquitto_Twice {} class Mosquitto_Twice {}'); }); $client->loopForever(); },
    'a destructor of a subclass' => function () {
        $client = new class('ending') extends Mosquitto\Client {
            public function __destruct()
            {
                echo "destructor\n";
                $this->publish('from/destructor', 'x');
            }
        };
        $client->onDisconnect(function (...$arguments) { echo 'onDisconnect ', json_encode($arguments), "\n"; });
        $client->connect('127.0.0.1', $GLOBALS['port']);
    },
    'an exception of onDisconnect' => function () {
        $client = new Mosquitto\Client('ending');
        $client->onDisconnect(fn () => throw new Exception('from onDisconnect'));
        $client->connect('127.0.0.1', $GLOBALS['port']);
        try {
            unset($client);
            echo "nothing thrown\n";
        } catch (Exception $e) {
            echo $e->getMessage(), "\n";
        }
    },
];
ini_set('display_errors', '0');
foreach ($endings as $name => $end) {
    $listener = stream_socket_server('tcp://127.0.0.1:0');
    $port = (int) substr(strrchr(stream_socket_get_name($listener, false), ':'), 1);
    echo "$name\n";
    $pid = pcntl_fork();
    if ($pid === 0) {
        fclose($listener);
        if ((new ReflectionFunction($end))->getNumberOfParameters()) {
            $client = new Mosquitto\Client('ending');
            $client->onDisconnect(function (...$arguments) { echo 'onDisconnect ', json_encode($arguments), "\n"; });
            $client->connect('127.0.0.1', $port);
            $argument = $client;
            unset($client);
            $end($argument);
        } else {
            $end();
        }
        exit(0);
    }
    $socket = stream_socket_accept($listener, patience(20));
    stream_set_timeout($socket, (int) patience(20));
    // CONNECT and nothing behind it: what comes next may be there already.
    $head = stream_get_contents($socket, 2);
    stream_get_contents($socket, ord($head[1]));
    fwrite($socket, "\x20\x02\0\0");
    for ($rest = ''; ($bytes = fread($socket, 100)) !== '' && $bytes !== false;) {
        $rest .= $bytes;
    }
    fclose($socket);
    pcntl_waitpid($pid, $status);
    echo "  ", bin2hex($rest), pcntl_wifsignaled($status) ? ' killed by ' . pcntl_wtermsig($status) : '', "\n";
}
?>
--EXPECT--
the end of the script
onDisconnect [0]
  e000
exit in a callback
onDisconnect [0]
  e000
an exception in a callback
onDisconnect [0]
  e000
a fatal error in a callback
  e000
a destructor of a subclass
destructor
onDisconnect [0]
  3012000f66726f6d2f64657374727563746f7278e000
an exception of onDisconnect
from onDisconnect
  e000
