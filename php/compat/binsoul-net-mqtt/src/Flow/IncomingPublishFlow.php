<?php
declare(strict_types=1);

namespace BinSoul\Net\Mqtt\Flow;

use BinSoul\Net\Mqtt\Message;
use BinSoul\Net\Mqtt\Packet;
use BinSoul\Net\Mqtt\PacketFactory;
use BinSoul\Net\Mqtt\Packet\PublishAckPacket;
use BinSoul\Net\Mqtt\Packet\PublishCompletePacket;
use BinSoul\Net\Mqtt\Packet\PublishReceivedPacket;

/**
 * A message has arrived and is acknowledged as its QoS wants it.
 */
class IncomingPublishFlow extends AbstractFlow
{
    private Message $message;
    private ?int $identifier;

    /** @param int|null $identifier that of the PUBLISH; null with QoS 0 */
    public function __construct(PacketFactory $packetFactory, Message $message, ?int $identifier = null)
    {
        parent::__construct($packetFactory);
        $this->message = $message;
        $this->identifier = $identifier;
    }

    public function getCode(): string
    {
        return 'message';
    }

    public function start(): ?Packet
    {
        $level = $this->message->getQosLevel();
        if ($level < 2) {
            $this->succeed($this->message);
        }
        if ($level === 0) {
            return null;
        }
        /** @var PublishAckPacket|PublishReceivedPacket $packet */
        $packet = $this->generatePacket($level === 1 ? Packet::TYPE_PUBACK : Packet::TYPE_PUBREC);
        $packet->setIdentifier($this->identifier);
        return $packet;
    }

    public function accept(Packet $packet): bool
    {
        return $this->message->getQosLevel() === 2 && $this->isAnswer($packet, Packet::TYPE_PUBREL, $this->identifier);
    }

    public function next(Packet $packet): ?Packet
    {
        $this->succeed($this->message);
        /** @var PublishCompletePacket $answer */
        $answer = $this->generatePacket(Packet::TYPE_PUBCOMP);
        $answer->setIdentifier($this->identifier);
        return $answer;
    }
}
