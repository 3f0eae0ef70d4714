<?php
/**
 * A server and a client as they are written for imi-mqtt; mqtt/compat-imi-mqtt runs them on the extension, without imi and Swoole.
 *
 *     php -d extension=mqtt.so examples/php/compat-imi-mqtt.php server       # prints the port, and serves
 *     php -d extension=mqtt.so examples/php/compat-imi-mqtt.php client PORT
 */

// In a project: composer require mqtt/compat-imi-mqtt, and vendor/autoload.php.
require dirname(__DIR__, 2) . '/tests/php/compat/autoload.php';

use BinSoul\Net\Mqtt\Packet\PublishRequestPacket;
use BinSoul\Net\Mqtt\Packet\SubscribeRequestPacket;
use BinSoul\Net\Mqtt\Packet\SubscribeResponsePacket;
use BinSoul\Net\Mqtt\Packet\UnsubscribeRequestPacket;
use BinSoul\Net\Mqtt\Packet\UnsubscribeResponsePacket;
use Imi\MQTT\Client\Contract\IMQTTClientListener;
use Imi\MQTT\Client\MQTTClient;
use Imi\Server\MQTT\BaseMQTTController;
use Imi\Server\MQTT\Message\ReceiveData;
use Imi\Server\MQTT\Runner;

class MQTTController extends BaseMQTTController
{
    public function publish(PublishRequestPacket $request, ReceiveData $receiveData)
    {
        // To whom it should go is the program's business. Here it goes back.
        $message = new PublishRequestPacket();
        $message->setTopic($request->getTopic());
        $message->setPayload(strtoupper($request->getPayload()));
        return $message;
    }

    public function subscribe(SubscribeRequestPacket $request, ReceiveData $receiveData)
    {
        $response = new SubscribeResponsePacket();
        $response->setIdentifier($request->getIdentifier());
        $response->setReturnCodes($request->getQosLevels());
        return $response;
    }

    public function unsubscribe(UnsubscribeRequestPacket $request, ReceiveData $receiveData)
    {
        $response = new UnsubscribeResponsePacket();
        $response->setIdentifier($request->getIdentifier());
        return $response;
    }
}

class TestClientListener implements IMQTTClientListener
{
    /**
     * 连接确认
     *
     * @param \Imi\MQTT\Client\MQTTClient $client
     * @param \BinSoul\Net\Mqtt\Packet\ConnectResponsePacket $packet
     * @return void
     */
    public function connectACK(\Imi\MQTT\Client\MQTTClient $client, \BinSoul\Net\Mqtt\Packet\ConnectResponsePacket $packet)
    {
        echo "connectACK {$packet->getReturnCode()}\n";
        $client->subscribe('a/b', 0, 1);
    }

    /**
     * 发布
     *
     * @param \Imi\MQTT\Client\MQTTClient $client
     * @param \BinSoul\Net\Mqtt\Packet\PublishRequestPacket $packet
     * @return void
     */
    public function publish(\Imi\MQTT\Client\MQTTClient $client, \BinSoul\Net\Mqtt\Packet\PublishRequestPacket $packet)
    {
        echo "publish {$packet->getTopic()} {$packet->getPayload()}\n";
        $client->unsubscribe(['a/b'], 2);
    }

    /**
     * 发布确认
     *
     * @param \Imi\MQTT\Client\MQTTClient $client
     * @param \BinSoul\Net\Mqtt\Packet\PublishAckPacket $packet
     * @return void
     */
    public function publishAck(\Imi\MQTT\Client\MQTTClient $client, \BinSoul\Net\Mqtt\Packet\PublishAckPacket $packet)
    {
    }

    /**
     * 发布已收到(保证交付部分1)
     *
     * @param \Imi\MQTT\Client\MQTTClient $client
     * @param \BinSoul\Net\Mqtt\Packet\PublishReceivedPacket $packet
     * @return void
     */
    public function publishReceived(\Imi\MQTT\Client\MQTTClient $client, \BinSoul\Net\Mqtt\Packet\PublishReceivedPacket $packet)
    {
    }

    /**
     * 发布释放(确保交付的第2部分)
     *
     * @param \Imi\MQTT\Client\MQTTClient $client
     * @param \BinSoul\Net\Mqtt\Packet\PublishReleasePacket $packet
     * @return void
     */
    public function publishRelease(\Imi\MQTT\Client\MQTTClient $client, \BinSoul\Net\Mqtt\Packet\PublishReleasePacket $packet)
    {
    }

    /**
     * 发布完成(保证交付的第3部分)
     *
     * @param \Imi\MQTT\Client\MQTTClient $client
     * @param \BinSoul\Net\Mqtt\Packet\PublishCompletePacket $packet
     * @return void
     */
    public function publishComplete(\Imi\MQTT\Client\MQTTClient $client, \BinSoul\Net\Mqtt\Packet\PublishCompletePacket $packet)
    {
    }

    /**
     * 订阅确认
     *
     * @param \Imi\MQTT\Client\MQTTClient $client
     * @param \BinSoul\Net\Mqtt\Packet\SubscribeResponsePacket $packet
     * @return void
     */
    public function subscribeACK(\Imi\MQTT\Client\MQTTClient $client, \BinSoul\Net\Mqtt\Packet\SubscribeResponsePacket $packet)
    {
        echo "subscribeACK {$packet->getIdentifier()}\n";
        $client->publish('a/b', 'hello');
    }

    /**
     * 取消订阅确认
     *
     * @param \Imi\MQTT\Client\MQTTClient $client
     * @param \BinSoul\Net\Mqtt\Packet\UnsubscribeResponsePacket $packet
     * @return void
     */
    public function unsubscribeACK(\Imi\MQTT\Client\MQTTClient $client, \BinSoul\Net\Mqtt\Packet\UnsubscribeResponsePacket $packet)
    {
        echo "unsubscribeACK {$packet->getIdentifier()}\n";
        $client->ping();
    }

    /**
     * Ping 响应
     *
     * @param \Imi\MQTT\Client\MQTTClient $client
     * @param \BinSoul\Net\Mqtt\Packet\PingResponsePacket $packet
     * @return void
     */
    public function ping(\Imi\MQTT\Client\MQTTClient $client, \BinSoul\Net\Mqtt\Packet\PingResponsePacket $packet)
    {
        echo "ping\n";
        $client->disconnect();
    }
}

if (($argv[1] ?? '') === 'server') {
    $config = [
        'mainServer' => [
            'namespace' => 'ImiApp\MQTTServer',
            'type' => 'MQTT',
            'host' => '127.0.0.1',
            'port' => (int) ($argv[2] ?? 0),
            'controller' => \MQTTController::class,
            // 'configs' => [
            //     // 启用 MQTTS 配置证书
            //     'ssl_cert_file' => dirname(__DIR__) . '/ssl/server.crt',
            //     'ssl_key_file' => dirname(__DIR__) . '/ssl/server.key',
            // ],
        ],
    ];
    $runner = new Runner($config);
    $runner->listen();
    echo 'port ', $runner->getServers()['main']->getPort(), "\n";
    $runner->run();
} else {
    $client = new MQTTClient([
        'host' => '127.0.0.1',
        'port' => $argv[2] ?? 8081,
    ], new TestClientListener);
    $client->wait(); // 开始循环接收,直到关闭连接
}
