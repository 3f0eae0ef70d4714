<?php
declare(strict_types=1);

namespace Imi\MQTT\Client\Contract;

use BinSoul\Net\Mqtt\Packet\ConnectResponsePacket;
use BinSoul\Net\Mqtt\Packet\PingResponsePacket;
use BinSoul\Net\Mqtt\Packet\PublishAckPacket;
use BinSoul\Net\Mqtt\Packet\PublishCompletePacket;
use BinSoul\Net\Mqtt\Packet\PublishReceivedPacket;
use BinSoul\Net\Mqtt\Packet\PublishReleasePacket;
use BinSoul\Net\Mqtt\Packet\PublishRequestPacket;
use BinSoul\Net\Mqtt\Packet\SubscribeResponsePacket;
use BinSoul\Net\Mqtt\Packet\UnsubscribeResponsePacket;
use Imi\MQTT\Client\MQTTClient;

/**
 * Who is told what comes. Nothing is answered by itself: who wants PUBACK, PUBREC, PUBREL or PUBCOMP sent calls the client.
 *
 * No method says what it returns, so that listeners written for imi-mqtt 1 (without) and later (": void") both fit.
 */
interface IMQTTClientListener
{
    /**
     * Before its return code is looked at.
     *
     * @return mixed
     */
    public function connectACK(MQTTClient $client, ConnectResponsePacket $packet);

    /** @return mixed */
    public function publish(MQTTClient $client, PublishRequestPacket $packet);

    /** @return mixed */
    public function publishAck(MQTTClient $client, PublishAckPacket $packet);

    /** @return mixed */
    public function publishReceived(MQTTClient $client, PublishReceivedPacket $packet);

    /** @return mixed */
    public function publishRelease(MQTTClient $client, PublishReleasePacket $packet);

    /** @return mixed */
    public function publishComplete(MQTTClient $client, PublishCompletePacket $packet);

    /** @return mixed */
    public function subscribeACK(MQTTClient $client, SubscribeResponsePacket $packet);

    /** @return mixed */
    public function unsubscribeACK(MQTTClient $client, UnsubscribeResponsePacket $packet);

    /** @return mixed */
    public function ping(MQTTClient $client, PingResponsePacket $packet);
}
