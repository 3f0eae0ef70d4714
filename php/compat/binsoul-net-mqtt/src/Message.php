<?php
declare(strict_types=1);

namespace BinSoul\Net\Mqtt;

/**
 * A message, immutable: the functions that begin with "with", retain(), release(), duplicate() and original() give a changed copy.
 */
interface Message
{
    public function getTopic(): string;

    public function getPayload(): string;

    /** 0, 1 or 2. */
    public function getQosLevel(): int;

    /** Whether this may have been sent before. */
    public function isDuplicate(): bool;

    /** Whether the server keeps it for later subscribers, or has kept it. */
    public function isRetained(): bool;

    public function withTopic(string $topic): self;

    public function withPayload(string $payload): self;

    public function withQosLevel(int $level): self;

    /** A copy that is retained. */
    public function retain(): self;

    /** A copy that is not retained. */
    public function release(): self;

    /** A copy that is a duplicate. */
    public function duplicate(): self;

    /** A copy that is not a duplicate. */
    public function original(): self;
}
