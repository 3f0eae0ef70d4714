<?php
declare(strict_types=1);

use Mqtt\Client;
use Mqtt\ClientOptions;
use Mqtt\Exception\ClosedException;
use Mqtt\Exception\QueueFullException;
use Mqtt\Exception\TimeoutException;
use Mqtt\Exception\TransportException;
use Mqtt\Message;
use Mqtt\Packet\ConnAck;
use Mqtt\ReasonCode;
use Mqtt\Subscription;
use Mqtt\Version;
use Mqtt\Will;
use PHPUnit\Framework\TestCase;

final class ClientTest extends TestCase
{
    private static Broker $broker;
    private static int $names = 0;

    public static function setUpBeforeClass(): void
    {
        self::$broker = Broker::run();
    }

    public static function tearDownAfterClass(): void
    {
        self::$broker->stop();
    }

    protected function tearDown(): void
    {
        // Handlers that use their own client are a cycle: it ends here, while the broker lives.
        gc_collect_cycles();
    }

    private static function client(array $options = []): Client
    {
        return new Client(self::$broker->uri(), $options);
    }

    /** A topic that no other test uses. */
    private static function topic(): string
    {
        return 'test/' . getmypid() . '/' . ++self::$names;
    }

    /** Dispatches until the condition holds. */
    private static function until(Client $client, callable $condition): void
    {
        $end = hrtime(true) + 5_000_000_000;
        while (!$condition()) {
            self::assertLessThan($end, hrtime(true), 'it took too long');
            $client->loop(0.1);
        }
    }

    private static function closedPort(): int
    {
        $socket = stream_socket_server('tcp://127.0.0.1:0');
        $port = (int) substr((string) strrchr((string) stream_socket_get_name($socket, false), ':'), 1);
        fclose($socket);
        return $port;
    }

    public function testConnectAndDisconnect(): void
    {
        $client = self::client(['clientId' => 'connect-' . getmypid(), 'keepAlive' => 30]);
        self::assertFalse($client->isConnected());
        $told = [];
        $client->onConnect(function (ConnAck $ack, bool $resumed) use (&$told) { $told[] = ['on', $ack->reasonCode, $resumed]; });
        $client->onDisconnect(function (Throwable $why, ?Mqtt\Packet\Disconnect $packet, ?float $retryIn) use (&$told) { $told[] = ['off', $why::class, $retryIn]; });
        $ack = $client->connect(5.0);
        self::assertInstanceOf(ConnAck::class, $ack);
        self::assertSame(ReasonCode::Success, $ack->reasonCode);
        self::assertTrue($client->isConnected());
        $client->disconnect();
        self::assertFalse($client->isConnected());
        $client->dispatch();
        self::assertSame([['on', ReasonCode::Success, false], ['off', ClosedException::class, null]], $told);
        self::assertSame('connect-' . getmypid(), $client->stats()['clientId']);
        self::assertSame(ReasonCode::Success, $client->connect()->reasonCode, 'a second connection');
    }

    /** @dataProvider versions */
    public function testHandlersByFilter(Version $version): void
    {
        $topic = self::topic();
        $client = self::client(['version' => $version]);
        $got = [];
        $handler = function (string $name) use (&$got) {
            return function (Message $m) use (&$got, $name) { $got[] = [$name, $m->topic, $m->payload, $m->qos]; };
        };
        self::assertSame(ReasonCode::GrantedQoS2, $client->subscribe("$topic/a/+", 2, $handler('a'))->reasonCodes[0]);
        $client->subscribe(["$topic/b" => 0, "$topic/c" => 1], handler: $handler('b'));
        $binary = random_bytes(1000) . "\0\xFF";
        foreach ([0, 1, 2] as $qos) {
            $client->wait($client->publish("$topic/a/$qos", $binary, $qos), 5.0);
        }
        $client->publish("$topic/b", qos: 1);
        $client->publish("$topic/c", 'c', 2);
        self::until($client, function () use (&$got) { return count($got) === 5; });
        sort($got);
        self::assertSame([
            ['a', "$topic/a/0", $binary, 0], ['a', "$topic/a/1", $binary, 1], ['a', "$topic/a/2", $binary, 2], ['b', "$topic/b", '', 0], ['b', "$topic/c", 'c', 1],
        ], $got);
        self::assertGreaterThan(0, $client->unsubscribe("$topic/a/+")->packetId);
        $client->publish("$topic/a/x", 'nobody');
        $client->publish("$topic/b", 'last');
        self::until($client, function () use (&$got) { return count($got) === 6; });
        self::assertSame('last', end($got)[2]);
    }

    public function versions(): array
    {
        return [[Version::V5], [Version::V3_1_1], [Version::V3_1]];
    }

    public function testWhatNoHandlerTakes(): void
    {
        $topic = self::topic();
        $client = self::client();
        $client->subscribe("$topic/#", 1);
        $client->publish("$topic/1", 'one', 1);
        $message = $client->receive(5.0);
        self::assertSame(["$topic/1", 'one', 1, false, []], [$message->topic, $message->payload, $message->qos, $message->dup, $message->subscriptionIdentifiers]);
        self::assertEqualsWithDelta(microtime(true), $message->receivedAt, 5.0);
        self::assertNull($client->receive(0.0));

        $seen = [];
        $client->onMessage(function (Message $m) use (&$seen) { $seen[] = $m->payload; });
        $client->publish("$topic/2", 'two', 1);
        self::until($client, function () use (&$seen) { return $seen !== []; });
        self::assertSame(['two'], $seen);
        $client->onMessage(null);
        $client->publish("$topic/3", 'three', 1);
        $client->flush(5.0);
        self::until($client, fn () => $client->stats()['kept'] === 1);
        self::assertSame('three', $client->receive(0.0)->payload, 'dispatch() keeps it for receive()');
    }

