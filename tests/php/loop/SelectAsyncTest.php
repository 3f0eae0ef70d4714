<?php
declare(strict_types=1);

require_once __DIR__ . '/AsyncTestCase.php';

use Mqtt\Loop\Driver;
use Mqtt\Loop\SelectDriver;

final class SelectAsyncTest extends AsyncTestCase
{
    protected function newDriver(): Driver
    {
        return new SelectDriver();
    }

    protected function run_(): void
    {
        $this->driver->run();
    }

    protected function stop(): void
    {
        $this->driver->stop();
    }

    protected function go(\Closure $body): void
    {
        (new Fiber($body))->start();
    }

    public function testOutsideOfFibersTheLoopTurns(): void
    {
        $async = new Mqtt\Loop\Async($this->client(), $this->driver);
        $ticked = false;
        $this->driver->delay(0.0, function () use (&$ticked): void {
            $ticked = true;
        });
        $async->connect();
        $this->assertSame(Mqtt\ReasonCode::NoMatchingSubscribers, $async->publish(self::topic(), 'x', 1));
        $this->assertTrue($ticked);
    }
}
