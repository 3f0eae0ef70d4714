<?php
declare(strict_types=1);

namespace Simps\MQTT\Tools;

use Simps\MQTT\Exception\ProtocolException;

/**
 * Fields of packets to bytes. What a field cannot hold is refused.
 */
class PackTool extends Common
{
    /** Two bytes of length, then the text: at most 65535 bytes. */
    public static function string(string $str): string
    {
        return self::shortInt(strlen($str)) . $str;
    }

    public static function stringPair(string $key, string $value): string
    {
        return self::string($key) . self::string($value);
    }

    /** Four bytes. */
    public static function longInt(int $int): string
    {
        return pack('N', self::within($int, 0xFFFFFFFF));
    }

    /** Two bytes. */
    public static function shortInt(int $int): string
    {
        return pack('n', self::within($int, 0xFFFF));
    }

    /** A variable byte integer: one to four bytes. */
    public static function varInt(int $int): string
    {
        return self::packRemainingLength($int);
    }

    /**
     * The fixed header.
     *
     * @param int $bodyLength bytes that follow it
     */
    public static function packHeader(int $type, int $bodyLength, int $dup = 0, int $qos = 0, int $retain = 0): string
    {
        return chr($type << 4 | $dup << 3 | $qos << 1 | $retain) . static::packRemainingLength($bodyLength);
    }

    /** The property length, then the properties. */
    public static function genProperties(string $body): string
    {
        return self::varInt(strlen($body)) . $body;
    }

    protected static function packRemainingLength(int $bodyLength): string
    {
        self::within($bodyLength, 268435455);
        $bytes = '';
        do {
            $rest = $bodyLength >> 7;
            $bytes .= chr($bodyLength & 0x7F | ($rest > 0 ? 0x80 : 0));
        } while (($bodyLength = $rest) > 0);

        return $bytes;
    }

    private static function within(int $int, int $maximum): int
    {
        if ($int < 0 || $int > $maximum) {
            throw new ProtocolException("$int is not between 0 and $maximum");
        }

        return $int;
    }
}
