<?php
declare(strict_types=1);

namespace PhpMqtt\Client\Concerns;

use Mqtt\Compat\ByteStream;
use Mqtt\Exception\ClosedException;
use Mqtt\Exception\ForkException;
use Mqtt\Exception\ProtocolException;
use Mqtt\Exception\TimeoutException;
use Mqtt\Exception\TransportException;
use Mqtt\PacketClient;
use PhpMqtt\Client\Exceptions\ConnectingToBrokerFailedException;
use PhpMqtt\Client\Exceptions\DataTransferException;
use PhpMqtt\Client\Exceptions\ProtocolViolationException;

/**
 * The connection of MqttClient, and everything that reads from it and writes to it.
 *
 * @internal
 */
trait OwnsConnection
{
    /** At most so many chunks are read in a turn, so that a broker which never pauses does not hold up the hooks. */
    private static int $chunksInATurn = 64;

    /** @var resource|null to wait on, not to read: the bytes go through the extension. Closed: the connection is lost */
    protected $socket;

    private ?PacketClient $connection = null;
    private ?ByteStream $stream = null;
    private int $bytesReceived = 0;
    private int $bytesSent = 0;
    private bool $sessionPresent = false;
    /** Counts connections, so that who writes can tell whether his packet went into a new one. */
    private int $connections = 0;

    /** @throws ConnectingToBrokerFailedException */
    protected function establishSocketConnection(): void
    {
        $host    = str_contains($this->getHost(), ':') ? '[' . trim($this->getHost(), '[]') . ']' : $this->getHost();
        $useTls  = $this->settings->shouldUseTls();
        $options = [
            'version' => $this->version,
            'connectTimeout' => $this->settings->getConnectTimeout(),
            'writeTimeout' => $this->settings->getSocketTimeout(),
            'keepAlive' => $this->settings->getKeepAliveInterval(),
            'tls' => $useTls ? $this->tlsOptions() : null,
        ];
        try {
            $connection = new PacketClient(($useTls ? 'mqtts' : 'mqtt') . "://$host:{$this->getPort()}", $options);
            $connection->connect();
        } catch (TransportException|\ValueError $e) {
            throw $this->connectingFailed($e);
        }
        $this->connection = $connection;
        $this->stream     = new ByteStream($connection);
        $this->buffer     = '';
        $this->bufferAt   = 0;
        $this->socket     = $connection->stream();
        ++$this->connections;
    }

    /** @return array<string, mixed> the settings as the extension names them */
    private function tlsOptions(): array
    {
        $settings   = $this->settings;
        $verifyPeer = $settings->shouldTlsVerifyPeer()
            || $settings->getTlsCertificateAuthorityFile() !== null
            || $settings->getTlsCertificateAuthorityPath() !== null;
        if (!$verifyPeer || $settings->isTlsSelfSignedAllowed()) {
            $this->logger?->warning('The certificate of the broker is not verified: anybody can pose as the broker.');
        }

        return [
            'verifyPeer' => $verifyPeer,
            // PHP's streams check the name only where they check the certificate.
            'verifyPeerName' => $verifyPeer && $settings->shouldTlsVerifyPeerName(),
            'allowSelfSigned' => $settings->isTlsSelfSignedAllowed(),
            'caFile' => $settings->getTlsCertificateAuthorityFile(),
            'caPath' => $settings->getTlsCertificateAuthorityPath(),
            'certFile' => $settings->getTlsClientCertificateFile(),
            'keyFile' => $settings->getTlsClientCertificateKeyFile(),
            'keyPassphrase' => $settings->getTlsClientCertificateKeyPassphrase(),
            'alpn' => $settings->getTlsAlpn() === null ? null : array_map(trim(...), explode(',', $settings->getTlsAlpn())),
        ];
    }

