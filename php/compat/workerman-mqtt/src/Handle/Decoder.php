<?php
declare(strict_types=1);

namespace Workerman\Mqtt\Handle;

use Workerman\Mqtt\Consts\MQTTConst;

/** Takes the data types of MQTT (1.5) from the front of a buffer. Bytes that are missing are an \Exception. */
class Decoder
{
    /**
     * The packet type in the first byte.
     *
     * @return int
     */
    public static function getCmd(string $buffer)
    {
        return ord($buffer[0]) >> 4;
    }

    /**
     * A string behind its length in two bytes.
     *
     * @return string
     */
    public static function readString(string &$buffer)
    {
        return self::take($buffer, static::shortInt($buffer));
    }

    /**
     * Two bytes.
     *
     * @return int
     */
    public static function shortInt(string &$buffer)
    {
        $bytes = self::take($buffer, 2);
        return ord($bytes[0]) << 8 | ord($bytes[1]);
    }

    /**
     * Four bytes.
     *
     * @return int
     */
    public static function longInt(string &$buffer)
    {
        $bytes = self::take($buffer, 4);
        return ord($bytes[0]) << 24 | ord($bytes[1]) << 16 | ord($bytes[2]) << 8 | ord($bytes[3]);
    }

    /** @return int */
    public static function byte(string &$buffer)
    {
        return ord(self::take($buffer, 1));
    }

    /**
     * A variable byte integer.
     *
     * @param int|null $len out: its bytes
     * @param-out int $len
     *
     * @return int
     */
    public static function varInt(string &$remaining, &$len)
    {
        // As a remaining length it would stand behind one byte.
        $value = static::getBodyLength("\0$remaining", $behind);
        $len = $behind - 1;
        self::take($remaining, $len);
        return $value;
    }

    /**
     * The remaining length of a packet.
     *
     * @param int|null $head_bytes out: the bytes before the rest
     * @param-out int $head_bytes
     * @return int
     *
     * @throws \Exception 'Malformed Remaining Length' when its last byte is not there
     */
    public static function getBodyLength(string $buffer, &$head_bytes)
    {
        $value = $shift = 0;
        for ($head_bytes = 1; $head_bytes <= 4 && isset($buffer[$head_bytes]); $shift += 7) {
            $byte = ord($buffer[$head_bytes++]);
            $value |= ($byte & 0x7F) << $shift;
            if ($byte < 0x80) {
                return $value;
            }
        }
        throw new \Exception('Malformed Remaining Length');
    }

    /**
     * What stands behind the fixed header.
     *
     * @return string
     */
    public static function getBody(string $buffer)
    {
        $length = static::getBodyLength($buffer, $head);
        return (string) substr($buffer, $head, $length);
    }

    /**
     * The protocol level in a CONNECT.
     *
     * @return int
     *
     * @throws \InvalidArgumentException when it is another packet
     */
    public static function getLevel(string $data)
    {
        $cmd = static::getCmd($data);
        if ($cmd !== MQTTConst::CMD_CONNECT) {
            throw new \InvalidArgumentException("packet must be of type connect, cmd value equal $cmd given");
        }
        $body = static::getBody($data);
        static::readString($body);
        return static::byte($body);
    }

    private static function take(string &$buffer, int $length): string
    {
        if (strlen($buffer) < $length) {
            throw new \Exception("$length bytes are needed, " . strlen($buffer) . ' are there');
        }
        $bytes = substr($buffer, 0, $length);
        $buffer = substr($buffer, $length);
        return $bytes;
    }
}
