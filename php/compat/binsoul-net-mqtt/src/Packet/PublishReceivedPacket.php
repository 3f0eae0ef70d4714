<?php
declare(strict_types=1);

namespace BinSoul\Net\Mqtt\Packet;

/**
 * PUBREC: a message of QoS 2 has arrived.
 */
class PublishReceivedPacket extends IdentifierOnlyPacket
{
    protected static int $packetType = self::TYPE_PUBREC;
}
