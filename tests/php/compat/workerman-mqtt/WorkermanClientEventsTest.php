<?php
declare(strict_types=1);

require_once __DIR__ . '/WorkermanCase.php';

use Mqtt\Packet;
use Mqtt\ReasonCode;
use Workerman\Mqtt\Client;

/** How connections of the client begin and end, in which order it tells, and which errors it gives. */
final class WorkermanClientEventsTest extends WorkermanCase
{
    /** @dataProvider levels */
    public function testConnectSaysWhatTheOptionsSay(int $level, Mqtt\Version $version): void
    {
        $this->connected($this->server(), [
            'client_id' => 17, 'clean_session' => 0, 'username' => 'joe', 'password' => '0', 'keepalive' => 33, 'protocol_name' => $level === 3 ? 'MQIsdp' : 'MQTT', 'protocol_level' => $level,
            'will' => ['topic' => 'w', 'content' => 'gone', 'qos' => 1, 'retain' => 1],
        ]);
        [$connect] = $this->got(Packet\Connect::class);
        $this->assertSame($version, $connect->version);
        $this->assertSame(['17', 'joe', '0', 33, false], [$connect->clientId, $connect->username, $connect->password, $connect->keepAlive, $connect->cleanStart]);
        $this->assertSame(['w', 'gone', 1, true], [$connect->will->topic, $connect->will->payload, $connect->will->qos, $connect->will->retain]);
    }

    public static function levels(): iterable
    {
        yield '3.1' => [3, Mqtt\Version::V3_1];
        yield '3.1.1' => [4, Mqtt\Version::V3_1_1];
        yield '5' => [5, Mqtt\Version::V5];
    }

    /** @dataProvider refusals */
    public function testARefusalIsAnErrorThenAClose(int $level, ReasonCode $code, string $event): void
    {
        $client = $this->client($this->server(fn (Packet $packet) => new Packet\ConnAck($code)), ['protocol_level' => $level]);
        $client->connect();
        $this->assertEvents([$event, 'close']);
    }

    public static function refusals(): iterable
    {
        yield [4, ReasonCode::UnsupportedProtocolVersion, 'error 1 Connection Refused, unacceptable protocol version'];
        yield [4, ReasonCode::ClientIdentifierNotValid, 'error 2 Connection Refused, identifier rejected'];
        yield [4, ReasonCode::ServerUnavailable, 'error 3 Connection Refused, Server unavailable'];
        yield [4, ReasonCode::BadUserNameOrPassword, 'error 4 Connection Refused, bad user name or password'];
        yield [4, ReasonCode::NotAuthorized, 'error 5 Connection Refused, not authorized'];
        yield [5, ReasonCode::NotAuthorized, 'error 135 Not authorized'];
        yield [5, ReasonCode::Banned, 'error 138 Banned'];
    }

    public function testWithoutAConnectionEveryCallIsError140(): void
    {
        $client = $this->client('mqtt://127.0.0.1:1');
        $client->publish('t', 'c');
        $client->publish('t', 'c', ['qos' => 1], $this->note('publish'));
        $client->subscribe('t', [], $this->note('subscribe'));
        $client->unsubscribe('t', $this->note('unsubscribe'));
        $client->auth();
        $error = 'failed 140 No connection to broker';
        $this->assertSame(['error 140 No connection to broker', "publish $error", "subscribe $error", "unsubscribe $error", 'error 140 No connection to broker'], $this->events);
    }

    public function testWithoutOnErrorAnErrorIsPrinted(): void
    {
        $client = $this->client('mqtt://127.0.0.1:1');
        $client->onError = null;
        $this->expectOutputString('Mqtt client: No connection to broker' . PHP_EOL);
        $client->publish('t', 'c');
    }

    public function testWhatCannotConnectIsError102AndAClose(): void
    {
        $socket = stream_socket_server('tcp://127.0.0.1:0');
        $address = stream_socket_get_name($socket, false);
        fclose($socket);
        $this->client("mqtt://$address")->connect();
        $this->assertEvents(['error 102 Connection fail', 'close']);
    }

    public function testAServerThatSaysNothingIsError101AndAClose(): void
    {
        $socket = stream_socket_server('tcp://127.0.0.1:0');
        $this->client('mqtt://' . stream_socket_get_name($socket, false), ['connect_timeout' => 1])->connect();
        $this->assertEvents(['error 101 Connection timeout', 'close']);
    }

    public function testBadTopicsAndQoS(): void
    {
        $client = $this->connected($this->server());
        $client->publish('a/#', 'c', ['qos' => 1], $this->note('publish'));
        $client->publish('', 'c');
        $client->publish(str_repeat('x', 65536), 'c');
        $client->publish('t', 'c', ['qos' => 3], $this->note('publish'));
        $client->publish('t', 'c', ['qos' => '1']);
        $client->subscribe([], [], $this->note('subscribe'));
        $client->subscribe('', [], $this->note('subscribe'));
        $client->subscribe('a/#/b');
        $client->unsubscribe([], $this->note('unsubscribe'));
        $this->assertSame([
            'publish failed 240 Invalid topic', 'error 240 Invalid topic', 'error 240 Invalid topic', 'publish failed 241 Invalid qos', 'error 241 Invalid qos',
            'subscribe failed 240 Invalid topic', 'subscribe failed 240 Invalid topic', 'error 240 Invalid topic', 'error 240 Invalid topic',
        ], $this->events);
    }

