<?php
declare(strict_types=1);

namespace Simps\MQTT\Message;

use Simps\MQTT\Message\Concerns\HasCode;
use Simps\MQTT\Protocol\Types;

/**
 * AUTH, which only MQTT 5 has.
 */
class Auth extends AbstractMessage
{
    use HasCode;

    /** @return ($getArray is true ? array<string, mixed> : string) */
    public function getContents(bool $getArray = false)
    {
        $array = ['type' => Types::AUTH, 'code' => $this->code, 'properties' => $this->properties];

        return $getArray ? $array : \Simps\MQTT\Protocol\V5::pack($array);
    }
}
