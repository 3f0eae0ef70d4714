<?php
declare(strict_types=1);

namespace Workerman\Mqtt\Protocols;

use Workerman\Connection\ConnectionInterface;
use Workerman\Mqtt\Handle\Decoder;
use Workerman\Mqtt\Handle\Encoder;
use Workerman\Mqtt\Internal\Codec;
use Workerman\Mqtt\Internal\Protocol;

/**
 * MQTT 3.1 and 3.1.1 as a protocol of Workerman: packets are arrays. For a server, give a Worker this class as its protocol:
 * `$worker = new Worker('tcp://0.0.0.0:1883'); $worker->protocol = Mqtt::class;`.
 */
class Mqtt implements ProtocolInterface
{
    use Protocol;

    public const CMD_CONNECT = 1;
    public const CMD_CONNACK = 2;
    public const CMD_PUBLISH = 3;
    public const CMD_PUBACK = 4;
    public const CMD_PUBREC = 5;
    public const CMD_PUBREL = 6;
    public const CMD_PUBCOMP = 7;
    public const CMD_SUBSCRIBE = 8;
    public const CMD_SUBACK = 9;
    public const CMD_UNSUBSCRIBE = 10;
    public const CMD_UNSUBACK = 11;
    public const CMD_PINGREQ = 12;
    public const CMD_PINGRESP = 13;
    public const CMD_DISCONNECT = 14;

    private const LEVEL = 4;

    /**
     * The bytes of a packet; '' for a type that MQTT 3 does not have, which sends nothing.
     *
     * @throws \TypeError|\ValueError when a field is missing or cannot be written
     */
    public static function encode(mixed $data, ConnectionInterface $connection): string
    {
        /** @var array<string, mixed>&array{cmd: int} $data */
        $type = $data['cmd'];
        if ($type < self::CMD_CONNECT || $type > self::CMD_DISCONNECT) {
            return '';
        }
        return Codec::of(self::LEVEL)->encode($data);
    }

    /** A string behind its length in two bytes. */
    public static function packString(string $str): string
    {
        return Encoder::packString($str);
    }

    protected static function writeBodyLength(int $len): string
    {
        return Encoder::varInt($len);
    }

    /** The packet type in the first byte. */
    public static function getCmd(string $buffer): int
    {
        return ord($buffer[0]) >> 4;
    }

    /** The remaining length of a packet, and the bytes before it; 0 and 0 when its end is not there yet. */
    public static function getBodyLength(string $buffer, ?int &$head_bytes): int
    {
        try {
            return Decoder::getBodyLength($buffer, $head_bytes);
        } catch (\Exception) {
            return $head_bytes = 0;
        }
    }

    /**
     * What stands behind the fixed header.
     *
     * @param string $buffer
     */
    public static function getBody($buffer): string
    {
        $length = static::getBodyLength($buffer, $head);
        return (string) substr($buffer, $head ?? 0, $length);
    }

    /**
     * Takes a string, with its length in two bytes, from the front.
     *
     * @param string $buffer
     */
    public static function readString(&$buffer): string
    {
        return Decoder::readString($buffer);
    }

    /**
     * Takes a number of two bytes from the front.
     *
     * @param string $buffer
     */
    public static function readShortInt(&$buffer): mixed
    {
        return Decoder::shortInt($buffer);
    }

    /**
     * A fixed header.
     *
     * @param int $cmd
     * @param int $body_length
     * @param int $dup
     * @param int $qos
     * @param int $retain
     */
    public static function packHead($cmd, $body_length, $dup = 0, $qos = 0, $retain = 0): string
    {
        return Encoder::packHead((int) $cmd, (int) $body_length, (int) $dup, (int) $qos, (int) $retain);
    }
}
