<?php
declare(strict_types=1);

namespace Simps\Internal;

use Mqtt\Connection;
use Mqtt\Decoder;
use Mqtt\Packet;
use Mqtt\PacketServer;
use Mqtt\Version;

/**
 * What handlers get as $server: the methods and properties of a Swoole\Server that such code uses, on a Mqtt\PacketServer. One
 * process serves all connections, so what a handler keeps in a static variable is everybody's. $fd numbers a connection; numbers
 * are not used again. Bytes are packets of MQTT 3 in both directions, for clients of MQTT 5 too: they are translated.
 *
 * @internal
 */
final class Server
{
    use Timers;

    public const SOCK_TCP = 1;
    public const SOCK_TCP6 = 3;
    public const SOCK_UNIX_STREAM = 5;
    public const SSL = 512;

    /** @var array<string, mixed> */
    public array $setting = [];
    public int $master_pid = 0;
    public int $manager_pid = 0;
    public int $worker_id = 0;
    public int $worker_pid = 0;
    public bool $taskworker = false;
    /** @var \ArrayObject<int, int> the numbers of all connections, for foreach and count() */
    public readonly \ArrayObject $connections;

    private ?PacketServer $server = null;
    /** @var array<string, callable|array{class-string, string}> by event, in lower case */
    private array $callbacks = [];
    /** @var array<int, Connection> */
    private array $open = [];
    private int $startTime = 0;
    private int $accepted = 0;
    private int $received = 0;
    /** Packets that handlers send are those of MQTT 3.1.1, whatever the client speaks. */
    private Decoder $decoder;

    public function __construct(public string $host, public int $port = 0, public int $mode = 1, public int $type = self::SOCK_TCP)
    {
        /** @var \ArrayObject<int, int> $connections */
        $connections = new \ArrayObject();
        $this->connections = $connections;
        $this->decoder = new Decoder(Version::V3_1_1);
    }

    /** @param array<string, mixed> $settings */
    public function set(array $settings): bool
    {
        $this->setting = $settings + $this->setting;
        return true;
    }

    /** @param callable|array{class-string, string} $callback a callable, or [class, method] of which an object is made for each call */
    public function on(string $event, $callback): bool
    {
        $this->callbacks[strtolower($event)] = $callback;
        return true;
    }

    /**
     * Serves until shutdown(), SIGINT or SIGTERM.
     *
     * @throws \Mqtt\Exception\TransportException when the port cannot be opened
     */
    public function start(): bool
    {
        if (!empty($this->setting['daemonize'])) {
            $this->daemonize();
        }
        $this->master_pid = $this->manager_pid = $this->worker_pid = (int) getmypid();
        if (!empty($this->setting['pid_file'])) {
            /** @var string $file */
            $file = $this->setting['pid_file'];
            file_put_contents($file, (string) $this->master_pid);
        }
        $this->server = $server = new PacketServer($this->options());
        $server->onConnect($this->opened(...));
        $server->onPacket($this->arrived(...));
        $server->onDisconnect($this->closed(...));
        $server->start();
        $this->port = $server->port() ?? $this->port;
        $this->startTime = time();
        if (function_exists('pcntl_signal')) {
            pcntl_async_signals(true);
            foreach ([SIGINT, SIGTERM] as $signal) {
                pcntl_signal($signal, fn () => $this->shutdown());
            }
        }
        $this->emit('start', $this);
        $this->emit('workerstart', $this, 0);
        while ($server->isRunning()) {
            $read = [$server->stream()];
            $write = $except = null;
            $wait = (int) (1_000_000 * $this->untilNextTimer());
            // A signal ends it early, with a warning.
            @stream_select($read, $write, $except, 0, $wait);
            // @phpstan-ignore booleanAnd.leftAlwaysTrue (a signal handler may have stopped it)
            $server->isRunning() && $server->dispatch();
            $this->runTimers();
        }
        $this->emit('workerstop', $this, 0);
        $this->emit('shutdown', $this);
        if (!empty($this->setting['pid_file'])) {
            /** @var string $file */
            $file = $this->setting['pid_file'];
            @unlink($file);
        }
        return true;
    }

