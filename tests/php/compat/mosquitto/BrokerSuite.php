<?php
declare(strict_types=1);

namespace MosquittoTests;

use Broker;
use DomainException;
use Mosquitto\Client;
use Mosquitto\Message;

require_once __DIR__ . '/MosquittoCase.php';

/** What the classes do with a real broker; run against ours and against mosquitto. */
abstract class BrokerSuite extends MosquittoCase
{
    private static ?Broker $broker = null;

    abstract protected static function start(): Broker;

    public static function setUpBeforeClass(): void
    {
        parent::setUpBeforeClass();
        self::$broker = static::start();
    }

    public static function tearDownAfterClass(): void
    {
        self::$broker = null;
    }

    protected function connected(string $id = 'recorder', bool $cleanSession = true, bool $logs = false): Recorder
    {
        $recorder = new Recorder($id, $cleanSession, $logs);
        self::assertSame(0, $recorder->client->connect('127.0.0.1', self::$broker->port));
        self::assertSame([[0, 'Connection Accepted.']], $recorder->await('onConnect'));
        return $recorder;
    }

    public function testConnectIsAnsweredInTheLoop(): void
    {
        $recorder = new Recorder('answered');
        self::assertSame(-1, $recorder->client->getSocket());
        self::assertSame(0, $recorder->client->connect('localhost', self::$broker->port, 60));
        self::assertSame([], $recorder->calls);
        self::assertGreaterThan(2, $recorder->client->getSocket());
        self::assertSame([[0, 'Connection Accepted.']], $recorder->await('onConnect'));
        self::assertNull($recorder->client->disconnect());
        self::assertSame([[0]], $recorder->of('onDisconnect'));
        self::assertSame(-1, $recorder->client->getSocket());
        self::assertThrows('The client is not currently connected.', fn () => $recorder->client->disconnect());
    }

    public function testIdsComeFromOneCounter(): void
    {
        $recorder = $this->connected();
        $client = $recorder->client;
        self::assertSame(1, $client->subscribe('ids/#', 1));
        self::assertSame(2, $client->unsubscribe('ids/#'));
        self::assertSame(3, $client->publish('ids', 'zero'));
        self::assertThrows('Invalid function arguments provided.', fn () => $client->publish('ids', 'three', 3));
        self::assertThrows('Invalid function arguments provided.', fn () => $client->subscribe('ids/#/x', 0));
        self::assertSame(4, $client->publish('ids', 'one', 1));
        self::assertSame(5, $client->publish('ids', 'two', 2));
        self::assertSame(6, $client->subscribe('ids', 2));
        $recorder->await('onPublish', 3);
        $recorder->await('onSubscribe', 2);
        self::assertEqualsCanonicalizing([[3], [4], [5]], $recorder->of('onPublish'));
        self::assertSame([[1, 1, 1], [6, 1, 2]], $recorder->of('onSubscribe'));
        self::assertSame([[2]], $recorder->of('onUnsubscribe'));
    }

    public function testAQos0PublishIsToldBeforeItReturns(): void
    {
        $recorder = $this->connected();
        $recorder->takeLines();
        self::assertSame(1, $recorder->client->publish('q', 'x'));
        self::assertSame(['onPublish [1]'], $recorder->takeLines());
        self::assertSame(2, $recorder->client->publish('q', 'x', 1));
        self::assertSame([], $recorder->takeLines());
        self::assertSame([[2]], $recorder->await('onPublish'));
    }

    public function testMessagesOfEachQosComeWithTheirProperties(): void
    {
        $recorder = $this->connected();
        $recorder->client->subscribe('q/#', 2);
        $recorder->await('onSubscribe');
        $payload = "a\0b\xFF";
        $recorder->client->publish('q/0', $payload);
        $recorder->client->publish('q/1', 'one', 1);
        $recorder->client->publish('q/2', 'two', 2);
        $recorder->client->publish('q/empty', null);
        $messages = $recorder->await('onMessage', 4);
        $byTopic = array_column(array_column($messages, 0), null, 1);
        self::assertSame([0, 'q/0', $payload, 0, false], $byTopic['q/0']);
        self::assertSame(['one', 1, false], array_slice($byTopic['q/1'], 2));
        self::assertSame(['two', 2, false], array_slice($byTopic['q/2'], 2));
        self::assertGreaterThan(0, $byTopic['q/1'][0]);
        self::assertGreaterThan(0, $byTopic['q/2'][0]);
        self::assertSame([0, 'q/empty', '', 0, false], $byTopic['q/empty']);
    }

