<?php
/**
 * A script for phpMQTT: it subscribes, publishes to itself, and waits for one message.
 *
 *     php -d extension=target/release/mqtt.so examples/php/compat-phpmqtt.php [HOST [PORT]]
 */
declare(strict_types=1);

require dirname(__DIR__, 2) . '/php/compat/phpmqtt/phpMQTT.php';

$mqtt = new Bluerhinos\phpMQTT($argv[1] ?? '127.0.0.1', (int) ($argv[2] ?? 1883), 'phpMQTT-example');
if (!$mqtt->connect(true, null, null, null)) {
    exit(1);
}

$messages = 0;
$topics = [];
$topics['sensors/+/temperature'] = ['qos' => 1, 'function' => function (string $topic, string $message) use (&$messages): void {
    echo "$topic: $message\n";
    $messages++;
}];
$mqtt->subscribe($topics, 0);
$mqtt->publish('sensors/1/temperature', '21.5', 1, false);
while ($messages === 0 && $mqtt->proc()) {
}

$mqtt->publish('sensors/last', 'bye', 1, true);
echo 'the last word: ', $mqtt->subscribeAndWaitForMessage('sensors/last', 1), "\n";
$mqtt->close();
