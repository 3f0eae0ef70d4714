<?php
declare(strict_types=1);

namespace Imi;

use Imi\Server\MQTT\Server;

/** What belongs to the packet that a controller has before it. */
class RequestContext
{
    private static ?Server $server = null;
    /** @var array<string, mixed> */
    private static array $values = [];

    public static function get(string $name, mixed $default = null): mixed
    {
        return self::$values[$name] ?? $default;
    }

    public static function set(string $name, mixed $value): void
    {
        self::$values[$name] = $value;
    }

    public static function unset(string $key): void
    {
        unset(self::$values[$key]);
    }

    /** @return \ArrayObject<string, mixed> a copy: server, clientId, receiveData, and what the controller has set */
    public static function getContext(): \ArrayObject
    {
        return new \ArrayObject(self::$values);
    }

    public static function getServer(): ?Server
    {
        return self::$server;
    }

    /** @throws \RuntimeException outside of a controller */
    public static function getServerBean(string $name, mixed ...$parameters): mixed
    {
        return (self::$server ?? throw new \RuntimeException('There is no server outside of a controller'))->getBean($name, ...$parameters);
    }

    /**
     * @internal
     *
     * @param array<string, mixed> $values
     *
     * @return array{Server|null, array<string, mixed>} for leave()
     */
    public static function enter(Server $server, array $values): array
    {
        $outer = [self::$server, self::$values];
        [self::$server, self::$values] = [$server, ['server' => $server] + $values];
        return $outer;
    }

    /**
     * @internal
     *
     * @param array{Server|null, array<string, mixed>} $outer
     */
    public static function leave(array $outer): void
    {
        [self::$server, self::$values] = $outer;
    }
}
