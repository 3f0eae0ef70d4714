<?php
declare(strict_types=1);

namespace BinSoul\Net\Mqtt;

/**
 * A topic filter and the highest QoS that is wanted, immutable.
 */
interface Subscription
{
    public function getFilter(): string;

    /** 0, 1 or 2. */
    public function getQosLevel(): int;

    public function withFilter(string $filter): self;

    public function withQosLevel(int $level): self;
}
