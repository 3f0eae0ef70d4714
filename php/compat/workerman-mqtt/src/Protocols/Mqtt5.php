<?php
declare(strict_types=1);

namespace Workerman\Mqtt\Protocols;

use Workerman\Connection\ConnectionInterface;
use Workerman\Mqtt\Consts\MQTTConst;
use Workerman\Mqtt\Internal\Codec;
use Workerman\Mqtt\Internal\Protocol;

/** MQTT 5 as a protocol of Workerman: packets are arrays, as in Mqtt, with properties and codes. */
class Mqtt5 implements ProtocolInterface
{
    use Protocol;

    private const LEVEL = 5;

    /**
     * The bytes of a packet.
     *
     * @throws \InvalidArgumentException for a type that MQTT does not have
     * @throws \TypeError|\ValueError when a field is missing or cannot be written
     */
    public static function encode(mixed $data, ConnectionInterface $connection): string
    {
        /** @var array<string, mixed>&array{cmd: int} $data */
        $type = $data['cmd'];
        if ($type < MQTTConst::CMD_CONNECT || $type > MQTTConst::CMD_AUTH) {
            throw new \InvalidArgumentException('MQTT Type not exist');
        }
        return Codec::of(self::LEVEL)->encode($data);
    }
}
