<?php
declare(strict_types=1);

namespace Mqtt\Loop;

/**
 * Stops the fiber or coroutine that it was made in, and lets it go on from the loop.
 *
 * @internal
 */
final class Pause
{
    private bool $isOver = false;
    private bool $isSuspended = false;

    /**
     * @param \Closure(): mixed $suspend
     * @param \Closure(): mixed $resume
     */
    private function __construct(private readonly \Closure $suspend, private readonly \Closure $resume) {}

    /** @throws \LogicException where nothing can be suspended */
    public static function here(Driver $driver): self
    {
        if ((\extension_loaded('swoole') || \extension_loaded('openswoole')) && ($coroutine = \Swoole\Coroutine::getCid()) > 0) {
            return new self(static fn () => \Swoole\Coroutine::yield(), static fn () => \Swoole\Coroutine::resume($coroutine));
        }
        $suspension = match (true) {
            $driver instanceof RevoltDriver => $driver->suspension(),
            $driver instanceof WorkermanDriver && $driver->loop() instanceof \Workerman\Events\Fiber => $driver->loop()->driver()->getSuspension(),
            default => null,
        };
        if ($suspension !== null) {
            return new self($suspension->suspend(...), $suspension->resume(...));
        }
        if (($fiber = \Fiber::getCurrent()) !== null) {
            return new self(\Fiber::suspend(...), static fn () => $fiber->resume());
        }
        if ($driver instanceof SelectDriver) {
            return new self(static fn () => null, static fn () => null);
        }
        throw new \LogicException('Waiting needs a fiber or a coroutine under this loop, a ' . $driver::class . '; start one, or use Promises or Client::whenDone()');
    }

    /** Waits for resume(), which may have been called already. */
    public function suspend(Driver $driver): void
    {
        while (!$this->isOver) {
            $this->isSuspended = true;
            try {
                ($this->suspend)();
                // Outside of fibers, this is the loop.
                if (!$this->isOver && $driver instanceof SelectDriver && \Fiber::getCurrent() === null) {
                    $driver->turn();
                }
            } finally {
                $this->isSuspended = false;
            }
        }
    }

    /** Ends it; later calls do nothing. */
    public function resume(): void
    {
        if ($this->isOver) {
            return;
        }
        $this->isOver = true;
        if ($this->isSuspended) {
            ($this->resume)();
        }
    }
}
