<?php
declare(strict_types=1);

namespace Mqtt\Tests\Compat\Imi;

use BinSoul\Net\Mqtt\DefaultConnection;
use BinSoul\Net\Mqtt\DefaultMessage;
use BinSoul\Net\Mqtt\Exception\MalformedPacketException;
use BinSoul\Net\Mqtt\Packet;
use Imi\MQTT\Client\Connection;
use Imi\MQTT\Client\Exception\ConnectException;
use Imi\MQTT\Client\Exception\InvalidPacketTypeException;
use Imi\MQTT\Client\Exception\SendException;
use Imi\MQTT\Client\Message;
use Imi\MQTT\Client\MQTTClient;

require_once __DIR__ . '/ImiCase.php';

/** The client with servers that do what each test says: every error, and what is written. */
final class ClientTest extends ImiCase
{
    public function testHostAndPortMustBeGiven(): void
    {
        $this->assertThrows(\InvalidArgumentException::class, '~^MQTTClient config must have "host"$~', fn () => new MQTTClient(['port' => 1], $this->listener));
        $this->assertThrows(\InvalidArgumentException::class, '~^MQTTClient config must have "port"$~', fn () => new MQTTClient(['host' => 'x'], $this->listener));
    }

    public function testTheWholeTableOfParameters(): void
    {
        $client = new MQTTClient([
            'host' => 'broker.example', 'port' => '8883', 'timeout' => '1.5', 'pingTimespan' => 20, 'protocol' => '3', 'username' => 'u', 'password' => 'p',
            'clientId' => 'c', 'keepAlive' => '30', 'clean' => 0, 'will' => ['topic' => 't', 'payload' => 'w', 'qosLevel' => 2, 'retain' => true, 'duplicate' => true],
            'ssl' => true, 'sslCertFile' => '/cert', 'sslKeyFile' => '/key', 'sslVerifyPeer' => false, 'sslAllowSelfSigned' => true, 'sslHostName' => 'name',
            'sslCafile' => '/ca', 'sslCapath' => '/cas',
        ], $this->listener);
        $connection = $client->getConnection();
        $this->assertInstanceOf(Connection::class, $connection);
        $this->assertInstanceOf(DefaultConnection::class, $connection);
        $this->assertSame(['broker.example', 8883, 1.5, 20.0, 3, 'u', 'p', 'c', 30, false], [
            $connection->getHost(), $connection->getPort(), $connection->getTimeout(), $connection->getPingTimespan(), $connection->getProtocol(),
            $connection->getUsername(), $connection->getPassword(), $connection->getClientID(), $connection->getKeepAlive(), $connection->isCleanSession(),
        ]);
        $this->assertSame([true, '/cert', '/key', false, true, 'name', '/ca', '/cas'], [
            $connection->getSsl(), $connection->getSslCertFile(), $connection->getSslKeyFile(), $connection->getSslVerifyPeer(),
            $connection->getSslAllowSelfSigned(), $connection->getSslHostName(), $connection->getSslCafile(), $connection->getSslCapath(),
        ]);
        $will = $connection->getWill();
        $this->assertInstanceOf(Message::class, $will);
        $this->assertInstanceOf(DefaultMessage::class, $will);
        $this->assertSame(['t', 'w', 2, true, true], [$will->getTopic(), $will->getPayload(), $will->getQosLevel(), $will->isRetained(), $will->isDuplicate()]);

        $plain = (new MQTTClient(['host' => 'h', 'port' => 1], $this->listener))->getConnection();
        $this->assertSame([null, null, 4, '', '', '', 60, true, null], [
            $plain->getTimeout(), $plain->getPingTimespan(), $plain->getProtocol(), $plain->getUsername(), $plain->getPassword(), $plain->getClientID(),
            $plain->getKeepAlive(), $plain->isCleanSession(), $plain->getWill(),
        ]);
        $this->assertSame([false, null, null, true, false, null, null, null], [
            $plain->getSsl(), $plain->getSslCertFile(), $plain->getSslKeyFile(), $plain->getSslVerifyPeer(),
            $plain->getSslAllowSelfSigned(), $plain->getSslHostName(), $plain->getSslCafile(), $plain->getSslCapath(),
        ]);
    }

