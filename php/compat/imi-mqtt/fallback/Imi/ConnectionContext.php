<?php
declare(strict_types=1);

namespace Imi;

use Imi\Server\Server;

/** What a controller keeps for each connection; it goes with the connection. Without a client's number: the one that is served. */
class ConnectionContext
{
    /** @param int|string|null $clientId */
    public static function get(?string $name = null, $default = null, $clientId = null, ?string $serverName = null)
    {
        $values = self::getContext($clientId, $serverName);
        return $name === null ? $values : $values[$name] ?? $default;
    }

    /** @param int|string|null $clientId */
    public static function set(?string $name, $value, $clientId = null, ?string $serverName = null): void
    {
        self::muiltiSet($name === null ? $value : [$name => $value], $clientId, $serverName);
    }

    /**
     * @param array<string, mixed> $data
     * @param int|string|null      $clientId
     */
    public static function muiltiSet(array $data, $clientId = null, ?string $serverName = null): void
    {
        $connection = self::connection($clientId, $serverName);
        if ($connection !== null) {
            $connection->data = $data + (array) $connection->data;
        }
    }

    public static function unset(string $key): void
    {
        $connection = self::connection(null, null);
        if ($connection !== null) {
            $connection->data = array_diff_key((array) $connection->data, [$key => null]);
        }
    }

    /**
     * @param int|string|null $clientId
     *
     * @return array<string, mixed>
     */
    public static function getContext($clientId = null, ?string $serverName = null): array
    {
        return (array) self::connection($clientId, $serverName)?->data;
    }

    /** @param int|string|null $clientId */
    public static function exists($clientId = null, ?string $serverName = null): bool
    {
        return self::connection($clientId, $serverName) !== null;
    }

    /** @return int|string|null */
    public static function getClientId()
    {
        return RequestContext::get('clientId');
    }

    private static function connection(int|string|null $clientId, ?string $serverName): ?\Mqtt\Connection
    {
        $clientId ??= self::getClientId();
        return $clientId === null ? null : Server::getServer($serverName)?->getConnection($clientId);
    }
}
