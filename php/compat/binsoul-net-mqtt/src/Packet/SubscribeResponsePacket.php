<?php
declare(strict_types=1);

namespace BinSoul\Net\Mqtt\Packet;

use BinSoul\Net\Mqtt\Exception\MalformedPacketException;
use BinSoul\Net\Mqtt\PacketStream;
use BinSoul\Net\Mqtt\Validator;

/**
 * SUBACK: for each filter of a SUBSCRIBE, in its order, the QoS that was granted, or 128 for a refusal.
 */
class SubscribeResponsePacket extends BasePacket
{
    use IdentifiablePacket;

    private const NAMES = [0 => 'Maximum QoS 0', 1 => 'Maximum QoS 1', 2 => 'Maximum QoS 2', 128 => 'Failure'];

    protected static int $packetType = self::TYPE_SUBACK;
    /** @var array<int|string, int> */
    private array $returnCodes = [];

    public function read(PacketStream $stream): void
    {
        if ($this->readNatively($stream)) {
            return;
        }
        parent::read($stream);
        $this->assertPacketFlags(0);
        $this->assertRemainingPacketLength();
        $identifier = $stream->readWord();
        Validator::assertValidIdentifier($identifier, MalformedPacketException::class);
        $this->assertFieldsWithinPacket(2);
        $returnCodes = [];
        for ($left = $this->remainingPacketLength - 2; $left > 0; $left--) {
            $returnCode = $stream->readByte();
            $this->assertValidReturnCode($returnCode);
            $returnCodes[] = $returnCode;
        }
        $this->identifier = $identifier;
        $this->returnCodes = $returnCodes;
    }

    public function write(PacketStream $stream): void
    {
        $identifier = $this->identifier ??= $this->generateIdentifier();
        if ($this->writeNatively($stream)) {
            return;
        }
        $this->remainingPacketLength = 2 + count($this->returnCodes);
        parent::write($stream);
        $stream->writeWord($identifier);
        foreach ($this->returnCodes as $returnCode) {
            $stream->writeByte($returnCode);
        }
    }

    /** Whether this return code is a refusal. */
    public function isError(int $returnCode): bool
    {
        return $returnCode < 0 || $returnCode > 2;
    }

    /** A return code in words. */
    public function getReturnCodeName(int $returnCode): string
    {
        return self::NAMES[$returnCode] ?? sprintf('Unknown %02x', $returnCode);
    }

    /** @return array<int|string, int> */
    public function getReturnCodes(): array
    {
        return $this->returnCodes;
    }

    /**
     * @param array<int|string, int> $value
     *
     * @throws \InvalidArgumentException when one is not 0, 1, 2 or 128
     */
    public function setReturnCodes(array $value): void
    {
        foreach ($value as $index => $returnCode) {
            try {
                $this->assertValidReturnCode($returnCode);
            } catch (MalformedPacketException $e) {
                throw new \InvalidArgumentException(sprintf('Return code index %s: %s', $index, $e->getMessage()), $e->getCode(), $e);
            }
        }
        $this->returnCodes = $value;
    }

    private function assertValidReturnCode(int $returnCode): void
    {
        if (!isset(self::NAMES[$returnCode])) {
            throw new MalformedPacketException(sprintf('Malformed return code %02x.', $returnCode));
        }
    }
}
