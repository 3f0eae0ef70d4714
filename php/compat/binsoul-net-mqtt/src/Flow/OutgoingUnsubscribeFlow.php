<?php
declare(strict_types=1);

namespace BinSoul\Net\Mqtt\Flow;

use BinSoul\Net\Mqtt\Packet;
use BinSoul\Net\Mqtt\PacketFactory;
use BinSoul\Net\Mqtt\PacketIdentifierGenerator;
use BinSoul\Net\Mqtt\Packet\UnsubscribeRequestPacket;
use BinSoul\Net\Mqtt\Subscription;

/**
 * A client unsubscribes.
 */
class OutgoingUnsubscribeFlow extends AbstractFlow
{
    /** @var list<Subscription> */
    private array $subscriptions;
    private int $identifier;

    /** @param Subscription[] $subscriptions */
    public function __construct(PacketFactory $packetFactory, array $subscriptions, PacketIdentifierGenerator $generator)
    {
        parent::__construct($packetFactory);
        $this->subscriptions = array_values($subscriptions);
        $this->identifier = $generator->generatePacketIdentifier();
    }

    public function getCode(): string
    {
        return 'unsubscribe';
    }

    public function start(): ?Packet
    {
        $filters = [];
        foreach ($this->subscriptions as $subscription) {
            $filters[] = $subscription->getFilter();
        }
        /** @var UnsubscribeRequestPacket $packet */
        $packet = $this->generatePacket(Packet::TYPE_UNSUBSCRIBE);
        $packet->setFilters($filters);
        $packet->setIdentifier($this->identifier);
        return $packet;
    }

    public function accept(Packet $packet): bool
    {
        return $this->isAnswer($packet, Packet::TYPE_UNSUBACK, $this->identifier);
    }

    public function next(Packet $packet): ?Packet
    {
        $this->succeed($this->subscriptions);
        return null;
    }
}