    /**
     * dispatch() and run() kept QoS 0 messages that no handler took for receive(), and dropped those past receiveQueue.
     * Now they are left unread, which makes the server wait.
     */
    public function testMessagesThatNobodyTakesFillTheirBoundAndAreNotLost(): void
    {
        $topic = self::topic();
        $client = self::client(['receiveQueue' => 20_000]);
        $client->subscribe("$topic/many");
        $client->subscribe("$topic/echo", handler: fn (Message $m) => $m->reply('answer'));
        $warnings = [];
        set_error_handler(function (int $level, string $text) use (&$warnings) { $warnings[] = $text; return true; }, E_WARNING);
        try {
            for ($i = 0; $i < 300; $i++) {
                $client->publish("$topic/many", sprintf('%04d', $i) . str_repeat('x', 200));
            }
            $client->flush(5.0);
            self::until($client, function () use (&$warnings) { return $warnings !== []; });
            $client->loop(0.0);
        } finally {
            restore_error_handler();
        }
        self::assertCount(1, $warnings);
        self::assertStringContainsString('no handler takes fill the receive queue (20000 bytes, option receiveQueue)', $warnings[0]);
        self::assertStringContainsString('onMessage()', $warnings[0]);
        $kept = $client->stats()['kept'];
        self::assertGreaterThan(10, $kept);
        self::assertLessThan(100, $kept, '20 000 bytes of them');
        $none = [];
        $wakeups = 0;
        do {
            $client->dispatch();
            $read = [$client->stream()];
        } while (stream_select($read, $none, $none, 0, 50_000) === 1 && ++$wakeups < 300);
        self::assertLessThan(300, $wakeups, 'an event loop is not kept busy by what cannot be taken');
        self::assertCount(1, $client->subscribe("$topic/other")->reasonCodes, 'answers are not behind messages');
        self::assertSame('answer', $client->request("$topic/echo", '?', 5.0)->payload, 'nor are answers that are messages');

        for ($i = 0; $i < 200; $i++) {
            self::assertSame(sprintf('%04d', $i), substr($client->receive(5.0)->payload, 0, 4));
        }
        $rest = [];
        $client->onMessage(function (Message $m) use (&$rest) { $rest[] = (int) substr($m->payload, 0, 4); });
        self::until($client, function () use (&$rest) { return count($rest) === 100; });
        self::assertSame(range(200, 299), $rest, 'a callback takes what was kept, in order');
    }

    public function testRoomForMessagesMakesTheStreamReadableAgain(): void
    {
        $topic = self::topic();
        $client = self::client(['receiveQueue' => 5_000, 'logger' => fn () => null]);
        $client->subscribe($topic);
        for ($i = 0; $i < 100; $i++) {
            $client->publish($topic, str_repeat('x', 200));
        }
        $client->flush(5.0);
        $got = 0;
        $none = [];
        while ($got < 100) {
            $read = [$client->stream()];
            self::assertSame(1, stream_select($read, $none, $none, 5), "after $got messages");
            $client->dispatch();
            while ($client->stats()['kept'] > 0) {
                $client->receive(0.0);
                $got++;
            }
        }
        self::assertSame(100, $got);
    }

    public function testPropertiesAndIdentifiersArrive(): void
    {
        $topic = self::topic();
        $client = self::client();
        $client->subscribe([new Subscription($topic, 1, identifier: 77)]);
        $client->publish($topic, 'x', 1, properties: ['contentType' => 'text/plain', 'userProperties' => [['b', '1'], ['a', '2'], ['b', '1']], 'correlationData' => "\0\1"]);
        $message = $client->receive(5.0);
        self::assertSame([77], $message->subscriptionIdentifiers);
        self::assertSame(
            ['contentType' => 'text/plain', 'correlationData' => "\0\1", 'userProperties' => [['b', '1'], ['a', '2'], ['b', '1']]],
            array_intersect_key($message->properties->toArray(), ['contentType' => 1, 'correlationData' => 1, 'userProperties' => 1]),
        );
    }

    public function testPublishManyMessagesAndFlush(): void
    {
        $topic = self::topic();
        $client = self::client();
        $client->subscribe($topic, 2);
        self::assertSame(3, $client->publishMany([new Message($topic, 'a', 2), [$topic, 'b'], ['topic' => $topic, 'payload' => 'c', 'qos' => 1]], qos: 1));
        self::assertSame(2, $client->publishMany((function () use ($topic) {
            yield [$topic, 'd'];
            yield new Message($topic, 'e');
        })()));
        self::assertSame(0, $client->flush(5.0));
        $payloads = [];
        foreach ($client->messages(0.5) as $at => $message) {
            $payloads[$at] = $message->payload;
        }
        sort($payloads);
        self::assertSame(['a', 'b', 'c', 'd', 'e'], $payloads);
        $this->expectException(ValueError::class);
        $client->publishMany([['payload' => 'x']]);
    }

    public function testTokensAndCompletions(): void
    {
        $client = self::client();
        $done = [];
        $client->onPublished(function (int $token, ReasonCode $code) use (&$done) { $done[$token] = $code->isError(); });
        $first = $client->publish(self::topic(), 'x', 1);
        $second = $client->publish(self::topic(), 'x', 2);
        self::assertSame($first + 1, $second);
        self::assertFalse($client->wait($second, 5.0)->isError());
        self::assertFalse($client->wait($first)->isError());
        self::assertFalse($client->wait($first, 0.0)->isError(), 'a token that is done stays done');
        self::assertSame(ReasonCode::Success, $client->wait(0), 'a token that never was is forgotten');
        self::until($client, function () use (&$done, $first, $second) { return isset($done[$first], $done[$second]); });
        self::assertSame([false, false], array_values($done));
    }

