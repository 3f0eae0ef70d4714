<?php
declare(strict_types=1);

namespace Simps\MQTT\Internal;

use Mqtt\Compat\ArrayCodec;
use Mqtt\Exception\ProtocolException as Refused;
use Simps\MQTT\Exception\InvalidArgumentException;
use Simps\MQTT\Exception\LengthException;
use Simps\MQTT\Exception\ProtocolException;
use Simps\MQTT\Protocol\Types;
use Simps\MQTT\Tools\PackTool;

/**
 * The extension's codec with this library's exceptions.
 *
 * @internal
 */
final class Codec
{
    /** @var array<int, ArrayCodec> by protocol level */
    private static array $codecs = [];

    public static function of(int $level): ArrayCodec
    {
        return self::$codecs[$level] ??= new ArrayCodec('simps', $level);
    }

    /**
     * @param array<string, mixed> $array
     *
     * @throws \TypeError where a field is missing or of a wrong type
     */
    public static function packAs(int $level, int $type, array $array): string
    {
        $array['type'] = $type;
        try {
            return self::of($level)->encode($array);
        } catch (\ValueError $e) {
            throw self::refusedArray($e, $array, $level);
        }
    }

    /**
     * Reads what follows the fixed header.
     *
     * @param int|null $flags the low bits of the first byte; null: those that the type always has
     *
     * @return array<string, mixed>
     */
    public static function unpackBody(int $level, int $type, string $remaining, ?int $flags = null): array
    {
        $flags ??= in_array($type, [Types::PUBREL, Types::SUBSCRIBE, Types::UNSUBSCRIBE], true) ? 2 : 0;
        $data = chr($type << 4 | $flags) . PackTool::varInt(strlen($remaining)) . $remaining;
        try {
            return self::of($level)->decode($data);
        } catch (Refused $e) {
            throw self::refusedBytes($e, $data, $level);
        }
    }

    /**
     * The property length and the properties.
     *
     * @param array<int|string, mixed> $data
     */
    public static function packProperties(string $kind, array $data): string
    {
        try {
            return ArrayCodec::encodeProperties($kind, $data);
        } catch (\ValueError $e) {
            throw new ProtocolException($e->getMessage(), 0, $e);
        }
    }

    /**
     * Takes $length bytes, which are all properties, from the front of $remaining.
     *
     * @return array<int|string, mixed>
     */
    public static function unpackProperties(string $kind, int $length, string &$remaining): array
    {
        if ($length < 0 || $length > strlen($remaining)) {
            throw new LengthException("unpack remaining length error, get $length");
        }
        $bytes = substr($remaining, 0, $length);
        $remaining = substr($remaining, $length);
        try {
            return ArrayCodec::decodeProperties($kind, $bytes);
        } catch (Refused $e) {
            throw self::refusedProperties($e, $length);
        }
    }

    /**
     * Why an array was not written.
     *
     * @param array<string, mixed> $array
     */
    public static function refusedArray(\ValueError $e, array $array, int $level): \InvalidArgumentException
    {
        $type = $array['type'] ?? 0;
        if (!is_numeric($type) || $type < Types::CONNECT || $type > ($level === 5 ? Types::AUTH : Types::DISCONNECT)) {
            return new InvalidArgumentException('MQTT Type not exist', 0, $e);
        }

        return new ProtocolException($e->getMessage(), 0, $e);
    }

    /**
     * Why bytes were not read.
     */
    public static function refusedBytes(Refused $e, string $data, int $level): \Exception
    {
        try {
            $length = self::of($level)->length($data);
        } catch (Refused) {
            $length = 0;
        }
        if ($length === 0) {
            return new LengthException('Malformed Remaining Length', 0, $e);
        }
        if ($length > strlen($data)) {
            return new LengthException('unpack remaining length error, get ' . self::announced($data, $length), 0, $e);
        }

        return self::refusedProperties($e, self::announced($data, $length));
    }

    private static function refusedProperties(Refused $e, int $length): \Exception
    {
        if (str_starts_with($e->getMessage(), 'Property [0x')) {
            return new InvalidArgumentException($e->getMessage(), 0, $e);
        }
        if (str_contains($e->getMessage(), 'packet ends before its fields do')) {
            return new LengthException("unpack remaining length error, get $length", 0, $e);
        }

        return new ProtocolException($e->getMessage(), (int) $e->getCode(), $e);
    }

    /**
     * The length that could not be had: of the topic in PUBLISH, where that is what is short, else of the rest of the packet.
     */
    private static function announced(string $data, int $length): int
    {
        $header = 2;
        while ($header < 5 && (ord($data[$header - 1]) & 0x80) !== 0) {
            $header++;
        }
        if (ord($data[0]) >> 4 === Types::PUBLISH && strlen($data) >= $header + 2) {
            $topic = ord($data[$header]) << 8 | ord($data[$header + 1]);
            if ($topic > strlen($data) - $header - 2) {
                return $topic;
            }
        }

        return $length - $header;
    }
}
