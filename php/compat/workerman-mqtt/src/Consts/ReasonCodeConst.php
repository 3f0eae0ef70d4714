<?php
declare(strict_types=1);

namespace Workerman\Mqtt\Consts;

use Mqtt\Compat\ReasonCodes;

/** The reason codes of MQTT 5 (2.4), and their names in English. */
class ReasonCodeConst extends ReasonCodes
{
    /** The name of a code of any packet; 0 is 'Success', a number that is none 'QoS not supported'. */
    public static function getReason(int $value): string
    {
        return static::$reasonPhrases[$value] ?? static::$qosReasonPhrases[$value] ?? 'QoS not supported';
    }
}
