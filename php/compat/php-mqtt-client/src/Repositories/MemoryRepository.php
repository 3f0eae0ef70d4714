<?php
declare(strict_types=1);

namespace PhpMqtt\Client\Repositories;

use PhpMqtt\Client\Contracts\Repository;
use PhpMqtt\Client\Exceptions\PendingMessageAlreadyExistsException;
use PhpMqtt\Client\Exceptions\PendingMessageNotFoundException;
use PhpMqtt\Client\Exceptions\RepositoryException;
use PhpMqtt\Client\PendingMessage;
use PhpMqtt\Client\PublishedMessage;
use PhpMqtt\Client\Subscription;

/**
 * Remembers in the memory of this object.
 */
class MemoryRepository implements Repository
{
    private const MAXIMUM_MESSAGE_ID = 65535;

    private int $nextMessageId = 1;
    /** @var array<int, PendingMessage> by identifier */
    private array $pendingOutgoingMessages = [];
    /** @var array<int, PendingMessage> by identifier */
    private array $pendingIncomingMessages = [];
    /** @var array<string, Subscription> by filter, the one added last at the end */
    private array $subscriptions = [];

    public function reset(): void
    {
        $this->nextMessageId           = 1;
        $this->pendingOutgoingMessages = [];
        $this->pendingIncomingMessages = [];
        $this->subscriptions           = [];
    }

    /** An identifier is given again as long as no message has taken it. */
    public function newMessageId(): int
    {
        if (count($this->pendingOutgoingMessages) >= self::MAXIMUM_MESSAGE_ID) {
            throw new RepositoryException('No more message identifiers available. The queue is full.');
        }
        while (isset($this->pendingOutgoingMessages[$this->nextMessageId])) {
            $this->nextMessageId = $this->nextMessageId % self::MAXIMUM_MESSAGE_ID + 1;
        }

        return $this->nextMessageId;
    }

    public function countPendingOutgoingMessages(): int
    {
        return count($this->pendingOutgoingMessages);
    }

    public function getPendingOutgoingMessage(int $messageId): ?PendingMessage
    {
        return $this->pendingOutgoingMessages[$messageId] ?? null;
    }

    public function getPendingOutgoingMessagesLastSentBefore(?\DateTime $dateTime = null): array
    {
        $messages = [];
        foreach ($this->pendingOutgoingMessages as $message) {
            if ($message->getLastSentAt() < $dateTime) {
                $messages[] = $message;
            }
        }

        return $messages;
    }

    public function addPendingOutgoingMessage(PendingMessage $message): void
    {
        $this->add($this->pendingOutgoingMessages, $message);
    }

    public function markPendingOutgoingPublishedMessageAsReceived(int $messageId): bool
    {
        $message = $this->pendingOutgoingMessages[$messageId] ?? null;
        if (!$message instanceof PublishedMessage) {
            throw new PendingMessageNotFoundException($messageId);
        }

        return $message->markAsReceived();
    }

    public function removePendingOutgoingMessage(int $messageId): bool
    {
        return $this->remove($this->pendingOutgoingMessages, $messageId);
    }

    public function countPendingIncomingMessages(): int
    {
        return count($this->pendingIncomingMessages);
    }

    public function getPendingIncomingMessage(int $messageId): ?PendingMessage
    {
        return $this->pendingIncomingMessages[$messageId] ?? null;
    }

    public function addPendingIncomingMessage(PendingMessage $message): void
    {
        $this->add($this->pendingIncomingMessages, $message);
    }

    public function removePendingIncomingMessage(int $messageId): bool
    {
        return $this->remove($this->pendingIncomingMessages, $messageId);
    }

    public function countSubscriptions(): int
    {
        return count($this->subscriptions);
    }

    public function addSubscription(Subscription $subscription): void
    {
        // Taken out first, so that it moves to the end.
        unset($this->subscriptions[$subscription->getTopicFilter()]);
        $this->subscriptions[$subscription->getTopicFilter()] = $subscription;
    }

    public function getSubscriptionsMatchingTopic(string $topicName): array
    {
        $matching = [];
        foreach ($this->subscriptions as $subscription) {
            if ($subscription->matchesTopic($topicName)) {
                $matching[] = $subscription;
            }
        }

        return $matching;
    }

    public function removeSubscription(string $topicFilter): bool
    {
        return $this->remove($this->subscriptions, $topicFilter);
    }

    /** @param array<int, PendingMessage> $messages */
    private function add(array &$messages, PendingMessage $message): void
    {
        $messageId = $message->getMessageId();
        if (isset($messages[$messageId])) {
            throw new PendingMessageAlreadyExistsException($messageId);
        }
        $messages[$messageId] = $message;
    }

    /**
     * @template TKey of int|string
     * @template TEntry of object
     *
     * @param array<TKey, TEntry> $entries
     * @param TKey                $key
     *
     * @param-out array<TKey, TEntry> $entries
     *
     * @return bool whether there was one
     */
    private function remove(array &$entries, int|string $key): bool
    {
        if (!isset($entries[$key])) {
            return false;
        }
        unset($entries[$key]);

        return true;
    }
}
