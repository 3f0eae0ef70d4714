<?php
declare(strict_types=1);

namespace Imi\Server\MQTT;

/**
 * All servers of a configuration of imi in one process: what `imi server/start` does, without the framework.
 *
 *     (new Imi\Server\MQTT\Runner(require 'config.php'))->run();
 */
final class Runner
{
    /** Servers that are looked at this often when nothing has come. */
    private const SLICE = 0.1;

    /** @var array<string, Server> */
    private array $servers = [];
    private bool $stop = false;

    /**
     * @param array<string, mixed> $config mainServer and subServers (name => entry) as in a project's configuration
     *
     * @throws \InvalidArgumentException when there is no server in it, or one is not of MQTT
     */
    public function __construct(array $config)
    {
        /** @var array{mainServer?: array<string, mixed>, subServers?: array<int|string, array<string, mixed>>} $config */
        if (isset($config['mainServer'])) {
            $this->servers['main'] = new Server('main', $config['mainServer']);
        }
        foreach ($config['subServers'] ?? [] as $name => $entry) {
            $this->servers[(string) $name] = new Server((string) $name, $entry, true);
        }
        if ($this->servers === []) {
            throw new \InvalidArgumentException('The configuration has neither mainServer nor subServers');
        }
    }

    /** @return array<string, Server> the first is called main */
    public function getServers(): array
    {
        return $this->servers;
    }

    /**
     * Listens, and serves until stop() or until the time is over.
     *
     * @param float|null $timeout seconds; null: no end
     *
     * @throws \RuntimeException                  when a server has no controller
     * @throws \Mqtt\Exception\TransportException when a port cannot be had
     */
    public function run(?float $timeout = null): void
    {
        $this->stop = false;
        $this->listen();
        $end = $timeout === null ? null : microtime(true) + $timeout;
        if (count($this->servers) === 1) {
            reset($this->servers)->start($timeout);
            return;
        }
        while (!$this->stop && ($end === null || microtime(true) < $end)) {
            $read = array_map(static fn (Server $server) => $server->stream(), $this->servers);
            $none = null;
            $wait = $end === null ? self::SLICE : max(0.0, min(self::SLICE, $end - microtime(true)));
            // A signal interrupts it with a warning; its handler has run by then.
            @stream_select($read, $none, $none, 0, (int) ($wait * 1e6));
            foreach ($this->servers as $server) {
                // @phpstan-ignore booleanNot.alwaysTrue (a controller may have called stop())
                if (!$this->stop) {
                    $server->dispatch();
                }
            }
        }
    }

    /** Opens every port. */
    public function listen(): void
    {
        foreach ($this->servers as $server) {
            $server->listen();
        }
    }

    /** Ends all of them; run() returns. May be called from a controller or a signal handler. */
    public function stop(): void
    {
        $this->stop = true;
        foreach ($this->servers as $server) {
            $server->shutdown();
        }
    }
}
