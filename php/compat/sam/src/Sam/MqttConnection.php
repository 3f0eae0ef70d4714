<?php
declare(strict_types=1);

namespace Mqtt\Compat\Sam;

use Mqtt\Exception\ClosedException;
use Mqtt\Exception\Exception as MqttException;
use Mqtt\Packet;
use Mqtt\PacketClient;
use Mqtt\ReasonCode;
use Mqtt\Subscription;
use Mqtt\Topic;
use Mqtt\Version;
use SAMMessage;

/**
 * MQTT 3.1 for SAMConnection, one call after the other: every call waits for its answers.
 *
 * @internal
 */
final class MqttConnection
{
    private const TOPIC_PREFIX = 'topic://';
    /** Seconds for each answer of the broker, and for a message where the script does not say how long. */
    private const ANSWER_TIMEOUT = 10.0;
    /** Messages kept for receive() while an answer is awaited. Beyond, the broker has to wait. */
    private const BACKLOG = 1000;

    public int $errno = 0;
    public string $error = '';

    private bool $debug = false;
    private ?PacketClient $client = null;
    private string $host = 'localhost';
    private int $port = 1883;
    private bool $cleanStart = false;
    /** CONNECT was accepted. */
    private bool $isConnected = false;
    /** connect() has succeeded, and no disconnect() followed. */
    private bool $isOpen = false;
    /** The identifier of the client; SAM calls it the subscription's. */
    private string $subscriptionId = '';
    private int $packetId = 0;
    /** @var array<int, Packet\Publish> what came while an answer was awaited */
    private array $waiting = [];
    /** @var array<int, true> identifiers of messages at QoS 2 that were taken and not released */
    private array $unreleased = [];

    public function setDebug(bool $debug): void
    {
        $this->debug = $debug;
    }

    /** @param array<int|string, scalar|null> $options */
    public function connect(string $protocol, array $options): bool
    {
        $this->host       = (string) ($options[SAM_HOST] ?? '') ?: 'localhost';
        $this->port       = (int) ($options[SAM_PORT] ?? 0) ?: 1883;
        $this->cleanStart = in_array(SAM_MQTT_CLEANSTART, $options, true);
        $this->isOpen     = $this->open();

        return $this->isOpen;
    }

    public function disconnect(): bool
    {
        if (!$this->isOpen) {
            return false;
        }
        try {
            if ($this->isConnected) {
                $this->client?->send(new Packet\Disconnect());
            }
        } catch (MqttException $e) {
            $this->trace("the connection was lost: {$e->getMessage()}");
        }
        $this->close();
        $this->isOpen = false;

        return true;
    }

    public function isConnected(): bool
    {
        return $this->isConnected;
    }

    /** @param array<int|string, scalar|null> $options */
    public function send(string $target, object $message, array $options): bool
    {
        $topic = $this->topic($target);
        if ($topic === null || !$this->ensureConnected()) {
            return false;
        }
        $qos = (int) ($options[SAM_MQTT_QOS] ?? 0);
        $id  = $qos > 0 ? $this->nextId() : null;
        try {
            /** @var scalar|\Stringable|null $body */
            $body = $message->body ?? '';
            $this->client()->send(new Packet\Publish($topic, (string) $body, $qos, packetId: $id));
            if ($id === null) {
                return true;
            }
            if ($qos === 1) {
                return $this->await(Packet\PubAck::class, $id) === null ? $this->fail(302, 'Send request failed!') : true;
            }
            if ($qos === 2) {
                if ($this->await(Packet\PubRec::class, $id) === null) {
                    return $this->fail(302, 'Send request failed!');
                }
                $this->client()->send(new Packet\PubRel($id));

                return $this->await(Packet\PubComp::class, $id) === null ? $this->fail(302, 'Send request failed!') : true;
            }

            return true;
        } catch (MqttException|\ValueError $e) {
            return $this->lost(302, 'Send request failed!', $e);
        }
    }

    /** @param array<int|string, scalar|null> $options */
    public function subscribe(string $target, array $options): string|false
    {
        $topic = $this->topic($target);
        if ($topic === null || !$this->ensureConnected()) {
            return false;
        }
        $id = $this->nextId();
        try {
            $this->client()->send(new Packet\Subscribe($id, [new Subscription($topic, (int) ($options[SAM_MQTT_QOS] ?? 0))]));
            $answer = $this->await(Packet\SubAck::class, $id);
        } catch (MqttException|\ValueError $e) {
            return $this->lost(301, 'Subscribe request failed!', $e);
        }
        if (!$answer instanceof Packet\SubAck) {
            return $this->fail(301, 'Subscribe request failed, no response from broker!');
        }
        if (($answer->reasonCodes[0] ?? ReasonCode::UnspecifiedError)->isError()) {
            return $this->fail(301, 'Subscribe request failed, the broker refuses the topic!');
        }

        return $this->subscriptionId . SAM_MQTT_SUB_SEPARATOR . $topic;
    }

