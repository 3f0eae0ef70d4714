<?php
/** One request: publishes its query on the connection that its worker keeps; with "receive" it returns what has arrived. */
declare(strict_types=1);
$client = new Mqtt\Client(getenv('MQTT_URI'), ['persistent' => 'interop', 'clientId' => 'fpm-' . getmypid()]);
parse_str($_SERVER['QUERY_STRING'], $query);
$answer = ['pid' => getmypid()];
if (isset($query['publish'])) {
    usleep(2000);                       // long enough that the other worker gets requests too
    $client->publish('interop/fpm', $query['publish'], qos: 1);
}
if (isset($query['subscribe'])) {
    $client->subscribe($query['subscribe'], qos: 1);
}
if (isset($query['receive'])) {
    $answer['received'] = $client->receive(10.0)?->payload;
}
header('Content-Type: application/json');
echo json_encode($answer);
