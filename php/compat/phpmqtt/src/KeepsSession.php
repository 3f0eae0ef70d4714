<?php
declare(strict_types=1);

namespace Bluerhinos;

use Mqtt\Codec;
use Mqtt\Compat\ByteStream;
use Mqtt\Exception\ClosedException;
use Mqtt\Exception\Exception as MqttException;
use Mqtt\Packet;
use Mqtt\PacketClient;
use Mqtt\Topic;
use Mqtt\Version;

/**
 * What phpMQTT does inside: the connection, and the exchange of acknowledgements.
 *
 * @internal
 */
trait KeepsSession
{
    /** Packets kept for proc() while an answer is awaited. Beyond, the broker has to wait. */
    private static int $backlog = 1000;

    private ?PacketClient $connection = null;
    private ?ByteStream $stream = null;
    /** @var list<Packet> what came while an answer was awaited */
    private array $waiting = [];
    /** @var array<int, Packet\Publish|Packet\PubRel> by identifier: what the broker has not answered */
    private array $unacknowledged = [];
    /** How many of them are at QoS 2. */
    private int $openAtQos2 = 0;
    private int $published = 0;
    /** @var array<int, true> identifiers of messages at QoS 2 that were delivered and not released */
    private array $delivered = [];
    private ?bool $overridesMessage = null;
    /** Unix time of a ping that was not answered. */
    private ?int $pingedAt = null;

    /** @throws MqttException */
    private function open(): PacketClient
    {
        $host    = str_contains((string) $this->address, ':') ? '[' . trim((string) $this->address, '[]') . ']' : $this->address;
        $options = ['connectTimeout' => self::ANSWER_TIMEOUT, 'keepAlive' => (int) $this->keepalive, 'version' => Version::V3_1_1];
        if ($this->cafile) {
            $options['tls'] = ['caFile' => (string) $this->cafile];
        }
        $this->connection = new PacketClient(($this->cafile ? 'mqtts' : 'mqtt') . "://$host:{$this->port}", $options);
        $this->connection->connect();
        $this->stream = new ByteStream($this->connection);
        $this->socket = $this->connection->stream();

        return $this->connection;
    }

    private function drop(): void
    {
        $connection       = $this->connection;
        $this->connection = $this->stream = $this->socket = $this->pingedAt = null;
        $this->waiting    = [];
        try {
            $connection?->close();
        } catch (MqttException) {
            // It belongs to the parent process.
        }
    }

    /** @param int $before Unix time, a keep-alive interval ago */
    private function keepAlive(int $before): void
    {
        if ($this->timesinceping < $before) {
            $this->ping();
        }
        if ($this->pingedAt !== null && $this->pingedAt < $before || $this->timesinceping < $before - $this->keepalive) {
            $this->_debugMessage('the broker does not answer');
            $this->reconnect();
        }
    }

    private function reconnect(): void
    {
        $this->connect_auto(false);
        if ($this->topics !== []) {
            $this->subscribe($this->topics);
        }
    }

    /** What the broker has not answered goes again, as a repetition where it has the session. */
    private function resume(bool $sessionPresent): void
    {
        try {
            foreach ($this->unacknowledged as $id => $packet) {
                $this->send($packet instanceof Packet\Publish
                    ? new Packet\Publish($packet->topic, $packet->payload, $packet->qos, $packet->retain, $sessionPresent, $id)
                    : $packet);
            }
        } catch (MqttException) {
            // Lost again: proc() notices.
        }
        if (!$sessionPresent) {
            $this->delivered = [];
        }
    }

    /** @throws MqttException */
    private function send(Packet $packet): void
    {
        ($this->connection ?? throw new ClosedException('there is no connection: call connect() first'))->send($packet);
    }

    private function write(string $bytes): bool
    {
        try {
            ($this->stream ?? throw new ClosedException('there is no connection: call connect() first'))->write($bytes);

            return true;
        } catch (MqttException $e) {
            $this->_errorMessage("writing failed: {$e->getMessage()}");

            return false;
        }
    }

    /** @throws MqttException */
    private function receive(float $timeout): ?Packet
    {
        $connection = $this->connection ?? throw new ClosedException('there is no connection');
        $packet     = $connection->receive($timeout);
        if ($packet !== null) {
            $this->pingedAt = null;
        }

        return $packet;
    }

    // -- Session ---------------------------------------------------------------------------------------------------

    /** An identifier that nothing in flight has. */
    private function nextId(): int
    {
        do {
            $id          = ($this->msgid - 1) % 0xFFFF + 1;
            $this->msgid = $id + 1;
        } while (isset($this->unacknowledged[$id]));

        return $id;
    }

    /**
     * Waits for an answer. Messages that come before it are kept for proc().
     *
     * @param callable(Packet): bool $isAnswer
     *
     * @return Packet|null null when the time is over
     *
     * @throws MqttException
     */
    private function await(callable $isAnswer, float $timeout): ?Packet
    {
        $end = microtime(true) + $timeout;
        while (($packet = $this->receive(max(0.0, $end - microtime(true)))) !== null) {
            if ($isAnswer($packet)) {
                return $packet;
            }
            $this->answerOrKeep($packet);
        }

        return null;
    }

