<?php
/** receiver.php URI FILTER QOS COUNT: prints the payloads of COUNT messages, one per line, then "reconnects N". */
declare(strict_types=1);
[, $uri, $filter, $qos, $count] = $argv;
$client = new Mqtt\Client($uri, ['clientId' => 'receiver-' . getmypid(), 'sessionExpiryInterval' => 300, 'reconnect' => ['minDelay' => 0.05, 'maxDelay' => 0.5]]);
$client->subscribe($filter, qos: (int) $qos);
echo "ready\n";
for ($i = 0; $i < (int) $count; $i++) {
    $message = $client->receive(20.0);
    echo $message === null ? 'nothing' : $message->payload, "\n";
}
// A doubled message would come now.
echo $client->receive(0.5) === null ? 'end' : 'more than that', "\n";
echo 'reconnects ', $client->stats()['reconnects'], "\n";
$client->disconnect();
