<?php
declare(strict_types=1);

namespace Simps\MQTT\Message;

use Simps\MQTT\Message\Concerns\HasCode;
use Simps\MQTT\Protocol\Types;

/**
 * CONNACK.
 */
class ConnAck extends AbstractMessage
{
    use HasCode;

    /** @var int */
    protected $sessionPresent = 0;

    public function getSessionPresent(): int
    {
        return $this->sessionPresent;
    }

    public function setSessionPresent(int $sessionPresent): self
    {
        $this->sessionPresent = $sessionPresent;

        return $this;
    }

    /** @return ($getArray is true ? array<string, mixed> : string) */
    public function getContents(bool $getArray = false)
    {
        $array = ['type' => Types::CONNACK, 'code' => $this->code, 'session_present' => $this->sessionPresent];
        if ($this->isMQTT5()) {
            $array['properties'] = $this->properties;
        }

        return $this->contents($array, $getArray);
    }
}
