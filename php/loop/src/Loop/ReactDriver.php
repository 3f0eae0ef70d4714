<?php
declare(strict_types=1);

namespace Mqtt\Loop;

use React\EventLoop\Loop;
use React\EventLoop\LoopInterface;
use React\EventLoop\TimerInterface;

/**
 * The loop of ReactPHP. Exceptions leave run(); run() again goes on behind them. Any watch keeps the loop alive until it
 * ends.
 */
final class ReactDriver extends StreamDriver
{
    private readonly LoopInterface $loop;
    /** @var array<string, TimerInterface> */
    private array $timers = [];
    private int $nextTimer = 0;

    /** @param LoopInterface|null $loop null: that of Loop::get() */
    public function __construct(?LoopInterface $loop = null)
    {
        $this->loop = $loop ?? Loop::get();
    }

    public function delay(float $seconds, \Closure $callback): string
    {
        $identifier = 't' . $this->nextTimer++;
        $this->timers[$identifier] = $this->loop->addTimer($seconds, function () use ($identifier, $callback): void {
            unset($this->timers[$identifier]);
            $callback();
        });
        return $identifier;
    }

    public function cancelDelay(string $identifier): void
    {
        if (isset($this->timers[$identifier])) {
            $this->loop->cancelTimer($this->timers[$identifier]);
            unset($this->timers[$identifier]);
        }
    }

    protected function add($stream, \Closure $onReadable): mixed
    {
        $this->loop->addReadStream($stream, static function () use ($onReadable): void {
            $onReadable();
        });
        return null;
    }

    protected function remove(mixed $identifier, $stream): void
    {
        $this->loop->removeReadStream($stream);
    }
}
