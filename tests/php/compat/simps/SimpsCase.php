<?php
declare(strict_types=1);

require_once dirname(__DIR__) . '/autoload.php';

use PHPUnit\Framework\TestCase;

/** Applications of the Simps framework, each in a process of its own. */
abstract class SimpsCase extends TestCase
{
    protected ?Script $script = null;
    protected string $folder = '';
    protected int $port = 0;

    protected function setUp(): void
    {
        $socket = stream_socket_server('tcp://127.0.0.1:0');
        $this->port = (int) substr((string) strrchr((string) stream_socket_get_name($socket, false), ':'), 1);
        fclose($socket);
        $this->folder = sys_get_temp_dir() . '/mqtt-simps-' . getmypid() . '-' . uniqid();
        mkdir("$this->folder/config", recursive: true);
    }

    protected function tearDown(): void
    {
        $this->script?->signal(SIGKILL);
        $this->script?->end(20);
        if ($this->folder !== '') {
            array_map('unlink', glob("$this->folder/config/*") ?: []);
            rmdir("$this->folder/config");
            rmdir($this->folder);
            $this->folder = '';
        }
    }

    /**
     * Starts an application.
     *
     * @param string $servers what config/servers.php returns for 'mqtt', besides ip and port
     * @param string $before  code before the start: handlers
     */
    protected function start(string $servers, string $before): Script
    {
        file_put_contents("$this->folder/config/servers.php", "<?php return ['mode' => 1, 'mqtt' => ['ip' => '127.0.0.1', 'port' => $this->port] + $servers];");
        $autoload = var_export(dirname(__DIR__) . '/autoload.php', true);
        $config = var_export("$this->folder/config/", true);
        return $this->script = new Script("
            require $autoload;
            define('CONFIG_PATH', $config);
            \$argv = \$_SERVER['argv'] = ['bin/simps.php', 'mqtt:start'];
            $before
            Simps\\Application::run();
            echo \"stopped\\n\";
        ");
    }

    /** @return array{resource, resource} the process, and its output */
    protected function program(string ...$command): array
    {
        is_executable("/usr/bin/$command[0]") || $this->markTestSkipped("$command[0] is not installed");
        $process = proc_open([...$command, '-p', (string) $this->port], [['file', '/dev/null', 'r'], ['pipe', 'w'], ['file', '/dev/null', 'w']], $pipes);
        return [$process, $pipes[1]];
    }

    protected function peer(Mqtt\Version $version = Mqtt\Version::V3_1_1): Mqtt\PacketClient
    {
        $peer = new Mqtt\PacketClient("mqtt://127.0.0.1:$this->port", ['version' => $version]);
        $peer->connect(20);
        return $peer;
    }

    protected function assertClosed(Mqtt\PacketClient $peer): void
    {
        try {
            $peer->receive(20);
        } catch (Mqtt\Exception\ClosedException) {
            $this->addToAssertionCount(1);
            return;
        }
        $this->fail('the connection is still there');
    }
}
