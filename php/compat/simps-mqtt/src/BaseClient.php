<?php
declare(strict_types=1);

namespace Simps\MQTT;

use Mqtt\Exception\Exception as MqttException;
use Mqtt\PacketClient;
use Simps\MQTT\Config\ClientConfig;
use Simps\MQTT\Exception\ProtocolException;
use Simps\MQTT\Hex\ReasonCode;
use Simps\MQTT\Internal\Conversation;
use Simps\MQTT\Internal\Transport;
use Simps\MQTT\Tools\Common;

/**
 * What both clients have in common. A request is sent, then one packet is received and returned, whatever it is; nothing is
 * acknowledged and no ping is sent unless the program does so.
 */
abstract class BaseClient
{
    use Conversation;

    public const COROUTINE_CLIENT_TYPE = 1;

    public const SYNC_CLIENT_TYPE = 2;

    public const WEBSOCKET_CLIENT_TYPE = 3;

    /** @var PacketClient|null */
    private $client;

    private int $messageId = 0;

    /** @var array<string, mixed> */
    private array $connectData = [];

    private string $host = '';

    private int $port = 0;

    private ?ClientConfig $config = null;

    private int $clientType = self::COROUTINE_CLIENT_TYPE;

    private string $path = '/mqtt';

    private bool $ssl = false;

    public function setHost(string $host): self
    {
        $this->host = $host;

        return $this;
    }

    public function getHost(): string
    {
        return $this->host;
    }

    public function setPort(int $port): self
    {
        $this->port = $port;

        return $this;
    }

    public function getPort(): int
    {
        return $this->port;
    }

    /**
     * @param int $clientType COROUTINE_CLIENT_TYPE waits without an end, in a coroutine of Swoole without blocking the others;
     *                        SYNC_CLIENT_TYPE waits 0.5 seconds for a packet
     */
    public function setClientType(int $clientType): self
    {
        $this->clientType = $clientType;

        return $this;
    }

    public function getClientType(): int
    {
        return $this->clientType;
    }

    public function setConfig(ClientConfig $config): self
    {
        $this->config = $config;

        return $this;
    }

    public function getConfig(): ClientConfig
    {
        return $this->config ??= new ClientConfig();
    }

    /**
     * @param PacketClient $client
     */
    public function setClient($client): self
    {
        $this->client = $client;

        return $this;
    }

    /**
     * The connection under this client: its descriptor, its addresses, and packets as objects.
     *
     * @return PacketClient|null null before the first connection
     */
    public function getClient()
    {
        return $this->client;
    }

    public function setPath(string $path): self
    {
        $this->path = $path;

        return $this;
    }

    public function getPath(): string
    {
        return $this->path;
    }

    public function setSsl(bool $ssl): self
    {
        $this->ssl = $ssl;

        return $this;
    }

    public function getSsl(): bool
    {
        return $this->ssl;
    }

    /** @param array<string, mixed> $connectData */
    public function setConnectData(array $connectData): self
    {
        $this->connectData = $connectData;

        return $this;
    }

    /**
     * The CONNECT that was sent last, or one field of it; null where it has none.
     *
     * @return mixed
     */
    public function getConnectData(?string $key = null)
    {
        return $key === null || $key === '' ? $this->connectData : $this->connectData[$key] ?? null;
    }

    protected function isCoroutineClientType(): bool
    {
        return $this->clientType === self::COROUTINE_CLIENT_TYPE;
    }

    protected function isWebSocketClientType(): bool
    {
        return $this->clientType === self::WEBSOCKET_CLIENT_TYPE;
    }

    /**
     * @param int $ms milliseconds; in a coroutine the others go on
     */
    public function sleep(int $ms): void
    {
        Transport::inCoroutine() ? \Swoole\Coroutine::sleep($ms / 1000) : usleep($ms * 1000);
    }

    /**
     * The next packet identifier: 1 to 65535, then 1 again.
     */
    public function buildMessageId(): int
    {
        return $this->messageId = $this->messageId >= 65535 ? 1 : $this->messageId + 1;
    }

    public static function genClientID(string $prefix = 'Simps_'): string
    {
        return uniqid($prefix);
    }

    /**
     * Prints a packet that came, as the configuration says.
     */
    protected function handleVerbose(string $data): void
    {
        $show = match ($this->getConfig()->getVerbose()) {
            MQTT_VERBOSE_HEXDUMP => 'hexDump',
            MQTT_VERBOSE_HEXDUMP_ASCII => 'hexDumpAscii',
            MQTT_VERBOSE_ASCII => 'ascii',
            MQTT_VERBOSE_TEXT => 'printableText',
            MQTT_VERBOSE_HEX_STREAM => 'hexStream',
            default => null,
        };
        if ($show !== null) {
            echo Common::{$show}($data), PHP_EOL;
        }
    }

