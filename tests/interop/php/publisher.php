<?php
/**
 * publisher.php URI TOPIC QOS: for each line "N" on the standard input, publishes the next N numbers and answers "sent";
 * for "flush", waits for all and answers with how many are open; for "stats", the counters.
 */
declare(strict_types=1);
[, $uri, $topic, $qos] = $argv;
$client = new Mqtt\Client($uri, ['clientId' => 'publisher-' . getmypid(), 'sessionExpiryInterval' => 300, 'reconnect' => ['minDelay' => 0.05, 'maxDelay' => 0.5]]);
$client->connect();
$client->subscribe("$topic/control", qos: 1);
echo "ready\n";
$next = 0;
while (($line = fgets(STDIN)) !== false) {
    $line = trim($line);
    if ($line === 'flush') {
        echo $client->flush(30.0), "\n";
    } elseif ($line === 'stats') {
        echo json_encode($client->stats()), "\n";
    } elseif ($line === 'receive') {
        echo $client->receive(20.0)?->payload ?? 'nothing', "\n";
    } else {
        for ($i = 0; $i < (int) $line; $i++) {
            $client->publish("$topic/data", (string) $next++, qos: (int) $qos);
        }
        echo "sent\n";
    }
}
