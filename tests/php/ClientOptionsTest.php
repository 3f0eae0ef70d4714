<?php
declare(strict_types=1);

use Mqtt\Client;
use Mqtt\ClientOptions;
use Mqtt\Exception\ConnectException;
use Mqtt\Exception\QueueFullException;
use Mqtt\Exception\TimeoutException;
use Mqtt\Exception\TransportException;
use Mqtt\Packet\Connect;
use Mqtt\Packet\ConnAck;
use Mqtt\Packet\Disconnect;
use Mqtt\Packet\PingReq;
use Mqtt\Packet\PubAck;
use Mqtt\Packet\Publish;
use Mqtt\Packet\SubAck;
use Mqtt\Packet\Subscribe;
use Mqtt\ReasonCode;
use Mqtt\Version;
use Mqtt\Will;
use PHPUnit\Framework\TestCase;

/** Each option of a client, seen from the other end of its connection. */
final class ClientOptionsTest extends TestCase
{
    private const SOON = ['minDelay' => 0.01, 'maxDelay' => 0.05];

    private Listener $server;

    protected function setUp(): void
    {
        $this->server = new Listener();
        // Most clients here end with something in hand.
        set_error_handler(fn (int $level, string $text): bool => str_contains($text, 'not delivered'), E_WARNING);
    }

    protected function tearDown(): void
    {
        restore_error_handler();
    }

    /** @param array<string, mixed> $options */
    private function connecting(array $options, ?string $uri = null): Client
    {
        $client = new Client($uri ?? $this->server->uri(), $options + ['linger' => 0.0, 'reconnect' => self::SOON]);
        $client->connect(wait: false);
        return $client;
    }

    private static function until(Client $client, callable $condition): void
    {
        $end = hrtime(true) + 20_000_000_000;
        while (!$condition()) {
            self::assertLessThan($end, hrtime(true), 'it took too long');
            $client->loop(0.1);
        }
    }

    /** Waits until the client's own thread has read so many messages, and dispatches nothing. */
    private static function arrived(Client $client, int $count): void
    {
        for ($end = hrtime(true) + 20_000_000_000; $client->stats()['receiveQueue'] < $count;) {
            self::assertLessThan($end, hrtime(true), 'it took too long');
            usleep(1000);
        }
    }

    public function testWhatConnectSays(): void
    {
        $will = new Will('last/words', 'gone', 1, true, ['willDelayInterval' => 5, 'contentType' => 'text/plain']);
        $options = [
            'clientId' => 'meter-7', 'username' => 'user', 'password' => "se\0cret", 'keepAlive' => 17, 'cleanStart' => false, 'will' => $will,
            'properties' => ['requestProblemInformation' => false, 'requestResponseInformation' => true],
            'sessionExpiryInterval' => 77, 'receiveMaximum' => 11, 'maximumPacketSize' => 100_000, 'topicAliasMaximum' => 5,
            'userProperties' => [['b', '1'], ['a', '2'], ['b', '3']], 'authenticationMethod' => 'SCRAM', 'authenticationData' => "\x00\xFF",
        ];
        foreach ([$options, new ClientOptions(...$options)] as $given) {
            $this->server = new Listener();
            $client = new Client($this->server->uri(), $given);
            $client->connect(wait: false);
            $this->server->accept();
            $connect = $this->server->expect(Connect::class);
            self::assertEquals(
                ['meter-7', 'user', "se\0cret", 17, false, $will, Version::V5],
                [$connect->clientId, $connect->username, $connect->password, $connect->keepAlive, $connect->cleanStart, $connect->will, $connect->version],
            );
            self::assertEquals([
                'sessionExpiryInterval' => 77, 'receiveMaximum' => 11, 'maximumPacketSize' => 100_000, 'topicAliasMaximum' => 5,
                'requestProblemInformation' => false, 'requestResponseInformation' => true, 'authenticationMethod' => 'SCRAM', 'authenticationData' => "\x00\xFF",
                'userProperties' => [['b', '1'], ['a', '2'], ['b', '3']],
            ], $connect->properties->toArray());
            unset($client);
        }
    }

