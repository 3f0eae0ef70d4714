<?php
declare(strict_types=1);

namespace Mqtt\Tests\Compat\Imi;

use BinSoul\Net\Mqtt\Packet;
use BinSoul\Net\Mqtt\Packet\ConnectResponsePacket;
use BinSoul\Net\Mqtt\Packet\PingResponsePacket;
use BinSoul\Net\Mqtt\Packet\PublishAckPacket;
use BinSoul\Net\Mqtt\Packet\PublishCompletePacket;
use BinSoul\Net\Mqtt\Packet\PublishReceivedPacket;
use BinSoul\Net\Mqtt\Packet\PublishReleasePacket;
use BinSoul\Net\Mqtt\Packet\PublishRequestPacket;
use BinSoul\Net\Mqtt\Packet\SubscribeResponsePacket;
use BinSoul\Net\Mqtt\Packet\UnsubscribeResponsePacket;
use Imi\MQTT\Client\Contract\IMQTTClientListener;
use Imi\MQTT\Client\MQTTClient;

/** Writes down what it is told, and acknowledges. Its methods declare no return types, as listeners for imi-mqtt 1 do not. */
class Recorder implements IMQTTClientListener
{
    /** @var list<string> */
    public array $events = [];
    /** @var list<Packet> */
    public array $packets = [];
    /** Disconnects when so many events are there. */
    public int $until = PHP_INT_MAX;
    /** @var (callable(MQTTClient, string, Packet): mixed)|null called last */
    public $then = null;

    public function connectACK(MQTTClient $client, ConnectResponsePacket $packet)
    {
        $this->note($client, 'connectACK', $packet, $packet->getReturnCode());
    }

    public function publish(MQTTClient $client, PublishRequestPacket $packet)
    {
        match ($packet->getQosLevel()) {
            1 => $client->publishAck($packet->getIdentifier()),
            2 => $client->publishReceived($packet->getIdentifier()),
            default => null,
        };
        $this->note($client, 'publish', $packet, $packet->getTopic(), $packet->getPayload(), $packet->getQosLevel());
    }

    public function publishAck(MQTTClient $client, PublishAckPacket $packet)
    {
        $this->note($client, 'publishAck', $packet, $packet->getIdentifier());
    }

    public function publishReceived(MQTTClient $client, PublishReceivedPacket $packet)
    {
        $client->publishRelease($packet->getIdentifier());
        $this->note($client, 'publishReceived', $packet, $packet->getIdentifier());
    }

    public function publishRelease(MQTTClient $client, PublishReleasePacket $packet)
    {
        $client->publishComplete($packet->getIdentifier());
        $this->note($client, 'publishRelease', $packet);
    }

    public function publishComplete(MQTTClient $client, PublishCompletePacket $packet)
    {
        $this->note($client, 'publishComplete', $packet, $packet->getIdentifier());
    }

    public function subscribeACK(MQTTClient $client, SubscribeResponsePacket $packet)
    {
        $this->note($client, 'subscribeACK', $packet, $packet->getIdentifier(), implode(',', $packet->getReturnCodes()));
    }

    public function unsubscribeACK(MQTTClient $client, UnsubscribeResponsePacket $packet)
    {
        $this->note($client, 'unsubscribeACK', $packet, $packet->getIdentifier());
    }

    public function ping(MQTTClient $client, PingResponsePacket $packet)
    {
        $this->note($client, 'ping', $packet);
    }

    private function note(MQTTClient $client, string $method, Packet $packet, mixed ...$words): void
    {
        $this->events[] = implode(' ', [$method, ...$words]);
        $this->packets[] = $packet;
        if ($this->then !== null) {
            ($this->then)($client, $method, $packet);
        }
        if (count($this->events) >= $this->until) {
            $client->disconnect();
        }
    }
}

/** As listeners for imi-mqtt 2 and later are written. */
class TypedListener implements IMQTTClientListener
{
    public function connectACK(MQTTClient $client, ConnectResponsePacket $packet): void
    {
    }

    public function publish(MQTTClient $client, PublishRequestPacket $packet): void
    {
    }

    public function publishAck(MQTTClient $client, PublishAckPacket $packet): void
    {
    }

    public function publishReceived(MQTTClient $client, PublishReceivedPacket $packet): void
    {
    }

    public function publishRelease(MQTTClient $client, PublishReleasePacket $packet): void
    {
    }

    public function publishComplete(MQTTClient $client, PublishCompletePacket $packet): void
    {
    }

    public function subscribeACK(MQTTClient $client, SubscribeResponsePacket $packet): void
    {
    }

    public function unsubscribeACK(MQTTClient $client, UnsubscribeResponsePacket $packet): void
    {
    }

    public function ping(MQTTClient $client, PingResponsePacket $packet): void
    {
    }
}