    public function testAConnectionIsChangedByMakingAnother(): void
    {
        $first = new Connection('h', 1);
        foreach (['Host' => 'i', 'Port' => 2, 'Timeout' => 3.0, 'PingTimespan' => 4.0, 'Ssl' => true, 'SslCertFile' => 'a', 'SslKeyFile' => 'b', 'SslVerifyPeer' => false, 'SslAllowSelfSigned' => true, 'SslHostName' => 'c', 'SslCafile' => 'd', 'SslCapath' => 'e'] as $name => $value) {
            $second = $first->{"with$name"}($value);
            $this->assertInstanceOf(Connection::class, $second);
            $this->assertSame($value, $second->{"get$name"}());
            $this->assertNotSame($value, $first->{"get$name"}());
        }
        // Those of the base class keep what this one adds.
        $this->assertSame('h', $first->withKeepAlive(5)->withCredentials('u', 'p')->getHost());
    }

    public function testConnectWritesWhatTheTableSays(): void
    {
        $sent = $this->firstBytes(['clientId' => 'me', 'keepAlive' => 7, 'username' => 'u', 'password' => 'p', 'clean' => false, 'will' => ['topic' => 't', 'payload' => 'w', 'qosLevel' => 1, 'retain' => true]]);
        $this->assertSame("\x00\x04MQTT\x04\xEC\x00\x07\x00\x02me\x00\x01t\x00\x01w\x00\x01u\x00\x01p", substr($sent, 2));
        $this->assertSame("\x00\x06MQIsdp\x03\x02\x00\x3C\x00\x02me", substr($this->firstBytes(['clientId' => 'me', 'protocol' => 3]), 2));
        // An identifier is made up where none is given; 3.1 has no empty ones, and allows 23 bytes.
        $this->assertMatchesRegularExpression('~^\x00\x06MQIsdp\x03\x02\x00\x3C\x00[\x01-\x17]\w{1,23}$~', substr($this->firstBytes(['protocol' => 3]), 2));
    }

    /** @param array<string, mixed> $config */
    private function firstBytes(array $config): string
    {
        $listener = stream_socket_server('tcp://127.0.0.1:0');
        $client = $this->client('mqtt://' . stream_socket_get_name($listener, false), ['timeout' => 0.1] + $config);
        $this->assertThrows(SendException::class, '~^Recv failed! error: \[110\]Connection timed out$~', fn () => $client->connect());
        return (string) stream_get_contents(stream_socket_accept($listener, self::PATIENCE));
    }

    public function testASecondConnectIsRefused(): void
    {
        $server = new \ScriptedBroker([1 => '20020000']);
        $client = $this->client($server->uri);
        $client->connect();
        $this->assertThrows(ConnectException::class, '~^TCP Connect failed$~', fn () => $client->connect());
        $this->assertTrue($client->getConnected());
    }

    public function testAServerThatCannotBeReached(): void
    {
        $listener = stream_socket_server('tcp://127.0.0.1:0');
        $client = $this->client('mqtt://' . stream_socket_get_name($listener, false));
        fclose($listener);
        $e = $this->assertThrows(ConnectException::class, '~^TCP Connect failed$~', fn () => $client->connect());
        $this->assertSame(111, $e->getCode());
        $this->assertInstanceOf(\Mqtt\Exception\TransportException::class, $e->getPrevious());
        $this->assertFalse($client->getConnected());
        $this->assertThrows(SendException::class, '~^Send PingRequestPacket failed! error: \[0\].*connect\(\)~', fn () => $client->ping());
        $this->assertThrows(ConnectException::class, '~^TCP Connect failed$~', fn () => $client->wait());
    }

    public function testTheListenerHearsOfARefusalBeforeItIsThrown(): void
    {
        $server = new \ScriptedBroker([1 => '20020005']);
        $client = $this->client($server->uri);
        $this->assertThrows(ConnectException::class, '~^ConnectResponsePacket error: Not authorized$~', fn () => $client->connect());
        $this->assertSame(['connectACK 5'], $this->listener->events);
        $this->assertFalse($client->getConnected());
        $this->assertFalse($client->getClient()->isConnected());
    }

    public function testAnAnswerThatIsNoConnack(): void
    {
        $server = new \ScriptedBroker([1 => 'd000']);
        $this->assertThrows(ConnectException::class, '~^Send ConnectRequestPacket failed$~', fn () => $this->client($server->uri)->connect());
    }

    /**
     * The original connected again for every connection that was closed, also while it was connecting: a server that closed each
     * connection at CONNECT had it call itself until the memory was gone.
     */
    public function testAServerThatClosesAtConnectIsNotCalledForEver(): void
    {
        $server = new \ScriptedBroker([1 => 'close']);
        $this->assertThrows(ConnectException::class, '~^Send ConnectRequestPacket failed$~', fn () => $this->client($server->uri)->connect());
    }

