--TEST--
exit with 10 000 messages in flight, from inside a callback and outside; the library goes while its thread is alive
--EXTENSIONS--
mqtt
pcntl
posix
--FILE--
<?php
require __DIR__ . '/../php/support/Broker.php';
$broker = Broker::run();
$watcher = new Mqtt\Client($broker->uri());
$watcher->subscribe('exit/#', 1);
$run = function (string $code, array $settings = []) use ($broker): array {
    $command = [PHP_BINARY, '-n', '-d', 'display_errors=1', '-d', 'html_errors=0', '-d', 'log_errors=0', ...$settings, '-r', $code, '--', $broker->uri()];
    $process = proc_open($command, [['file', '/dev/null', 'r'], ['pipe', 'w'], ['redirect', 1]], $pipes);
    $output = trim((string) stream_get_contents($pipes[1]));
    do {
        $status = proc_get_status($process);
    } while ($status['running']);
    return [$status['signaled'] ? -$status['termsig'] : $status['exitcode'], $output];
};
$load = ['-d', 'extension=' . Broker::extension()];

// A tenth where valgrind watches.
$count = getenv('USE_ZEND_ALLOC') === '0' ? 1_000 : 10_000;
foreach ([
    'outside' => 'for ($i = 0; $i < 10000; $i++) $client->publish("exit/a", (string) $i, 1); exit(4);',
    'in a callback' => '$client->onConnect(function () use ($client) { for ($i = 0; $i < 10000; $i++) $client->publish("exit/a", (string) $i, 1); exit(4); }); $client->run();',
    'from a destructor' => '$hook = new class ($client) { function __construct(public $client) {} function __destruct() { for ($i = 0; $i < 10000; $i++) $this->client->publish("exit/a", (string) $i, 1); exit(4); } }; $client = null; $hook = null;',
] as $name => $code) {
    [$status, $output] = $run('$client = new Mqtt\Client($argv[1], ["linger" => 60]); ' . str_replace('10000', (string) $count, $code), $load);
    $got = [];
    while (count($got) < $count && $message = $watcher->receive(patience(20))) {
        $got[] = (int) $message->payload;
    }
    echo "$name: $status $output ", $got === range(0, $count - 1) ? 'all' : count($got), "\n";
}

// The thread runs until the library is unloaded: again and again, because it would crash now and then.
$statuses = [];
foreach ([
    'global' => '$c = new Mqtt\Client($argv[1]); $c->connect();',
    'static' => 'final class Keep { static $c; } Keep::$c = new Mqtt\Client($argv[1]); Keep::$c->subscribe("a", 0, function () {});',
    'persistent' => '$c = new Mqtt\Client($argv[1], ["persistent" => "x"]); $c->publish("a", "x", 1);',
    'never connected' => '$c = new Mqtt\Client("mqtt://127.0.0.1:1", ["linger" => 0]); $c->connect(wait: false);',
    'cycle' => '$c = new Mqtt\Client($argv[1]); $c->onMessage(function () use ($c) {}); $c->connect();',
    'server' => '$s = new Mqtt\Server(["listen" => "mqtt://127.0.0.1:0"]); $s->start(); $c = new Mqtt\Client("mqtt://127.0.0.1:" . $s->port()); $c->connect();',
] as $name => $code) {
    for ($i = 0; $i < (getenv('USE_ZEND_ALLOC') === '0' ? 1 : 8); $i++) {
        $statuses[$name][implode(' ', $run($code, $load))] = true;
    }
    echo $name, ': ', implode('; ', array_keys($statuses[$name])), "\n";
}
// Loaded by the script itself, it is unloaded at the end of the request.
$folder = ['-d', 'enable_dl=1', '-d', 'extension_dir=' . dirname(Broker::extension())];
echo 'dl: ', implode(' ', $run('dl("' . basename(Broker::extension()) . '"); $c = new Mqtt\Client($argv[1]); $c->connect(); echo $c->isConnected();', $folder)), "\n";
?>
--EXPECT--
outside: 4  all
in a callback: 4  all
from a destructor: 4  all
global: 0 
static: 0 
persistent: 0 
never connected: 0 
cycle: 0 
server: 0 
dl: 0 1
