<?php
declare(strict_types=1);

use PHPUnit\Framework\TestCase;

/** The suite of the drivers in a process that has loaded Swoole. */
final class SwooleDriverTest extends TestCase
{
    public function testTheSuiteUnderSwoole(): void
    {
        [$status, $output] = $this->php([(string) $_SERVER['argv'][0], '--bootstrap', dirname(__DIR__) . '/bootstrap.php', __DIR__ . '/SwooleSuite.php']);
        $this->assertSame(0, $status, $output);
        $this->assertMatchesRegularExpression('~^(OK|Tests: \d+)~m', $output);
    }

    /**
     * A worker of Workerman on Swoole's loop that stopped with a watch printed "reactor is not ready": the reactor had
     * ended, and the watch was taken back from it.
     */
    public function testAWatchThatOutlivesTheReactorEndsInSilence(): void
    {
        $code = <<<'PHP'
            require $argv[1];
            set_error_handler(function (int $level, string $text): bool { echo "warning: $text\n"; return true; });
            $driver = match (true) {
                $argv[2] === 'swoole' => new Mqtt\Loop\SwooleDriver(),
                class_exists(Workerman\Events\Swoole::class) => new Mqtt\Loop\WorkermanDriver(new Workerman\Events\Swoole()),
                default => exit("no Workerman"),
            };
            $server = new Mqtt\Server(['listen' => 'mqtt://127.0.0.1:0', 'shards' => 1]);
            $watch = $driver->watch($server);
            $driver->delay(0.02, fn () => Swoole\Event::exit());
            Swoole\Event::wait();
            $watch->cancel();
            unset($watch);
            echo "ended";
            PHP;
        foreach (['swoole', 'workerman'] as $loop) {
            [$status, $output] = $this->php(['-r', $code, '--', __DIR__ . '/autoload.php', $loop]);
            $this->assertSame(0, $status, $output);
            $this->assertContains($output, ['ended', 'no Workerman']);
        }
    }

    /**
     * @param list<string> $arguments
     * @return array{int, string}
     */
    private function php(array $arguments): array
    {
        $module = (string) getenv('MQTT_SWOOLE');
        if (!extension_loaded('swoole') && $module === '') {
            $this->markTestSkipped('Swoole is not here: set MQTT_SWOOLE to its swoole.so');
        }
        $command = [PHP_BINARY, '-d', 'extension=' . Broker::extension(), '-d', 'display_errors=1'];
        if ($module !== '') {
            array_push($command, '-d', "extension=$module");
        }
        $process = proc_open(['timeout', '120', ...$command, ...$arguments], [1 => ['pipe', 'w'], 2 => ['redirect', 1]], $pipes);
        $output = (string) stream_get_contents($pipes[1]);
        return [proc_close($process), $output];
    }
}
