<?php
declare(strict_types=1);

use Mqtt\Message;
use Mqtt\Packet\Connect;
use Mqtt\Packet\Publish;
use Mqtt\Packet\Subscribe;
use Mqtt\ReasonCode;
use Mqtt\Server;
use Mqtt\Version;

/** Options, start and stop, and what a running server is asked. */
final class ServerTest extends ServerCase
{
    /** @return iterable<string, array{mixed, string}> */
    public function wrongOptions(): iterable
    {
        yield 'unknown' => [['lsten' => 'mqtt://127.0.0.1:0'], 'Unknown option "lsten"; there are config, listen, tls, limits'];
        yield 'unknown limit' => [['limits' => ['maxConnections' => 1]], 'Unknown limit "maxConnections"; there are maximumPacketSize'];
        yield 'unknown key of tls' => [['tls' => ['cert' => 'x']], 'key "cert"; there are certFile'];
        yield 'store' => [['store' => 'data'], '"store" is not available in this version'];
        yield 'dashboard' => [['dashboard' => 'http://127.0.0.1:18083'], '"dashboard" is not available in this version'];
        yield 'scheme' => [['listen' => 'http://127.0.0.1'], 'Option "listen": "http://127.0.0.1": unknown scheme'];
        yield 'port' => [['listen' => ['mqtt://127.0.0.1:99999']], 'not a port number'];
        yield 'nothing' => [['listen' => []], 'at least one'];
        yield 'user' => [['listen' => 'mqtt://joe@127.0.0.1'], 'no user name'];
        yield 'tls without certificate' => [['listen' => 'mqtts://127.0.0.1:0'], 'needs the option "tls"'];
        yield 'no such certificate' => [['listen' => 'mqtts://127.0.0.1:0', 'tls' => ['certFile' => '/none.pem', 'keyFile' => '/none.key']], '/none.pem'];
        yield 'limit out of range' => [['limits' => ['receiveMaximum' => 0]], 'Limit "receiveMaximum" must be between 1 and 65535, 0 given'];
        yield 'shards' => [['shards' => 65], 'Option "shards" must be between 0 and 64'];
        yield 'overdue' => [['hookOverdue' => 'wait'], "'refuse' or 'proceed'"];
        yield 'level' => [['logLevel' => 'loud'], "'debug', 'info'"];
        yield 'negative time' => [['hookDeadline' => -1], 'Option "hookDeadline"'];
        yield 'no file' => ['', 'The path of the configuration file is empty'];
        yield 'no such file' => ['/nowhere/mosquitto.conf', 'cannot read /nowhere/mosquitto.conf'];
        yield 'no such file as option' => [['config' => '/nowhere/mosquitto.conf'], 'cannot read /nowhere/mosquitto.conf'];
    }

    /** @dataProvider wrongOptions */
    public function testWrongOptionsAreNamed(mixed $options, string $words): void
    {
        $this->expectException(ValueError::class);
        $this->expectExceptionMessage($words);
        new Server($options);
    }

    /** @return iterable<string, array{array<string, mixed>}> */
    public function wrongTypes(): iterable
    {
        yield 'limits' => [['limits' => 5]];
        yield 'logger' => [['logger' => 'no such function']];
        yield 'handler' => [['handler' => new stdClass()]];
        yield 'shards' => [['shards' => 'two']];
    }

    /**
     * @dataProvider wrongTypes
     * @param array<string, mixed> $options
     */
    public function testWrongTypesAreNamed(array $options): void
    {
        $this->expectException(TypeError::class);
        $this->expectExceptionMessage('ption "' . array_key_first($options) . '"');
        new Server($options);
    }

    public function testOptionsAreNotChanged(): void
    {
        $options = ['listen' => ['mqtt://127.0.0.1:0'], 'shards' => '2', 'limits' => ['maximumQoS' => '1']];
        new Server($options);
        $this->assertSame(['listen' => ['mqtt://127.0.0.1:0'], 'shards' => '2', 'limits' => ['maximumQoS' => '1']], $options);
    }

