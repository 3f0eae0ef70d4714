<?php
declare(strict_types=1);

namespace Mqtt\Loop;

use Mqtt\Client;
use Mqtt\Server;

/**
 * What drivers have in common. One for another loop extends this class and says how the loop watches a stream, and how
 * it calls later.
 */
abstract class StreamDriver implements Driver
{
    /** @var \WeakMap<object, WatchEnd>|null of every driver, by client or server */
    private static ?\WeakMap $watches = null;

    public function watch(Client|Server $source, bool $keepAlive = false): Watch
    {
        $watch = $this->watchOf($source);
        $watch->ask($keepAlive);
        return $watch;
    }

    public function hold(Client|Server $source, ?\Closure $afterTurn = null): \Closure
    {
        return $this->watchOf($source)->hold($afterTurn);
    }

    /**
     * Begins to call when the stream is readable, for as long as it is: level-triggered.
     *
     * @param resource $stream of which there is no other watcher
     * @param \Closure(): void $onReadable takes no arguments; what it throws is the loop's
     * @return mixed what names the watcher, for the other methods
     */
    abstract protected function add($stream, \Closure $onReadable): mixed;

    /**
     * Ends it; called once, also from $onReadable and from destructors.
     *
     * @param resource $stream still open
     */
    abstract protected function remove(mixed $identifier, $stream): void;

    /** Whether the watcher keeps the loop alive; loops that cannot tell ignore it. */
    protected function reference(mixed $identifier, bool $keepAlive): void {}

    private function watchOf(Client|Server $source): Watch
    {
        self::$watches ??= new \WeakMap();
        $watch = (self::$watches[$source] ?? null)?->watch;
        if ($watch === null || !$watch->isActive()) {
            $watch = new Watch($source, $this->add(...), $this->remove(...), $this->reference(...), $this);
            self::$watches[$source] = new WatchEnd($watch);
        } elseif ($watch->driver !== $this) {
            throw new \LogicException(sprintf('%s is watched by another driver, a %s; cancel that watch first', $source::class, $watch->driver::class));
        }
        return $watch;
    }
}
