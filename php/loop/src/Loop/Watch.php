<?php
declare(strict_types=1);

namespace Mqtt\Loop;

use Mqtt\Client;
use Mqtt\Server;

/**
 * A client or a server in a loop, as Driver::watch() describes it. Dropping the object does not end the watch.
 */
final class Watch
{
    /** Events dispatched in one turn; what is left keeps the stream readable. */
    private const TURN = 1000;

    /** @var \WeakReference<Client|Server> */
    private readonly \WeakReference $source;
    /** The source, while it is to be kept alive; nobody reads it. */
    private Client|Server|null $kept = null; // @phpstan-ignore property.onlyWritten
    private readonly int $process;
    /** @var resource|null null after the end */
    private $stream;
    private mixed $identifier;
    private bool $isActive = true;
    private bool $isAsked = false;
    private bool $keepAlive = false;
    /** @var array<int, \Closure|null> what to call after a turn, for each hold */
    private array $holds = [];
    private int $nextHold = 0;

    /**
     * @internal made by drivers
     * @param \Closure(resource, \Closure(): void): mixed $add
     * @param \Closure(mixed, resource): void $remove
     * @param \Closure(mixed, bool): void $reference
     */
    public function __construct(
        Client|Server $source,
        \Closure $add,
        private readonly \Closure $remove,
        private readonly \Closure $reference,
        public readonly Driver $driver,
    ) {
        $this->source = \WeakReference::create($source);
        $this->process = (int) getmypid();
        $this->stream = $source->stream();
        $this->identifier = $add($this->stream, $this->turn(...));
        ($this->reference)($this->identifier, false);
    }

    /** Whether it goes on; false after its end, for whichever reason. */
    public function isActive(): bool
    {
        return $this->isActive;
    }

    /** What is watched; null when it was destroyed. */
    public function source(): Client|Server|null
    {
        return $this->source->get();
    }

    /**
     * Ends the watch, also from a handler. Where somebody still waits for something of the source, as Async does, it
     * goes on until that is over.
     */
    public function cancel(): void
    {
        $this->isAsked = $this->keepAlive = false;
        $this->holds === [] ? $this->end() : $this->settle();
    }

    /** @internal for drivers */
    public function ask(bool $keepAlive): void
    {
        $this->isAsked = true;
        $this->keepAlive = $this->keepAlive || $keepAlive;
        $this->settle();
    }

    /** @internal for drivers */
    public function hold(?\Closure $afterTurn): \Closure
    {
        $number = $this->nextHold++;
        $this->holds[$number] = $afterTurn;
        $this->settle();
        return function () use ($number): void {
            unset($this->holds[$number]);
            $this->holds === [] && !$this->isAsked ? $this->end() : $this->settle();
        };
    }

    /** @internal for drivers; also called when the source was destroyed */
    public function end(): void
    {
        if (!$this->isActive) {
            return;
        }
        $this->isActive = false;
        if ($this->stream !== null && $this->process === getmypid()) {
            ($this->remove)($this->identifier, $this->stream);
        }
        $this->kept = $this->identifier = $this->stream = null;
        $this->tellHolds();
    }

    /** The stream is readable. */
    private function turn(): void
    {
        $source = $this->source->get();
        if (!$this->isActive || $source === null || $this->process !== getmypid()) {
            return;
        }
        if ($source instanceof Server && !$source->isRunning()) {
            // Dispatching would start it again.
            $this->end();
            return;
        }
        $this->dispatch($source);
    }

    private function dispatch(Client|Server $source): void
    {
        $left = 0;
        $threw = true;
        try {
            do {
                // Asked before the queue is emptied: it may end just after a look that found nothing, and what the end has to
                // tell is in the queue then.
                $wasOver = self::isOver($source);
                // One by one: a handler may cancel, and nothing more is dispatched then.
                for ($left = self::TURN; $left > 0 && $this->isActive && $source->dispatch(1) > 0; $left--);
            } while (!$wasOver && $left > 0 && $this->isActive && self::isOver($source));
            $threw = false;
        } finally {
            if (self::isOver($source) && ($threw || $left > 0)) {
                $this->end();
            } else {
                $this->tellHolds();
            }
        }
    }

    private static function isOver(Client|Server $source): bool
    {
        return $source instanceof Client ? $source->isIdle() : !$source->isRunning();
    }

    private function settle(): void
    {
        if (!$this->isActive) {
            return;
        }
        $keep = $this->keepAlive || $this->holds !== [];
        $this->kept = $keep ? $this->source->get() : null;
        ($this->reference)($this->identifier, $keep);
    }

    private function tellHolds(): void
    {
        foreach ($this->holds as $afterTurn) {
            $afterTurn === null || $afterTurn();
        }
    }
}
