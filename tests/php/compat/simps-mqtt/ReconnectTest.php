<?php
declare(strict_types=1);

namespace Mqtt\Tests\Compat\Simps;

use PHPUnit\Framework\TestCase;
use Script;
use Simps\MQTT\Client;
use Simps\MQTT\Config\ClientConfig;
use Simps\MQTT\Exception\ConnectException;
use Simps\MQTT\Exception\ProtocolException;
use Simps\MQTT\Protocol\Types;
use Simps\MQTT\Protocol\V3;
use Simps\MQTT\WebSocketClient;

require_once dirname(__DIR__) . '/autoload.php';

/** Connections that fail, break, and are made again. The server is this test, or a script where both have to act at once. */
final class ReconnectTest extends TestCase
{
    private const CONNACK = "\x20\x02\0\0";

    /** @var resource */
    private $listener;
    private int $port;

    protected function setUp(): void
    {
        $this->listener = stream_socket_server('tcp://127.0.0.1:0');
        $this->port = (int) substr((string) strrchr((string) stream_socket_get_name($this->listener, false), ':'), 1);
    }

    private function client(array $config = []): Client
    {
        return new Client('127.0.0.1', $this->port, new ClientConfig($config + ['clientId' => 'c', 'delay' => 1, 'swooleConfig' => ['read_timeout' => 20]]), Client::SYNC_CLIENT_TYPE);
    }

    /**
     * The next connection, which has got CONNACK before it asks.
     *
     * @return resource
     */
    private function accepted(string $bytes = self::CONNACK)
    {
        $socket = stream_socket_accept($this->listener, 20);
        fwrite($socket, $bytes);

        return $socket;
    }

    /** @param resource $socket */
    private function packet($socket): array
    {
        stream_set_timeout($socket, 20);
        $head = (string) stream_get_contents($socket, 2);

        return V3::unpack($head . stream_get_contents($socket, ord($head[1])));
    }

    public function testNobodyListens(): void
    {
        fclose($this->listener);
        foreach ([fn () => $this->client(), fn () => new WebSocketClient('127.0.0.1', $this->port, new ClientConfig())] as $connect) {
            try {
                $connect();
                $this->fail('no exception');
            } catch (ConnectException $e) {
                $this->assertSame(['Connection refused', 111], [$e->getMessage(), $e->getCode()]);
                $this->assertInstanceOf(\Mqtt\Exception\TransportException::class, $e->getPrevious());
            }
        }
    }

    public function testAHostThatCannotBe(): void
    {
        $this->expectException(ConnectException::class);
        new Client('no host', $this->port, new ClientConfig());
    }

    public function testWithoutAttemptsTheEndIsAnException(): void
    {
        $client = $this->client();
        $server = $this->accepted();
        $this->assertSame(Types::CONNACK, $client->connect()['type']);
        $this->packet($server);
        fclose($server);
        try {
            $client->recv();
            $this->fail('no exception');
        } catch (ConnectException $e) {
            $this->assertSame(0, $e->getCode());
            $this->assertInstanceOf(\Mqtt\Exception\ClosedException::class, $e->getPrevious());
        }
    }

    /** CONNECT was not read, so the system resets the connection; that is an end like any other. */
    public function testAConnectionThatIsReset(): void
    {
        $client = $this->client(['maxAttempts' => 1, 'swooleConfig' => ['read_timeout' => 1]]);
        $server = $this->accepted();
        $client->connect();
        fclose($server);
        $this->assertTrue($client->recv());
        $this->assertSame(Types::CONNECT, $this->packet($this->accepted())['type']);
        $client->getConfig()->setMaxAttempts(0);
        $client->recv();
        try {
            $client->recv();
            $this->fail('no exception');
        } catch (ConnectException $e) {
            $this->assertInstanceOf(\Mqtt\Exception\Exception::class, $e->getPrevious());
        }
    }

    public function testTheConnectionIsMadeAgainWithTheSameConnect(): void
    {
        $client = $this->client(['maxAttempts' => 1, 'userName' => 'joe', 'password' => 'pw', 'swooleConfig' => ['read_timeout' => 1]]);
        $server = $this->accepted();
        $client->connect(false, ['topic' => 'w', 'message' => 'gone', 'qos' => 1]);
        $first = $this->packet($server);
        fclose($server);
        // There is no CONNACK yet; that is no error.
        $this->assertTrue($client->recv());
        $server = $this->accepted();
        $this->assertSame($first, $this->packet($server));
        $this->assertSame([0, 'gone', 'joe', 'pw'], [$first['clean_session'], $first['will']['message'], $first['user_name'], $first['password']]);
        $this->assertSame(Types::CONNACK, $client->recv()['type']);
        // And nothing else: subscriptions are the program's.
        $client->close();
        $this->assertSame(['type' => Types::DISCONNECT], $this->packet($server));
    }

    public function testTheProgramMaySendItElsewhere(): void
    {
        $client = $this->client(['maxAttempts' => 1, 'swooleConfig' => ['read_timeout' => 1]]);
        $server = $this->accepted();
        $client->connect();
        $this->packet($server);
        $this->setUp();
        $client->setPort($this->port);
        fclose($server);
        $this->assertTrue($client->recv());
        $this->assertSame(Types::CONNECT, $this->packet($this->accepted())['type']);
    }

    public function testAttemptsEnd(): void
    {
        $client = $this->client(['maxAttempts' => 3]);
        $server = $this->accepted();
        $client->connect();
        // Read, so that the end is an end and no reset.
        $this->packet($server);
        fclose($this->listener);
        fclose($server);
        try {
            $client->recv();
            $this->fail('no exception');
        } catch (ConnectException $e) {
            $this->assertSame(['Connection refused', 111], [$e->getMessage(), $e->getCode()]);
        }
    }

