<?php
declare(strict_types=1);

namespace PhpMqtt\Client;

use Mqtt\Version;
use PhpMqtt\Client\Concerns\GeneratesRandomClientIds;
use PhpMqtt\Client\Concerns\HandlesMessages;
use PhpMqtt\Client\Concerns\OffersHooks;
use PhpMqtt\Client\Concerns\OwnsConnection;
use PhpMqtt\Client\Concerns\SendsMessages;
use PhpMqtt\Client\Concerns\ValidatesConfiguration;
use PhpMqtt\Client\Contracts\MessageProcessor;
use PhpMqtt\Client\Contracts\MqttClient as ClientContract;
use PhpMqtt\Client\Contracts\Repository;
use PhpMqtt\Client\Exceptions\ClientNotConnectedToBrokerException;
use PhpMqtt\Client\Exceptions\ConfigurationInvalidException;
use PhpMqtt\Client\Exceptions\ConnectingToBrokerFailedException;
use PhpMqtt\Client\Exceptions\ProtocolNotSupportedException;
use PhpMqtt\Client\MessageProcessors\Mqtt311MessageProcessor;
use PhpMqtt\Client\MessageProcessors\Mqtt31MessageProcessor;
use PhpMqtt\Client\Repositories\MemoryRepository;
use Psr\Log\LoggerInterface;

/**
 * An MQTT client of php-mqtt/client on the extension: connection, framing, decoding and keep-alive are native; session, hooks
 * and the loop are here, where subclasses and repositories of applications expect them.
 */
class MqttClient implements ClientContract
{
    use GeneratesRandomClientIds;
    use HandlesMessages;
    use OffersHooks;
    use OwnsConnection;
    use SendsMessages;
    use ValidatesConfiguration;

    public const MQTT_3_1   = '3.1';
    public const MQTT_3_1_1 = '3.1.1';

    public const QOS_AT_MOST_ONCE  = 0;
    public const QOS_AT_LEAST_ONCE = 1;
    public const QOS_EXACTLY_ONCE  = 2;

    public const SOCKET_READ_BUFFER_SIZE = 8192;

    /** Seconds that a turn of loop() waits for data at most where sleeping was not allowed: long enough to spare the core. */
    private const SHORTEST_WAIT = 0.001;

    private string $clientId;
    private ConnectionSettings $settings;
    private Version $version;
    private MessageProcessor $messageProcessor;
    private Repository $repository;
    /** Null where the application has given none, so that nothing is put together for it. */
    private ?LoggerInterface $logger = null;
    private bool $connected = false;
    private bool $interrupted = false;
    private ?float $lastPingAt = null;
    private ?float $pingResponseExpectedUntil = null;

    /**
     * Connects nothing.
     *
     * @param string|null          $clientId   null: one is made up
     * @param string               $protocol   MQTT_3_1 or MQTT_3_1_1
     * @param Repository|null      $repository null: one in memory
     * @param LoggerInterface|null $logger     told what goes on
     *
     * @throws ProtocolNotSupportedException for another protocol
     */
    public function __construct(
        private string $host,
        private int $port = 1883,
        ?string $clientId = null,
        string $protocol = self::MQTT_3_1,
        ?Repository $repository = null,
        ?LoggerInterface $logger = null,
    ) {
        $this->version = match ($protocol) {
            self::MQTT_3_1 => Version::V3_1,
            self::MQTT_3_1_1 => Version::V3_1_1,
            default => throw new ProtocolNotSupportedException($protocol),
        };
        $this->clientId   = $clientId ?? $this->generateRandomClientId();
        $this->repository = $repository ?? new MemoryRepository();
        $prefixing        = new Logger($host, $port, $this->clientId, $logger);
        $this->logger     = $logger === null ? null : $prefixing;

        $this->messageProcessor = $this->version === Version::V3_1
            ? new Mqtt31MessageProcessor($this->clientId, $prefixing)
            : new Mqtt311MessageProcessor($this->clientId, $prefixing);
        $this->initializeEventHandlers();
    }

    public function connect(?ConnectionSettings $settings = null, bool $useCleanSession = false): void
    {
        $this->closeSocket();
        $this->settings = $settings ?? new ConnectionSettings();
        $this->ensureConnectionSettingsAreValid($this->settings);
        if ($useCleanSession && $this->settings->shouldReconnectAutomatically()) {
            throw new ConfigurationInvalidException('Automatic reconnects cannot be used together with the clean session flag.');
        }
        if ($useCleanSession) {
            $this->repository->reset();
            $this->acknowledgedSubscriptions = $this->unreleased = [];
        }
        $this->connectInternal($useCleanSession);
    }

    /**
     * One attempt to connect, the first one or one of reconnect().
     *
     * @throws ConnectingToBrokerFailedException
     */
    protected function connectInternal(bool $useCleanSession = false, bool $isAutoReconnect = false): void
    {
        $this->logger?->debug('Connecting to the broker.');
        try {
            $this->establishSocketConnection();
            $this->performConnectionHandshake($useCleanSession);
        } catch (ConnectingToBrokerFailedException $e) {
            $this->closeSocket();
            throw $e;
        }
        $this->connected                 = true;
        $this->pingResponseExpectedUntil = null;
        if ($isAutoReconnect) {
            $this->restoreSession();
        }
        $this->runConnectedEventHandlers($isAutoReconnect);
    }

