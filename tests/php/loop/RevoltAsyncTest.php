<?php
declare(strict_types=1);

require_once __DIR__ . '/AsyncTestCase.php';

use Mqtt\Loop\Driver;
use Mqtt\Loop\RevoltDriver;
use Revolt\EventLoop;

final class RevoltAsyncTest extends AsyncTestCase
{
    protected function newDriver(): Driver
    {
        class_exists(EventLoop::class) || $this->markTestSkipped('Revolt is not here: set MQTT_REVOLT to its autoload file or folder');
        EventLoop::setDriver(new EventLoop\Driver\StreamSelectDriver());
        return new RevoltDriver();
    }

    protected function run_(): void
    {
        EventLoop::run();
    }

    protected function stop(): void
    {
        EventLoop::getDriver()->stop();
    }

    protected function thrown(\Throwable $exception): \Throwable
    {
        $this->assertInstanceOf(EventLoop\UncaughtThrowable::class, $exception);
        return $exception->getPrevious() ?? $exception;
    }

    protected function go(\Closure $body): void
    {
        EventLoop::queue($body);
    }
}
