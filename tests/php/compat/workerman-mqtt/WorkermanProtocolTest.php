<?php
declare(strict_types=1);

require_once __DIR__ . '/WorkermanCase.php';

use Mqtt\Packet\Publish;
use Workerman\Connection\AsyncTcpConnection;
use Workerman\Connection\ConnectionInterface;
use Workerman\Connection\TcpConnection;
use Workerman\Mqtt\Client;
use Workerman\Mqtt\Consts\MQTTConst;
use Workerman\Mqtt\Protocols\Mqtt;
use Workerman\Mqtt\Protocols\Mqtt5;
use Workerman\Mqtt\Protocols\ProtocolInterface;
use Workerman\Mqtt\Protocols\Ws;

/** The protocol classes by themselves, as clients and servers of Workerman call them. */
final class WorkermanProtocolTest extends WorkermanCase
{
    private function link(): ConnectionInterface
    {
        return new AsyncTcpConnection('tcp://127.0.0.1:1');
    }

    /** @dataProvider packets */
    public function testPackets(string $class, array $packet, ?array $decoded = null): void
    {
        $link = $this->link();
        $bytes = $class::encode($packet, $link);
        $this->assertSame(strlen($bytes), $class::input($bytes . 'more', $link));
        foreach ([0, 1, strlen($bytes) - 1] as $length) {
            $this->assertSame(0, $class::input(substr($bytes, 0, $length), $link));
        }
        $this->assertSame($decoded ?? $packet, $class::decode($bytes, $link));
        $this->assertSame($packet, $class::pack($packet, $link));
        $this->assertSame($packet, $class::unpack($packet, $link));
    }

    public static function packets(): iterable
    {
        // Decoded arrays have their keys in this order.
        $connect = ['cmd' => 1, 'protocol_name' => 'MQTT', 'protocol_level' => 4, 'clean_session' => 1, 'will' => ['qos' => 1, 'retain' => 1, 'topic' => 'w', 'content' => 'gone'], 'username' => 'joe', 'password' => 'secret', 'keepalive' => 50, 'client_id' => 'me'];
        yield 'CONNECT' => [Mqtt::class, $connect];
        yield 'CONNECT, least' => [Mqtt::class, ['username' => '', 'password' => ''] + array_diff_key($connect, ['will' => 0]), ['cmd' => 1, 'protocol_name' => 'MQTT', 'protocol_level' => 4, 'clean_session' => 1, 'username' => '', 'password' => '', 'keepalive' => 50, 'client_id' => 'me']];
        yield 'CONNECT, 3.1' => [Mqtt::class, ['protocol_name' => 'MQIsdp', 'protocol_level' => 3] + $connect, ['cmd' => 1, 'protocol_name' => 'MQIsdp', 'protocol_level' => 3] + $connect];
        yield 'CONNACK' => [Mqtt::class, ['cmd' => 2, 'session_present' => 1, 'code' => 0]];
        yield 'CONNACK, refused' => [Mqtt::class, ['cmd' => 2, 'session_present' => 0, 'code' => 5]];
        yield 'PUBLISH' => [Mqtt::class, ['cmd' => 3, 'topic' => 'a/b', 'content' => str_repeat('x', 300), 'dup' => 1, 'qos' => 1, 'retain' => 1, 'message_id' => 10]];
        yield 'PUBLISH, QoS 0' => [Mqtt::class, ['cmd' => 3, 'topic' => 'a/b', 'content' => '', 'dup' => 0, 'qos' => 0, 'retain' => 0]];
        foreach ([4, 5, 6, 7, 11] as $type) {
            yield "type $type" => [Mqtt::class, ['cmd' => $type, 'message_id' => 65535]];
        }
        yield 'SUBSCRIBE' => [Mqtt::class, ['cmd' => 8, 'message_id' => 1, 'topics' => ['a' => 0, 'b/#' => 1, '+/c' => 2, 123 => 1]]];
        yield 'SUBACK' => [Mqtt::class, ['cmd' => 9, 'message_id' => 1, 'codes' => [0, 1, 2, 128]]];
        yield 'UNSUBSCRIBE' => [Mqtt::class, ['cmd' => 10, 'message_id' => 1, 'topics' => ['a', '0', 'b/#']]];
        foreach ([12, 13, 14] as $type) {
            yield "type $type" => [Mqtt::class, ['cmd' => $type]];
        }

        $will = ['properties' => ['will_delay_interval' => 5], 'qos' => 1, 'retain' => 1, 'topic' => 'w', 'content' => 'gone'];
        yield 'CONNECT, MQTT 5' => [Mqtt5::class, ['cmd' => 1, 'protocol_name' => 'MQTT', 'protocol_level' => 5, 'clean_session' => 1, 'properties' => ['session_expiry_interval' => 60, 'maximum_packet_size' => 100_000, 'mine' => str_repeat('v', 300)], 'will' => $will, 'username' => 'joe', 'password' => 'secret', 'keepalive' => 50, 'client_id' => 'me']];
        yield 'CONNACK, MQTT 5' => [Mqtt5::class, ['cmd' => 2, 'session_present' => 0, 'code' => 0, 'properties' => ['server_keep_alive' => 3, 'maximum_packet_size' => 70_000, 'assigned_client_identifier' => 'x']]];
        yield 'PUBLISH, MQTT 5' => [Mqtt5::class, ['cmd' => 3, 'dup' => 0, 'qos' => 2, 'retain' => 0, 'topic' => 'a', 'message_id' => 3, 'properties' => ['topic_alias' => 1, 'content_type' => str_repeat('t', 200)], 'content' => 'x']];
        foreach ([4, 5, 6, 7] as $type) {
            yield "type $type, MQTT 5" => [Mqtt5::class, ['cmd' => $type, 'message_id' => 3, 'code' => $type < 6 ? 0x97 : 0x92, 'properties' => ['reason_string' => 'no']]];
            yield "type $type, MQTT 5, least" => [Mqtt5::class, ['cmd' => $type, 'message_id' => 3], ['cmd' => $type, 'message_id' => 3, 'code' => 0]];
        }
        $options = ['qos' => 1, 'no_local' => true, 'retain_as_published' => false, 'retain_handling' => 2];
        yield 'SUBSCRIBE, MQTT 5' => [Mqtt5::class, ['cmd' => 8, 'message_id' => 1, 'properties' => ['subscription_identifier' => 268_435_455], 'topics' => ['a' => $options]]];
        yield 'SUBACK, MQTT 5' => [Mqtt5::class, ['cmd' => 9, 'message_id' => 1, 'codes' => [0, 135]]];
        yield 'UNSUBSCRIBE, MQTT 5' => [Mqtt5::class, ['cmd' => 10, 'message_id' => 1, 'topics' => ['a', 'b']]];
        yield 'UNSUBACK, MQTT 5' => [Mqtt5::class, ['cmd' => 11, 'message_id' => 1, 'codes' => [0, 17]]];
        yield 'DISCONNECT, MQTT 5' => [Mqtt5::class, ['cmd' => 14, 'code' => 0x8D, 'properties' => ['server_reference' => 'there']]];
        yield 'AUTH' => [Mqtt5::class, ['cmd' => 15, 'code' => 0x18, 'properties' => ['authentication_method' => 'm', 'authentication_data' => "\0"]]];
    }

