<?php
declare(strict_types=1);

require_once __DIR__ . '/DriverTestCase.php';

use Mqtt\Loop\Driver;
use Mqtt\Loop\SelectDriver;

final class SelectDriverTest extends DriverTestCase
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

    public function testTimersAreCalledInOrderAndTakenBack(): void
    {
        $log = [];
        $note = function (string $what) use (&$log): \Closure {
            return function () use (&$log, $what): void {
                $log[] = $what;
            };
        };
        $this->driver->delay(0.02, $note('third'));
        $this->driver->delay(0.0, $note('first'));
        $second = $this->driver->delay(0.01, function () use (&$log, &$never): void {
            $log[] = 'second';
            $this->driver->cancelDelay($never);
        });
        $never = $this->driver->delay(0.01, $note('never'));
        $this->driver->run();
        $this->assertSame(['first', 'second', 'third'], $log);
        $this->driver->cancelDelay($second);
        $this->driver->cancelDelay('unknown');
        $this->assertFalse($this->driver->isAlive());
    }

    public function testSignalHandlersRun(): void
    {
        $client = $this->client();
        $client->connect();
        $this->driver->watch($client, keepAlive: true);
        $before = pcntl_async_signals(false);
        pcntl_signal(SIGUSR1, fn () => $this->driver->stop());
        try {
            $this->driver->delay(0.01, fn () => posix_kill(posix_getpid(), SIGUSR1));
            $this->turn();
            $this->assertTrue($client->isConnected());
        } finally {
            pcntl_signal(SIGUSR1, SIG_DFL);
            pcntl_async_signals($before);
        }
    }
}
