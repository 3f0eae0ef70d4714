<?php
/**
 * The request that script/bench sends to PHP-FPM: publishes one message at QoS 1 on a persistent connection, waits for its acknowledgement,
 * and answers with the microseconds that took.
 */
declare(strict_types=1);
$begin = hrtime(true);
$client = new Mqtt\Client((string) getenv('MQTT_URI'), ['persistent' => 'bench', 'version' => Mqtt\Version::V3_1_1]);
$client->wait($client->publish('bench/fpm', 'x', 1), 5.0);
$wall = (hrtime(true) - $begin) / 1000;
echo json_encode(['wall' => $wall, 'connections' => $client->stats()['connections']]), "\n";
