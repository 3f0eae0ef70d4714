<?php
declare(strict_types=1);

namespace Simps\MQTT\Message\Concerns;

/**
 * A packet with a reason code for each filter.
 */
trait HasCodes
{
    /** @var list<int> */
    protected $codes = [];

    /** @return list<int> */
    public function getCodes(): array
    {
        return $this->codes;
    }

    /** @param list<int> $codes */
    public function setCodes(array $codes): self
    {
        $this->codes = $codes;

        return $this;
    }
}
