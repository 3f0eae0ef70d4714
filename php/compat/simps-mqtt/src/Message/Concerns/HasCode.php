<?php
declare(strict_types=1);

namespace Simps\MQTT\Message\Concerns;

/**
 * A packet with one reason code.
 */
trait HasCode
{
    /** @var int */
    protected $code = 0;

    public function getCode(): int
    {
        return $this->code;
    }

    public function setCode(int $code): self
    {
        $this->code = $code;

        return $this;
    }
}
