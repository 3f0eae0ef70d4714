<?php
declare(strict_types=1);

// The drop-in beside php-mqtt/client itself, whose source folder (the one with MqttClient.php) is the argument, against a broker:
//
//     php -d extension=target/release/mqtt.so tests/bench/php/compat/php-mqtt-client.php PORT [/path/to/client/src] [rounds]
//
// Messages of 64 bytes, MQTT 3.1.1. "in flight": windows of twenty, which is what mosquitto grants. The original writes to a
// blocking socket here; without that it takes a full buffer for a lost connection.

use PhpMqtt\Client\ConnectionSettings;
use PhpMqtt\Client\MqttClient;

require __DIR__ . '/SideBySide.php';
require dirname(__DIR__, 3) . '/php/compat/psr-log.php';

const ROWS = [
    'publish QoS 0', 'publish QoS 1, in flight', 'publish QoS 2, in flight', 'publish and wait QoS 1, loop(false, true)', 'publish and wait QoS 2, loop(false, true)',
    'publish and wait QoS 1, loop(true, true)', 'publish and wait QoS 2, loop(true, true)', 'receive QoS 0', 'receive QoS 1', 'receive QoS 2',
    'build PUBLISH QoS 1', 'parse PUBLISH QoS 1',
];

if (($argv[1] ?? '') !== '--measure') {
    SideBySide::compare(__FILE__, ROWS, $argv[2] ?? null, (int) ($argv[3] ?? 5), (int) ($argv[1] ?? 1883));
    exit;
}
[, , $row, $sources, $port] = $argv;
load($sources);
echo SideBySide::answer(measure($row, (int) $port));

function load(string $sources): void
{
    if ($sources === '') {
        require dirname(__DIR__, 3) . '/php/compat/autoload.php';
        return;
    }
    spl_autoload_register(static function (string $class) use ($sources): void {
        $file = "$sources/" . str_replace('\\', '/', substr($class, strlen('PhpMqtt\\Client\\'))) . '.php';
        if (str_starts_with($class, 'PhpMqtt\\Client\\') && is_file($file)) {
            require_once $file;
        }
        // The original needs myclabs/php-enum; the drop-in has one like it.
        if ($class === 'MyCLabs\\Enum\\Enum') {
            require_once dirname(__DIR__, 4) . '/php/compat/php-mqtt-client/src/Enum.php';
            class_alias(PhpMqtt\Client\Enum::class, $class);
        }
    });
}

function measure(string $row, int $port): float|string
{
    $payload = str_repeat('x', 64);
    if (str_starts_with($row, 'build') || str_starts_with($row, 'parse')) {
        return codec($row, $payload);
    }
    preg_match('/QoS (\d)/', $row, $match);
    $qos = (int) $match[1];
    $client = new MqttClient('127.0.0.1', $port, null, MqttClient::MQTT_3_1_1);
    $client->connect((new ConnectionSettings())->useBlockingSocket(true)->setKeepAliveInterval(60), true);
    if (str_starts_with($row, 'receive')) {
        return receive($client, $port, $qos);
    }
    $topic = 'bench/php';
    $isWaiting = str_starts_with($row, 'publish and wait');
    $allowSleep = str_contains($row, 'loop(true');
    return SideBySide::rate(function () use ($client, $topic, $payload, $qos, $isWaiting, $allowSleep): int {
        $count = $isWaiting ? 1 : 20;
        for ($i = 0; $i < $count; ++$i) {
            $client->publish($topic, $payload, $qos);
        }
        if ($qos > 0) {
            $client->loop($allowSleep, true);
        }
        return $count;
    }, warmUp: 3);
}

function receive(MqttClient $client, int $port, int $qos): float|string
{
    $topic = 'bench/receive/' . getmypid();
    $count = [20_000, 10_000, 5_000][$qos];
    $got = $begin = $end = 0;
    $cpu = 0.0;
    $client->subscribe($topic, function () use (&$got, &$begin, &$end, &$cpu, $count, $client): void {
        $begin = $begin ?: hrtime(true);
        $cpu = $cpu ?: SideBySide::cpu();
        if (++$got === $count) {
            $end = hrtime(true);
            $client->interrupt();
        }
    }, $qos);
    $client->registerLoopEventHandler(function (MqttClient $client, float $elapsed): void {
        $elapsed > 30 && $client->interrupt();
    });
    $client->loopOnce(microtime(true), true);
    $client->loopOnce(microtime(true), true);
    // All of it is there before the clock starts: how fast it is published is not the question.
    $feeder = SideBySide::feed($port, $topic, $qos, $count);
    $qos === 0 && SideBySide::await($feeder);
    $client->loop();
    $end > 0 && SideBySide::note($cpu, $got);
    $qos > 0 && proc_terminate($feeder);
    return $end > 0 ? $got / (($end - $begin) / 1e9) : "lost at $got";
}

function codec(string $row, string $payload): float
{
    $processor = new PhpMqtt\Client\MessageProcessors\Mqtt311MessageProcessor('bench', new Psr\Log\NullLogger());
    $bytes = $processor->buildPublishMessage('bench/php', $payload, 1, false, 7);
    return SideBySide::rate(function () use ($row, $processor, $payload, $bytes): int {
        for ($i = 0; $i < 1000; ++$i) {
            $row[0] === 'b' ? $processor->buildPublishMessage('bench/php', $payload, 1, false, 7) : $processor->parseAndValidateMessage($bytes);
        }
        return 1000;
    }, 0.5, 3);
}
