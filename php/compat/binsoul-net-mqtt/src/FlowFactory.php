<?php
declare(strict_types=1);

namespace BinSoul\Net\Mqtt;

/**
 * Makes exchanges of packets.
 */
interface FlowFactory
{
    /** The server answers CONNECT. */
    public function buildIncomingConnectFlow(Connection $connection, int $returnCode, bool $sessionPresent): Flow;

    /** The server takes note of DISCONNECT. */
    public function buildIncomingDisconnectFlow(Connection $connection): Flow;

    /** The server answers PINGREQ. */
    public function buildIncomingPingFlow(): Flow;

    /** A message that arrived is acknowledged. */
    public function buildIncomingPublishFlow(Message $message, ?int $identifier = null): Flow;

    /**
     * The server answers SUBSCRIBE.
     *
     * @param Subscription[] $subscriptions
     * @param int[] $returnCodes for each subscription what is granted, 128 for a refusal
     */
    public function buildIncomingSubscribeFlow(array $subscriptions, array $returnCodes, int $identifier): Flow;

    /**
     * The server answers UNSUBSCRIBE.
     *
     * @param Subscription[] $subscriptions
     */
    public function buildIncomingUnsubscribeFlow(array $subscriptions, int $identifier): Flow;

    /** The client connects. */
    public function buildOutgoingConnectFlow(Connection $connection): Flow;

    /** The client leaves. */
    public function buildOutgoingDisconnectFlow(Connection $connection): Flow;

    /** The client shows that it is there. */
    public function buildOutgoingPingFlow(): Flow;

    /** A message is sent until it is acknowledged. */
    public function buildOutgoingPublishFlow(Message $message): Flow;

    /**
     * The client subscribes.
     *
     * @param Subscription[] $subscriptions
     */
    public function buildOutgoingSubscribeFlow(array $subscriptions): Flow;

    /**
     * The client unsubscribes.
     *
     * @param Subscription[] $subscriptions
     */
    public function buildOutgoingUnsubscribeFlow(array $subscriptions): Flow;
}
