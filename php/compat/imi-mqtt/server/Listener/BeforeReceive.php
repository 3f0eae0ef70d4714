<?php
declare(strict_types=1);

namespace Imi\Server\MQTT\Listener;

use BinSoul\Net\Mqtt\Packet;
use Imi\Server\MQTT\BaseMQTTController;
use Imi\Server\MQTT\Message\ReceiveData;

/** From a packet to the controller's method. */
class BeforeReceive
{
    /** Which method of the controller gets which packet. */
    public const PACKET_TYPE_MAP = [
        Packet::TYPE_CONNECT => 'connect',
        Packet::TYPE_DISCONNECT => 'disconnect',
        Packet::TYPE_PINGREQ => 'ping',
        Packet::TYPE_PUBLISH => 'publish',
        Packet::TYPE_PUBACK => 'publishAck',
        Packet::TYPE_PUBREC => 'publishReceived',
        Packet::TYPE_PUBREL => 'publishRelease',
        Packet::TYPE_PUBCOMP => 'publishComplete',
        Packet::TYPE_SUBSCRIBE => 'subscribe',
        Packet::TYPE_UNSUBSCRIBE => 'unsubscribe',
    ];

    /**
     * @return Packet|null the answer
     *
     * @throws \RuntimeException for a packet that clients do not send
     */
    public static function dispatch(BaseMQTTController $controller, ReceiveData $data): ?Packet
    {
        $packet = $data->getFormatData();
        $method = self::PACKET_TYPE_MAP[$packet->getPacketType()] ?? throw new \RuntimeException(sprintf('Unsupport MQTT packet type %s', $packet->getPacketType()));
        /** @var callable(Packet, ReceiveData): ?Packet $handle by the table, each gets the packet that it asks for */
        $handle = [$controller, $method];
        return $handle($packet, $data) ?: null;
    }
}