    public function unsubscribe(string $subscription): string|false
    {
        $topic = $this->topicOfSubscription($subscription);
        if ($topic === null || !$this->ensureConnected()) {
            return false;
        }
        $id = $this->nextId();
        try {
            $this->client()->send(new Packet\Unsubscribe($id, [$topic]));
            $answer = $this->await(Packet\UnsubAck::class, $id);
        } catch (MqttException|\ValueError $e) {
            return $this->lost(302, 'Unsubscribe request failed!', $e);
        }

        return $answer === null ? $this->fail(302, 'Unsubscribe request failed, no response from broker!') : $this->subscriptionId;
    }

    /** @param array<int|string, scalar|null> $options */
    public function receive(string $subscription, array $options): SAMMessage|false
    {
        $topic = $this->topicOfSubscription($subscription);
        if ($topic === null || !$this->ensureConnected()) {
            return false;
        }
        $wait = (int) ($options[SAM_WAIT] ?? 0);
        $end  = microtime(true) + ($wait > 1 ? $wait / 1000 : self::ANSWER_TIMEOUT);
        try {
            $packet = $this->takeWaiting($topic);
            while ($packet === null) {
                $packet = $this->client()->receive(max(0.0, $end - microtime(true)));
                if ($packet === null) {
                    return $this->fail(500, 'Receive request failed, timed out with no data!');
                }
                if (!$packet instanceof Packet\Publish || $this->isRepeated($packet) || !$this->matches($topic, $packet->topic)) {
                    $this->keep($packet);
                    $packet = null;
                }
            }
            $this->acknowledge($packet);
        } catch (MqttException $e) {
            return $this->lost($e instanceof \Mqtt\Exception\ProtocolException ? 303 : 500, 'Receive request failed!', $e);
        }
        $message                         = new SAMMessage($packet->payload);
        $message->header->SAM_MQTT_TOPIC = self::TOPIC_PREFIX . $packet->topic;
        $message->header->SAM_MQTT_QOS   = $packet->qos;
        $message->header->SAM_TYPE       = 'SAM_BYTES';

        return $message;
    }

    public function unsupported(): bool
    {
        return $this->fail(100, 'Unsupported operation for MQTT protocol!');
    }

    // -- Connection ------------------------------------------------------------------------------------------------

    /** Opens the socket, and nothing else. */
    private function open(): bool
    {
        $host = str_contains($this->host, ':') ? '[' . trim($this->host, '[]') . ']' : $this->host;
        try {
            $this->client = new PacketClient("mqtt://$host:{$this->port}", ['version' => Version::V3_1, 'connectTimeout' => self::ANSWER_TIMEOUT]);
            $this->client->connect();

            return true;
        } catch (MqttException|\ValueError $e) {
            return $this->lost(208, 'Unable to open socket to broker!', $e);
        }
    }

    /** Sends CONNECT where that has not been done. */
    private function ensureConnected(): bool
    {
        if ($this->isConnected) {
            return true;
        }
        if ($this->client === null && !$this->open()) {
            return false;
        }
        $this->isOpen = true;
        if ($this->subscriptionId === '') {
            // MQTT 3.1 allows 23 characters.
            $this->subscriptionId = substr(uniqid('', true), 0, 23);
        }
        try {
            $this->client()->send(new Packet\Connect($this->subscriptionId, $this->cleanStart, 0, version: Version::V3_1));
            $answer = $this->client()->receive(self::ANSWER_TIMEOUT);
        } catch (MqttException|\ValueError $e) {
            return $this->lost(218, 'Unable to open connection to broker!', $e);
        }
        if ($answer instanceof Packet\ConnAck && $answer->reasonCode === ReasonCode::Success) {
            $this->isConnected = true;

            return true;
        }
        $this->close();
        if ($answer instanceof Packet\ConnAck && $answer->reasonCode === ReasonCode::ClientIdentifierNotValid) {
            $this->subscriptionId = '';

            return $this->fail(279, 'Invalid subscription id!');
        }

        return $this->fail(218, 'Unable to open connection to broker!');
    }