    public function testTheConstructorStartsNothing(): void
    {
        $server = $this->server();
        $this->assertFalse($server->isRunning());
        $this->assertSame([[], null], [$server->addresses(), $server->port()]);
        foreach ([fn () => $server->publish('a'), fn () => $server->clients(), fn () => $server->client('a'), fn () => $server->disconnect('a'), fn () => $server->subscriptions(), fn () => $server->retained(), fn () => $server->stats()] as $call) {
            try {
                $call();
                $this->fail('no exception');
            } catch (Mqtt\Exception\ClosedException $closed) {
                $this->assertStringContainsString('call start() or run() first', $closed->getMessage());
            }
        }
    }

    /** @return iterable<string, array{callable}> */
    public function starters(): iterable
    {
        yield 'start' => [fn (Server $server) => $server->start()];
        yield 'dispatch' => [fn (Server $server) => $server->dispatch()];
        yield 'stream' => [fn (Server $server) => $server->stream()];
        yield 'fd' => [fn (Server $server) => $server->fd()];
        yield 'run' => [fn (Server $server) => $server->run(0)];
    }

    /** @dataProvider starters */
    public function testWhatStartsAServer(callable $starter): void
    {
        $server = $this->server();
        $starter($server);
        $this->assertTrue($server->isRunning());
        $this->assertGreaterThan(0, $server->port());
        $server->start();
        $this->connected();
    }

    public function testRunEndsAfterItsTime(): void
    {
        $begin = microtime(true);
        $this->server()->run(0.05);
        $this->assertGreaterThanOrEqual(0.05, microtime(true) - $begin);
        $this->assertLessThan(2, microtime(true) - $begin);
        $this->assertTrue($this->server->isRunning());
    }

    public function testStopAndStartAgain(): void
    {
        $server = $this->server();
        $client = $this->connected();
        $why = null;
        $client->onDisconnect(function (Throwable $exception, ?Mqtt\Packet\Disconnect $packet) use (&$why): void {
            $why = $packet?->reasonCode;
        });
        $this->assertTrue($server->stop());
        $this->assertTrue($server->stop(), 'a second time it does nothing');
        $this->assertFalse($server->isRunning());
        $this->until(function () use (&$why): bool {
            return $why !== null;
        });
        $this->assertSame(ReasonCode::ServerShuttingDown, $why);
        $this->assertSame(0, $server->dispatch() * 0, 'what is left is told');
        $this->assertFalse($server->isRunning(), 'and does not start it again');
        $server->start();
        $this->connected();
    }

    public function testAServerIsOnePerProcess(): void
    {
        $this->server()->start();
        $other = new Server(['listen' => 'mqtt://127.0.0.1:0']);
        try {
            $other->start();
            $this->fail('no error');
        } catch (Error $error) {
            $this->assertStringContainsString('Another Mqtt\Server runs in this process', $error->getMessage());
        }
        $this->server->stop();
        $other->start();
        $this->assertTrue($other->isRunning());
        $other->stop();
    }

    public function testAPortInUseIsExplained(): void
    {
        $socket = stream_socket_server('tcp://127.0.0.1:0');
        $name = stream_socket_get_name($socket, false);
        $server = $this->server(['listen' => "mqtt://$name"]);
        try {
            $server->start();
            $this->fail('no exception');
        } catch (Mqtt\Exception\TransportException $exception) {
            $this->assertStringContainsString("Cannot listen on $name", $exception->getMessage());
            $this->assertStringContainsString('run the server in one of them', $exception->getMessage());
        }
        $this->assertFalse($server->isRunning());
        fclose($socket);
        $server->start();
        $this->assertTrue($server->isRunning());
    }

    public function testEveryKindOfListener(): void
    {
        $directory = sys_get_temp_dir() . '/mqtt-server-' . getmypid();
        @mkdir($directory);
        $this->certificate($directory);
        $this->server([
            'listen' => ['mqtt://127.0.0.1:0', 'ws://127.0.0.1:0/mqtt', "unix:$directory/socket", 'mqtts://localhost:0', 'wss://127.0.0.1:0'],
            'tls' => ['certFile' => "$directory/cert.pem", 'keyFile' => "$directory/key.pem"],
        ]);
        $seen = [];
        $this->server->onConnect(function (Server\ConnectRequest $request) use (&$seen): void {
            $seen[$request->clientId] = $request->remoteAddress;
        });
        $this->server->start();
        $addresses = $this->server->addresses();
        $this->assertSame(['mqtt', 'ws', 'unix', 'mqtts', 'wss'], array_map(fn (string $uri): string => explode(':', $uri)[0], $addresses));
        $this->assertSame("unix://$directory/socket", $addresses[2]);
        foreach ($addresses as $index => $uri) {
            $this->connected(['clientId' => "client-$index"] + (str_contains($uri, 's://') && $uri[0] !== 'w' || str_starts_with($uri, 'wss') ? ['tls' => ['caFile' => "$directory/cert.pem"]] : []), $index);
        }
        $this->assertCount(5, [...$this->server->clients()]);
        $this->assertNull($seen['client-2'], 'a Unix socket has no address');
        $this->assertStringStartsWith('127.0.0.1:', $seen['client-4']);
        $this->server->stop();
        $this->assertFileDoesNotExist("$directory/socket");
        array_map('unlink', (array) glob("$directory/*"));
        rmdir($directory);
    }

