<?php
/**
 * One request of an application that publishes on the connection of its worker. The query says what: publish=TEXT, and with
 * "acknowledged" it says "ok" only once the broker has it; else "ok" means that the message was handed over.
 */
declare(strict_types=1);
parse_str($_SERVER['QUERY_STRING'], $query);
$begin = hrtime(true);
$answer = ['pid' => getmypid(), 'ok' => false];
try {
    $options = ['persistent' => 'load', 'connectTimeout' => 1.0, 'reconnect' => ['minDelay' => 0.05, 'maxDelay' => 0.2], 'linger' => 10.0];
    if (!isset($query['anonymous'])) {
        $options['clientId'] = 'load-' . getmypid();
    }
    $client = new Mqtt\Client(getenv('MQTT_URI'), $options);
    $token = $client->publish('interop/load', $query['publish'], qos: 1);
    if (isset($query['acknowledged'])) {
        $client->wait($token, (float) ($query['timeout'] ?? 15));
    }
    $answer['ok'] = true;
} catch (Mqtt\Exception\Exception $e) {
    $answer += ['error' => $e::class, 'message' => $e->getMessage()];
}
$answer += ['seconds' => (hrtime(true) - $begin) / 1e9, 'clientId' => isset($client) ? $client->stats()['clientId'] : null];
header('Content-Type: application/json');
echo json_encode($answer);
