<?php
declare(strict_types=1);

namespace Simps\MQTT\Protocol;

/**
 * The packet types.
 */
class Types
{
    public const CONNECT = 1;
    public const CONNACK = 2;
    public const PUBLISH = 3;
    public const PUBACK = 4;
    public const PUBREC = 5;
    public const PUBREL = 6;
    public const PUBCOMP = 7;
    public const SUBSCRIBE = 8;
    public const SUBACK = 9;
    public const UNSUBSCRIBE = 10;
    public const UNSUBACK = 11;
    public const PINGREQ = 12;
    public const PINGRESP = 13;
    public const DISCONNECT = 14;
    public const AUTH = 15;

    /** @var array<int, string> names by type; UNSUBACK has none, as ever */
    protected static $types = [
        self::CONNECT => 'connect',
        self::CONNACK => 'connack',
        self::PUBLISH => 'publish',
        self::PUBACK => 'puback',
        self::PUBREC => 'pubrec',
        self::PUBREL => 'pubrel',
        self::PUBCOMP => 'pubcomp',
        self::SUBSCRIBE => 'subscribe',
        self::SUBACK => 'suback',
        self::UNSUBSCRIBE => 'unsubscribe',
        self::PINGREQ => 'pingreq',
        self::PINGRESP => 'pingresp',
        self::DISCONNECT => 'disconnect',
        self::AUTH => 'auth',
    ];

    /**
     * All names by type.
     *
     * @return array<int, string>
     */
    public static function getTypes(): array
    {
        return static::$types;
    }

    /**
     * The name of a type in lower case; '' where it has none.
     */
    public static function getType(int $type): string
    {
        return static::$types[$type] ?? '';
    }
}
