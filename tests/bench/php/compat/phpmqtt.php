<?php
declare(strict_types=1);

// The drop-in beside phpMQTT itself, whose folder (the one with phpMQTT.php) is the argument, against a broker:
//
//     php -d extension=target/release/mqtt.so tests/bench/php/compat/phpmqtt.php PORT [/path/to/phpMQTT] [rounds]
//
// Messages of 64 bytes. The original acknowledges nothing: at QoS 1 and 2 it gets no more than the broker's window, and at QoS 2
// its publishing never ends.

use Bluerhinos\phpMQTT;

require __DIR__ . '/SideBySide.php';

const ROWS = ['publish QoS 0', 'publish QoS 1', 'publish QoS 2', 'publish QoS 1, then proc()', 'publish QoS 2, then proc()', 'receive QoS 0', 'receive QoS 1', 'receive QoS 2'];

if (($argv[1] ?? '') !== '--measure') {
    SideBySide::compare(__FILE__, ROWS, $argv[2] ?? null, (int) ($argv[3] ?? 5), (int) ($argv[1] ?? 1883));
    exit;
}
[, , $row, $sources, $port] = $argv;
require $sources === '' ? dirname(__DIR__, 4) . '/php/compat/phpmqtt/phpMQTT.php' : "$sources/phpMQTT.php";
echo SideBySide::answer(measure($row, (int) $port));

function measure(string $row, int $port): float|string
{
    preg_match('/QoS (\d)/', $row, $match);
    $qos = (int) $match[1];
    $client = new phpMQTT('127.0.0.1', $port, 'bench-' . getmypid());
    $client->keepalive = 60;
    $client->connect() || exit(1);
    if (str_starts_with($row, 'receive')) {
        return receive($client, $port, $qos);
    }
    // A broken connection is a notice for each write of the original.
    set_error_handler(function (int $level, string $text): never {
        echo 'broken off';
        exit;
    });
    $payload = str_repeat('x', 64);
    $withProc = str_contains($row, 'proc()');
    return SideBySide::rate(function () use ($client, $payload, $qos, $withProc): int {
        $client->publish('bench/php', $payload, $qos);
        if ($withProc) {
            $client->proc();
        }
        return 1;
    }, 1.0, 3);
}

function receive(phpMQTT $client, int $port, int $qos): float|string
{
    $topic = 'bench/receive/' . getmypid();
    $count = [20_000, 10_000, 5_000][$qos];
    $got = $begin = $last = 0;
    $cpu = 0.0;
    $client->subscribe([$topic => ['qos' => $qos, 'function' => function () use (&$got, &$begin, &$last, &$cpu): void {
        $cpu = $cpu ?: SideBySide::cpu();
        $last = hrtime(true);
        $begin = $begin ?: $last;
        ++$got;
    }]]);
    // All of it is there before the clock starts: how fast it is published is not the question.
    $feeder = SideBySide::feed($port, $topic, $qos, $count);
    $qos === 0 && SideBySide::await($feeder);
    for ($start = hrtime(true); $got < $count && (hrtime(true) - max($last, $start)) / 1e9 < 3;) {
        $client->proc();
    }
    $got > 0 && SideBySide::note($cpu, $got);
    $qos > 0 && proc_terminate($feeder);
    return $got === $count ? $got / (($last - $begin) / 1e9) : "stops at $got";
}
