<?php
declare(strict_types=1);

namespace BinSoul\Net\Mqtt;

/**
 * Makes empty packets.
 */
interface PacketFactory
{
    /**
     * @param int $type one of the constants of Packet
     *
     * @throws Exception\UnknownPacketTypeException
     */
    public function build(int $type): Packet;
}
