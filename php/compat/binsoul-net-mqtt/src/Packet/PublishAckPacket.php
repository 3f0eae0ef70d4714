<?php
declare(strict_types=1);

namespace BinSoul\Net\Mqtt\Packet;

/**
 * PUBACK: a message of QoS 1 has arrived.
 */
class PublishAckPacket extends IdentifierOnlyPacket
{
    protected static int $packetType = self::TYPE_PUBACK;
}
