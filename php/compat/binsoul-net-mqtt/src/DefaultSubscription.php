<?php
declare(strict_types=1);

namespace BinSoul\Net\Mqtt;

class DefaultSubscription implements Subscription
{
    private string $filter;
    private int $qosLevel;

    /** @throws \InvalidArgumentException when the filter is empty or not UTF-8, or the QoS is not 0, 1 or 2 */
    public function __construct(string $filter, int $qosLevel = 0)
    {
        Validator::assertValidNonEmptyString($filter);
        Validator::assertValidQosLevel($qosLevel);
        $this->filter = $filter;
        $this->qosLevel = $qosLevel;
    }

    public function getFilter(): string
    {
        return $this->filter;
    }

    public function getQosLevel(): int
    {
        return $this->qosLevel;
    }

    public function withFilter(string $filter): Subscription
    {
        Validator::assertValidNonEmptyString($filter);
        $copy = clone $this;
        $copy->filter = $filter;
        return $copy;
    }

    public function withQosLevel(int $level): Subscription
    {
        Validator::assertValidQosLevel($level);
        $copy = clone $this;
        $copy->qosLevel = $level;
        return $copy;
    }
}
