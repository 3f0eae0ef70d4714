<?php
declare(strict_types=1);

namespace Simps\MQTT\Message;

use Simps\MQTT\Message\Concerns\HasCodes;
use Simps\MQTT\Message\Concerns\HasMessageId;
use Simps\MQTT\Protocol\Types;

/**
 * SUBACK.
 */
class SubAck extends AbstractMessage
{
    use HasCodes;
    use HasMessageId;

    /** @return ($getArray is true ? array<string, mixed> : string) */
    public function getContents(bool $getArray = false)
    {
        $array = ['type' => Types::SUBACK, 'message_id' => $this->messageId, 'codes' => $this->codes];
        if ($this->isMQTT5()) {
            $array['properties'] = $this->properties;
        }

        return $this->contents($array, $getArray);
    }
}