    private function certificate(string $directory): void
    {
        $command = ['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
            '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', "$directory/key.pem", '-out', "$directory/cert.pem"];
        $null = ['file', '/dev/null', 'w'];
        $process = proc_open($command, [1 => $null, 2 => $null], $pipes);
        if ($process === false || proc_close($process) !== 0) {
            $this->markTestSkipped('there is no openssl');
        }
    }

    public function testPublishedByTheServer(): void
    {
        $server = $this->server();
        $client = $this->connected();
        $got = null;
        $client->onMessage(function (Message $message) use (&$got): void {
            $got = $message;
        });
        $client->subscribe('from/#', 1, wait: false);
        $this->until(fn (): bool => [...$server->subscriptions()] !== []);
        $server->publish('from/php', "\0\xFF", 1, true, ['contentType' => 'x', 'userProperties' => ['a' => 'b']]);
        $this->until(function () use (&$got): bool {
            return $got !== null;
        });
        $this->assertSame(['from/php', "\0\xFF", 1, 'x', [['a', 'b']]], [$got->topic, $got->payload, $got->qos, $got->properties->contentType, $got->properties->userProperties]);
        $kept = [...$server->retained('from/+')];
        $this->assertCount(1, $kept);
        $this->assertInstanceOf(Message::class, $kept[0]);
        $this->assertSame(['from/php', "\0\xFF", 1, true, 'x'], [$kept[0]->topic, $kept[0]->payload, $kept[0]->qos, $kept[0]->retain, $kept[0]->properties->contentType]);
        $server->publish('from/php', '', retain: true);
        $this->until(fn (): bool => [...$server->retained('from/#')] === []);
    }

    public function testWrongArgumentsOfPublish(): void
    {
        $server = $this->server();
        $server->start();
        foreach ([fn () => $server->publish('a/#'), fn () => $server->publish(''), fn () => $server->publish('a', '', 3), fn () => $server->publish('a', properties: ['reasonString' => 'x']), fn () => $server->retained('a#'), fn () => $server->disconnect('a', 0x19)] as $call) {
            try {
                $call();
                $this->fail('no error');
            } catch (ValueError $error) {
                $this->assertMatchesRegularExpression('/^Mqtt\\\\Server::\w+\(\): Argument #\d \(\$\w+\)/', $error->getMessage());
            }
        }
    }

    public function testClientsAreDescribed(): void
    {
        $server = $this->server();
        $first = $this->peer(new Connect('one', keepAlive: 44, username: 'joe'));
        $peer = $this->peer(new Connect('two', properties: ['sessionExpiryInterval' => 100]));
        $this->exchange($peer, new Subscribe(1, [new Mqtt\Subscription('a/+', 1, identifier: null)], ['subscriptionIdentifier' => 3]));
        $peer->drop();
        $this->until(fn (): bool => $server->client('two')?->connected === false);

        $one = $server->client('one');
        $this->assertSame(['one', 'joe', Version::V5, true, 44, null], [$one->clientId, $one->username, $one->version, $one->connected, $one->keepAlive, $one->expiresAt]);
        $this->assertEqualsWithDelta(microtime(true), $one->connectedAt, 5);
        $two = $server->client('two');
        $this->assertSame([100, 1], [$two->sessionExpiryInterval, $two->subscriptions]);
        $this->assertEqualsWithDelta(microtime(true) + 100, $two->expiresAt, 5);
        $server->publish('a/b', 'x', 1);
        $this->until(fn (): bool => $server->client('two')->queued === 1);

        $ids = array_map(fn (Server\ClientInfo $info): string => $info->clientId, [...$server->clients()]);
        sort($ids);
        $this->assertSame(['one', 'two'], $ids);
        $this->assertNull($server->client('three'));
        $info = [...$server->subscriptions()][0];
        $this->assertSame(['two', 'a/+', 1, 3], [$info->clientId, $info->subscription->filter, $info->subscription->qos, $info->subscription->identifier]);
        $this->assertFalse($server->disconnect('three'));
        $stats = $server->stats();
        $this->assertSame([1, 1, 1, 2], [$stats['clientsConnected'], $stats['clientsAway'], $stats['subscriptions'], $stats['connectionsAccepted']]);
        $this->assertIsFloat($stats['uptime']);
        $first->drop();
    }