    public function testAConnectionThatIsClosedIsMadeAgain(): void
    {
        $server = new \ScriptedBroker([1 => '20020000', 3 => 'close', 12 => 'd000']);
        $client = $this->client($server->uri);
        $client->connect();
        $client->publish('t', 'close');
        $this->assertNull($client->recv());
        $this->assertTrue($client->getConnected());
        $this->assertSame(['connectACK 0', 'connectACK 0'], $this->listener->events);
        $client->ping();
        $this->assertInstanceOf(Packet\PingResponsePacket::class, $client->recv());
    }

    public function testNothingInTimeIsAnError(): void
    {
        $server = new \ScriptedBroker([1 => '20020000']);
        $client = $this->client($server->uri, ['timeout' => 2]);
        $client->connect();
        $e = $this->assertThrows(SendException::class, '~^Recv failed! error: \[110\]Connection timed out$~', fn () => $client->wait());
        $this->assertSame(110, $e->getCode());
        $this->assertTrue($client->getConnected());
    }

    public function testAPacketThatServersDoNotSend(): void
    {
        $server = new \ScriptedBroker([1 => '20020000', 12 => '8206000100017400']);
        $client = $this->client($server->uri);
        $client->connect();
        $client->ping();
        $this->assertThrows(InvalidPacketTypeException::class, '~^Unsupport MQTT packet type 8$~', fn () => $client->wait());
    }

    public function testWhatIsNoPacket(): void
    {
        // What has no place in MQTT at all, and a packet that is wrong inside.
        $server = new \ScriptedBroker([1 => '20020000', 12 => '0000', 3 => 'd00100']);
        $client = $this->client($server->uri);
        $client->connect();
        $client->ping();
        $this->assertThrows(SendException::class, '~^Recv failed! error: \[~', fn () => $client->recv());
        $this->assertFalse($client->getConnected());
        $client->connect();
        $client->publish('t', '');
        $this->assertThrows(MalformedPacketException::class, '~length~', fn () => $client->recv());
    }

    public function testIdentifiersAreMadeUpWhereTheyAreNeeded(): void
    {
        $server = new \ScriptedBroker([1 => '20020000', 3 => '4002id', 8 => '9003id00', 10 => 'b002id']);
        $client = $this->client($server->uri);
        $client->connect();
        $client->publish('t', 'p', 1);
        $client->subscribe('t');
        $client->unsubscribe(['t']);
        foreach ([Packet\PublishAckPacket::class, Packet\SubscribeResponsePacket::class, Packet\UnsubscribeResponsePacket::class] as $class) {
            $packet = $client->recv();
            $this->assertInstanceOf($class, $packet);
            $this->assertGreaterThan(0, $packet->getIdentifier());
        }
        foreach (['publishAck', 'publishReceived', 'publishRelease', 'publishComplete'] as $method) {
            $this->assertSame(4, $client->$method(9));
            $this->assertSame(4, $client->$method());
        }
    }

    public function testTheListenerMayDisconnectAtOnce(): void
    {
        $server = new \ScriptedBroker([1 => '20020000']);
        $client = $this->client($server->uri);
        $this->listener->until = 1;
        $this->assertTrue($client->connect());
        $this->assertFalse($client->getConnected());
        $client->wait();
        $this->assertSame(['connectACK 0'], $this->listener->events);
    }

    public function testASignalHandlerMayDisconnect(): void
    {
        $server = new \ScriptedBroker([1 => '20020000']);
        $client = $this->client($server->uri);
        $client->connect();
        pcntl_async_signals(true);
        pcntl_signal(SIGALRM, fn () => $client->disconnect());
        pcntl_alarm(1);
        $client->wait();
        pcntl_signal(SIGALRM, SIG_DFL);
        $this->assertFalse($client->getConnected());
        $this->assertSame(['connectACK 0'], $this->listener->events);
    }

    /** Both kinds of listeners, and subclasses of both kinds, are PHP. */
    public function testListenersAndSubclassesWithAndWithoutTypes(): void
    {
        $old = new class(['host' => 'h', 'port' => 1], new Recorder()) extends MQTTClient {
            public function wait()
            {
            }

            public function ping()
            {
                return 1;
            }
        };
        $new = new class(['host' => 'h', 'port' => 1], new TypedListener()) extends MQTTClient {
            public function wait(): void
            {
            }

            public function ping(): int|bool
            {
                return 2;
            }

            public function getConnected(): bool
            {
                return true;
            }
        };
        $this->assertSame([1, 2], [$old->ping(), $new->ping()]);
    }
}
