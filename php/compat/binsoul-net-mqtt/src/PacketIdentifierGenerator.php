<?php
declare(strict_types=1);

namespace BinSoul\Net\Mqtt;

/**
 * Numbers packets that wait for an acknowledgement.
 */
interface PacketIdentifierGenerator
{
    /** From 1 to 65535. */
    public function generatePacketIdentifier(): int;
}
