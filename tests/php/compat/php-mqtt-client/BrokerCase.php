<?php
declare(strict_types=1);

namespace Mqtt\Tests\Compat\PhpMqttClient;

use Broker;
use Closure;
use RuntimeException;
use Script;
use PhpMqtt\Client\ConnectionSettings;
use PhpMqtt\Client\Contracts\MqttClient as ClientContract;
use PhpMqtt\Client\Exceptions\ConnectingToBrokerFailedException;
use PhpMqtt\Client\Exceptions\DataTransferException;
use PhpMqtt\Client\MqttClient;
use PhpMqtt\Client\PublishedMessage;
use PhpMqtt\Client\Repositories\MemoryRepository;

/** What an application does with MqttClient, with a real broker. */
abstract class BrokerCase extends ClientCase
{
    /** @return iterable<string, array{string}> */
    public function protocols(): iterable
    {
        yield '3.1' => [MqttClient::MQTT_3_1];
        yield '3.1.1' => [MqttClient::MQTT_3_1_1];
    }

    /** @dataProvider protocols */
    public function testConnectAndDisconnect(string $protocol): void
    {
        $client = $this->client(protocol: $protocol);
        $this->assertTrue($client->isConnected());
        $this->assertGreaterThan(0, $client->getSentBytes());
        $this->assertSame(4, $client->getReceivedBytes());
        $client->disconnect();
        $this->assertFalse($client->isConnected());
        // Again, with the same object.
        $client->connect(null, true);
        $this->assertTrue($client->isConnected());
        $this->assertSame(8, $client->getReceivedBytes());
        $client->disconnect();
    }

    /** @dataProvider protocols */
    public function testEveryQosBothWays(string $protocol): void
    {
        $receiver = $this->client(protocol: $protocol);
        $sender = $this->client(protocol: $protocol);
        $got = [];
        $this->subscribe($receiver, "qos/$protocol/+", function (string $topic, string $message, bool $retained, array $wildcards) use (&$got): void {
            $got[] = [$topic, $message, $retained, $wildcards];
        });
        foreach ([0, 1, 2] as $qos) {
            $sender->publish("qos/$protocol/$qos", "payload $qos", $qos);
        }
        $sender->loop(true, true);
        $this->until(function () use (&$got): bool {
            return count($got) >= 3;
        }, $receiver);
        sort($got);
        $this->assertSame([
            ["qos/$protocol/0", 'payload 0', false, ['0']],
            ["qos/$protocol/1", 'payload 1', false, ['1']],
            ["qos/$protocol/2", 'payload 2', false, ['2']],
        ], $got);
        $sender->disconnect();
        $receiver->disconnect();
    }

    /** Any bytes are a payload. The original refused those that are UTF-8 and hold U+0000. */
    public function testAnyPayloadArrives(): void
    {
        $client = $this->client();
        $payloads = ['', "\0", "text\0text", "\xFF\xFE\0", str_repeat("0123456789abcdef", 20_000)];
        $got = [];
        $this->subscribe($client, 'binary', function (string $topic, string $message) use (&$got): void {
            $got[] = $message;
        });
        foreach ($payloads as $payload) {
            $client->publish('binary', $payload, 1);
        }
        $this->until(function () use (&$got, $payloads): bool {
            return count($got) >= count($payloads);
        }, $client);
        $this->assertSame($payloads, $got);
        $client->disconnect();
    }

    /**
     * The original took a short write for a lost connection, so bursts and large messages failed now and then; a publish right
     * before disconnect() could be lost.
     */
    public function testABurstAndThenDisconnectArrives(): void
    {
        $receiver = $this->client();
        $got = 0;
        $this->subscribe($receiver, 'burst', function () use (&$got): void {
            ++$got;
        }, 0);
        $sender = $this->client();
        $payload = str_repeat('x', 4096);
        for ($i = 0; $i < 700; ++$i) {
            $sender->publish('burst', $payload);
        }
        $sender->disconnect();
        $this->until(function () use (&$got): bool {
            return $got === 700;
        }, $receiver);
        $this->assertSame(700, $got);
        $receiver->disconnect();
    }