    public function testDefaultsAndUserInfoOfTheUri(): void
    {
        $client = $this->connecting([], str_replace('://', '://user:s%3Aecret@', $this->server->uri()));
        $this->server->accept();
        $connect = $this->server->expect(Connect::class);
        self::assertSame(['user', 's:ecret', 60, true, null], [$connect->username, $connect->password, $connect->keepAlive, $connect->cleanStart, $connect->will]);
        self::assertSame(300, $connect->properties->sessionExpiryInterval);
        self::assertSame(1024, $connect->properties->receiveMaximum);
        self::assertMatchesRegularExpression('~^mqtt-[0-9a-f]{9,18}$~', $connect->clientId);
        self::assertSame($client->stats()['clientId'], $connect->clientId);
        $other = $this->connecting([]);
        self::assertNotSame($client->stats()['clientId'], $other->stats()['clientId']);
    }

    public function testVersionFallsBackOnlyWhereItIsNotGiven(): void
    {
        $client = $this->connecting([]);
        $this->server->accept();
        self::assertSame(Version::V5, $this->server->expect(Connect::class)->version);
        fwrite($this->server->connection, "\x20\x02\x00\x01"); // MQTT 3.1.1: unacceptable protocol version
        $this->server->accept();
        self::assertSame(Version::V3_1_1, $this->server->expect(Connect::class)->version);
        unset($client);
        foreach ([Version::V3_1, 4, Version::V5] as $version) {
            $this->server = new Listener();
            $client = $this->connecting(['version' => $version, 'clientId' => 'v']);
            $this->server->accept();
            self::assertSame($version instanceof Version ? $version : Version::from($version), $this->server->expect(Connect::class)->version);
            unset($client);
        }
    }

    public function testSeveralUrisAreTriedInTurn(): void
    {
        $dead = new Listener();
        $deadUri = $dead->uri();
        $dead->close();
        $client = new Client([$deadUri, $this->server->uri()], ['linger' => 0.0]);
        $client->connect(wait: false);
        $this->server->welcome();
        self::until($client, fn () => $client->isConnected());
        self::assertSame(1, $client->stats()['connections']);
    }

    public function testWebSocketPathAndHeaders(): void
    {
        $options = ['websocketPath' => '/special?x=1', 'websocketHeaders' => ['X-Token' => 'abc', 'Origin' => 'http://here.example']];
        $client = $this->connecting($options, $this->server->uri('ws') . '/mqtt');
        $this->server->accept();
        $head = $this->server->httpHead();
        self::assertStringStartsWith("GET /special?x=1 HTTP/1.1\r\n", $head);
        self::assertStringContainsStringIgnoringCase("X-Token: abc\r\n", $head);
        self::assertStringContainsStringIgnoringCase("Origin: http://here.example\r\n", $head);
        self::assertStringContainsStringIgnoringCase("Sec-WebSocket-Protocol: mqtt\r\n", $head);
        unset($client);
        $client = $this->connecting([], $this->server->uri('ws') . '/from/uri');
        $this->server->accept();
        self::assertStringStartsWith("GET /from/uri HTTP/1.1\r\n", $this->server->httpHead());
    }

    /** The path and the headers went into the request as they were: a line break in them began another header. */
    public function testTheWebSocketRequestTakesNoOtherLines(): void
    {
        foreach ([
            ['websocketPath' => "/a\r\nX: y"], ['websocketPath' => '/a b'], ['websocketPath' => 'mqtt'], ['websocketPath' => "/\x7F"], ['websocketPath' => ''],
            ['websocketHeaders' => ['X' => "a\r\nY: b"]], ['websocketHeaders' => ["X\r\nQ" => 'a']], ['websocketHeaders' => ['a']], ['websocketHeaders' => ['' => 'a']],
            ['websocketHeaders' => ['Host' => 'evil']], ['websocketHeaders' => ['upgrade' => 'x']], ['websocketHeaders' => ['Connection' => 'x']],
            ['websocketHeaders' => ['Sec-WebSocket-Protocol' => 'foo']], ['websocketHeaders' => ['X Y' => 'foo']],
        ] as $options) {
            foreach ([fn () => new Client('ws://127.0.0.1', $options), fn () => new ClientOptions(...$options)] as $make) {
                try {
                    $make();
                    self::fail('accepted: ' . json_encode($options));
                } catch (ValueError $e) {
                    self::assertStringContainsString((string) key($options), $e->getMessage());
                }
            }
        }
        self::assertSame('/a/b?c=d', (new ClientOptions(websocketPath: '/a/b?c=d', websocketHeaders: ['Authorization' => "Bearer\tx"]))->websocketPath);
    }