    private function connectingFailed(TransportException|\ValueError $e): ConnectingToBrokerFailedException
    {
        $text = $e->getMessage();
        $this->logger?->error('Connecting to the broker failed: {error}', ['error' => $text, 'code' => $e->getCode()]);
        $isTls = $this->settings->shouldUseTls() && ($e->step ?? null) === 'tls';
        if (!$isTls) {
            $text = $e instanceof TransportException ? $text : "\"{$this->getHost()}:{$this->getPort()}\" cannot be used: $text";
            // The system's words first: programs look for them.
            $text = $e->getCode() > 0 && function_exists('posix_strerror') ? posix_strerror($e->getCode()) . " ($text)" : $text;

            return new ConnectingToBrokerFailedException(
                ConnectingToBrokerFailedException::EXCEPTION_CONNECTION_SOCKET_ERROR,
                sprintf('Socket error [%d]: %s', $e->getCode(), $text),
                (string) $e->getCode(),
                $text,
            );
        }
        // OpenSSL's number for a certificate that was refused; other failures have none here.
        $isCertificate = str_contains($text, 'certificate');
        $code          = $isCertificate ? '0A000086' : 'UNKNOWN:3';
        $text          = $isCertificate ? "SSL routines::certificate verify failed: $text" : $text;

        return new ConnectingToBrokerFailedException(
            ConnectingToBrokerFailedException::EXCEPTION_CONNECTION_TLS_ERROR,
            "TLS error [$code]: $text",
            $code,
            $text,
        );
    }

    /** @throws ConnectingToBrokerFailedException when the broker refuses, or does not answer */
    protected function performConnectionHandshake(bool $useCleanSession = false): void
    {
        try {
            $this->writeToSocket($this->messageProcessor->buildConnectMessage($this->settings, $useCleanSession));
            $answer = $this->connection?->receiveBytes($this->settings->getConnectTimeout());
        } catch (DataTransferException|ClosedException|TransportException|ProtocolException $e) {
            $this->logger?->error('The connection broke before the broker answered: {error}', ['error' => $e->getMessage()]);
            throw new ConnectingToBrokerFailedException(
                ConnectingToBrokerFailedException::EXCEPTION_CONNECTION_FAILED,
                'A connection could not be established due to data transfer issues.',
            );
        }
        if ($answer === null) {
            throw new ConnectingToBrokerFailedException(
                ConnectingToBrokerFailedException::EXCEPTION_CONNECTION_BROKER_UNAVAILABLE,
                'The broker did not acknowledge the connection attempt within the configured connection timeout period.',
            );
        }
        $this->bytesReceived += strlen($answer);
        $this->messageProcessor->handleConnectAcknowledgement($answer);
        // MQTT 3.1 has no such flag: there the bit is 0.
        $this->sessionPresent = (bool) (ord($answer[2]) & 1);
    }

    /** @throws DataTransferException */
    protected function writeToSocketWithAutoReconnect(string $data, ?int $length = null): void
    {
        try {
            $this->writeToSocket($data, $length);
        } catch (DataTransferException $e) {
            $this->reconnectAfter($e);
            $this->writeToSocket($data, $length);
        }
    }

    /**
     * @param int|null $length bytes of $data to write; null: all
     *
     * @throws DataTransferException
     */
    protected function writeToSocket(string $data, ?int $length = null): void
    {
        if ($length !== null) {
            $data = substr($data, 0, $length);
        }
        try {
            $this->streamOfOpenSocket()->write($data);
        } catch (ClosedException|TransportException|TimeoutException|ForkException $e) {
            $this->logger?->error('Writing to the broker failed: {error}', ['error' => $e->getMessage()]);
            throw new DataTransferException(
                DataTransferException::EXCEPTION_TX_DATA,
                'Sending data over the socket failed. Has it been closed?',
            );
        }
        $this->bytesSent += strlen($data);
        $this->logger?->debug('Wrote to the broker: {data}', ['data' => $data]);
        $this->lastPingAt = microtime(true);
    }

    /** @throws DataTransferException */
    protected function readFromSocketWithAutoReconnect(int $limit = self::SOCKET_READ_BUFFER_SIZE, bool $withoutBlocking = false): string
    {
        try {
            return $this->readFromSocket($limit, $withoutBlocking);
        } catch (DataTransferException $e) {
            $this->reconnectAfter($e);

            return $this->readFromSocket($limit, $withoutBlocking);
        }
    }