    public function testNothingBlocksInAnEventLoop(): void
    {
        $topic = self::topic();
        $client = self::client();
        $connected = false;
        $client->onConnect(function () use (&$connected) { $connected = true; });
        self::assertIsInt($client->connect(wait: false));
        $stream = $client->stream();
        self::assertIsResource($stream);
        self::assertSame($stream, $client->stream());
        $until = function (callable $condition) use ($client, $stream): void {
            for ($end = hrtime(true) + 5_000_000_000; !$condition();) {
                self::assertLessThan($end, hrtime(true), 'it took too long');
                [$read, $write, $except] = [[$stream], null, null];
                if (stream_select($read, $write, $except, 1) === 1) {
                    $client->dispatch();
                }
            }
        };
        $until(function () use (&$connected) { return $connected; });
        $got = [];
        self::assertIsInt($client->subscribe($topic, handler: function (Message $m) use (&$got) { $got[] = $m->payload; }, wait: false));
        $client->publish($topic, 'hello', 1);
        $until(function () use (&$got) { return $got !== []; });
        self::assertSame(['hello'], $got);
        [$read, $write, $except] = [[$stream], null, null];
        self::assertSame(0, stream_select($read, $write, $except, 0), 'quiet when nothing is there');
        self::assertGreaterThan(2, $client->fd());
        fclose($stream);
        self::assertIsResource($client->stream(), 'a closed stream is made anew');
        $client->publish($topic, 'again', 1);
        self::until($client, function () use (&$got) { return count($got) === 2; });
        self::assertSame(0, $client->flush(5.0));
        self::assertIsInt($client->disconnect(wait: false));
    }

    public function testDispatchTakesNoMoreThanItIsTold(): void
    {
        $topic = self::topic();
        $client = self::client();
        $got = [];
        $client->subscribe($topic, 1, function (Message $m) use (&$got) { $got[] = $m->payload; });
        $client->dispatch();
        foreach (range(1, 5) as $i) {
            $client->publish($topic, "$i", 1);
        }
        $client->flush(5.0);
        $stream = $client->stream();
        while (count($got) < 5) {
            [$read, $write, $except] = [[$stream], null, null];
            self::assertSame(1, stream_select($read, $write, $except, 5), 'it stays readable while something is left');
            self::assertSame(1, $client->dispatch(1));
        }
        self::assertSame(['1', '2', '3', '4', '5'], $got);
    }

    public function testHandlersMayDoAnything(): void
    {
        $topic = self::topic();
        $client = self::client();
        $got = [];
        $client->subscribe("$topic/+", 1, function (Message $m) use (&$got, $client, $topic) {
            $got[] = "old $m->payload";
            if ($m->payload === '1') {
                $client->wait($client->publish("$topic/x", '4', 1), 5.0);
                $client->dispatch(1);               // takes what comes behind this message
                $client->subscribe("$topic/+", 1, function (Message $m) use (&$got) { $got[] = "new $m->payload"; });
            }
        });
        $client->publishMany([["$topic/a", '1'], ["$topic/a", '2'], ["$topic/a", '3']], qos: 1);
        $client->flush(5.0);
        // "3" had arrived for the old handler, and goes to the new one.
        self::until($client, function () use (&$got) { return count($got) === 4; });
        self::assertSame(['old 1', 'old 2', 'new 3', 'new 4'], $got);
    }

    public function testOverlappingFiltersOfOneHandler(): void
    {
        $topic = self::topic();
        $client = self::client();
        $got = $other = [];
        $client->subscribe("$topic/+", 1);
        $client->subscribe(["$topic/a" => 0], handler: function (Message $m) use (&$other) { $other[] = $m->payload; });
        $client->unsubscribe("$topic/a");
        $handler = function (Message $m) use (&$got) { $got[] = $m->payload; };
        $client->subscribe([new Subscription("$topic/b"), new Subscription('$share/g/' . $topic . '/c')], handler: $handler);
        $client->publish("$topic/a", 'a', 1);
        self::assertSame('a', $client->receive(5.0)->payload, 'its handler was taken back');
        $client->publish("$topic/b", 'b', 1);
        $client->publish("$topic/c", 'c', 1);
        self::until($client, function () use (&$got) { return count(array_unique($got)) === 2; });
        self::assertSame([], $other);
    }

    public function testAnExceptionLeavesTheCallAndNothingIsLost(): void
    {
        $topic = self::topic();
        $client = self::client();
        $got = [];
        $client->subscribe($topic, 1, function (Message $m) use (&$got) {
            $got[] = $m->payload;
            if ($m->payload === '2') {
                throw new DomainException('on purpose');
            }
        });
        $client->publishMany(array_map(fn ($i) => [$topic, "$i"], range(1, 4)), qos: 1);
        $client->flush(5.0);
        try {
            self::until($client, function () use (&$got) { return count($got) === 4; });
            self::fail('the exception did not leave loop()');
        } catch (DomainException) {
            self::assertSame(['1', '2'], $got);
        }
        self::until($client, function () use (&$got) { return count($got) === 4; });
        self::assertSame(['1', '2', '3', '4'], $got);
        $client->publish($topic, '5', 1);
        self::until($client, function () use (&$got) { return count($got) === 5; });

        // The second handler of a message sees it although the first threw.
        $second = [];
        $client->subscribe("$topic/#", 1, function (Message $m) use (&$second) { $second[] = $m->payload; });
        $client->flush(5.0);
        $client->publish($topic, '2', 1);
        $thrown = 0;
        self::until($client, function () use (&$second, &$thrown, $client) {
            try {
                $client->loop(0.1);
            } catch (DomainException) {
                $thrown++;
            }
            return $second !== [];
        });
        self::assertGreaterThan(0, $thrown);
        self::assertSame('2', $second[0]);
    }

    public function testRunStops(): void
    {
        $topic = self::topic();
        $client = self::client();
        $client->subscribe($topic, 1, fn (Message $m) => $m->payload === 'stop' && $client->stop());
        $client->publish($topic, 'go on', 1);
        $client->publish($topic, 'stop', 1);
        $client->run();
        $client->subscribe($topic, 1, fn (Message $m) => $client->disconnect());
        $client->publish($topic, 'leave', 1);
        $client->run();
        self::assertFalse($client->isConnected());
    }

