<?php
declare(strict_types=1);

namespace Workerman\Mqtt;

use InvalidArgumentException;
use Mqtt\Topic;
use Workerman\Connection\AsyncTcpConnection;
use Workerman\Mqtt\Consts\MQTTConst;
use Workerman\Mqtt\Consts\ReasonCodeConst;
use Workerman\Mqtt\Internal\Codec;
use Workerman\Mqtt\Internal\Connection;
use Workerman\Mqtt\Internal\ConnectionEvents;
use Workerman\Mqtt\Internal\Helpers;
use Workerman\Mqtt\Internal\Options;
use Workerman\Mqtt\Internal\Window;
use Workerman\Mqtt\Protocols\Mqtt;
use Workerman\Mqtt\Protocols\Mqtt5;
use Workerman\Mqtt\Protocols\ProtocolInterface;
use Workerman\Mqtt\Protocols\Ws;

/**
 * An MQTT client in Workerman's event loop. Make it in onWorkerStart or later, set its callbacks, call connect().
 *
 * Nothing is queued while there is no connection: a call then gives error 140, to its callback or to onError. A connection that
 * is lost is made again after reconnect_period seconds. Errors come as \Exception with a code: 1 to 5 from CONNACK, 100 closed,
 * 101 timed out, 102 could not connect, 103 send buffer full, 140 not connected, 240 bad topic, 241 bad QoS, and under MQTT 5
 * reason codes.
 */
class Client
{
    use ConnectionEvents;
    use Helpers;
    use Options;
    use Window;

    public const STATE_INITIAL = 1;
    public const STATE_CONNECTING = 2;
    public const STATE_WAITCONACK = 3;
    public const STATE_ESTABLISHED = 4;
    public const STATE_DISCONNECT = 5;

    public const DEFAULT_CLIENT_ID_PREFIX = 'workerman-mqtt-client';

    /** Bytes. */
    public const MAX_TOPIC_LENGTH = 65535;

    /** @var (callable(self): mixed)|null after the first successful CONNACK */
    public $onConnect = null;
    /** @var (callable(self): mixed)|null after every further one. onMqttReconnect(), which subscribes again, unless another is set. */
    public $onReconnect = null;
    /** @var (callable(string $topic, string $content, self, array<int|string, mixed> $properties): mixed)|null before the message is acknowledged */
    public $onMessage = null;
    /** @var (callable(self): mixed)|null the connection ended, whoever ended it */
    public $onClose = null;
    /** @var (callable(\Exception): mixed)|null an error that no callback was given for; null prints it */
    public $onError = null;

    /** @var array<int, string> for the lines of the option debug */
    private const NAMES = [
        1 => 'CONNECT', 'CONNACK', 'PUBLISH', 'PUBACK', 'PUBREC', 'PUBREL', 'PUBCOMP', 'SUBSCRIBE', 'SUBACK', 'UNSUBSCRIBE', 'UNSUBACK',
        'PINGREQ', 'PINGRESP', 'DISCONNECT', 'AUTH',
    ];

    protected int $_state = 1;
    protected int $_messageId = 1;
    protected ?AsyncTcpConnection $_connection = null;
    protected bool $_firstConnect = true;
    /** @var array<int|string, int|array<string, mixed>> filter to QoS, or to options under MQTT 5 */
    protected array $_resubscribeTopics = [];
    /** @var array<int|string, mixed> */
    protected array $_resubscribeProperties = [];
    protected int $_checkConnectionTimeoutTimer = 0;
    protected int $_pingTimer = 0;
    protected bool $_recvPingResponse = true;
    protected bool $_doNotReconnect = false;
    /** @var array<int, callable> what waits for an answer, by message id */
    protected array $_outgoing = [];
    /** @var class-string<ProtocolInterface> */
    protected string $_protocol = Mqtt::class;

