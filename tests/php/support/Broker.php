<?php
declare(strict_types=1);

require_once __DIR__ . '/patience.php';

/**
 * A broker in a process of its own, on a port of its own: the program `mqtt` that lies beside the extension, or mosquitto
 * where there is none.
 */
final class Broker
{
    /** @var resource|null */
    private $process = null;
    /** A forked child leaves it alone. */
    private int $owner;

    /**
     * @param string       $program       "mqtt" or "mosquitto"; "" as above
     * @param list<string> $configuration more lines for mosquitto.conf, which both read
     */
    public function __construct(public readonly int $port, private string $program = '', private array $configuration = [])
    {
        $this->owner = (int) getmypid();
        $this->start();
    }

    /** @param list<string> $configuration */
    public static function run(string $program = '', array $configuration = []): self
    {
        $socket = stream_socket_server('tcp://127.0.0.1:0');
        $port = (int) substr((string) strrchr((string) stream_socket_get_name($socket, false), ':'), 1);
        fclose($socket);
        return new self($port, $program, $configuration);
    }

    public function uri(): string
    {
        return "mqtt://127.0.0.1:{$this->port}";
    }

    public function start(): void
    {
        $program = dirname(self::extension()) . '/mqtt';
        $isOurs = $this->program === '' ? !getenv('MQTT_TEST_MOSQUITTO') && is_executable($program) : $this->program === 'mqtt';
        $lines = ["listener {$this->port} 127.0.0.1", 'allow_anonymous true', 'max_queued_messages 0', ...$this->configuration];
        $file = (string) tempnam(sys_get_temp_dir(), 'mosquitto');
        file_put_contents($file, implode("\n", $lines) . "\n");
        $command = $isOurs ? [$program, 'broker', '-c', $file] : ['/usr/sbin/mosquitto', '-c', $file];
        $null = ['file', '/dev/null', 'w'];
        $this->process = proc_open($command, [['file', '/dev/null', 'r'], $null, $null], $pipes) ?: throw new RuntimeException('the broker did not start');
        for ($end = hrtime(true) + patience(10) * 1e9; hrtime(true) < $end;) {
            if ($socket = @stream_socket_client("tcp://127.0.0.1:{$this->port}", timeout: 1.0)) {
                fclose($socket);
                return;
            }
            // There is no event to wait for: the port opens in another process.
            usleep(5_000);
        }
        throw new RuntimeException('the broker does not listen');
    }

    public function stop(): void
    {
        if ($this->process !== null) {
            proc_terminate($this->process, SIGKILL);
            proc_close($this->process);
            $this->process = null;
        }
    }

    public function __destruct()
    {
        if (getmypid() === $this->owner) {
            $this->stop();
        }
    }

    /** The file of the loaded extension. */
    public static function extension(): string
    {
        preg_match('~\S+/(?:lib)?mqtt\.so$~m', (string) file_get_contents('/proc/self/maps'), $match);
        return $match[0] ?? throw new RuntimeException('the extension was not found among the mapped files');
    }
}