    public function testTheMessageIsAnObjectOfTheClass(): void
    {
        $recorder = $this->connected();
        $got = null;
        $recorder->client->onMessage(function (...$arguments) use (&$got): void {
            $got = $arguments;
        });
        $recorder->client->subscribe('object', 0);
        $recorder->await('onSubscribe');
        $recorder->client->publish('object', 'x');
        for ($end = microtime(true) + 20; $got === null && microtime(true) < $end;) {
            $recorder->client->loop(100);
        }
        self::assertCount(1, $got);
        self::assertInstanceOf(Message::class, $got[0]);
        $got[0]->payload = 12;
        self::assertSame('12', $got[0]->payload);
    }

    public function testARetainedMessageSaysSo(): void
    {
        $recorder = $this->connected();
        $recorder->client->publish('kept/topic', 'kept', 1, true);
        $recorder->await('onPublish');
        $recorder->client->subscribe('kept/+', 1);
        self::assertSame(['kept/topic', 'kept', 1, true], array_slice($recorder->await('onMessage')[0][0], 1));
        $recorder->client->publish('kept/topic', '', 1, true);
        $recorder->await('onPublish', 2);
    }

    public function testTheLogTellsEveryPacketInOrder(): void
    {
        $recorder = $this->connected('logger', logs: true);
        self::assertSame([
            '16 Client logger sending CONNECT', '16 Client logger received CONNACK (0)', 'onConnect [0,"Connection Accepted."]',
        ], $recorder->takeLines());
        $recorder->client->subscribe('p2/#', 2);
        $recorder->await('onSubscribe');
        self::assertSame([
            '16 Client logger sending SUBSCRIBE (Mid: 1, Topic: p2/#, QoS: 2, Options: 0x00)', '16 Client logger received SUBACK', 'onSubscribe [1,1,2]',
        ], $recorder->takeLines());
        $recorder->client->publish('other', 'abc', 1);
        $recorder->await('onPublish');
        self::assertSame([
            "16 Client logger sending PUBLISH (d0, q1, r0, m2, 'other', ... (3 bytes))", '16 Client logger received PUBACK (Mid: 2, RC:0)', 'onPublish [2]',
        ], $recorder->takeLines());
        $recorder->client->publish('other', 'abc', 2);
        $recorder->await('onPublish');
        self::assertSame([
            "16 Client logger sending PUBLISH (d0, q2, r0, m3, 'other', ... (3 bytes))", '16 Client logger received PUBREC (Mid: 3)',
            '16 Client logger sending PUBREL (m3)', '16 Client logger received PUBCOMP (Mid: 3, RC:0)', 'onPublish [3]',
        ], $recorder->takeLines());
        $recorder->client->unsubscribe('p2/#');
        $recorder->await('onUnsubscribe');
        self::assertSame([
            '16 Client logger sending UNSUBSCRIBE (Mid: 4, Topic: p2/#)', '16 Client logger received UNSUBACK', 'onUnsubscribe [4]',
        ], $recorder->takeLines());
        $recorder->client->disconnect();
        self::assertSame(['16 Client logger sending DISCONNECT', 'onDisconnect [0]'], $recorder->takeLines());
    }

    public function testWithoutAnIdTheServerChooses(): void
    {
        $recorder = new Recorder(null, logs: true);
        $recorder->client->connect('127.0.0.1', self::$broker->port);
        $recorder->await('onConnect');
        self::assertSame('16 Client (null) sending CONNECT', $recorder->lines[0]);
    }

