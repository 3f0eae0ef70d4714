<?php
declare(strict_types=1);

require_once __DIR__ . '/LoopTestCase.php';

use Mqtt\Client;
use Mqtt\Loop\SelectDriver;
use Mqtt\Message;
use Mqtt\Packet\SubAck;
use Mqtt\ReasonCode;
use Mqtt\Server;
use Mqtt\Server\ConnectRequest;

/** What Mqtt\Loop\Driver promises, against the real loop. */
abstract class DriverTestCase extends LoopTestCase
{
    public function testMessagesArriveWhileTimersTick(): void
    {
        $client = $this->client();
        $this->driver->watch($client, keepAlive: true);
        $topic = self::topic();
        $received = $ticks = 0;
        $check = function () use (&$received, &$ticks): void {
            $received === 10 && $ticks === 10 && $this->stop();
        };
        $client->subscribe($topic, 1, function () use (&$received, $check): void {
            $received++;
            $check();
        }, wait: false);
        $tick = function () use (&$tick, &$ticks, $client, $topic, $check): void {
            $client->publish($topic, (string) $ticks, 1);
            ++$ticks < 10 ? $this->driver->delay(0.005, $tick) : $check();
        };
        $this->driver->delay(0.0, $tick);
        $this->turn();
        $this->assertSame([10, 10], [$received, $ticks]);
    }

    public function testHandlersRunFromTheLoopOnly(): void
    {
        $client = $this->client();
        $topic = self::topic();
        $received = 0;
        $client->subscribe($topic, 1, function () use (&$received): void {
            $received++;
            $this->stop();
        });
        $client->wait($client->publish($topic, 'x', 1));
        $this->driver->watch($client, keepAlive: true);
        $this->assertSame(0, $received);
        $this->turn();
        $this->assertSame(1, $received);
    }

    public function testPublishesAreReported(): void
    {
        $client = $this->client();
        $this->driver->watch($client, keepAlive: true);
        $done = [];
        $client->onPublished(function (int $token, ReasonCode $code) use (&$done): void {
            $done[$token] = $code;
            count($done) === 3 && $this->stop();
        });
        $tokens = array_map(fn (int $qos) => $client->publish(self::topic(), 'x', $qos), [0, 1, 2]);
        $this->turn();
        ksort($done);
        $this->assertSame($tokens, array_keys($done));
        foreach ($done as $code) {
            $this->assertFalse($code->isError());
        }
    }

    public function testWhenDoneTellsOfEveryKindOfToken(): void
    {
        $client = $this->client();
        $this->driver->watch($client, keepAlive: true);
        $told = [];
        $note = function (string $what) use (&$told): \Closure {
            return function (mixed $result, ?\Throwable $why) use (&$told, $what): void {
                $told[$what] = $result instanceof ReasonCode ? $result->isError() : get_debug_type($result ?? $why);
                count($told) === 5 && $this->stop();
            };
        };
        $client->whenDone($client->connect(wait: false), $note('connect'));
        $client->whenDone($client->subscribe(self::topic(), wait: false), $note('subscribe'));
        $client->whenDone($client->publish(self::topic(), 'x', 2), $note('publish'));
        $early = $client->publish(self::topic(), 'x', 1);
        $client->wait($early);
        $client->whenDone($early, $note('done already'));
        $client->whenDone($client->unsubscribe(self::topic(), wait: false), $note('unsubscribe'));
        $this->turn();
        ksort($told);
        $this->assertSame(['connect' => false, 'done already' => false, 'publish' => false, 'subscribe' => SubAck::class, 'unsubscribe' => Mqtt\Packet\UnsubAck::class], $told);
    }

    public function testTwoClientsOnOneLoop(): void
    {
        [$one, $two] = [$this->client(), $this->client()];
        $this->assertNotSame($one->stream(), $two->stream());
        $this->driver->watch($one, keepAlive: true);
        $this->driver->watch($two, keepAlive: true);
        $topic = self::topic();
        $log = [];
        $two->subscribe("$topic/ping", 1, function (Message $message) use ($two, $topic, &$log): void {
            $log[] = "ping $message->payload";
            $two->publish("$topic/pong", $message->payload, 1);
        });
        $one->subscribe("$topic/pong", 1, function (Message $message) use ($one, $topic, &$log): void {
            $log[] = "pong $message->payload";
            $message->payload === '3' ? $this->stop() : $one->publish("$topic/ping", (string) ($message->payload + 1), 1);
        });
        $one->publish("$topic/ping", '1', 1);
        $this->turn();
        $this->assertSame(['ping 1', 'pong 1', 'ping 2', 'pong 2', 'ping 3', 'pong 3'], $log);
    }