    /** Closes all connections and ends start(). */
    public function shutdown(): bool
    {
        return $this->server?->stop() ?? false;
    }

    public function stop(int $workerId = -1, bool $waitEvent = false): bool
    {
        return $this->shutdown();
    }

    /** There is no worker to be started anew. */
    public function reload(bool $onlyTaskWorkers = false): bool
    {
        return false;
    }

    /**
     * Sends packets of MQTT 3.
     *
     * @return bool false when the connection has ended, or these are no packets
     */
    public function send(int|string $fd, string $data, int $serverSocket = -1): bool
    {
        $connection = $this->open[(int) $fd] ?? null;
        if ($connection === null || $data === '') {
            return false;
        }
        try {
            $this->decoder->push($data);
            $packets = $this->decoder->all();
        } catch (\Mqtt\Exception\ProtocolException $why) {
            $packets = [];
        }
        if ($packets === [] || $this->decoder->buffered() > 0) {
            // A packet that is not whole must not become the beginning of somebody else's.
            $this->decoder = new Decoder(Version::V3_1_1);
            trigger_error("Simps\\Server: what is sent to connection $fd is no MQTT packet: " . (isset($why) ? $why->getMessage() : 'it is not whole'), E_USER_WARNING);
            return false;
        }
        return $connection->send(...$packets);
    }

    /** Closes a connection when what was sent is out. */
    public function close(int $fd, bool $reset = false): bool
    {
        $connection = $this->open[$fd] ?? null;
        $connection?->close();
        return $connection !== null;
    }

    public function exist(int $fd): bool
    {
        return isset($this->open[$fd]) && $this->open[$fd]->isConnected();
    }

    public function exists(int $fd): bool
    {
        return $this->exist($fd);
    }

    /** @return array<string, mixed>|false what Swoole tells of a connection; uid if bind() gave one */
    public function getClientInfo(int $fd, int $reactorId = -1, bool $ignoreError = false): array|false
    {
        $connection = $this->open[$fd] ?? null;
        if ($connection === null) {
            return false;
        }
        [$host, $port] = [(string) preg_replace('/:\d+$/', '', (string) $connection->remoteAddress), (int) substr((string) strrchr((string) $connection->remoteAddress, ':'), 1)];
        $data = self::kept($connection);
        $uid = isset($data['uid']) ? ['uid' => $data['uid']] : [];
        return $uid + [
            'server_port' => $this->port, 'server_fd' => 0, 'socket_fd' => $fd, 'socket_type' => $this->type,
            'remote_port' => $port, 'remote_ip' => trim($host, '[]'), 'reactor_id' => 0,
            'connect_time' => (int) $data['connected'], 'last_time' => (int) $data['received'],
            'last_recv_time' => $data['received'], 'last_send_time' => $data['received'],
            'last_dispatch_time' => $data['received'], 'close_errno' => 0,
        ];
    }

    /** @return array<string, mixed>|false */
    public function connection_info(int $fd): array|false
    {
        return $this->getClientInfo($fd);
    }

    /** @return list<int>|false at most $findCount numbers of connections above $startFd; false for none */
    public function getClientList(int $startFd = 0, int $findCount = 10): array|false
    {
        $list = array_slice(array_values(array_filter(array_keys($this->open), static fn (int $fd): bool => $fd > $startFd)), 0, min($findCount, 100));
        return $list === [] ? false : $list;
    }

    /** @return list<int>|false */
    public function connection_list(int $startFd = 0, int $findCount = 10): array|false
    {
        return $this->getClientList($startFd, $findCount);
    }

    /** Keeps a number with a connection, for getClientInfo(). It can be given once. */
    public function bind(int $fd, int $uid): bool
    {
        $connection = $this->open[$fd] ?? null;
        if ($connection === null || isset(self::kept($connection)['uid'])) {
            return false;
        }
        $connection->data = ['uid' => $uid] + self::kept($connection);
        return true;
    }

