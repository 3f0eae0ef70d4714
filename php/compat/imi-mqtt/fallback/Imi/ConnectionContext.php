<?php
declare(strict_types=1);

namespace Imi;

use Imi\Server\Server;

/** What a controller keeps for each connection; it goes with the connection. Without a client's number: the one that is served. */
class ConnectionContext
{
    /**
     * @param mixed $default
     * @param int|string|null $clientId
     *
     * @return mixed
     */
    public static function get(?string $name = null, $default = null, $clientId = null, ?string $serverName = null)
    {
        $values = self::getContext($clientId, $serverName);
        return $name === null ? $values : $values[$name] ?? $default;
    }

    /**
     * @param mixed $value
     * @param int|string|null $clientId
     */
    public static function set(?string $name, $value, $clientId = null, ?string $serverName = null): void
    {
        /** @var array<string, mixed> $values */
        $values = $name === null ? $value : [$name => $value];
        self::muiltiSet($values, $clientId, $serverName);
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
        /** @var array<string, mixed> $values */
        $values = (array) self::connection($clientId, $serverName)?->data;
        return $values;
    }

    /** @param int|string|null $clientId */
    public static function exists($clientId = null, ?string $serverName = null): bool
    {
        return self::connection($clientId, $serverName) !== null;
    }

    /** @return int|string|null */
    public static function getClientId()
    {
        /** @var int|string|null $clientId */
        $clientId = RequestContext::get('clientId');
        return $clientId;
    }

    private static function connection(int|string|null $clientId, ?string $serverName): ?\Mqtt\Connection
    {
        $clientId ??= self::getClientId();
        return $clientId === null ? null : Server::getServer($serverName)?->getConnection($clientId);
    }
}