    /** A DISCONNECT of the server was once printed as "unknow cmd", and the connection kept. */
    public function testADisconnectOfTheServerIsAnErrorThenAClose(): void
    {
        $client = $this->connected($this->server(fn (Packet $packet) => $packet instanceof Packet\Publish ? new Packet\Disconnect(ReasonCode::ServerShuttingDown) : null), ['protocol_level' => 5]);
        $client->publish('t', 'c', ['qos' => 1], $this->note('publish'));
        $this->assertEvents(['error 139 Server shutting down', 'publish failed 100 Connection closed', 'close']);
    }

    public function testOnCloseComesAfterTheReconnectIsPlannedAndWhatWaitedHasFailed(): void
    {
        $client = $this->connected($this->server(fn (Packet $packet, $connection) => $packet instanceof Packet\Publish ? $connection->close() : null), ['reconnect_period' => 1, 'keepalive' => 30], WorkermanProbe::class);
        $client->onClose = function (Client $client): void {
            $this->events[] = 'close ' . json_encode($client->state());
        };
        $client->subscribe('s', [], $this->note('subscribe'));
        $client->publish('t', 'c', ['qos' => 1], $this->note('publish'));
        // State 5, no ping timer, and a timer for the connection to come.
        $this->assertEvents(['subscribe failed 100 Connection closed []', 'publish failed 100 Connection closed', 'close [5,false,true]']);
        $client->onReconnect = function (): void {
            $this->events[] = 'reconnect';
        };
        $this->assertEvents(['reconnect']);
    }

    public function testSubscriptionsAreMadeAgain(): void
    {
        $client = $this->connected($this->server(fn (Packet $packet, $connection) => $packet instanceof Packet\Publish ? $connection->close() : null), ['reconnect_period' => 1]);
        $client->subscribe('a', ['qos' => 1]);
        $client->subscribe(['a' => 2, 'b' => 2, 'c' => 0]);
        $client->unsubscribe('c');
        $client->publish('t', 'c');
        $this->until(fn (): bool => count($this->got(Packet\Subscribe::class)) === 3);
        $again = $this->got(Packet\Subscribe::class)[2];
        $this->assertSame([['a', 1], ['b', 2]], array_map(fn ($one): array => [$one->filter, $one->qos], $again->subscriptions));
        $this->assertCount(2, $this->got(Packet\Connect::class));
    }

    /** @dataProvider kept */
    public function testSubscriptionsAreNotMadeAgainWhereTheServerKeepsThemOrNobodyWants(array $options): void
    {
        $client = $this->connected($this->server(fn (Packet $packet, $connection) => $packet instanceof Packet\Publish ? $connection->close() : null), ['reconnect_period' => 1, 'client_id' => 'c'] + $options);
        $client->subscribe('a');
        $client->publish('t', 'c');
        $this->until(fn (): bool => count($this->got(Packet\Connect::class)) === 2);
        $client->unsubscribe('x', $this->note('never'));
        $this->until(fn (): bool => $this->events !== []);
        $client->onReconnect = null;
        $this->assertCount(1, $this->got(Packet\Subscribe::class));
    }

    public static function kept(): iterable
    {
        yield [['clean_session' => 0]];
        yield [['resubscribe' => false]];
    }

    public function testCloseEndsReconnecting(): void
    {
        $client = $this->client('mqtt://127.0.0.1:1', ['reconnect_period' => 1]);
        $client->onClose = fn (Client $client) => $this->events[] = 'close';
        $client->connect();
        $this->assertEvents(['error 102 Connection fail', 'close']);
        $client->close();
        $this->assertSame(['close'], $this->events);
        $this->assertSame(0, $this->loop->getTimerCount());
    }

    public function testReconnectAfterClose(): void
    {
        $client = $this->connected($this->server());
        $client->close();
        $this->assertEvents(['close']);
        $client->onReconnect = fn (Client $client) => $this->events[] = 'reconnect';
        $client->reconnect();
        $this->assertEvents(['reconnect']);
        $client->publish('t', 'again', ['qos' => 1]);
        $this->until(fn (): bool => $this->got(Packet\Publish::class) !== []);
    }

