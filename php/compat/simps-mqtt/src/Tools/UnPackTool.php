<?php
declare(strict_types=1);

namespace Simps\MQTT\Tools;

use Mqtt\Compat\ArrayCodec;
use Mqtt\Exception\ProtocolException as Refused;
use Simps\MQTT\Exception\InvalidArgumentException;
use Simps\MQTT\Exception\LengthException;
use Simps\MQTT\Protocol\Types;

/**
 * Fields of packets from bytes. Methods that take $remaining by reference take their field from its front; where it is too
 * short for the field they throw a {@see LengthException}.
 */
class UnPackTool extends Common
{
    /** The packet type: the high bits of the first byte; 0 where there is no byte. */
    public static function getType(string $data): int
    {
        return $data === '' ? 0 : ord($data[0]) >> 4;
    }

    public static function string(string &$remaining): string
    {
        $length = strlen($remaining) < 2 ? -1 : ord($remaining[0]) << 8 | ord($remaining[1]);
        if ($length < 0 || $length > strlen($remaining) - 2) {
            throw new LengthException('unpack remaining length error, get ' . ($length < 0 ? '' : $length));
        }
        $string = substr($remaining, 2, $length);
        $remaining = substr($remaining, $length + 2);

        return $string;
    }

    public static function shortInt(string &$remaining): int
    {
        $bytes = self::take($remaining, 2);

        return ord($bytes[0]) << 8 | ord($bytes[1]);
    }

    public static function longInt(string &$remaining): int
    {
        $bytes = self::take($remaining, 4);

        return ord($bytes[0]) << 24 | ord($bytes[1]) << 16 | ord($bytes[2]) << 8 | ord($bytes[3]);
    }

    public static function byte(string &$remaining): int
    {
        return ord(self::take($remaining, 1));
    }

    /**
     * A variable byte integer.
     *
     * @param int|null $len becomes the bytes that it took
     *
     * @param-out int $len
     */
    public static function varInt(string &$remaining, ?int &$len): int
    {
        // The packet type stands in front of the remaining length.
        $value = static::getRemainingLength("\0" . $remaining, $head);
        $len = $head - 1;
        $remaining = substr($remaining, $len);

        return $value;
    }

    /**
     * The remaining length of a packet.
     *
     * @param int|null $headBytes becomes the bytes of the fixed header
     *
     * @param-out int $headBytes
     */
    protected static function getRemainingLength(string $data, ?int &$headBytes): int
    {
        $value = 0;
        for ($headBytes = 1; $headBytes <= 4; ) {
            if (!isset($data[$headBytes])) {
                break;
            }
            $byte = ord($data[$headBytes]);
            $value |= ($byte & 0x7F) << 7 * ($headBytes++ - 1);
            if ($byte < 0x80) {
                return $value;
            }
        }
        throw new LengthException('Malformed Remaining Length');
    }

    /** What follows the fixed header of the first packet, as far as it is there. */
    public static function getRemaining(string $data): string
    {
        $length = static::getRemainingLength($data, $head);

        return substr($data, $head, $length);
    }

    /**
     * The protocol level that a CONNECT names.
     */
    public static function getLevel(string $data): int
    {
        $type = self::getType($data);
        if ($type !== Types::CONNECT) {
            throw new InvalidArgumentException(sprintf('packet must be of type connect, %s given', Types::getType($type)));
        }
        try {
            return ArrayCodec::level($data);
        } catch (Refused $e) {
            throw new LengthException('unpack remaining length error, get ' . strlen($data), 0, $e);
        }
    }

    private static function take(string &$remaining, int $count): string
    {
        if (strlen($remaining) < $count) {
            throw new LengthException('unpack remaining length error, get ' . strlen($remaining));
        }
        $bytes = substr($remaining, 0, $count);
        $remaining = substr($remaining, $count);

        return $bytes;
    }
}