    /** @requires extension pcntl */
    public function testSignalHandlersRunInBlockingCalls(): void
    {
        $client = self::client();
        $client->connect();
        foreach ([true, false] as $async) {
            pcntl_async_signals($async);
            $at = null;
            pcntl_signal(SIGALRM, function () use (&$at, $client) { $at = hrtime(true); $client->stop(); });
            $begin = hrtime(true);
            pcntl_alarm(1);
            $client->run();
            self::assertEqualsWithDelta(1.0, ($at - $begin) / 1e9, 0.5);
            pcntl_signal(SIGALRM, fn () => throw new DomainException('enough'));
            pcntl_alarm(1);
            try {
                $client->receive(20.0);
                self::fail('the exception did not end receive()');
            } catch (DomainException) {
                self::assertLessThan(3.0, (hrtime(true) - $begin) / 1e9);
            }
        }
        pcntl_signal(SIGALRM, SIG_DFL);
        self::assertTrue($client->isConnected());
    }

    /**
     * A destructor that waited for acknowledgements (option linger) held up signal handlers until it was done. Now they
     * run meanwhile; one that throws costs no message.
     *
     * @requires extension pcntl
     */
    public function testSignalHandlersRunWhileADestructorWaits(): void
    {
        $silent = new Listener();
        $client = new Client($silent->uri(), ['linger' => 2.5]);
        $client->connect(wait: false);
        $silent->welcome();
        $client->publish('a', 'x', 1);
        $async = pcntl_async_signals(true);
        $at = null;
        pcntl_signal(SIGALRM, function () use (&$at) {
            $at = hrtime(true);
            throw new DomainException('on purpose');
        });
        $warnings = [];
        set_error_handler(function (int $level, string $text) use (&$warnings) { $warnings[] = $text; return true; }, E_WARNING);
        $begin = hrtime(true);
        pcntl_alarm(1);
        try {
            unset($client);
            self::fail('the exception was lost');
        } catch (DomainException) {
        } finally {
            restore_error_handler();
            pcntl_signal(SIGALRM, SIG_DFL);
            pcntl_async_signals($async);
        }
        self::assertEqualsWithDelta(1.0, ($at - $begin) / 1e9, 0.5);
        self::assertEqualsWithDelta(2.5, (hrtime(true) - $begin) / 1e9, 0.5);
        self::assertCount(1, $warnings);
        self::assertStringContainsString('within 2.5 s (option linger)', $warnings[0]);
    }

    public function testAHandlerMaySuspendAFiber(): void
    {
        $topic = self::topic();
        $client = self::client();
        $got = [];
        $client->subscribe($topic, 1, function (Message $m) use (&$got) {
            $got[] = "begin {$m->payload}";
            Fiber::suspend();
            $got[] = "end {$m->payload}";
        });
        $client->publish($topic, '1', 1);
        $client->publish($topic, '2', 1);
        $client->flush(5.0);
        $fibers = [];
        self::until(self::client(), function () use (&$got, &$fibers, $client) {
            $fibers[] = $fiber = new Fiber(fn () => $client->dispatch());
            $fiber->start();
            return count($got) === 2;
        });
        self::assertSame(['begin 1', 'begin 2'], $got);
        foreach (array_reverse($fibers) as $fiber) {
            $fiber->isSuspended() && $fiber->resume();
        }
        sort($got);
        self::assertSame(['begin 1', 'begin 2', 'end 1', 'end 2'], $got);
    }

    public function testRequestAndReply(): void
    {
        $topic = self::topic();
        $server = self::client();
        $server->subscribe($topic, 1);
        $client = self::client();
        $client->connect();
        $answers = [];
        $token = $client->request($topic, 'first', handler: function (Message $m) use (&$answers) { $answers[] = $m->payload; }, wait: false);
        self::assertIsInt($token);
        $question = $server->receive(5.0);
        self::assertNotNull($question->properties->responseTopic);
        self::assertNotNull($question->properties->correlationData);
        $server->wait($question->reply('answer to ' . $question->payload), 5.0);
        self::until($client, function () use (&$answers) { return $answers !== []; });
        self::assertSame(['answer to first'], $answers);
        try {
            $client->request($topic, 'second', 0.2);
            self::fail('nobody answered');
        } catch (TimeoutException $e) {
            self::assertStringContainsString($topic, $e->getMessage());
        }
        // The same process answers while it waits: the handler of the server's filter runs in the wait of the client itself.
        $client->subscribe("$topic/self", 1, fn (Message $m) => $m->reply(strrev($m->payload)));
        self::assertSame('cba', $client->request("$topic/self", 'abc', 5.0)->payload);
    }

    /**
     * A handler that asked got no answer while the messages that it had not acknowledged filled the window: the answer, of
     * QoS 1 too, had to wait for them, and they for the answer.
     */
    public function testAHandlerGetsItsAnswerThoughTheWindowIsFull(): void
    {
        $topic = self::topic();
        $client = self::client(['receiveMaximum' => 1]);
        $client->subscribe("$topic/echo", handler: fn (Message $m) => $m->reply(strrev($m->payload), qos: 1));
        $answers = [];
        $client->subscribe("$topic/job", 1, function (Message $m) use ($client, $topic, &$answers) {
            $answers[] = $client->request("$topic/echo", $m->payload, 5.0, qos: 0)->payload;
        });
        $client->publish("$topic/job", 'abc', 1);
        self::until($client, function () use (&$answers) { return $answers !== []; });
        self::assertSame(['cba'], $answers);
    }

    public function testManualAcknowledgement(): void
    {
        $topic = self::topic();
        $options = ['clientId' => 'manual-' . getmypid(), 'manualAck' => true, 'sessionExpiryInterval' => 60];
        $client = self::client($options);
        $client->subscribe($topic, 1);
        $client->publish($topic, 'one', 1);
        $client->publish($topic, 'two', 1);
        [$one, $two] = [$client->receive(5.0), $client->receive(5.0)];
        self::assertTrue($one->ack());
        self::assertFalse($one->ack(), 'once');
        $client->disconnect();
        unset($client);
        $again = self::client(['cleanStart' => false] + $options);
        $message = $again->receive(5.0);
        self::assertSame(['two', true], [$message->payload, $message->dup], 'what was not acknowledged comes again');
        self::assertTrue($message->ack());
        self::assertNull($again->receive(0.2));
    }