    public function testTypesThatAreNone(): void
    {
        $link = $this->link();
        $this->assertSame('', Mqtt::encode(['cmd' => 15], $link));
        $this->assertSame('', Mqtt::encode(['cmd' => 0], $link));
        $this->assertSame([], Mqtt::decode("\0\0", $link));
        $this->assertSame([], Mqtt5::decode("\0\0", $link));
        $this->expectException(InvalidArgumentException::class);
        $this->expectExceptionMessage('MQTT Type not exist');
        Mqtt5::encode(['cmd' => 16], $link);
    }

    /** One byte of a packet once gave an exception, 'Malformed Remaining Length', which ended the connection. */
    public function testOneByteIsTheBeginningOfAPacket(): void
    {
        $this->assertSame(0, Mqtt5::input("\x30", $this->link()));
        $this->assertSame(0, Mqtt5::input("\x30\x80", $this->link()));
    }

    public function testInputRefusesWhatIsNoMqttAndToldIsWhatIsTooLarge(): void
    {
        $link = $this->link();
        $this->assertSame(-1, Mqtt::input("\x36\x05\0\x01a\0\x01", $link));
        $this->assertSame(-1, Mqtt::input("\x30\xFF\xFF\xFF\xFF\x01", $link));
        $link->maxPackageSize = 1000;
        $this->assertSame(16386, Mqtt::input("\x30\xFF\x7F", $link));
    }

    public function testHelpers(): void
    {
        $this->assertSame("\0\x03abc", Mqtt::packString('abc'));
        $this->assertSame(3, Mqtt::getCmd("\x3D\0"));
        $this->assertSame(321, Mqtt::getBodyLength("\x30\xC1\x02", $head));
        $this->assertSame(3, $head);
        $this->assertSame(0, Mqtt::getBodyLength("\x30\xC1", $head));
        $this->assertSame(0, $head);
        $this->assertSame('ab', Mqtt::getBody("\x30\x02abc"));
        $buffer = "\0\x02hirest";
        $this->assertSame('hi', Mqtt::readString($buffer));
        $this->assertSame('rest', $buffer);
        $this->assertSame(0x7265, Mqtt::readShortInt($buffer));
        $this->assertSame("\x3D\xC1\x02", Mqtt::packHead(3, 321, 1, 2, 1));
        foreach (array_slice((new ReflectionClass(MQTTConst::class))->getConstants(), -15, 14) as $name => $value) {
            $this->assertSame($value, constant(Mqtt::class . "::$name"));
        }
    }