    public function testManyInFlightGetTheirAcknowledgements(): void
    {
        // mosquitto closes for more than its window at QoS 2, whoever the client is.
        foreach ([1 => 500, 2 => 20] as $qos => $count) {
            $repository = new MemoryRepository();
            $client = new MqttClient('127.0.0.1', $this->broker()->port, null, MqttClient::MQTT_3_1_1, $repository);
            $client->connect(null, true);
            for ($i = 0; $i < $count; ++$i) {
                $client->publish('many', (string) $i, $qos);
            }
            $this->assertSame($count, $repository->countPendingOutgoingMessages());
            $client->loop(true, true);
            $this->assertSame(0, $repository->countPendingOutgoingMessages());
            $client->disconnect();
        }
    }

    /** One after the other, an identifier is always free again: it stays 1. */
    public function testIdentifiersAreReused(): void
    {
        $client = $this->client();
        $ids = [];
        $client->registerPublishEventHandler(function (MqttClient $client, string $topic, string $message, ?int $id) use (&$ids): void {
            $ids[] = $id;
        });
        $client->publish('ids', 'x');
        for ($i = 0; $i < 3; ++$i) {
            $client->publish('ids', 'x', 1);
            $client->loop(true, true);
        }
        $this->assertSame([null, 1, 1, 1], $ids);
        $client->disconnect();
    }

    public function testRetainedMessages(): void
    {
        $client = $this->client();
        $client->publish('kept', 'old', 1, true);
        $client->loop(true, true);
        $got = [];
        $client->subscribe('kept', function (string $topic, string $message, bool $retained) use (&$got): void {
            $got[] = [$message, $retained];
        });
        $this->until(function () use (&$got): bool {
            return $got !== [];
        }, $client);
        $this->assertSame([['old', true]], $got);
        $client->publish('kept', '', 1, true);
        $this->settle($client);
        $client->disconnect();
    }

    /** Each hook with its arguments, the callback of the subscription before the hook for all messages. */
    public function testHooks(): void
    {
        $events = [];
        $client = new MqttClient('127.0.0.1', $this->broker()->port, null, MqttClient::MQTT_3_1_1);
        $note = function (string $name) use (&$events, $client): Closure {
            return function (mixed ...$arguments) use ($name, &$events, $client): void {
                $arguments[0] = $arguments[0] === $client ? 'client' : $arguments[0];
                $events[] = [$name, ...$arguments];
            };
        };
        $loop = function (ClientContract $client, float $elapsed) use (&$events): void {
            $events['loop'] = $elapsed;
        };
        $this->assertSame($client, $client->registerConnectedEventHandler($note('connected')));
        $this->assertSame($client, $client->registerPublishEventHandler($publish = $note('publish')));
        $this->assertSame($client, $client->registerMessageReceivedEventHandler($received = $note('received')));
        $this->assertSame($client, $client->registerLoopEventHandler($loop));
        $client->connect(null, true);
        $client->subscribe('hooks', $note('callback'), 2);
        $client->subscribe('without/callback', null, 2);
        $this->settle($client);
        $this->assertArrayHasKey('loop', $events);
        unset($events['loop']);
        $this->assertSame([['connected', 'client', false]], $events);
        $events = [];
        $client->unregisterLoopEventHandler($loop);
        $client->publish('hooks', 'a', 1, false);
        $client->publish('without/callback', 'b');
        $this->until(function () use (&$events): bool {
            return count($events) >= 5;
        }, $client);
        $this->assertSame([
            ['publish', 'client', 'hooks', 'a', 2, 1, false], ['publish', 'client', 'without/callback', 'b', null, 0, false],
            ['callback', 'hooks', 'a', false, []], ['received', 'client', 'hooks', 'a', 1, false], ['received', 'client', 'without/callback', 'b', 0, false],
        ], $events);
        $this->assertSame($client, $client->unregisterPublishEventHandler($publish));
        $this->assertSame($client, $client->unregisterMessageReceivedEventHandler());
        $this->assertSame($client, $client->unregisterConnectedEventHandler());
        $this->assertSame($client, $client->unregisterLoopEventHandler());
        $events = [];
        $client->publish('hooks', 'c', 1);
        $this->until(function () use (&$events): bool {
            return $events !== [];
        }, $client);
        $this->assertSame([['callback', 'hooks', 'c', false, []]], $events);
        $client->disconnect();
    }