    public function testLoopForeverEndsByExitLoopAndTheConnectionStays(): void
    {
        $recorder = $this->connected();
        $client = $recorder->client;
        // Outside of the loop it has no effect.
        $client->exitLoop();
        $client->onSubscribe(fn () => $client->exitLoop());
        $client->subscribe('exit', 0);
        self::assertNull($client->loopForever());
        self::assertGreaterThan(0, $client->getSocket());
        self::assertSame(2, $client->publish('exit', 'x'));
    }

    public function testLoopForeverEndsByDisconnect(): void
    {
        $recorder = new Recorder();
        $client = $recorder->client;
        $client->onConnect(fn () => $client->disconnect());
        $client->connect('127.0.0.1', self::$broker->port);
        self::assertNull($client->loopForever(100));
        self::assertSame(['onDisconnect [0]'], $recorder->lines);
        self::assertSame(-1, $client->getSocket());
    }

    public function testAnExceptionOfACallbackLeavesTheRunningMethod(): void
    {
        $recorder = $this->connected();
        $client = $recorder->client;
        $throw = fn () => throw new DomainException('from the callback', 7);
        $client->onPublish($throw);
        self::assertThrows('from the callback', fn () => $client->publish('x', 'y'), 7, DomainException::class);
        self::assertSame(2, $client->publish('x', 'y', 1));
        self::assertThrows('from the callback', fn () => $client->loopForever(), 7, DomainException::class);
        $client->onSubscribe($throw);
        $client->subscribe('x', 0);
        self::assertThrows('from the callback', function () use ($client): void {
            for ($end = microtime(true) + 20; microtime(true) < $end;) {
                $client->loop(100);
            }
        }, 7, DomainException::class);
        // The connection has not suffered.
        $client->onPublish(fn (int $mid) => $client->exitLoop());
        $client->publish('x', 'y', 2);
        $client->loopForever();
        $client->onDisconnect($throw);
        self::assertThrows('from the callback', fn () => $client->disconnect(), 7, DomainException::class);
    }

    /** What waited behind a callback that threw was lost in the original. */
    public function testWhatWaitedBehindAnExceptionComesWithTheNextLoop(): void
    {
        $recorder = $this->connected();
        $client = $recorder->client;
        $client->subscribe('burst', 0);
        $recorder->await('onSubscribe');
        $got = [];
        $client->onMessage(function (Message $message) use (&$got): void {
            $got[] = $message->payload;
            throw new DomainException($message->payload);
        });
        for ($i = 0; $i < 5; $i++) {
            $client->publish('burst', "$i");
        }
        for ($end = microtime(true) + 20; count($got) < 5 && microtime(true) < $end;) {
            try {
                $client->loop(100);
            } catch (DomainException) {
            }
        }
        self::assertSame(['0', '1', '2', '3', '4'], $got);
    }

    public function testACallbackMayPublishAndSubscribe(): void
    {
        $recorder = new Recorder();
        $client = $recorder->client;
        $order = [];
        $client->onConnect(function () use ($client, &$order): void {
            $order[] = $client->subscribe('nested', 1);
            $order[] = $client->publish('nested', 'x');
            $order[] = 'end of onConnect';
        });
        $client->onPublish(function (int $mid) use ($client, &$order): void {
            $order[] = "onPublish $mid";
            if ($mid < 4) {
                $order[] = $client->publish('nested', 'x');
            }
        });
        $client->connect('127.0.0.1', self::$broker->port);
        $recorder->await('onMessage', 3);
        self::assertSame([1, 2, 'end of onConnect', 'onPublish 2', 3, 'onPublish 3', 4, 'onPublish 4'], $order);
    }

    public function testLogLinesComeAtOnceInsideOfACallbackToo(): void
    {
        $recorder = new Recorder('inside', logs: true);
        $client = $recorder->client;
        $client->onConnect(function () use ($recorder, $client): void {
            $recorder->lines[] = 'begin';
            $client->publish('inside', 'x');
            $recorder->lines[] = 'end';
        });
        $client->connect('127.0.0.1', self::$broker->port);
        $recorder->await('onPublish');
        self::assertSame(['begin', "16 Client inside sending PUBLISH (d0, q0, r0, m1, 'inside', ... (1 bytes))", 'end', 'onPublish [1]'], array_slice($recorder->lines, 2));
    }