    /** What CONNECT cannot carry was found out with the first connection, far from the constructor. */
    public function testTheConstructorRefusesWhatConnectCannotCarry(): void
    {
        $long = str_repeat('x', 65536);
        foreach ([
            [['clientId' => "a\0b"], 'clientId'], [['clientId' => $long], 'clientId'], [['username' => "a\0b"], 'username'], [['username' => $long], 'username'],
            [['password' => $long], 'password'], [['authenticationData' => 'x'], 'authenticationMethod'], [['version' => 4, 'password' => 'x'], 'user name'],
        ] as [$options, $word]) {
            try {
                new Client('mqtt://127.0.0.1:1', $options);
                self::fail("accepted: $word");
            } catch (ValueError $e) {
                self::assertStringContainsString($word, $e->getMessage());
                self::assertLessThan(200, strlen($e->getMessage()));
            }
        }
        new Client('mqtt://127.0.0.1:1', ['version' => 5, 'password' => 'x', 'authenticationMethod' => 'm', 'authenticationData' => 'd']);
        new Client('mqtt://joe@127.0.0.1:1', ['version' => 4, 'password' => 'x']);
    }

    /** ClientOptions took closures and loggers only; the array took every callable. */
    public function testClientOptionsTakeEveryCallableAsLogger(): void
    {
        foreach (['error_log', [$this, 'getName'], self::class . '::suite', fn () => null] as $logger) {
            new Client('mqtt://127.0.0.1:1', new ClientOptions(logger: is_callable($logger) ? $logger : 'error_log'));
        }
        foreach ([fn () => new ClientOptions(logger: 'no such function'), fn () => new Client(options: ['logger' => 7])] as $make) {
            try {
                $make();
                self::fail('no exception');
            } catch (TypeError $e) {
                self::assertStringContainsString('"logger" must be a PSR-3 logger or a callable', $e->getMessage());
            }
        }
    }

    public function testConnectTimeout(): void
    {
        $client = new Client($this->server->uri(), ['connectTimeout' => 0.1]);
        $this->expectException(TimeoutException::class);
        $this->expectExceptionMessage('0.1 s');
        $client->connect();
    }

    public function testReconnect(): void
    {
        // enabled: not at all.
        $client = $this->connecting(['reconnect' => false]);
        $this->server->welcome();
        self::until($client, fn () => $client->isConnected());
        $this->server->cut();
        self::until($client, fn () => $client->isIdle());
        self::assertFalse($this->server->isCalled(0.1));

        // minDelay, maxDelay, jitter: told with each loss; without jitter the delays double up to the longest.
        $delays = [];
        $options = ['connectTimeout' => 5.0, 'reconnect' => ['minDelay' => 0.02, 'maxDelay' => 0.1, 'jitter' => 0.0, 'maxAttempts' => 5]];
        $dead = new Listener();
        $uri = $dead->uri();
        $dead->close();
        $client = new Client($uri, $options + ['linger' => 0.0]);
        $client->onDisconnect(function (Throwable $why, ?Disconnect $packet, ?float $retryIn) use (&$delays) { $delays[] = $retryIn; });
        $client->connect(wait: false);
        // maxAttempts: then it gives up.
        self::until($client, function () use (&$delays) { return in_array(null, $delays, true); });
        self::assertTrue($client->isIdle());
        self::assertEqualsWithDelta([0.02, 0.04, 0.08, 0.1, 0.1], array_slice($delays, 0, 5), 0.002);

        // With jitter no delay is longer than without.
        $delays = [];
        $client = new Client($uri, ['linger' => 0.0, 'reconnect' => ['minDelay' => 0.02, 'maxDelay' => 0.02, 'jitter' => 1.0, 'maxAttempts' => 20]]);
        $client->onDisconnect(function (Throwable $why, ?Disconnect $packet, ?float $retryIn) use (&$delays) { $delays[] = $retryIn; });
        $client->connect(wait: false);
        self::until($client, function () use (&$delays) { return in_array(null, $delays, true); });
        $delays = array_filter($delays, 'is_float');
        self::assertGreaterThan(5, count(array_unique($delays)));
        self::assertLessThanOrEqual(0.0201, max($delays));
    }

    public function yesAndNo(): array
    {
        return [[true], [false]];
    }

