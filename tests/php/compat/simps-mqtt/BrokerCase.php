<?php
declare(strict_types=1);

namespace Mqtt\Tests\Compat\Simps;

use Broker;
use PHPUnit\Framework\TestCase;
use Simps\MQTT\BaseClient;
use Simps\MQTT\Client;
use Simps\MQTT\Config\ClientConfig;
use Simps\MQTT\Hex\ReasonCode;
use Simps\MQTT\Message\Will;
use Simps\MQTT\Protocol\Types;
use Simps\MQTT\WebSocketClient;

require_once dirname(__DIR__) . '/autoload.php';

/** The clients with a broker: whatever a request is answered with comes back as its array. */
abstract class BrokerCase extends TestCase
{
    private static ?Broker $broker = null;
    private static int $webSocketPort = 0;

    /** "mqtt" or "mosquitto". */
    abstract protected static function program(): string;

    public static function setUpBeforeClass(): void
    {
        $socket = stream_socket_server('tcp://127.0.0.1:0');
        self::$webSocketPort = (int) substr((string) strrchr((string) stream_socket_get_name($socket, false), ':'), 1);
        fclose($socket);
        self::$broker = Broker::run(static::program(), ['listener ' . self::$webSocketPort . ' 127.0.0.1', 'protocol websockets']);
    }

    public static function tearDownAfterClass(): void
    {
        self::$broker?->stop();
        self::$broker = null;
    }

    /** A client that waits long, so that a busy machine is no time-out. */
    private function client(array $config, int $type = Client::SYNC_CLIENT_TYPE): BaseClient
    {
        $config += ['clientId' => BaseClient::genClientID(), 'swooleConfig' => ['read_timeout' => 20, 'connect_timeout' => 20]];
        $configuration = new ClientConfig($config);

        return $type === BaseClient::WEBSOCKET_CLIENT_TYPE
            ? new WebSocketClient('127.0.0.1', self::$webSocketPort, $configuration)
            : new Client('127.0.0.1', self::$broker->port, $configuration, $type);
    }

    public static function ways(): iterable
    {
        $versions = ['3.1' => ['protocolName' => 'MQIsdp', 'protocolLevel' => 3], '3.1.1' => [], '5' => ['protocolLevel' => 5]];
        $types = ['blocking' => Client::SYNC_CLIENT_TYPE, 'coroutine' => Client::COROUTINE_CLIENT_TYPE, 'WebSocket' => Client::WEBSOCKET_CLIENT_TYPE];
        foreach ($versions as $version => $config) {
            foreach ($types as $name => $type) {
                yield "$version, $name" => [$config, $type];
            }
        }
    }

    /** @dataProvider ways */
    public function testARequestIsAnsweredWithItsPacket(array $config, int $type): void
    {
        $isFive = ($config['protocolLevel'] ?? 4) === 5;
        $client = $this->client($config, $type);
        $answer = $client->connect();
        $this->assertSame([Types::CONNACK, 0, 0], [$answer['type'], $answer['session_present'], $answer['code']]);
        $topic = 'answers/' . uniqid();
        $this->assertSame(['type' => 9, 'message_id' => 1, 'codes' => [1]], $client->subscribe([$topic => $isFive ? ['qos' => 1] : 1]));
        $this->assertTrue($client->publish('nobody/listens', 'm'));
        $answer = $client->publish('nobody/listens', 'm', 1);
        $this->assertSame([Types::PUBACK, 2], [$answer['type'], $answer['message_id']]);
        $answer = $client->publish('nobody/listens', 'm', 2);
        $this->assertSame([Types::PUBREC, 3], [$answer['type'], $answer['message_id']]);
        $answer = $client->send(['type' => Types::PUBREL, 'message_id' => 3]);
        $this->assertSame([Types::PUBCOMP, 3], [$answer['type'], $answer['message_id']]);
        $this->assertSame(['type' => Types::PINGRESP], $client->ping());
        $answer = $client->unSubscribe([$topic]);
        $this->assertSame([Types::UNSUBACK, 4] + ($isFive ? [2 => [0]] : []), array_values($answer));
        $this->assertTrue($client->close());
        $this->assertFalse($client->close());
    }

    /** @dataProvider ways */
    public function testMessagesOfEveryQoSAreAcknowledgedByTheProgram(array $config, int $type): void
    {
        $isFive = ($config['protocolLevel'] ?? 4) === 5;
        $topic = 'messages/' . uniqid();
        $receiver = $this->client($config, $type);
        $receiver->connect();
        $receiver->subscribe([$topic => $isFive ? ['qos' => 2] : 2]);
        $sender = $this->client($config);
        $sender->connect();
        foreach ([0, 1, 2] as $qos) {
            // mosquitto takes seconds for a large message over WebSocket.
            $payload = str_repeat(chr(250 + $qos), $type === Client::WEBSOCKET_CLIENT_TYPE ? 500 : 100_000);
            $answer = $sender->publish($topic, $payload, $qos, 0, 0, $isFive ? ['k' => 'v'] : []);
            if ($qos === 2) {
                $sender->send(['type' => Types::PUBREL, 'message_id' => $answer['message_id']]);
            }
            $message = $receiver->recv();
            $this->assertSame([Types::PUBLISH, $qos, $topic, $payload], [$message['type'], $message['qos'], $message['topic'], $message['message']]);
            $this->assertSame($isFive ? ['k' => 'v'] : null, $message['properties'] ?? null);
            if ($qos === 1) {
                $this->assertTrue($receiver->send(['type' => Types::PUBACK, 'message_id' => $message['message_id']], false));
            } elseif ($qos === 2) {
                $answer = $receiver->send(['type' => Types::PUBREC, 'message_id' => $message['message_id']]);
                $this->assertSame([Types::PUBREL, $message['message_id']], [$answer['type'], $answer['message_id']]);
                $this->assertTrue($receiver->send(['type' => Types::PUBCOMP, 'message_id' => $message['message_id']], false));
            }
        }
        $this->assertSame(['type' => Types::PINGRESP], $receiver->ping());
    }

