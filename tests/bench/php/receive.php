<?php
/**
 * receive.php URI QOS COUNT [TOPIC]: prints "ready", receives COUNT messages with a handler, and prints one JSON line.
 * The clock starts with the first message.
 */
declare(strict_types=1);
require __DIR__ . '/measure.php';

[, $uri, $qos, $count] = $argv;
$count = (int) $count;
$client = new Mqtt\Client($uri, ['version' => Mqtt\Version::V3_1_1]);
$measure = null;
$got = 0;
$client->subscribe($argv[4] ?? 'bench/php', qos: (int) $qos, handler: function (Mqtt\Message $message) use (&$measure, &$got, $count, $client): void {
    $measure ??= new Measure();
    if (++$got === $count) {
        $client->stop();
    }
});
echo "ready\n";
$client->run();
echo json_encode(['qos' => (int) $qos, 'receive' => $measure->stop($count)]), "\n";