    /** @dataProvider yesAndNo */
    public function testResubscribe(bool $resubscribe): void
    {
        $client = $this->connecting(['resubscribe' => $resubscribe]);
        $client->subscribe('a/b', 1, wait: false);
        $this->server->welcome();
        $subscribe = $this->server->expect(Subscribe::class);
        $this->server->send(new SubAck($subscribe->packetId, [1]));
        self::until($client, fn () => $client->stats()['openTokens'] === 0);
        $this->server->cut();
        self::assertFalse($this->server->welcome()->cleanStart, 'a reconnect resumes');
        $client->publish('x', 'y', 0);
        self::assertInstanceOf($resubscribe ? Subscribe::class : Publish::class, $this->server->next());
        self::assertSame($resubscribe ? 1 : 0, $client->stats()['resubscribed']);
    }

    public function testRedirects(): void
    {
        $other = new Listener();
        $moved = new ConnAck(ReasonCode::UseAnotherServer, properties: ['serverReference' => "127.0.0.1:{$other->port()}"]);
        $client = $this->connecting([]);
        $this->server->accept();
        $this->server->expect(Connect::class);
        $this->server->send($moved);
        $other->welcome();
        self::until($client, fn () => $client->isConnected());
        unset($client);

        $client = $this->connecting(['redirects' => 0, 'reconnect' => false]);
        $why = null;
        $client->onDisconnect(function (Throwable $e) use (&$why) { $why = $e; });
        $this->server->accept();
        $this->server->expect(Connect::class);
        $this->server->send($moved);
        self::until($client, function () use (&$why) { return $why !== null; });
        self::assertInstanceOf(ConnectException::class, $why);
        self::assertStringContainsString("127.0.0.1:{$other->port()}", $why->getMessage());
    }

    /** What is published before there is a connection, and how much of it. */
    public function testOfflineQueueThrows(): void
    {
        $client = $this->connecting(['offlineQueue' => ['maxMessages' => 2, 'whenFull' => 'throw']]);
        $client->publish('a', '1', 1);
        $client->publish('a', '2', 0);
        try {
            $client->publish('a', '3', 1);
            self::fail('no exception');
        } catch (QueueFullException $e) {
            self::assertStringContainsString('2 messages', $e->getMessage());
        }
        $this->server->welcome();
        self::assertSame(['1', '2'], [$this->server->expect(Publish::class)->payload, $this->server->expect(Publish::class)->payload]);

        $client = $this->connecting(['offlineQueue' => ['maxBytes' => 10_000, 'whenFull' => 'throw']]);
        $this->expectException(QueueFullException::class);
        for ($i = 0; $i < 11; $i++) {
            $client->publish('a', str_repeat('x', 1000), 1);
        }
    }

    public function testOfflineQueueDropsTheOldest(): void
    {
        $client = $this->connecting(['offlineQueue' => ['maxMessages' => 3, 'whenFull' => 'drop-oldest']]);
        $done = [];
        $client->onPublished(function (int $token, ReasonCode $code) use (&$done) { $done[$token] = $code->isError(); });
        foreach (range(1, 5) as $i) {
            $tokens[] = $client->publish('a', (string) $i, 1);
        }
        self::assertSame(2, $client->stats()['messagesDropped']);
        $this->server->welcome();
        foreach (['3', '4', '5'] as $payload) {
            $publish = $this->server->expect(Publish::class);
            self::assertSame($payload, $publish->payload);
            $this->server->send(new PubAck($publish->packetId));
        }
        self::until($client, function () use (&$done) { return count($done) === 5; });
        ksort($done);
        self::assertSame(array_combine($tokens, [true, true, false, false, false]), $done, 'told of each: the dropped ones with an error');
    }

    public function testOfflineQueueBlocks(): void
    {
        pcntl_async_signals(true);
        $client = $this->connecting(['offlineQueue' => ['maxMessages' => 1, 'whenFull' => 'block']]);
        $client->publish('a', '1', 1);
        // It goes on as soon as there is a connection: the server accepts in a signal handler of the waiting call.
        $welcomed = false;
        pcntl_signal(SIGALRM, function () use (&$welcomed) {
            $this->server->welcome();
            $welcomed = true;
        });
        pcntl_alarm(1);
        $client->publish('a', '2', 1);
        pcntl_signal(SIGALRM, SIG_DFL);
        self::assertTrue($welcomed);
        self::assertSame(['1', '2'], [$this->server->expect(Publish::class)->payload, $this->server->expect(Publish::class)->payload]);
    }

