<?php
declare(strict_types=1);

namespace BinSoul\Net\Mqtt\Flow;

use BinSoul\Net\Mqtt\Packet;
use BinSoul\Net\Mqtt\PacketFactory;
use BinSoul\Net\Mqtt\PacketIdentifierGenerator;
use BinSoul\Net\Mqtt\Packet\SubscribeRequestPacket;
use BinSoul\Net\Mqtt\Packet\SubscribeResponsePacket;
use BinSoul\Net\Mqtt\Subscription;

/**
 * A client subscribes. It has failed when one of the subscriptions was refused.
 */
class OutgoingSubscribeFlow extends AbstractFlow
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
        return 'subscribe';
    }

    public function start(): ?Packet
    {
        $filters = $qosLevels = [];
        foreach ($this->subscriptions as $subscription) {
            $filters[] = $subscription->getFilter();
            $qosLevels[] = $subscription->getQosLevel();
        }
        /** @var SubscribeRequestPacket $packet */
        $packet = $this->generatePacket(Packet::TYPE_SUBSCRIBE);
        $packet->setFilters($filters);
        $packet->setQosLevels($qosLevels);
        $packet->setIdentifier($this->identifier);
        return $packet;
    }

    public function accept(Packet $packet): bool
    {
        return $this->isAnswer($packet, Packet::TYPE_SUBACK, $this->identifier);
    }

    public function next(Packet $packet): ?Packet
    {
        if (!$packet instanceof SubscribeResponsePacket) {
            throw new \RuntimeException(sprintf('SUBACK: Expected packet of class %s but got %s.', SubscribeResponsePacket::class, get_class($packet)));
        }
        $returnCodes = array_values($packet->getReturnCodes());
        if (count($returnCodes) !== count($this->subscriptions)) {
            throw new \LogicException(sprintf('SUBACK: Expected %d return codes but got %d.', count($this->subscriptions), count($returnCodes)));
        }
        foreach ($returnCodes as $index => $returnCode) {
            if ($packet->isError($returnCode)) {
                $this->fail(sprintf('Failed to subscribe to "%s".', $this->subscriptions[$index]->getFilter()));
                return null;
            }
        }
        $this->succeed($this->subscriptions);
        return null;
    }
}
