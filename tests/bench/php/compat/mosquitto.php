<?php
declare(strict_types=1);

// The classes of Mosquitto: operations a second, and beside them those of the original in the same run.
//
//     php -d extension=mqtt.so tests/bench/php/compat/mosquitto.php [mosquitto.so of the original [host port]]
//
// The original is an extension, so its argument is the file of it, built for this PHP, in place of a source folder. Each side is measured in
// processes of its own, by turns, against the broker at host and port; without them mosquitto is started. The figures are medians, by the
// clock and by the CPU time of the client's process: where the broker is what takes the time, the second tells more.

const ROUNDS = 5;
const PAYLOAD = 64;

if (($argv[1] ?? '') === '--measure') {
    echo json_encode(measure($argv[2], (int) $argv[3]));
    exit;
}

$original = $argv[1] ?? '';
if ($original !== '' && !is_file($original)) {
    fwrite(STDERR, "$original is not there\n");
    exit(2);
}
$extension = preg_match('~\S+/(?:lib)?mqtt\.so$~m', (string) file_get_contents('/proc/self/maps'), $match) ? $match[0] : exit("the extension mqtt is not loaded\n");
[$host, $port, $broker] = isset($argv[3]) ? [$argv[2], (int) $argv[3], null] : ['127.0.0.1', ...broker()];
$sides = ['drop-in' => ['-d', "extension=$extension", '-d', 'mqtt.mosquitto_compat=1']] + ($original === '' ? [] : ['original' => ['-d', "extension=$original"]]);
$results = ['drop-in' => [], 'original' => []];
for ($round = 0; $round < ROUNDS; $round++) {
    foreach ($sides as $side => $arguments) {
        foreach (run($arguments, $host, $port) as $row => $rates) {
            $results[$side][$row][] = $rates;
        }
    }
}
printf("%-40s %11s %11s %6s %14s %11s %6s\n", 'operations a second', 'drop-in', 'original', 'ratio', 'of CPU: ours', 'original', 'ratio');
foreach ($results['drop-in'] as $row => $ours) {
    printf('%-40s', $row);
    foreach ([0, 1] as $kind) {
        $our = median(array_column($ours, $kind));
        $their = isset($results['original'][$row]) ? median(array_column($results['original'][$row], $kind)) : null;
        $theirs = $their === null ? ['not given', '-'] : [number_format($their), sprintf('%.2f', $our / $their)];
        printf($kind === 0 ? ' %11s %11s %6s' : ' %14s %11s %6s', number_format($our), ...$theirs);
    }
    echo "\n";
}
if ($broker !== null) {
    proc_terminate($broker);
}

/**
 * @param list<string> $arguments
 * @return array<string, array{float, float}> by row: operations a second, and a second of CPU
 */
function run(array $arguments, string $host, int $port): array
{
    $process = proc_open([PHP_BINARY, '-n', ...$arguments, __FILE__, '--measure', $host, (string) $port], [1 => ['pipe', 'w']], $pipes);
    $output = (string) stream_get_contents($pipes[1]);
    if (proc_close($process) !== 0) {
        fwrite(STDERR, "A measurement failed: $output\n");
        exit(1);
    }
    return json_decode($output, true, flags: JSON_THROW_ON_ERROR);
}

/** @return array{int, resource} port and process of mosquitto */
function broker(): array
{
    $socket = stream_socket_server('tcp://127.0.0.1:0');
    $port = (int) substr((string) strrchr((string) stream_socket_get_name($socket, false), ':'), 1);
    fclose($socket);
    $file = (string) tempnam(sys_get_temp_dir(), 'mosquitto');
    file_put_contents($file, "listener $port 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\n");
    $null = ['file', '/dev/null', 'w'];
    $process = proc_open(['/usr/sbin/mosquitto', '-c', $file], [['file', '/dev/null', 'r'], $null, $null], $pipes);
    while (!($socket = @stream_socket_client("tcp://127.0.0.1:$port"))) {
        usleep(5_000);
    }
    fclose($socket);
    unlink($file);
    return [$port, $process];
}

/** Seconds of CPU that this process has taken. */
function cpu(): float
{
    $usage = getrusage();
    return $usage['ru_utime.tv_sec'] + $usage['ru_stime.tv_sec'] + ($usage['ru_utime.tv_usec'] + $usage['ru_stime.tv_usec']) / 1e6;
}

function median(array $values): float
{
    sort($values);
    return $values[intdiv(count($values), 2)];
}