    public function testAnExceptionSurfacesAndNothingIsLost(): void
    {
        $client = $this->client();
        $watch = $this->driver->watch($client, keepAlive: true);
        $topic = self::topic();
        $received = [];
        $client->subscribe($topic, 1, function (Message $message) use (&$received): void {
            $received[] = $message->payload;
            if ($message->payload === '2') {
                throw new DomainException('of the handler');
            }
            count($received) === 5 && $this->stop();
        });
        for ($n = 1; $n <= 5; $n++) {
            $client->publish($topic, (string) $n, 1);
        }
        $client->flush();
        try {
            $this->turn();
            $this->fail('no exception');
        } catch (\Throwable $exception) {
            $this->assertSame('of the handler', $this->thrown($exception)->getMessage());
        }
        $this->assertSame(['1', '2'], $received);
        $this->assertTrue($watch->isActive());
        $this->turn();
        $this->assertSame(['1', '2', '3', '4', '5'], $received);
    }

    public function testWatchIsCancelledInAHandler(): void
    {
        $client = $this->client();
        $topic = self::topic();
        $received = [];
        $client->subscribe($topic, 1, function (Message $message) use (&$received, &$watch): void {
            $received[] = $message->payload;
            $watch->cancel();
            $this->stop();
        });
        $watch = $this->driver->watch($client, keepAlive: true);
        $client->publishMany([[$topic, '1', 1], [$topic, '2', 1]]);
        $client->flush();
        $this->turn();
        $this->assertFalse($watch->isActive());
        $this->turnFor(0.02);
        $this->assertSame(['1'], $received, 'nothing more is dispatched');
        $watch = $this->driver->watch($client, keepAlive: true);
        $this->turn();
        $this->assertSame(['1', '2'], $received, 'and nothing is lost');
    }

    public function testDisconnectInAHandlerEndsTheWatch(): void
    {
        $client = $this->client();
        $topic = self::topic();
        $disconnected = 0;
        $client->onDisconnect(function () use (&$disconnected): void {
            $disconnected++;
            $this->loopEnds() || $this->stop();
        });
        $client->subscribe($topic, 1, fn () => $client->disconnect(wait: false));
        $watch = $this->driver->watch($client, keepAlive: true);
        $client->publish($topic, 'x', 1);
        $this->turn();
        $this->assertFalse($watch->isActive());
        $this->assertFalse($client->isConnected());
        $this->assertSame(1, $disconnected);
    }

    public function testDisconnectOutsideOfTheLoopEndsTheWatch(): void
    {
        $client = $this->client();
        $client->connect();
        $watch = $this->driver->watch($client, keepAlive: true);
        $this->driver->delay(0.01, fn () => $client->disconnect());
        $this->loopEnds() ? $this->turn() : $this->turnUntil(fn () => !$watch->isActive());
        $this->assertFalse($watch->isActive());
        $client->connect();
        $again = $this->driver->watch($client);
        $this->assertNotSame($watch, $again);
        $this->assertTrue($again->isActive());
    }

    public function testADestroyedClientEndsItsWatch(): void
    {
        $client = $this->client();
        $client->connect();
        $watch = $this->driver->watch($client);
        $this->assertSame($client, $watch->source());
        $this->driver->delay(0.005, function () use (&$client): void {
            $this->forget($client);
            $client = null;
            $this->loopEnds() || $this->stop();
        });
        $this->turn();
        $this->assertFalse($watch->isActive());
        $this->assertNull($watch->source());
    }

    public function testAClientDestroyedInItsHandlerEndsItsWatch(): void
    {
        $client = $this->client();
        $topic = self::topic();
        $client->subscribe($topic, 1, function () use (&$client): void {
            $this->forget($client);
            $client = null;
        });
        $client->publish($topic, 'x', 1);
        $watch = $this->driver->watch($client);
        $this->turnUntil(fn () => !$watch->isActive());
        $this->assertNull($watch->source());
    }

