<?php
declare(strict_types=1);

namespace Imi\MQTT\Client;

use Mqtt\Exception\ClosedException;
use Mqtt\PacketClient;
use Swoole\Coroutine;
use Swoole\Coroutine\System;

/**
 * The connection of a client, and how to wait for it: blocking, or as a coroutine of Swoole where one is running.
 *
 * @internal
 */
final class Line
{
    /** errno of a time-out on Linux, which is what Swoole gives. */
    public const TIMED_OUT = 110;

    public readonly PacketClient $client;
    private ?float $timeout;
    private int $closings = 0;
    /** The coroutine that waits for a packet; 0: none. */
    private int $waiting = 0;

    public function __construct(Connection $connection)
    {
        $host = $connection->getHost();
        $host = str_contains($host, ':') && $host[0] !== '[' ? "[$host]" : $host;
        $scheme = $connection->getSsl() ? 'mqtts' : 'mqtt';
        $this->timeout = $connection->getTimeout() > 0 ? $connection->getTimeout() : null;
        $this->client = new PacketClient("$scheme://$host:{$connection->getPort()}", array_filter([
            'connectTimeout' => $this->timeout,
            'writeTimeout' => $this->timeout,
            'keepAlive' => $connection->getPingTimespan() > 0 ? $connection->getPingTimespan() : null,
            'tls' => $connection->getSsl() ? self::tls($connection) : null,
        ], static fn (mixed $value): bool => $value !== null));
    }

    public function connect(): void
    {
        $this->client->connect();
    }

    /** Closes, and wakes who waits for a packet. */
    public function close(): void
    {
        $this->closings++;
        if ($this->waiting > 0 && $this->waiting !== Coroutine::getCid()) {
            // A descriptor that is closed wakes nobody.
            Coroutine::cancel($this->waiting);
        }
        $this->client->close();
    }

    /** How often it was closed from this side. */
    public function closings(): int
    {
        return $this->closings;
    }

    /**
     * The bytes of the next packet; null when the time is over.
     *
     * @throws \Mqtt\Exception\Exception as PacketClient::receiveBytes()
     */
    public function receive(): ?string
    {
        if (!class_exists(Coroutine::class, false) || Coroutine::getCid() <= 0) {
            return $this->client->receiveBytes($this->timeout);
        }
        $end = $this->timeout === null ? null : microtime(true) + $this->timeout;
        $closings = $this->closings;
        while (($bytes = $this->client->receiveBytes(0.0)) === null) {
            $left = $end === null ? -1 : $end - microtime(true);
            if ($end !== null && $left <= 0) {
                return null;
            }
            $this->await($left);
            if ($closings !== $this->closings) {
                // The one that closes it wakes this one first.
                throw new ClosedException('the connection was closed by disconnect()');
            }
        }
        return $bytes;
    }

    /** Lets other coroutines run until the socket is readable, the time is over, or it was closed. */
    private function await(float $seconds): void
    {
        if ($this->waiting !== 0) {
            throw new \LogicException('Another coroutine receives from this client already');
        }
        /** @var int $coroutine */
        $coroutine = Coroutine::getCid();
        $this->waiting = $coroutine;
        try {
            System::waitEvent($this->client->fd(), SWOOLE_EVENT_READ, $seconds);
        } finally {
            $this->waiting = 0;
        }
    }

    /** @return array<string, mixed> */
    private static function tls(Connection $connection): array
    {
        // Swoole checks the name where one is given. Without one, who names the authorities to trust trusts them as they are;
        // of the authorities of the system each vouches for any name, so there the name counts.
        $isPrivate = $connection->getSslCafile() !== null || $connection->getSslCapath() !== null || $connection->getSslAllowSelfSigned();
        return array_filter([
            'certFile' => $connection->getSslCertFile(),
            'keyFile' => $connection->getSslKeyFile(),
            'verifyPeer' => $connection->getSslVerifyPeer(),
            'verifyPeerName' => $connection->getSslVerifyPeer() && ($connection->getSslHostName() !== null || !$isPrivate),
            'allowSelfSigned' => $connection->getSslAllowSelfSigned(),
            'peerName' => $connection->getSslHostName(),
            'caFile' => $connection->getSslCafile(),
            'caPath' => $connection->getSslCapath(),
        ], static fn (mixed $value): bool => $value !== null);
    }
}
