--TEST--
After a fork the parent's PacketClient throws in the child, which leaves the connection alone
--EXTENSIONS--
mqtt
pcntl
--FILE--
<?php
use Mqtt\Packet\{Connect, PingReq};

require_once __DIR__ . '/../php/support/patience.php';
$listener = stream_socket_server('tcp://127.0.0.1:0');
$client = new Mqtt\PacketClient('mqtt://' . stream_socket_get_name($listener, false), ['keepAlive' => 0.05]);
$client->connect(patience(20));
$server = stream_socket_accept($listener, patience(20));
$client->send(new Connect('parent', version: Mqtt\Version::V3_1_1));
$fresh = new Mqtt\PacketClient('mqtt://' . stream_socket_get_name($listener, false));

$pid = pcntl_fork();
if ($pid === 0) {
    $methods = ['connect', 'send', 'receive', 'receiveBytes', 'isConnected', 'close', 'fd', 'stream', 'localAddress', 'remoteAddress', 'bytesSent', 'bytesReceived'];
    foreach ([$client, $fresh] as $inherited) {
        foreach ($methods as $method) {
            try {
                $inherited->$method();
                echo "$method did not throw\n";
            } catch (Mqtt\Exception\ForkException $e) {
            }
        }
        try {
            $inherited->sendBytes("\xC0\x00");
            echo "sendBytes did not throw\n";
        } catch (Mqtt\Exception\ForkException $e) {
        }
    }
    echo $e->getMessage(), "\n";
    unset($client, $inherited);
    // One of its own works, with a thread of its own.
    $own = new Mqtt\PacketClient('mqtt://' . stream_socket_get_name($listener, false), ['keepAlive' => 0.05]);
    $own->connect(patience(20));
    $other = stream_socket_accept($listener, patience(20));
    $own->send(new Connect('child', version: Mqtt\Version::V3_1_1));
    stream_set_timeout($other, (int) patience(20));
    $length = strlen((new Connect('child', version: Mqtt\Version::V3_1_1))->encode(Mqtt\Version::V3_1_1));
    echo bin2hex(substr(stream_get_contents($other, $length + 2), $length)), "\n";
    exit(3);
}
pcntl_waitpid($pid, $status);
var_dump(pcntl_wexitstatus($status), $client->isConnected());
// The parent's thread goes on, and nothing but its packets came: no end of the stream, no DISCONNECT.
stream_set_timeout($server, (int) patience(20));
$length = strlen((new Connect('parent', version: Mqtt\Version::V3_1_1))->encode(Mqtt\Version::V3_1_1));
echo bin2hex(substr(stream_get_contents($server, $length + 8), $length)), "\n";
$client->send(new PingReq());
var_dump($client->isConnected());
?>
--EXPECT--
this client was made before fork() and belongs to the parent process: make a new one in the child
c000
int(3)
bool(true)
c000c000c000c000
bool(true)