    public function testKeepAliveKeepsTheClientToo(): void
    {
        $client = $this->client();
        $topic = self::topic();
        $received = 0;
        $client->subscribe($topic, 1, function () use (&$received): void {
            $received++;
            $this->stop();
        });
        $watch = $this->driver->watch($client, keepAlive: true);
        $this->forget($client);
        unset($client);
        $other = $this->client();
        $other->publish($topic, 'x', 1);
        $this->turn();
        $this->assertSame(1, $received);
        $watch->cancel();
        $this->assertNull($watch->source());
    }

    public function testAWatchAloneDoesNotKeepTheLoopAlive(): void
    {
        if (!$this->loopEnds() || !$this->loopCanTell()) {
            $this->markTestSkipped('this loop runs on while anything is watched');
        }
        $client = $this->client();
        $client->connect();
        $watch = $this->driver->watch($client);
        $ticked = false;
        $timer = $this->driver->delay(0.01, function () use (&$ticked): void {
            $ticked = true;
        });
        $this->run_();
        $this->assertTrue($ticked);
        $this->assertTrue($watch->isActive());
        $watch->cancel();
    }

    public function testTheLoopEndsWithTheLastWatch(): void
    {
        if (!$this->loopEnds()) {
            $this->markTestSkipped('this loop runs until it is stopped');
        }
        [$one, $two] = [$this->client(), $this->client()];
        $one->connect();
        $two->connect();
        $watches = [$this->driver->watch($one, keepAlive: true), $this->driver->watch($two, keepAlive: true)];
        $this->driver->delay(0.005, fn () => $watches[0]->cancel());
        $this->driver->delay(0.010, fn () => $two->disconnect(wait: false));
        $this->turn();
        $this->assertFalse($watches[1]->isActive());
        $this->assertTrue($one->isConnected());
    }

    public function testServerAndClientInOneProcess(): void
    {
        $server = new Server(['listen' => 'mqtt://127.0.0.1:0', 'shards' => 1, 'logger' => static fn () => null]);
        $asked = [];
        $server->onConnect(function (ConnectRequest $request) use (&$asked) {
            $asked[] = $request->username;
            return $request->username === 'joe' ? null : ReasonCode::NotAuthorized;
        });
        $server->onPublish(fn (Mqtt\Server\PublishRequest $request) => new Message($request->message->topic, strtoupper($request->message->payload), 1), 'loud/#');
        $watch = $this->driver->watch($server, keepAlive: true);
        $client = $this->client(['username' => 'joe'], 'mqtt://127.0.0.1:' . $server->port());
        $this->driver->watch($client, keepAlive: true);
        $received = [];
        $client->subscribe('loud/#', 1, function (Message $message) use (&$received, $client, $server): void {
            $received[] = $message->payload;
            $client->disconnect(wait: false);
            $this->driver->delay(0.01, function () use ($server): void {
                $server->stop();
                $this->loopEnds() || $this->stop();
            });
        }, wait: false);
        $client->publish('loud/news', 'psst', 1);
        $this->turn();
        $this->assertSame([['joe'], ['PSST']], [$asked, $received]);
        $this->loopEnds() || $this->turnUntil(fn () => !$watch->isActive());
        $this->assertFalse($watch->isActive());
        $this->assertFalse($server->isRunning());
    }

    public function testThousandsOfMessagesTakeFewTurns(): void
    {
        $client = $this->client();
        $topic = self::topic();
        $received = $turns = 0;
        $client->subscribe($topic, 0, function () use (&$received): void {
            ++$received === 5000 && $this->stop();
        });
        $release = $this->driver->hold($client, function () use (&$turns): void {
            $turns++;
        });
        $other = $this->client();
        $other->publishMany((function () use ($topic) {
            for ($n = 0; $n < 5000; $n++) {
                yield [$topic, str_repeat('x', 50)];
            }
        })());
        $other->flush();
        $client->wait($client->publish(self::topic(), 'behind them', 1));
        $this->turn();
        $release();
        $this->assertSame(5000, $received);
        $this->assertLessThan(500, $turns);
        $this->assertGreaterThanOrEqual(4, $turns, 'a turn is bounded');
    }

