<?php
declare(strict_types=1);

namespace Imi\Server\MQTT;

use BinSoul\Net\Mqtt\Packet;
use BinSoul\Net\Mqtt\Packet\ConnectRequestPacket;
use BinSoul\Net\Mqtt\Packet\ConnectResponsePacket;
use BinSoul\Net\Mqtt\Packet\DisconnectRequestPacket;
use BinSoul\Net\Mqtt\Packet\PingRequestPacket;
use BinSoul\Net\Mqtt\Packet\PingResponsePacket;
use BinSoul\Net\Mqtt\Packet\PublishAckPacket;
use BinSoul\Net\Mqtt\Packet\PublishCompletePacket;
use BinSoul\Net\Mqtt\Packet\PublishReceivedPacket;
use BinSoul\Net\Mqtt\Packet\PublishReleasePacket;
use BinSoul\Net\Mqtt\Packet\PublishRequestPacket;
use BinSoul\Net\Mqtt\Packet\SubscribeRequestPacket;
use BinSoul\Net\Mqtt\Packet\UnsubscribeRequestPacket;
use Imi\Server\MQTT\Message\ReceiveData;

/**
 * What a server does with each packet. A packet that a method returns is sent to the client; null sends nothing.
 *
 * There are no sessions and no subscriptions but those that the controller keeps. One controller serves all connections of
 * a server. No method says what it returns: the versions of imi-mqtt differ, and controllers of all of them shall fit.
 */
abstract class BaseMQTTController
{
    /**
     * Accepts everybody.
     *
     * @return Packet|null
     */
    public function connect(ConnectRequestPacket $request, ReceiveData $receiveData)
    {
        $response = new ConnectResponsePacket();
        $response->setReturnCode(0);
        return $response;
    }

    /** @return Packet|null */
    public function disconnect(DisconnectRequestPacket $request, ReceiveData $receiveData)
    {
        return null;
    }

    /** @return Packet|null */
    public function ping(PingRequestPacket $request, ReceiveData $receiveData)
    {
        return new PingResponsePacket();
    }

    /** @return Packet|null */
    abstract public function publish(PublishRequestPacket $request, ReceiveData $receiveData);

    /** @return Packet|null */
    public function publishAck(PublishAckPacket $request, ReceiveData $receiveData)
    {
        return null;
    }

    /** @return Packet|null */
    public function publishReceived(PublishReceivedPacket $request, ReceiveData $receiveData)
    {
        return null;
    }

    /** @return Packet|null */
    public function publishRelease(PublishReleasePacket $request, ReceiveData $receiveData)
    {
        return null;
    }

    /** @return Packet|null */
    public function publishComplete(PublishCompletePacket $request, ReceiveData $receiveData)
    {
        return null;
    }

    /** @return Packet|null */
    abstract public function subscribe(SubscribeRequestPacket $request, ReceiveData $receiveData);

    /** @return Packet|null */
    abstract public function unsubscribe(UnsubscribeRequestPacket $request, ReceiveData $receiveData);
}
