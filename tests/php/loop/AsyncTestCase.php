<?php
declare(strict_types=1);

require_once __DIR__ . '/LoopTestCase.php';

use Mqtt\Exception\TimeoutException;
use Mqtt\Exception\TransportException;
use Mqtt\Loop\Async;
use Mqtt\Message;
use Mqtt\Packet\SubAck;
use Mqtt\Packet\UnsubAck;
use Mqtt\ReasonCode;

/** Mqtt\Loop\Async in fibers or coroutines of a real loop. */
abstract class AsyncTestCase extends LoopTestCase
{
    /** Begins a fiber or coroutine. */
    abstract protected function go(\Closure $body): void;

    /** Runs the body in a fiber, and the loop until the body has ended; what it throws leaves here. */
    protected function inFiber(\Closure $body): mixed
    {
        $result = $why = null;
        $this->go(function () use ($body, &$result, &$why): void {
            try {
                $result = $body();
            } catch (\Throwable $exception) {
                $why = $exception;
            }
            $this->loopEnds() || $this->stop();
        });
        $this->turn();
        return $why === null ? $result : throw $why;
    }

    private function async(array $options = []): Async
    {
        return new Async($this->client = $this->client($options), $this->driver);
    }

    private Mqtt\Client $client;

    public function testEveryCallWaitsInTheFiber(): void
    {
        $async = $this->async();
        $topic = self::topic();
        $results = $this->inFiber(function () use ($async, $topic): array {
            $async->connect();
            $results = [$this->client->isConnected(), $async->subscribe($topic, 1)];
            $results[] = $async->await($this->client->publish($topic, 'x', 1));
            $results[] = $async->publish($topic, 'y', 2);
            $results[] = $async->unsubscribe($topic);
            $async->disconnect();
            $results[] = $this->client->isConnected();
            return $results;
        });
        $this->assertTrue($results[0]);
        $this->assertInstanceOf(SubAck::class, $results[1]);
        $this->assertSame([ReasonCode::Success, ReasonCode::Success], [$results[2], $results[3]]);
        $this->assertInstanceOf(UnsubAck::class, $results[4]);
        $this->assertFalse($results[5]);
    }

    public function testFibersWaitSideBySide(): void
    {
        $async = $this->async();
        $log = [];
        $left = 3;
        foreach (['a', 'b', 'c'] as $name) {
            $this->go(function () use ($async, $name, &$log, &$left): void {
                $log[] = "$name begins";
                $async->publish(self::topic(), $name, 1);
                $log[] = "$name ends";
                --$left === 0 && ($this->loopEnds() || $this->stop());
            });
        }
        $this->turn();
        $this->assertCount(6, $log);
        $this->assertSame(['a begins', 'b begins', 'c begins'], array_slice($log, 0, 3));
    }

    public function testMessagesAreIteratedUntilTheClientLeaves(): void
    {
        $async = $this->async();
        $topic = self::topic();
        $received = $this->inFiber(function () use ($async, $topic): array {
            $async->subscribe($topic, 1);
            for ($n = 1; $n <= 2500; $n++) {
                $this->client->publish($topic, (string) $n, 1);
            }
            $received = [];
            foreach ($async->messages() as $message) {
                $received[] = $message->payload;
                count($received) === 2500 && $this->client->disconnect(wait: false);
            }
            return $received;
        });
        $this->assertSame(range(1, 2500), array_map('intval', $received));
    }

    public function testMessagesEndWhenNoneComesInTime(): void
    {
        $async = $this->async();
        $topic = self::topic();
        $received = $this->inFiber(function () use ($async, $topic): array {
            $async->subscribe($topic, 1);
            $this->client->publish($topic, 'x', 1);
            return array_map(fn (Message $message) => $message->payload, iterator_to_array($async->messages(0.1), false));
        });
        $this->assertSame(['x'], $received);
    }

    public function testRequestsAreAnswered(): void
    {
        $async = $this->async();
        $topic = self::topic();
        $other = $this->client();
        $watch = $this->driver->watch($other);
        $other->subscribe($topic, 1, fn (Message $message) => $message->reply(strrev($message->payload)));
        $answer = $this->inFiber(function () use ($async, $topic, $watch): string {
            $answer = $async->request($topic, 'abc', 5.0)->payload;
            $watch->cancel();
            return $answer;
        });
        $this->assertSame('cba', $answer);
    }

    public function testARequestWithoutAnAnswerIsOverInTime(): void
    {
        $async = $this->async();
        $this->expectException(TimeoutException::class);
        $this->expectExceptionMessage('the answer to the request on');
        $this->inFiber(fn () => $async->request(self::topic(), 'abc', 0.05));
    }

    public function testAServerThatIsNotThereThrows(): void
    {
        $socket = stream_socket_server('tcp://127.0.0.1:0');
        $name = stream_socket_get_name($socket, false);
        fclose($socket);
        $async = new Async($this->client(['reconnect' => false], "mqtt://$name"), $this->driver);
        $this->expectException(TransportException::class);
        $this->expectExceptionMessage((string) $name);
        $this->inFiber(fn () => $async->connect());
    }
}
