<?php
declare(strict_types=1);

namespace Workerman\Mqtt\Protocols;

use Workerman\Connection\AsyncTcpConnection;
use Workerman\Connection\ConnectionInterface;
use Workerman\Protocols\Ws as BaseWs;

/** MQTT over WebSocket, for clients: Workerman's own protocol of that name carries what another class encodes. */
class Ws implements ProtocolInterface
{
    public const BINARY_TYPE_BLOB = BaseWs::BINARY_TYPE_BLOB;
    public const BINARY_TYPE_ARRAYBUFFER = BaseWs::BINARY_TYPE_ARRAYBUFFER;

    /**
     * Makes this the protocol "ws" of this process if there is none, and appends the option uri to the address.
     *
     * @param array<string, mixed> $options
     * @param array<string, mixed> $context
     */
    public static function init(string &$address, array &$options, array &$context): string
    {
        if (!class_exists('Protocols\Ws')) {
            class_alias(self::class, 'Protocols\Ws');
        }
        if (!empty($options['ssl']) && is_array($options['ssl'])) {
            $context['ssl'] = $options['ssl'];
        }
        if (!empty($options['bindto'])) {
            $context['socket'] = ['bindto' => $options['bindto']];
        }
        if (str_starts_with($address, 'wss:')) {
            $options['ssl'] = empty($options['ssl']) ? true : $options['ssl'];
            $address = 'ws' . substr($address, 3);
        }
        /** @var string $uri */
        $uri = $options['uri'] ?? '/mqtt';
        $address .= $uri;
        return self::class;
    }

    /** Encodes by the class that the connection names as websocketClientDataProtocolClass. */
    public static function pack(mixed $data, ConnectionInterface $connection): mixed
    {
        /** @var class-string<\Workerman\Protocols\ProtocolInterface>|null $protocol */
        $protocol = $connection->websocketClientDataProtocolClass ?? null;
        return $protocol === null ? $data : $protocol::encode($data, $connection);
    }

    public static function unpack(mixed $package, ConnectionInterface $connection): mixed
    {
        /** @var class-string<\Workerman\Protocols\ProtocolInterface>|null $protocol */
        $protocol = $connection->websocketClientDataProtocolClass ?? null;
        /** @var string $package */
        return $protocol === null ? $package : $protocol::decode($package, $connection);
    }

    /** @throws \RuntimeException on a server's connection */
    public static function input(string $buffer, ConnectionInterface $connection): int
    {
        return BaseWs::input($buffer, self::client($connection));
    }

    /** @throws \RuntimeException on a server's connection */
    public static function decode(string $buffer, ConnectionInterface $connection): mixed
    {
        return BaseWs::decode($buffer, self::client($connection));
    }

    /** @throws \RuntimeException on a server's connection */
    public static function encode(mixed $data, ConnectionInterface $connection): string
    {
        $connection = self::client($connection);
        try {
            /** @var string $data */
            return BaseWs::encode($data, $connection);
        } catch (\Throwable $why) {
            throw new \RuntimeException($why->getMessage(), (int) $why->getCode(), $why);
        }
    }

    /** Called by Workerman when the connection has ended: the next one begins with a handshake of its own. */
    public static function onClose(AsyncTcpConnection $connection): void
    {
        BaseWs::onClose($connection);
    }

    private static function client(ConnectionInterface $connection): AsyncTcpConnection
    {
        return $connection instanceof AsyncTcpConnection ? $connection : throw new \RuntimeException('Not support. ');
    }
}