    public function testACallbackMayLoop(): void
    {
        $recorder = $this->connected();
        $client = $recorder->client;
        $published = [];
        $client->onPublish(function (int $mid) use (&$published): void {
            $published[] = $mid;
        });
        $client->onSubscribe(function () use ($client, &$published): void {
            $mid = $client->publish('inner', 'x', 1);
            for ($end = microtime(true) + 20; !in_array($mid, $published, true) && microtime(true) < $end;) {
                $client->loop(100);
            }
            $client->exitLoop();
        });
        $client->subscribe('outer', 0);
        $client->loopForever();
        self::assertSame([2], $published);
    }

    public function testLoopReturnsAtOnceWhereNothingIsDue(): void
    {
        $recorder = $this->connected();
        $start = microtime(true);
        for ($i = 0; $i < 200; $i++) {
            $recorder->client->publish('busy', 'x');
            $recorder->client->loop();
        }
        // In turns of a second each this would take minutes.
        self::assertLessThan(30, microtime(true) - $start);
    }

    public function testThePublishOfAScriptThatEndsArrives(): void
    {
        $recorder = $this->connected();
        $recorder->client->subscribe('farewell/#', 1);
        $recorder->await('onSubscribe');
        for ($i = 0; $i < 20; $i++) {
            $client = new Client("short-$i");
            $client->connect('127.0.0.1', self::$broker->port);
            // Before CONNACK has come.
            $client->publish("farewell/$i", 'x', $i % 3);
            unset($client);
        }
        // At QoS 2 a server may wait for PUBREL, which nobody sends any more.
        $expected = array_values(array_filter(range(0, 19), static fn (int $i): bool => $i % 3 !== 2));
        $arrived = fn (): array => array_map(static fn (array $call): int => (int) substr($call[0][1], 9), $recorder->of('onMessage'));
        for ($end = microtime(true) + 20; array_diff($expected, $arrived()) !== [] && microtime(true) < $end;) {
            $recorder->client->loop(100);
        }
        self::assertSame([], array_diff($expected, $arrived()));
    }

    public function testTheEndOfTheObjectSaysGoodbye(): void
    {
        $watcher = $this->connected('watcher');
        $watcher->client->subscribe('will', 0);
        $watcher->await('onSubscribe');
        $lines = [];
        $client = new Client('goner');
        $client->setWill('will', 'gone without a word', 0, false);
        $client->onDisconnect(function (...$arguments) use (&$lines): void {
            $lines[] = $arguments;
        });
        $client->connect('127.0.0.1', self::$broker->port);
        unset($client);
        self::assertSame([[0]], $lines);
        // Its will would come before this.
        $watcher->client->publish('will', 'mine');
        self::assertSame('mine', $watcher->await('onMessage')[0][0][2]);
    }

    public function testTheWillIsSentByTheServer(): void
    {
        $watcher = $this->connected('watcher');
        $watcher->client->subscribe('will', 2);
        $watcher->await('onSubscribe');
        $recorder = new Recorder('willing');
        $recorder->client->setWill('will', "last\0words", 1, false);
        $recorder->client->setWill('will', "last\0words", 2, false);
        $recorder->client->connect('127.0.0.1', self::$broker->port);
        $recorder->await('onConnect');
        // Another client of the same name takes over: the first goes without a DISCONNECT.
        $other = $this->connected('willing');
        self::assertSame(['will', "last\0words", 2, false], array_slice($watcher->await('onMessage')[0][0], 1));
        self::assertThrows('The connection was lost.', fn () => $recorder->client->loopForever());
        self::assertSame([[7]], $recorder->of('onDisconnect'));
        self::assertThrows('The client is not currently connected.', fn () => $recorder->client->loop());
        self::assertThrows('The client is not currently connected.', fn () => $recorder->client->publish('a', 'b', 1));
        self::assertThrows('The client is not currently connected.', fn () => $recorder->client->subscribe('a', 1));
        self::assertThrows('The client is not currently connected.', fn () => $recorder->client->unsubscribe('a'));
        self::assertThrows('The client is not currently connected.', fn () => $recorder->client->loopForever());
        $recorder->client->clearWill();
        $recorder->takeLines();
        self::assertSame(0, $recorder->client->connect('127.0.0.1', self::$broker->port));
        $recorder->await('onConnect');
        self::assertNotNull($other);
    }

