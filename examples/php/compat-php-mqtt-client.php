<?php
/**
 * A service for php-mqtt/client: it subscribes, publishes to itself at each QoS, and leaves when everything has come.
 *
 *     php -d extension=target/release/mqtt.so examples/php/compat-php-mqtt-client.php [HOST [PORT]]
 *
 * It needs `composer require mqtt/compat-php-mqtt-client`.
 */
declare(strict_types=1);

use PhpMqtt\Client\ConnectionSettings;
use PhpMqtt\Client\Exceptions\MqttClientException;
use PhpMqtt\Client\MqttClient;

require getenv('MQTT_AUTOLOAD') ?: 'vendor/autoload.php';

$settings = (new ConnectionSettings())
    ->setKeepAliveInterval(30)
    ->setLastWillTopic('shop/status')
    ->setLastWillMessage('offline')
    ->setLastWillQualityOfService(MqttClient::QOS_AT_LEAST_ONCE);
try {
    $client = new MqttClient($argv[1] ?? '127.0.0.1', (int) ($argv[2] ?? 1883), 'shop-service', MqttClient::MQTT_3_1_1);
    $client->connect($settings, true);

    $received = 0;
    $client->subscribe('shop/orders/+', function (string $topic, string $message, bool $retained, array $matchedWildcards) use ($client, &$received): void {
        printf("order %s: %s\n", $matchedWildcards[0], $message);
        if (++$received === 3) {
            $client->interrupt();
        }
    }, MqttClient::QOS_EXACTLY_ONCE);
    $client->registerLoopEventHandler(function (PhpMqtt\Client\Contracts\MqttClient $client, float $elapsedTime): void {
        if ($elapsedTime > 30) {
            $client->interrupt();
        }
    });
    foreach ([MqttClient::QOS_AT_MOST_ONCE, MqttClient::QOS_AT_LEAST_ONCE, MqttClient::QOS_EXACTLY_ONCE] as $qos) {
        $client->publish("shop/orders/$qos", "sent with QoS $qos", $qos);
    }
    $client->loop();
    $client->disconnect();
    echo "done\n";
} catch (MqttClientException $e) {
    fwrite(STDERR, get_class($e) . ": {$e->getMessage()}\n");
    exit(1);
}
