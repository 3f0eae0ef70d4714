<?php
declare(strict_types=1);

namespace Simps\MQTT\Message;

use Simps\MQTT\Protocol\Types;

/**
 * UNSUBACK; its codes are of MQTT 5.
 */
class UnSubAck extends AbstractMessage
{
    /** @var int */
    protected $messageId = 0;

    /** @var array */
    protected $codes = [];

    public function getMessageId(): int
    {
        return $this->messageId;
    }

    public function setMessageId(int $messageId): self
    {
        $this->messageId = $messageId;

        return $this;
    }

    public function getCodes(): array
    {
        return $this->codes;
    }

    public function setCodes(array $codes): self
    {
        $this->codes = $codes;

        return $this;
    }

    public function getContents(bool $getArray = false)
    {
        $array = ['type' => Types::UNSUBACK, 'message_id' => $this->messageId];
        if ($this->isMQTT5()) {
            $array['codes'] = $this->codes;
            $array['properties'] = $this->properties;
        }

        return $this->contents($array, $getArray);
    }
}
