<?php
/**
 * values.php [COUNT]: what the border between Rust and PHP costs, without any connection; prints one JSON line. "decode" and "encode" are
 * PUBLISH packets of 64 bytes at QoS 1 (MQTT 3.1.1) as typed objects, "connect" and "subscribe" the packets of these names. Encoding
 * is measured packet by packet and in batches.
 */
declare(strict_types=1);
require __DIR__ . '/measure.php';

$count = (int) ($argv[1] ?? 1_000_000);
const BATCH = 1000;
$version = Mqtt\Version::V3_1_1;
$publish = new Mqtt\Packet\Publish('bench/values/some/topic', str_repeat('x', 64), 1, packetId: 7);
$subscribe = new Mqtt\Packet\Subscribe(7, [new Mqtt\Subscription('a/+/c', 1), new Mqtt\Subscription('b/#'), new Mqtt\Subscription('c', 2)]);
$connect = new Mqtt\Packet\Connect('client', username: 'user', password: 'password');

$results = [];
foreach (['publish' => $publish, 'subscribe' => $subscribe, 'connect' => $connect] as $name => $packet) {
    $bytes = str_repeat($packet->encode($version), BATCH);
    $decode = static function (callable $each) use ($bytes, $count, $version): array {
        $measure = new Measure();
        for ($i = 0; $i < $count; $i += BATCH) {
            $decoder = new Mqtt\Decoder($version);
            $decoder->push($bytes);
            $each($decoder->all());
        }
        return $measure->stop($count);
    };
    $nothing = static function (array $packets): void {
    };
    $decode($nothing);
    $results["decode-$name"] = $decode($nothing);
    $measure = new Measure();
    for ($i = 0; $i < $count; $i++) {
        $packet->encode($version);
    }
    $results["encode-$name"] = $measure->stop($count);
    $many = array_fill(0, BATCH, $packet);
    $measure = new Measure();
    for ($i = 0; $i < $count; $i += BATCH) {
        Mqtt\Codec::encode($many, $version);
    }
    $results["encode-batch-$name"] = $measure->stop($count);
}
echo json_encode($results), "\n";
