<?php
declare(strict_types=1);

namespace Simps\MQTT\Internal;

use Mqtt\Exception\Exception as MqttException;
use Mqtt\Exception\ClosedException;
use Mqtt\Exception\ProtocolException as Refused;
use Mqtt\PacketClient;
use Simps\MQTT\Exception\ConnectException;
use Simps\MQTT\Exception\ProtocolException;
use Simps\MQTT\Protocol\V3;
use Simps\MQTT\Protocol\V5;
use Simps\MQTT\WebSocketClient;

/**
 * What a client says over its connection, and how it gets a new one.
 *
 * @internal
 */
trait Conversation
{
    /** What the transport said last when it failed. */
    private ?\Throwable $failure = null;

    /** CONNECT is being sent again: an end of the connection is handled further up. */
    private bool $resuming = false;

    private bool $endedAgain = false;

    /** @var array{}|array{string, int, string|null, bool} Where the transport leads. */
    private array $target = [];

    /**
     * Closes the connection and says why it failed.
     *
     * @throws ConnectException always
     */
    protected function handleException(): void
    {
        $failure = $this->failure;
        $this->client?->close();
        $code = $failure instanceof ClosedException ? 0 : (int) $failure?->getCode();
        $message = match (true) {
            $code > 0 && function_exists('posix_strerror') => posix_strerror($code),
            $failure !== null => $failure->getMessage(),
            default => 'The server has closed the connection',
        };
        throw new ConnectException($message, $code, $failure);
    }

    /**
     * Opens a new transport, to where the client is told to go by now.
     */
    protected function dial(?string $path): bool
    {
        $target = [$this->host, $this->port, $path, $this->ssl];
        try {
            if ($this->client === null || $this->target !== $target) {
                $this->client = Transport::client($this->host, $this->port, $this->getConfig(), $path, $this->ssl);
                $this->target = $target;
            }
            $this->client->connect();
        } catch (MqttException|\ValueError $e) {
            // A \ValueError: no such host or setting can be.
            $this->failure = $e;

            return false;
        }

        return true;
    }

    /**
     * {@see reConnect()} for any transport.
     */
    protected function dialAgain(): void
    {
        $attempts = $this->getConfig()->getMaxAttempts();
        do {
            if ($attempts-- === 0) {
                $this->handleException();
            }
            $this->sleep($this->getConfig()->getDelay());
            $this->client?->close();
        } while (!$this->dial($this instanceof WebSocketClient ? $this->path : null));
    }

    /**
     * {@see send()} for any transport.
     *
     * @param array<string, mixed> $data
     *
     * @return array<string, mixed>|bool
     */
    protected function exchange(array $data, bool $response)
    {
        $bytes = $this->packed($data);
        try {
            $this->connection()->sendBytes($bytes);
        } catch (MqttException $e) {
            $this->failure = $e;
            if ($this->resuming) {
                $this->endedAgain = true;

                return true;
            }
            $this->resume();
            if (!$response) {
                // Nobody will ask for an answer to this packet, so nobody would see that it is missing.
                return $this->exchange($data, false);
            }

            return true;
        }

        return $response ? $this->recv() : true;
    }

    /**
     * {@see recv()} for any transport.
     *
     * @return array<string, mixed>|bool
     */
    protected function receive()
    {
        $response = $this->getResponse();
        if (is_string($response) && $response !== '') {
            $this->handleVerbose($response);

            return $this->getConfig()->isMQTT5() ? V5::unpack($response) : V3::unpack($response);
        }
        if ($response === '' || !$this->connection()->isConnected()) {
            $this->resuming ? $this->endedAgain = true : $this->resume();
        } elseif ($response === false) {
            $this->handleException();
        }

        return true;
    }

    /**
     * {@see getResponse()} for any transport.
     *
     * @return bool|string
     */
    protected function next()
    {
        $sync = $this->clientType === self::SYNC_CLIENT_TYPE;
        try {
            return Transport::receive($this->connection(), Transport::wait($this->getConfig(), $sync)) ?? true;
        } catch (ClosedException $e) {
            $this->failure = $e;

            return '';
        } catch (Refused $e) {
            throw new ProtocolException($e->getMessage(), (int) $e->getCode(), $e);
        } catch (MqttException $e) {
            $this->failure = $e;

            return false;
        }
    }

    /**
     * Whether the connection ended over a frame of text.
     */
    protected function refusedText(): bool
    {
        return str_contains((string) $this->failure?->getMessage(), 'text frame');
    }

    /**
     * Connects again and sends CONNECT again; subscriptions are not made again. A server that takes the connection and closes
     * it counts as an attempt.
     */
    private function resume(): void
    {
        $attempts = $this->getConfig()->getMaxAttempts();
        do {
            $this->endedAgain = false;
            $this->reConnect();
            $this->resuming = true;
            try {
                /** @var array<string, mixed> $will */
                $will = $this->getConnectData('will') ?? [];
                $this->connect((bool) ($this->getConnectData('clean_session') ?? true), $will);
            } finally {
                $this->resuming = false;
            }
            if ($this->endedAgain && --$attempts === 0) {
                $this->handleException();
            }
        } while ($this->endedAgain);
    }

    /** @throws ConnectException before the first connection */
    private function connection(): PacketClient
    {
        return $this->client ?? throw new ConnectException('There is no connection');
    }

    /** @param array<string, mixed> $data */
    private function packed(array $data): string
    {
        return $this->getConfig()->isMQTT5() ? V5::pack($data) : V3::pack($data);
    }
}
