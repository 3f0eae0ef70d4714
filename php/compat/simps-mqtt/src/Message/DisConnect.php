<?php
declare(strict_types=1);

namespace Simps\MQTT\Message;

use Simps\MQTT\Protocol\Types;

/**
 * DISCONNECT.
 */
class DisConnect extends AbstractMessage
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

    public function getContents(bool $getArray = false)
    {
        $array = ['type' => Types::DISCONNECT];
        if ($this->isMQTT5()) {
            $array['code'] = $this->code;
            $array['properties'] = $this->properties;
        }

        return $this->contents($array, $getArray);
    }
}
