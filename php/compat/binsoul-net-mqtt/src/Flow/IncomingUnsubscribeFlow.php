<?php
declare(strict_types=1);

namespace BinSoul\Net\Mqtt\Flow;

use BinSoul\Net\Mqtt\Packet;
use BinSoul\Net\Mqtt\PacketFactory;
use BinSoul\Net\Mqtt\Packet\UnsubscribeResponsePacket;
use BinSoul\Net\Mqtt\Subscription;

/**
 * A server answers UNSUBSCRIBE.
 */
class IncomingUnsubscribeFlow extends AbstractFlow
{
    /** @var list<Subscription> */
    private array $subscriptions;
    private int $identifier;

    /** @param Subscription[] $subscriptions */
    public function __construct(PacketFactory $packetFactory, array $subscriptions, int $identifier)
    {
        parent::__construct($packetFactory);
        $this->subscriptions = array_values($subscriptions);
        $this->identifier = $identifier;
    }

    public function getCode(): string
    {
        return 'unsubscribe';
    }

    public function start(): ?Packet
    {
        $this->succeed($this->subscriptions);
        /** @var UnsubscribeResponsePacket $packet */
        $packet = $this->generatePacket(Packet::TYPE_UNSUBACK);
        $packet->setIdentifier($this->identifier);
        return $packet;
    }
}
