<?php
declare(strict_types=1);

namespace Simps\Server\Protocol;

use Mqtt\Compat\ArrayCodec;
use Mqtt\Exception\ProtocolException;
use Simps\Exception\Protocol\MQTTException;

/** Packets of MQTT 3.1 and 3.1.1 as arrays, whose key `cmd` is the packet type. */
class MQTT
{
    const CONNECT = 1;
    const CONNACK = 2;
    const PUBLISH = 3;
    const PUBACK = 4;
    const PUBREC = 5;
    const PUBREL = 6;
    const PUBCOMP = 7;
    const SUBSCRIBE = 8;
    const SUBACK = 9;
    const UNSUBSCRIBE = 10;
    const UNSUBACK = 11;
    const PINGREQ = 12;
    const PINGRESP = 13;
    const DISCONNECT = 14;

    private static ?ArrayCodec $codec = null;

    /**
     * Bytes of the first packet once the buffer holds it whole; 0 until then.
     *
     * @param string $buffer
     *
     * @return int
     */
    public static function input($buffer)
    {
        $length = static::getBodyLength($buffer, $head);
        $length += $head;
        return strlen($buffer) < $length ? 0 : $length;
    }

    /**
     * The bytes of a packet; '' for a type that is none. The codes of a SUBACK stand under `payload`, or `codes`.
     *
     * @param array<string, mixed> $data
     *
     * @return string
     * @throws \TypeError|\ValueError when a field is missing or cannot be written
     */
    public static function encode(array $data)
    {
        $type = $data['cmd'];
        if ($type < self::CONNECT || $type > self::DISCONNECT) {
            return '';
        }
        if ($type === self::SUBACK && isset($data['payload'])) {
            $data['codes'] = $data['payload'];
        }
        return self::codec()->encode($data);
    }

    /**
     * The array of a packet; the bytes themselves for a type that MQTT 3 does not have.
     *
     * @param string $buffer
     * @return array<string, mixed>|string
     * @throws MQTTException for what is no MQTT
     */
    public static function decode($buffer)
    {
        try {
            if ($buffer !== '' && in_array(ord($buffer[0]) >> 4, [0, 15], true)) {
                return $buffer;
            }
            return self::codec()->decode($buffer);
        } catch (ProtocolException | \TypeError $why) {
            throw new MQTTException($why->getMessage(), (int) $why->getCode(), $why);
        }
    }

    /**
     * The bytes of an answer: the same as encode().
     *
     * @param array<string, mixed> $attribute
     *
     * @return string
     */
    public static function getAck($attribute)
    {
        return static::encode($attribute);
    }

    /**
     * A string behind its length in two bytes.
     *
     * @param string $str
     *
     * @return string
     */
    public static function packString($str)
    {
        return pack('n', strlen((string) $str)) . $str;
    }

    /**
     * The packet type in the first byte.
     *
     * @param string $buffer
     *
     * @return int
     */
    public static function getCmd($buffer)
    {
        return ord($buffer[0]) >> 4;
    }

    /**
     * The remaining length of a packet; 0 while its last byte is not there, or when it has more than four.
     *
     * @param string $buffer
     * @param int|null $headBytes out: the bytes before the rest, 0 likewise
     *
     * @param-out int $headBytes
     *
     * @return int
     */
    public static function getBodyLength($buffer, &$headBytes)
    {
        $value = $shift = 0;
        for ($headBytes = 1; $headBytes <= 4 && isset($buffer[$headBytes]); $shift += 7) {
            $byte = ord($buffer[$headBytes++]);
            $value |= ($byte & 0x7F) << $shift;
            if ($byte < 0x80) {
                return $value;
            }
        }
        return $headBytes = 0;
    }

    /**
     * What stands behind the fixed header.
     *
     * @param string $buffer
     *
     * @return string
     */
    public static function getBody($buffer)
    {
        $length = static::getBodyLength($buffer, $head);
        return (string) substr($buffer, $head, $length);
    }

    /**
     * Takes a string, with its length in two bytes, from the front.
     *
     * @param string $buffer
     *
     * @return string
     *
     * @throws \RuntimeException when it is not there whole
     */
    public static function readString(&$buffer)
    {
        $length = strlen($buffer) < 2 ? 0 : ord($buffer[0]) << 8 | ord($buffer[1]);
        if ($length + 2 > strlen($buffer)) {
            throw new \RuntimeException('buffer:' . bin2hex($buffer) . " length:$length not enough for unpackString");
        }
        $string = substr($buffer, 2, $length);
        $buffer = substr($buffer, $length + 2);
        return $string;
    }

    /**
     * Takes a number of two bytes from the front.
     *
     * @param string $buffer
     *
     * @return int
     */
    public static function readShortInt(&$buffer)
    {
        $number = ord($buffer[0]) << 8 | ord($buffer[1]);
        $buffer = substr($buffer, 2);
        return $number;
    }

    /**
     * A fixed header.
     *
     * @param int $cmd
     * @param int $bodyLength
     * @param bool|int $dup
     * @param int $qos
     * @param bool|int $retain
     *
     * @return string
     */
    public static function packHead($cmd, $bodyLength, $dup = 0, $qos = 0, $retain = 0)
    {
        $bytes = chr($cmd << 4 | ($dup ? 8 : 0) | $qos << 1 | ($retain ? 1 : 0));
        for (; $bodyLength > 127; $bodyLength >>= 7) {
            $bytes .= chr(0x80 | ($bodyLength & 0x7F));
        }
        return $bytes . chr($bodyLength);
    }

    /**
     * Prints one line a byte: index, bits, hexadecimal, decimal, character.
     *
     * @param string $string
     *
     * @return void
     */
    public static function printStr($string)
    {
        foreach ($string === '' ? [] : str_split($string) as $index => $character) {
            $byte = ord($character);
            printf("%4d: %08b : 0x%02x : %d : %s \n", $index, $byte, $byte, $byte, $byte > 31 ? $character : ' ');
        }
    }

    private static function codec(): ArrayCodec
    {
        return self::$codec ??= new ArrayCodec('workerman', 4);
    }
}
