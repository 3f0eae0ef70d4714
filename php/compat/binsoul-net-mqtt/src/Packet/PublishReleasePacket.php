<?php
declare(strict_types=1);

namespace BinSoul\Net\Mqtt\Packet;

/**
 * PUBREL: a message of QoS 2 will not be sent again.
 */
class PublishReleasePacket extends IdentifierOnlyPacket
{
    protected static int $packetType = self::TYPE_PUBREL;
    protected int $packetFlags = 2;

    protected function getExpectedPacketFlags(): int
    {
        return 2;
    }
}
