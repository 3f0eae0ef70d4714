<?php
/**
 * wait.php URI QOS COUNT [SIZE]: publishes COUNT messages one at a time, each acknowledged before the next, and prints one JSON line.
 */
declare(strict_types=1);
require __DIR__ . '/measure.php';

[, $uri, $qos, $count] = $argv;
$qos = (int) $qos;
$count = (int) $count;
$payload = str_repeat('x', (int) ($argv[4] ?? 64));
// The null broker speaks MQTT 3.1.1.
$client = new Mqtt\Client($uri, ['version' => Mqtt\Version::V3_1_1]);
$client->connect();
for ($i = 0; $i < min(100, $count); $i++) {
    $client->wait($client->publish('bench/wait', $payload, $qos));
}
$measure = new Measure();
for ($i = 0; $i < $count; $i++) {
    $client->wait($client->publish('bench/wait', $payload, $qos));
}
echo json_encode(['qos' => $qos, 'wait' => $measure->stop($count)]), "\n";
