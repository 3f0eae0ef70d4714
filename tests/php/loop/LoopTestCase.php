<?php
declare(strict_types=1);

require_once __DIR__ . '/autoload.php';

use Mqtt\Client;
use Mqtt\Loop\Driver;
use PHPUnit\Framework\TestCase;

/** A driver over a loop of the library that it is for, new for every test, and clients of one broker. */
abstract class LoopTestCase extends TestCase
{
    private static ?Broker $broker = null;
    protected Driver $driver;
    /** @var array<string, string> timers of this test, cancelled at its end */
    private array $timers = [];
    /** @var list<Client> */
    private array $clients = [];

    /** A driver over a new loop; skips the test where the library is not there. */
    abstract protected function newDriver(): Driver;

    /** Runs the loop until stop(), or until nothing keeps it alive. */
    abstract protected function run_(): void;

    abstract protected function stop(): void;

    /** Whether a watch without $keepAlive lets the loop end. */
    protected function loopCanTell(): bool
    {
        return true;
    }

    /** Whether the loop ends when nothing is left. */
    protected function loopEnds(): bool
    {
        return true;
    }

    /** The exception of a handler, out of what run_() threw. */
    protected function thrown(\Throwable $exception): \Throwable
    {
        return $exception;
    }

    protected function setUp(): void
    {
        $this->driver = $this->newDriver();
    }

    protected function tearDown(): void
    {
        foreach ($this->clients as $client) {
            $client->disconnect(timeout: 1.0);
        }
        $this->clients = [];
    }

    public static function tearDownAfterClass(): void
    {
        self::$broker = null;
    }

    protected static function broker(): Broker
    {
        return self::$broker ??= Broker::run();
    }

    /** @param array<string, mixed> $options */
    protected function client(array $options = [], ?string $uri = null): Client
    {
        return $this->clients[] = new Client($uri ?? self::broker()->uri(), $options + ['connectTimeout' => 5.0]);
    }

    /** Lets go of the client. */
    protected function forget(Client $client): void
    {
        $this->clients = array_values(array_filter($this->clients, static fn (Client $each) => $each !== $client));
    }

    /** Runs the loop until stop() or its end; a test that hangs fails. */
    protected function turn(float $seconds = 10.0): void
    {
        // Not a timer: that would keep the loop alive.
        $isOver = false;
        $async = pcntl_async_signals(true);
        pcntl_signal(SIGALRM, function () use (&$isOver): void {
            $isOver = true;
            $this->stop();
        });
        pcntl_alarm((int) ceil($seconds));
        try {
            $this->run_();
        } finally {
            pcntl_alarm(0);
            pcntl_signal(SIGALRM, SIG_DFL);
            pcntl_async_signals($async);
        }
        $this->assertFalse($isOver, "nothing stopped the loop within $seconds s");
    }

    /**
     * Runs the loop until a condition holds, which is looked at when something has happened and calls $this->stop() so
     * that the loop is left at once.
     */
    protected function turnUntil(\Closure $condition): void
    {
        $watcher = function () use (&$watcher, &$timer, $condition): void {
            if ($condition()) {
                $this->stop();
            } else {
                $timer = $this->driver->delay(0.002, $watcher);
            }
        };
        $watcher();
        try {
            $condition() || $this->turn();
        } finally {
            $timer === null || $this->driver->cancelDelay($timer);
        }
    }

    /** Runs the loop for a while. */
    protected function turnFor(float $seconds): void
    {
        $this->driver->delay($seconds, $this->stop(...));
        $this->turn();
    }

    protected static function topic(): string
    {
        return 'loop/' . bin2hex(random_bytes(6));
    }
}
