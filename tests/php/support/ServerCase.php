<?php
declare(strict_types=1);

use PHPUnit\Framework\TestCase;

/**
 * A server and its clients on one thread: everything is asked for without waiting, and until() turns both sides.
 */
abstract class ServerCase extends TestCase
{
    protected ?Mqtt\Server $server = null;
    /** @var list<Mqtt\Client> */
    private array $clients = [];
    /** @var list<array{string, string}> Level and text of each line. */
    protected array $log = [];

    protected function tearDown(): void
    {
        foreach ($this->clients as $client) {
            $client->disconnect(wait: false);
        }
        $this->clients = [];
        if ($this->server?->isRunning()) {
            $this->server->stop();
        }
        $this->server = null;
    }

    /** @param array<string, mixed> $options */
    protected function server(array $options = []): Mqtt\Server
    {
        $logger = function (string $level, string $message): void {
            $this->log[] = [$level, $message];
        };
        return $this->server = new Mqtt\Server($options + ['listen' => 'mqtt://127.0.0.1:0', 'shards' => 1, 'logger' => $logger]);
    }

    /** @param array<string, mixed> $options */
    protected function client(array $options = [], int $listener = 0): Mqtt\Client
    {
        $this->server->start();
        return $this->clients[] = new Mqtt\Client($this->server->addresses()[$listener], $options + ['reconnect' => false]);
    }

    /**
     * A client that is in.
     *
     * @param array<string, mixed> $options
     */
    protected function connected(array $options = [], int $listener = 0): Mqtt\Client
    {
        $client = $this->client($options, $listener);
        $answer = $this->connect($client);
        $this->assertInstanceOf(Mqtt\Packet\ConnAck::class, $answer, $answer instanceof Throwable ? $answer->getMessage() : '');
        return $client;
    }

    /** Connects; gives the server's answer, or what came in its place. */
    protected function connect(Mqtt\Client $client): Mqtt\Packet\ConnAck|Throwable
    {
        $answer = null;
        $client->onConnect(function (Mqtt\Packet\ConnAck $ack) use (&$answer): void {
            $answer = $ack;
        });
        $client->onDisconnect(function (Throwable $why) use (&$answer): void {
            $answer ??= $why;
        });
        $client->connect(wait: false);
        $this->until(function () use (&$answer): bool {
            return $answer !== null;
        });
        $client->onConnect(null);
        $client->onDisconnect(null);
        return $answer;
    }

    /** Publishes; gives the code of the acknowledgement. */
    protected function publish(Mqtt\Client $client, string $topic, string $payload = '', int $qos = 1, bool $retain = false): Mqtt\ReasonCode
    {
        $code = null;
        $client->onPublished(function (int $token, Mqtt\ReasonCode $reason) use (&$code): void {
            $code = $reason;
        });
        $client->publish($topic, $payload, $qos, $retain);
        $this->until(function () use (&$code): bool {
            return $code !== null;
        });
        $client->onPublished(null);
        return $code;
    }

    /** A client that speaks packets, and is in. */
    protected function peer(?Mqtt\Packet\Connect $connect = null): Peer
    {
        $peer = $this->stranger();
        $answer = $this->exchange($peer, $connect ?? new Mqtt\Packet\Connect('peer'));
        $this->assertInstanceOf(Mqtt\Packet\ConnAck::class, $answer);
        $this->assertSame(Mqtt\ReasonCode::Success, $answer->reasonCode, implode("\n", array_column($this->log, 1)));
        return $peer;
    }

    /** A socket to the server's first listener. */
    protected function stranger(): Peer
    {
        $this->server->start();
        return new Peer('tcp://127.0.0.1:' . $this->server->port());
    }

    /** Sends a packet, and gives the next one that comes. */
    protected function exchange(Peer $peer, Mqtt\Packet $packet): ?Mqtt\Packet
    {
        $peer->send($packet);
        return $this->next($peer);
    }

    /** The next packet; null when the server has closed. */
    protected function next(Peer $peer): ?Mqtt\Packet
    {
        $this->until(function () use ($peer): bool {
            return $peer->isReady();
        });
        return $peer->take();
    }

    /** Turns the server and the clients until something has come true. */
    protected function until(callable $isTrue, float $seconds = 5.0): void
    {
        $end = microtime(true) + $seconds;
        while (!$isTrue()) {
            if (microtime(true) > $end) {
                $this->fail("nothing came within $seconds s; the log:\n" . implode("\n", array_column($this->log, 1)));
            }
            $this->turn();
        }
    }

    /** Waits for something to do, and does it. */
    protected function turn(float $seconds = 0.05): void
    {
        $read = $this->server->isRunning() ? [$this->server->stream()] : [];
        foreach ($this->clients as $client) {
            $read[] = $client->stream();
        }
        $write = $except = null;
        stream_select($read, $write, $except, 0, (int) ($seconds * 1_000_000));
        $this->server->dispatch();
        foreach ($this->clients as $client) {
            $client->dispatch();
        }
    }

    /** @return list<string> the log's lines of one level */
    protected function lines(string $level): array
    {
        return array_values(array_column(array_filter($this->log, fn (array $line): bool => $line[0] === $level), 1));
    }
}