/** @return array<string, array{float, float}> by row: operations a second, and a second of CPU */
function measure(string $host, int $port): array
{
    $payload = str_repeat('x', PAYLOAD);
    $rates = [];
    $row = function (string $name, int $count, callable $work) use (&$rates): void {
        [$start, $cpu] = [hrtime(true), cpu()];
        $work($count);
        $rates[$name] = [$count / ((hrtime(true) - $start) / 1e9), $count / max(1e-6, cpu() - $cpu)];
    };
    $client = function (string $name, ?callable $onPublish = null, ?callable $onMessage = null) use ($host, $port): Mosquitto\Client {
        $client = new Mosquitto\Client('bench-' . $name . '-' . getmypid());
        $ready = false;
        $client->onConnect(function () use (&$ready): void {
            $ready = true;
        });
        $client->connect($host, $port);
        while (!$ready) {
            $client->loop(100);
        }
        if ($onPublish) {
            $client->onPublish($onPublish);
        }
        if ($onMessage) {
            $client->onMessage($onMessage);
        }
        return $client;
    };
    $publisher = $client('publisher');
    $row('publish QoS 0', 100_000, function (int $count) use ($publisher, $payload): void {
        for ($i = 0; $i < $count; $i++) {
            $publisher->publish('bench/t', $payload);
        }
    });
    // What the server has not read yet is not part of the next row.
    foreach ([1, 2] as $qos) {
        $done = 0;
        $acknowledged = $client("qos$qos", function () use (&$done): void {
            $done++;
        });
        $row("publish QoS $qos, pipelined", 20_000, function (int $count) use ($acknowledged, $payload, $qos, &$done): void {
            for ($i = 0; $i < $count; $i++) {
                $acknowledged->publish('bench/t', $payload, $qos);
                if ($i - $done > 50) {
                    $acknowledged->loop(10);
                }
            }
            while ($done < $count) {
                $acknowledged->loop(100);
            }
        });
        $done = 0;
        $row("publish QoS $qos and wait", 5_000, function (int $count) use ($acknowledged, $payload, $qos, &$done): void {
            for ($i = 0; $i < $count; $i++) {
                $acknowledged->publish('bench/t', $payload, $qos);
                while ($done <= $i) {
                    $acknowledged->loop(100);
                }
            }
        });
    }
    foreach ([0, 1, 2] as $qos) {
        $got = $ready = 0;
        $receiver = $client("receiver$qos", null, function (Mosquitto\Message $message) use (&$got): void {
            $got += strlen($message->payload) === PAYLOAD ? 1 : 0;
        });
        $receiver->onSubscribe(function () use (&$ready): void {
            $ready = 1;
        });
        $receiver->subscribe("bench/receive/$qos", $qos);
        while (!$ready) {
            $receiver->loop(100);
        }
        $count = $qos === 2 ? 10_000 : 20_000;
        // Sent first, so that what is measured is receiving.
        $done = 0;
        $source = $client("source$qos", function () use (&$done): void {
            $done++;
        });
        for ($i = 0; $i < $count; $i++) {
            $source->publish("bench/receive/$qos", $payload, $qos);
            if ($qos > 0 && $i - $done > 50) {
                $source->loop(10);
            }
        }
        while ($done < $count) {
            $source->loop(100);
        }
        $row("receive QoS $qos", $count, function (int $count) use ($receiver, &$got): void {
            while ($got < $count) {
                $receiver->loop(100);
            }
        });
    }
    $row('connect, publish QoS 1, wait, disconnect', 500, function (int $count) use ($host, $port, $payload): void {
        for ($i = 0; $i < $count; $i++) {
            $client = new Mosquitto\Client("bench-short-$i");
            $done = false;
            $client->onPublish(function () use (&$done): void {
                $done = true;
            });
            $client->connect($host, $port);
            $client->publish('bench/t', $payload, 1);
            while (!$done) {
                $client->loop(100);
            }
            $client->disconnect();
        }
    });
    $row('topicMatchesSub', 300_000, function (int $count): void {
        for ($i = 0; $i < $count; $i++) {
            Mosquitto\Message::topicMatchesSub('house/floor/room/sensor', 'house/+/room/#');
        }
    });
    $row('tokeniseTopic', 200_000, function (int $count): void {
        for ($i = 0; $i < $count; $i++) {
            Mosquitto\Message::tokeniseTopic('house/floor/room/sensor');
        }
    });
    $message = new Mosquitto\Message();
    $row('write and read a property', 300_000, function (int $count) use ($message): void {
        for ($i = 0; $i < $count; $i++) {
            $message->mid = $i;
            $message->mid;
        }
    });
    return $rates;
}
