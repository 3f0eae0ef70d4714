<?php
declare(strict_types=1);

namespace Mqtt\Tests\Compat\Simps;

use Broker;
use PHPUnit\Framework\TestCase;

/** In a coroutine of Swoole a client that waits lets the others run. */
final class SwooleTest extends TestCase
{
    public function testOthersRunWhileAClientWaits(): void
    {
        $module = (string) getenv('MQTT_SWOOLE');
        if ($module === '') {
            $this->markTestSkipped('Swoole is not here: set MQTT_SWOOLE to its swoole.so');
        }
        $broker = Broker::run();
        $autoload = var_export(dirname(__DIR__) . '/autoload.php', true);
        $code = <<<PHP
            require $autoload;
            use Simps\\MQTT\\{Client, Config\\ClientConfig};
            Swoole\\Coroutine\\run(function () {
                \$open = fn () => new Client('127.0.0.1', {$broker->port}, new ClientConfig(['clientId' => uniqid('c'), 'swooleConfig' => ['read_timeout' => 20]]));
                \$ready = new Swoole\\Coroutine\\Channel(1);
                go(function () use (\$open, \$ready) {
                    \$client = \$open();
                    \$client->connect();
                    \$client->subscribe(['t' => 0]);
                    \$ready->push(true);
                    echo \$client->recv()['message'], "\\n";
                });
                go(function () use (\$open, \$ready) {
                    \$client = \$open();
                    \$client->connect();
                    \$ready->pop();
                    \$client->sleep(1);
                    echo "sender\\n";
                    \$client->publish('t', 'receiver');
                    \$client->ping();
                });
            });
            PHP;
        $command = ['timeout', '60', PHP_BINARY, '-n', '-d', 'extension=' . Broker::extension(), '-d', "extension=$module", '-d', 'display_errors=1', '-r', $code];
        $process = proc_open($command, [1 => ['pipe', 'w'], 2 => ['redirect', 1]], $pipes);
        $output = (string) stream_get_contents($pipes[1]);
        $this->assertSame(0, proc_close($process), $output);
        $this->assertSame("sender\nreceiver\n", $output);
    }
}