    /**
     * @var array{
     *     clean_session: int, username: int|string, password: int|string, keepalive: int, protocol_name: string, protocol_level: int,
     *     reconnect_period: int, connect_timeout: int, resubscribe: bool, bindto: string, ssl: bool|array<string, mixed>, debug: bool,
     *     properties: array<int|string, mixed>, uri: string, client_id?: int|string, will?: array<string, mixed>
     * }
     */
    protected array $_options = [
        'clean_session' => 1,
        'username' => '',
        'password' => '',
        'keepalive' => 50, // seconds; 0: off
        'protocol_name' => 'MQTT',
        'protocol_level' => 4,
        'reconnect_period' => 1, // seconds; 0: never
        'connect_timeout' => 30, // seconds until CONNACK
        'resubscribe' => true,
        'bindto' => '', // "ip:port"
        'ssl' => false, // true, or options of PHP's ssl context
        'debug' => false,
        'properties' => [], // of CONNECT, MQTT 5
        'uri' => '/mqtt', // path of ws and wss
    ];

    /** @var array<int, string> */
    protected static array $_errorCodeStringMap = [
        1 => 'Connection Refused, unacceptable protocol version',
        2 => 'Connection Refused, identifier rejected',
        3 => 'Connection Refused, Server unavailable',
        4 => 'Connection Refused, bad user name or password',
        5 => 'Connection Refused, not authorized',
        100 => 'Connection closed',
        101 => 'Connection timeout',
        102 => 'Connection fail',
        103 => 'Connection buffer full and close connection',
        140 => 'No connection to broker',
        240 => 'Invalid topic',
        241 => 'Invalid qos',
    ];

    /** @var array<string, class-string<ProtocolInterface>> by scheme of the address */
    protected static array $_protocolMap = [
        'ws' => Ws::class,
        'wss' => Ws::class,
        'mqtt' => Mqtt::class,
        'mqtts' => Mqtt::class,
    ];

    /**
     * Makes addresses "$schema://..." use a protocol class, in clients made from now on.
     *
     * @throws InvalidArgumentException when the class is no ProtocolInterface
     */
    public static function registerProtocol(string $schema, string $protocolClassname): void
    {
        if (!is_a($protocolClassname, ProtocolInterface::class, true)) {
            throw new InvalidArgumentException("$protocolClassname must implement ProtocolInterface");
        }
        static::$_protocolMap[$schema] = $protocolClassname;
    }

    /**
     * Connects to nothing yet.
     *
     * @param string $address mqtt://, mqtts://, ws:// or wss://, host, and port; 1883 and 8883 if mqtt and mqtts name none
     * @param array<string, mixed> $options keepalive, client_id, protocol_name, protocol_level, clean_session,
     *     reconnect_period, connect_timeout, username, password, will {topic, content, qos, retain, properties}, resubscribe,
     *     bindto, ssl, debug, properties, uri
     * @throws InvalidArgumentException for an option with a value that it cannot have
     */
    public function __construct(string $address, array $options = [])
    {
        $this->setOptions($options);
        $context = [];
        $scheme = (string) parse_url($address, PHP_URL_SCHEME);
        $protocol = static::$_protocolMap[$scheme] ?? Mqtt::class;
        $this->_protocol = $protocol::init($address, $this->_options, $context);
        $this->_connection = $connection = new Connection($address, $context);
        if ($this->_options['ssl']) {
            $connection->transport = 'ssl';
        }
        $isFive = $this->_options['protocol_level'] === 5;
        if ($this->isNative()) {
            // The scheme's class is that of the first client in this process, which may speak another version.
            $connection->protocol = $this->_protocol;
            $connection->codec = Codec::of($this->_options['protocol_level']);
        }
        $connection->onMalformed = $this->refuse(...);
        $connection->websocketType = Ws::BINARY_TYPE_ARRAYBUFFER;
        $connection->websocketClientProtocol = 'mqtt';
        $connection->websocketClientDataProtocolClass = $isFive ? Mqtt5::class : Mqtt::class;
        $this->onReconnect = [$this, 'onMqttReconnect'];
        $this->onMessage = static function (): void {
        };
        $this->_dumps = $this->_options['debug'] || (new \ReflectionMethod($this, 'debugDump'))->class !== self::class;
    }

