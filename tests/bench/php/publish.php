<?php
/**
 * publish.php URI QOS COUNT [SIZE [TOPIC]]: publishes COUNT messages of SIZE bytes (64) and prints one JSON line: "publish" is the loop of
 * publish() alone, "flushed" ends when everything was handed over and acknowledged.
 */
declare(strict_types=1);
require __DIR__ . '/measure.php';

[, $uri, $qos, $count] = $argv;
$qos = (int) $qos;
$count = (int) $count;
$payload = str_repeat('x', (int) ($argv[4] ?? 64));
$topic = $argv[5] ?? 'bench/php';

// The null broker speaks MQTT 3.1.1.
$client = new Mqtt\Client($uri, ['version' => Mqtt\Version::V3_1_1, 'offlineQueue' => ['maxBytes' => 1 << 30, 'maxMessages' => 10_000_000, 'whenFull' => 'block']]);
$client->connect();
for ($i = 0; $i < 1000; $i++) {
    $client->publish($topic, $payload, $qos);
}
$client->flush();

$whole = new Measure();
$loop = new Measure();
for ($i = 0; $i < $count; $i++) {
    $client->publish($topic, $payload, $qos);
}
$publish = $loop->stop($count);
$open = $client->flush(60.0);
echo json_encode(['qos' => $qos, 'size' => strlen($payload), 'open' => $open, 'publish' => $publish, 'flushed' => $whole->stop($count)]), "\n";