    /** What a callback or a hook throws is logged and goes no further. */
    public function testWhatCallbacksThrowIsLogged(): void
    {
        $lines = new Lines();
        $client = $this->client(logger: $lines);
        $throw = fn () => throw new RuntimeException('oops');
        $got = 0;
        $client->registerLoopEventHandler($throw);
        $client->registerPublishEventHandler($throw);
        $client->registerMessageReceivedEventHandler($throw);
        $client->registerMessageReceivedEventHandler(function () use (&$got): void {
            ++$got;
        });
        $this->subscribe($client, 'throws', $throw);
        $client->publish('throws', 'x');
        $this->until(function () use (&$got): bool {
            return $got === 1;
        }, $client);
        foreach (['event [loop]', 'event [publish]', 'event [messageReceived]', 'topic [throws]'] as $text) {
            $this->assertTrue($lines->has('error', $text), $text);
        }
        $exceptions = array_filter(array_column($lines->contexts, 'exception'));
        $this->assertContainsOnlyInstancesOf(RuntimeException::class, $exceptions);
        $this->assertTrue($lines->has('debug', "MQTT [127.0.0.1:{$this->broker()->port}] [{$client->getClientId()}] "));
        $client->disconnect();
    }

    /** All matching subscriptions get a message, a filter subscribed to again only its new callback. */
    public function testOverlappingSubscriptions(): void
    {
        $client = $this->client();
        $got = [];
        foreach (['over/#' => 'old', 'over/+' => 'plus', 'over/lap' => 'exact'] as $filter => $name) {
            $this->subscribe($client, $filter, function () use (&$got, $name): void {
                $got[] = $name;
            });
        }
        $this->subscribe($client, 'over/#', function () use (&$got): void {
            $got[] = 'new';
        });
        $client->publish('over/lap', 'x', 1);
        $this->settle($client);
        $this->until(function () use (&$got): bool {
            return count($got) >= 3;
        }, $client);
        $this->assertSame(['plus', 'exact', 'new'], array_slice($got, 0, 3));
        $client->unsubscribe('over/#');
        $client->unsubscribe('over/+');
        $this->settle($client);
        $got = [];
        $client->publish('over/lap', 'x', 1);
        $this->until(function () use (&$got): bool {
            return $got !== [];
        }, $client);
        $this->assertSame(['exact'], $got);
        $client->disconnect();
    }

    public function testSharedSubscriptions(): void
    {
        $got = [];
        $clients = [];
        foreach (['one', 'two'] as $name) {
            $clients[] = $client = $this->client();
            $this->subscribe($client, '$share/group/shared/+', function (string $topic, string $message, bool $retained, array $wildcards) use (&$got): void {
                $got[] = $wildcards[0];
            });
        }
        $clients[0]->publish('shared/a', 'x', 1);
        $clients[0]->publish('shared/b', 'x', 1);
        $this->until(function () use (&$got): bool {
            return count($got) >= 2;
        }, ...$clients);
        sort($got);
        $this->assertSame(['a', 'b'], $got);
    }

    /** A callback that is no Closure made the original die of a TypeError. */
    public function testAnyCallableIsACallback(): void
    {
        $client = $this->client();
        $object = new class() {
            public ?string $got = null;

            public function take(string $topic, string $message): void
            {
                $this->got = $message;
            }
        };
        $this->subscribe($client, 'callable', [$object, 'take']);
        $client->publish('callable', 'x');
        $this->until(fn (): bool => $object->got === 'x', $client);
        $this->assertSame('x', $object->got);
        $client->disconnect();
    }

    /** The will, and what disconnect() does to it. */
    public function testTheWill(): void
    {
        $watcher = $this->client();
        $got = [];
        $this->subscribe($watcher, 'will/+', function (string $topic, string $message) use (&$got): void {
            $got[] = "$topic $message";
        });
        $settings = fn (string $name): ConnectionSettings => (new ConnectionSettings())->setLastWillTopic("will/$name")->setLastWillMessage('gone')->setLastWillQualityOfService(1);
        $this->client($settings('polite'))->disconnect();
        $lost = $this->client($settings('lost'));
        // A new connect() drops the old connection without a word.
        $lost->connect(null, true);
        $this->until(function () use (&$got): bool {
            return $got !== [];
        }, $watcher);
        $this->assertSame(['will/lost gone'], $got);
        $lost->disconnect();
        $watcher->disconnect();
    }

