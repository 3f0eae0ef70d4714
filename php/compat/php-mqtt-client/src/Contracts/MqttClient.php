<?php
declare(strict_types=1);

namespace PhpMqtt\Client\Contracts;

use PhpMqtt\Client\ConnectionSettings;
use PhpMqtt\Client\Exceptions\ConfigurationInvalidException;
use PhpMqtt\Client\Exceptions\ConnectingToBrokerFailedException;
use PhpMqtt\Client\Exceptions\DataTransferException;
use PhpMqtt\Client\Exceptions\MqttClientException;
use PhpMqtt\Client\Exceptions\RepositoryException;

/**
 * An MQTT client. Its type is what applications ask for.
 */
interface MqttClient
{
    /**
     * Connects and waits for the broker's answer. A connection that is there is dropped.
     *
     * @param bool $useCleanSession broker and repository forget the earlier session; not together with automatic reconnects
     *
     * @throws ConfigurationInvalidException     when a setting cannot be used
     * @throws ConnectingToBrokerFailedException when the broker cannot be reached, or refuses
     */
    public function connect(?ConnectionSettings $settings = null, bool $useCleanSession = false): void;

    /**
     * Says good-bye and closes.
     *
     * @throws DataTransferException when there is no connection, or it breaks
     */
    public function disconnect(): void;

    /** Whether connect() succeeded and neither disconnect() nor a ping without answer has ended it. */
    public function isConnected(): bool;

    /**
     * Publishes a message. At QoS 1 and 2 the exchange with the broker goes on in loop().
     *
     * @throws DataTransferException when there is no connection, or it breaks
     * @throws RepositoryException   when 65535 messages wait for their acknowledgement
     */
    public function publish(string $topic, string $message, int $qualityOfService = 0, bool $retain = false): void;

    /**
     * Subscribes; the subscription exists once loop() has seen the broker's answer.
     *
     * @param (callable(string $topic, string $message, bool $retained, list<string> $matchedWildcards): mixed)|null $callback
     *
     * @throws DataTransferException when there is no connection, or it breaks
     * @throws RepositoryException   when 65535 messages wait for their acknowledgement
     */
    public function subscribe(string $topicFilter, ?callable $callback = null, int $qualityOfService = 0): void;

    /**
     * Takes a subscription back; it ends once loop() has seen the broker's answer.
     *
     * @throws DataTransferException when there is no connection, or it breaks
     * @throws RepositoryException   when 65535 messages wait for their acknowledgement
     */
    public function unsubscribe(string $topicFilter): void;

    /** Ends loop() before its next turn. May be called from a callback or a signal handler. */
    public function interrupt(): void;

    /**
     * Receives and acknowledges messages, calls callbacks, repeats what was not answered, and keeps the connection alive,
     * until interrupt().
     *
     * @param bool     $allowSleep          waits for data where there is none; false looks again at once
     * @param bool     $exitWhenQueuesEmpty returns when there is no subscription and nothing waits for an answer
     * @param int|null $queueWaitLimit      with $exitWhenQueuesEmpty: returns after so many seconds in any case
     *
     * @throws DataTransferException when the connection breaks
     * @throws MqttClientException   when the broker breaks the protocol
     */
    public function loop(bool $allowSleep = true, bool $exitWhenQueuesEmpty = false, ?int $queueWaitLimit = null): void;

    /**
     * One turn of loop(), for programs with a loop of their own.
     *
     * @param float $loopStartedAt     for loop event handlers, as microtime(true) gives it
     * @param bool  $allowSleep        waits for data where there is none, at most $sleepMicroseconds
     *
     * @throws DataTransferException when the connection breaks
     * @throws MqttClientException   when the broker breaks the protocol
     */
    public function loopOnce(float $loopStartedAt, bool $allowSleep = false, int $sleepMicroseconds = 100000): void;

    public function getHost(): string;

    public function getPort(): int;

    public function getClientId(): string;

    /** Bytes received by this object, over all its connections. */
    public function getReceivedBytes(): int;

    /** Bytes sent by this object, over all its connections. */
    public function getSentBytes(): int;

    /** @param \Closure(MqttClient $client, float $elapsedTime): mixed $callback called in each turn of the loop */
    public function registerLoopEventHandler(\Closure $callback): MqttClient;

    /** @param \Closure|null $callback null takes all back */
    public function unregisterLoopEventHandler(?\Closure $callback = null): MqttClient;

    /**
     * @param \Closure(MqttClient $client, string $topic, string $message, ?int $messageId, int $qualityOfService, bool $retain): mixed $callback
     *        called before a message is sent, also when it is sent again
     */
    public function registerPublishEventHandler(\Closure $callback): MqttClient;

    /** @param \Closure|null $callback null takes all back */
    public function unregisterPublishEventHandler(?\Closure $callback = null): MqttClient;

    /**
     * @param \Closure(MqttClient $client, string $topic, string $message, int $qualityOfService, bool $retained): mixed $callback
     *        called for every message, after the callbacks of subscriptions
     */
    public function registerMessageReceivedEventHandler(\Closure $callback): MqttClient;

    /** @param \Closure|null $callback null takes all back */
    public function unregisterMessageReceivedEventHandler(?\Closure $callback = null): MqttClient;
}
