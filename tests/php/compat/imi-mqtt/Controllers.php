<?php
declare(strict_types=1);

namespace Mqtt\Tests\Compat\Imi;

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
use BinSoul\Net\Mqtt\Packet\SubscribeResponsePacket;
use BinSoul\Net\Mqtt\Packet\UnsubscribeRequestPacket;
use BinSoul\Net\Mqtt\Packet\UnsubscribeResponsePacket;
use Imi\ConnectionContext;
use Imi\RequestContext;
use Imi\Server\MQTT\BaseMQTTController;
use Imi\Server\MQTT\Message\ReceiveData;
use Imi\Server\Server;

/** Writes down what it gets and gives every message to everybody. No method declares what it returns. */
class HubController extends BaseMQTTController
{
    /** @var list<string> */
    public static array $calls = [];
    public static ?ReceiveData $last = null;

    public function connect(ConnectRequestPacket $request, ReceiveData $receiveData)
    {
        self::note(__FUNCTION__, $receiveData);
        ConnectionContext::set('user', $request->getUsername());
        $response = parent::connect($request, $receiveData);
        $response->setReturnCode($request->getUsername() === 'mallory' ? 5 : 0);
        return $response;
    }

    public function publish(PublishRequestPacket $request, ReceiveData $receiveData)
    {
        self::note(__FUNCTION__ . ' ' . $request->getTopic() . ' of ' . ConnectionContext::get('user'), $receiveData);
        if ($request->getTopic() === 'fail') {
            throw new \DomainException('no such topic');
        }
        $message = new PublishRequestPacket();
        $message->setTopic($request->getTopic());
        $message->setPayload($request->getPayload());
        Server::sendToAll($message);
        return match ($request->getQosLevel()) {
            1 => self::answer(new PublishAckPacket(), $request),
            2 => self::answer(new PublishReceivedPacket(), $request),
            default => null,
        };
    }

    public function publishAck(PublishAckPacket $request, ReceiveData $receiveData)
    {
        self::note(__FUNCTION__, $receiveData);
    }

    public function publishReceived(PublishReceivedPacket $request, ReceiveData $receiveData)
    {
        self::note(__FUNCTION__, $receiveData);
        return self::answer(new PublishReleasePacket(), $request);
    }

    public function publishRelease(PublishReleasePacket $request, ReceiveData $receiveData)
    {
        self::note(__FUNCTION__, $receiveData);
        return self::answer(new PublishCompletePacket(), $request);
    }

    public function publishComplete(PublishCompletePacket $request, ReceiveData $receiveData)
    {
        self::note(__FUNCTION__, $receiveData);
    }

    public function subscribe(SubscribeRequestPacket $request, ReceiveData $receiveData)
    {
        self::note(__FUNCTION__ . ' ' . implode(',', $request->getFilters()), $receiveData);
        $response = self::answer(new SubscribeResponsePacket(), $request);
        $response->setReturnCodes($request->getQosLevels());
        return $response;
    }

    public function unsubscribe(UnsubscribeRequestPacket $request, ReceiveData $receiveData)
    {
        self::note(__FUNCTION__ . ' ' . implode(',', $request->getTopics()), $receiveData);
        return self::answer(new UnsubscribeResponsePacket(), $request);
    }

    public function disconnect(DisconnectRequestPacket $request, ReceiveData $receiveData)
    {
        self::note(__FUNCTION__, $receiveData);
    }

    public function ping(PingRequestPacket $request, ReceiveData $receiveData)
    {
        self::note(__FUNCTION__, $receiveData);
        return parent::ping($request, $receiveData);
    }

    private static function note(string $call, ReceiveData $receiveData): void
    {
        self::$calls[] = $call;
        self::$last = $receiveData;
        if (RequestContext::get('clientId') !== $receiveData->getClientId() || RequestContext::get('receiveData') !== $receiveData) {
            throw new \LogicException('the context is that of another packet');
        }
    }

    private static function answer(object $response, object $request): object
    {
        $response->setIdentifier($request->getIdentifier());
        return $response;
    }
}

/** Every method declares what it returns, as controllers for imi-mqtt 2 and 3 do. */
class TypedController extends BaseMQTTController
{
    public function connect(ConnectRequestPacket $request, ReceiveData $receiveData): ?ConnectResponsePacket
    {
        return parent::connect($request, $receiveData);
    }

    public function disconnect(DisconnectRequestPacket $request, ReceiveData $receiveData): void
    {
    }

    public function ping(PingRequestPacket $request, ReceiveData $receiveData): ?PingResponsePacket
    {
        return parent::ping($request, $receiveData);
    }

    public function publish(PublishRequestPacket $request, ReceiveData $receiveData): mixed
    {
        return null;
    }

    public function publishAck(PublishAckPacket $request, ReceiveData $receiveData): void
    {
    }

    public function publishReceived(PublishReceivedPacket $request, ReceiveData $receiveData): void
    {
    }

    public function publishRelease(PublishReleasePacket $request, ReceiveData $receiveData): void
    {
    }

    public function publishComplete(PublishCompletePacket $request, ReceiveData $receiveData): void
    {
    }

    public function subscribe(SubscribeRequestPacket $request, ReceiveData $receiveData): ?SubscribeResponsePacket
    {
        return null;
    }

    public function unsubscribe(UnsubscribeRequestPacket $request, ReceiveData $receiveData): ?UnsubscribeResponsePacket
    {
        return null;
    }
}