    /** A session that is not clean keeps subscription and messages; the repository of the object keeps the callback. */
    public function testASessionIsResumed(): void
    {
        $id = 'resumed-' . bin2hex(random_bytes(4));
        $client = $this->client(null, false, MqttClient::MQTT_3_1_1, $id);
        $got = [];
        $this->subscribe($client, "resume/$id", function (string $topic, string $message) use (&$got): void {
            $got[] = $message;
        });
        $client->disconnect();
        $other = $this->client();
        foreach ([1, 2] as $qos) {
            $other->publish("resume/$id", "while away $qos", $qos);
        }
        $other->loop(true, true);
        $client->connect(null, false);
        $this->until(function () use (&$got): bool {
            return count($got) >= 2;
        }, $client);
        sort($got);
        $this->assertSame(['while away 1', 'while away 2'], $got);
        // A clean session forgets on both sides.
        $client->connect(null, true);
        $other->publish("resume/$id", 'nobody', 1);
        $other->loop(true, true);
        $got = [];
        $client->loop(true, true);
        $this->assertSame([], $got);
    }

    // -- The loop --------------------------------------------------------------------------------------------------

    public function testInterruptFromACallbackEndsTheLoop(): void
    {
        $client = $this->client();
        $this->subscribe($client, 'stop', fn () => $client->interrupt());
        $client->publish('stop', 'x', 1);
        $client->loop();
        $this->assertTrue($client->isConnected());
        // The flag was reset: the next loop runs, until a hook stops it.
        $turns = 0;
        $client->registerLoopEventHandler(function (MqttClient $client) use (&$turns): void {
            ++$turns === 3 && $client->interrupt();
        });
        $client->loop();
        $this->assertSame(3, $turns);
        // Interrupted before it began: not one turn.
        $client->interrupt();
        $client->loop();
        $this->assertSame(3, $turns);
        $client->disconnect();
    }

    /** The original went on waiting while there was a subscription, whatever limit was given. */
    public function testTheQueueWaitLimitCountsWithASubscription(): void
    {
        $client = $this->client();
        $this->subscribe($client, 'limit', fn () => null);
        $begin = microtime(true);
        $client->loop(true, true, 1);
        $this->assertGreaterThanOrEqual(1.0, microtime(true) - $begin);
        $this->assertTrue($client->isConnected());
        $client->disconnect();
    }

    public function testTheLoopGoesOnWithASubscriptionAndWithoutALimit(): void
    {
        $client = $this->client();
        $this->subscribe($client, 'goes/on', fn () => null);
        $turns = 0;
        $client->registerLoopEventHandler(function (MqttClient $client) use (&$turns): void {
            ++$turns === 5 && $client->interrupt();
        });
        $client->loop(true, true);
        $this->assertSame(5, $turns);
        $client->disconnect();
    }

    /** Nothing to wait for: the original slept a tenth of a second all the same. */
    public function testALoopWithNothingToDoReturnsAtOnce(): void
    {
        $client = $this->client();
        $client->registerLoopEventHandler(function (MqttClient $client, float $elapsed) use (&$waits): void {
            $waits = $elapsed;
        });
        for ($i = 0; $i < 50; ++$i) {
            $client->publish('at/once', 'x');
            $client->loop(true, true);
        }
        $this->assertLessThan(0.1, $waits);
        $client->disconnect();
    }

    /** disconnect() in a callback made the loop of the original die of a TypeError. */
    public function testDisconnectInACallbackEndsTheLoop(): void
    {
        $client = $this->client();
        $this->subscribe($client, 'enough', fn () => $client->disconnect());
        $client->publish('enough', 'x', 1);
        $client->loop();
        $this->assertFalse($client->isConnected());
    }

    /** Waiting costs no processor time, also where sleeping is not allowed. */
    public function testWaitingIsNotBusy(): void
    {
        foreach ([true, false] as $allowSleep) {
            $client = $this->client();
            $client->registerLoopEventHandler(function (MqttClient $client, float $elapsed): void {
                $elapsed > 1.0 && $client->interrupt();
            });
            $before = getrusage();
            $client->loop($allowSleep);
            $after = getrusage();
            $seconds = $after['ru_utime.tv_sec'] - $before['ru_utime.tv_sec'] + ($after['ru_utime.tv_usec'] - $before['ru_utime.tv_usec']) / 1e6;
            $this->assertLessThan(0.7, $seconds);
            $client->disconnect();
        }
    }

