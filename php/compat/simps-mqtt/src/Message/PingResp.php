<?php
declare(strict_types=1);

namespace Simps\MQTT\Message;

use Simps\MQTT\Protocol\Types;

/**
 * PINGRESP.
 */
class PingResp extends AbstractMessage
{
    /** @return ($getArray is true ? array<string, mixed> : string) */
    public function getContents(bool $getArray = false)
    {
        return $this->contents(['type' => Types::PINGRESP], $getArray);
    }
}
