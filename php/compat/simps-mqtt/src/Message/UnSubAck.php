<?php
declare(strict_types=1);

namespace Simps\MQTT\Message;

use Simps\MQTT\Message\Concerns\HasCodes;
use Simps\MQTT\Message\Concerns\HasMessageId;
use Simps\MQTT\Protocol\Types;

/**
 * UNSUBACK; its codes are of MQTT 5.
 */
class UnSubAck extends AbstractMessage
{
    use HasCodes;
    use HasMessageId;

    /** @return ($getArray is true ? array<string, mixed> : string) */
    public function getContents(bool $getArray = false)
    {
        $array = ['type' => Types::UNSUBACK, 'message_id' => $this->messageId];
        if ($this->isMQTT5()) {
            $array['codes'] = $this->codes;
            $array['properties'] = $this->properties;
        }

        return $this->contents($array, $getArray);
    }
}
