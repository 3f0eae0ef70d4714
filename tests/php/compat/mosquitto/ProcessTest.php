<?php
declare(strict_types=1);

namespace MosquittoTests;

use Broker;

require_once __DIR__ . '/MosquittoCase.php';

/** Scripts that run to their end, and the example. */
final class ProcessTest extends MosquittoCase
{
    private static ?Broker $broker = null;

    public static function setUpBeforeClass(): void
    {
        parent::setUpBeforeClass();
        self::$broker = Broker::run();
    }

    public static function tearDownAfterClass(): void
    {
        self::$broker = null;
    }

    /** @return array{int, string} status and output */
    private function php(string ...$arguments): array
    {
        $command = [PHP_BINARY, '-n', ...$this->modules(), '-d', 'extension=' . Broker::extension(), '-d', 'mqtt.mosquitto_compat=1', '-d', 'display_errors=1', ...$arguments];
        $process = proc_open($command, [['file', '/dev/null', 'r'], ['pipe', 'w'], ['redirect', 1]], $pipes);
        $output = (string) stream_get_contents($pipes[1]);
        return [proc_close($process), $output];
    }

    /** @return list<string> what a script needs of a PHP without php.ini, where that is a module */
    private function modules(): array
    {
        $modules = array_filter(['pcntl', 'posix'], static fn (string $name): bool => is_file(ini_get('extension_dir') . "/$name.so"));
        return array_merge(...array_map(static fn (string $name): array => ['-d', "extension=$name"], array_values($modules)));
    }

    public function testTheExample(): void
    {
        [$status, $output] = $this->php(dirname(__DIR__, 4) . '/examples/php/compat-mosquitto.php', '127.0.0.1', (string) self::$broker->port);
        self::assertSame(0, $status, $output);
        self::assertStringContainsString('example/temperature: 21.5', $output);
        self::assertStringContainsString('Disconnected cleanly', $output);
    }

    public function testTheExampleWithoutABroker(): void
    {
        $server = new WireServer();
        $server->stopListening();
        [$status, $output] = $this->php(dirname(__DIR__, 4) . '/examples/php/compat-mosquitto.php', '127.0.0.1', (string) $server->port);
        self::assertSame(1, $status, $output);
        self::assertStringContainsString('refused the connection', $output);
    }

    /** The signal handler of a script runs in the middle of loopForever(), and may end it. */
    public function testASignalEndsTheLoop(): void
    {
        $code = <<<'PHP'
            pcntl_async_signals(true);
            $client = new Mosquitto\Client('signals');
            pcntl_signal(SIGTERM, function () use ($client) { echo "handled\n"; $client->exitLoop(); });
            $client->onSubscribe(fn () => posix_kill(posix_getpid(), SIGTERM));
            $client->onConnect(fn () => $client->subscribe('x', 0));
            $client->connect('127.0.0.1', (int) $argv[1]);
            $client->loopForever(60000);
            echo "left\n";
            PHP;
        self::assertSame([0, "handled\nleft\n"], $this->php('-r', $code, '--', (string) self::$broker->port));
    }
}
