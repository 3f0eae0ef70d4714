<?php
declare(strict_types=1);

namespace Imi\MQTT\Client;

use BinSoul\Net\Mqtt\DefaultPacketFactory;
use BinSoul\Net\Mqtt\Packet;
use BinSoul\Net\Mqtt\Packet\ConnectRequestPacket;
use BinSoul\Net\Mqtt\Packet\ConnectResponsePacket;
use BinSoul\Net\Mqtt\Packet\DisconnectRequestPacket;
use BinSoul\Net\Mqtt\Packet\PingRequestPacket;
use BinSoul\Net\Mqtt\Packet\PublishAckPacket;
use BinSoul\Net\Mqtt\Packet\PublishCompletePacket;
use BinSoul\Net\Mqtt\Packet\PublishReceivedPacket;
use BinSoul\Net\Mqtt\Packet\PublishReleasePacket;
use BinSoul\Net\Mqtt\Packet\PublishRequestPacket;
use BinSoul\Net\Mqtt\Packet\SubscribeRequestPacket;
use BinSoul\Net\Mqtt\Packet\UnsubscribeRequestPacket;
use BinSoul\Net\Mqtt\PacketStream;
use Imi\MQTT\Client\Contract\IMQTTClientListener;
use Imi\MQTT\Client\Exception\ConnectException;
use Imi\MQTT\Client\Exception\InvalidPacketTypeException;
use Imi\MQTT\Client\Exception\SendException;
use Mqtt\Exception\ClosedException;
use Mqtt\Exception\TransportException;
use Mqtt\PacketClient;

/**
 * A client that tells a listener every packet and answers none by itself.
 *
 * Inside a coroutine of Swoole receiving lets other coroutines run; elsewhere it blocks. Methods that imi-mqtt 1, 2 and 3
 * declare differently declare no return type, so that subclasses of all three fit.
 */
class MQTTClient
{
    /** Which method of the listener gets which packet. */
    public const PACKET_TYPE_MAP = [
        Packet::TYPE_CONNACK => 'connectACK',
        Packet::TYPE_PUBLISH => 'publish',
        Packet::TYPE_PUBACK => 'publishAck',
        Packet::TYPE_PUBREC => 'publishReceived',
        Packet::TYPE_PUBREL => 'publishRelease',
        Packet::TYPE_PUBCOMP => 'publishComplete',
        Packet::TYPE_SUBACK => 'subscribeACK',
        Packet::TYPE_UNSUBACK => 'unsubscribeACK',
        Packet::TYPE_PINGRESP => 'ping',
    ];

    /** errno on Linux. */
    private const IS_CONNECTED = 106;

    private Connection $connection;
    private IMQTTClientListener $listener;
    private Line $line;
    private DefaultPacketFactory $packetFactory;
    private bool $connected = false;
    /** Whether connect() has ever come through. */
    private bool $begun = false;

    /**
     * Connects nothing.
     *
     * @param array<string, mixed> $config host and port; timeout, pingTimespan, protocol (3 or 4), username, password,
     *     clientId ('': one is made up), keepAlive (seconds), clean, will (topic, payload, qosLevel, retain, duplicate), ssl,
     *     sslCertFile, sslKeyFile, sslVerifyPeer, sslAllowSelfSigned, sslHostName, sslCafile, sslCapath: see Connection
     *
     * @throws \InvalidArgumentException when there is no host or no port
     */
    public function __construct(array $config, IMQTTClientListener $listener)
    {
        foreach (['host', 'port'] as $name) {
            if (!isset($config[$name])) {
                throw new \InvalidArgumentException("MQTTClient config must have \"$name\"");
            }
        }
        $this->listener = $listener;
        $this->packetFactory = new DefaultPacketFactory();
        // Swoole switches coroutines while a file is read, and a class that two of them want to load at once is "not found" for one.
        array_map($this->packetFactory->build(...), range(Packet::TYPE_CONNECT, Packet::TYPE_DISCONNECT));
        $this->connection = self::connectionOf($config);
        $this->line = new Line($this->connection);
    }

    /**
     * The connection itself, where the original had a client of Swoole.
     *
     * @return PacketClient
     */
    public function getClient()
    {
        return $this->line->client;
    }

    public function getConnection(): Connection
    {
        return $this->connection;
    }

    /**
     * Whether the server has accepted CONNECT, and nothing is known of an end.
     *
     * @return bool
     */
    public function getConnected()
    {
        return $this->connected;
    }

    /**
     * Connects, sends CONNECT and waits for the answer.
     *
     * @return bool true
     *
     * @throws ConnectException when the server cannot be reached, does not answer with CONNACK, or refuses
     * @throws SendException    when the connection breaks
     */
    public function connect(): bool
    {
        if ($this->connected) {
            throw new ConnectException('TCP Connect failed', self::IS_CONNECTED);
        }
        try {
            $this->line->connect();
        } catch (TransportException $e) {
            throw new ConnectException('TCP Connect failed', $e->getCode(), $e);
        }
        $closings = $this->line->closings();
        try {
            $this->handshake();
        } catch (\Throwable $e) {
            $this->line->close();
            throw $e;
        }
        $this->begun = true;
        // The listener may have disconnected.
        $this->connected = $closings === $this->line->closings();
        return true;
    }

