<?php
declare(strict_types=1);

namespace Mqtt\Loop;

use Mqtt\Client;
use Mqtt\Exception\TimeoutException;
use Mqtt\Message;
use Mqtt\Properties;
use React\Promise\Deferred;
use React\Promise\PromiseInterface;

/**
 * Promises of react/promise for what a client does. While one is open, the client is watched and the loop stays alive.
 */
final class Promises
{
    private readonly Driver $driver;

    /** @param Driver|null $driver null: Mqtt\Loop::driver() */
    public function __construct(private readonly Client $client, ?Driver $driver = null)
    {
        $this->driver = $driver ?? \Mqtt\Loop::driver();
    }

    /**
     * Of a token: one of publish(), or of a call with wait: false. It is fulfilled with a ReasonCode, with a SubAck or UnsubAck
     * for a subscribe or unsubscribe, and rejected with what Client::wait() would throw.
     *
     * @return PromiseInterface<\Mqtt\ReasonCode|\Mqtt\Packet\SubAck|\Mqtt\Packet\UnsubAck>
     */
    public function promise(int $token): PromiseInterface
    {
        /** @var PromiseInterface<\Mqtt\ReasonCode|\Mqtt\Packet\SubAck|\Mqtt\Packet\UnsubAck> $promise */
        $promise = $this->deferred(function (\Closure $done) use ($token): void {
            $this->client->whenDone($token, $done);
        });
        return $promise;
    }

    /**
     * Of the answer to a request (MQTT 5).
     *
     * @param Properties|array<string, mixed>|null $properties
     * @return PromiseInterface<Message> rejected with a TimeoutException when no answer came in time
     */
    public function request(
        string $topic,
        string $payload = '',
        float $timeout = 10.0,
        int $qos = 1,
        Properties|array|null $properties = null,
    ): PromiseInterface {
        /** @var PromiseInterface<Message> $promise */
        $promise = $this->deferred(function (\Closure $done) use ($topic, $payload, $timeout, $qos, $properties): void {
            $timer = $this->driver->delay($timeout, static fn () => $done(null, new TimeoutException("the answer to the request on $topic did not come within $timeout s")));
            $finish = function (?Message $message, ?\Throwable $why) use ($timer, $done): void {
                $this->driver->cancelDelay($timer);
                $done($message, $why);
            };
            $token = $this->client->request($topic, $payload, $timeout, $qos, $properties, static fn (Message $message) => $finish($message, null), wait: false);
            $this->client->whenDone($token, static fn (mixed $_, ?\Throwable $why) => $why === null ? null : $finish(null, $why));
        });
        return $promise;
    }

    /**
     * @param \Closure(\Closure(mixed, ?\Throwable): void): void $begin
     * @return PromiseInterface<mixed>
     */
    private function deferred(\Closure $begin): PromiseInterface
    {
        $deferred = new Deferred();
        $release = $this->driver->hold($this->client);
        $isDone = false;
        $done = static function (mixed $result, ?\Throwable $why) use ($deferred, $release, &$isDone): void {
            if ($isDone) {
                return;
            }
            $isDone = true;
            $release();
            $why === null ? $deferred->resolve($result) : $deferred->reject($why);
        };
        try {
            $begin($done);
        } catch (\Throwable $exception) {
            $done(null, $exception);
        }
        return $deferred->promise();
    }
}