    /**
     * @param bool $withoutBlocking true: what is there, at most $limit bytes; false: waits for $limit bytes, or for the time of
     *                              the setting socketTimeout without any
     *
     * @throws DataTransferException
     * @throws ProtocolViolationException when what came is no packet; the connection is closed then
     */
    protected function readFromSocket(int $limit = self::SOCKET_READ_BUFFER_SIZE, bool $withoutBlocking = false): string
    {
        try {
            $stream = $this->streamOfOpenSocket();
            $bytes  = $stream->read($limit);
            while (!$withoutBlocking && strlen($bytes) < $limit) {
                $stream->await($this->settings->getSocketTimeout());
                $more = $stream->read($limit - strlen($bytes));
                if ($more === '') {
                    break;
                }
                $bytes .= $more;
            }
        } catch (ClosedException) {
            throw new DataTransferException(
                DataTransferException::EXCEPTION_RX_DATA,
                'The socket has reached EOF which indicates it has been closed by the broker.',
            );
        } catch (ProtocolException $e) {
            throw new ProtocolViolationException($e->getMessage());
        } catch (TransportException|ForkException $e) {
            $this->logger?->error('Reading from the broker failed: {error}', ['error' => $e->getMessage()]);
            throw new DataTransferException(
                DataTransferException::EXCEPTION_RX_DATA,
                'Reading data from the socket failed. Has it been closed?',
            );
        }
        if ($bytes !== '') {
            $this->bytesReceived += strlen($bytes);
            $this->logger?->debug('Read from the broker: {data}', ['data' => $bytes]);
        }

        return $bytes;
    }

    /** @throws DataTransferException */
    protected function readAllAvailableDataFromSocket(bool $withAutoReconnectIfConfigured = false): string
    {
        $bytes = '';
        for ($chunks = 0; $chunks < self::$chunksInATurn; ++$chunks) {
            try {
                $chunk = $chunks === 0 && $withAutoReconnectIfConfigured
                    ? $this->readFromSocketWithAutoReconnect(self::SOCKET_READ_BUFFER_SIZE, true)
                    : $this->readFromSocket(self::SOCKET_READ_BUFFER_SIZE, true);
            } catch (DataTransferException $e) {
                // What came before the end is handled first; the next turn comes to the end again.
                if ($bytes === '') {
                    throw $e;
                }
                break;
            }
            $bytes .= $chunk;
            if (strlen($chunk) < self::SOCKET_READ_BUFFER_SIZE) {
                break;
            }
        }

        return $bytes;
    }

    /** Closes without a word, as when the connection was lost. */
    protected function closeSocket(): void
    {
        $connection       = $this->connection;
        $this->connection = null;
        $this->stream     = null;
        $this->buffer     = '';
        $this->bufferAt   = 0;
        $this->socket     = null;
        $this->connected  = false;
        if ($connection === null) {
            return;
        }
        try {
            $connection->close();
        } catch (ForkException) {
            // It is the parent's.
        }
        $this->logger?->debug('Closed the connection to the broker.');
    }

    /** @throws DataTransferException $lost, where there are no automatic reconnects, or none succeeded */
    private function reconnectAfter(DataTransferException $lost): void
    {
        if (!$this->settings->shouldReconnectAutomatically()) {
            throw $lost;
        }
        try {
            $this->reconnect();
        } catch (ConnectingToBrokerFailedException $e) {
            $this->logger?->error('Reconnecting to the broker failed: {error}', ['error' => $e->getMessage()]);
            throw $lost;
        }
    }

    /** @throws ClosedException when there is none, or a subclass has closed the socket */
    private function streamOfOpenSocket(): ByteStream
    {
        if ($this->stream === null || !is_resource($this->socket)) {
            throw new ClosedException('there is no connection');
        }

        return $this->stream;
    }
}
