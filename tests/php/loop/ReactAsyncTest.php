<?php
declare(strict_types=1);

require_once __DIR__ . '/AsyncTestCase.php';

use Mqtt\Loop\Driver;
use Mqtt\Loop\ReactDriver;
use React\EventLoop\LoopInterface;
use React\EventLoop\StreamSelectLoop;

final class ReactAsyncTest extends AsyncTestCase
{
    private LoopInterface $loop;

    protected function newDriver(): Driver
    {
        class_exists(StreamSelectLoop::class) || $this->markTestSkipped('ReactPHP is not here: set MQTT_REACT to autoload files or folders of react/event-loop and react/promise');
        return new ReactDriver($this->loop = new StreamSelectLoop());
    }

    protected function run_(): void
    {
        $this->loop->run();
    }

    protected function stop(): void
    {
        $this->loop->stop();
    }

    protected function loopCanTell(): bool
    {
        return false;
    }

    protected function go(\Closure $body): void
    {
        $this->loop->futureTick(static fn () => (new Fiber($body))->start());
    }
}