    /** A script that computes for longer than one and a half keep-alive intervals lost the connection. */
    public function testTheConnectionStaysAliveWhileTheScriptComputes(): void
    {
        $client = $this->client((new ConnectionSettings())->setKeepAliveInterval(4));
        for ($end = microtime(true) + 8.0; microtime(true) < $end;) {
            hash('sha256', random_bytes(1024));
        }
        $client->publish('still/there', 'x', 1);
        $client->loop(true, true);
        $this->assertTrue($client->isConnected());
        $client->disconnect();
    }

    // -- Losing the connection -------------------------------------------------------------------------------------

    /** Another client with the same identifier makes the broker drop this one, and keeps the session. */
    private function takeOver(string $id, bool $clean = false): void
    {
        $other = $this->client(null, $clean, MqttClient::MQTT_3_1_1, $id);
        $other->disconnect();
    }

    public function testALostConnectionIsAnException(): void
    {
        $id = 'lost-' . bin2hex(random_bytes(4));
        $client = $this->client(null, true, MqttClient::MQTT_3_1_1, $id);
        $this->takeOver($id);
        try {
            $client->loop();
            $this->fail('not noticed');
        } catch (DataTransferException $e) {
            $this->assertSame(66, $e->getCode());
            $this->assertSame('[66] Transferring data over socket failed: The socket has reached EOF which indicates it has been closed by the broker.', $e->getMessage());
        }
        // As ever: it is a flag of connect() and disconnect().
        $this->assertTrue($client->isConnected());
        try {
            $client->publish('a', 'b');
            $this->fail('not noticed');
        } catch (DataTransferException $e) {
            $this->assertSame([65, '[65] Transferring data over socket failed: Sending data over the socket failed. Has it been closed?'], [$e->getCode(), $e->getMessage()]);
        }
        $client->connect(null, true);
        $client->disconnect();
    }

    /** @dataProvider protocols */
    public function testReconnectsAndResumes(string $protocol): void
    {
        $id = 'again-' . bin2hex(random_bytes(4));
        $settings = (new ConnectionSettings())->setReconnectAutomatically(true)->setMaxReconnectAttempts(100)->setDelayBetweenReconnectAttempts(50);
        $client = $this->client($settings, false, $protocol, $id);
        $connected = $got = [];
        $client->registerConnectedEventHandler(function (MqttClient $client, bool $isAutoReconnect) use (&$connected): void {
            $connected[] = $isAutoReconnect;
        });
        $this->subscribe($client, "again/$id", function (string $topic, string $message) use (&$got): void {
            $got[] = $message;
        });
        $this->takeOver($id);
        $this->until(function () use (&$connected): bool {
            return $connected !== [];
        }, $client);
        $this->assertSame([true], $connected);
        $client->publish("again/$id", 'x', 2);
        $this->until(function () use (&$got): bool {
            return $got !== [];
        }, $client);
        $this->assertSame(['x'], $got);
        $client->disconnect();
    }

    /**
     * A broker that restarts has forgotten the session. The original trusted that it had not, and from then on heard nothing
     * (its issue 143).
     *
     * @dataProvider protocols
     */
    public function testSubscriptionsAreMadeAgainWhereTheSessionIsLost(string $protocol): void
    {
        $broker = Broker::run($this->program());
        $settings = (new ConnectionSettings())->setReconnectAutomatically(true)->setMaxReconnectAttempts(200)->setDelayBetweenReconnectAttempts(50);
        $client = new MqttClient('127.0.0.1', $broker->port, 'restarted', $protocol);
        $client->connect($settings);
        $got = [];
        $this->subscribe($client, 'restart/+', function (string $topic, string $message) use (&$got): void {
            $got[] = $message;
        });
        $this->subscribe($client, 'taken/back', fn () => null);
        $client->unsubscribe('taken/back');
        $this->settle($client);
        $broker->stop();
        $broker->start();
        // This one goes into the new connection, whether the loss is noticed here or in the loop.
        $client->publish('restart/a', 'after', 1);
        $this->settle($client);
        $client->publish('restart/a', 'and later', 1);
        $this->until(function () use (&$got): bool {
            return in_array('and later', $got, true);
        }, $client);
        $this->assertContains('and later', $got);
        $client->disconnect();
    }

