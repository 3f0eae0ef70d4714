<?php
declare(strict_types=1);

namespace Simps\MQTT\Message\Concerns;

/**
 * What the four acknowledgements of a PUBLISH have in common.
 */
trait Acknowledges
{
    use HasCode;
    use HasMessageId;

    /**
     * @return ($getArray is true ? array<string, mixed> : string)
     *
     * @internal
     */
    private function acknowledgement(int $type, bool $getArray)
    {
        $array = ['type' => $type, 'message_id' => $this->messageId];
        if ($this->isMQTT5()) {
            $array['code'] = $this->code;
            $array['properties'] = $this->properties;
        }

        return $this->contents($array, $getArray);
    }
}