    /**
     * Sends DISCONNECT where the client is connected, and closes. A wait() that is under way returns.
     *
     * @return void
     *
     * @throws SendException when DISCONNECT cannot be sent; the connection is closed all the same
     */
    public function disconnect()
    {
        $wasConnected = $this->connected;
        $this->connected = false;
        try {
            if ($wasConnected) {
                $this->send(new DisconnectRequestPacket());
            }
        } finally {
            $this->line->close();
        }
    }

    /**
     * Sends PINGREQ. This and the next: how many bytes were sent.
     *
     * @return int
     */
    public function ping()
    {
        return $this->send(new PingRequestPacket());
    }

    /**
     * Note the order of the flags: duplicate, then retained. Without an identifier one is made up where QoS needs it.
     *
     * @return int
     */
    public function publish(string $topic, string $payload, int $qosLevel = 0, bool $duplicate = false, bool $retained = false, ?int $identifier = null)
    {
        $packet = new PublishRequestPacket();
        $packet->setTopic($topic);
        $packet->setPayload($payload);
        $packet->setQosLevel($qosLevel);
        $packet->setDuplicate($duplicate);
        $packet->setRetained($retained);
        $packet->setIdentifier($identifier);
        return $this->send($packet);
    }

    /** @return int */
    public function publishAck(?int $identifier = null)
    {
        return $this->sendIdentifier(new PublishAckPacket(), $identifier);
    }

    /** @return int */
    public function publishReceived(?int $identifier = null)
    {
        return $this->sendIdentifier(new PublishReceivedPacket(), $identifier);
    }

    /** @return int */
    public function publishRelease(?int $identifier = null)
    {
        return $this->sendIdentifier(new PublishReleasePacket(), $identifier);
    }

    /** @return int */
    public function publishComplete(?int $identifier = null)
    {
        return $this->sendIdentifier(new PublishCompletePacket(), $identifier);
    }

    /** @return int */
    public function subscribe(string $topic, int $qosLevel = 0, ?int $identifier = null)
    {
        $packet = new SubscribeRequestPacket();
        $packet->setTopic($topic);
        $packet->setQosLevel($qosLevel);
        return $this->sendIdentifier($packet, $identifier);
    }

    /**
     * @param array<string> $topics
     *
     * @return int
     */
    public function unsubscribe(array $topics, ?int $identifier = null)
    {
        $packet = new UnsubscribeRequestPacket();
        $packet->setTopics($topics);
        return $this->sendIdentifier($packet, $identifier);
    }

    /**
     * Sends a packet and waits for no answer.
     *
     * @return int how many bytes; the kernel has them
     *
     * @throws SendException when there is no connection, or it breaks, or the server takes nothing for too long
     */
    public function send(Packet $packet)
    {
        $stream = new PacketStream();
        $packet->write($stream);
        try {
            return $this->line->client->sendBytes($stream->getData());
        } catch (\Mqtt\Exception\Exception $e) {
            $name = substr((string) strrchr('\\' . $packet::class, '\\'), 1);
            throw self::failure("Send $name", $e);
        }
    }

    /**
     * Waits for a packet, for the timeout of the connection.
     *
     * When the server has closed the connection, a new one is made, as by connect(); subscriptions are not.
     *
     * @return Packet|null null after such a reconnect, or when disconnect() was called meanwhile
     *
     * @throws SendException    when no packet came in time, the connection broke, or what came is no MQTT
     * @throws ConnectException when connecting again failed
     */
    public function recv(): ?Packet
    {
        $closings = $this->line->closings();
        try {
            return $this->decode($this->take());
        } catch (ClosedException) {
            if ($closings === $this->line->closings()) {
                $this->connected = false;
                $this->line->close();
                $this->connect();
            }
            return null;
        }
    }

    /**
     * Receives and tells the listener until disconnect(). Connects where there never was a connection. With pingTimespan
     * PINGREQ goes out by itself.
     *
     * @return void
     *
     * @throws InvalidPacketTypeException for a packet that servers do not send
     * @throws SendException              as recv()
     * @throws ConnectException           as connect()
     */
    public function wait()
    {
        if (!$this->begun) {
            $this->connect();
        }
        while ($this->connected) {
            $packet = $this->recv();
            if ($packet === null) {
                continue;
            }
            $method = self::PACKET_TYPE_MAP[$packet->getPacketType()] ?? throw new InvalidPacketTypeException(sprintf('Unsupport MQTT packet type %s', $packet->getPacketType()));
            /** @var callable(self, Packet): mixed $tell by the table, each gets the packet that it asks for */
            $tell = [$this->listener, $method];
            $tell($this, $packet);
        }
    }