    /** Whatever arrives first is returned: a message of the own subscription may come before the acknowledgement. */
    public function testTheFirstPacketIsReturned(): void
    {
        $client = $this->client([]);
        $client->connect();
        $topic = 'first/' . uniqid();
        $client->subscribe([$topic => 0]);
        $packets = [$client->publish($topic, 'm', 1), $client->recv()];
        $this->assertEqualsCanonicalizing([Types::PUBACK, Types::PUBLISH], array_column($packets, 'type'));
    }

    public function testAWillAndARetainedMessage(): void
    {
        foreach ([4, 5] as $level) {
            $topic = 'state/' . uniqid();
            $options = $level === 5 ? ['qos' => 1] : 1;
            $dying = $this->client(['protocolLevel' => $level]);
            $will = new Will(['topic' => $topic, 'message' => 'gone', 'qos' => 1, 'retain' => 1]);
            $dying->connect(true, $will->toArray());
            $dying->publish($topic, 'here', 1, 0, 1);
            $watching = $this->client(['protocolLevel' => $level]);
            $watching->connect();
            // SUBACK and the retained message, in the order that the broker likes.
            $packets = array_column([$watching->subscribe([$topic => $options]), $watching->recv()], null, 'type');
            $this->assertSame(['here', 1], [$packets[Types::PUBLISH]['message'], $packets[Types::PUBLISH]['retain']]);
            $watching->send(['type' => Types::PUBACK, 'message_id' => $packets[Types::PUBLISH]['message_id']], false);
            $dying->getClient()->close();
            $this->assertSame('gone', $watching->recv()['message']);
            $watching->publish($topic, '', 1, 0, 1);
        }
    }

    public function testASessionIsKept(): void
    {
        $id = BaseClient::genClientID('kept-');
        $first = $this->client(['clientId' => $id]);
        $this->assertSame(0, $first->connect(false)['session_present']);
        $first->subscribe(["kept/$id" => 1]);
        $first->close();
        $sender = $this->client([]);
        $sender->connect();
        $sender->publish("kept/$id", 'meanwhile', 1);
        $second = $this->client(['clientId' => $id]);
        $this->assertSame(1, $second->connect(false)['session_present']);
        $this->assertSame('meanwhile', $second->recv()['message']);
        $second->close();
        $this->assertSame(0, $this->client(['clientId' => $id])->connect(true)['session_present']);
    }

    public function testMqtt5(): void
    {
        // Properties alone make it MQTT 5.
        $client = $this->client(['properties' => ['session_expiry_interval' => 0, 'receive_maximum' => 5, 'client' => 'test']]);
        $this->assertTrue($client->getConfig()->isMQTT5());
        $this->assertSame(0, $client->connect()['code']);
        $topic = 'five/' . uniqid();
        $answer = $client->subscribe([$topic => ['qos' => 1, 'no_local' => true], '$share/g/' . $topic => ['qos' => 0]]);
        $this->assertSame([1, 0], $answer['codes']);
        $this->assertSame(Types::PUBACK, $client->publish($topic . '/x', 'm', 1, 0, 0, ['content_type' => 'a/b', 'message_expiry_interval' => 10])['type']);
        $other = $this->client(['protocolLevel' => 5]);
        $other->connect();
        $other->publish($topic, 'm', 0, 0, 0, ['correlation_data' => 'c', 'response_topic' => 'r', 'who' => 'other']);
        $this->assertSame(['correlation_data' => 'c', 'response_topic' => 'r', 'who' => 'other'], array_diff_key($client->recv()['properties'], ['subscription_identifier' => 0]));
        $this->assertTrue($client->close(ReasonCode::NORMAL_DISCONNECTION, ['bye' => 'bye']));
    }

    public function testEmptyTopics(): void
    {
        foreach ([[[], 'Topic cannot be empty'], [['protocolLevel' => 5], 'Topic cannot be empty or need to set topic_alias']] as [$config, $message]) {
            $client = $this->client($config);
            $client->connect();
            try {
                $client->publish('', 'm');
                $this->fail('not refused');
            } catch (\Simps\MQTT\Exception\ProtocolException $e) {
                $this->assertSame($message, $e->getMessage());
            }
            try {
                $client->connect(true, ['message' => 'm']);
                $this->fail('not refused');
            } catch (\Simps\MQTT\Exception\ProtocolException $e) {
                $this->assertSame('Topic cannot be empty', $e->getMessage());
            }
            // The original took "0" for empty.
            $this->assertSame(Types::PUBACK, $client->publish('0', 'm', 1)['type']);
        }
    }

    public function testTrueWhenNothingComesInTime(): void
    {
        $client = $this->client(['swooleConfig' => ['read_timeout' => 0.05]]);
        $client->connect();
        // CONNACK may have been late; nothing comes after it.
        while ($client->recv() !== true);
        $this->assertTrue($client->recv());
        $this->assertTrue($client->getClient()->isConnected());
    }

    public function testVerbose(): void
    {
        $client = $this->client(['verbose' => MQTT_VERBOSE_HEX_STREAM]);
        $client->connect();
        $this->expectOutputString("20020000\nd000\n");
        $client->ping();
    }
}
