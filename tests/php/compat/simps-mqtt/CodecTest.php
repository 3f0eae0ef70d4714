<?php
declare(strict_types=1);

namespace Mqtt\Tests\Compat\Simps;

use PHPUnit\Framework\TestCase;
use Simps\MQTT\Config\ClientConfig;
use Simps\MQTT\Exception;
use Simps\MQTT\Message\PubAck;
use Simps\MQTT\Packet;
use Simps\MQTT\Property;
use Simps\MQTT\Protocol\V3;
use Simps\MQTT\Protocol\V5;
use Simps\MQTT\Tools\Common;
use Simps\MQTT\Tools\PackTool;
use Simps\MQTT\Tools\UnPackTool;

require_once dirname(__DIR__) . '/autoload.php';

/** Errors, and where this differs from the original on purpose. */
final class CodecTest extends TestCase
{
    private const CONNECT = ['type' => 1, 'protocol_name' => 'MQTT', 'protocol_level' => 4, 'clean_session' => true, 'client_id' => 'c'];

    /** @param callable(): mixed $call */
    private function refused(string $class, string $message, callable $call): void
    {
        try {
            $call();
        } catch (\Throwable $e) {
            $this->assertSame($class, $e::class, $e->getMessage());
            $this->assertStringStartsWith($message, $e->getMessage());

            return;
        }
        $this->fail("not refused: $message");
    }

    public function testParentsOfTheExceptions(): void
    {
        foreach ([
            Exception\ConnectException::class => \RuntimeException::class,
            Exception\RuntimeException::class => \RuntimeException::class,
            Exception\ProtocolException::class => \InvalidArgumentException::class,
            Exception\InvalidArgumentException::class => \InvalidArgumentException::class,
            Exception\LengthException::class => \LengthException::class,
        ] as $class => $parent) {
            $this->assertSame($parent, get_parent_class($class));
        }
    }

    public function testTypesThatDoNotExist(): void
    {
        foreach ([[V3::class, [0, 15, 16, -1]], [V5::class, [0, 16]]] as [$protocol, $types]) {
            foreach ($types as $type) {
                $this->refused(Exception\InvalidArgumentException::class, 'MQTT Type not exist', fn () => $protocol::pack(['type' => $type]));
            }
            $this->refused(Exception\InvalidArgumentException::class, 'MQTT Type not exist', fn () => $protocol::pack([]));
            $this->assertSame([], $protocol::unpack("\0\0"));
        }
        $this->assertSame([], V3::unpack("\xf0\0"));
        $this->assertSame(['type' => 15, 'code' => 0], V5::unpack("\xf0\0"));
    }

    public function testMissingAndWrongFields(): void
    {
        foreach ([
            ['type' => 3, 'message' => 'm'],
            ['type' => 3, 'topic' => 't', 'qos' => 1],
            ['type' => 4],
            ['type' => 9, 'message_id' => 1],
            ['type' => 3, 'topic' => []],
        ] as $array) {
            $this->refused(Exception\RuntimeException::class, 'Key "', fn () => V3::pack($array));
            $this->refused(\TypeError::class, 'Key "', fn () => V5::pack($array));
        }
        $this->refused(\TypeError::class, 'Key "topic" must be of type string, null given', fn () => Packet\Pack::publish([]));
    }

    public function testBytesThatEndTooEarly(): void
    {
        foreach ([V3::class, V5::class] as $protocol) {
            foreach (['', "\x30", "\x30\x80", "\x30\xff\xff\xff\xff\x01"] as $bytes) {
                $this->refused(Exception\LengthException::class, 'Malformed Remaining Length', fn () => $protocol::unpack($bytes));
            }
            // The topic would be 0x6162 bytes long.
            $this->refused(Exception\LengthException::class, 'unpack remaining length error, get 24930', fn () => $protocol::unpack("\x30\x10abc"));
            $this->refused(Exception\LengthException::class, 'unpack remaining length error, get 16', fn () => $protocol::unpack("\x30\x03\x00\x10a"));
            $this->refused(Exception\LengthException::class, 'unpack remaining length error, get 1', fn () => $protocol::unpack("\x40\x01\x00"));
        }
    }

    public function testPropertiesThatDoNotBelong(): void
    {
        $this->refused(Exception\InvalidArgumentException::class, 'Property [0x7f] not exist', fn () => V5::unpack("\x30\x07\x00\x01t\x02\x7f\x01m"));
        $this->refused(Exception\InvalidArgumentException::class, 'Property [0x21] not exist', fn () => V5::unpack("\x30\x07\x00\x01t\x03\x21\x00\x01"));
        $bytes = "\x1f\0\x01rrest";
        $this->refused(Exception\InvalidArgumentException::class, 'Property [0x1f] not exist', function () use ($bytes) {
            return Property\UnPackProperty::connect(4, $bytes);
        });
    }

