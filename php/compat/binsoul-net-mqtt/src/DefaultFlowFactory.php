<?php
declare(strict_types=1);

namespace BinSoul\Net\Mqtt;

class DefaultFlowFactory implements FlowFactory
{
    private ClientIdentifierGenerator $clientIdentifierGenerator;
    private PacketIdentifierGenerator $packetIdentifierGenerator;
    private PacketFactory $packetFactory;

    public function __construct(ClientIdentifierGenerator $clientIdentifierGenerator, PacketIdentifierGenerator $packetIdentifierGenerator, PacketFactory $packetFactory)
    {
        $this->clientIdentifierGenerator = $clientIdentifierGenerator;
        $this->packetIdentifierGenerator = $packetIdentifierGenerator;
        $this->packetFactory = $packetFactory;
    }

    public function buildIncomingConnectFlow(Connection $connection, int $returnCode, bool $sessionPresent): Flow
    {
        return new Flow\IncomingConnectFlow($this->packetFactory, $connection, $returnCode, $sessionPresent);
    }

    public function buildIncomingDisconnectFlow(Connection $connection): Flow
    {
        return new Flow\IncomingDisconnectFlow($this->packetFactory, $connection);
    }

    public function buildIncomingPingFlow(): Flow
    {
        return new Flow\IncomingPingFlow($this->packetFactory);
    }

    public function buildIncomingPublishFlow(Message $message, ?int $identifier = null): Flow
    {
        return new Flow\IncomingPublishFlow($this->packetFactory, $message, $identifier);
    }

    public function buildIncomingSubscribeFlow(array $subscriptions, array $returnCodes, int $identifier): Flow
    {
        return new Flow\IncomingSubscribeFlow($this->packetFactory, $subscriptions, $returnCodes, $identifier);
    }

    public function buildIncomingUnsubscribeFlow(array $subscriptions, int $identifier): Flow
    {
        return new Flow\IncomingUnsubscribeFlow($this->packetFactory, $subscriptions, $identifier);
    }

    public function buildOutgoingConnectFlow(Connection $connection): Flow
    {
        return new Flow\OutgoingConnectFlow($this->packetFactory, $connection, $this->clientIdentifierGenerator);
    }

    public function buildOutgoingDisconnectFlow(Connection $connection): Flow
    {
        return new Flow\OutgoingDisconnectFlow($this->packetFactory, $connection);
    }

    public function buildOutgoingPingFlow(): Flow
    {
        return new Flow\OutgoingPingFlow($this->packetFactory);
    }

    public function buildOutgoingPublishFlow(Message $message): Flow
    {
        return new Flow\OutgoingPublishFlow($this->packetFactory, $message, $this->packetIdentifierGenerator);
    }

    public function buildOutgoingSubscribeFlow(array $subscriptions): Flow
    {
        return new Flow\OutgoingSubscribeFlow($this->packetFactory, $subscriptions, $this->packetIdentifierGenerator);
    }

    public function buildOutgoingUnsubscribeFlow(array $subscriptions): Flow
    {
        return new Flow\OutgoingUnsubscribeFlow($this->packetFactory, $subscriptions, $this->packetIdentifierGenerator);
    }
}
