<?php
declare(strict_types=1);

namespace Workerman\Mqtt\Internal;

use Mqtt\Exception\ProtocolException;
use Workerman\Connection\ConnectionInterface;
use Workerman\Mqtt\Protocols\Mqtt;
use Workerman\Mqtt\Protocols\Mqtt5;

/**
 * What Protocols\Mqtt and Protocols\Mqtt5 share: a protocol of Workerman over the native codec, for clients and servers.
 *
 * @internal
 */
trait Protocol
{
    /** @var array{string, array<string, mixed>}|null the packet that input() has read already */
    private static ?array $decoded = null;

    /**
     * Chooses the class by the option protocol_level, and makes it the protocol "mqtt" of this process if there is none.
     *
     * @param array<string, mixed> $options
     * @param array<string, mixed> $context
     */
    public static function init(string &$address, array &$options, array &$context): string
    {
        $class = ($options['protocol_level'] ?? 4) === 5 ? Mqtt5::class : Mqtt::class;
        if (!class_exists('Workerman\Protocols\Mqtt', false)) {
            class_alias($class, 'Workerman\Protocols\Mqtt');
        }
        if (!empty($options['bindto'])) {
            $context['socket'] = ['bindto' => $options['bindto']];
        }
        if (!empty($options['ssl']) && is_array($options['ssl'])) {
            $context['ssl'] = $options['ssl'];
        }
        $isSecure = str_starts_with($address, 'mqtts:');
        if ($isSecure) {
            $options['ssl'] = empty($options['ssl']) ? true : $options['ssl'];
            $address = 'mqtt' . substr($address, 5);
        }
        if (parse_url($address, PHP_URL_PORT) === null && preg_match('~^\w+://(\[[^]]+]|[^/:?#]+)~', $address, $match)) {
            $address = $match[0] . ($isSecure ? ':8883' : ':1883') . substr($address, strlen($match[0]));
        }
        return $class;
    }

    public static function pack(mixed $data, ConnectionInterface $connection): mixed
    {
        return $data;
    }

    public static function unpack(mixed $package, ConnectionInterface $connection): mixed
    {
        return $package;
    }

    /**
     * Bytes of the first packet in the buffer once it is whole; 0 when more are needed. A packet above the connection's
     * maxPackageSize is told as soon as its length is known, so that Workerman closes the connection; -1 for what is no MQTT does
     * the same.
     */
    public static function input(string $buffer, ConnectionInterface $connection): int
    {
        if (strlen($buffer) < 2) {
            return 0;
        }
        try {
            $length = Codec::of(self::LEVEL)->length($buffer);
            if ($length === 0 || $length > strlen($buffer)) {
                return $length > ($connection->maxPackageSize ?? PHP_INT_MAX) ? $length : 0;
            }
            // An exception in decode() would end the whole worker, so what cannot be decoded must not get that far.
            $packet = $length === strlen($buffer) ? $buffer : substr($buffer, 0, $length);
            self::$decoded = [$packet, Codec::of(self::LEVEL)->decode($packet)];
            return $length;
        } catch (ProtocolException) {
            return -1;
        }
    }

    /**
     * The array of a whole packet; [] for the reserved type 0.
     *
     * @return array<string, mixed>
     *
     * @throws ProtocolException for what is no MQTT
     */
    public static function decode(string $buffer, ConnectionInterface $connection): array
    {
        [$known, $packet] = self::$decoded ?? [null, null];
        self::$decoded = null;
        if ($packet !== null && $known === $buffer) {
            return $packet;
        }
        return ($buffer === '' || ord($buffer[0]) >> 4 === 0) ? [] : Codec::of(self::LEVEL)->decode($buffer);
    }
}
