<?php
declare(strict_types=1);

require_once __DIR__ . '/patience.php';

/** A broker that says what it is told to: scripted_broker.php in a process of its own. */
final class ScriptedBroker
{
    /** @var resource */
    private $process;
    public readonly string $uri;

    /** @param array<int, string> $answers by packet type */
    public function __construct(array $answers)
    {
        $command = [PHP_BINARY, '-n', __DIR__ . '/scripted_broker.php', json_encode((object) $answers)];
        $this->process = proc_open($command, [['file', '/dev/null', 'r'], ['pipe', 'w'], ['file', '/dev/null', 'w']], $pipes);
        $this->uri = 'mqtt://127.0.0.1:' . trim((string) fgets($pipes[1]));
    }

    public function __destruct()
    {
        proc_terminate($this->process, SIGKILL);
        proc_close($this->process);
    }
}