    public function testASessionIsResumed(): void
    {
        $recorder = $this->connected('resumed', cleanSession: false);
        $recorder->client->subscribe('resumed/#', 1);
        $recorder->await('onSubscribe');
        $recorder->client->disconnect();
        $publisher = $this->connected('publisher');
        $publisher->client->publish('resumed/a', 'while away', 1);
        $publisher->await('onPublish');
        $recorder->client->connect('127.0.0.1', self::$broker->port);
        self::assertSame('while away', $recorder->await('onMessage')[0][0][2]);
        $recorder->client->unsubscribe('resumed/#');
        $recorder->await('onUnsubscribe');
    }

    public function testConnectAgainWhileConnected(): void
    {
        $recorder = $this->connected();
        self::assertSame(0, $recorder->client->connect('127.0.0.1', self::$broker->port));
        self::assertCount(2, $recorder->await('onConnect', 2));
        self::assertSame([], $recorder->of('onDisconnect'));
    }

    public function testMoreMessagesThanMayBeInFlight(): void
    {
        $recorder = new Recorder('window', logs: true);
        $recorder->client->setMaxInFlightMessages(2);
        $recorder->client->connect('127.0.0.1', self::$broker->port);
        $recorder->await('onConnect');
        $recorder->takeLines();
        for ($i = 0; $i < 5; $i++) {
            $recorder->client->publish('window', "$i", 1);
        }
        self::assertCount(2, $recorder->lines, 'only two are sent');
        $recorder->await('onPublish', 5);
        self::assertSame([[1], [2], [3], [4], [5]], $recorder->of('onPublish'));
    }

    public function testAThousandMessagesOfEachQosArriveOnceAndInOrder(): void
    {
        $recorder = $this->connected();
        $recorder->client->subscribe('many', 2);
        $recorder->await('onSubscribe');
        foreach ([0, 1, 2] as $qos) {
            $recorder->calls = $recorder->lines = [];
            for ($i = 0; $i < 1000; $i++) {
                $recorder->client->publish('many', "$i", $qos);
            }
            $payloads = array_map(static fn (array $call): string => $call[0][2], $recorder->await('onMessage', 1000, 60));
            self::assertSame(array_map('strval', range(0, 999)), $payloads);
            $recorder->await('onPublish', 1000, 60);
        }
    }

    public function testALargePayload(): void
    {
        $recorder = $this->connected();
        $recorder->client->subscribe('large', 1);
        $recorder->await('onSubscribe');
        $payload = random_bytes(3_000_000);
        $recorder->client->publish('large', $payload, 1);
        self::assertTrue($recorder->await('onMessage', 1, 60)[0][0][2] === $payload);
    }

    public function testTheSocketIsReadableWhenThereIsSomethingToDo(): void
    {
        $recorder = $this->connected();
        $recorder->client->subscribe('select', 0);
        $recorder->await('onSubscribe');
        for ($i = 0; $i < 50; $i++) {
            $recorder->client->publish('select', "$i");
        }
        // An event loop that calls loop(0) once for each readiness sees everything: nothing stays behind in a buffer.
        for ($end = microtime(true) + 20; count($recorder->of('onMessage')) < 50 && microtime(true) < $end;) {
            $this->waitReadable($recorder->client->getSocket());
            $recorder->client->loop(0);
        }
        self::assertCount(50, $recorder->of('onMessage'));
    }

    private function waitReadable(int $descriptor): void
    {
        $stream = fopen("php://fd/$descriptor", 'r');
        $read = [$stream];
        $write = $except = null;
        stream_select($read, $write, $except, 20);
    }
}
