<?php
declare(strict_types=1);

/**
 * A script in a PHP process of its own, with the extension that is loaded here.
 */
final class Script
{
    /** @var resource */
    private $process;
    /** @var resource */
    private $output;
    private string $read = '';

    public function __construct(string $code)
    {
        preg_match('~\S+/(?:lib)?mqtt\.so$~m', (string) file_get_contents('/proc/self/maps'), $match);
        $command = [PHP_BINARY, '-d', "extension={$match[0]}", '-d', 'display_errors=1', '-r', $code];
        $this->process = proc_open($command, [1 => ['pipe', 'w'], 2 => ['redirect', 1]], $pipes) ?: throw new RuntimeException('PHP does not start');
        $this->output = $pipes[1];
    }

    /** Waits until the script has written a line that matches; gives the first group, or all. */
    public function expect(string $pattern, float $seconds = 10): string
    {
        for ($end = microtime(true) + $seconds; !preg_match($pattern, $this->read, $match);) {
            $ready = [$this->output];
            $write = $except = null;
            $more = stream_select($ready, $write, $except, 1) ? fread($this->output, 65536) : '';
            if (microtime(true) > $end || ($more === '' && feof($this->output))) {
                $this->signal(SIGKILL);
                throw new RuntimeException("the script did not write $pattern but: $this->read");
            }
            $this->read .= $more;
        }
        return $match[1] ?? $match[0];
    }

    public function signal(int $signal): void
    {
        proc_terminate($this->process, $signal);
    }

    /**
     * Waits for the end. Gives its status, or minus the signal, and everything it wrote.
     *
     * @return array{int, string}
     */
    public function end(float $seconds = 10): array
    {
        stream_set_blocking($this->output, false);
        for ($end = microtime(true) + $seconds; ($status = proc_get_status($this->process))['running'];) {
            if (microtime(true) > $end) {
                $this->signal(SIGKILL);
                throw new RuntimeException("the script does not end; it wrote: $this->read" . stream_get_contents($this->output));
            }
            $ready = [$this->output];
            $write = $except = null;
            stream_select($ready, $write, $except, 0, 20_000);
            $this->read .= stream_get_contents($this->output);
        }
        $this->read .= stream_get_contents($this->output);
        return [$status['signaled'] ? -$status['termsig'] : $status['exitcode'], $this->read];
    }
}