    /** What was not acknowledged goes again as soon as there is a connection, not after resendTimeout. */
    public function testWhatWasInFlightGoesAgainAfterAReconnect(): void
    {
        $broker = Broker::run($this->program());
        $settings = (new ConnectionSettings())->setReconnectAutomatically(true)->setMaxReconnectAttempts(200)->setDelayBetweenReconnectAttempts(50)->setResendTimeout(3600);
        $repository = new MemoryRepository();
        $client = new MqttClient('127.0.0.1', $broker->port, 'in-flight', MqttClient::MQTT_3_1_1, $repository);
        $client->connect($settings);
        $broker->stop();
        // As if it had been sent before the broker was gone.
        $repository->addPendingOutgoingMessage(new PublishedMessage(9, 'in/flight', 'x', 1, false));
        $broker->start();
        $this->settle($client);
        $this->assertSame(0, $repository->countPendingOutgoingMessages());
        $client->disconnect();
    }

    public function testNoReconnectSucceeds(): void
    {
        $broker = Broker::run($this->program());
        $settings = (new ConnectionSettings())->setReconnectAutomatically(true)->setMaxReconnectAttempts(2);
        $client = new MqttClient('127.0.0.1', $broker->port);
        $client->connect($settings);
        $broker->stop();
        try {
            $client->loop();
            $this->fail('not noticed');
        } catch (DataTransferException $e) {
            $this->assertSame(66, $e->getCode());
        }
        $this->expectException(ConnectingToBrokerFailedException::class);
        $this->expectExceptionCode(1000);
        $client->connect($settings);
    }

    // -- TLS -------------------------------------------------------------------------------------------------------

    public function testTls(): void
    {
        $directory = sys_get_temp_dir() . '/php-mqtt-client-' . getmypid() . '-' . $this->program();
        @mkdir($directory);
        $command = ['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
            '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', "$directory/key.pem", '-out', "$directory/cert.pem"];
        $process = proc_open($command, [1 => ['file', '/dev/null', 'w'], 2 => ['file', '/dev/null', 'w']], $pipes);
        if ($process === false || proc_close($process) !== 0) {
            $this->markTestSkipped('there is no openssl');
        }
        // mosquitto gives its rights away before it reads them.
        chmod("$directory/key.pem", 0644);
        $broker = Broker::run($this->program(), ["certfile $directory/cert.pem", "keyfile $directory/key.pem"]);
        $connect = function (string $host, callable $change) use ($broker): void {
            $client = new MqttClient($host, $broker->port, null, MqttClient::MQTT_3_1_1);
            $client->connect($change((new ConnectionSettings())->setUseTls(true)), true);
            $client->publish('tls', 'x', 1);
            $client->loop(true, true);
            $client->disconnect();
        };
        $connect('localhost', fn (ConnectionSettings $settings) => $settings->setTlsCertificateAuthorityFile("$directory/cert.pem"));
        $connect('127.0.0.1', fn (ConnectionSettings $settings) => $settings->setTlsVerifyPeer(false));
        $connect('127.0.0.1', fn (ConnectionSettings $settings) => $settings->setTlsCertificateAuthorityFile("$directory/cert.pem")->setTlsVerifyPeerName(false));
        $refused = [
            ['localhost', fn (ConnectionSettings $settings) => $settings],
            // Naming an authority turns the verification on again.
            ['127.0.0.1', fn (ConnectionSettings $settings) => $settings->setTlsVerifyPeer(false)->setTlsCertificateAuthorityFile("$directory/cert.pem")],
        ];
        foreach ($refused as [$host, $change]) {
            try {
                $connect($host, $change);
                $this->fail('connected');
            } catch (ConnectingToBrokerFailedException $e) {
                $this->assertSame([2000, '0A000086'], [$e->getCode(), $e->getConnectionErrorCode()], $e->getMessage());
                $this->assertStringContainsString('certificate verify failed', (string) $e->getConnectionErrorMessage());
                $this->assertStringStartsWith('[2000] Establishing a connection to the MQTT broker failed: TLS error [0A000086]: ', $e->getMessage());
            }
        }
        array_map('unlink', (array) glob("$directory/*"));
        rmdir($directory);
    }

    // -- Processes -------------------------------------------------------------------------------------------------

