<?php
declare(strict_types=1);

namespace BinSoul\Net\Mqtt\Packet;

/**
 * PUBCOMP: a message of QoS 2 is done.
 */
class PublishCompletePacket extends IdentifierOnlyPacket
{
    protected static int $packetType = self::TYPE_PUBCOMP;
}
