<?php
declare(strict_types=1);

namespace Mqtt\Tests\Compat\Imi;

use PHPUnit\Framework\TestCase;

/** coroutine.php in a process that has loaded Swoole. */
final class CoroutineTest extends TestCase
{
    public function testReceivingLetsOtherCoroutinesRun(): void
    {
        $module = (string) getenv('MQTT_SWOOLE');
        if (!extension_loaded('swoole') && $module === '') {
            $this->markTestSkipped('Swoole is not here: set MQTT_SWOOLE to its swoole.so');
        }
        $broker = \Broker::run();
        $swoole = extension_loaded('swoole') ? [] : ['-d', "extension=$module"];
        $command = [PHP_BINARY, '-d', 'extension=' . \Broker::extension(), ...$swoole, __DIR__ . '/coroutine.php', (string) $broker->port];
        $process = proc_open($command, [1 => ['pipe', 'w'], 2 => ['redirect', 1]], $pipes);
        $output = stream_get_contents($pipes[1]);
        $this->assertSame(0, proc_close($process), $output);
        $this->assertSame(implode("\n", [
            'connectACK 0', 'subscribeACK 1 1', 'publish co/1 one 1', 'publish co/1 two 1',
            'wait() has returned',
            'Another coroutine receives from this client already',
            'Recv failed! error: [110]Connection timed out',
        ]) . "\n", $output);
    }
}
