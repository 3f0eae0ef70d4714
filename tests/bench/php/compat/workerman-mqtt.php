<?php
/**
 * Operations per second of the drop-in for workerman/mqtt, beside the original's, in the same run.
 *
 *     MQTT_WORKERMAN=FOLDERS php -d extension=mqtt.so tests/bench/php/compat/workerman-mqtt.php [SOURCE [BROKER [ROUNDS]]]
 *
 * SOURCE is the src folder of the original; without it its column is empty. BROKER is a program that takes -p PORT, by default
 * mosquitto. Both libraries declare the same classes, so each figure comes from a process of its own; they take turns, and the
 * medians of ROUNDS (5) are printed. Seconds are those of the process's CPU, since the broker and
 * whoever else works on the machine decide how long it takes. MQTT_WORKERMAN is as in tests/php/loop/autoload.php.
 */
declare(strict_types=1);

use Workerman\Connection\AsyncTcpConnection;
use Workerman\Events\Select;
use Workerman\Mqtt\Client;
use Workerman\Mqtt\Protocols\Mqtt;
use Workerman\Mqtt\Protocols\Mqtt5;
use Workerman\Timer;
use Workerman\Worker;

$root = dirname(__DIR__, 4);
if (($argv[1] ?? '') === '--one') {
    [, , $row, $source, $port] = $argv;
    if ($source !== '') {
        spl_autoload_register(static function (string $class) use ($source): void {
            $file = "$source/" . str_replace('\\', '/', substr($class, strlen('Workerman\Mqtt\\'))) . '.php';
            if (str_starts_with($class, 'Workerman\Mqtt\\') && is_file($file)) {
                require $file;
            }
        });
    }
    require "$root/tests/php/loop/autoload.php";
    if ($source === '') {
        require "$root/tests/php/compat/autoload.php";
    }
    echo one($row, (int) $port), "\n";
    return;
}
main($root, rtrim($argv[1] ?? '', '/'), $argv[2] ?? '/usr/sbin/mosquitto', (int) ($argv[3] ?? 5));

function main(string $root, string $source, string $program, int $rounds): void
{
    $port = 20000 + getmypid() % 20000;
    $configuration = (string) tempnam(sys_get_temp_dir(), 'bench');
    file_put_contents($configuration, "listener $port 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\nmax_inflight_messages 0\nset_tcp_nodelay true\n");
    $null = ['file', '/dev/null', 'w'];
    $command = str_contains($program, 'mosquitto') ? [$program, '-c', $configuration] : [$program, 'broker', '-p', (string) $port];
    $broker = proc_open($command, [['file', '/dev/null', 'r'], $null, $null], $pipes);
    while (!@stream_socket_client("tcp://127.0.0.1:$port")) {
        usleep(10_000);
    }
    preg_match('~\S+mqtt\.so$~m', (string) file_get_contents('/proc/self/maps'), $extension);
    printf("%-30s %12s %12s %7s\n", 'per CPU second', 'original', 'drop-in', 'ratio');
    foreach (rows() as $row) {
        $figures = ['' => [], 'original' => []];
        for ($round = 0; $round < $rounds; $round++) {
            foreach ($source === '' ? [''] : ['original', ''] as $which) {
                $figure = shell_exec(implode(' ', array_map('escapeshellarg', [PHP_BINARY, '-d', "extension=$extension[0]", __FILE__, '--one', $row, $which === '' ? '' : $source, (string) $port])) . ' 2>/dev/null');
                $figures[$which][] = (float) strrchr("\n" . trim((string) $figure), "\n");
            }
        }
        $ours = median($figures['']);
        $theirs = $figures['original'] === [] ? 0.0 : median($figures['original']);
        printf("%-30s %12s %12s %7s\n", $row, $theirs > 0 ? number_format($theirs) : ($source === '' ? 'not given' : 'failed'), number_format($ours), $theirs > 0 ? sprintf('%.2f', $ours / $theirs) : '');
    }
    proc_terminate($broker);
    unlink($configuration);
}

/** @return list<string> */
function rows(): array
{
    $rows = [];
    foreach ([4, 5] as $level) {
        foreach (['CONNECT', 'PUBLISH', 'SUBSCRIBE'] as $packet) {
            $rows[] = "encode $packet, level $level";
            $rows[] = "decode $packet, level $level";
        }
    }
    foreach (['publish', 'receive'] as $what) {
        foreach ([0, 1, 2] as $qos) {
            $rows[] = "$what QoS $qos";
        }
    }
    return [...$rows, 'publish and wait, QoS 1'];
}

/** @param list<float> $figures */
function median(array $figures): float
{
    sort($figures);
    return $figures[intdiv(count($figures), 2)];
}

function one(string $row, int $port): float
{
    if (preg_match('/^(encode|decode) (\w+), level (\d)$/', $row, $match)) {
        return codec($match[1], $match[2], (int) $match[3]);
    }
    $loop = new Select();
    Worker::$globalEvent = $loop;
    Timer::init($loop);
    preg_match('/\d/', $row, $qos);
    $measured = 0.0;
    $done = static function (float $figure) use (&$measured, $loop): void {
        $measured = $figure;
        $loop->stop();
    };
    match (strtok($row, ' ')) {
        'publish' => str_contains($row, 'wait') ? publishAndWait($port, $done) : publish($port, (int) $qos[0], $done),
        'receive' => receive($port, (int) $qos[0], $done),
    };
    // A message that is lost must not stop the measurement.
    $loop->delay(60, static fn () => $loop->stop());
    $loop->run();
    return $measured;
}

