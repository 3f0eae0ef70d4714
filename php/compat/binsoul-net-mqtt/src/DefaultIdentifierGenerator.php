<?php
declare(strict_types=1);

namespace BinSoul\Net\Mqtt;

class DefaultIdentifierGenerator implements PacketIdentifierGenerator, ClientIdentifierGenerator
{
    private static int $lastOfAll = 0;
    private int $last = 0;

    /** A new generator begins at 1, and so does buildPacketIdentifier(). Other generators go on where they were. */
    public function __construct()
    {
        self::$lastOfAll = 0;
    }

    public function generatePacketIdentifier(): int
    {
        return $this->last = self::after($this->last);
    }

    public function generateClientIdentifier(): string
    {
        return self::buildClientIdentifier();
    }

    /** The next number for packets that were given none. */
    public static function buildPacketIdentifier(): int
    {
        return self::$lastOfAll = self::after(self::$lastOfAll);
    }

    /** 23 letters and digits, the most that every server must accept [MQTT-3.1.3-5]. */
    public static function buildClientIdentifier(): string
    {
        return 'binsoul' . bin2hex(random_bytes(8));
    }

    /** Zero is no packet identifier [MQTT-2.3.1-1]. */
    private static function after(int $identifier): int
    {
        return $identifier >= 0xFFFF ? 1 : $identifier + 1;
    }
}