    /** QoS 1 is held back by withholding acknowledgements, QoS 0 by reading no further; nothing is lost, and the connection stands. */
    public function testReceiveQueueAndReceiveMaximum(): void
    {
        $client = $this->connecting(['receiveQueue' => 100_000, 'receiveMaximum' => 3, 'keepAlive' => 1]);
        self::assertSame(3, $this->server->welcome()->properties->receiveMaximum);
        stream_set_blocking($this->server->connection, false);
        $sent = 0;
        // Until it takes no more: the buffers of the kernel are full.
        $bytes = (new Publish('a', str_repeat('x', 10_000)))->encode();
        $rest = '';
        for ($end = hrtime(true) + 20_000_000_000; hrtime(true) < $end;) {
            if ($rest === '') {
                $rest = $bytes;
                $sent++;
            }
            $written = (int) @fwrite($this->server->connection, $rest);
            $rest = substr($rest, $written);
            if ($written === 0) {
                $write = [$this->server->connection];
                $read = $except = null;
                if (stream_select($read, $write, $except, 0, 500_000) === 0) {
                    break;
                }
            }
        }
        $stats = $client->stats();
        self::assertGreaterThanOrEqual(100_000, $stats['receiveQueueBytes']);
        self::assertLessThan(300_000, $stats['receiveQueueBytes'], 'it stopped reading');
        // A paused link pings, and is not timed out by its own silence.
        $ping = false;
        for ($end = hrtime(true) + 20_000_000_000; !$ping && hrtime(true) < $end;) {
            $ping = str_contains((string) fread($this->server->connection, 1024), (new PingReq())->encode());
        }
        self::assertTrue($ping);
        self::assertTrue($client->isConnected());
        for ($got = 0; $got < $sent - 1 && $client->receive(20.0); $got++) {
            if ($rest !== '') {
                $rest = substr($rest, (int) @fwrite($this->server->connection, $rest));
            }
        }
        self::assertSame($sent - 1, $got, 'nothing is lost');
        // receive(0) counts as a look; the last one comes once it is written.
        while ($rest !== '') {
            $rest = substr($rest, (int) @fwrite($this->server->connection, $rest));
        }
        self::assertNotNull($client->receive(20.0));
        self::assertSame(0, $client->stats()['reconnects']);
    }

    /** Acknowledged when it was handled, and not before. */
    public function testManualAckAndAutomaticAck(): void
    {
        $client = $this->connecting([]);
        $this->server->welcome();
        $this->server->send(new Publish('a', '1', 1, packetId: 7), new Publish('a', '2', 1, packetId: 8));
        self::arrived($client, 2);
        stream_set_blocking($this->server->connection, false);
        self::assertSame('', (string) fread($this->server->connection, 100), 'it has arrived and was not handled');
        stream_set_blocking($this->server->connection, true);
        $seen = [];
        $client->onMessage(function (Mqtt\Message $m) use (&$seen, $client) {
            $seen[] = $m->payload;
            stream_set_blocking($this->server->connection, false);
            self::assertSame('', (string) fread($this->server->connection, 100), 'its handler has not returned');
            stream_set_blocking($this->server->connection, true);
            $client->stop();
        });
        $client->run();
        self::assertSame(7, $this->server->expect(PubAck::class)->packetId);
        unset($client);

        $client = $this->connecting(['manualAck' => true]);
        $this->server->welcome();
        $this->server->send(new Publish('a', '1', 1, packetId: 7), new Publish('a', '2', 1, packetId: 8));
        $first = $client->receive(20.0);
        $second = $client->receive(20.0);
        // In order of arrival, so the first call sends nothing.
        self::assertTrue($second->ack(ReasonCode::QuotaExceeded));
        stream_set_blocking($this->server->connection, false);
        self::assertSame('', (string) fread($this->server->connection, 100));
        stream_set_blocking($this->server->connection, true);
        self::assertTrue($first->ack());
        self::assertFalse($first->ack());
        $acks = [$this->server->expect(PubAck::class), $this->server->expect(PubAck::class)];
        self::assertSame([[7, ReasonCode::Success], [8, ReasonCode::QuotaExceeded]], array_map(fn (PubAck $ack) => [$ack->packetId, $ack->reasonCode], $acks));
    }

