<?php
declare(strict_types=1);

require_once dirname(__DIR__, 2) . '/loop/autoload.php';
require_once dirname(__DIR__) . '/autoload.php';

use Mqtt\Connection;
use Mqtt\Packet;
use PHPUnit\Framework\TestCase;
use Workerman\Events\Select;
use Workerman\Mqtt\Client;
use Workerman\Timer;
use Workerman\Worker;

/**
 * Clients in a loop of Workerman, on this thread, as if this were a worker: with real brokers, or with a server that answers as
 * the test says and lives in the same loop.
 */
abstract class WorkermanCase extends TestCase
{
    protected Select $loop;
    /** @var list<string> what happened, in order */
    protected array $events = [];
    /** @var list<Client> */
    private array $clients = [];
    private ?Mqtt\PacketServer $server = null;
    /** @var list<Packet> what the server got */
    protected array $received = [];
    /** @var list<string> why connections to the server ended */
    protected array $ends = [];

    protected function setUp(): void
    {
        class_exists(Select::class) || $this->markTestSkipped('Workerman is not here: set MQTT_WORKERMAN to its autoload file or folder');
        $this->loop = new Select();
        Worker::$globalEvent = $this->loop;
        Timer::init($this->loop);
    }

    protected function tearDown(): void
    {
        foreach ($this->clients as $client) {
            $client->onClose = $client->onError = static function (): void {
            };
            $client->close();
        }
        $this->clients = [];
        $this->server?->stop(0.1);
        $this->server = null;
        if (isset($this->loop)) {
            $this->loop->deleteAllTimer();
        }
    }

    /**
     * A client that writes what it is told to $events.
     *
     * @param array<string, mixed> $options
     * @param class-string<Client> $class
     */
    protected function client(string $address, array $options = [], string $class = Client::class): Client
    {
        $client = $this->clients[] = new $class($address, $options + ['reconnect_period' => 0]);
        $client->onConnect = function (): void {
            $this->events[] = 'connect';
        };
        $client->onMessage = function (string $topic, string $content): void {
            $this->events[] = "message $topic $content";
        };
        $client->onError = function (Exception $why): void {
            $this->events[] = "error {$why->getCode()} {$why->getMessage()}";
        };
        $client->onClose = function (): void {
            $this->events[] = 'close';
        };
        return $client;
    }

    /** @param array<string, mixed> $options */
    protected function connected(string $address, array $options = [], string $class = Client::class): Client
    {
        $client = $this->client($address, $options, $class);
        $client->connect();
        $this->until(fn (): bool => $this->events !== []);
        $this->assertSame(['connect'], $this->events);
        $this->events = [];
        return $client;
    }

    /**
     * Starts the server; CONNECT is accepted where the callable does not answer it.
     *
     * @param (callable(Packet, Connection): (Packet|iterable|null))|null $answer
     * @param array<string, mixed> $options
     * @return string its address
     */
    protected function server(?callable $answer = null, array $options = []): string
    {
        $this->server = new Mqtt\PacketServer($options + ['listen' => 'mqtt://127.0.0.1:0']);
        $this->server->onPacket(function (Connection $connection, Packet $packet) use ($answer) {
            $this->received[] = $packet;
            $result = $answer === null ? null : $answer($packet, $connection);
            return $result ?? ($packet instanceof Packet\Connect ? new Packet\ConnAck() : null);
        });
        $this->server->onDisconnect(function (Connection $connection, string $why): void {
            $this->ends[] = $why;
        });
        $server = $this->server;
        $this->loop->onReadable($server->stream(), static function () use ($server): void {
            $server->dispatch();
        });
        return $server->addresses()[0];
    }

    protected function connection(): Connection
    {
        return $this->server->connections()[0];
    }

    /**
     * The packets of a class that the server got.
     *
     * @template T of Packet
     * @param class-string<T> $class
     * @return list<T>
     */
    protected function got(string $class): array
    {
        return array_values(array_filter($this->received, static fn (Packet $packet): bool => $packet instanceof $class));
    }

    /** Turns the loop until something has come true. */
    protected function until(callable $isTrue, float $seconds = 20.0): void
    {
        $stop = function (): void {
            // What Select::stop() does, without forgetting every watcher.
            (function (): void {
                $this->running = false;
            })->call($this->loop);
        };
        $end = microtime(true) + $seconds;
        $timer = $this->loop->repeat(0.002, static function () use ($isTrue, $stop, $end): void {
            if ($isTrue() || microtime(true) > $end) {
                $stop();
            }
        });
        (function (): void {
            $this->running = true;
        })->call($this->loop);
        $this->loop->run();
        $this->loop->offRepeat($timer);
        $this->assertTrue($isTrue(), "It has not come true within $seconds s. What happened: " . implode('; ', $this->events) . '; ends: ' . implode('; ', $this->ends));
    }

    /** Turns the loop until these and no other events have come. */
    protected function assertEvents(array $events): void
    {
        $this->until(fn (): bool => count($this->events) >= count($events));
        $this->assertSame($events, $this->events);
        $this->events = [];
    }

    /** A callback for a client's method that writes to $events. */
    protected function note(string $name): Closure
    {
        return function (?Exception $why, mixed ...$more) use ($name): void {
            $this->events[] = $name . ($why === null ? '' : " failed {$why->getCode()} {$why->getMessage()}") . ($more === [] ? '' : ' ' . json_encode($more[0]));
        };
    }
}
