<?php
declare(strict_types=1);

namespace Simps\MQTT\Protocol;

use Mqtt\Compat\ArrayCodec;
use Mqtt\Exception\ProtocolException as Refused;
use Simps\MQTT\Exception\RuntimeException;
use Simps\MQTT\Internal\Codec;

/**
 * MQTT 3.1 and 3.1.1.
 */
class V3 implements ProtocolInterface
{
    private static ?ArrayCodec $codec = null;

    /**
     * @param array<string, mixed> $array
     *
     * @throws RuntimeException where a field is missing or of a wrong type
     * @throws \Simps\MQTT\Exception\InvalidArgumentException 'MQTT Type not exist'
     * @throws \Simps\MQTT\Exception\ProtocolException where MQTT does not allow a value
     */
    public static function pack(array $array): string
    {
        try {
            return (self::$codec ??= Codec::of(4))->encode($array);
        } catch (\TypeError $e) {
            throw new RuntimeException($e->getMessage(), (int) $e->getCode(), $e);
        } catch (\ValueError $e) {
            throw Codec::refusedArray($e, $array, 4);
        }
    }

    /**
     * @return array<string, mixed> empty for a packet type that MQTT 3 does not have; bytes behind the packet are not looked at
     *
     * @throws \Simps\MQTT\Exception\LengthException where the bytes are no whole packet
     * @throws \Simps\MQTT\Exception\ProtocolException where the packet is none of MQTT 3
     */
    public static function unpack(string $data): array
    {
        try {
            return (self::$codec ??= Codec::of(4))->decode($data);
        } catch (Refused $e) {
            if ($data !== '' && in_array(ord($data[0]) >> 4, [0, Types::AUTH], true)) {
                return [];
            }
            throw Codec::refusedBytes($e, $data, 4);
        }
    }
}
