<?php
/** exit_at_once.php URI TOPIC COUNT HOW: publishes COUNT messages at QoS 1 and leaves in the way HOW says. */
declare(strict_types=1);
[, $uri, $topic, $count, $how] = $argv;
$client = new Mqtt\Client($uri, ['linger' => 20.0]);
for ($i = 0; $i < (int) $count; $i++) {
    $client->publish($topic, (string) $i, qos: 1);
}
match ($how) {
    'end' => null,
    'exit' => exit(0),
    'exception' => throw new RuntimeException('on purpose'),
    'fatal' => eval('not_a_function();'),
    'unset' => $client = null,
};
