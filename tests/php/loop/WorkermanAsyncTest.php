<?php
declare(strict_types=1);

require_once __DIR__ . '/AsyncTestCase.php';

use Mqtt\Loop\Driver;
use Mqtt\Loop\WorkermanDriver;
use Workerman\Events\EventInterface;
use Workerman\Events\Select;

final class WorkermanAsyncTest extends AsyncTestCase
{
    private EventInterface $loop;

    protected function newDriver(): Driver
    {
        class_exists(Select::class) || $this->markTestSkipped('Workerman is not here: set MQTT_WORKERMAN to its autoload file or folder');
        return new WorkermanDriver($this->loop = new Select());
    }

    protected function run_(): void
    {
        (function (): void {
            // As in a new loop: stop() is the end of a worker.
            $this->running = true;
        })->call($this->loop);
        $this->loop->run();
    }

    protected function stop(): void
    {
        // What Select::stop() does, without the end of every watcher: a worker stops once, tests go on.
        (function (): void {
            $this->running = false;
        })->call($this->loop);
    }

    protected function loopEnds(): bool
    {
        return false;
    }

    protected function go(\Closure $body): void
    {
        $this->driver->delay(0.0, static fn () => (new Fiber($body))->start());
    }
}
