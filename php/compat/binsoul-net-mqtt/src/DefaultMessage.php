<?php
declare(strict_types=1);

namespace BinSoul\Net\Mqtt;

class DefaultMessage implements Message
{
    private string $topic;
    private string $payload;
    private int $qosLevel;
    private bool $isRetained;
    private bool $isDuplicate;

    /**
     * @param mixed ...$former `retain`, the name that $isRetained had before 2.0
     *
     * @throws \InvalidArgumentException when the topic may not be published to, or the QoS is not 0, 1 or 2
     */
    public function __construct(string $topic, string $payload = '', int $qosLevel = 0, bool $isRetained = false, bool $isDuplicate = false, mixed ...$former)
    {
        foreach ($former as $name => $value) {
            if ($name !== 'retain') {
                throw new \Error(is_string($name) ? "Unknown named parameter \$$name" : 'Too many arguments');
            }
            $isRetained = (bool) $value;
        }
        Validator::assertValidTopic($topic);
        Validator::assertValidQosLevel($qosLevel);
        $this->topic = $topic;
        $this->payload = $payload;
        $this->qosLevel = $qosLevel;
        $this->isRetained = $isRetained;
        $this->isDuplicate = $isDuplicate;
    }

    public function getTopic(): string
    {
        return $this->topic;
    }

    public function getPayload(): string
    {
        return $this->payload;
    }

    public function getQosLevel(): int
    {
        return $this->qosLevel;
    }

    public function isDuplicate(): bool
    {
        return $this->isDuplicate;
    }

    public function isRetained(): bool
    {
        return $this->isRetained;
    }

    public function withTopic(string $topic): Message
    {
        Validator::assertValidTopic($topic);
        $copy = clone $this;
        $copy->topic = $topic;
        return $copy;
    }

    public function withPayload(string $payload): Message
    {
        $copy = clone $this;
        $copy->payload = $payload;
        return $copy;
    }

    public function withQosLevel(int $level): Message
    {
        Validator::assertValidQosLevel($level);
        $copy = clone $this;
        $copy->qosLevel = $level;
        return $copy;
    }

    public function retain(): Message
    {
        $copy = clone $this;
        $copy->isRetained = true;
        return $copy;
    }

    public function release(): Message
    {
        $copy = clone $this;
        $copy->isRetained = false;
        return $copy;
    }

    public function duplicate(): Message
    {
        $copy = clone $this;
        $copy->isDuplicate = true;
        return $copy;
    }

    public function original(): Message
    {
        $copy = clone $this;
        $copy->isDuplicate = false;
        return $copy;
    }
}