/** Seconds that this process has worked. */
function cpu(): float
{
    $usage = getrusage();
    return $usage['ru_utime.tv_sec'] + $usage['ru_stime.tv_sec'] + ($usage['ru_utime.tv_usec'] + $usage['ru_stime.tv_usec']) / 1e6;
}

function codec(string $what, string $packet, int $level): float
{
    $link = new AsyncTcpConnection('tcp://127.0.0.1:1');
    $options = $level === 5 ? ['qos' => 1, 'no_local' => true, 'retain_as_published' => false, 'retain_handling' => 0] : 1;
    $array = [
        'CONNECT' => ['cmd' => 1, 'protocol_name' => 'MQTT', 'protocol_level' => $level, 'clean_session' => 1, 'username' => 'joe', 'password' => 'secret', 'keepalive' => 60, 'client_id' => 'client-17'],
        'PUBLISH' => ['cmd' => 3, 'topic' => 'meters/17/power/now', 'content' => str_repeat('x', 64), 'dup' => 0, 'qos' => 1, 'retain' => 0, 'message_id' => 17],
        'SUBSCRIBE' => ['cmd' => 8, 'message_id' => 17, 'topics' => ['meters/+/power' => $options, 'meters/+/state' => $options, 'alarms/#' => $options]],
    ][$packet];
    $class = $level === 5 ? Mqtt5::class : Mqtt::class;
    $bytes = $class::encode($array, $link);
    $count = 100_000;
    $start = cpu();
    try {
        if ($what === 'encode') {
            for ($turn = 0; $turn < $count; $turn++) {
                $class::encode($array, $link);
            }
        } else {
            for ($turn = 0; $turn < $count; $turn++) {
                $class::decode($bytes, $link);
            }
        }
    } catch (TypeError) {
        return 0.0;
    }
    return $count / (cpu() - $start);
}

/** Messages of 64 bytes in bursts that fit the send buffer; at QoS 1 and 2 up to 1000 wait for their acknowledgement. */
function publish(int $port, int $qos, callable $done): void
{
    $client = new Client("mqtt://127.0.0.1:$port");
    $count = $qos === 0 ? 150_000 : 20_000;
    $content = str_repeat('x', 64);
    $client->onConnect = static function (Client $client) use ($count, $qos, $content, $done): void {
        $start = cpu();
        $sent = $acknowledged = 0;
        $finish = static fn () => $done($count / (cpu() - $start));
        if ($qos === 0) {
            $send = static function () use (&$send, &$sent, $client, $count, $content, $finish): void {
                for ($burst = 0; $burst < 500 && $client->getConnection()->getSendBufferQueueSize() < 500_000; $burst++) {
                    if ($sent++ === $count) {
                        // The last one is acknowledged after all others.
                        $client->publish('bench', 'last', ['qos' => 1], $finish);
                        return;
                    }
                    $client->publish('bench', $content);
                }
                Worker::$globalEvent->delay(0, $send);
            };
            $send();
            return;
        }
        $more = static function () use (&$more, &$sent, &$acknowledged, $client, $count, $content, $qos, $finish): void {
            if (++$acknowledged === $count) {
                $finish();
            } elseif ($sent < $count) {
                $sent++;
                $client->publish('bench', $content, ['qos' => $qos], $more);
            }
        };
        for ($sent = 0; $sent < 1000; $sent++) {
            $client->publish('bench', $content, ['qos' => $qos], $more);
        }
    };
    $client->connect();
}

function publishAndWait(int $port, callable $done): void
{
    $client = new Client("mqtt://127.0.0.1:$port");
    $content = str_repeat('x', 64);
    $client->onConnect = static function (Client $client) use ($content, $done): void {
        $start = cpu();
        $left = 10_000;
        $next = static function () use (&$next, &$left, $start, $client, $content, $done): void {
            if ($left-- === 0) {
                $done(10_000 / (cpu() - $start));
                return;
            }
            $client->publish('bench', $content, ['qos' => 1], $next);
        };
        $next();
    };
    $client->connect();
}

/** Messages of 64 bytes with changing payloads, which a process of its own publishes through the broker. */
function receive(int $port, int $qos, callable $done): void
{
    $count = 20_000;
    $client = new Client("mqtt://127.0.0.1:$port", ['client_id' => 'receiver' . getmypid()]);
    $topic = 'receive/' . getmypid();
    $client->onConnect = static function (Client $client) use ($port, $qos, $count, $topic): void {
        $client->subscribe($topic, ['qos' => $qos], static function () use ($port, $qos, $count, $topic): void {
            $code = '$c = new Mqtt\Client($argv[1], ["clientId" => "source" . getmypid()]); for ($i = 0; $i < $argv[2]; $i++) { $c->publish($argv[3], str_pad((string) $i, 64, "x"), (int) $argv[4]); } $c->flush(); $c->disconnect();';
            preg_match('~\S+mqtt\.so$~m', (string) file_get_contents('/proc/self/maps'), $extension);
            $null = ['file', '/dev/null', 'w'];
            $GLOBALS['source'] = proc_open([PHP_BINARY, '-d', "extension=$extension[0]", '-r', $code, '--', "mqtt://127.0.0.1:$port", (string) $count, $topic, (string) $qos], [1 => $null, 2 => $null], $pipes);
        });
    };
    $received = 0;
    $start = 0.0;
    $client->onMessage = static function () use (&$received, &$start, $count, $done): void {
        if ($received++ === 0) {
            $start = cpu();
        } elseif ($received === $count) {
            $done($count / (cpu() - $start));
        }
    };
    $client->connect();
}
