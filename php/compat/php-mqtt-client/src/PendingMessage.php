<?php
declare(strict_types=1);

namespace PhpMqtt\Client;

/**
 * Something that was sent and waits for its answer.
 */
abstract class PendingMessage
{
    private int $sendingAttempts = 1;
    private \DateTime $lastSentAt;

    /** @param \DateTime|null $sentAt null: now */
    protected function __construct(private int $messageId, ?\DateTime $sentAt = null)
    {
        $this->lastSentAt = $sentAt ?? new \DateTime();
    }

    public function getMessageId(): int
    {
        return $this->messageId;
    }

    public function getLastSentAt(): \DateTime
    {
        return $this->lastSentAt;
    }

    public function getSendingAttempts(): int
    {
        return $this->sendingAttempts;
    }

    /** @param \DateTime|null $value null: now */
    public function setLastSentAt(?\DateTime $value = null): self
    {
        $this->lastSentAt = $value ?? new \DateTime();

        return $this;
    }

    public function incrementSendingAttempts(): self
    {
        ++$this->sendingAttempts;

        return $this;
    }
}
