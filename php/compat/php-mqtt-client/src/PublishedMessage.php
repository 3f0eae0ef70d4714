<?php
declare(strict_types=1);

namespace PhpMqtt\Client;

/**
 * A PUBLISH at QoS 1 or 2 that waits for its acknowledgement; in the other direction one at QoS 2 that waits for its release.
 */
class PublishedMessage extends PendingMessage
{
    private bool $received = false;

    public function __construct(
        int $messageId,
        private string $topicName,
        private string $message,
        private int $qualityOfService,
        private bool $retain,
    ) {
        parent::__construct($messageId);
    }

    public function getTopicName(): string
    {
        return $this->topicName;
    }

    public function getMessage(): string
    {
        return $this->message;
    }

    public function getQualityOfServiceLevel(): int
    {
        return $this->qualityOfService;
    }

    public function wantsToBeRetained(): bool
    {
        return $this->retain;
    }

    /** Whether the receiver has said that it has the message (PUBREC). */
    public function hasBeenReceived(): bool
    {
        return $this->received;
    }

    /** @return bool whether that is news */
    public function markAsReceived(): bool
    {
        $isNew          = !$this->received;
        $this->received = true;

        return $isNew;
    }
}
