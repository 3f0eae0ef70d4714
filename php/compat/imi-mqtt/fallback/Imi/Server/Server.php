<?php
declare(strict_types=1);

namespace Imi\Server;

use Imi\ConnectionContext;
use Imi\RequestContext;
use Imi\Server\DataParser\DataParser;
use Imi\Server\DataParser\IParser;
use Imi\Server\MQTT\Server as MQTTServer;

/**
 * Sends to clients from anywhere in the process. Without a server's name: the one whose controller is at work, else the main one.
 * There is one process, so $toAllWorkers has no effect.
 */
class Server
{
    /** @var array<string, MQTTServer> */
    private static array $servers = [];

    /**
     * @param mixed                             $data       a packet
     * @param int|string|array<int|string>|null $clientId   null: the client that is served
     * @param string|null                       $serverName
     *
     * @return int to how many it was sent
     */
    public static function send($data, $clientId = null, $serverName = null, bool $toAllWorkers = true): int
    {
        return self::sendRaw(self::encode($data, $serverName), $clientId, $serverName);
    }

    /**
     * @param string                            $data     whole packets
     * @param int|string|array<int|string>|null $clientId null: the client that is served
     */
    public static function sendRaw(string $data, $clientId = null, ?string $serverName = null, bool $toAllWorkers = true): int
    {
        $count = 0;
        foreach (self::clients($clientId) as $each) {
            $count += self::getServer($serverName)?->sendRaw($each, $data) ? 1 : 0;
        }
        return $count;
    }

    /** @param mixed $data */
    public static function sendToAll($data, ?string $serverName = null, bool $toAllWorkers = true): int
    {
        return self::sendRawToAll(self::encode($data, $serverName), $serverName);
    }

    public static function sendRawToAll(string $data, ?string $serverName = null, bool $toAllWorkers = true): int
    {
        return self::sendRaw($data, array_keys(self::getServer($serverName)?->getConnections() ?? []), $serverName);
    }

    /** @param int|string|array<int|string>|null $clientId */
    public static function close($clientId, ?string $serverName = null, bool $toAllWorkers = true): int
    {
        $count = 0;
        foreach (self::clients($clientId) as $each) {
            $connection = self::getServer($serverName)?->getConnection($each);
            $count += $connection?->isConnected() ? 1 : 0;
            $connection?->close();
        }
        return $count;
    }

    /** @param int|string|null $clientId */
    public static function exists($clientId, ?string $serverName = null, bool $toAllWorkers = true): bool
    {
        return self::getServer($serverName)?->getConnection($clientId ?? ConnectionContext::getClientId() ?? 0)?->isConnected() ?? false;
    }

    /** @return list<int> the numbers of the clients */
    public static function getConnections(?string $serverName = null): array
    {
        return array_keys(self::getServer($serverName)?->getConnections() ?? []);
    }

    public static function getConnectionCount(?string $serverName = null): int
    {
        return count(self::getConnections($serverName));
    }

    public static function getServer(?string $serverName = null): ?MQTTServer
    {
        return $serverName === null ? RequestContext::getServer() ?? (reset(self::$servers) ?: null) : self::$servers[$serverName] ?? null;
    }

    /** @internal the main server stays the first */
    public static function register(MQTTServer $server): void
    {
        self::$servers = $server->isSubServer() ? self::$servers + [$server->getName() => $server] : [$server->getName() => $server] + self::$servers;
        self::$servers[$server->getName()] = $server;
    }

    private static function encode(mixed $data, ?string $serverName): string
    {
        $server = self::getServer($serverName);
        if ($server === null) {
            return '';
        }
        /** @var IParser $parser */
        $parser = $server->getBean(DataParser::class);
        return $parser->encode($data);
    }

    /**
     * @param int|string|array<int|string>|null $clientId null: the client that is served
     *
     * @return array<int|string>
     */
    private static function clients(int|string|array|null $clientId): array
    {
        return (array) ($clientId ?? ConnectionContext::getClientId());
    }
}