    public function testLimitsReachTheBroker(): void
    {
        $this->server(['limits' => [
            'maximumPacketSize' => 1000, 'receiveMaximum' => 5, 'topicAliasMaximum' => 3, 'maximumKeepAlive' => 20, 'maximumQoS' => 1,
            'retainAvailable' => false, 'maximumSessionExpiryInterval' => 60,
        ], 'assignedClientIdPrefix' => 'php-']);
        $ack = $this->exchange($this->stranger(), new Connect('', keepAlive: 300, properties: ['sessionExpiryInterval' => 3600]));
        $this->assertInstanceOf(Mqtt\Packet\ConnAck::class, $ack);
        $properties = $ack->properties->toArray();
        $this->assertStringStartsWith('php-', $properties['assignedClientIdentifier']);
        unset($properties['assignedClientIdentifier']);
        $expected = ['maximumPacketSize' => 1000, 'receiveMaximum' => 5, 'topicAliasMaximum' => 3, 'serverKeepAlive' => 20, 'maximumQoS' => 1, 'retainAvailable' => false, 'sessionExpiryInterval' => 60];
        $this->assertEquals($expected, array_intersect_key($properties, $expected));
    }

    /** @return string a file that is removed at the end of the test */
    private function conf(string $text): string
    {
        $file = (string) tempnam(sys_get_temp_dir(), 'mosquitto');
        file_put_contents($file, $text);
        return $file;
    }

    public function testAFileOfMosquitto(): void
    {
        $file = $this->conf("listener 0 127.0.0.1\nallow_anonymous true\nmax_packet_size 2000\nmessage_size_limit 5\n"
            . "pid_file /tmp/none.pid\nlistener 0 127.0.0.1\nprotocol websockets\n");
        $server = $this->server(['config' => $file, 'listen' => null]);
        unlink($file);
        $asked = [];
        $server->onPublish(function (Server\PublishRequest $request) use (&$asked): void {
            $asked[] = $request->message->topic;
        }, 'a/#');
        $ack = $this->exchange($peer = $this->stranger(), new Connect('a'));
        $this->assertInstanceOf(Mqtt\Packet\ConnAck::class, $ack);
        $this->assertSame([ReasonCode::Success, 2000], [$ack->reasonCode, $ack->properties->maximumPacketSize]);
        $this->assertStringStartsWith('ws://127.0.0.1:', $server->addresses()[1]);
        $codes = [];
        foreach ([['a/b', 'short'], ['a/b', 'longer'], ['b', 'short'], ['b', 'longer']] as [$topic, $payload]) {
            $codes[] = $this->exchange($peer, new Publish($topic, $payload, 1, packetId: 1))->reasonCode;
        }
        [$sent, $refused] = [ReasonCode::NoMatchingSubscribers, ReasonCode::ImplementationSpecificError];
        $this->assertSame([$sent, $refused, $sent, $refused], $codes);
        $this->assertSame(['a/b'], $asked, 'only for its topics, and not for what the file refuses');
        $this->assertStringContainsString('pid_file /tmp/none.pid is not written', implode($this->lines('warning')));
    }

    public function testAFileOfMosquittoAsTheOnlyArgument(): void
    {
        $file = $this->conf("listener 0 127.0.0.1\nauto_id_prefix file-\n");
        $this->server = new Server($file);
        unlink($file);
        $ack = $this->exchange($this->stranger(), new Connect('a'));
        $this->assertInstanceOf(Mqtt\Packet\ConnAck::class, $ack);
        $this->assertSame(ReasonCode::NotAuthorized, $ack->reasonCode, "Mosquitto's default");
        $this->server->stop();
        $this->server->onConnect(fn () => ReasonCode::Success);
        $ack = $this->exchange($this->stranger(), new Connect(''));
        $this->assertStringStartsWith('file-', $ack->properties->assignedClientIdentifier);
    }

