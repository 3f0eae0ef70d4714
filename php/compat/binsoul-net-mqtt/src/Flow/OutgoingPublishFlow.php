<?php
declare(strict_types=1);

namespace BinSoul\Net\Mqtt\Flow;

use BinSoul\Net\Mqtt\Message;
use BinSoul\Net\Mqtt\Packet;
use BinSoul\Net\Mqtt\PacketFactory;
use BinSoul\Net\Mqtt\PacketIdentifierGenerator;
use BinSoul\Net\Mqtt\Packet\PublishReleasePacket;
use BinSoul\Net\Mqtt\Packet\PublishRequestPacket;

/**
 * A message is sent, and with QoS 1 and 2 acknowledged.
 */
class OutgoingPublishFlow extends AbstractFlow
{
    private Message $message;
    private ?int $identifier = null;
    private bool $receivedPubRec = false;

    /** @param PacketIdentifierGenerator $generator asked with QoS 1 and 2 */
    public function __construct(PacketFactory $packetFactory, Message $message, PacketIdentifierGenerator $generator)
    {
        parent::__construct($packetFactory);
        $this->message = $message;
        if ($message->getQosLevel() > 0) {
            $this->identifier = $generator->generatePacketIdentifier();
        }
    }

    public function getCode(): string
    {
        return 'publish';
    }

    public function start(): ?Packet
    {
        if ($this->message->getQosLevel() === 0) {
            $this->succeed($this->message);
        }
        /** @var PublishRequestPacket $packet */
        $packet = $this->generatePacket(Packet::TYPE_PUBLISH);
        $packet->setTopic($this->message->getTopic());
        $packet->setPayload($this->message->getPayload());
        $packet->setRetained($this->message->isRetained());
        $packet->setDuplicate($this->message->isDuplicate());
        $packet->setQosLevel($this->message->getQosLevel());
        $packet->setIdentifier($this->identifier);
        return $packet;
    }

    public function accept(Packet $packet): bool
    {
        return match ($this->message->getQosLevel()) {
            1 => $this->isAnswer($packet, Packet::TYPE_PUBACK, $this->identifier),
            2 => $this->isAnswer($packet, Packet::TYPE_PUBREC, $this->identifier)
                || ($this->receivedPubRec && $this->isAnswer($packet, Packet::TYPE_PUBCOMP, $this->identifier)),
            default => false,
        };
    }

    public function next(Packet $packet): ?Packet
    {
        if ($packet->getPacketType() !== Packet::TYPE_PUBREC) {
            $this->succeed($this->message);
            return null;
        }
        $this->receivedPubRec = true;
        /** @var PublishReleasePacket $answer */
        $answer = $this->generatePacket(Packet::TYPE_PUBREL);
        $answer->setIdentifier($this->identifier);
        return $answer;
    }
}
