<?php
declare(strict_types=1);

namespace Workerman\Mqtt\Handle;

/** Writes the data types of MQTT (1.5). */
class Encoder
{
    /** A string behind its length in two bytes; at most 65535 bytes. */
    public static function packString(string $str): string
    {
        return pack('n', strlen($str)) . $str;
    }

    public static function stringPair(string $key, string $value): string
    {
        return static::packString($key) . static::packString($value);
    }

    /** Four bytes. */
    public static function longInt(int $int): string
    {
        return pack('N', $int);
    }

    /** Two bytes. */
    public static function shortInt(int $int): string
    {
        return pack('n', $int);
    }

    /** A variable byte integer. */
    public static function varInt(int $int): string
    {
        return static::writeBodyLength($int);
    }

    /** A fixed header. */
    public static function packHead(int $cmd, int $body_length, int $dup = 0, int $qos = 0, int $retain = 0): string
    {
        return chr($cmd << 4 | ($dup ? 8 : 0) | $qos << 1 | ($retain ? 1 : 0)) . static::writeBodyLength($body_length);
    }

    protected static function writeBodyLength(int $len): string
    {
        for ($bytes = ''; $len > 127; $len >>= 7) {
            $bytes .= chr(0x80 | ($len & 0x7F));
        }
        return $bytes . chr($len);
    }
}