    /** Whether one more message may be published; waits for acknowledgements where it may not. */
    private function hasRoom(int $qos): bool
    {
        // Not for each message: proc() may have come for the answer.
        $isTimeToLook = ++$this->published % self::LOOK_EVERY === 0;
        if (!$isTimeToLook && count($this->unacknowledged) < self::WINDOW && ($qos < 2 || $this->openAtQos2 < self::WINDOW_AT_QOS2)) {
            return true;
        }
        $isOpen = fn (): bool => count($this->unacknowledged) < self::WINDOW && ($qos < 2 || $this->openAtQos2 < self::WINDOW_AT_QOS2);

        return $this->settle($isOpen, 0.0, true) || $this->settle($isOpen);
    }

    /**
     * Takes acknowledgements until enough have come.
     *
     * @param callable(): bool $isEnough
     * @param float            $timeout  seconds to wait for each
     * @param bool             $takeAll  also those that are there and not needed
     *
     * @return bool false when none comes any more
     */
    private function settle(callable $isEnough, float $timeout = self::ACKNOWLEDGE_TIMEOUT, bool $takeAll = false): bool
    {
        try {
            while (($takeAll || !$isEnough()) && $this->connection !== null && count($this->waiting) < self::$backlog) {
                $bytes = $this->connection->receiveBytes($timeout);
                if ($bytes === null) {
                    break;
                }
                $this->pingedAt = null;
                if ($bytes[0] === "\x40" && strlen($bytes) === 4) {
                    // PUBACK, by far the most: without an object for each.
                    unset($this->unacknowledged[ord($bytes[2]) << 8 | ord($bytes[3])]);
                } else {
                    $this->answerOrKeep(Codec::decode($bytes, Version::V3_1_1));
                }
            }
        } catch (MqttException) {
            // The connection is lost: proc() notices.
        }

        return $isEnough();
    }

    private function answerOrKeep(Packet $packet): void
    {
        if ($packet instanceof Packet\Publish || $packet instanceof Packet\PubRel) {
            $this->waiting[] = $packet;
        } else {
            $this->handle($packet);
        }
    }

    /**
     * @return bool|string what message() says of a message
     *
     * @throws MqttException
     */
    private function handle(Packet $packet): bool|string
    {
        if ($this->debug === true) {
            $command = ord($packet->encode(Version::V3_1_1)[0]) >> 4;
            $this->_debugMessage("Received CMD: $command (" . (static::$known_commands[$command] ?? 'Unknown') . ')');
        }
        switch (true) {
            case $packet instanceof Packet\Publish:
                return $this->deliver($packet);
            case $packet instanceof Packet\PubAck:
            case $packet instanceof Packet\PubComp:
                $open              = $this->unacknowledged[$packet->packetId] ?? null;
                $this->openAtQos2 -= (int) ($open instanceof Packet\PubRel || $open?->qos === 2);
                unset($this->unacknowledged[$packet->packetId]);
                break;
            case $packet instanceof Packet\PubRec:
                $release = new Packet\PubRel($packet->packetId);
                if (isset($this->unacknowledged[$packet->packetId])) {
                    $this->unacknowledged[$packet->packetId] = $release;
                }
                $this->send($release);
                break;
            case $packet instanceof Packet\PubRel:
                unset($this->delivered[$packet->packetId]);
                $this->send(new Packet\PubComp($packet->packetId));
                break;
        }

        return true;
    }

    /** The function is called first, the acknowledgement follows: who dies in it gets the message again. */
    private function deliver(Packet\Publish $packet): bool|string
    {
        $id     = $packet->packetId;
        $result = true;
        if ($packet->qos < 2 || $id === null || !isset($this->delivered[$id])) {
            // A subclass gets what message() ever got; else the two are not put together to be taken apart again.
            $this->overridesMessage ??= (new \ReflectionMethod($this, 'message'))->getDeclaringClass()->getName() !== self::class;
            $result = $this->overridesMessage
                ? $this->message(pack('n', strlen($packet->topic)) . $packet->topic . $packet->payload)
                : $this->call($packet->topic, $packet->payload);
        }
        if ($packet->qos === 0 || $id === null) {
            return $result;
        }
        if ($packet->qos === 1) {
            $this->send(new Packet\PubAck($id));
        } elseif ($packet->qos === 2) {
            $this->delivered[$id] = true;
            $this->send(new Packet\PubRec($id));
        }

        return $result;
    }

    /** Calls the functions of the topics that match, as message() does. */
    private function call(string $topic, string $payload): bool|string
    {
        $found = false;
        foreach ($this->topics as $filter => $entry) {
            if ((string) $filter !== $topic && !$this->matches((string) $filter, $topic)) {
                continue;
            }
            $found    = true;
            $function = $entry['function'];
            if ($function === '__direct_return_message__') {
                return $payload;
            }
            if (is_callable($function)) {
                $function($topic, $payload);
            } else {
                $this->_errorMessage("a message on the topic $topic has come, but its function cannot be called");
            }
        }
        if (!$found) {
            $this->_debugMessage('msg received but no match in subscriptions');
        }

        return $found;
    }

    private function matches(string $filter, string $topic): bool
    {
        try {
            return Topic::matches($filter, $topic);
        } catch (\ValueError) {
            return false;
        }
    }
}
