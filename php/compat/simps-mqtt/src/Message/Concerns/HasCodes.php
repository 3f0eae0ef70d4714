<?php
declare(strict_types=1);

namespace Simps\MQTT\Message\Concerns;

/**
 * A packet with a reason code for each filter.
 */
trait HasCodes
{
    /** @var array */
    protected $codes = [];

    public function getCodes(): array
    {
        return $this->codes;
    }

    public function setCodes(array $codes): self
    {
        $this->codes = $codes;

        return $this;
    }
}
