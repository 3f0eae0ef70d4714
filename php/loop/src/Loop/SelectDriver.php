<?php
declare(strict_types=1);

namespace Mqtt\Loop;

/**
 * A loop of its own over stream_select(), for scripts without a library. Exceptions leave run(); run() again goes on behind
 * them. Signal handlers run in every turn.
 */
final class SelectDriver extends StreamDriver
{
    /** @var array<int, resource> */
    private array $streams = [];
    /** @var array<int, \Closure(): void> */
    private array $readable = [];
    /** @var array<int, true> those that keep the loop alive */
    private array $referenced = [];
    /** @var array<string, array{float, \Closure(): mixed}> when and what, soonest first once sorted */
    private array $timers = [];
    private bool $isSorted = true;
    private int $nextTimer = 0;
    private bool $isStopped = false;

    /** Runs until stop(), or until nothing is left that keeps it alive: no timer, and no watch with $keepAlive. */
    public function run(): void
    {
        $this->isStopped = false;
        while (!$this->isStopped && $this->isAlive()) {
            $this->turn();
        }
    }

    /** Ends run() after the turn, also from a handler. */
    public function stop(): void
    {
        $this->isStopped = true;
    }

    /** Whether something is left that keeps run() going. */
    public function isAlive(): bool
    {
        return $this->timers !== [] || $this->referenced !== [];
    }

    /**
     * One turn: waits until a stream is readable, a timer is due or the time is over, and calls what is to be called. For
     * scripts that have a loop of their own.
     *
     * @param float|null $seconds to wait at most; null: as long as it takes
     */
    public function turn(?float $seconds = null): void
    {
        foreach ($this->wait($seconds) as $key => $_) {
            // One callback may end the watch of another.
            if (isset($this->readable[$key])) {
                ($this->readable[$key])();
            }
        }
        for ($now = self::now(); ($key = $this->soonest()) !== null && $this->timers[$key][0] <= $now;) {
            $callback = $this->timers[$key][1];
            unset($this->timers[$key]);
            $callback();
        }
        if (\function_exists('pcntl_signal_dispatch')) {
            pcntl_signal_dispatch();
        }
    }

    public function delay(float $seconds, \Closure $callback): string
    {
        $key = 't' . $this->nextTimer++;
        $this->timers[$key] = [self::now() + max(0.0, $seconds), $callback];
        $this->isSorted = false;
        return $key;
    }

    public function cancelDelay(string $identifier): void
    {
        unset($this->timers[$identifier]);
    }

    protected function add($stream, \Closure $onReadable): int
    {
        $key = get_resource_id($stream);
        $this->streams[$key] = $stream;
        $this->readable[$key] = $onReadable;
        return $key;
    }

    protected function remove(mixed $identifier, $stream): void
    {
        unset($this->streams[$identifier], $this->readable[$identifier], $this->referenced[$identifier]);
    }

    protected function reference(mixed $identifier, bool $keepAlive): void
    {
        \assert(\is_int($identifier));
        if ($keepAlive) {
            $this->referenced[$identifier] = true;
        } else {
            unset($this->referenced[$identifier]);
        }
    }

    /** @return array<int, resource> what is readable */
    private function wait(?float $seconds): array
    {
        $timer = $this->soonest();
        if ($timer !== null) {
            $seconds = min($seconds ?? INF, max(0.0, $this->timers[$timer][0] - self::now()));
        }
        if ($this->streams === []) {
            // A signal ends it early, and the next turn waits for the rest.
            usleep((int) min(1e9, ceil(($seconds ?? 0.0) * 1e6)));
            return [];
        }
        $read = $this->streams;
        $write = $except = null;
        $whole = $seconds === null ? null : (int) min(1e9, $seconds);
        $rest = $seconds === null ? null : (int) min(999_999, ceil(($seconds - $whole) * 1e6));
        // A signal makes it warn and return false.
        return @stream_select($read, $write, $except, $whole, $rest) ? $read : [];
    }

    private function soonest(): ?string
    {
        if (!$this->isSorted) {
            uasort($this->timers, static fn (array $a, array $b): int => $a[0] <=> $b[0]);
            $this->isSorted = true;
        }
        return array_key_first($this->timers);
    }

    private static function now(): float
    {
        return hrtime(true) / 1e9;
    }
}
