<?php
declare(strict_types=1);

namespace BinSoul\Net\Mqtt\Packet;

/**
 * UNSUBACK: subscriptions have ended.
 */
class UnsubscribeResponsePacket extends IdentifierOnlyPacket
{
    protected static int $packetType = self::TYPE_UNSUBACK;
}