    /** In the original such a server kept a client in a recursion without an end. */
    public function testAServerThatOnlyAccepts(): void
    {
        fclose($this->listener);
        $server = new Script('
            $listener = stream_socket_server("tcp://127.0.0.1:0");
            echo strrchr(stream_socket_get_name($listener, false), ":"), "\n";
            for ($count = 0; $count < 4; $count++) {
                $socket = stream_socket_accept($listener, 30);
                if ($count === 0) { fwrite($socket, "\x20\x02\0\0"); }
                fread($socket, 1000);
                fclose($socket);
            }
            echo "$count connections\n";
        ');
        $this->port = (int) $server->expect('~^:(\d+)\n~', 20);
        $client = $this->client(['maxAttempts' => 3]);
        $client->connect();
        try {
            $client->recv();
            $this->fail('no exception');
        } catch (ConnectException) {
            $this->assertSame("4 connections\n", $server->expect('~\d+ connections\n~', 20));
        }
    }

    /** In the original a publish at QoS 0 on a broken connection was lost and said true. */
    public function testAPacketWithoutAnswerIsSentAgain(): void
    {
        $client = $this->client(['maxAttempts' => 1, 'swooleConfig' => ['read_timeout' => 1]]);
        fclose($this->accepted());
        // Since the end was seen, there is no connection.
        $client->getClient()->close();
        $this->assertTrue($client->publish('t', 'm'));
        $server = $this->accepted();
        $this->assertSame(Types::CONNECT, $this->packet($server)['type']);
        $publish = $this->packet($server);
        $this->assertSame(['t', 'm'], [$publish['topic'], $publish['message']]);
    }

    public function testCloseOfABrokenConnection(): void
    {
        $client = $this->client();
        fclose($this->accepted());
        // Whether the end was seen is a matter of time; it is no exception.
        $client->close();
        $this->assertFalse($client->close());
    }

    public function testWhatIsNoPacket(): void
    {
        $client = $this->client(['swooleConfig' => ['read_timeout' => 20, 'package_max_length' => 1000]]);
        $server = $this->accepted("\x30\xff\x7f");
        try {
            $client->recv();
            $this->fail('no exception');
        } catch (ProtocolException $e) {
            $this->assertStringContainsString('larger', $e->getMessage());
            $this->assertFalse($client->getClient()->isConnected());
        }
        fclose($server);
    }

    public function testATextFrameEndsAWebSocket(): void
    {
        $server = new Script('
            $listener = stream_socket_server("tcp://127.0.0.1:0");
            echo strrchr(stream_socket_get_name($listener, false), ":"), "\n";
            $socket = stream_socket_accept($listener, 30);
            for ($request = ""; !str_ends_with($request, "\r\n\r\n"); $request .= fread($socket, 1000));
            preg_match("~Sec-WebSocket-Key: (\S+)~i", $request, $key);
            $accept = base64_encode(sha1($key[1] . "258EAFA5-E914-47DA-95CA-C5AB0DC85B11", true));
            fwrite($socket, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: $accept\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n");
            fwrite($socket, "\x81\x04\x20\x02\0\0");
            echo json_encode($request), "\n";
            fread($socket, 1000);
        ');
        $port = (int) $server->expect('~^:(\d+)\n~', 20);
        $client = new WebSocketClient('127.0.0.1', $port, new ClientConfig(['headers' => ['X-Token' => 'secret'], 'swooleConfig' => ['read_timeout' => 20]]), '/path');
        $request = json_decode($server->expect('~^(".*")\n~m', 20));
        $this->assertMatchesRegularExpression('~^GET /path HTTP/1.1\r\n.*Sec-WebSocket-Protocol: mqtt\r\n.*X-Token: secret\r\n~is', $request);
        $this->expectException(ProtocolException::class);
        $this->expectExceptionMessage('MQTT Control Packets MUST be sent in WebSocket binary data frames.');
        $client->recv();
    }

    public function testTypesAndPlaces(): void
    {
        $client = $this->client();
        $this->assertSame([Client::SYNC_CLIENT_TYPE, '127.0.0.1', $this->port, '/mqtt', false], [$client->getClientType(), $client->getHost(), $client->getPort(), $client->getPath(), $client->getSsl()]);
        $this->assertInstanceOf(\Mqtt\PacketClient::class, $client->getClient());
        $this->assertSame([], $client->getConnectData());
        $this->assertNull($client->getConnectData('will'));
        $coroutine = new Client('127.0.0.1', $this->port, new ClientConfig());
        $this->assertSame(Client::COROUTINE_CLIENT_TYPE, $coroutine->getClientType());
        $this->assertSame([1, 2], [$client->buildMessageId(), $client->buildMessageId()]);
        for ($id = 3; $id <= 65535; $id++) {
            $last = $client->buildMessageId();
        }
        $this->assertSame([65535, 1], [$last, $client->buildMessageId()]);
        $this->assertMatchesRegularExpression('~^Simps_[0-9a-f]{13}$~', Client::genClientID());
        $this->assertStringStartsWith('x', Client::genClientID('x'));
    }

    public function testOverAUnixSocket(): void
    {
        $path = sys_get_temp_dir() . '/simps-' . uniqid() . '.sock';
        $listener = stream_socket_server("unix://$path");
        // SWOOLE_SOCK_UNIX_STREAM.
        $client = new Client($path, 0, new ClientConfig(['sockType' => 5, 'swooleConfig' => ['read_timeout' => 20]]), Client::SYNC_CLIENT_TYPE);
        $server = stream_socket_accept($listener, 20);
        fwrite($server, self::CONNACK);
        $this->assertSame(Types::CONNACK, $client->connect()['type']);
        unlink($path);
    }
}
