<?php
declare(strict_types=1);

// The codec of simps/mqtt: packets a second of CPU through the drop-in, and beside it through the original in the same run.
//
//     php -d extension=mqtt.so tests/bench/php/compat/simps.php [folder of the original, which holds src/]
//
// Both declare the same classes, so each is measured in processes of its own, by turns; the figures are medians of packets a second of CPU.

const ROUNDS = 5;
const SECONDS = 0.15;

[, $side, $folder] = $argv + [1 => '', 2 => ''];
if ($side === '--measure') {
    measure($folder);
    exit;
}

$folder = $side;
if ($folder !== '' && !is_file("$folder/src/Protocol/V3.php")) {
    fwrite(STDERR, "$folder/src holds no simps/mqtt\n");
    exit(2);
}
$results = ['drop-in' => [], 'original' => []];
for ($round = 0; $round < ROUNDS; $round++) {
    foreach (['drop-in' => '', 'original' => $folder] as $name => $source) {
        if ($name === 'original' && $source === '') {
            continue;
        }
        foreach (run($source) as $row => $rate) {
            $results[$name][$row][] = $rate;
        }
    }
}
printf("%-36s %14s %14s %7s\n", 'packets a second', 'drop-in', 'original', 'ratio');
foreach ($results['drop-in'] as $row => $rates) {
    $ours = median($rates);
    $theirs = isset($results['original'][$row]) ? median($results['original'][$row]) : null;
    printf("%-36s %14s %14s %7s\n", $row, number_format($ours), $theirs === null ? 'not given' : number_format($theirs), $theirs === null ? '-' : sprintf('%.2f', $ours / $theirs));
}

/** @return array<string, float> packets a second by row */
function run(string $folder): array
{
    $extension = $folder === '' && preg_match('~\S+/(?:lib)?mqtt\.so$~m', (string) file_get_contents('/proc/self/maps'), $match) ? ['-d', "extension=$match[0]"] : [];
    $process = proc_open([PHP_BINARY, '-n', ...$extension, __FILE__, '--measure', $folder], [1 => ['pipe', 'w']], $pipes);
    $output = stream_get_contents($pipes[1]);
    if (proc_close($process) !== 0) {
        fwrite(STDERR, "A measurement failed: $output\n");
        exit(1);
    }

    return json_decode($output, true, flags: JSON_THROW_ON_ERROR);
}

function median(array $values): float
{
    sort($values);

    return $values[intdiv(count($values), 2)];
}

function measure(string $folder): void
{
    if ($folder === '') {
        require dirname(__DIR__, 3) . '/php/compat/autoload.php';
    } else {
        spl_autoload_register(static function (string $class) use ($folder): void {
            require "$folder/src/" . str_replace(['Simps\\MQTT\\', '\\'], ['', '/'], $class) . '.php';
        });
    }
    $payload = str_repeat('x', 64);
    $options = ['qos' => 1, 'no_local' => false, 'retain_as_published' => false, 'retain_handling' => 0];
    $rates = [];
    foreach (['V3' => [4, 1], 'V5' => [5, $options]] as $protocol => [$level, $subscription]) {
        $class = "Simps\\MQTT\\Protocol\\$protocol";
        $packets = [
            'CONNECT' => [
                'type' => 1, 'protocol_name' => 'MQTT', 'protocol_level' => $level, 'clean_session' => true, 'client_id' => 'bench-client-1', 'keep_alive' => 60,
                'user_name' => 'user', 'password' => 'password', 'properties' => [],
                'will' => ['topic' => 'clients/1/state', 'message' => 'offline', 'qos' => 1, 'retain' => 1],
            ],
            'PUBLISH QoS 1' => ['type' => 3, 'topic' => 'devices/1/temperature', 'message' => $payload, 'qos' => 1, 'dup' => 0, 'retain' => 0, 'message_id' => 10, 'properties' => []],
            'SUBSCRIBE x3' => ['type' => 8, 'message_id' => 10, 'topics' => ['a/b/c' => $subscription, 'd/+/f' => $subscription, 'g/#' => $subscription], 'properties' => []],
        ];
        if ($protocol === 'V5') {
            $packets['PUBLISH QoS 1, properties'] = ['properties' => ['content_type' => 'text/plain', 'message_expiry_interval' => 60, 'k1' => 'v1', 'k2' => 'v2']] + $packets['PUBLISH QoS 1'];
        }
        $packets['PUBACK'] = ['type' => 4, 'message_id' => 10];
        foreach ($packets as $name => $packet) {
            $bytes = $class::pack($packet);
            $rates["$protocol $name, encode"] = rate(static function () use ($class, $packet): void {
                for ($i = 0; $i < 1000; $i++) {
                    $class::pack($packet);
                }
            });
            $rates["$protocol $name, decode"] = rate(static function () use ($class, $bytes): void {
                for ($i = 0; $i < 1000; $i++) {
                    $class::unpack($bytes);
                }
            });
        }
    }
    echo json_encode($rates);
}

/** Calls of what runs 1000 times in $work, a second of CPU: other processes do not count. */
function rate(callable $work): float
{
    $work();
    $start = cpu();
    $count = 0;
    do {
        $work();
        $count += 1000;
        $elapsed = cpu() - $start;
    } while ($elapsed < SECONDS);

    return $count / $elapsed;
}

function cpu(): float
{
    $usage = getrusage();

    return $usage['ru_utime.tv_sec'] + $usage['ru_stime.tv_sec'] + ($usage['ru_utime.tv_usec'] + $usage['ru_stime.tv_usec']) / 1e6;
}
