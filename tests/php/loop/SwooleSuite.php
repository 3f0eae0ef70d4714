<?php
declare(strict_types=1);

require_once __DIR__ . '/DriverTestCase.php';

use Mqtt\Loop\Driver;
use Mqtt\Loop\SwooleDriver;
use Swoole\Event;

/** Run by SwooleDriverTest in a process that has loaded the extension. */
final class SwooleSuite extends DriverTestCase
{
    protected function newDriver(): Driver
    {
        return new SwooleDriver();
    }

    protected function run_(): void
    {
        Event::wait();
    }

    protected function stop(): void
    {
        Event::exit();
    }

    protected function loopCanTell(): bool
    {
        return false;
    }

    public function testAnExceptionSurfacesAndNothingIsLost(): void
    {
        $this->markTestSkipped('an exception in a callback ends a process of Swoole, so nothing is left to look at');
    }

    public function testConnectionsThatBreakAreMadeAgainUnderTheLoop(): void
    {
        $this->markTestSkipped('Event::exit() takes the watchers along, and this test stops and goes on');
    }
}
