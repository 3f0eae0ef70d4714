<?php
declare(strict_types=1);

namespace Simps\MQTT\Internal;

use Mqtt\PacketClient;
use Simps\MQTT\Config\ClientConfig;

/**
 * The options of Swoole's clients in the terms of {@see PacketClient}, and waiting in a coroutine.
 *
 * @internal
 */
final class Transport
{
    /** Bits and values of `sockType`: SWOOLE_SSL, SWOOLE_SOCK_UNIX_STREAM. */
    private const SSL = 512;
    private const UNIX = 5;

    /** Seconds that the SYNC type waits for a packet: what swoole_client_select() waits. */
    private const SYNC_WAIT = 0.5;

    /**
     * A client that is not connected yet.
     *
     * @param string|null $path of the WebSocket; null: none
     */
    public static function client(string $host, int $port, ClientConfig $config, ?string $path, bool $ssl): PacketClient
    {
        $settings = $config->getSwooleConfig();
        $ssl = $ssl || ($config->getSockType() & self::SSL) !== 0;
        $options = array_filter([
            'connectTimeout' => self::seconds($settings, 'connect_timeout'),
            'writeTimeout' => self::seconds($settings, 'write_timeout'),
            'maximumPacketSize' => isset($settings['package_max_length']) ? (int) $settings['package_max_length'] : null,
            'bindAddress' => self::bindAddress($settings),
            'tls' => $ssl ? self::tls($settings) : null,
            'headers' => $path === null ? null : self::headers($config->getHeaders()),
        ], static fn ($option): bool => $option !== null && $option !== []);
        if ($path === null && ($config->getSockType() & ~self::SSL) === self::UNIX) {
            return new PacketClient("unix://$host", $options);
        }
        $authority = (str_contains($host, ':') ? "[$host]" : $host) . ":$port";
        $scheme = $path === null ? ($ssl ? 'mqtts' : 'mqtt') : ($ssl ? 'wss' : 'ws');

        return new PacketClient("$scheme://$authority" . ($path === null ? '' : '/' . ltrim($path, '/')), $options);
    }

    /**
     * Whether this runs in a coroutine of Swoole, where waiting gives way to the others.
     */
    public static function inCoroutine(): bool
    {
        return class_exists(\Swoole\Coroutine::class, false) && \Swoole\Coroutine::getCid() > 0;
    }

    /**
     * How long to wait for a packet, in seconds; null: without end.
     */
    public static function wait(ClientConfig $config, bool $sync): ?float
    {
        $settings = $config->getSwooleConfig();
        foreach (['read_timeout', 'timeout'] as $name) {
            if (isset($settings[$name])) {
                return $settings[$name] > 0 ? (float) $settings[$name] : null;
            }
        }

        return $sync ? self::SYNC_WAIT : null;
    }

    /**
     * The next packet, as {@see PacketClient::receiveBytes()}.
     */
    public static function receive(PacketClient $client, ?float $timeout): ?string
    {
        if (!self::inCoroutine()) {
            return $client->receiveBytes($timeout);
        }
        $end = $timeout === null ? null : hrtime(true) + (int) ($timeout * 1e9);
        while (($bytes = $client->receiveBytes(0.0)) === null) {
            $left = $end === null ? -1.0 : ($end - hrtime(true)) / 1e9;
            if ($end !== null && $left <= 0) {
                return null;
            }
            \Swoole\Coroutine\System::waitEvent($client->fd(), SWOOLE_EVENT_READ, $left);
        }

        return $bytes;
    }

    /** @param array<string, scalar|null> $settings */
    private static function seconds(array $settings, string $name): ?float
    {
        $seconds = (float) ($settings[$name] ?? $settings['timeout'] ?? 0);

        return $seconds > 0 ? $seconds : null;
    }

    /** @param array<string, scalar|null> $settings */
    private static function bindAddress(array $settings): ?string
    {
        if (!isset($settings['bind_address'])) {
            return null;
        }
        $address = (string) $settings['bind_address'];
        $port = (int) ($settings['bind_port'] ?? 0);

        return $port === 0 ? $address : (str_contains($address, ':') ? "[$address]" : $address) . ":$port";
    }

    /**
     * Without the subprotocol, which the extension sends itself.
     *
     * @param array<string, string> $headers
     *
     * @return array<string, string>
     */
    private static function headers(array $headers): array
    {
        return array_filter($headers, static fn ($name): bool => strcasecmp((string) $name, 'Sec-WebSocket-Protocol') !== 0, ARRAY_FILTER_USE_KEY);
    }

    /**
     * @param array<string, scalar|null> $settings
     *
     * @return array<string, mixed>
     */
    private static function tls(array $settings): array
    {
        $options = [
            'caFile' => $settings['ssl_cafile'] ?? null,
            'caPath' => $settings['ssl_capath'] ?? null,
            'certFile' => $settings['ssl_cert_file'] ?? null,
            'keyFile' => $settings['ssl_key_file'] ?? null,
            'keyPassphrase' => $settings['ssl_passphrase'] ?? null,
            'peerName' => $settings['ssl_host_name'] ?? null,
            'verifyPeer' => isset($settings['ssl_verify_peer']) ? (bool) $settings['ssl_verify_peer'] : null,
            'verifyPeerName' => isset($settings['ssl_verify_peer']) ? (bool) $settings['ssl_verify_peer'] : null,
            'allowSelfSigned' => isset($settings['ssl_allow_self_signed']) ? (bool) $settings['ssl_allow_self_signed'] : null,
        ];

        return array_filter($options, static fn ($option): bool => $option !== null);
    }
}