    public function testWatchingAgainGivesTheSameWatch(): void
    {
        $client = $this->client();
        $watch = $this->driver->watch($client);
        $this->assertSame($watch, $this->driver->watch($client, keepAlive: true));
        $this->assertSame($this->driver, $watch->driver);
        try {
            (new SelectDriver())->watch($client);
            $this->fail('no exception');
        } catch (LogicException $exception) {
            $this->assertStringContainsString('another driver', $exception->getMessage());
        }
        $watch->cancel();
        $watch->cancel();
        $this->assertFalse($watch->isActive());
    }

    public function testHoldsWatchWhatNobodyWatches(): void
    {
        $client = $this->client();
        $client->connect();
        [$one, $two] = [$this->driver->hold($client), $this->driver->hold($client)];
        $watch = $this->driver->watch($client);
        $watch->cancel();
        $this->assertTrue($watch->isActive(), 'somebody waits');
        $one();
        $one();
        $this->assertTrue($watch->isActive());
        $two();
        $this->assertFalse($watch->isActive());
    }

    public function testAHandlerMayWait(): void
    {
        $client = $this->client();
        $topic = self::topic();
        $log = [];
        $client->subscribe($topic, 1, function (Message $message) use ($client, &$log): void {
            $log[] = "begin $message->payload";
            $client->wait($client->publish(self::topic(), 'x', 2));
            $log[] = "end $message->payload";
            $message->payload === '3' && $this->stop();
        });
        $this->driver->watch($client, keepAlive: true);
        $client->publishMany([[$topic, '1', 1], [$topic, '2', 1], [$topic, '3', 1]]);
        $this->turn();
        $this->assertSame(['begin 1', 'end 1', 'begin 2', 'end 2', 'begin 3', 'end 3'], $log);
    }

    public function testAServerThatIsNotThereEndsTheWatch(): void
    {
        $socket = stream_socket_server('tcp://127.0.0.1:0');
        $name = stream_socket_get_name($socket, false);
        fclose($socket);
        $client = $this->client(['reconnect' => false], "mqtt://$name");
        $why = null;
        $client->onDisconnect(function (\Throwable $exception) use (&$why): void {
            $why = $exception;
        });
        $watch = $this->driver->watch($client, keepAlive: true);
        $client->connect(wait: false);
        $this->loopEnds() ? $this->turn() : $this->turnUntil(fn () => !$watch->isActive());
        $this->assertFalse($watch->isActive());
        $this->assertInstanceOf(Mqtt\Exception\TransportException::class, $why);
    }

    public function testConnectionsThatBreakAreMadeAgainUnderTheLoop(): void
    {
        $broker = Broker::run();
        $client = $this->client(['reconnect' => ['minDelay' => 0.05, 'maxDelay' => 0.1]], $broker->uri());
        $topic = self::topic();
        $log = [];
        $client->onConnect(function () use (&$log): void {
            $log[] = 'connected';
        });
        $client->onDisconnect(function () use (&$log, $broker): void {
            if (!in_array('disconnected', $log, true)) {
                $log[] = 'disconnected';
                $broker->start();
            }
        });
        $client->subscribe($topic, 1, function (Message $message) use (&$log): void {
            $log[] = $message->payload;
            $message->payload === 'two' && $this->stop();
        }, wait: false);
        $watch = $this->driver->watch($client, keepAlive: true);
        $client->publish($topic, 'one', 1);
        $this->turnUntil(function () use (&$log): bool {
            return end($log) === 'one';
        });
        $broker->stop();
        $this->turnUntil(function () use (&$log): bool {
            return end($log) === 'connected';
        });
        $client->publish($topic, 'two', 1);
        $this->turn();
        $this->assertSame(['connected', 'one', 'disconnected', 'connected', 'two'], $log);
        $this->assertTrue($watch->isActive());
        $client->disconnect();
    }

    public function testAForkedChildDoesNotTouchWhatTheParentWatches(): void
    {
        $client = $this->client();
        $client->connect();
        $watch = $this->driver->watch($client, keepAlive: true);
        $child = pcntl_fork();
        if ($child === 0) {
            $watch->cancel();
            // No destructors of the parent's objects, and no shutdown functions.
            posix_kill(posix_getpid(), SIGKILL);
        }
        pcntl_waitpid($child, $status);
        $this->assertSame(SIGKILL, pcntl_wtermsig($status));
        $this->assertTrue($client->isConnected());
        $topic = self::topic();
        $client->subscribe($topic, 1, fn () => $this->stop(), wait: false);
        $client->publish($topic, 'x', 1);
        $this->turn();
    }
}
