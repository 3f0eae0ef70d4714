<?php
declare(strict_types=1);

namespace Mqtt\Loop;

use Swoole\Event;
use Swoole\Timer;

/**
 * The reactor of Swoole: its servers and workers, its coroutine scheduler, or Swoole\Event::wait(). Under Swoole\Server make
 * clients and watch them in onWorkerStart or later. An exception is a fatal error and ends the process, as in any callback of Swoole.
 * Any watch keeps the reactor alive until it ends.
 */
final class SwooleDriver extends StreamDriver
{
    /** Whether this process has a reactor, or coroutines. */
    public static function isRunning(): bool
    {
        /** @var array{event_num: int} $stats */
        $stats = \Swoole\Coroutine::stats();
        return \Swoole\Coroutine::getCid() > 0 || $stats['event_num'] > 0 || \count(Timer::list()) > 0;
    }

    public function delay(float $seconds, \Closure $callback): string
    {
        return (string) Timer::after(max(1, (int) ceil($seconds * 1000)), static function () use ($callback): void {
            $callback();
        });
    }

    public function cancelDelay(string $identifier): void
    {
        if (Timer::exists((int) $identifier)) {
            Timer::clear((int) $identifier);
        }
    }

    protected function add($stream, \Closure $onReadable): mixed
    {
        $added = Event::add($stream, static function () use ($onReadable): void {
            $onReadable();
        }, null, SWOOLE_EVENT_READ);
        return $added !== false ? null : throw new \RuntimeException('Swoole\Event::add() refused the stream: ' . swoole_strerror(swoole_last_error()));
    }

    protected function remove(mixed $identifier, $stream): void
    {
        // It would warn where the reactor has ended, and its watchers with it.
        if (Event::isset($stream, SWOOLE_EVENT_READ)) {
            Event::del($stream);
        }
    }
}
