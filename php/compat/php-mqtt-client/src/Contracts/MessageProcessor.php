<?php
declare(strict_types=1);

namespace PhpMqtt\Client\Contracts;

use PhpMqtt\Client\ConnectionSettings;
use PhpMqtt\Client\Exceptions\ConnectingToBrokerFailedException;
use PhpMqtt\Client\Exceptions\InvalidMessageException;
use PhpMqtt\Client\Exceptions\ProtocolViolationException;
use PhpMqtt\Client\Message;
use PhpMqtt\Client\Subscription;

/**
 * One version of the protocol: packets to bytes and back.
 */
interface MessageProcessor
{
    /**
     * Looks whether the buffer begins with a whole packet.
     *
     * @param string|null $message       the packet, where there is one
     * @param int         $requiredBytes the length of the packet, where it is known and not all of it is there
     */
    public function tryFindMessageInBuffer(string $buffer, int $bufferLength, ?string &$message = null, int &$requiredBytes = -1): bool;

    /**
     * Reads one whole packet from a broker.
     *
     * @return Message|null null for what is to be ignored
     *
     * @throws InvalidMessageException    when it is not a packet
     * @throws ProtocolViolationException when a broker may not send it
     */
    public function parseAndValidateMessage(string $message): ?Message;

    public function buildConnectMessage(ConnectionSettings $connectionSettings, bool $useCleanSession = false): string;

    public function buildPingRequestMessage(): string;

    public function buildPingResponseMessage(): string;

    public function buildDisconnectMessage(): string;

    /** @param Subscription[] $subscriptions */
    public function buildSubscribeMessage(int $messageId, array $subscriptions, bool $isDuplicate = false): string;

    /** @param string[] $topics */
    public function buildUnsubscribeMessage(int $messageId, array $topics, bool $isDuplicate = false): string;

    public function buildPublishMessage(
        string $topic,
        string $message,
        int $qualityOfService,
        bool $retain,
        ?int $messageId = null,
        bool $isDuplicate = false,
    ): string;

    public function buildPublishAcknowledgementMessage(int $messageId): string;

    public function buildPublishReceivedMessage(int $messageId): string;

    public function buildPublishReleaseMessage(int $messageId): string;

    public function buildPublishCompleteMessage(int $messageId): string;

    /**
     * Reads the answer to CONNECT.
     *
     * @throws ConnectingToBrokerFailedException when it is a refusal, or something else
     */
    public function handleConnectAcknowledgement(string $message): void;
}
