<?php
declare(strict_types=1);

namespace Imi\Server\MQTT;

use Imi\RequestContext;
use Imi\Server\DataParser\DataParser;
use Imi\Server\DataParser\IParser;
use Imi\Server\MQTT\DataParser\MQTTDataParser;
use Imi\Server\MQTT\Listener\BeforeReceive;
use Imi\Server\MQTT\Message\ReceiveData;
use Imi\Util\Socket\IPEndPoint;
use Mqtt\Connection;
use Mqtt\Decoder;
use Mqtt\Packet;
use Mqtt\PacketServer;
use Mqtt\ReasonCode;
use Mqtt\Version;

/**
 * One entry of imi's configuration (mainServer, or one of subServers) as a server of the extension: without the framework, without
 * Swoole, in one process. Packets go to the controller, and what it returns to the client.
 */
class Server
{
    /** Of sockType: SWOOLE_SSL. */
    private const SSL = 512;
    /** What `type` may be; the first is what the framework knows it by. */
    private const TYPES = ['MQTTServer', 'MQTT', self::class];

    private PacketServer $server;
    /** @var IParser of imi or of the fallback, or one that has the same two methods */
    private object $parser;
    private ?BaseMQTTController $controller = null;
    /** @var array<int, Connection> */
    private array $connections = [];

    /**
     * Opens nothing.
     *
     * @param array<string, mixed> $config type ('MQTTServer' or 'MQTT'), host ('0.0.0.0'), port, controller (the name of a class),
     *     dataParser (the name of a class, MQTTDataParser), sockType, configs (of Swoole's settings ssl_cert_file, ssl_key_file,
     *     ssl_client_cert_file and ssl_verify_peer, package_max_length, max_conn; others have no effect here), logger (PSR-3, or
     *     a callable: level, text, context)
     *
     * @throws \InvalidArgumentException for another type, or without a port
     * @throws \ValueError               for a value that cannot be
     */
    public function __construct(private string $name, private array $config, private bool $isSubServer = false)
    {
        // imi's own class of this name has no such method.
        if (!method_exists(RequestContext::class, 'enter')) { // @phpstan-ignore function.alreadyNarrowedType
            throw new \LogicException('The framework imi is loaded, and this server works without it: run it in a process of its own that does not load imi');
        }
        /** @var string $type */
        $type = $config['type'] ?? self::TYPES[0];
        if (!in_array($type, self::TYPES, true)) {
            throw new \InvalidArgumentException(sprintf('Server "%s" has the type "%s", which is none of MQTT', $name, $type));
        }
        if (!isset($config['port'])) {
            throw new \InvalidArgumentException(sprintf('Server "%s" has no port', $name));
        }
        /** @var class-string<IParser> $parser */
        $parser = $config['dataParser'] ?? MQTTDataParser::class;
        $this->parser = new $parser();
        $this->server = new PacketServer(self::options($config));
        $this->server->onConnect(function (Connection $connection): void {
            $connection->data = [];
            $this->connections[$connection->id] = $connection;
        });
        $this->server->onPacket($this->receive(...));
        $this->server->onDisconnect(function (Connection $connection): void {
            unset($this->connections[$connection->id]);
        });
    }

    public function getName(): string
    {
        return $this->name;
    }

    /** @return array<string, mixed> */
    public function getConfig(): array
    {
        return $this->config;
    }

    public function isSubServer(): bool
    {
        return $this->isSubServer;
    }

    public function isLongConnection(): bool
    {
        return true;
    }

    public function isSSL(): bool
    {
        return self::hasTls($this->config);
    }

    /**
     * Listens, and serves until shutdown().
     *
     * @param float|null $timeout seconds; null: no end
     *
     * @throws \RuntimeException                when the configuration has no controller
     * @throws \Mqtt\Exception\TransportException when the port cannot be had
     */
    public function start(?float $timeout = null): void
    {
        $this->listen();
        $this->server->run($timeout);
    }

    /** Listens; dispatch() or start() serves. Throws as start(). */
    public function listen(): void
    {
        $this->getController();
        $this->server->start();
        \Imi\Server\Server::register($this);
    }

    /** Serves what has come, and never waits. How many events that were. */
    public function dispatch(): int
    {
        return $this->server->dispatch();
    }

    /** Ends it, and every connection; may be called from a controller or a signal handler. */
    public function shutdown(): void
    {
        $this->server->stop();
    }

    /** @return resource readable while there is something to dispatch() */
    public function stream()
    {
        return $this->server->stream();
    }

    /** The port, also where the configuration says 0; null while it does not listen. */
    public function getPort(): ?int
    {
        return $this->server->port();
    }

