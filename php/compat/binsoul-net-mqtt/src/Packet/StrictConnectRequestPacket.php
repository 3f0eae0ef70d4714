<?php
declare(strict_types=1);

namespace BinSoul\Net\Mqtt\Packet;

use BinSoul\Net\Mqtt\Exception\MalformedPacketException;
use BinSoul\Net\Mqtt\PacketStream;

/**
 * CONNECT with a client identifier that every server must accept [MQTT-3.1.3-5].
 */
class StrictConnectRequestPacket extends ConnectRequestPacket
{
    public function read(PacketStream $stream): void
    {
        parent::read($stream);
        self::assertValidClientID($this->getClientID());
    }

    /** @throws \InvalidArgumentException when it has more than 23 bytes, or others than letters and digits */
    public function setClientID(string $value): void
    {
        try {
            self::assertValidClientID($value);
        } catch (MalformedPacketException $e) {
            throw new \InvalidArgumentException($e->getMessage(), $e->getCode(), $e);
        }
        parent::setClientID($value);
    }

    private static function assertValidClientID(string $value): void
    {
        if (strlen($value) > 23) {
            throw new MalformedPacketException(sprintf('Expected client id shorter than 24 bytes but got "%s".', $value));
        }
        if (preg_match('/[^0-9A-Za-z]/', $value) === 1) {
            throw new MalformedPacketException(sprintf('Expected a client id containing characters 0-9, a-z or A-Z but got "%s".', $value));
        }
    }
}