    public function testPropertiesAreTakenFromTheFront(): void
    {
        $bytes = "\x26\0\x01a\0\x01brest";
        foreach (['connect', 'willProperties', 'connAck', 'publish', 'pubAndSub', 'subscribe', 'unSubscribe', 'disConnect', 'auth'] as $method) {
            $remaining = $bytes;
            $this->assertSame(['a' => 'b'], Property\UnPackProperty::$method(7, $remaining));
            $this->assertSame('rest', $remaining);
            $this->assertSame([], Property\UnPackProperty::$method(0, $remaining));
            $this->assertSame('rest', $remaining);
            $this->refused(Exception\LengthException::class, 'unpack remaining length error, get 5', function () use ($method, $remaining) {
                return Property\UnPackProperty::$method(5, $remaining);
            });
        }
    }

    public function testWhatMqttDoesNotAllow(): void
    {
        $this->refused(Exception\ProtocolException::class, 'QoS 3 not supported', fn () => V3::pack(self::CONNECT + ['will' => ['topic' => 't', 'message' => 'm', 'qos' => 3]]));
        $this->refused(Exception\ProtocolException::class, 'QoS 3 not supported', fn () => V5::pack(['protocol_level' => 5] + self::CONNECT + ['will' => ['topic' => 't', 'message' => 'm', 'qos' => 3]]));
        $this->refused(Exception\ProtocolException::class, 'PUBLISH: topic name contains a wildcard', fn () => V3::pack(['type' => 3, 'topic' => 'a/#', 'message' => 'm']));
        $this->refused(Exception\ProtocolException::class, 'PUBLISH: QoS is 3', fn () => V3::unpack("\x36\x05\0\1a\0\1"));
        $this->refused(Exception\ProtocolException::class, 'Key "message_id" must be between 1 and 65535, 0 given', fn () => (string) new PubAck());
        $this->refused(Exception\ProtocolException::class, '65536 is not between 0 and 65535', fn () => PackTool::string(str_repeat('x', 65536)));
        $this->refused(Exception\ProtocolException::class, '268435456 is not between 0 and 268435455', fn () => PackTool::varInt(268435456));
    }

    /** V3 serves MQTT 3.1 and 3.1.1; what CONNECT names decides, with whichever class it is read. */
    public function testConnectIsReadInItsOwnVersion(): void
    {
        $connect = V5::pack(['protocol_level' => 5, 'properties' => ['receive_maximum' => 5]] + self::CONNECT);
        $this->assertSame(['receive_maximum' => 5], V3::unpack($connect)['properties']);
        $this->assertSame(3, V3::unpack(V3::pack(['protocol_name' => 'MQIsdp', 'protocol_level' => 3] + self::CONNECT))['protocol_level']);
    }

    /** The original threw: PHP has made an int of the key. */
    public function testTopicsThatLookLikeNumbers(): void
    {
        $this->assertSame('820700010002313201', bin2hex(V3::pack(['type' => 8, 'message_id' => 1, 'topics' => ['12' => 1]])));
        $this->assertSame([12 => ['qos' => 1, 'no_local' => false, 'retain_as_published' => false, 'retain_handling' => 0]], V5::unpack(V5::pack(['type' => 8, 'message_id' => 1, 'topics' => ['12' => ['qos' => 1]]]))['topics']);
    }

    /** The original wrote QoS 0 for an int, and a length that MQTT 5 reads otherwise. */
    public function testSubscribeTakesAPlainQoSInMqtt5(): void
    {
        $this->assertSame(2, V5::unpack(V5::pack(['type' => 8, 'message_id' => 1, 'topics' => ['a' => 2]]))['topics']['a']['qos']);
    }

    /** The original read the property length as one byte and failed with "Property [0x0] not exist". */
    public function testPropertiesOfMoreThan127Bytes(): void
    {
        $properties = ['content_type' => str_repeat('x', 300)];
        $this->assertSame($properties, V5::unpack(V5::pack(['type' => 3, 'topic' => 't', 'message' => 'm', 'properties' => $properties]))['properties']);
        $body = substr(Property\PackProperty::publish($properties), 2);
        $this->assertSame($properties, Property\UnPackProperty::publish(strlen($body), $body));
    }

    /** The original read SUBSCRIBE with identifier 1 as one without topics, and took a byte of the payload of PUBLISH. */
    public function testSubscriptionIdentifiers(): void
    {
        $subscribe = V5::unpack(V5::pack(['type' => 8, 'message_id' => 1, 'topics' => ['a' => ['qos' => 1]], 'properties' => ['subscription_identifier' => 1]]));
        $this->assertSame([['subscription_identifier' => 1], ['a']], [$subscribe['properties'], array_keys($subscribe['topics'])]);
        $publish = V5::unpack(V5::pack(['type' => 3, 'topic' => 't', 'message' => 'mmm', 'properties' => ['subscription_identifier' => 3]]));
        $this->assertSame([3, 'mmm'], [$publish['properties']['subscription_identifier'], $publish['message']]);
        $publish['properties']['subscription_identifier'] = [3, 4];
        $this->assertSame([3, 4], V5::unpack(V5::pack($publish))['properties']['subscription_identifier']);
    }