    /**
     * A handler that calls request() was entered again for every message that waited, until the stack was full: the
     * process died after some 2500 messages, in a fiber after 450. Now handlers are nested up to a depth; what is met
     * deeper is put aside, and each request gets its answer.
     *
     * @dataProvider stacks
     */
    public function testHandlersAreNotNestedWithoutEnd(string $dispatch, int $messages, bool $inFiber): void
    {
        $topic = self::topic();
        $run = $inFiber ? '(new Fiber($run))->start();' : '$run();';
        $script = new Script(sprintf('$uri = %s; $topic = %s; $messages = %d;', var_export(self::$broker->uri(), true), var_export($topic, true), $messages) . '
            $client = new Mqtt\Client($uri, []);
            $client->subscribe("$topic/echo", 1, fn ($m) => $m->reply("echo $m->payload"));
            $depth = $deepest = 0;
            $got = [];
            $client->subscribe("$topic/work", 0, function ($m) use ($client, $topic, &$depth, &$deepest, &$got) {
                $deepest = max($deepest, ++$depth);
                $got[] = (int) $m->payload;
                ' . $dispatch . '
                $depth--;
            });
            $publisher = new Mqtt\Client($uri);
            for ($i = 0; $i < $messages; $i++) {
                $publisher->publish("$topic/work", (string) $i);
            }
            $publisher->flush(20.0);
            $run = function () use ($client, $messages, &$got) {
                for ($end = microtime(true) + 20; count($got) < $messages && microtime(true) < $end;) {
                    $client->loop(0.2);
                }
            };
            ' . $run . '
            echo json_encode([count($got), $got === range(0, $messages - 1), $deepest <= 32, $client->stats()["kept"]]), "\n";
        ');
        self::assertSame([0, "[$messages,true,true,0]\n"], $script->end(40));
    }

    public static function stacks(): array
    {
        $other = 'try { $r = $client->request("$topic/other", "$m->payload", 0.0); } catch (Mqtt\Exception\TimeoutException) {}';
        return [
            'dispatch()' => ['$client->dispatch();', 6000, false],
            'loop()' => ['$client->loop(0.0);', 3000, false],
            'request()' => [$other, 3000, false],
            'request() in a fiber' => [$other, 600, true],
            'dispatch() in a fiber' => ['$client->dispatch();', 2000, true],
            'receive()' => ['$client->receive(0.0);', 3000, false],
        ];
    }

    public function testADeepRequestGetsItsAnswer(): void
    {
        $topic = self::topic();
        $server = new Script(sprintf('
            $client = new Mqtt\Client(%s);
            $client->subscribe(%s, 1, fn ($m) => $m->reply("answer to $m->payload"));
            echo "ready\n";
            $client->run();
        ', var_export(self::$broker->uri(), true), var_export("$topic/sum", true)));
        $server->expect('/ready/');
        $client = self::client();
        $answers = [];
        $depth = $deepest = 0;
        $client->subscribe("$topic/work", 0, function (Message $m) use ($client, $topic, &$answers, &$depth, &$deepest) {
            $deepest = max($deepest, ++$depth);
            $answers[$m->payload] = $client->request("$topic/sum", $m->payload, 10.0)->payload;
            $depth--;
        });
        $client->subscribe("$topic/nobody");
        $tokens = [];
        $client->onPublished(function (int $token) use (&$tokens) { $tokens[] = $token; });
        for ($i = 0; $i < 200; $i++) {
            $client->publish("$topic/work", "$i", 1);
        }
        $client->publish("$topic/nobody", 'kept', 1);
        self::until($client, function () use (&$answers) { return count($answers) === 200; });
        ksort($answers);
        self::assertSame(array_map(fn (int $i): string => "answer to $i", range(0, 199)), $answers);
        self::assertSame(32, $deepest);
        self::assertSame('kept', $client->receive(5.0)?->payload);
        $client->flush(5.0);
        $client->dispatch();
        self::assertCount(401, $tokens, 'of every publish, and of no one twice');
        $server->signal(SIGTERM);
    }

    /** The limit is one of the stack: handlers that wait in fibers of their own do not count. */
    public function testManyHandlersMayWaitInFibers(): void
    {
        $topic = self::topic();
        $client = self::client();
        $got = [];
        $client->subscribe($topic, 0, function (Message $m) use (&$got) {
            $got[] = $m->payload;
            Fiber::suspend();
        });
        for ($i = 0; $i < 100; $i++) {
            $client->publish($topic, "$i", 1);
        }
        $client->flush(5.0);
        $fibers = [];
        for ($end = hrtime(true) + 5_000_000_000; count($got) < 100 && hrtime(true) < $end;) {
            $fibers[] = $fiber = new Fiber(fn () => $client->dispatch());
            $fiber->start();
        }
        foreach ($fibers as $fiber) {
            $fiber->isSuspended() && $fiber->resume();
        }
        self::assertCount(100, array_unique($got));
    }

    /** Subscription objects went behind strings, so that codes of the answer belonged to other filters. */
    public function testFiltersStayInTheirOrder(): void
    {
        $client = self::client();
        $topic = self::topic();
        $answer = $client->subscribe([new Subscription("$topic/first", 2), "$topic/second", new Subscription("$topic/third", 1)]);
        self::assertSame([ReasonCode::GrantedQoS2, ReasonCode::Success, ReasonCode::GrantedQoS1], $answer->reasonCodes);
    }

    /** Of several identifiers in one call the last counted for all filters, and nobody was told. */
    public function testOneCallHasOneSubscriptionIdentifier(): void
    {
        $client = self::client();
        $eleven = new Subscription('id/a', identifier: 11);
        foreach ([
            [fn () => $client->subscribe([$eleven, new Subscription('id/b', identifier: 22)]), '11 and 22'],
            [fn () => $client->subscribe([$eleven], identifier: 33), '33 and 11'],
            [fn () => $client->subscribe([$eleven], properties: ['subscriptionIdentifier' => 44]), '44 and 11'],
            [fn () => $client->subscribe('id/a', identifier: 55, properties: ['subscriptionIdentifier' => 44]), '44 and 55'],
        ] as [$do, $words]) {
            self::refused($do, '($filters)', $words);
        }
        $client->subscribe([$eleven, new Subscription('id/b', identifier: 11)], identifier: 11);
        $client->publish('id/b', 'x', 1);
        self::assertSame([11], $client->receive(5.0)?->subscriptionIdentifiers);
    }

    /** PHP makes an int of the key '7', and subscribe(['7' => 1]) subscribed to "1". */
    public function testAFilterMayLookLikeANumber(): void
    {
        $client = self::client();
        self::assertSame([ReasonCode::GrantedQoS1, ReasonCode::GrantedQoS2, ReasonCode::Success], $client->subscribe(['7' => 1, '-8' => 2, 'x' => 0])->reasonCodes);
        $client->publish('7', 'seven', 1);
        self::assertSame('seven', $client->receive(5.0)?->payload);
        $client->publish('-8', 'minus eight', 1);
        self::assertSame('minus eight', $client->receive(5.0)?->payload);
        $client->subscribe(['9']);
        $client->publish('9', 'nine', 1);
        self::assertSame('nine', $client->receive(5.0)?->payload);
        $packet = new Mqtt\Packet\Subscribe(1, ['7' => 1, 'a' => 2]);
        self::assertSame([['7', 1], ['a', 2]], array_map(fn (Subscription $s): array => [$s->filter, $s->qos], $packet->subscriptions));
        self::refused(fn () => $client->subscribe(['x/y' => 3]), 'Mqtt\\Client::subscribe(): Argument #1 ($filters)', 'the QoS of filter "x/y" must be between 0 and 2');
    }

    /** subscribe() sent what `new Subscription()` refuses. */
    public function testNoLocalIsNotForSharedSubscriptions(): void
    {
        self::refused(fn () => self::client()->subscribe('$share/g/a', noLocal: true), '#4 ($noLocal)', 'MQTT-3.8.3-4');
    }

    /** A reason that the packet cannot carry became another one on the wire: 0x82 for disconnect(), 0x80 or success for ack(). */
    public function testReasonsThatAPacketCannotCarryAreRefused(): void
    {
        $client = self::client();
        foreach ([ReasonCode::SessionTakenOver, ReasonCode::GrantedQoS1, 0x8B, 0x18] as $reason) {
            self::refused(fn () => $client->disconnect($reason), '#1 ($reason)', 'Success, DisconnectWithWill, UnspecifiedError');
        }
        $message = new Message('a', qos: 1);
        foreach ([ReasonCode::DisconnectWithWill, ReasonCode::KeepAliveTimeout, 0x92] as $reason) {
            self::refused(fn () => $message->ack($reason), '#1 ($reason)', 'Success, NoMatchingSubscribers, UnspecifiedError');
        }
        self::assertFalse($message->ack(ReasonCode::QuotaExceeded));
        $client->disconnect(ReasonCode::UnspecifiedError);
    }

    /** A request of MQTT 3.1.1 cannot be answered, and waited out its time; one without a handler could not be received. */
    public function testRequestsThatCannotEndWellFailAtOnce(): void
    {
        $client = self::client(['version' => Version::V3_1_1]);
        foreach ([fn () => $client->request('a'), fn () => $client->request('a', handler: fn () => null, wait: false)] as $do) {
            try {
                $do();
                self::fail('it was sent');
            } catch (LogicException $e) {
                self::assertStringContainsString('needs MQTT 5', $e->getMessage());
            }
        }
        self::assertFalse($client->isConnected());
        $older = new ScriptedBroker([1 => '20 02 00 00', 8 => '90 03 00 01 00']);
        $client = new Client($older->uri);
        $client->connect(10.0);
        try {
            $client->request('a', timeout: 30.0);
            self::fail('it was sent');
        } catch (LogicException $e) {
            self::assertStringContainsString('the connection speaks', $e->getMessage());
        }
        $client = self::client();
        self::refused(fn () => $client->request('a', wait: false), '#6 ($handler)');
        self::refused(fn () => $client->request('a', handler: fn () => null), '#6 ($handler)');
    }

    /**
     * A message that a request of a persistent client with manualAck had received and not acknowledged was never seen again:
     * the connection lives on, so the server does not send it a second time.
     */
    public function testWhatARequestDidNotAcknowledgeIsForTheNext(): void
    {
        $topic = self::topic();
        $options = ['persistent' => 'manual', 'clientId' => 'persistent-manual-' . getmypid(), 'manualAck' => true];
        $first = self::client($options);
        $first->subscribe($topic, 1);
        $first->publishMany(array_map(fn (int $i): array => [$topic, "$i"], range(1, 5)), qos: 1);
        $messages = [];
        for ($i = 0; $i < 4; $i++) {
            $messages[] = $first->receive(5.0);
        }
        self::assertTrue($messages[1]->ack());
        unset($first);
        self::assertTrue($messages[2]->ack(), 'a message may outlive the client object');
        $second = self::client($options);
        $payloads = [];
        foreach ($second->messages(0.5) as $message) {
            $payloads[] = $message->payload;
            self::assertTrue($message->ack());
        }
        self::assertSame(['1', '4', '5'], $payloads);
        unset($second, $message);
        self::assertNull(self::client($options)->receive(0.2), 'what was acknowledged does not come again');

        // A handler that throws acknowledges nothing either.
        $third = self::client($options);
        $third->subscribe($topic, 1, fn () => throw new DomainException('on purpose'));
        $third->publish($topic, 'thrown', 1);
        try {
            self::until($third, fn () => false);
        } catch (DomainException) {
        }
        unset($third);
        self::assertSame('thrown', self::client($options)->receive(5.0)?->payload);
    }

    private static function refused(callable $do, string ...$words): void
    {
        try {
            $do();
        } catch (ValueError $e) {
            foreach ($words as $word) {
                self::assertStringContainsString($word, $e->getMessage());
            }
            return;
        }
        self::fail('no ValueError about ' . implode(', ', $words));
    }

    /** The engine's names of properties, and no argument, were in these errors. */
    public function testErrorsOfPublishingNameTheArgument(): void
    {
        $client = self::client();
        foreach ([
            [fn () => $client->publish('a', properties: ['topicAlias' => 1]), ['publish(): Argument #5 ($properties)', '"topicAlias"']],
            [fn () => $client->publish('a', properties: ['subscriptionIdentifier' => 1]), ['Argument #5 ($properties)', '"subscriptionIdentifier"']],
            [fn () => $client->publish('a', properties: ['responseTopic' => 'a/#']), ['Argument #5 ($properties)', '"responseTopic" must be a topic name', 'wildcard']],
            [fn () => $client->publish('a', properties: ['responseTopic' => '']), ['Argument #5 ($properties)', '"responseTopic"']],
            [fn () => $client->request('a', properties: ['topicAlias' => 1]), ['request(): Argument #5 ($properties)', '"topicAlias"']],
            [fn () => $client->publishMany([['a', 'b', 1], ['a', 'b', 3]]), ['publishMany(): Argument #1 ($messages): the QoS of message 1 must be between 0 and 2, 3 given']],
            [fn () => $client->publishMany([['payload' => 'x']]), ['Argument #1 ($messages)', 'message 0 has none']],
            [fn () => $client->publishMany([['a', 'b', 1, false, 5]]), ['Argument #1 ($messages)', 'in message 0, "4" given']],
        ] as [$do, $words]) {
            self::refused($do, ...$words);
        }
        foreach ([fn () => $client->whenDone(1, null), fn () => $client->whenDone(1, 'no such function')] as $do) {
            try {
                $do();
                self::fail('no exception');
            } catch (TypeError $e) {
                self::assertStringContainsString('must be of type callable', $e->getMessage());
            }
        }
    }

    /** A persistent client on which a request had called disconnect() was dead for all requests after it. */
    public function testAPersistentClientConnectsAgainForTheNextRequest(): void
    {
        $options = ['persistent' => 'again', 'clientId' => 'persistent-again-' . getmypid()];
        $first = self::client($options);
        $first->connect();
        $first->disconnect();
        unset($first);
        $second = self::client($options);
        self::assertFalse($second->wait($second->publish('a', 'x', 1), 5.0)->isError());
        self::assertCount(1, $second->subscribe('a')->reasonCodes);
        unset($second);

        // Another connection with the same identifier takes the session over.
        $other = self::client(['clientId' => $options['clientId'], 'reconnect' => false]);
        $other->connect();
        usleep(100_000);
        $other->disconnect();
        $third = self::client($options);
        self::assertFalse($third->wait($third->publish('a', 'x', 1), 5.0)->isError());
    }

    /** ClosedException had no reason although the server gave one. */
    public function testTheEndOfAConnectionHasAReason(): void
    {
        $options = ['clientId' => 'taken-over-' . getmypid(), 'reconnect' => false];
        $first = self::client($options);
        $first->connect();
        $why = null;
        $first->onDisconnect(function (Throwable $e) use (&$why) { $why = $e; });
        $second = self::client($options);
        $second->connect();
        self::until($first, function () use (&$why) { return $why !== null; });
        self::assertInstanceOf(ClosedException::class, $why);
        self::assertSame([ReasonCode::SessionTakenOver, 0x8E], [$why->reasonCode, $why->getCode()]);
    }

    public function testWillIsPublished(): void
    {
        $topic = self::topic();
        $watcher = self::client();
        $watcher->subscribe($topic, 1);
        $client = self::client(['will' => new Will($topic, 'gone', 1)]);
        $client->connect();
        $client->disconnect(ReasonCode::DisconnectWithWill);
        self::assertSame('gone', $watcher->receive(5.0)->payload);
    }

    public function testReconnectsAndLosesNothing(): void
    {
        $topic = self::topic();
        $broker = Broker::run();
        $client = new Client($broker->uri(), ['reconnect' => ['minDelay' => 0.05, 'maxDelay' => 0.2], 'clientId' => 'again-' . getmypid()]);
        $told = [];
        $client->onConnect(function (ConnAck $ack, bool $resumed) use (&$told) { $told[] = $resumed ? 'resumed' : 'connected'; });
        $client->onDisconnect(function (Throwable $e, $packet, ?float $retryIn) use (&$told) { $retryIn !== null && ($told['lost'] = true); });
        $client->subscribe($topic, 1);
        $broker->stop();
        self::until($client, function () use (&$told) { return isset($told['lost']); });
        $tokens = [$client->publish($topic, 'one', 1), $client->publish($topic, 'two', 2)];
        $broker->start();
        foreach ($tokens as $token) {
            self::assertFalse($client->wait($token, 10.0)->isError());
        }
        // The broker had forgotten the subscription. What was queued went out before it was made again.
        $client->publish($topic, 'three', 1);
        do {
            $message = $client->receive(5.0);
            self::assertNotNull($message);
        } while ($message->payload !== 'three');
        $stats = $client->stats();
        self::assertSame(1, $stats['reconnects']);
        self::assertGreaterThanOrEqual(1, $stats['resubscribed']);
        $client->disconnect();
    }

    public function testPersistentClients(): void
    {
        $options = ['persistent' => 'test', 'clientId' => 'persistent-' . getmypid()];
        $first = self::client($options);
        $first->connect();
        $second = self::client($options);
        self::assertTrue($second->isConnected());
        self::assertContains('test', array_keys(Client::persistent()));
        self::assertTrue(Client::persistent()['test']['connected']);
        unset($first);
        self::assertTrue($second->isConnected());
        try {
            self::client(['keepAlive' => 7] + $options);
            self::fail('other options under one name');
        } catch (ValueError $e) {
            self::assertStringContainsString('test', $e->getMessage());
        }
        $topic = self::topic();
        $third = self::client($options);
        $got = [];
        $third->subscribe($topic, 1, function (Message $m) use (&$got) { $got[] = $m->payload; });
        $second->publish($topic, 'x', 1);
        self::until($second, function () use (&$got) { return $got !== []; });
        self::assertSame(['x'], $got, 'a handler of one object takes what another dispatches');
    }

    public function testFailuresSayWhatAndWithWhom(): void
    {
        $port = self::closedPort();
        foreach ([
            [TransportException::class, "mqtt://127.0.0.1:$port", "127.0.0.1:$port"],
            [TransportException::class, 'mqtt://no-such-host.invalid', 'no-such-host.invalid'],
        ] as [$class, $uri, $words]) {
            try {
                (new Client($uri, ['connectTimeout' => 5.0]))->connect();
                self::fail('it connected');
            } catch (Mqtt\Exception\Exception $e) {
                self::assertInstanceOf($class, $e);
                self::assertStringContainsString($words, $e->getMessage());
                self::assertSame(__FILE__, $e->getFile());
                self::assertNotSame([], $e->getTrace());
            }
        }
        $silent = stream_socket_server('tcp://127.0.0.1:0');
        $client = new Client('mqtt://' . stream_socket_get_name($silent, false));
        try {
            $client->connect(0.2);
            self::fail('it connected');
        } catch (TimeoutException $e) {
            self::assertStringContainsString('0.2', $e->getMessage());
        }
    }

    public function testAFullQueueThrows(): void
    {
        $client = new Client('mqtt://127.0.0.1:' . self::closedPort(), ['offlineQueue' => ['maxMessages' => 2, 'whenFull' => 'throw'], 'linger' => 0]);
        $client->publish('a', 'x', 1);
        $client->publish('a', 'x', 1);
        try {
            $client->publish('a', 'x', 1);
            self::fail('no exception');
        } catch (QueueFullException $e) {
            self::assertStringContainsString('offlineQueue', $e->getMessage());
        }
        $warnings = [];
        set_error_handler(function (int $level, string $text) use (&$warnings) { $warnings[] = $text; return true; });
        unset($client);
        restore_error_handler();
        self::assertCount(1, $warnings);
        self::assertStringContainsString('2 messages were not delivered', $warnings[0]);
    }

    public function testBadArguments(): void
    {
        $client = self::client();
        foreach ([
            [ValueError::class, fn () => $client->publish('a/#'), '#1 ($topic)'],
            [ValueError::class, fn () => $client->publish('a', qos: 3), '#3 ($qos)'],
            [ValueError::class, fn () => $client->publish('a', properties: ['serverKeepAlive' => 1]), 'serverKeepAlive'],
            [ValueError::class, fn () => $client->subscribe('a/#/b'), '#1 ($filters)'],
            [ValueError::class, fn () => $client->subscribe([]), '#1 ($filters)'],
            [TypeError::class, fn () => $client->subscribe('a', handler: 'no such function'), '#3 ($handler)'],
            [ValueError::class, fn () => $client->unsubscribe('+a'), '#1 ($filters)'],
            [ValueError::class, fn () => $client->receive(-1.0), '#1 ($timeout)'],
            [TypeError::class, fn () => $client->onMessage('no such function'), '($callback)'],
            [ValueError::class, fn () => new Client('gopher://x'), '#1 ($uri)'],
            [ValueError::class, fn () => new Client([]), '#1 ($uri)'],
            [ValueError::class, fn () => new Client(options: ['keepalive' => 1]), '"keepalive"'],
            [ValueError::class, fn () => new Client(options: ['keepAlive' => -1]), '"keepAlive"'],
            [TypeError::class, fn () => new Client(options: ['keepAlive' => []]), '"keepAlive"'],
            [ValueError::class, fn () => new Client(options: ['tls' => ['cafile' => 'x']]), '"cafile"'],
            [ValueError::class, fn () => new Client(options: ['offlineQueue' => ['whenFull' => 'x']]), '"drop-oldest"'],
            [ValueError::class, fn () => new Client(options: ['version' => 6]), '"version"'],
            [ValueError::class, fn () => new Client(options: ['properties' => ['topicAlias' => 1]]), 'topicAlias'],
            [ValueError::class, fn () => new ClientOptions(keepAlive: 65536), 'keepAlive'],
            [TypeError::class, fn () => new ClientOptions(will: new stdClass()), '($will)'],
            [Error::class, fn () => clone $client, 'uncloneable'],
            [Exception::class, fn () => serialize($client), 'not allowed'],
        ] as [$class, $do, $words]) {
            try {
                $do();
                self::fail("no exception about $words");
            } catch (Throwable $e) {
                self::assertSame($class, $e::class, $e->getMessage());
                self::assertStringContainsString($words, $e->getMessage());
            }
        }
    }

    public function testAStoreKeepsWhatWasNotSent(): void
    {
        $directory = sys_get_temp_dir() . '/mqtt-store-' . getmypid();
        mkdir($directory);
        $options = ['clientId' => 'store-' . getmypid(), 'store' => $directory, 'linger' => 0];
        $offline = new Client('mqtt://127.0.0.1:' . self::closedPort(), $options);
        $topic = self::topic();
        $offline->publish($topic, 'kept', 1);
        unset($offline);
        $watcher = self::client();
        $watcher->subscribe($topic, 1);
        $again = self::client($options);
        $again->connect();
        self::assertSame('kept', $watcher->receive(5.0)?->payload);
        self::assertSame(0, $again->flush(5.0));
        unset($again);
        array_map('unlink', glob("$directory/*") ?: []);
        rmdir($directory);
    }

    public function testClientOptions(): void
    {
        $options = new ClientOptions(clientId: 'options-' . getmypid(), keepAlive: 5, sessionExpiryInterval: 0, reconnect: false, userProperties: ['a' => 'b']);
        self::assertSame(5, $options->keepAlive);
        self::assertNull($options->will);
        $client = new Client([self::$broker->uri()], $options);
        $client->connect();
        self::assertSame('options-' . getmypid(), $client->stats()['clientId']);
    }

    public function testLoggers(): void
    {
        $lines = [];
        $logger = new class ($lines) {
            public function __construct(private array &$lines)
            {
            }

            public function log(string $level, string $message, array $context = []): void
            {
                $this->lines[] = $level;
            }
        };
        $client = self::client(['logger' => $logger]);
        $client->onLog(function (string $level, string $text) use (&$lines) { $lines[] = $text; });
        $client->connect();
        self::until($client, function () use (&$lines) { return count($lines) >= 2; });
        self::assertContains($lines[1], ['debug', 'info', 'notice', 'warning', 'error']);
    }
}