    public function testAFileThatCannotBeFollowedSaysWhere(): void
    {
        $file = $this->conf("listener 1883\nno_such_option true\n");
        try {
            new Server($file);
            $this->fail('no error');
        } catch (ValueError $error) {
            $this->assertStringContainsString("$file:2: no_such_option", $error->getMessage());
        } finally {
            unlink($file);
        }
    }

    public function testOnlySoManyConnections(): void
    {
        $this->server(['limits' => ['maximumConnections' => 1]]);
        $first = $this->peer();
        $second = $this->stranger();
        $second->send(new Connect('second'));
        $answer = $this->next($second);
        $this->assertTrue($answer === null || $answer->reasonCode->isError());
        $first->drop();
    }

    public function testTheLog(): void
    {
        $this->server(['logLevel' => 'debug']);
        $peer = $this->peer(new Connect('noisy'));
        $this->exchange($peer, new Publish('a', 'x', 1, packetId: 1));
        $this->until(fn (): bool => preg_grep("/Received PUBLISH from noisy .*'a'/", $this->lines('debug')) !== []);
        $this->assertNotSame([], preg_grep('/New client connected from 127\.0\.0\.1:\d+ as noisy/', $this->lines('notice')));
        $this->assertNotSame([], preg_grep('/running/', $this->lines('info')));
    }

    public function testTheSettingMqttLog(): void
    {
        $file = (string) tempnam(sys_get_temp_dir(), 'mqtt');
        $before = [ini_set('error_log', $file), ini_set('mqtt.log', 'notice')];
        $this->server(['logLevel' => 'error']);
        ini_set('mqtt.log', (string) $before[1]);
        $peer = $this->peer(new Connect('noisy'));
        $this->until(fn (): bool => str_contains((string) file_get_contents($file), 'as noisy'));
        ini_set('error_log', (string) $before[0]);
        $this->assertStringNotContainsString('running', (string) file_get_contents($file), 'nothing below the level');
        $this->assertSame([], $this->log, 'the logger has a level of its own');
        unlink($file);
        $peer->drop();
    }

    public function testAStreamThatWasClosedIsMadeAnew(): void
    {
        $server = $this->server();
        $stream = $server->stream();
        $this->assertSame($stream, $server->stream());
        fclose($stream);
        $this->assertIsResource($server->stream());
        $this->connected();
    }

    public function testClosuresThatHoldTheirServerAreCollected(): void
    {
        $server = new Server(['listen' => 'mqtt://127.0.0.1:0', 'shards' => 1]);
        $server->onConnect(function () use ($server): void {
            $server->stats();
        });
        $server->start();
        $port = $server->port();
        $weak = WeakReference::create($server);
        unset($server);
        $this->assertNotNull($weak->get(), 'the cycle holds it');
        gc_collect_cycles();
        $this->assertNull($weak->get());
        $this->assertFalse(@stream_socket_client("tcp://127.0.0.1:$port"), 'the broker is gone with it');
    }

    public function testTheDestructorEndsAServerWithClients(): void
    {
        $server = new Server(['listen' => 'mqtt://127.0.0.1:0', 'shards' => 2]);
        $server->start();
        $sockets = [];
        for ($i = 0; $i < 10; $i++) {
            $sockets[] = $socket = stream_socket_client('tcp://127.0.0.1:' . $server->port());
            fwrite($socket, (new Connect("c$i"))->encode());
        }
        fread($sockets[9], 100);
        $begin = microtime(true);
        unset($server);
        $this->assertLessThan(1.5, microtime(true) - $begin);
    }

    public function testItCannotBeClonedOrSerialized(): void
    {
        $server = new Server();
        foreach ([fn () => clone $server, fn () => serialize($server)] as $call) {
            try {
                $call();
                $this->fail('no error');
            } catch (Error | Exception $error) {
                $this->assertStringContainsString('Mqtt\Server', $error->getMessage());
            }
        }
    }
}