    /** keepAlive, completion of publishes and reconnection go on while the script does something else. */
    public function testTheConnectionLivesWhileTheScriptDoesNot(): void
    {
        $client = $this->connecting(['keepAlive' => 1]);
        $token = $client->publish('a', 'x', 1);
        $this->server->welcome();
        $publish = $this->server->expect(Publish::class);
        self::assertInstanceOf(PingReq::class, $this->server->expect(PingReq::class));
        $this->server->send(new Mqtt\Packet\PingResp(), new PubAck($publish->packetId));
        self::assertInstanceOf(PingReq::class, $this->server->expect(PingReq::class));
        // No call of the client in between: the acknowledgement is known, and so is the new connection after the loss.
        self::assertSame(0, $client->stats()['openTokens']);
        self::assertSame(ReasonCode::Success, $client->wait($token, 0.0));
        $this->server->cut();
        self::assertFalse($this->server->welcome()->cleanStart);
        self::assertInstanceOf(PingReq::class, $this->server->expect(PingReq::class));
        self::assertSame(1, $client->stats()['reconnects']);
    }

    public function testLinger(): void
    {
        $client = $this->connecting(['linger' => 20.0]);
        $this->server->welcome();
        $client->publish('a', 'last', 1);
        $publish = $this->server->expect(Publish::class);
        // The end waits for the acknowledgement, which a child sends while it does.
        if (($child = pcntl_fork()) === 0) {
            $this->server->send(new PubAck($publish->packetId));
            posix_kill(getmypid(), SIGKILL);
        }
        unset($client);
        pcntl_waitpid($child, $status);
        self::assertInstanceOf(Disconnect::class, $this->server->next(), 'and then it leaves in order');
    }

    public function testLoggerGetsLevelAndText(): void
    {
        $lines = [];
        $client = $this->connecting(['logger' => function (string $level, string $text) use (&$lines) { $lines[$level][] = $text; }]);
        $this->server->welcome();
        self::until($client, function () use (&$lines) { return isset($lines['info']); });
        self::assertStringContainsString('connected', implode("\n", $lines['info']));
    }

    /** A request that nobody answers gives its handler back after its time, says so in the log, and an answer that comes late reaches nobody. */
    public function testRequestsWithoutAnAnswerEnd(): void
    {
        // Entries of requests made with wait: false were kept until the end of the request when no answer came.
        $lines = [];
        $client = $this->connecting(['logger' => function (string $level, string $text) use (&$lines) { $lines[] = "$level $text"; }]);
        $this->server->welcome();
        $handler = function () use (&$lines) { $lines[] = 'answered'; };
        $watched = WeakReference::create($handler);
        $client->request('service', 'x', 0.05, handler: $handler, wait: false);
        unset($handler);
        self::assertNotNull($watched->get());
        $subscribe = $this->server->expect(Subscribe::class);
        $this->server->send(new SubAck($subscribe->packetId, [1]));
        $request = $this->server->expect(Publish::class);
        $this->server->send(new PubAck($request->packetId));
        self::until($client, fn () => $watched->get() === null);
        self::assertContains('warning no answer to the request on service came in time', $lines);
        $answer = new Publish($request->properties->responseTopic, 'late', properties: ['correlationData' => $request->properties->correlationData]);
        $this->server->send($answer);
        // One that is in time reaches its handler.
        $got = null;
        $client->request('service', 'y', 20.0, handler: function (Mqtt\Message $m) use (&$got) { $got = $m->payload; }, wait: false);
        $request = $this->server->expect(Publish::class);
        $this->server->send(new PubAck($request->packetId), new Publish($request->properties->responseTopic, 'in time', properties: ['correlationData' => $request->properties->correlationData]));
        self::until($client, function () use (&$got) { return $got !== null; });
        self::assertSame('in time', $got);
        self::assertNotContains('answered', $lines);
    }

    public function testHandlersOfAResumedSessionGetWhatCameBeforeThem(): void
    {
        // What a resumed session sends at once arrived before subscribe() had named its handler, and went to receive() for ever.
        $client = $this->connecting(['cleanStart' => false]);
        $this->server->welcome(sessionPresent: true);
        $this->server->send(new Publish('a/1', 'early', 1, packetId: 7));
        self::arrived($client, 1);
        $got = [];
        $client->subscribe('a/+', 1, function (Mqtt\Message $m) use (&$got) { $got[] = $m->payload; }, wait: false);
        self::until($client, function () use (&$got) { return $got !== []; });
        self::assertSame(['early'], $got);
        self::assertSame(7, $this->server->expect(PubAck::class)->packetId);
    }
}
