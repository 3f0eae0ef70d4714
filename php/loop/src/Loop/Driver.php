<?php
declare(strict_types=1);

namespace Mqtt\Loop;

use Mqtt\Client;
use Mqtt\Server;

/**
 * Puts clients and servers into an event loop.
 *
 * The words MUST, MUST NOT, MAY are those of RFC 2119. What a driver promises:
 *
 *  - Handlers, callbacks and hooks MUST run from the loop only, never from watch() itself.
 *  - An exception that leaves one of them MUST surface as any exception in a callback of that loop does. It MUST NOT end
 *    the watch, and what had arrived behind it MUST be dispatched in a later turn.
 *  - A turn MUST be bounded, so that timers and other streams get their share under any load.
 *  - Each source MUST be added with the stream of its own; loops that allow one watcher per stream are then never asked
 *    for a second.
 *  - After a fork the child MUST NOT touch what the parent watched.
 */
interface Driver
{
    /**
     * Dispatches a source from the loop, from its next turn on.
     *
     * Watching a source that is watched MUST return the same Watch, and MAY turn its $keepAlive on, never off. A source
     * MUST NOT be watched by two drivers: \LogicException.
     *
     * The watch MUST end by itself when its source is destroyed; when the client has become idle, that is after
     * disconnect() or when reconnecting was given up; and when the server has stopped. After connecting or starting
     * again, watch again.
     *
     * Without $keepAlive a watch MUST NOT keep the source alive, so keep it in a variable, and MUST NOT keep the loop
     * alive where the loop can tell: Revolt and SelectDriver can. ReactPHP and Swoole cannot, there any watch keeps the
     * loop alive, and Workerman's loop runs until it is stopped. With $keepAlive both live until the watch ends.
     *
     * @throws \LogicException when another driver watches it
     * @throws \Mqtt\Exception\TransportException when a server that is to start cannot
     */
    public function watch(Client|Server $source, bool $keepAlive = false): Watch;

    /**
     * Watches for as long as somebody waits for something of the source: until the closure that it returns is called.
     * The source and the loop MUST stay alive meanwhile, whatever watch() was told. A watch that nobody asked for by
     * watch() ends with the last hold.
     *
     * @param (\Closure(): void)|null $afterTurn called after every turn, and when the watch ends
     * @return \Closure(): void lets go; it MAY be called again
     * @throws \LogicException as watch()
     */
    public function hold(Client|Server $source, ?\Closure $afterTurn = null): \Closure;

    /**
     * Calls once, after so many seconds. The timer MUST keep the loop alive.
     *
     * @param \Closure(): mixed $callback
     * @return string for cancelDelay()
     */
    public function delay(float $seconds, \Closure $callback): string;

    /** Takes a delay() back. An identifier that is not known, or is over, MUST be ignored. */
    public function cancelDelay(string $identifier): void;
}
