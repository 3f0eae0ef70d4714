<?php
declare(strict_types=1);

namespace Simps\MQTT\Protocol;

use Mqtt\Compat\ArrayCodec;
use Mqtt\Exception\ProtocolException as Refused;
use Simps\MQTT\Internal\Codec;

/**
 * MQTT 5.0.
 */
class V5 implements ProtocolInterface
{
    private static ?ArrayCodec $codec = null;

    /**
     * @param array<string, mixed> $array
     *
     * @throws \TypeError where a field is missing or of a wrong type
     * @throws \Simps\MQTT\Exception\InvalidArgumentException 'MQTT Type not exist'
     * @throws \Simps\MQTT\Exception\ProtocolException where MQTT does not allow a value
     */
    public static function pack(array $array): string
    {
        try {
            return (self::$codec ??= Codec::of(5))->encode($array);
        } catch (\ValueError $e) {
            throw Codec::refusedArray($e, $array, 5);
        }
    }

    /**
     * @return array<string, mixed> empty for the packet type that does not exist; bytes behind the packet are not looked at
     *
     * @throws \Simps\MQTT\Exception\LengthException where the bytes are no whole packet
     * @throws \Simps\MQTT\Exception\InvalidArgumentException 'Property [0x7f] not exist'
     * @throws \Simps\MQTT\Exception\ProtocolException where the packet is none of MQTT 5
     */
    public static function unpack(string $data): array
    {
        try {
            return (self::$codec ??= Codec::of(5))->decode($data);
        } catch (Refused $e) {
            if ($data !== '' && ord($data[0]) >> 4 === 0) {
                return [];
            }
            throw Codec::refusedBytes($e, $data, 5);
        }
    }
}
