<?php
declare(strict_types=1);

namespace Simps\MQTT\Message\Concerns;

/**
 * A packet with a packet identifier.
 */
trait HasMessageId
{
    /** @var int */
    protected $messageId = 0;

    public function getMessageId(): int
    {
        return $this->messageId;
    }

    public function setMessageId(int $messageId): self
    {
        $this->messageId = $messageId;

        return $this;
    }
}
