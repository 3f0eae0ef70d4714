<?php
declare(strict_types=1);

namespace Mqtt\Loop;

use Mqtt\Client;
use Mqtt\Exception\TimeoutException;
use Mqtt\Message;
use Mqtt\Packet\SubAck;
use Mqtt\Packet\UnsubAck;
use Mqtt\Properties;
use Mqtt\ReasonCode;

/**
 * The calls of a client that wait, for fibers: they suspend the fiber, and the loop goes on. They work in the fibers of Revolt and
 * amphp (and outside of fibers where Revolt's loop may be run), in coroutines of Swoole, in fibers of any other kind under
 * ReactPHP, Workerman and SelectDriver, and outside of fibers under SelectDriver, which turns meanwhile.
 *
 * A client that nobody watches is watched while a call waits. Every call throws what that of the client would throw.
 */
final class Async
{
    /** Messages taken before others get their turn. */
    private const BATCH = 1000;

    private readonly Driver $driver;

    /** @param Driver|null $driver null: Mqtt\Loop::driver() */
    public function __construct(private readonly Client $client, ?Driver $driver = null)
    {
        $this->driver = $driver ?? \Mqtt\Loop::driver();
    }

    /**
     * Waits until a token is done: one of publish(), or of a call with wait: false.
     *
     * @param float|null $timeout seconds; null: as long as it takes
     * @return ReasonCode|SubAck|UnsubAck the packet for a subscribe and an unsubscribe
     * @throws \Mqtt\Exception\RefusedException when the server refused it
     * @throws TimeoutException when the time is over; what was handed over stays handed over
     */
    public function await(int $token, ?float $timeout = null): ReasonCode|SubAck|UnsubAck
    {
        $result = $this->suspended($timeout, "the answer to request $token", function (\Closure $done) use ($token): void {
            $this->client->whenDone($token, $done);
        });
        \assert($result instanceof ReasonCode || $result instanceof SubAck || $result instanceof UnsubAck);
        return $result;
    }

    /** Connects, where there is no connection. It does not watch: Mqtt\Loop::watch() does. */
    public function connect(?float $timeout = null): void
    {
        $this->await($this->client->connect(wait: false), $timeout);
    }

    /**
     * Publishes, and waits until the server has acknowledged; at QoS 0 until the kernel has the bytes.
     *
     * @param Properties|array<string, mixed>|null $properties
     */
    public function publish(
        string $topic,
        string $payload = '',
        int $qos = 0,
        bool $retain = false,
        Properties|array|null $properties = null,
        ?float $timeout = null,
    ): ReasonCode {
        $code = $this->await($this->client->publish($topic, $payload, $qos, $retain, $properties), $timeout);
        \assert($code instanceof ReasonCode);
        return $code;
    }

    /**
     * Subscribes, and waits for the answer, which may refuse filters one by one.
     *
     * @param string|list<string|\Mqtt\Subscription>|array<string, int> $filters
     * @param (callable(Message): mixed)|null $handler without one, messages() gives the messages
     * @param Properties|array<string, mixed>|null $properties
     */
    public function subscribe(
        string|array $filters,
        int $qos = 0,
        ?callable $handler = null,
        Properties|array|null $properties = null,
        ?float $timeout = null,
    ): SubAck {
        $ack = $this->await($this->client->subscribe($filters, $qos, $handler, properties: $properties, wait: false), $timeout);
        \assert($ack instanceof SubAck);
        return $ack;
    }

    /** @param string|list<string> $filters */
    public function unsubscribe(string|array $filters, ?float $timeout = null): UnsubAck
    {
        $ack = $this->await($this->client->unsubscribe($filters, wait: false), $timeout);
        \assert($ack instanceof UnsubAck);
        return $ack;
    }

    /** Sends DISCONNECT behind what is queued, and waits until the connection is closed. */
    public function disconnect(ReasonCode $reason = ReasonCode::Success, ?float $timeout = null): void
    {
        $this->await($this->client->disconnect($reason, wait: false), $timeout);
    }

    /**
     * Publishes a request and waits for its answer (MQTT 5).
     *
     * @param Properties|array<string, mixed>|null $properties
     * @throws TimeoutException when no answer came in time
     */
    public function request(
        string $topic,
        string $payload = '',
        float $timeout = 10.0,
        int $qos = 1,
        Properties|array|null $properties = null,
    ): Message {
        $message = $this->suspended($timeout, "the answer to the request on $topic", function (\Closure $done) use ($topic, $payload, $timeout, $qos, $properties): void {
            $answer = static fn (Message $message) => $done($message, null);
            $token = $this->client->request($topic, $payload, $timeout, $qos, $properties, $answer, wait: false);
            // Who publishes a request that is refused hears it at once.
            $this->client->whenDone($token, static fn (mixed $_, ?\Throwable $why) => $why === null ? null : $done(null, $why));
        });
        \assert($message instanceof Message);
        return $message;
    }

    /**
     * Messages that no handler and no onMessage() takes, as they come. Each is acknowledged when it is taken, so a slow loop body
     * holds QoS 1 and 2 back. Several iterations share the messages among them.
     *
     * It ends when the client is disconnected for good, or when none came within the time.
     *
     * @param float|null $timeout seconds to wait for each message; null: as long as it takes
     * @return \Generator<int, Message>
     */
    public function messages(?float $timeout = null): \Generator
    {
        /** @var Pause|null $pause */
        $pause = null;
        $release = $this->driver->hold($this->client, static function () use (&$pause): void {
            $pause?->resume();
        });
        $wait = function (?float $seconds) use (&$pause): bool {
            $pause = Pause::here($this->driver);
            try {
                return $this->pauseFor($pause, $seconds);
            } finally {
                $pause = null;
            }
        };
        try {
            for ($taken = 1; ; $taken++) {
                while (($message = $this->take()) === null) {
                    if ($this->client->isIdle() || !$wait($timeout)) {
                        return;
                    }
                }
                yield $message;
                $taken % self::BATCH !== 0 || $wait(0.0);
            }
        } finally {
            $release();
        }
    }

    private function take(): ?Message
    {
        try {
            return $this->client->receive(0.0);
        } catch (\Mqtt\Exception\Exception $exception) {
            // There is no connection and none will be made: the end.
            return $this->client->isIdle() ? null : throw $exception;
        }
    }

    /**
     * Begins something, and waits until it calls back with a result or an exception.
     *
     * @param \Closure(\Closure(mixed, ?\Throwable): void): void $begin
     */
    private function suspended(?float $timeout, string $what, \Closure $begin): mixed
    {
        $pause = Pause::here($this->driver);
        $result = $why = null;
        $release = $this->driver->hold($this->client);
        try {
            $begin(static function (mixed $value, ?\Throwable $exception) use (&$result, &$why, $pause): void {
                [$result, $why] = [$value, $exception];
                $pause->resume();
            });
            if (!$this->pauseFor($pause, $timeout)) {
                throw new TimeoutException("$what did not come within $timeout s");
            }
        } finally {
            $release();
        }
        return $why === null ? $result : throw $why;
    }

    /** Suspends until somebody resumes it; false: the time was over before. */
    private function pauseFor(Pause $pause, ?float $seconds): bool
    {
        $isOver = false;
        $timer = $seconds === null ? null : $this->driver->delay($seconds, static function () use ($pause, &$isOver): void {
            $isOver = true;
            $pause->resume();
        });
        try {
            $pause->suspend($this->driver);
        } finally {
            $timer === null || $this->driver->cancelDelay($timer);
        }
        return !$isOver;
    }
}
