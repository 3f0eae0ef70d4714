<?php
declare(strict_types=1);

namespace Simps\MQTT\Packet;

use Simps\MQTT\Internal\Codec;
use Simps\MQTT\Protocol\Types;

/**
 * Whole packets of MQTT 3 to bytes; `type` is the method's.
 */
class Pack
{
    public static function connect(array $array): string
    {
        return Codec::packAs(4, Types::CONNECT, $array);
    }

    public static function connAck(array $array): string
    {
        return Codec::packAs(4, Types::CONNACK, $array);
    }

    public static function publish(array $array): string
    {
        return Codec::packAs(4, Types::PUBLISH, $array);
    }

    public static function subscribe(array $array): string
    {
        return Codec::packAs(4, Types::SUBSCRIBE, $array);
    }

    public static function subAck(array $array): string
    {
        return Codec::packAs(4, Types::SUBACK, $array);
    }

    public static function unSubscribe(array $array): string
    {
        return Codec::packAs(4, Types::UNSUBSCRIBE, $array);
    }
}
