<?php
declare(strict_types=1);

namespace Mqtt\Loop;

use Revolt\EventLoop;

/**
 * The loop of Revolt, which amphp runs on. Exceptions go to its error handler; without one they leave
 * EventLoop::run() as an UncaughtThrowable. Handlers run in fibers, and may suspend them.
 */
final class RevoltDriver extends StreamDriver
{
    private readonly EventLoop\Driver $loop;

    /** @param EventLoop\Driver|null $loop null: that of EventLoop::getDriver() */
    public function __construct(?EventLoop\Driver $loop = null)
    {
        $this->loop = $loop ?? EventLoop::getDriver();
    }

    public function delay(float $seconds, \Closure $callback): string
    {
        return $this->loop->delay($seconds, static function () use ($callback): void {
            $callback();
        });
    }

    public function cancelDelay(string $identifier): void
    {
        $this->loop->cancel($identifier);
    }

    /**
     * @internal for Async
     * @return EventLoop\Suspension<mixed>
     */
    public function suspension(): EventLoop\Suspension
    {
        return $this->loop->getSuspension();
    }

    protected function add($stream, \Closure $onReadable): string
    {
        return $this->loop->onReadable($stream, static function () use ($onReadable): void {
            $onReadable();
        });
    }

    protected function remove(mixed $identifier, $stream): void
    {
        \assert(\is_string($identifier));
        $this->loop->cancel($identifier);
    }

    protected function reference(mixed $identifier, bool $keepAlive): void
    {
        \assert(\is_string($identifier));
        $keepAlive ? $this->loop->reference($identifier) : $this->loop->unreference($identifier);
    }
}