    /** A signal handler runs while the loop waits, and may end it. */
    public function testASignalInterruptsTheLoop(): void
    {
        $port = $this->broker()->port;
        $script = new Script($this->autoload() . <<<PHP
            \$client = new PhpMqtt\Client\MqttClient('127.0.0.1', $port);
            \$client->connect(null, true);
            pcntl_async_signals(true);
            pcntl_signal(SIGTERM, fn () => \$client->interrupt());
            \$client->subscribe('signal', fn () => null);
            \$client->loopOnce(microtime(true), true);
            echo "ready\n";
            \$client->loop();
            \$client->disconnect();
            echo "done\n";
            PHP);
        $script->expect('/ready/', 30);
        $script->signal(SIGTERM);
        [$status, $output] = $script->end(30);
        $this->assertSame(0, $status, $output);
        $this->assertStringEndsWith("done\n", $output);
    }

    /** A child of a fork does not touch its parent's connection; with automatic reconnects it makes its own. */
    public function testFork(): void
    {
        $port = $this->broker()->port;
        $script = new Script($this->autoload() . <<<PHP
            use PhpMqtt\Client\ConnectionSettings;
            foreach ([false, true] as \$reconnect) {
                \$client = new PhpMqtt\Client\MqttClient('127.0.0.1', $port);
                \$client->connect((new ConnectionSettings())->setReconnectAutomatically(\$reconnect));
                \$pid = pcntl_fork();
                if (\$pid === 0) {
                    try {
                        \$client->publish('fork', 'child', 1);
                        \$client->loop(true, true);
                        echo "child sent\n";
                    } catch (PhpMqtt\Client\Exceptions\DataTransferException \$e) {
                        echo "child refused {\$e->getCode()}\n";
                    }
                    exit(0);
                }
                pcntl_waitpid(\$pid, \$status);
                // The child took the identifier over, where it connected.
                \$client->publish('fork', 'parent', 1);
                \$client->loop(true, true);
                echo "parent sent\n";
            }
            PHP);
        [$status, $output] = $script->end(60);
        $this->assertSame([0, "child refused 65\nparent sent\nchild sent\nparent sent\n"], [$status, $output]);
    }

    private function autoload(): string
    {
        $folder = dirname(__DIR__);
        return "require '$folder/psr-log.php'; require '$folder/autoload.php';\n";
    }

    public function testTheExample(): void
    {
        $file = (string) tempnam(sys_get_temp_dir(), 'autoload');
        file_put_contents($file, "<?php {$this->autoload()}");
        $example = dirname(__DIR__, 4) . '/examples/php/compat-php-mqtt-client.php';
        $script = new Script("putenv('MQTT_AUTOLOAD=$file'); \$argv = ['', '127.0.0.1', '{$this->broker()->port}']; require '$example';");
        [$status, $output] = $script->end(60);
        unlink($file);
        $this->assertSame(0, $status, $output);
        $lines = explode("\n", trim($output));
        sort($lines);
        $this->assertSame(['done', 'order 0: sent with QoS 0', 'order 1: sent with QoS 1', 'order 2: sent with QoS 2'], $lines);
    }

    // -- Subclasses ------------------------------------------------------------------------------------------------

    public function testSubclassesOverrideAndCall(): void
    {
        $client = $this->client(class: WatchedClient::class);
        $this->assertInstanceOf(WatchedClient::class, $client);
        $this->assertTrue($client->hasSocket());
        $this->subscribe($client, 'watched', fn () => null);
        $client->publish('watched', 'x', 2);
        $this->settle($client);
        $client->send("\xC0\x00");
        $this->until(fn (): bool => in_array('handleMessage PINGRESP', $client->calls, true) && in_array('deliverPublishedMessage watched', $client->calls, true), $client);
        $client->disconnect();
        foreach ([
            'connectInternal', 'establishSocketConnection', 'performConnectionHandshake', 'writeToSocket', 'publishMessage watched', 'handleMessage PUBLISH',
            'handleMessage SUBACK', 'sendPublishRelease', 'sendPublishReceived', 'sendPublishComplete', 'readAllAvailableDataFromSocket', 'readFromSocket', 'nextPingAt',
            'resendPendingMessages', 'handlePingTimeout', 'sendDisconnect', 'closeSocket',
        ] as $call) {
            $this->assertContains($call, $client->calls);
        }
    }
}