    /** @throws \RuntimeException when the configuration has none */
    public function getController(): BaseMQTTController
    {
        /** @var class-string<BaseMQTTController>|null $class */
        $class = $this->config['controller'] ?? null;
        if (!$class) {
            throw new \RuntimeException('MQTT server config "controller" not found');
        }
        return $this->controller ??= new $class();
    }

    /** The parser under the name DataParser, the controller under its own, else a new object of the class. */
    public function getBean(string $name, mixed ...$parameters): mixed
    {
        return match ($name) {
            DataParser::class => $this->parser,
            $this->config['controller'] ?? null => $this->getController(),
            default => new $name(...$parameters),
        };
    }

    /** @param int|string $clientId */
    public function getClientAddress($clientId): IPEndPoint
    {
        $address = $this->getConnection($clientId)?->remoteAddress;
        if ($address === null) {
            return new IPEndPoint('', 0);
        }
        $colon = (int) strrpos($address, ':');
        return new IPEndPoint(trim(substr($address, 0, $colon), '[]'), (int) substr($address, $colon + 1));
    }

    /**
     * The connection with this number; its `data` is what ConnectionContext keeps.
     *
     * @param int|string $clientId
     */
    public function getConnection($clientId): ?Connection
    {
        return $this->connections[(int) $clientId] ?? null;
    }

    /** @return array<int, Connection> by their numbers */
    public function getConnections(): array
    {
        return $this->connections;
    }

    /**
     * Sends whole packets.
     *
     * @param int|string $clientId
     *
     * @return bool false when there is no such client any more
     *
     * @throws \Mqtt\Exception\ProtocolException for bytes that are no packets
     */
    public function sendRaw($clientId, string $data): bool
    {
        $connection = $this->getConnection($clientId);
        return $connection !== null && $connection->send(...self::packets($data, $connection));
    }

    /** @return list<Packet>|null */
    private function receive(Connection $connection, Packet $packet): ?array
    {
        $version = $connection->version ?? Version::V3_1_1;
        if ($version === Version::V5) {
            // The controllers know MQTT 3 only.
            return $packet instanceof Packet\Connect ? [new Packet\ConnAck(ReasonCode::UnsupportedProtocolVersion)] : null;
        }
        $outer = RequestContext::enter($this, ['clientId' => $connection->id]);
        try {
            $data = new ReceiveData($connection->id, 0, $packet->encode($version));
            RequestContext::set('receiveData', $data);
            $response = BeforeReceive::dispatch($this->getController(), $data);
            return $response === null ? null : self::packets($this->parser->encode($response), $connection);
        } finally {
            RequestContext::leave($outer);
        }
    }

    /** @return list<Packet> */
    private static function packets(string $bytes, Connection $connection): array
    {
        $decoder = new Decoder($connection->version ?? Version::V3_1_1);
        $decoder->push($bytes);
        return $decoder->all();
    }

    /** @param array<string, mixed> $config */
    private static function hasTls(array $config): bool
    {
        // Swoole goes by the type of the socket; the older configuration has the certificate only.
        /** @var array{sockType?: int, configs?: array<string, mixed>} $config */
        return isset($config['sockType']) ? ($config['sockType'] & self::SSL) !== 0 : isset($config['configs']['ssl_cert_file']);
    }

    /**
     * @param array<string, mixed> $config
     *
     * @return array<string, mixed>
     */
    private static function options(array $config): array
    {
        /** @var array{host?: string, port: int|string, configs?: array<string, mixed>, logger?: mixed} $config */
        $host = $config['host'] ?? '0.0.0.0';
        $host = str_contains($host, ':') && $host[0] !== '[' ? "[$host]" : $host;
        $configs = $config['configs'] ?? [];
        $isTls = self::hasTls($config);
        return array_filter([
            'listen' => ($isTls ? 'mqtts' : 'mqtt') . "://$host:{$config['port']}",
            'tls' => $isTls ? self::tls($configs) : null,
            'maximumPacketSize' => $configs['package_max_length'] ?? null,
            'maximumConnections' => $configs['max_conn'] ?? $configs['max_connection'] ?? null,
            'logger' => $config['logger'] ?? null,
        ], static fn (mixed $value): bool => $value !== null);
    }

    /**
     * @param array<string, mixed> $configs
     *
     * @return array<string, mixed>
     */
    private static function tls(array $configs): array
    {
        $verifies = !empty($configs['ssl_verify_peer']);
        return array_filter([
            'certFile' => $configs['ssl_cert_file'] ?? null,
            'keyFile' => $configs['ssl_key_file'] ?? null,
            'caFile' => $verifies ? $configs['ssl_client_cert_file'] ?? null : null,
            'requireCertificate' => $verifies ?: null,
        ], static fn (mixed $value): bool => $value !== null);
    }
}
