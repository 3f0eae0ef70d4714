--TEST--
After a fork the parent's client throws in the child, and both end at once
--EXTENSIONS--
mqtt
pcntl
--FILE--
<?php
require_once __DIR__ . '/../php/support/patience.php';
$client = new Mqtt\Client('mqtt://127.0.0.1:1', ['linger' => 0.2, 'reconnect' => false]);
$client->onMessage(function () {});
$begin = hrtime(true);
$pid = pcntl_fork();
if ($pid === 0) {
    foreach (['connect', 'isConnected', 'flush', 'receive', 'dispatch', 'run', 'stop', 'stream', 'fd', 'stats', 'disconnect'] as $method) {
        try {
            $client->$method();
            echo "$method did not throw\n";
        } catch (Mqtt\Exception\ForkException $e) {
            if ($e->getLine() !== __LINE__ - 3) {
                echo "$method: line {$e->getLine()}\n";
            }
        }
    }
    echo $e->getMessage(), "\n";
    $own = new Mqtt\Client('mqtt://127.0.0.1:1');
    var_dump($own->isConnected());
    exit(3);
}
pcntl_waitpid($pid, $status);
var_dump(pcntl_wexitstatus($status), (hrtime(true) - $begin) / 1e9 < patience(2));
var_dump($client->isConnected());
?>
--EXPECT--
this client was made before fork() and belongs to the parent process: make a new one in the child
bool(false)
int(3)
bool(true)
bool(false)