    /** The connection beneath, of which one object serves all reconnects. */
    public function getConnection(): ?AsyncTcpConnection
    {
        return $this->_connection;
    }

    /** Starts to connect, and returns. The outcome comes to onConnect, or to onError and onClose. */
    public function connect(): void
    {
        $this->_doNotReconnect = false;
        $this->listen();
        $this->_state = self::STATE_CONNECTING;
        $connection = $this->connection();
        $connection->connect();
        $this->setConnectionTimeout($this->_options['connect_timeout']);
        if ($this->_dumps) {
            $this->debugDump("Try to connect to {$connection->getRemoteAddress()}{$connection->getRemoteURI()}, protocol: {$this->_protocol}", '->');
        }
    }

    /**
     * Subscribes, and remembers it for reconnects.
     *
     * @param string|array<int|string, int|array<string, mixed>> $topic a filter; or filters to QoS, under MQTT 5 to their options {qos, no_local, retain_as_published,
     *     retain_handling}
     * @param array<string, mixed> $options of a single filter, the same keys
     * @param callable|null $callback (?\Exception $why, array $granted): filters to the codes of the SUBACK
     * @param array<int|string, mixed> $properties
     */
    public function subscribe(array|string $topic, array $options = [], ?callable $callback = null, array $properties = []): void
    {
        if ($this->checkDisconnecting($callback)) {
            return;
        }
        $topics = is_array($topic) ? $topic : [$topic => $this->subscription($options)];
        if (static::validateTopics($topics) !== null) {
            $this->triggerError(240, $callback);
            return;
        }
        if ($this->_options['resubscribe']) {
            $this->_resubscribeTopics += $topics;
            $this->_resubscribeProperties += $properties;
        }
        $id = $this->incrMessageId();
        if ($this->_dumps) {
            $this->debugDump('Send SUBSCRIBE package, topic:' . implode(',', array_keys($topics)) . " message_id:$id properties:" . json_encode($properties), '->');
        }
        if ($callback !== null) {
            // A list is shorter than asked for only if the server broke a rule (MQTT-3.9.3-1).
            $this->_outgoing[$id] = static function (?\Exception $why, array $codes = []) use ($callback, $topics): void {
                $granted = [];
                foreach ($why === null ? array_keys($topics) : [] as $index => $filter) {
                    $granted[$filter] = $codes[$index] ?? ReasonCodeConst::UNSPECIFIED_ERROR;
                }
                $callback($why, $granted);
            };
        }
        $this->sendPackage(['cmd' => MQTTConst::CMD_SUBSCRIBE, 'topics' => $topics, 'message_id' => $id, 'properties' => $properties]);
    }

    /**
     * Ends subscriptions, also for reconnects.
     *
     * @param string|array<string> $topic a filter, or a list of them
     * @param callable|null $callback (?\Exception $why)
     * @param array<int|string, mixed> $properties
     */
    public function unsubscribe(array|string $topic, ?callable $callback = null, array $properties = []): void
    {
        if ($this->checkDisconnecting($callback)) {
            return;
        }
        $topics = array_values((array) $topic);
        if ($topics === [] || static::validateTopics(array_fill_keys($topics, 0)) !== null) {
            // To onError, as ever, and not to the callback.
            $this->triggerError(240);
            return;
        }
        foreach ($topics as $filter) {
            unset($this->_resubscribeTopics[$filter]);
        }
        $this->_resubscribeProperties = [];
        $id = $this->incrMessageId();
        if ($callback !== null) {
            $this->_outgoing[$id] = $callback;
        }
        if ($this->_dumps) {
            $this->debugDump('Send UNSUBSCRIBE package, topic:' . implode(',', $topics) . " message_id:$id properties:" . json_encode($properties), '->');
        }
        $this->sendPackage(['cmd' => MQTTConst::CMD_UNSUBSCRIBE, 'topics' => $topics, 'message_id' => $id, 'properties' => $properties]);
    }

