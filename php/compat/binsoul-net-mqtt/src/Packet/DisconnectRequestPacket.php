<?php
declare(strict_types=1);

namespace BinSoul\Net\Mqtt\Packet;

use BinSoul\Net\Mqtt\PacketStream;

/**
 * DISCONNECT: the client leaves, and wants no will to be published.
 */
class DisconnectRequestPacket extends BasePacket
{
    protected static int $packetType = self::TYPE_DISCONNECT;

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
