<?php
/**
 * Prints what arrives.
 *
 *     php -d extension=target/release/mqtt.so examples/php/subscribe.php [FILTER [URI [COUNT]]]
 *
 * With COUNT it ends after that many messages; Ctrl-C ends it too.
 */
declare(strict_types=1);

$filter = $argv[1] ?? '#';
$uri = $argv[2] ?? 'mqtt://127.0.0.1:1883';
$count = (int) ($argv[3] ?? 0);

$client = new Mqtt\Client($uri);
$client->subscribe($filter, qos: 1, handler: function (Mqtt\Message $message) use ($client, &$count): void {
    printf("%s  %s\n", $message->topic, $message->payload);
    if ($count > 0 && --$count === 0) {
        $client->stop();
    }
});
echo "subscribed to $filter\n";
$client->run();