    /**
     * Sends CONNECT and returns what comes first, which should be CONNACK.
     *
     * @param array<string, mixed> $will topic, message, qos, retain, [properties]
     *
     * @return array<string, mixed>|bool
     */
    public function connect(bool $clean = true, array $will = [])
    {
        $config = $this->getConfig();
        $data = [
            'type' => Protocol\Types::CONNECT,
            'protocol_name' => $config->getProtocolName(),
            'protocol_level' => $config->getProtocolLevel(),
            'clean_session' => $clean,
            'client_id' => $config->getClientId(),
            'keep_alive' => $config->getKeepAlive(),
            'properties' => $config->getProperties(),
            'user_name' => $config->getUserName(),
            'password' => $config->getPassword(),
        ];
        if ($will !== []) {
            if (($will['topic'] ?? '') === '') {
                throw new ProtocolException('Topic cannot be empty');
            }
            $data['will'] = $will;
        }
        $this->setConnectData($data);

        return $this->send($data);
    }

    /**
     * @param array<int|string, mixed> $topics MQTT 3: QoS by topic; MQTT 5: options (qos, no_local, retain_as_published, retain_handling) by topic
     * @param array<int|string, mixed> $properties
     *
     * @return array<string, mixed>|bool
     */
    public function subscribe(array $topics, array $properties = [])
    {
        return $this->send([
            'type' => Protocol\Types::SUBSCRIBE,
            'message_id' => $this->buildMessageId(),
            'properties' => $properties,
            'topics' => $topics,
        ]);
    }

    /**
     * @param list<string> $topics
     * @param array<int|string, mixed> $properties
     *
     * @return array<string, mixed>|bool
     */
    public function unSubscribe(array $topics, array $properties = [])
    {
        return $this->send([
            'type' => Protocol\Types::UNSUBSCRIBE,
            'message_id' => $this->buildMessageId(),
            'properties' => $properties,
            'topics' => $topics,
        ]);
    }

    /**
     * @param array<int|string, mixed> $properties
     *
     * @return array<string, mixed>|bool true at QoS 0, which has no answer
     */
    public function publish(
        string $topic,
        string $message,
        int $qos = 0,
        int $dup = 0,
        int $retain = 0,
        array $properties = []
    ) {
        if ($topic === '' && !$this->getConfig()->isMQTT5()) {
            throw new ProtocolException('Topic cannot be empty');
        }
        if ($topic === '' && empty($properties['topic_alias'])) {
            throw new ProtocolException('Topic cannot be empty or need to set topic_alias');
        }

        return $this->send([
            'type' => Protocol\Types::PUBLISH,
            'qos' => $qos,
            'dup' => $dup,
            'retain' => $retain,
            'topic' => $topic,
            'message_id' => $qos > 0 ? $this->buildMessageId() : 0,
            'properties' => $properties,
            'message' => $message,
        ], $qos > 0);
    }

    /** @return array<string, mixed>|bool */
    public function ping()
    {
        return $this->send(['type' => Protocol\Types::PINGREQ]);
    }

    /**
     * Sends DISCONNECT and ends the connection.
     *
     * @param array<int|string, mixed> $properties
     *
     * @return bool false where there was none
     */
    public function close(int $code = ReasonCode::NORMAL_DISCONNECTION, array $properties = []): bool
    {
        if ($this->client === null || !$this->client->isConnected()) {
            return false;
        }
        $bytes = $this->packed(['type' => Protocol\Types::DISCONNECT, 'code' => $code, 'properties' => $properties]);
        try {
            $this->client->sendBytes($bytes);
        } catch (MqttException $e) {
            // It is closed next: that the server was faster is no error.
            $this->failure = $e;
        }
        $this->client->close();

        return true;
    }

    /**
     * @param array<int|string, mixed> $properties
     *
     * @return array<string, mixed>|bool
     */
    public function auth(int $code = ReasonCode::SUCCESS, array $properties = [])
    {
        return $this->send(['type' => Protocol\Types::AUTH, 'code' => $code, 'properties' => $properties]);
    }

    /**
     * Connects the transport again: delay, attempts as the configuration says. Sends no packet.
     *
     * @throws Exception\ConnectException when no attempt is left
     */
    abstract protected function reConnect(): void;

    /**
     * Sends a packet.
     *
     * @param array<string, mixed> $data
     * @param bool $response receive one packet and return it
     *
     * @return array<string, mixed>|bool
     */
    abstract public function send(array $data, bool $response = true);

    /**
     * Receives one packet.
     *
     * @return array<string, mixed>|bool the packet; true when none came in time, or the connection was lost and made again
     */
    abstract public function recv();

    /**
     * The bytes of the next packet; '' where the server has closed the connection, false where it broke, true when the time
     * was over.
     *
     * @return string|bool
     */
    abstract protected function getResponse();
}
