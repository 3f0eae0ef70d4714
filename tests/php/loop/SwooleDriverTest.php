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
