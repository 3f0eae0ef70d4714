<?php
declare(strict_types=1);

namespace Simps\MQTT\Message;

/**
 * A will, for {@see \Simps\MQTT\BaseClient::connect()}. It is no packet, so as a string it is empty.
 */
class Will extends AbstractMessage
{
    /** @var string */
    protected $topic = '';

    /** @var int */
    protected $qos = 0;

    /** @var int */
    protected $retain = 0;

    /** @var string */
    protected $message = '';

    public function getTopic(): string
    {
        return $this->topic;
    }

    public function setTopic(string $topic): self
    {
        $this->topic = $topic;

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

    public function getRetain(): int
    {
        return $this->retain;
    }

    public function setRetain(int $retain): self
    {
        $this->retain = $retain;

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

    /** @return ($getArray is true ? array<string, mixed> : string) */
    public function getContents(bool $getArray = false)
    {
        $array = ['topic' => $this->topic, 'qos' => $this->qos, 'retain' => $this->retain, 'message' => $this->message];
        if ($this->isMQTT5()) {
            $array['properties'] = $this->properties;
        }

        return $getArray ? $array : '';
    }
}
