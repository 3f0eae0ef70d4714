<?php
declare(strict_types=1);

namespace Mqtt\Loop;

use Workerman\Events\EventInterface;
use Workerman\Worker;

/**
 * The loop of a Workerman 5 worker, whichever of its drivers it is. Make clients and watch them in onWorkerStart or
 * later: what is made before the workers are forked belongs to the master. An exception ends the worker, which the master
 * then starts anew; under the Fiber driver it goes to Workerman's error handler, which does the same.
 */
final class WorkermanDriver extends StreamDriver
{
    private readonly EventInterface $loop;

    /**
     * @param EventInterface|null $loop null: that of the worker
     * @throws \LogicException where no worker runs yet
     */
    public function __construct(?EventInterface $loop = null)
    {
        $this->loop = $loop ?? self::running() ?? throw new \LogicException('No Workerman worker runs yet: watch in onWorkerStart or later');
    }

    /** The loop of this worker; null before onWorkerStart. */
    public static function running(): ?EventInterface
    {
        return Worker::$globalEvent;
    }

    public function delay(float $seconds, \Closure $callback): string
    {
        return (string) $this->loop->delay($seconds, static function () use ($callback): void {
            $callback();
        });
    }

    public function cancelDelay(string $identifier): void
    {
        $this->loop->offDelay((int) $identifier);
    }

    /** @internal for Async */
    public function loop(): EventInterface
    {
        return $this->loop;
    }

    protected function add($stream, \Closure $onReadable): mixed
    {
        $this->loop->onReadable($stream, static function () use ($onReadable): void {
            $onReadable();
        });
        return null;
    }

    protected function remove(mixed $identifier, $stream): void
    {
        // A worker that stops ends Swoole's reactor, and its watchers with it; it warns where they are taken back then.
        if ($this->loop instanceof \Workerman\Events\Swoole && !\Swoole\Event::isset($stream, SWOOLE_EVENT_READ)) {
            return;
        }
        $this->loop->offReadable($stream);
    }
}
