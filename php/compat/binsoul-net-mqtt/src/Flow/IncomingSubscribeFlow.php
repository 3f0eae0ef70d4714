<?php
declare(strict_types=1);

namespace BinSoul\Net\Mqtt\Flow;

use BinSoul\Net\Mqtt\Packet;
use BinSoul\Net\Mqtt\PacketFactory;
use BinSoul\Net\Mqtt\Packet\SubscribeResponsePacket;
use BinSoul\Net\Mqtt\Subscription;

/**
 * A server answers SUBSCRIBE.
 */
class IncomingSubscribeFlow extends AbstractFlow
{
    /** @var list<Subscription> */
    private array $subscriptions;
    /** @var list<int> */
    private array $returnCodes;
    private int $identifier;

    /**
     * @param Subscription[] $subscriptions
     * @param int[] $returnCodes for each subscription what is granted, 128 for a refusal
     */
    public function __construct(PacketFactory $packetFactory, array $subscriptions, array $returnCodes, int $identifier)
    {
        parent::__construct($packetFactory);
        $this->subscriptions = array_values($subscriptions);
        $this->returnCodes = array_values($returnCodes);
        $this->identifier = $identifier;
    }

    public function getCode(): string
    {
        return 'subscribe';
    }

    public function start(): ?Packet
    {
        $this->succeed($this->subscriptions);
        /** @var SubscribeResponsePacket $packet */
        $packet = $this->generatePacket(Packet::TYPE_SUBACK);
        $packet->setIdentifier($this->identifier);
        $packet->setReturnCodes($this->returnCodes);
        return $packet;
    }
}