    /**
     * The bytes of the next packet.
     *
     * @throws ClosedException when the connection is closed
     */
    private function take(): string
    {
        try {
            $bytes = $this->line->receive();
        } catch (ClosedException $e) {
            throw $e;
        } catch (\Mqtt\Exception\Exception $e) {
            $this->connected = $this->line->client->isConnected() && $this->connected;
            throw self::failure('Recv', $e);
        }
        return $bytes ?? throw new SendException(sprintf('Recv failed! error: [%d]%s', Line::TIMED_OUT, 'Connection timed out'), Line::TIMED_OUT);
    }

    /** CONNECT and its answer. */
    private function handshake(): void
    {
        $this->send($this->connectRequest());
        try {
            $packet = $this->decode($this->take());
        } catch (ClosedException $e) {
            throw new ConnectException('Send ConnectRequestPacket failed', 0, $e);
        }
        if (!$packet instanceof ConnectResponsePacket) {
            throw new ConnectException('Send ConnectRequestPacket failed');
        }
        $this->listener->connectACK($this, $packet);
        if ($packet->isError()) {
            throw new ConnectException('ConnectResponsePacket error: ' . $packet->getErrorName());
        }
    }

    private function decode(string $bytes): Packet
    {
        $packet = $this->packetFactory->build(ord($bytes[0]) >> 4);
        $packet->read(new PacketStream($bytes));
        return $packet;
    }

    /** @return int */
    private function sendIdentifier(PublishAckPacket|PublishReceivedPacket|PublishReleasePacket|PublishCompletePacket|SubscribeRequestPacket|UnsubscribeRequestPacket $packet, ?int $identifier)
    {
        $packet->setIdentifier($identifier);
        return $this->send($packet);
    }

    private function connectRequest(): ConnectRequestPacket
    {
        $connection = $this->connection;
        $request = new ConnectRequestPacket();
        $request->setProtocolLevel($connection->getProtocol());
        $request->setCleanSession($connection->isCleanSession());
        // Without one the packet makes one up.
        if ($connection->getClientID() !== '') {
            $request->setClientID($connection->getClientID());
        }
        $request->setKeepAlive($connection->getKeepAlive());
        $request->setUsername($connection->getUsername());
        $request->setPassword($connection->getPassword());
        if ($will = $connection->getWill()) {
            $request->setWill($will->getTopic(), $will->getPayload(), $will->getQosLevel(), $will->isRetained());
        }
        return $request;
    }

    private static function failure(string $what, \Throwable $e): SendException
    {
        $code = (int) $e->getCode();
        // Codes of the protocol stand in the message; those of the system have a text of their own.
        $text = $e instanceof TransportException && $code > 0 && function_exists('posix_strerror') ? posix_strerror($code) : $e->getMessage();
        return new SendException("$what failed! error: [$code]$text", $code, $e);
    }

    /** @param array<string, mixed> $config */
    private static function connectionOf(array $config): Connection
    {
        /**
         * @var array{
         *     host: string, port: int|string, timeout?: float|int|string, pingTimespan?: float|int|string, username?: string, password?: string,
         *     clientId?: string, keepAlive?: int|string, protocol?: int|string, clean?: bool, ssl?: bool, sslCertFile?: string, sslKeyFile?: string,
         *     sslVerifyPeer?: bool, sslAllowSelfSigned?: bool, sslHostName?: string, sslCafile?: string, sslCapath?: string,
         *     will?: array{topic?: string, payload?: string, qosLevel?: int, retain?: bool, duplicate?: bool}|null
         * } $config
         */
        $will = null;
        if ($config['will'] ?? null) {
            $will = $config['will'] + ['topic' => '', 'payload' => '', 'qosLevel' => 0, 'retain' => false, 'duplicate' => false];
            $will = new Message($will['topic'], $will['payload'], $will['qosLevel'], $will['retain'], $will['duplicate']);
        }
        $seconds = static fn (float|int|string|null $value): ?float => $value === null ? null : (float) $value;
        $connection = new Connection(
            $config['host'],
            (int) $config['port'],
            $seconds($config['timeout'] ?? null),
            $seconds($config['pingTimespan'] ?? null),
            $config['username'] ?? '',
            $config['password'] ?? '',
            $will,
            $config['clientId'] ?? '',
            (int) ($config['keepAlive'] ?? 60),
            (int) ($config['protocol'] ?? 4),
            (bool) ($config['clean'] ?? true),
        );
        return $connection
            ->withSsl((bool) ($config['ssl'] ?? false))
            ->withSslCertFile($config['sslCertFile'] ?? null)
            ->withSslKeyFile($config['sslKeyFile'] ?? null)
            ->withSslVerifyPeer((bool) ($config['sslVerifyPeer'] ?? true))
            ->withSslAllowSelfSigned((bool) ($config['sslAllowSelfSigned'] ?? false))
            ->withSslHostName($config['sslHostName'] ?? null)
            ->withSslCafile($config['sslCafile'] ?? null)
            ->withSslCapath($config['sslCapath'] ?? null);
    }
}
