<?php
declare(strict_types=1);

namespace Simps\MQTT\Message;

use Simps\MQTT\Message\Concerns\HasMessageId;
use Simps\MQTT\Protocol\Types;

/**
 * PUBLISH.
 */
class Publish extends AbstractMessage
{
    use HasMessageId;

    /** @var string */
    protected $topic = '';

    /** @var string */
    protected $message = '';

    /** @var int */
    protected $qos = 0;

    /** @var int */
    protected $dup = 0;

    /** @var int */
    protected $retain = 0;

    public function getTopic(): string
    {
        return $this->topic;
    }

    public function setTopic(string $topic): self
    {
        $this->topic = $topic;

        return $this;
    }

    public function getMessage(): string
    {
        return $this->message;
    }

    public function setMessage(string $message): self
    {
        $this->message = $message;

        return $this;
    }

    public function getQos(): int
    {
        return $this->qos;
    }

    public function setQos(int $qos): self
    {
        $this->qos = $qos;

        return $this;
    }

    public function getDup(): int
    {
        return $this->dup;
    }

    public function setDup(int $dup): self
    {
        $this->dup = $dup;

        return $this;
    }

    public function getRetain(): int
    {
        return $this->retain;
    }

    public function setRetain(int $retain): self
    {
        $this->retain = $retain;

        return $this;
    }

    /** @return ($getArray is true ? array<string, mixed> : string) */
    public function getContents(bool $getArray = false)
    {
        $array = [
            'type' => Types::PUBLISH,
            'topic' => $this->topic,
            'message' => $this->message,
            'dup' => $this->dup,
            'qos' => $this->qos,
            'retain' => $this->retain,
            'message_id' => $this->messageId,
        ];
        if ($this->isMQTT5()) {
            $array['properties'] = $this->properties;
        }

        return $this->contents($array, $getArray);
    }
}