    /** The original wrote a bare identifier for the key "user_property", and no peer could read the packet. */
    public function testUserPropertiesAsPairs(): void
    {
        $properties = ['user_property' => [['k', '1'], ['k', '2']], 'other' => 'x'];
        $bytes = V5::pack(['type' => 3, 'topic' => 't', 'message' => 'm', 'properties' => $properties]);
        $this->assertSame([['k', '1'], ['k', '2'], ['other', 'x']], \Mqtt\Codec::decode($bytes, \Mqtt\Version::V5)->properties->userProperties);
        $this->assertSame(['k' => '2', 'other' => 'x'], V5::unpack($bytes)['properties']);
    }

    /** A user property named like a property overwrote it: a stranger could say what the alias is. */
    public function testAUserPropertyDoesNotPassForAProperty(): void
    {
        $bytes = V5::pack(['type' => 3, 'topic' => 't', 'message' => 'm', 'properties' => ['topic_alias' => 3, 'user_property' => [['topic_alias', 'x']]]]);
        $this->assertSame(['topic_alias' => 3, 'user_property' => [['topic_alias', 'x']]], V5::unpack($bytes)['properties']);
    }

    /** The original sent it, which brokers answer by closing the connection. */
    public function testDupIsNotSentAtQoS0(): void
    {
        $this->assertSame(0, V3::unpack(V3::pack(['type' => 3, 'topic' => 't', 'message' => 'm', 'dup' => 1]))['dup']);
    }

    /** As in the original: the flags of one packet, and what follows it is not looked at. */
    public function testBytesBehindThePacket(): void
    {
        $this->assertSame(['type' => 4, 'message_id' => 1], V3::unpack("\x40\x02\0\1more"));
    }

    public function testFieldsFromTheFront(): void
    {
        $bytes = "\0\2ab\1\2\x80\1\1\2\xfe\x80\1\5rest";
        $this->assertSame('ab', UnPackTool::string($bytes));
        $this->assertSame(258, UnPackTool::shortInt($bytes));
        $this->assertSame(2147549442, UnPackTool::longInt($bytes));
        $this->assertSame(254, UnPackTool::byte($bytes));
        $this->assertSame(128, UnPackTool::varInt($bytes, $length));
        $this->assertSame(2, $length);
        $this->assertSame(5, UnPackTool::varInt($bytes, $length));
        $this->assertSame([1, 'rest'], [$length, $bytes]);
        foreach (['string' => "\0\x09ab", 'shortInt' => 'a', 'longInt' => 'abc', 'byte' => ''] as $method => $short) {
            $this->refused(Exception\LengthException::class, 'unpack remaining length error, get ', function () use ($method, $short) {
                return UnPackTool::$method($short);
            });
        }
        $long = "\xff\xff\xff\xff\x01";
        $this->refused(Exception\LengthException::class, 'Malformed Remaining Length', function () use ($long) {
            return UnPackTool::varInt($long, $length);
        });
    }

    public function testLevelOfAConnect(): void
    {
        $this->assertSame(5, UnPackTool::getLevel(V5::pack(['protocol_level' => 5] + self::CONNECT)));
        $this->refused(Exception\InvalidArgumentException::class, 'packet must be of type connect, pingreq given', fn () => UnPackTool::getLevel("\xc0\0"));
        $this->refused(Exception\InvalidArgumentException::class, 'packet must be of type connect,  given', fn () => UnPackTool::getLevel("\xb0\0"));
        $this->refused(Exception\LengthException::class, 'unpack remaining length error, get 4', fn () => UnPackTool::getLevel("\x10\x02\0\0"));
    }

    public function testCommonKnowsWhatDebugKnows(): void
    {
        $this->refused(\Error::class, 'Call to undefined method Simps\MQTT\Tools\Debug::nope()', fn () => Common::nope('x'));
    }

    public function testConfiguration(): void
    {
        $config = new ClientConfig(['clientId' => 'c', 'swooleConfig' => ['read_timeout' => 1], 'headers' => ['X' => 'y'], 'delay' => 5, 'unknown' => 1]);
        $this->assertSame(['open_mqtt_protocol' => true, 'read_timeout' => 1], $config->getSwooleConfig());
        $this->assertSame(['Sec-Websocket-Protocol' => 'mqtt', 'X' => 'y'], $config->getHeaders());
        $this->assertSame(['c', 5, 4, false], [$config->getClientId(), $config->getDelay(), $config->getProtocolLevel(), $config->isMQTT5()]);
        $this->assertTrue($config->setProperties(['a' => 'b'])->isMQTT5());
        $this->assertSame(5, $config->getProtocolLevel());
        $this->assertSame($config, $config->setMaxAttempts(-1)->setSockType(3)->setVerbose(MQTT_VERBOSE_TEXT));
    }
}