    /** @throws ClosedException where there is no connection */
    private function client(): PacketClient
    {
        return $this->client ?? throw new ClosedException('There is no connection');
    }

    private function close(): void
    {
        try {
            $this->client?->close();
        } catch (MqttException) {
            // It belongs to the parent process.
        }
        $this->client      = null;
        $this->isConnected = false;
        $this->waiting     = $this->unreleased = [];
    }

    /** @return false */
    private function lost(int $errno, string $error, \Throwable $e): bool
    {
        $this->trace("$error {$e->getMessage()}");
        // A topic that is none has not hurt the connection.
        if (!$e instanceof \ValueError) {
            $this->close();
        }

        return $this->fail($errno, $error);
    }

    // -- Packets ---------------------------------------------------------------------------------------------------

    /**
     * Waits for the answer with this identifier.
     *
     * @param class-string<Packet\PubAck|Packet\PubRec|Packet\PubComp|Packet\SubAck|Packet\UnsubAck> $class
     *
     * @throws MqttException
     */
    private function await(string $class, int $id): ?Packet
    {
        $end = microtime(true) + self::ANSWER_TIMEOUT;
        while (($packet = $this->client()->receive(max(0.0, $end - microtime(true)))) !== null) {
            if ($packet instanceof $class && $packet->packetId === $id) {
                return $packet;
            }
            $this->keep($packet);
        }

        return null;
    }

    /** @throws MqttException */
    private function keep(Packet $packet): void
    {
        if ($packet instanceof Packet\PubRel) {
            unset($this->unreleased[$packet->packetId]);
            $this->client()->send(new Packet\PubComp($packet->packetId));
        } elseif ($packet instanceof Packet\Publish && $this->isRepeated($packet)) {
            $this->acknowledge($packet);
        } elseif ($packet instanceof Packet\Publish && count($this->waiting) < self::BACKLOG) {
            $this->waiting[] = $packet;
        }
    }

    /** Whether it is a message at QoS 2 that the script has already. */
    private function isRepeated(Packet\Publish $packet): bool
    {
        return $packet->packetId !== null && $packet->qos === 2 && isset($this->unreleased[$packet->packetId]);
    }

    private function takeWaiting(string $topic): ?Packet\Publish
    {
        foreach ($this->waiting as $index => $packet) {
            if ($this->matches($topic, $packet->topic)) {
                unset($this->waiting[$index]);

                return $packet;
            }
        }

        return null;
    }

    /** @throws MqttException */
    private function acknowledge(Packet\Publish $packet): void
    {
        if ($packet->packetId === null) {
            return;
        }
        if ($packet->qos === 1) {
            $this->client()->send(new Packet\PubAck($packet->packetId));
        } elseif ($packet->qos === 2) {
            $this->unreleased[$packet->packetId] = true;
            $this->client()->send(new Packet\PubRec($packet->packetId));
        }
    }

    private function nextId(): int
    {
        return $this->packetId = $this->packetId % 0xFFFF + 1;
    }

    private function matches(string $filter, string $topic): bool
    {
        try {
            return Topic::matches($filter, $topic);
        } catch (\ValueError) {
            return false;
        }
    }

    // -- Names and errors ------------------------------------------------------------------------------------------

    private function topic(string $target): ?string
    {
        if (str_starts_with($target, self::TOPIC_PREFIX)) {
            return substr($target, strlen(self::TOPIC_PREFIX));
        }
        $this->fail(279, "Specified target ($target) is not a valid topic!");

        return null;
    }

    /** The topic in what subscribe() returned. A subscription of another client is received with its identifier. */
    private function topicOfSubscription(string $subscription): ?string
    {
        $parts = explode(SAM_MQTT_SUB_SEPARATOR, $subscription, 2);
        if (count($parts) < 2 || $parts[0] === '') {
            $this->fail(279, "Specified subscription id ($subscription) is not valid!");

            return null;
        }
        if ($parts[0] !== $this->subscriptionId) {
            if ($this->isConnected) {
                $this->disconnect();
            }
            $this->subscriptionId = $parts[0];
        }

        return $parts[1];
    }

    /** @return false */
    private function fail(int $errno, string $error): bool
    {
        $this->errno = $errno;
        $this->error = $error;
        $this->trace("$errno $error");

        return false;
    }

    private function trace(string $text): void
    {
        if ($this->debug) {
            echo '   ', $text, isset($_SERVER['REQUEST_URI']) ? '<br>' : "\n";
        }
    }
}
