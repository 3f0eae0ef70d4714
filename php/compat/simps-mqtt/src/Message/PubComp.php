<?php
declare(strict_types=1);

namespace Simps\MQTT\Message;

use Simps\MQTT\Message\Concerns\Acknowledges;
use Simps\MQTT\Protocol\Types;

/**
 * PUBCOMP.
 */
class PubComp extends AbstractMessage
{
    use Acknowledges;

    /** @return ($getArray is true ? array<string, mixed> : string) */
    public function getContents(bool $getArray = false)
    {
        return $this->acknowledgement(Types::PUBCOMP, $getArray);
    }
}
