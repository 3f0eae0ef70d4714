<?php
declare(strict_types=1);

require_once __DIR__ . '/DriverTestCase.php';

use Mqtt\Loop\Driver;
use Mqtt\Loop\RevoltDriver;
use Revolt\EventLoop;

final class RevoltDriverTest extends DriverTestCase
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

    public function testItsErrorHandlerIsToldOfExceptions(): void
    {
        $told = [];
        EventLoop::setErrorHandler(function (\Throwable $exception) use (&$told): void {
            $told[] = $exception->getMessage();
        });
        $client = $this->client();
        $this->driver->watch($client, keepAlive: true);
        $topic = self::topic();
        $client->subscribe($topic, 1, function (Mqtt\Message $message): void {
            $message->payload === 'end' ? $this->stop() : throw new DomainException($message->payload);
        });
        $client->publishMany([[$topic, '1', 1], [$topic, '2', 1], [$topic, 'end', 1]]);
        $this->turn();
        $this->assertSame(['1', '2'], $told);
    }
}
