<?php
declare(strict_types=1);

// What a program for simps/mqtt looks like, as people have written them for coroutines. With mqtt/compat-simps-mqtt it runs
// unchanged, in a coroutine where Swoole is loaded and without one elsewhere:
//
//     php -d extension=mqtt.so examples/php/compat-simps-mqtt.php 127.0.0.1 1883

use Simps\MQTT\Client;
use Simps\MQTT\Config\ClientConfig;
use Simps\MQTT\Hex\ReasonCode;
use Simps\MQTT\Protocol\Types;
use Simps\MQTT\Tools\Common;

// In a project: require 'vendor/autoload.php';
require_once dirname(__DIR__, 2) . '/tests/php/compat/autoload.php';

$main = static function () use ($argv): void {
    $config = new ClientConfig([
        'clientId' => Client::genClientID(),
        'keepAlive' => 20,
        'protocolName' => MQTT_PROTOCOL_NAME,
        'protocolLevel' => MQTT_PROTOCOL_LEVEL_5_0,
        'properties' => ['session_expiry_interval' => 60, 'receive_maximum' => 65535, 'topic_alias_maximum' => 65535],
        'delay' => 3000,
        'maxAttempts' => 5,
        'swooleConfig' => ['open_mqtt_protocol' => true, 'package_max_length' => 2 * 1024 * 1024, 'connect_timeout' => 5.0, 'write_timeout' => 5.0, 'read_timeout' => 20.0],
    ]);
    $client = new Client($argv[1] ?? '127.0.0.1', (int) ($argv[2] ?? 1883), $config);
    $connack = $client->connect(true, ['topic' => 'simps/users/001/delete', 'qos' => MQTT_QOS_1, 'retain' => MQTT_RETAIN_0, 'message' => 'byebye', 'properties' => ['will_delay_interval' => 1]]);
    /** @var array{code: int} $connack */
    echo 'connect: ', ReasonCode::getReasonPhrase($connack['code']), PHP_EOL;

    $client->subscribe(['simps/users/001/#' => ['qos' => MQTT_QOS_1, 'no_local' => false, 'retain_as_published' => true, 'retain_handling' => MQTT_RETAIN_2]]);
    // Sent without waiting: publish() would return what comes first, which may be the message itself.
    $client->send([
        'type' => Types::PUBLISH,
        'topic' => 'simps/users/001/status',
        'message' => 'online',
        'qos' => MQTT_QOS_1,
        'message_id' => $client->buildMessageId(),
        'properties' => ['content_type' => 'text/plain', 'sent-by' => 'example'],
    ], false);

    $timeSincePing = time();
    while (true) {
        $buffer = $client->recv();
        if ($buffer && $buffer !== true) {
            /** @var array{type: int, topic: string, message: string, qos: int, message_id?: int, code: int, properties: array<string, string>} $buffer */
            if ($buffer['type'] === Types::PUBLISH) {
                echo "{$buffer['topic']}: {$buffer['message']} ({$buffer['properties']['sent-by']})", PHP_EOL;
                if ($buffer['qos'] === MQTT_QOS_1) {
                    $client->send(['type' => Types::PUBACK, 'message_id' => $buffer['message_id'] ?? 0], false);
                }
                $client->close();
                break;
            }
            if ($buffer['type'] === Types::DISCONNECT) {
                echo sprintf('Broker is disconnected, The reason is %s [%d]', ReasonCode::getReasonPhrase($buffer['code']), $buffer['code']), PHP_EOL;
                $client->close($buffer['code']);
                break;
            }
            echo Types::getType($buffer['type']), ' ', Common::hexStream(pack('n', $buffer['message_id'] ?? 0)), PHP_EOL;
        }
        if ($timeSincePing <= (time() - $config->getKeepAlive())) {
            if ($client->ping()) {
                $timeSincePing = time();
            }
        }
    }
};

if (extension_loaded('swoole')) {
    Swoole\Coroutine\run($main);
} else {
    $main();
}