    /** @return array<string, int> */
    public function stats(): array
    {
        return [
            'start_time' => $this->startTime, 'connection_num' => count($this->open), 'accept_count' => $this->accepted,
            'close_count' => $this->accepted - count($this->open), 'worker_num' => 1, 'idle_worker_num' => 0,
            'request_count' => $this->received, 'tasking_num' => 0,
        ];
    }

    /**
     * @param array<mixed> $arguments
     *
     * @throws \BadMethodCallException always: what of Swoole\Server is not here
     */
    public function __call(string $name, array $arguments): never
    {
        throw new \BadMethodCallException("\$server->$name() is a method of Swoole\\Server that this server, which is one process on the extension mqtt, does not have");
    }

    /** @return array{connected: float, received: float, uid?: int} what is kept with a connection */
    private static function kept(Connection $connection): array
    {
        /** @var array{connected: float, received: float, uid?: int} $data */
        $data = $connection->data;
        return $data;
    }

    private function opened(Connection $connection): void
    {
        $this->accepted++;
        $connection->data = ['connected' => microtime(true), 'received' => microtime(true)];
        $this->open[$connection->id] = $connection;
        $this->connections[$connection->id] = $connection->id;
        $this->emit('connect', $this, $connection->id, 0);
    }

    private function arrived(Connection $connection, Packet $packet): void
    {
        $this->received++;
        $connection->data = ['received' => microtime(true)] + self::kept($connection);
        // CONNECT says itself which version it is of.
        $bytes = $packet->encode($packet instanceof Packet\Connect ? $packet->version ?? Version::V3_1_1 : Version::V3_1_1);
        $this->emit('receive', $this, $connection->id, 0, $bytes);
    }

    private function closed(Connection $connection): void
    {
        unset($this->open[$connection->id], $this->connections[$connection->id]);
        $this->emit('close', $this, $connection->id, 0);
    }

    private function emit(string $event, mixed ...$arguments): void
    {
        $callback = $this->callbacks[$event] ?? null;
        if ($callback === null) {
            return;
        }
        if (is_array($callback) && is_string($callback[0])) {
            /** @var array{class-string, string} $callback */
            [$class, $method] = $callback;
            $callback = [(new \ReflectionMethod($class, $method))->isStatic() ? $class : new $class(), $method];
        }
        /** @var callable $callback */
        $callback(...$arguments);
    }

    /** @return array<string, mixed> */
    private function options(): array
    {
        $isSecure = ($this->type & self::SSL) !== 0;
        $address = str_contains($this->host, ':') ? "[$this->host]" : $this->host;
        $uri = ($this->type & ~self::SSL) === self::SOCK_UNIX_STREAM ? "unix:$this->host" : ($isSecure ? 'mqtts' : 'mqtt') . "://$address:$this->port";
        $options = [
            'listen' => $uri,
            'maximumPacketSize' => $this->setting['package_max_length'] ?? null,
            'maximumConnections' => $this->setting['max_conn'] ?? $this->setting['max_connection'] ?? null,
            'maximumBacklog' => $this->setting['buffer_output_size'] ?? null,
            'logger' => static fn (string $level, string $message) => fwrite(STDERR, "$level: $message\n"),
            'logLevel' => 'warning',
        ];
        if ($isSecure) {
            $options['tls'] = array_filter([
                'certFile' => $this->setting['ssl_cert_file'] ?? null,
                'keyFile' => $this->setting['ssl_key_file'] ?? null,
                'caFile' => $this->setting['ssl_client_cert_file'] ?? null,
            ]);
        }
        return $options;
    }

    private function daemonize(): void
    {
        if (!function_exists('pcntl_fork')) {
            throw new \RuntimeException('The setting daemonize needs the extension pcntl');
        }
        if (pcntl_fork() > 0) {
            exit(0);
        }
        posix_setsid();
        // @phpstan-ignore greater.alwaysFalse (each process forks once)
        if (pcntl_fork() > 0) {
            exit(0);
        }
        /** @var string $log */
        $log = $this->setting['log_file'] ?? '/dev/null';
        ob_start(static function (string $text) use ($log): string {
            file_put_contents($log, $text, FILE_APPEND);
            return '';
        }, 1);
    }
}