    public function testDisconnectTellsTheServerAndClosesAtOnce(): void
    {
        $client = $this->connected($this->server(), ['protocol_level' => 5]);
        $client->publish('t', 'last');
        $client->disconnect(4, ['reason_string' => 'tired']);
        $this->assertSame(['close'], $this->events);
        $this->until(fn (): bool => $this->ends !== []);
        $this->assertSame('last', $this->got(Packet\Publish::class)[0]->payload);
        $this->assertSame(ReasonCode::DisconnectWithWill, $this->got(Packet\Disconnect::class)[0]->reasonCode);
    }

    public function testAuthIsAPacketOfMqtt5(): void
    {
        $client = $this->connected($this->server(), ['protocol_level' => 5, 'properties' => ['authentication_method' => 'm']]);
        $client->auth(0x19, ['authentication_method' => 'm', 'authentication_data' => 'd']);
        $this->until(fn (): bool => $this->got(Packet\Auth::class) !== []);
        $this->assertSame(ReasonCode::ReAuthenticate, $this->got(Packet\Auth::class)[0]->reasonCode);
    }

    public function testKeepAliveSendsPingsAndLeavesAServerThatDoesNotAnswer(): void
    {
        $answers = 1;
        $client = $this->connected($this->server(function (Packet $packet) use (&$answers) {
            return $packet instanceof Packet\PingReq && $answers-- > 0 ? new Packet\PingResp() : null;
        }), ['keepalive' => 1]);
        $this->assertEvents(['close']);
        $this->assertCount(2, $this->got(Packet\PingReq::class));
    }

    public function testTheServersKeepAliveCounts(): void
    {
        $this->connected($this->server(fn (Packet $packet) => $packet instanceof Packet\Connect ? new Packet\ConnAck(properties: ['serverKeepAlive' => 1]) : null), ['protocol_level' => 5, 'keepalive' => 3600]);
        $this->until(fn (): bool => $this->got(Packet\PingReq::class) !== []);
    }

    public function testAPublisherThatDoesNotWaitFillsTheBufferWhichIsError103(): void
    {
        $client = $this->connected($this->server());
        for ($count = 0; $this->events === [] && $count < 1000; $count++) {
            $client->publish('t', str_repeat('x', 500_000));
        }
        $this->assertSame(['error 103 Connection buffer full and close connection', 'close'], $this->events);
        $this->assertGreaterThan(2, $count);
    }

    public function testASubclassOverridesWhatItAlwaysCould(): void
    {
        $client = $this->connected($this->server(fn (Packet $packet) => $packet instanceof Packet\Publish && $packet->packetId ? new Packet\PubAck($packet->packetId) : null), [], WorkermanProbe::class);
        $client->add = 99;
        $client->publish('t', 'x', ['qos' => 1], $this->note('publish'));
        $this->assertEvents(['publish']);
        $this->assertSame([1, 3], $client->sent);
        $this->assertContains('-> Send PUBLISH package, topic:t content:x retain:0 qos:1 dup:0 message_id:100 properties:[]', $client->lines);
        $this->assertSame(100, $this->got(Packet\Publish::class)[0]->packetId);
    }

    public function testMessageIdsThatWaitAreNotGivenAgain(): void
    {
        $client = $this->connected($this->server(), [], WorkermanProbe::class);
        $client->publish('t', 'x', ['qos' => 1], $this->note('never'));
        $this->assertSame([65534, 65535, 2, 3], $client->ids(65534, 4));
        $client->waiting(2, 3);
        $this->assertSame([65535, 4, 5], $client->ids(65535, 3));
    }

    public function testDebugPrints(): void
    {
        $client = $this->client('mqtt://127.0.0.1:1', ['debug' => true]);
        $client->publish('t', 'x');
        $this->expectOutputString("-- Error: No connection to broker\n");
        $this->assertSame(['error 140 No connection to broker'], $this->events);
        (new ReflectionProperty(Client::class, '_options'))->setValue($client, ['debug' => false] + (new ReflectionProperty(Client::class, '_options'))->getValue($client));
    }
}

/** A subclass as users write them. */
final class WorkermanProbe extends Client
{
    /** @var list<int> */
    public array $sent = [];
    /** @var list<string> */
    public array $lines = [];
    public int $add = 0;

    /** @return array{int, bool, bool} */
    public function state(): array
    {
        return [$this->_state, $this->_pingTimer !== 0, $this->_checkConnectionTimeoutTimer !== 0];
    }

    /** @return list<int> */
    public function ids(int $from, int $count): array
    {
        $this->_messageId = $from;
        return array_map(fn () => parent::incrMessageId(), range(1, $count));
    }

    public function waiting(int ...$ids): void
    {
        $this->_outgoing += array_fill_keys($ids, static fn () => null);
    }

    protected function sendPackage(mixed $package, bool $checkDisconnecting = true): void
    {
        $this->sent[] = $package['cmd'];
        parent::sendPackage($package, $checkDisconnecting);
    }

    protected function incrMessageId(): int
    {
        return parent::incrMessageId() + $this->add;
    }

    protected function debugDump(string $message, string $tag = '--'): void
    {
        $this->lines[] = "$tag $message";
    }
}
