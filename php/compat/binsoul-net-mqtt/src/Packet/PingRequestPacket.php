<?php
declare(strict_types=1);

namespace BinSoul\Net\Mqtt\Packet;

use BinSoul\Net\Mqtt\PacketStream;

/**
 * PINGREQ: the client is there.
 */
class PingRequestPacket extends BasePacket
{
    protected static int $packetType = self::TYPE_PINGREQ;

    public function read(PacketStream $stream): void
    {
        if ($this->readNatively($stream)) {
            return;
        }
        parent::read($stream);
        $this->assertPacketFlags(0);
        $this->assertRemainingPacketLength(0);
    }
}
