<?php
declare(strict_types=1);

namespace Simps\MQTT\Message;

use Simps\MQTT\Protocol\Types;

/**
 * PUBREC.
 */
class PubRec extends AbstractMessage
{
    /** @var int */
    protected $messageId = 0;

    /** @var int */
    protected $code = 0;

    public function getMessageId(): int
    {
        return $this->messageId;
    }

    public function setMessageId(int $messageId): self
    {
        $this->messageId = $messageId;

        return $this;
    }

    public function getCode(): int
    {
        return $this->code;
    }

    public function setCode(int $code): self
    {
        $this->code = $code;

        return $this;
    }

    public function getContents(bool $getArray = false)
    {
        $array = ['type' => Types::PUBREC, 'message_id' => $this->messageId];
        if ($this->isMQTT5()) {
            $array['code'] = $this->code;
            $array['properties'] = $this->properties;
        }

        return $this->contents($array, $getArray);
    }
}
