<?php
declare(strict_types=1);

namespace PhpMqtt\Client\Contracts;

use PhpMqtt\Client\Exceptions\PendingMessageAlreadyExistsException;
use PhpMqtt\Client\Exceptions\PendingMessageNotFoundException;
use PhpMqtt\Client\Exceptions\RepositoryException;
use PhpMqtt\Client\PendingMessage;
use PhpMqtt\Client\Subscription;

/**
 * What a client has to remember: packets that wait for an answer, in both directions, and subscriptions. The client asks it
 * for every message, so an implementation on another medium is the truth.
 */
interface Repository
{
    /** Forgets everything. */
    public function reset(): void;

    /**
     * An identifier, 1 to 65535, that no pending outgoing message has. It is taken once the message is added.
     *
     * @throws RepositoryException when all are taken
     */
    public function newMessageId(): int;

    public function countPendingOutgoingMessages(): int;

    public function getPendingOutgoingMessage(int $messageId): ?PendingMessage;

    /**
     * @return PendingMessage[] those sent for the last time before this moment
     */
    public function getPendingOutgoingMessagesLastSentBefore(?\DateTime $dateTime = null): array;

    /** @throws PendingMessageAlreadyExistsException when its identifier is taken */
    public function addPendingOutgoingMessage(PendingMessage $message): void;

    /**
     * The broker has the message (PUBREC).
     *
     * @return bool whether that is news
     *
     * @throws PendingMessageNotFoundException when there is no published message with this identifier
     */
    public function markPendingOutgoingPublishedMessageAsReceived(int $messageId): bool;

    /** @return bool whether there was one */
    public function removePendingOutgoingMessage(int $messageId): bool;

    public function countPendingIncomingMessages(): int;

    public function getPendingIncomingMessage(int $messageId): ?PendingMessage;

    /** @throws PendingMessageAlreadyExistsException when its identifier is taken */
    public function addPendingIncomingMessage(PendingMessage $message): void;

    /** @return bool whether there was one */
    public function removePendingIncomingMessage(int $messageId): bool;

    public function countSubscriptions(): int;

    /** Adds a subscription in the place of one with the same filter. */
    public function addSubscription(Subscription $subscription): void;

    /** @return Subscription[] in the order in which they were added */
    public function getSubscriptionsMatchingTopic(string $topicName): array;

    /** @return bool whether there was one */
    public function removeSubscription(string $topicFilter): bool;
}