    /**
     * Sends a message.
     *
     * @param string $topic   under MQTT 5 '' with the property topic_alias
     * @param string $content at most 256 MiB
     * @param array<string, mixed> $options qos (0, 1, 2), retain, dup
     * @param callable|null $callback (?\Exception $why): at QoS 1 and 2, when the server has the message
     * @param array<int|string, mixed> $properties
     * @throws \RuntimeException under MQTT 5 for an empty topic without topic_alias
     * @throws \ValueError for a property that a PUBLISH may not have
     */
    public function publish($topic, $content, $options = [], $callback = null, $properties = []): void
    {
        if ($this->checkDisconnecting($callback)) {
            return;
        }
        $topic = (string) $topic;
        if ($topic === '' && $this->_options['protocol_level'] === 5) {
            if (empty($properties['topic_alias'])) {
                throw new \RuntimeException('Topic cannot be empty or need to set topic_alias');
            }
        } elseif (!Topic::isValidName($topic)) {
            $this->triggerError(240, $callback);
            return;
        }
        /** @var int $qos */
        $qos = $options['qos'] ?? 0;
        if ($this->checkInvalidQos($qos, $callback)) {
            return;
        }
        $package = [
            'cmd' => MQTTConst::CMD_PUBLISH,
            'topic' => $topic,
            'content' => (string) $content,
            'retain' => empty($options['retain']) ? 0 : 1,
            'qos' => $qos,
            // Without a message identifier there is nothing that could be sent again (MQTT-3.3.1-2).
            'dup' => empty($options['dup']) || $qos === 0 ? 0 : 1,
            'properties' => $properties,
        ];
        if ($qos !== 0) {
            $package['message_id'] = $this->incrMessageId();
            if ($callback !== null) {
                $this->_outgoing[$package['message_id']] = $callback;
            }
        }
        if ($this->_dumps) {
            $this->debugDump("Send PUBLISH package, topic:$topic content:$content retain:{$package['retain']} qos:$qos dup:{$package['dup']} message_id:" . ($package['message_id'] ?? '') . ' properties:' . json_encode($properties), '->');
        }
        $this->sendPackage($package);
    }

    /**
     * Says goodbye, so that the server does not publish the will, and closes. No reconnect follows.
     *
     * @param int $code a reason code of MQTT 5; 4 has the will published
     * @param array<int|string, mixed> $properties
     */
    public function disconnect(int $code = ReasonCodeConst::NORMAL_DISCONNECTION, array $properties = []): void
    {
        $this->sendHeld();
        $this->sendPackage(['cmd' => MQTTConst::CMD_DISCONNECT, 'code' => $code, 'properties' => $properties]);
        if ($this->_dumps) {
            $this->debugDump('Send DISCONNECT package', '->');
        }
        $this->close();
    }

    /**
     * Sends an AUTH of MQTT 5; nothing under older versions.
     *
     * @param array<int|string, mixed> $properties
     */
    public function auth(int $code = ReasonCodeConst::SUCCESS, array $properties = []): void
    {
        $this->sendPackage(['cmd' => MQTTConst::CMD_AUTH, 'code' => $code, 'properties' => $properties]);
    }

    /** Closes without a DISCONNECT: the server publishes the will. No reconnect follows. */
    public function close(): void
    {
        $this->_doNotReconnect = true;
        if ($this->_dumps) {
            $this->debugDump('Connection->close() called', '->');
        }
        $this->sendHeld();
        $connection = $this->connection();
        $connection->cancelReconnect();
        $connection instanceof Connection ? $connection->finish() : $connection->destroy();
    }

    /**
     * Connects again, also after close().
     *
     * @param int $after seconds from now
     */
    public function reconnect(int $after = 0): void
    {
        $this->_doNotReconnect = false;
        $this->listen();
        $this->connection()->reconnect($after);
        $this->setConnectionTimeout($this->_options['connect_timeout'] + $after);
        if ($this->_dumps) {
            $this->debugDump("Reconnect after $after seconds", '--');
        }
    }
}
