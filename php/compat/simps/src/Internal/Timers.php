<?php
declare(strict_types=1);

namespace Simps\Internal;

/**
 * The timers of a Swoole\Server.
 *
 * @internal
 */
trait Timers
{
    /** @var array<int, array{at: float, every: float|null, callback: callable, arguments: array<mixed>}> */
    private array $timers = [];
    private int $lastTimer = 0;

    /** Calls ($timerId, ...$arguments) every so many milliseconds. */
    public function tick(int $milliseconds, callable $callback, mixed ...$arguments): int
    {
        return $this->addTimer($milliseconds, $callback, $arguments, true);
    }

    /** Calls (...$arguments) once, after so many milliseconds. */
    public function after(int $milliseconds, callable $callback, mixed ...$arguments): int
    {
        return $this->addTimer($milliseconds, $callback, $arguments, false);
    }

    public function clearTimer(int $timerId): bool
    {
        $isThere = isset($this->timers[$timerId]);
        unset($this->timers[$timerId]);
        return $isThere;
    }

    /** Calls back when the handler that runs now has returned. */
    public function defer(callable $callback): void
    {
        $this->addTimer(0, $callback, [], false);
    }

    /** @param array<mixed> $arguments */
    private function addTimer(int $milliseconds, callable $callback, array $arguments, bool $repeats): int
    {
        $seconds = max($milliseconds, $repeats ? 1 : 0) / 1000;
        $this->timers[++$this->lastTimer] = ['at' => hrtime(true) / 1e9 + $seconds, 'every' => $repeats ? $seconds : null, 'callback' => $callback, 'arguments' => $arguments];
        return $this->lastTimer;
    }

    /** Seconds, at most one: then signals that came just before the wait are seen. */
    private function untilNextTimer(): float
    {
        $next = $this->timers === [] ? 1.0 : min(array_column($this->timers, 'at')) - hrtime(true) / 1e9;
        return max(0.0, min(1.0, $next));
    }

    private function runTimers(): void
    {
        $now = hrtime(true) / 1e9;
        foreach ($this->timers as $id => $timer) {
            // @phpstan-ignore isset.offset (a timer that was called before may have taken this one back)
            if ($timer['at'] > $now || !isset($this->timers[$id])) {
                continue;
            }
            if ($timer['every'] === null) {
                unset($this->timers[$id]);
                ($timer['callback'])(...$timer['arguments']);
                continue;
            }
            $this->timers[$id]['at'] = $now + $timer['every'];
            ($timer['callback'])($id, ...$timer['arguments']);
        }
    }
}
