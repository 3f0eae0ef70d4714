<?php
declare(strict_types=1);

namespace Simps\MQTT\Message;

use Simps\MQTT\Message\Concerns\HasCode;
use Simps\MQTT\Protocol\Types;

/**
 * DISCONNECT.
 */
class DisConnect extends AbstractMessage
{
    use HasCode;

    /** @return ($getArray is true ? array<string, mixed> : string) */
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