    public function testInitSettlesClassAddressAndContext(): void
    {
        $options = ['protocol_level' => 5, 'bindto' => '127.0.0.1:0', 'ssl' => false];
        $address = 'mqtts://mqtts.example:1';
        $context = [];
        $this->assertSame(Mqtt5::class, Mqtt::init($address, $options, $context));
        $this->assertSame(['mqtt://mqtts.example:1', true, ['socket' => ['bindto' => '127.0.0.1:0']]], [$address, $options['ssl'], $context]);
        $options = ['protocol_level' => 4, 'bindto' => '', 'ssl' => ['verify_peer' => false], 'uri' => '/path'];
        $address = 'wss://wss.example:1';
        $context = [];
        $this->assertSame(Ws::class, Ws::init($address, $options, $context));
        $this->assertSame(['ws://wss.example:1/path', ['ssl' => ['verify_peer' => false]]], [$address, $context]);
        $address = 'mqtt://127.0.0.1:1';
        $this->assertSame(Mqtt::class, Mqtt5::init($address, $options, $context));
        foreach ([Mqtt::class, Mqtt5::class, Ws::class] as $class) {
            $this->assertTrue(is_a($class, ProtocolInterface::class, true) && is_a($class, Workerman\Protocols\ProtocolInterface::class, true));
        }
    }

    public function testAWebSocketServerIsNotSupported(): void
    {
        [$here] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
        $link = new TcpConnection($this->loop, $here);
        foreach ([fn () => Ws::input('x', $link), fn () => Ws::decode('x', $link), fn () => Ws::encode('x', $link)] as $call) {
            try {
                $call();
                $this->fail();
            } catch (RuntimeException $why) {
                $this->assertSame('Not support. ', $why->getMessage());
            }
        }
    }

    /** @dataProvider levels */
    public function testOverWebSocket(int $level): void
    {
        $server = new \Mqtt\Server(['listen' => 'ws://127.0.0.1:0/mqtt', 'shards' => 1]);
        $server->start();
        $this->loop->onReadable($server->stream(), static fn () => $server->dispatch());
        try {
            $address = (string) preg_replace('~/mqtt$~', '', $server->addresses()[0]);
            $client = $this->connected($address, ['protocol_level' => $level, 'reconnect_period' => 1]);
            $client->subscribe('w/#', ['qos' => 2], $this->note('subscribe'));
            $this->assertEvents(['subscribe {"w\/#":2}']);
            $client->publish('w/1', str_repeat('x', 70_000), ['qos' => 1]);
            $this->assertEvents(['message w/1 ' . str_repeat('x', 70_000)]);
            // A connection that is made again needs a handshake of its own.
            $client->onReconnect = function (Client $client): void {
                $client->onMqttReconnect();
                $client->publish('w/2', 'again', ['qos' => 2]);
            };
            $client->getConnection()->destroy();
            $this->assertEvents(['close', 'message w/2 again']);
        } finally {
            $server->stop(0.1);
        }
    }

    public static function levels(): iterable
    {
        yield '3.1.1' => [4];
        yield '5' => [5];
    }

    /** Under TLS Workerman writes when its loop turns again, and a connection that is closed before was not told goodbye. */
    public function testOverTlsUpToTheDisconnect(): void
    {
        $folder = sys_get_temp_dir() . '/mqtt-tls-' . getmypid();
        is_dir($folder) || mkdir($folder);
        $command = ['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
            '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', "$folder/key.pem", '-out', "$folder/cert.pem"];
        $null = ['file', '/dev/null', 'w'];
        $process = proc_open($command, [1 => $null, 2 => $null], $pipes);
        $process !== false && proc_close($process) === 0 || $this->markTestSkipped('there is no openssl');
        try {
            $address = $this->server(null, ['listen' => 'mqtts://127.0.0.1:0', 'tls' => ['certFile' => "$folder/cert.pem", 'keyFile' => "$folder/key.pem"]]);
            $client = $this->connected($address, ['ssl' => ['cafile' => "$folder/cert.pem", 'peer_name' => 'localhost']]);
            $client->publish('t', str_repeat('x', 200_000));
            $this->until(fn (): bool => $this->got(Publish::class) !== []);
            $client->publish('t', 'last');
            $client->disconnect();
            $this->assertEvents(['close']);
            $this->until(fn (): bool => $this->ends !== []);
            $this->assertSame('last', $this->got(Publish::class)[1]->payload);
            $this->assertStringContainsString('the client disconnected', $this->ends[0]);
        } finally {
            array_map('unlink', glob("$folder/*"));
            rmdir($folder);
        }
    }

    /** MQTT-6.0.0-2: packets and frames need not begin together. Only what a frame held first was once read. */
    public function testAFrameMayHoldSeveralPacketsOrAPart(): void
    {
        $client = $this->client('ws://127.0.0.1:1');
        $link = $client->getConnection();
        $bytes = '';
        foreach (['one', 'two', 'three'] as $content) {
            $bytes .= Mqtt::encode(['cmd' => 3, 'topic' => 't', 'content' => $content], $link);
        }
        $client->onConnectionMessage($link, substr($bytes, 0, 10));
        $client->onConnectionMessage($link, substr($bytes, 10, 1));
        $client->onConnectionMessage($link, substr($bytes, 11));
        $this->assertSame(['message t one', 'message t two', 'message t three'], $this->events);
    }
}
