<?php
/**
 * Publishes one message, or each line of the standard input.
 *
 *     php -d extension=target/release/mqtt.so examples/php/publish.php TOPIC [MESSAGE [URI]]
 */
declare(strict_types=1);

if ($argc < 2) {
    fwrite(STDERR, "usage: publish.php TOPIC [MESSAGE [URI]]\n");
    exit(2);
}
$client = new Mqtt\Client($argv[3] ?? 'mqtt://127.0.0.1:1883');

if (($argv[2] ?? '-') !== '-') {
    $client->publish($argv[1], $argv[2], qos: 1);
} else {
    while (($line = fgets(STDIN)) !== false) {
        $client->publish($argv[1], rtrim($line, "\n"), qos: 1);
    }
}
// Nothing to wait for: leaving the script hands over what is still on its way.
