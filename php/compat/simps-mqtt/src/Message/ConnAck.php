<?php
declare(strict_types=1);

namespace Simps\MQTT\Message;

use Simps\MQTT\Protocol\Types;

/**
 * CONNACK.
 */
class ConnAck extends AbstractMessage
{
    /** @var int */
    protected $code = 0;

    /** @var int */
    protected $sessionPresent = 0;

    public function getCode(): int
    {
        return $this->code;
    }

    public function setCode(int $code): self
    {
        $this->code = $code;

        return $this;
    }

    public function getSessionPresent(): int
    {
        return $this->sessionPresent;
    }

    public function setSessionPresent(int $sessionPresent): self
    {
        $this->sessionPresent = $sessionPresent;

        return $this;
    }

    public function getContents(bool $getArray = false)
    {
        $array = ['type' => Types::CONNACK, 'code' => $this->code, 'session_present' => $this->sessionPresent];
        if ($this->isMQTT5()) {
            $array['properties'] = $this->properties;
        }

        return $this->contents($array, $getArray);
    }
}
