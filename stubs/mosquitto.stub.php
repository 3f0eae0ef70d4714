<?php
/**
 * The classes of the extension Mosquitto (PECL mosquitto 0.5.0, on libmosquitto 2.0.11), on the extension mqtt.
 *
 * They exist where php.ini says `mqtt.mosquitto_compat = 1` and the original is not loaded. Every call speaks MQTT 3.1.1.
 * docs/migrating.md says what differs from the original.
 *
 * @generate-class-entries
 */

namespace Mosquitto;

/**
 * A client. The connection is made by connect(); everything that comes from the server is handled in loop() or
 * loopForever(), and told through the callbacks. Keep-alive goes on beside the script.
 *
 * An exception thrown in a callback leaves the method that was running. Whatever libmosquitto reports as an error is
 * thrown as Mosquitto\Exception with code 0 and its text.
 */
class Client
{
    /** @var int */
    public const LOG_INFO = 1;
    /** @var int */
    public const LOG_NOTICE = 2;
    /** @var int */
    public const LOG_WARNING = 4;
    /** @var int */
    public const LOG_ERR = 8;
    /** @var int */
    public const LOG_DEBUG = 16;
    /** @var int */
    public const SSL_VERIFY_NONE = 0;
    /** @var int */
    public const SSL_VERIFY_PEER = 1;

    /**
     * @param string|null $id client identifier; null lets the server choose one, which needs $cleanSession
     * @param bool $cleanSession whether the server forgets the session when the connection ends
     * @throws Exception with code 1: an empty identifier, null without clean session, or one that is not UTF-8
     */
    public function __construct(?string $id = null, bool $cleanSession = true) {}

    /**
     * Called when the server has answered CONNECT.
     *
     * @param callable(int $code, string $text): mixed $onConnect
     * @return void
     */
    public function onConnect(callable $onConnect) {}

    /**
     * Called with 0 after disconnect(), else with the number of the error.
     *
     * @param callable(int $reason): mixed $onDisconnect
     * @return void
     */
    public function onDisconnect(callable $onDisconnect) {}

    /**
     * Called with one of the LOG_ constants and a text.
     *
     * @param callable(int $level, string $text): mixed $onLog
     * @return void
     */
    public function onLog(callable $onLog) {}

    /**
     * Called when a subscription is answered; a granted QoS of 128 is a refusal.
     *
     * @param callable(int $mid, int $count, int $grantedQos): mixed $onSubscribe
     * @return void
     */
    public function onSubscribe(callable $onSubscribe) {}

    /**
     * Called when the server has confirmed the end of a subscription.
     *
     * @param callable(int $mid): mixed $onUnsubscribe
     * @return void
     */
    public function onUnsubscribe(callable $onUnsubscribe) {}

    /**
     * Called for each message.
     *
     * @param callable(Message $message): mixed $onMessage
     * @return void
     */
    public function onMessage(callable $onMessage) {}

    /**
     * Called when a message is written at QoS 0, acknowledged at QoS 1, completed at QoS 2.
     *
     * @param callable(int $mid): mixed $onPublish
     * @return void
     */
    public function onPublish(callable $onPublish) {}

    /** The descriptor of the connection, -1 where there is none. Readable: call loop(). Do not close it. */
    public function getSocket(): int {}

    /**
     * TLS with the authorities of a PEM file or directory, and a client's certificate with its key where given. Takes
     * effect at the next connect(). Returns 0.
     */
    public function setTlsCertificates(?string $ca_path, ?string $cert_path = UNKNOWN, ?string $key_path = UNKNOWN, ?string $key_pw = UNKNOWN): int {}

    /**
     * Whether the certificate may be for another host name.
     *
     * @return void
     */
    public function setTlsInsecure(bool $value) {}

    /** SSL_VERIFY_NONE or SSL_VERIFY_PEER, and the oldest version: "tlsv1.2" (the default) or "tlsv1.3". Returns 0. */
    public function setTlsOptions(int $verify_peer, ?string $tls_version = UNKNOWN, ?string $ciphers = UNKNOWN): int {}

    /** Always throws: TLS by a shared key is not supported. */
    public function setTlsPSK(?string $psk, ?string $identity = UNKNOWN, ?string $ciphers = UNKNOWN): int {}

    /**
     * User name and password of the next connect().
     *
     * @return void
     */
    public function setCredentials(string $username, string $password) {}

    /**
     * The message that the server publishes when the connection ends without disconnect().
     *
     * @return void
     */
    public function setWill(string $topic, string $payload, int $qos, bool $retain) {}

    /**
     * No will from the next connect() on.
     *
     * @return void
     */
    public function clearWill() {}

    /**
     * Checked and without effect, as in the original: loopForever() does not reconnect.
     *
     * @return void
     */
    public function setReconnectDelay(int $reconnectDelay, int $maxReconnectDelay = 0, bool $exponentialBackoff = false) {}

    /**
     * Without effect, as in libmosquitto since 1.5.
     *
     * @return void
     */
    public function setMessageRetry(int $messageRetry) {}

    /**
     * Connects and sends CONNECT; the answer is handled in loop().
     *
     * @param int $port 0 to 65535
     * @param int $keepalive seconds, 5 to 65535, or 0 for none
     * @param string|null $interface address or host name to connect from
     * @return int 0; 14 where no connection could be made, and onLog says why
     */
    public function connect(string $host, int $port = 1883, int $keepalive = 60, ?string $interface = null): int {}

    /**
     * Sends DISCONNECT and closes; onDisconnect(0) is called before it returns.
     *
     * @return void
     */
    public function disconnect() {}

    /**
     * How many messages of QoS 1 and 2 may be unacknowledged: 0 (no bound) to 65535, 20 if never said. From the next connect() on.
     *
     * @return void
     */
    public function setMaxInFlightMessages(int $max) {}

    /** Sends a message and returns its id, which onPublish is called with. */
    public function publish(string $topic, ?string $payload, int $qos = 0, bool $retain = false): int {}

    /** Subscribes and returns the id that onSubscribe is called with. */
    public function subscribe(string $topic, int $qos): int {}

    /** Ends a subscription and returns the id that onUnsubscribe is called with. */
    public function unsubscribe(string $topic): int {}

    /**
     * Waits for something from the server and handles what has come.
     *
     * @param int $timeout milliseconds, less than 0 for 1000
     * @param int $maxPackets at least 1; otherwise without effect
     * @return void
     */
    public function loop(int $timeout = 1000, int $maxPackets = 1) {}

    /**
     * loop() until exitLoop(), disconnect(), an exception, or the end of the connection, which is thrown.
     *
     * @return void
     */
    public function loopForever(int $timeout = 1000, int $maxPackets = 1) {}

    /**
     * Lets loopForever() return.
     *
     * @return void
     */
    public function exitLoop() {}
}

/**
 * A message: its id (0 at QoS 0), topic, payload (any bytes), QoS and retain flag. What is written to a property is cast
 * to its type.
 */
class Message
{
    /** @var int */
    public $mid = 0;
    /** @var string|null */
    public $topic = null;
    /** @var string */
    public $payload = '';
    /** @var int */
    public $qos = 0;
    /** @var bool */
    public $retain = false;

    public function __construct() {}

    /** Whether a subscription matches a topic. False where one of them is not valid. */
    public static function topicMatchesSub(string $topic, string $subscription): bool {}

    /**
     * The levels of a topic, null for an empty one.
     *
     * @return array<int, string|null>
     */
    public static function tokeniseTopic(string $topic) {}
}

/** What libmosquitto reports as an error. */
class Exception extends \Exception
{
}