    /**
     * Connects again after the connection was lost, as often as the settings say.
     *
     * @throws ConnectingToBrokerFailedException of the last attempt
     */
    protected function reconnect(): void
    {
        for ($attempt = 1; ; ++$attempt) {
            try {
                $this->connectInternal(false, true);

                return;
            } catch (ConnectingToBrokerFailedException $e) {
                if ($attempt >= $this->settings->getMaxReconnectAttempts()) {
                    throw $e;
                }
                usleep($this->settings->getDelayBetweenReconnectAttempts() * 1000);
            }
        }
    }

    public function disconnect(): void
    {
        $this->ensureConnected();
        $this->sendDisconnect();
        $this->closeSocket();
    }

    public function publish(string $topic, string $message, int $qualityOfService = 0, bool $retain = false): void
    {
        $this->ensureConnected();
        if ($qualityOfService <= self::QOS_AT_MOST_ONCE) {
            $this->publishMessage($topic, $message, $qualityOfService, $retain);

            return;
        }
        $messageId = $this->repository->newMessageId();
        $pending   = new PublishedMessage($messageId, $topic, $message, $qualityOfService, $retain);
        $this->repository->addPendingOutgoingMessage($pending);
        $this->sendPending($pending, function () use ($topic, $message, $qualityOfService, $retain, $messageId): void {
            $this->publishMessage($topic, $message, $qualityOfService, $retain, $messageId);
        });
    }

    public function subscribe(string $topicFilter, ?callable $callback = null, int $qualityOfService = self::QOS_AT_MOST_ONCE): void
    {
        $this->ensureConnected();
        $this->logger?->debug('Subscribing to [{topicFilter}] with QoS [{qos}].', ['topicFilter' => $topicFilter, 'qos' => $qualityOfService]);
        $callback = $callback === null ? null : $callback(...);
        $this->sendSubscribe([new Subscription($topicFilter, $qualityOfService, $callback)]);
    }

    public function unsubscribe(string $topicFilter): void
    {
        $this->ensureConnected();
        $this->logger?->debug('Unsubscribing from [{topicFilter}].', ['topicFilter' => $topicFilter]);
        $messageId = $this->repository->newMessageId();
        $pending   = new UnsubscribeRequest($messageId, [$topicFilter]);
        $this->repository->addPendingOutgoingMessage($pending);
        $this->sendPending($pending, function () use ($messageId, $topicFilter): void {
            $this->writeToSocketWithAutoReconnect($this->messageProcessor->buildUnsubscribeMessage($messageId, [$topicFilter]));
        });
    }

    public function loop(bool $allowSleep = true, bool $exitWhenQueuesEmpty = false, ?int $queueWaitLimit = null): void
    {
        $startedAt = microtime(true);
        for ($turns = 0; ; ++$turns) {
            if ($this->interrupted) {
                $this->interrupted = false;
                break;
            }
            // A callback or a hook has called disconnect(): there is nothing left to do.
            if ($turns > 0 && !$this->connected && $this->connection === null) {
                break;
            }
            $isDone = $exitWhenQueuesEmpty && $this->repository->countSubscriptions() === 0 && $this->allQueuesAreEmpty();
            $before = $this->bytesReceived;
            $this->loopOnce($startedAt, $allowSleep && !$isDone);
            if ($exitWhenQueuesEmpty) {
                if ($this->repository->countSubscriptions() === 0 && $this->allQueuesAreEmpty()) {
                    break;
                }
                if ($queueWaitLimit !== null && microtime(true) - $startedAt > $queueWaitLimit) {
                    break;
                }
            }
            if (!$allowSleep && $this->bytesReceived === $before && !$this->interrupted) {
                $this->stream?->await(self::SHORTEST_WAIT);
            }
        }
    }

    public function loopOnce(float $loopStartedAt, bool $allowSleep = false, int $sleepMicroseconds = 100000): void
    {
        if ($this->connection === null) {
            $this->ensureConnected();
        }
        $this->runLoopEventHandlers(microtime(true) - $loopStartedAt);

        if ($allowSleep && !$this->interrupted) {
            $this->stream?->await($sleepMicroseconds / 1_000_000);
        }
        // Reading may reconnect, which empties the buffer: so it comes first.
        $bytes         = $this->readAllAvailableDataFromSocket(true);
        $this->buffer .= $bytes;
        $this->processMessages();
        // A callback may have disconnected.
        if ($this->connection === null) {
            return;
        }
        $this->resendPendingMessages();
        $this->handlePingTimeout();
        if ($this->nextPingAt() <= microtime(true)) {
            $this->ping();
        }
    }

    public function interrupt(): void
    {
        $this->interrupted = true;
    }

    public function isConnected(): bool
    {
        return $this->connected;
    }

    public function getHost(): string
    {
        return $this->host;
    }

    public function getPort(): int
    {
        return $this->port;
    }

    public function getClientId(): string
    {
        return $this->clientId;
    }

    public function getReceivedBytes(): int
    {
        return $this->bytesReceived;
    }

    public function getSentBytes(): int
    {
        return $this->bytesSent;
    }

    /** @throws ClientNotConnectedToBrokerException */
    protected function ensureConnected(): void
    {
        if (!$this->isConnected()) {
            throw new ClientNotConnectedToBrokerException(
                'The client is not connected to a broker. The requested operation is impossible at this point.'
            );
        }
    }

    /** Whether nothing waits for an answer, in either direction. */
    protected function allQueuesAreEmpty(): bool
    {
        return $this->repository->countPendingOutgoingMessages() === 0 && $this->repository->countPendingIncomingMessages() === 0;
    }

    /** When a ping is due: a keep-alive interval after the last packet that was written. */
    protected function nextPingAt(): float
    {
        return $this->lastPingAt + $this->settings->getKeepAliveInterval();
    }
}
