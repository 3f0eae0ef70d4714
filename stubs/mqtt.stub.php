<?php

/**
 * The PHP extension mqtt: MQTT 3.1, 3.1.1 and 5.0.
 *
 * This file is the truth about what PHP sees: src/php/arginfo.php makes the extension's tables from it, and a test
 * holds it against reflection. QoS is an int from 0 to 2 everywhere. Topics and other text of the protocol are UTF-8;
 * payloads are any bytes.
 *
 * @generate-class-entries
 */

namespace Mqtt {

    /**
     * A version of the protocol. The value is the protocol level that CONNECT carries.
     */
    enum Version: int
    {
        case V3_1 = 3;
        case V3_1_1 = 4;
        case V5 = 5;
    }

    /**
     * A reason code of MQTT 5 (section 2.4). The return codes of MQTT 3 are given as the code that means the same.
     */
    enum ReasonCode: int
    {
        case Success = 0x00;
        case GrantedQoS1 = 0x01;
        case GrantedQoS2 = 0x02;
        case DisconnectWithWill = 0x04;
        case NoMatchingSubscribers = 0x10;
        case NoSubscriptionExisted = 0x11;
        case ContinueAuthentication = 0x18;
        case ReAuthenticate = 0x19;
        case UnspecifiedError = 0x80;
        case MalformedPacket = 0x81;
        case ProtocolError = 0x82;
        case ImplementationSpecificError = 0x83;
        case UnsupportedProtocolVersion = 0x84;
        case ClientIdentifierNotValid = 0x85;
        case BadUserNameOrPassword = 0x86;
        case NotAuthorized = 0x87;
        case ServerUnavailable = 0x88;
        case ServerBusy = 0x89;
        case Banned = 0x8A;
        case ServerShuttingDown = 0x8B;
        case BadAuthenticationMethod = 0x8C;
        case KeepAliveTimeout = 0x8D;
        case SessionTakenOver = 0x8E;
        case TopicFilterInvalid = 0x8F;
        case TopicNameInvalid = 0x90;
        case PacketIdentifierInUse = 0x91;
        case PacketIdentifierNotFound = 0x92;
        case ReceiveMaximumExceeded = 0x93;
        case TopicAliasInvalid = 0x94;
        case PacketTooLarge = 0x95;
        case MessageRateTooHigh = 0x96;
        case QuotaExceeded = 0x97;
        case AdministrativeAction = 0x98;
        case PayloadFormatInvalid = 0x99;
        case RetainNotSupported = 0x9A;
        case QoSNotSupported = 0x9B;
        case UseAnotherServer = 0x9C;
        case ServerMoved = 0x9D;
        case SharedSubscriptionsNotSupported = 0x9E;
        case ConnectionRateExceeded = 0x9F;
        case MaximumConnectTime = 0xA0;
        case SubscriptionIdentifiersNotSupported = 0xA1;
        case WildcardSubscriptionsNotSupported = 0xA2;

        /** The same code in DISCONNECT. @mqtt-shim */
        const NormalDisconnection = self::Success;
        /** The same code in SUBACK. @mqtt-shim */
        const GrantedQoS0 = self::Success;

        /**
         * Whether the code says that the operation failed: it is 0x80 or more.
         */
        public function isError(): bool {}

        /**
         * What the code means, in the words of the specification, lower case.
         */
        public function description(): string {}
    }

    /**
     * The properties of one packet, will or message (MQTT 5, section 2.2.2). null: not there.
     *
     * Wherever Properties are taken, an array with the same keys is taken too. Which packet may carry which property
     * is checked where they are used; a value that no property can have is refused here.
     *
     * @implements \IteratorAggregate<string, mixed>
     * @strict-properties
     */
    final class Properties implements \IteratorAggregate, \Countable, \JsonSerializable
    {
        /** 1: the payload is UTF-8 text; 0: unspecified bytes. */
        public readonly ?int $payloadFormatIndicator;
        /** Lifetime of the message in seconds. */
        public readonly ?int $messageExpiryInterval;
        /** What the payload is; by custom a MIME type. */
        public readonly ?string $contentType;
        /** Topic name for the answer. */
        public readonly ?string $responseTopic;
        /** Bytes that the answer repeats. */
        public readonly ?string $correlationData;
        /** @var int|list<int>|null 1 to 268435455. A PUBLISH from a server can carry several: then it is a list. */
        public readonly int|array|null $subscriptionIdentifier;
        /** Seconds that the session outlives the connection; 4294967295 is for ever. */
        public readonly ?int $sessionExpiryInterval;
        /** The client identifier that the server chose. */
        public readonly ?string $assignedClientIdentifier;
        /** Seconds; takes the place of the client's keep-alive. */
        public readonly ?int $serverKeepAlive;
        /** Name of the extended authentication method. */
        public readonly ?string $authenticationMethod;
        /** Its data, any bytes. */
        public readonly ?string $authenticationData;
        /** false: send no reason strings and user properties except in PUBLISH, CONNACK and DISCONNECT. */
        public readonly ?bool $requestProblemInformation;
        /** Seconds between the end of the connection and the will. */
        public readonly ?int $willDelayInterval;
        /** true: send response information in CONNACK. */
        public readonly ?bool $requestResponseInformation;
        /** Basis for response topics. */
        public readonly ?string $responseInformation;
        /** Another server to use. */
        public readonly ?string $serverReference;
        /** Text for people that explains the reason code. */
        public readonly ?string $reasonString;
        /** QoS 1 and 2 publishes in flight that the sender of this takes, 1 to 65535. */
        public readonly ?int $receiveMaximum;
        /** Highest topic alias that the sender of this accepts. */
        public readonly ?int $topicAliasMaximum;
        /** Number that stands for the topic, 1 to 65535. */
        public readonly ?int $topicAlias;
        /** Highest QoS that the server supports: 0 or 1. */
        public readonly ?int $maximumQoS;
        /** false: the server keeps no retained messages. */
        public readonly ?bool $retainAvailable;
        /** @var list<array{string, string}> Name and value; order and duplicates are kept. */
        public readonly array $userProperties;
        /** Largest packet that the sender of this accepts, in bytes. */
        public readonly ?int $maximumPacketSize;
        /** false: the server refuses wildcards in filters. */
        public readonly ?bool $wildcardSubscriptionAvailable;
        /** false: the server refuses subscription identifiers. */
        public readonly ?bool $subscriptionIdentifierAvailable;
        /** false: the server refuses shared subscriptions. */
        public readonly ?bool $sharedSubscriptionAvailable;

        /**
         * @param int|list<int>|null $subscriptionIdentifier
         * @param array<string, string|list<string>>|list<array{string, string}> $userProperties a list of [name, value]
         *     pairs, or an array of values by name, of which one that is a list is refused
         * @throws \ValueError when a value is out of the range of its property
         */
        public function __construct(
            ?int $payloadFormatIndicator = null,
            ?int $messageExpiryInterval = null,
            ?string $contentType = null,
            ?string $responseTopic = null,
            ?string $correlationData = null,
            int|array|null $subscriptionIdentifier = null,
            ?int $sessionExpiryInterval = null,
            ?string $assignedClientIdentifier = null,
            ?int $serverKeepAlive = null,
            ?string $authenticationMethod = null,
            ?string $authenticationData = null,
            ?bool $requestProblemInformation = null,
            ?int $willDelayInterval = null,
            ?bool $requestResponseInformation = null,
            ?string $responseInformation = null,
            ?string $serverReference = null,
            ?string $reasonString = null,
            ?int $receiveMaximum = null,
            ?int $topicAliasMaximum = null,
            ?int $topicAlias = null,
            ?int $maximumQoS = null,
            ?bool $retainAvailable = null,
            array $userProperties = [],
            ?int $maximumPacketSize = null,
            ?bool $wildcardSubscriptionAvailable = null,
            ?bool $subscriptionIdentifierAvailable = null,
            ?bool $sharedSubscriptionAvailable = null,
        ) {}

        /**
         * What is there, by name; nothing that is null, no empty list. new Properties(...$array) gives it back.
         *
         * @return array<string, mixed>
         */
        public function toArray(): array {}

        /**
         * What toArray() gives, name by name.
         *
         * @return \ArrayIterator<string, mixed>
         */
        public function getIterator(): \ArrayIterator {}

        /** How many there are; all user properties count as one. */
        public function count(): int {}

        /**
         * What toArray() gives, as an object, also where nothing is there. Bytes that are not UTF-8 are for json_encode()
         * to refuse.
         */
        public function jsonSerialize(): \stdClass {}

        /**
         * Takes what the constructor takes, so bytes of a stranger make no object that it refuses.
         *
         * @param array<string, mixed> $data
         */
        public function __unserialize(array $data): void {}

        /**
         * What var_export() writes; refuses what the constructor refuses.
         *
         * @param array<string, mixed> $properties
         */
        public static function __set_state(array $properties): static {}
    }

    /**
     * An application message, as it was published or received.
     *
     * @strict-properties
     */
    final class Message
    {
        public readonly string $topic;
        public readonly string $payload;
        public readonly int $qos;
        /** Received: the server had kept it (or, with retainAsPublished, its publisher set the flag). */
        public readonly bool $retain;
        /** Received: the server had sent it before. */
        public readonly bool $dup;
        public readonly Properties $properties;
        /** @var list<int> Identifiers of the subscriptions that matched. */
        public readonly array $subscriptionIdentifiers;
        /** When it arrived, in seconds since the Unix epoch; null for a message that was made here. */
        public readonly ?float $receivedAt;

        /**
         * @param list<int> $subscriptionIdentifiers
         * @param Properties|array<string, mixed>|null $properties
         * @throws \ValueError when the topic is not a topic name, the QoS not 0 to 2, or a property not one of PUBLISH
         */
        public function __construct(
            string $topic,
            string $payload = '',
            int $qos = 0,
            bool $retain = false,
            bool $dup = false,
            Properties|array|null $properties = null,
            array $subscriptionIdentifiers = [],
            ?float $receivedAt = null,
        ) {}

        /**
         * Publishes an answer to the response topic of a received message, with its correlation data.
         *
         * @param int|null $qos null: that of the message
         * @param Properties|array<string, mixed>|null $properties
         * @return int the token of the publish
         * @throws \LogicException when the message has no response topic, or was not received by a client
         */
        public function reply(string $payload = '', ?int $qos = null, bool $retain = false, Properties|array|null $properties = null): int {}

        /**
         * Acknowledges a received message, when the client's option manualAck is on; an error refuses it (MQTT 5).
         * Acknowledgements go out in the order in which the messages arrived.
         *
         * A message that a persistent client has received and that nobody has acknowledged when the client object ends is
         * received again by the next object of this name.
         *
         * @return bool false when there is nothing to acknowledge: QoS 0, automatic acknowledgement, a second call, or a
         *     connection that is over: the message comes again then
         * @throws \ValueError for a reason that PUBACK and PUBREC cannot carry
         */
        public function ack(ReasonCode|int $reason = ReasonCode::Success): bool {}

        /**
         * Takes what the constructor takes, so bytes of a stranger make no object that it refuses.
         *
         * @param array<string, mixed> $data
         * @implementation-alias Mqtt\Properties::__unserialize
         */
        public function __unserialize(array $data): void {}

        /**
         * What var_export() writes; refuses what the constructor refuses.
         *
         * @param array<string, mixed> $properties
         * @implementation-alias Mqtt\Properties::__set_state
         */
        public static function __set_state(array $properties): static {}
    }

    /**
     * The message that the server publishes when the connection ends without a DISCONNECT.
     *
     * @strict-properties
     */
    final class Will
    {
        public readonly string $topic;
        public readonly string $payload;
        public readonly int $qos;
        public readonly bool $retain;
        public readonly Properties $properties;

        /**
         * @param Properties|array<string, mixed>|null $properties
         * @throws \ValueError when the topic is not a topic name, the QoS not 0 to 2, or a property not one of wills
         */
        public function __construct(
            string $topic,
            string $payload = '',
            int $qos = 0,
            bool $retain = false,
            Properties|array|null $properties = null,
        ) {}

        /**
         * Takes what the constructor takes, so bytes of a stranger make no object that it refuses.
         *
         * @param array<string, mixed> $data
         * @implementation-alias Mqtt\Properties::__unserialize
         */
        public function __unserialize(array $data): void {}

        /**
         * What var_export() writes; refuses what the constructor refuses.
         *
         * @param array<string, mixed> $properties
         * @implementation-alias Mqtt\Properties::__set_state
         */
        public static function __set_state(array $properties): static {}
    }

    /**
     * One topic filter with its options. MQTT 3 has only filter and QoS.
     *
     * @strict-properties
     */
    final class Subscription
    {
        /** A topic filter, $share/group/ included. */
        public readonly string $filter;
        /** The highest QoS wanted. */
        public readonly int $qos;
        /** Do not send me what I publish. */
        public readonly bool $noLocal;
        /** Leave the retain flag as the publisher set it. */
        public readonly bool $retainAsPublished;
        /** Retained messages: 0 send them, 1 only for a new subscription, 2 do not send them. */
        public readonly int $retainHandling;
        /** Comes back in Message::$subscriptionIdentifiers; 1 to 268435455. */
        public readonly ?int $identifier;

        /**
         * @throws \ValueError when the filter is not a topic filter or an option is out of its range
         */
        public function __construct(
            string $filter,
            int $qos = 0,
            bool $noLocal = false,
            bool $retainAsPublished = false,
            int $retainHandling = 0,
            ?int $identifier = null,
        ) {}

        /**
         * Takes what the constructor takes, so bytes of a stranger make no object that it refuses.
         *
         * @param array<string, mixed> $data
         * @implementation-alias Mqtt\Properties::__unserialize
         */
        public function __unserialize(array $data): void {}

        /**
         * What var_export() writes; refuses what the constructor refuses.
         *
         * @param array<string, mixed> $properties
         * @implementation-alias Mqtt\Properties::__set_state
         */
        public static function __set_state(array $properties): static {}
    }

    /**
     * Topic names and topic filters (section 4.7).
     */
    final class Topic
    {
        private function __construct() {}

        /**
         * Whether a filter matches a topic name. Of a shared filter the part after $share/group/ counts.
         *
         * @throws \ValueError when one of them is not valid
         */
        public static function matches(string $filter, string $name): bool {}

        /**
         * Whether this may stand as the topic of a message: not empty, no wildcard, no U+0000, UTF-8, at most 65535 bytes.
         */
        public static function isValidName(string $name): bool {}

        /**
         * Whether this may be subscribed to: wildcards alone in their levels, # last, a shared filter complete.
         */
        public static function isValidFilter(string $filter): bool {}

        /**
         * The levels of a name or filter: 'a//b' has three, the second empty.
         *
         * @return list<string>
         */
        public static function levels(string $topic): array {}
    }

    /**
     * One of the fifteen packets.
     */
    interface Packet
    {
        /**
         * The bytes of the packet. What an older version cannot say is left out or said as near as it can.
         *
         * @throws \ValueError when a field cannot be written: a property that the packet may not carry, a string of
         *     more than 65535 bytes, a packet that the version does not have
         */
        public function encode(Version|int $version = Version::V5): string;
    }

    /**
     * Chunks of one direction of a connection in, packets out.
     *
     * @implements \IteratorAggregate<int, Packet>
     * @strict-properties
     * @not-serializable
     */
    final class Decoder implements \IteratorAggregate
    {
        /**
         * @param Version|null $version a CONNECT of another version is refused; null: learnt from CONNECT; a first packet of
         *     another type is read as 3.1.1
         * @param int $maximumPacketSize in bytes; a larger packet is refused as soon as its length is known
         */
        public function __construct(Version|int|null $version = null, int $maximumPacketSize = 268435460) {}

        /**
         * Takes bytes; nothing is read yet. After a refusal they are thrown away.
         */
        public function push(string $bytes): void {}

        /**
         * The next packet, or null when more bytes are needed.
         *
         * @throws Exception\ProtocolException when the bytes are not a packet; then the decoder stays failed and throws it again
         */
        public function next(): ?Packet {}

        /**
         * All packets that are complete. Where a refusal comes after some of them, they are returned and the next call throws.
         *
         * @return list<Packet>
         * @throws Exception\ProtocolException as in next()
         */
        public function all(): array {}

        /**
         * Gives packets until more bytes are needed. Packets pushed meanwhile are included.
         *
         * @return \Iterator<int, Packet>
         */
        public function getIterator(): \Iterator {}

        /**
         * The version, where it is known.
         */
        public function version(): ?Version {}

        /**
         * Bytes that wait for the rest of their packet.
         */
        public function buffered(): int {}
    }

    /**
     * Packets to bytes and back, without state.
     */
    final class Codec
    {
        private function __construct() {}

        /**
         * The bytes of all these packets, one after the other.
         *
         * @param iterable<Packet> $packets
         * @throws \ValueError as in Packet::encode()
         * @throws \TypeError where one of them is no Packet
         */
        public static function encode(iterable $packets, Version|int $version): string {}

        /**
         * The one packet that these bytes are.
         *
         * @throws Exception\ProtocolException when they are not exactly one packet
         */
        public static function decode(string $bytes, Version|int $version): Packet {}
    }

    /**
     * A client: one connection, made when it is first needed and made again when it is lost.
     *
     * publish() hands over and returns; a background thread sends, keeps alive, reconnects and subscribes again while
     * the script does something else. Handlers and callbacks run on the script's thread only, inside a call that
     * dispatches: receive(), messages(), request(), run(), loop() and dispatch(). They may call any method of the
     * client. What they throw leaves the call that dispatched; nothing that waits is lost. PHP's signal handlers run
     * during every blocking call.
     *
     * A handler that calls one of these is entered again for the messages behind its own, up to 32 handlers inside each
     * other on one stack. Deeper, run(), loop() and dispatch() hand over no messages, request() still gets its answer and
     * receive() what nobody takes; messages for handlers wait, in order, for the calls further out. Past 48 no callback
     * runs.
     *
     * After a fork the object belongs to the parent: in the child every method throws ForkException.
     *
     * @strict-properties
     * @not-serializable
     */
    final class Client
    {
        /**
         * Connects nothing.
         *
         * @param string|list<string> $uri mqtt://, mqtts://, ws://, wss:// or unix:, with user:password@ where wanted;
         *     several are tried in turn
         * @param ClientOptions|array<string, mixed> $options as in ClientOptions
         * @throws \ValueError for an option that is unknown or has a value it cannot have
         */
        public function __construct(#[\SensitiveParameter] string|array $uri = 'mqtt://127.0.0.1', #[\SensitiveParameter] ClientOptions|array $options = []) {}

        /**
         * Connects, where there is no connection, and waits for the answer.
         *
         * @param float|null $timeout seconds; null: the option connectTimeout, for each server
         * @param bool $wait false: returns a token at once, for wait(); onConnect or onDisconnect follows
         * @return ($wait is true ? Packet\ConnAck : int) a token where $wait is false
         * @throws Exception\ConnectException when the server refuses
         * @throws Exception\TransportException when it cannot be reached
         * @throws Exception\TimeoutException when it does not answer in time
         */
        public function connect(?float $timeout = null, bool $wait = true): Packet\ConnAck|int {}

        public function isConnected(): bool {}

        /**
         * What var_dump() shows: stats(), and the servers, without passwords.
         *
         * @return array<string, mixed>
         */
        public function __debugInfo(): array {}

        /**
         * Whether there is no connection, and none will be made until somebody asks: before the first call that needs
         * one, after disconnect(), and when reconnecting was given up.
         */
        public function isIdle(): bool {}

        /**
         * Sends what is queued, waits for its acknowledgements, sends DISCONNECT and closes. No reconnect follows;
         * connect() or the next call that sends something makes a new one. A call that only waits throws a ClosedException.
         *
         * The session of a client without a clientId of its own ends, because nobody else knows its identifier (MQTT 5).
         *
         * @param float|null $timeout seconds for all of it; null: the option linger
         * @param bool $wait false: returns at once, and does not wait for acknowledgements
         * @param Properties|array<string, mixed>|null $properties
         * @return ($wait is true ? null : int) a token where $wait is false
         * @throws \ValueError for a reason that no client may give
         */
        public function disconnect(
            ReasonCode|int $reason = ReasonCode::Success,
            Properties|array|null $properties = null,
            ?float $timeout = null,
            bool $wait = true,
        ): ?int {}

        /**
         * Hands a message over and returns its token. Blocks only while the queue is full and whenFull is 'block'.
         *
         * @param Properties|array<string, mixed>|null $properties
         * @return int a token for wait(); at QoS 0 it is done when the kernel has the bytes, else when the server has
         *     acknowledged
         * @throws Exception\QueueFullException when the queue is full and whenFull is 'throw'
         */
        public function publish(
            string $topic,
            string $payload = '',
            int $qos = 0,
            bool $retain = false,
            Properties|array|null $properties = null,
        ): int {}

        /**
         * Publishes all of them.
         *
         * @param iterable<Message|array{0: string, 1?: string, 2?: int, 3?: bool}> $messages each a Message, or topic,
         *     payload, QoS, retain
         * @param int $qos for elements that do not say it
         * @param bool $retain for elements that do not say it
         * @return int how many
         */
        public function publishMany(iterable $messages, int $qos = 0, bool $retain = false): int {}

        /**
         * Waits until a token is done: one of publish(), or of a call with wait: false. A token already forgotten
         * returns Success at once; what is remembered is bounded.
         *
         * @param float|null $timeout seconds; null: as long as it takes
         * @throws Exception\RefusedException when the server refused it
         * @throws Exception\TimeoutException when the time is over; what was handed over stays handed over
         */
        public function wait(int $token, ?float $timeout = null): ReasonCode {}

        /**
         * Tells, once and from dispatch(), that a token is done: one of publish(), or of a call with wait: false. Of a
         * token that is done already the next dispatch() tells.
         *
         * @param callable(ReasonCode|Packet\SubAck|Packet\UnsubAck|null $result, ?\Throwable $why): mixed $callback $result:
         *     the answer to a subscribe or unsubscribe, else how it went; $why: the exception that wait() would throw,
         *     $result is null then
         */
        public function whenDone(int $token, callable $callback): void {}

        /**
         * Waits until everything handed over is done.
         *
         * @return int how many tokens are still open when the time is over
         */
        public function flush(?float $timeout = null): int {}

        /**
         * Subscribes and waits for the answer, which may refuse filters one by one: look at its reason codes.
         *
         * @param string|list<string|Subscription>|array<string, int> $filters one filter, several, or QoS by filter; the
         *     codes of the answer are in this order
         * @param int $qos for filters that do not say it
         * @param (callable(Message): mixed)|null $handler takes the messages of these filters, also of shared ones; a
         *     message that no handler takes goes to onMessage(), and where that is unset to receive()
         * @param int|null $identifier comes back in Message::$subscriptionIdentifiers (MQTT 5)
         * @param float|null $timeout seconds; null: as long as it takes
         * @param bool $wait false: returns a token at once, for wait()
         * @param Properties|array<string, mixed>|null $properties
         * @return ($wait is true ? Packet\SubAck : int) a token where $wait is false
         * @throws \ValueError for a filter that is none, for $noLocal with a shared subscription, and for subscription
         *     identifiers that differ: one call has one for all its filters
         */
        public function subscribe(
            string|array $filters,
            int $qos = 0,
            ?callable $handler = null,
            bool $noLocal = false,
            bool $retainAsPublished = false,
            int $retainHandling = 0,
            ?int $identifier = null,
            Properties|array|null $properties = null,
            ?float $timeout = null,
            bool $wait = true,
        ): Packet\SubAck|int {}

        /**
         * Takes subscriptions and their handlers back.
         *
         * @param string|list<string> $filters
         * @param Properties|array<string, mixed>|null $properties
         * @return ($wait is true ? Packet\UnsubAck : int) a token where $wait is false
         */
        public function unsubscribe(
            string|array $filters,
            Properties|array|null $properties = null,
            ?float $timeout = null,
            bool $wait = true,
        ): Packet\UnsubAck|int {}

        /**
         * The next message that no handler and no onMessage() takes. Runs handlers and callbacks while it waits.
         *
         * What run(), loop() and dispatch() meet is kept for it, up to the option receiveQueue. Then they take no more
         * messages, so that the server waits. A script that never calls receive() is told so once: by the logger,
         * without one by a warning.
         *
         * @param float|null $timeout seconds; null: as long as it takes
         * @return Message|null null when the time is over
         */
        public function receive(?float $timeout = null): ?Message {}

        /**
         * Messages as from receive(), until none comes within the time.
         *
         */
        public function messages(?float $timeout = null): Messages {}

        /**
         * Publishes a request and waits for its answer (MQTT 5: response topic and correlation data are handled inside).
         *
         * @param float $timeout seconds
         * @param (callable(Message): mixed)|null $handler takes the answer where $wait is false, and must be given exactly
         *     then; when none comes in time it is forgotten, and a warning goes to onLog() and the logger
         * @param bool $wait false: returns the token of the publish at once
         * @param Properties|array<string, mixed>|null $properties
         * @return ($wait is true ? Message : int) the token of the publish where $wait is false
         * @throws Exception\TimeoutException when no answer came in time
         * @throws \LogicException where the option version is one without requests and answers
         * @throws Exception\QueueFullException when 65535 requests wait for their answers
         */
        public function request(
            string $topic,
            string $payload = '',
            float $timeout = 10.0,
            int $qos = 1,
            Properties|array|null $properties = null,
            ?callable $handler = null,
            bool $wait = true,
        ): Message|int {}

        /**
         * @param (callable(Packet\ConnAck $ack, bool $resumed): mixed)|null $callback told of every connection that
         *     stands; $resumed: the server had kept the session
         */
        public function onConnect(?callable $callback): void {}

        /**
         * @param (callable(Exception\Exception $why, ?Packet\Disconnect $packet, ?float $retryIn): mixed)|null $callback
         *     told of every connection that ended or could not be made; $retryIn: seconds to the next attempt, null:
         *     there is none
         */
        public function onDisconnect(?callable $callback): void {}

        /**
         * @param (callable(Message $message): mixed)|null $callback takes messages that no handler takes
         */
        public function onMessage(?callable $callback): void {}

        /**
         * @param (callable(int $token, ReasonCode $code): mixed)|null $callback told of every publish that is done
         */
        public function onPublished(?callable $callback): void {}

        /**
         * @param (callable(string $level, string $message): mixed)|null $callback told what goes on; levels are those of
         *     PSR-3
         */
        public function onLog(?callable $callback): void {}

        /**
         * @param (callable(Packet\Auth $step): (string|Packet\Auth|null|void))|null $callback answers the steps of extended
         *     authentication (MQTT 5): with the authentication data, a packet, or null for nothing
         */
        public function onAuthenticate(?callable $callback): void {}

        /**
         * Dispatches until stop(), or until disconnect() was called.
         */
        public function run(): void {}

        /**
         * Ends run(), also from a handler or a signal handler.
         */
        public function stop(): void {}

        /**
         * Waits for something to dispatch, dispatches everything that is there, and returns how many events that were.
         *
         * @param float $timeout seconds to wait at most
         */
        public function loop(float $timeout = 0.0): int {}

        /**
         * A stream that is readable while there is something to dispatch, for stream_select() and event loops, in every
         * SAPI. Do not read it: call dispatch().
         *
         * @return resource
         */
        public function stream() {}

        /**
         * The descriptor behind stream(), for loops that take numbers. It belongs to the client.
         */
        public function fd(): int {}

        /**
         * Dispatches what is there, never blocks, and returns how many events that were.
         */
        public function dispatch(int $max = PHP_INT_MAX): int {}

        /**
         * Counters since the client was made, and what there is at the moment: connected, clientId; bytes, packets and
         * messages sent and received; messagesAcknowledged, messagesDropped; connections, reconnects, resubscribed
         * (filters), republished (messages); eventsDropped; inFlight, queued, queuedBytes (outgoing); receiveQueue,
         * receiveQueueBytes (not looked at yet), kept (for receive()); openTokens; roundTripTime in seconds.
         *
         * @return array<string, int|float|bool|string>
         */
        public function stats(): array {}

        /**
         * The persistent clients of this process, in PHP with threads of this thread, by name, each with its stats().
         *
         * @return array<string, array<string, int|float|bool|string>>
         */
        public static function persistent(): array {}
    }

    /**
     * What Client::messages() returns.
     *
     * @implements \IteratorAggregate<int, Message>
     * @strict-properties
     * @not-serializable
     */
    final class Messages implements \IteratorAggregate
    {
        private readonly Client $client;
        private readonly ?float $timeout;

        private function __construct() {}

        /**
         * @return \Iterator<int, Message>
         */
        public function getIterator(): \Iterator {}
    }

    /**
     * The options of a client with their types. null: the default.
     *
     * @strict-properties
     */
    final class ClientOptions
    {
        /** null: MQTT 5, and 3.1.1 where the server refuses that. */
        public readonly Version|int|null $version;
        /** null: one is generated, unique per process and client. */
        public readonly ?string $clientId;
        /** That of the URI where it is null. */
        public readonly ?string $username;
        /** That of the URI where it is null. */
        public readonly ?string $password;
        /** Seconds, 0 is off; 60. */
        public readonly ?int $keepAlive;
        /** The first connection begins a clean session; true. A reconnect resumes. */
        public readonly ?bool $cleanStart;
        /** Published by the server when the client is lost. */
        public readonly ?Will $will;
        /** @var Properties|array<string, mixed>|null Properties of CONNECT. Each may also stand among the options themselves. */
        public readonly Properties|array|null $properties;
        /** Seconds that the session outlives a connection; 300. */
        public readonly ?int $sessionExpiryInterval;
        /** QoS 1 and 2 messages received and not acknowledged; 1024. */
        public readonly ?int $receiveMaximum;
        /** Largest packet accepted, in bytes. */
        public readonly ?int $maximumPacketSize;
        /** Topic aliases that the server may use. */
        public readonly ?int $topicAliasMaximum;
        /** @var array<string, string|list<string>>|list<array{string, string}>|null As in Properties. */
        public readonly ?array $userProperties;
        /** Name of the extended authentication method. */
        public readonly ?string $authenticationMethod;
        /** Its data. */
        public readonly ?string $authenticationData;
        /**
         * @var array<string, mixed>|null caFile, caPath, certFile, keyFile, keyPassphrase, verifyPeer, verifyPeerName,
         *     allowSelfSigned, peerName, alpn, pinnedSha256, minVersion.
         */
        public readonly ?array $tls;
        /** In place of that of the URI; begins with "/". */
        public readonly ?string $websocketPath;
        /** @var array<string, string>|null More headers of the WebSocket request, by name; not those of the handshake. */
        public readonly ?array $websocketHeaders;
        /** Seconds for one server, from DNS to CONNACK; the setting mqtt.connect_timeout. */
        public readonly ?float $connectTimeout;
        /** @var array<string, int|float|bool>|bool|null enabled, minDelay, maxDelay, jitter, maxAttempts; or only whether. */
        public readonly array|bool|null $reconnect;
        /** Subscribe again where the server lost the session; true. */
        public readonly ?bool $resubscribe;
        /** Server references followed in a row; 4. TLS is never given up for plain text on the way. */
        public readonly ?int $redirects;
        /** @var array<string, int|string>|null maxBytes, maxMessages, whenFull: 'block', 'drop-oldest' or 'throw'. */
        public readonly ?array $offlineQueue;
        /** Bytes of received messages that nobody has taken; 16 MiB. */
        public readonly ?int $receiveQueue;
        /** Messages wait for Message::ack(); false. */
        public readonly ?bool $manualAck;
        /**
         * Seconds that the end of the client may take to get its publishes out; the setting mqtt.linger. Where the object
         * ends before the script, PHP's signal handlers run meanwhile; what they throw does not shorten it.
         */
        public readonly ?float $linger;
        /** Name under which the process keeps the connection across requests. */
        public readonly ?string $persistent;
        /**
         * Directory where outgoing messages of QoS 1 and 2 are kept until they are acknowledged, and which incoming
         * messages of QoS 2 have been handled: both outlive a crash of the process, and the next client with the same
         * clientId resumes the session. Needs a clientId.
         */
        public readonly ?string $store;
        /** @var object|(callable(string, string): mixed)|null A PSR-3 logger, or a callable for level and message. */
        public readonly object|array|string|null $logger;

        /**
         * @param Properties|array<string, mixed>|null $properties
         * @param array<string, string|list<string>>|list<array{string, string}>|null $userProperties
         * @param array<string, mixed>|null $tls
         * @param array<string, string>|null $websocketHeaders
         * @param array<string, int|float|bool>|bool|null $reconnect
         * @param array<string, int|string>|null $offlineQueue
         * @param object|(callable(string, string): mixed)|null $logger
         */
        public function __construct(
            Version|int|null $version = null,
            ?string $clientId = null,
            ?string $username = null,
            #[\SensitiveParameter] ?string $password = null,
            ?int $keepAlive = null,
            ?bool $cleanStart = null,
            ?Will $will = null,
            Properties|array|null $properties = null,
            ?int $sessionExpiryInterval = null,
            ?int $receiveMaximum = null,
            ?int $maximumPacketSize = null,
            ?int $topicAliasMaximum = null,
            ?array $userProperties = null,
            ?string $authenticationMethod = null,
            #[\SensitiveParameter] ?string $authenticationData = null,
            ?array $tls = null,
            ?string $websocketPath = null,
            ?array $websocketHeaders = null,
            ?float $connectTimeout = null,
            array|bool|null $reconnect = null,
            ?bool $resubscribe = null,
            ?int $redirects = null,
            ?array $offlineQueue = null,
            ?int $receiveQueue = null,
            ?bool $manualAck = null,
            ?float $linger = null,
            ?string $persistent = null,
            ?string $store = null,
            object|array|string|null $logger = null,
        ) {}

        /**
         * Takes what the constructor takes, so bytes of a stranger make no object that it refuses.
         *
         * @param array<string, mixed> $data
         * @implementation-alias Mqtt\Properties::__unserialize
         */
        public function __unserialize(array $data): void {}

        /**
         * What var_export() writes; refuses what the constructor refuses.
         *
         * @param array<string, mixed> $properties
         * @implementation-alias Mqtt\Properties::__set_state
         */
        public static function __set_state(array $properties): static {}
    }

}

namespace Mqtt\Packet {

    use Mqtt\Packet;
    use Mqtt\Properties;
    use Mqtt\ReasonCode;
    use Mqtt\Subscription;
    use Mqtt\Version;
    use Mqtt\Will;

    /**
     * The first packet of a client (section 3.1).
     *
     * @strict-properties
     */
    final class Connect implements Packet
    {
        public readonly string $clientId;
        /** Clean start; in MQTT 3 clean session. */
        public readonly bool $cleanStart;
        /** Seconds; 0 is off. */
        public readonly int $keepAlive;
        public readonly ?Will $will;
        public readonly ?string $username;
        public readonly ?string $password;
        public readonly Properties $properties;
        /** null: that of encode(). */
        public readonly ?Version $version;
        /** The bridge bit that some brokers set in MQTT 3. */
        public readonly bool $bridge;

        /**
         * @param Properties|array<string, mixed>|null $properties
         */
        public function __construct(
            string $clientId = '',
            bool $cleanStart = true,
            int $keepAlive = 60,
            ?Will $will = null,
            ?string $username = null,
            #[\SensitiveParameter] ?string $password = null,
            Properties|array|null $properties = null,
            Version|int|null $version = null,
            bool $bridge = false,
        ) {}

        /**
         * @param Version|int $version when it is left out, that of the packet, where it has one
         */
        public function encode(Version|int $version = Version::V5): string {}

        /**
         * Takes what the constructor takes, so bytes of a stranger make no object that it refuses.
         *
         * @param array<string, mixed> $data
         * @implementation-alias Mqtt\Properties::__unserialize
         */
        public function __unserialize(array $data): void {}

        /**
         * What var_export() writes; refuses what the constructor refuses.
         *
         * @param array<string, mixed> $properties
         * @implementation-alias Mqtt\Properties::__set_state
         */
        public static function __set_state(array $properties): static {}
    }

    /**
     * The answer to CONNECT (section 3.2).
     *
     * @strict-properties
     */
    final class ConnAck implements Packet
    {
        public readonly ReasonCode $reasonCode;
        public readonly bool $sessionPresent;
        public readonly Properties $properties;

        /**
         * @param Properties|array<string, mixed>|null $properties
         */
        public function __construct(
            ReasonCode|int $reasonCode = ReasonCode::Success,
            bool $sessionPresent = false,
            Properties|array|null $properties = null,
        ) {}

        public function encode(Version|int $version = Version::V5): string {}

        /**
         * Takes what the constructor takes, so bytes of a stranger make no object that it refuses.
         *
         * @param array<string, mixed> $data
         * @implementation-alias Mqtt\Properties::__unserialize
         */
        public function __unserialize(array $data): void {}

        /**
         * What var_export() writes; refuses what the constructor refuses.
         *
         * @param array<string, mixed> $properties
         * @implementation-alias Mqtt\Properties::__set_state
         */
        public static function __set_state(array $properties): static {}
    }

    /**
     * A message on its way (section 3.3).
     *
     * @strict-properties
     */
    final class Publish implements Packet
    {
        /** Empty only where a topic alias stands for it. */
        public readonly string $topic;
        public readonly string $payload;
        public readonly int $qos;
        public readonly bool $retain;
        public readonly bool $dup;
        /** There exactly when QoS is above 0. */
        public readonly ?int $packetId;
        public readonly Properties $properties;

        /**
         * @param Properties|array<string, mixed>|null $properties
         */
        public function __construct(
            string $topic,
            string $payload = '',
            int $qos = 0,
            bool $retain = false,
            bool $dup = false,
            ?int $packetId = null,
            Properties|array|null $properties = null,
        ) {}

        public function encode(Version|int $version = Version::V5): string {}

        /**
         * Takes what the constructor takes, so bytes of a stranger make no object that it refuses.
         *
         * @param array<string, mixed> $data
         * @implementation-alias Mqtt\Properties::__unserialize
         */
        public function __unserialize(array $data): void {}

        /**
         * What var_export() writes; refuses what the constructor refuses.
         *
         * @param array<string, mixed> $properties
         * @implementation-alias Mqtt\Properties::__set_state
         */
        public static function __set_state(array $properties): static {}
    }

    /**
     * The answer to a PUBLISH at QoS 1 (section 3.4).
     *
     * @strict-properties
     */
    final class PubAck implements Packet
    {
        public readonly int $packetId;
        public readonly ReasonCode $reasonCode;
        public readonly Properties $properties;

        /**
         * @param Properties|array<string, mixed>|null $properties
         */
        public function __construct(int $packetId, ReasonCode|int $reasonCode = ReasonCode::Success, Properties|array|null $properties = null) {}

        public function encode(Version|int $version = Version::V5): string {}

        /**
         * Takes what the constructor takes, so bytes of a stranger make no object that it refuses.
         *
         * @param array<string, mixed> $data
         * @implementation-alias Mqtt\Properties::__unserialize
         */
        public function __unserialize(array $data): void {}

        /**
         * What var_export() writes; refuses what the constructor refuses.
         *
         * @param array<string, mixed> $properties
         * @implementation-alias Mqtt\Properties::__set_state
         */
        public static function __set_state(array $properties): static {}
    }

    /**
     * The first answer to a PUBLISH at QoS 2 (section 3.5).
     *
     * @strict-properties
     */
    final class PubRec implements Packet
    {
        public readonly int $packetId;
        public readonly ReasonCode $reasonCode;
        public readonly Properties $properties;

        /**
         * @param Properties|array<string, mixed>|null $properties
         */
        public function __construct(int $packetId, ReasonCode|int $reasonCode = ReasonCode::Success, Properties|array|null $properties = null) {}

        public function encode(Version|int $version = Version::V5): string {}

        /**
         * Takes what the constructor takes, so bytes of a stranger make no object that it refuses.
         *
         * @param array<string, mixed> $data
         * @implementation-alias Mqtt\Properties::__unserialize
         */
        public function __unserialize(array $data): void {}

        /**
         * What var_export() writes; refuses what the constructor refuses.
         *
         * @param array<string, mixed> $properties
         * @implementation-alias Mqtt\Properties::__set_state
         */
        public static function __set_state(array $properties): static {}
    }

    /**
     * The answer to PUBREC (section 3.6).
     *
     * @strict-properties
     */
    final class PubRel implements Packet
    {
        public readonly int $packetId;
        public readonly ReasonCode $reasonCode;
        public readonly Properties $properties;

        /**
         * @param Properties|array<string, mixed>|null $properties
         */
        public function __construct(int $packetId, ReasonCode|int $reasonCode = ReasonCode::Success, Properties|array|null $properties = null) {}

        public function encode(Version|int $version = Version::V5): string {}

        /**
         * Takes what the constructor takes, so bytes of a stranger make no object that it refuses.
         *
         * @param array<string, mixed> $data
         * @implementation-alias Mqtt\Properties::__unserialize
         */
        public function __unserialize(array $data): void {}

        /**
         * What var_export() writes; refuses what the constructor refuses.
         *
         * @param array<string, mixed> $properties
         * @implementation-alias Mqtt\Properties::__set_state
         */
        public static function __set_state(array $properties): static {}
    }

    /**
     * The end of a QoS 2 exchange (section 3.7).
     *
     * @strict-properties
     */
    final class PubComp implements Packet
    {
        public readonly int $packetId;
        public readonly ReasonCode $reasonCode;
        public readonly Properties $properties;

        /**
         * @param Properties|array<string, mixed>|null $properties
         */
        public function __construct(int $packetId, ReasonCode|int $reasonCode = ReasonCode::Success, Properties|array|null $properties = null) {}

        public function encode(Version|int $version = Version::V5): string {}

        /**
         * Takes what the constructor takes, so bytes of a stranger make no object that it refuses.
         *
         * @param array<string, mixed> $data
         * @implementation-alias Mqtt\Properties::__unserialize
         */
        public function __unserialize(array $data): void {}

        /**
         * What var_export() writes; refuses what the constructor refuses.
         *
         * @param array<string, mixed> $properties
         * @implementation-alias Mqtt\Properties::__set_state
         */
        public static function __set_state(array $properties): static {}
    }

    /**
     * Asks for messages (section 3.8). The identifier of the subscriptions is among the properties.
     *
     * @strict-properties
     */
    final class Subscribe implements Packet
    {
        public readonly int $packetId;
        /** @var list<Subscription> */
        public readonly array $subscriptions;
        public readonly Properties $properties;

        /**
         * @param list<Subscription|string>|array<string, int> $subscriptions a string is a filter at QoS 0; or QoS by filter
         * @param Properties|array<string, mixed>|null $properties
         */
        public function __construct(int $packetId, array $subscriptions, Properties|array|null $properties = null) {}

        public function encode(Version|int $version = Version::V5): string {}

        /**
         * Takes what the constructor takes, so bytes of a stranger make no object that it refuses.
         *
         * @param array<string, mixed> $data
         * @implementation-alias Mqtt\Properties::__unserialize
         */
        public function __unserialize(array $data): void {}

        /**
         * What var_export() writes; refuses what the constructor refuses.
         *
         * @param array<string, mixed> $properties
         * @implementation-alias Mqtt\Properties::__set_state
         */
        public static function __set_state(array $properties): static {}
    }

    /**
     * The answer to SUBSCRIBE: one code per filter, in order (section 3.9).
     *
     * @strict-properties
     */
    final class SubAck implements Packet
    {
        public readonly int $packetId;
        /** @var list<ReasonCode> The QoS granted (Success is QoS 0), or why not. */
        public readonly array $reasonCodes;
        public readonly Properties $properties;

        /**
         * @param list<ReasonCode|int> $reasonCodes
         * @param Properties|array<string, mixed>|null $properties
         */
        public function __construct(int $packetId, array $reasonCodes, Properties|array|null $properties = null) {}

        public function encode(Version|int $version = Version::V5): string {}

        /**
         * Takes what the constructor takes, so bytes of a stranger make no object that it refuses.
         *
         * @param array<string, mixed> $data
         * @implementation-alias Mqtt\Properties::__unserialize
         */
        public function __unserialize(array $data): void {}

        /**
         * What var_export() writes; refuses what the constructor refuses.
         *
         * @param array<string, mixed> $properties
         * @implementation-alias Mqtt\Properties::__set_state
         */
        public static function __set_state(array $properties): static {}
    }

    /**
     * Takes subscriptions back (section 3.10).
     *
     * @strict-properties
     */
    final class Unsubscribe implements Packet
    {
        public readonly int $packetId;
        /** @var list<string> */
        public readonly array $filters;
        public readonly Properties $properties;

        /**
         * @param list<string> $filters
         * @param Properties|array<string, mixed>|null $properties
         */
        public function __construct(int $packetId, array $filters, Properties|array|null $properties = null) {}

        public function encode(Version|int $version = Version::V5): string {}

        /**
         * Takes what the constructor takes, so bytes of a stranger make no object that it refuses.
         *
         * @param array<string, mixed> $data
         * @implementation-alias Mqtt\Properties::__unserialize
         */
        public function __unserialize(array $data): void {}

        /**
         * What var_export() writes; refuses what the constructor refuses.
         *
         * @param array<string, mixed> $properties
         * @implementation-alias Mqtt\Properties::__set_state
         */
        public static function __set_state(array $properties): static {}
    }

    /**
     * The answer to UNSUBSCRIBE (section 3.11).
     *
     * @strict-properties
     */
    final class UnsubAck implements Packet
    {
        public readonly int $packetId;
        /** @var list<ReasonCode> One code per filter, in order; MQTT 3 sends none. */
        public readonly array $reasonCodes;
        public readonly Properties $properties;

        /**
         * @param list<ReasonCode|int> $reasonCodes
         * @param Properties|array<string, mixed>|null $properties
         */
        public function __construct(int $packetId, array $reasonCodes = [], Properties|array|null $properties = null) {}

        public function encode(Version|int $version = Version::V5): string {}

        /**
         * Takes what the constructor takes, so bytes of a stranger make no object that it refuses.
         *
         * @param array<string, mixed> $data
         * @implementation-alias Mqtt\Properties::__unserialize
         */
        public function __unserialize(array $data): void {}

        /**
         * What var_export() writes; refuses what the constructor refuses.
         *
         * @param array<string, mixed> $properties
         * @implementation-alias Mqtt\Properties::__set_state
         */
        public static function __set_state(array $properties): static {}
    }

    /**
     * Are you there (section 3.12)?
     *
     * @strict-properties
     */
    final class PingReq implements Packet
    {
        public function encode(Version|int $version = Version::V5): string {}

        /**
         * What var_export() writes; refuses what the constructor refuses.
         *
         * @param array<string, mixed> $properties
         * @implementation-alias Mqtt\Properties::__set_state
         */
        public static function __set_state(array $properties): static {}
    }

    /**
     * I am (section 3.13).
     *
     * @strict-properties
     */
    final class PingResp implements Packet
    {
        public function encode(Version|int $version = Version::V5): string {}

        /**
         * What var_export() writes; refuses what the constructor refuses.
         *
         * @param array<string, mixed> $properties
         * @implementation-alias Mqtt\Properties::__set_state
         */
        public static function __set_state(array $properties): static {}
    }

    /**
     * The end of a connection (section 3.14). In MQTT 3 only clients send it, without a reason.
     *
     * @strict-properties
     */
    final class Disconnect implements Packet
    {
        public readonly ReasonCode $reasonCode;
        public readonly Properties $properties;

        /**
         * @param Properties|array<string, mixed>|null $properties
         */
        public function __construct(ReasonCode|int $reasonCode = ReasonCode::Success, Properties|array|null $properties = null) {}

        public function encode(Version|int $version = Version::V5): string {}

        /**
         * Takes what the constructor takes, so bytes of a stranger make no object that it refuses.
         *
         * @param array<string, mixed> $data
         * @implementation-alias Mqtt\Properties::__unserialize
         */
        public function __unserialize(array $data): void {}

        /**
         * What var_export() writes; refuses what the constructor refuses.
         *
         * @param array<string, mixed> $properties
         * @implementation-alias Mqtt\Properties::__set_state
         */
        public static function __set_state(array $properties): static {}
    }

    /**
     * A step of extended authentication (section 3.15); only MQTT 5 has it.
     *
     * @strict-properties
     */
    final class Auth implements Packet
    {
        public readonly ReasonCode $reasonCode;
        public readonly Properties $properties;

        /**
         * @param Properties|array<string, mixed>|null $properties
         */
        public function __construct(ReasonCode|int $reasonCode = ReasonCode::Success, Properties|array|null $properties = null) {}

        public function encode(Version|int $version = Version::V5): string {}

        /**
         * Takes what the constructor takes, so bytes of a stranger make no object that it refuses.
         *
         * @param array<string, mixed> $data
         * @implementation-alias Mqtt\Properties::__unserialize
         */
        public function __unserialize(array $data): void {}

        /**
         * What var_export() writes; refuses what the constructor refuses.
         *
         * @param array<string, mixed> $properties
         * @implementation-alias Mqtt\Properties::__set_state
         */
        public static function __set_state(array $properties): static {}
    }

}

namespace Mqtt\Exception {

    /**
     * Everything that this extension throws, except \TypeError and \ValueError for bad arguments.
     */
    interface Exception extends \Throwable
    {
    }

    /**
     * The server refused the connection. The code of the exception is that of the reason.
     */
    class ConnectException extends \RuntimeException implements Exception
    {
        public readonly ?\Mqtt\ReasonCode $reasonCode;
        /** What the server sent, with its properties. */
        public readonly ?\Mqtt\Packet\ConnAck $connAck;
    }

    /**
     * The server could not be reached, or the connection broke: DNS, TCP, TLS, WebSocket. The cause is in the message.
     */
    class TransportException extends \RuntimeException implements Exception
    {
        /**
         * Of PacketClient, the step that failed: 'resolve', 'connect', 'tls', 'websocket', 'timeout' (it took too long to
         * connect), 'io' (the connection broke later); else null. The code is errno where the system gave one.
         */
        public readonly ?string $step;
    }

    /**
     * Somebody broke a rule of the protocol.
     */
    class ProtocolException extends \RuntimeException implements Exception
    {
        /** What a peer that speaks MQTT 5 is told. */
        public readonly ?\Mqtt\ReasonCode $reasonCode;
        /** The clause in the specification: 'MQTT-3.3.1-4' or 'section 2.1.2'. */
        public readonly ?string $clause;
    }

    /**
     * The server refused a message or a subscription.
     */
    class RefusedException extends \RuntimeException implements Exception
    {
        public readonly ?\Mqtt\ReasonCode $reasonCode;
    }

    /**
     * The time given for a call was over before its answer came.
     */
    class TimeoutException extends \RuntimeException implements Exception
    {
    }

    /**
     * The connection was ended, by disconnect(), by the server, or because reconnecting is off.
     */
    class ClosedException extends \RuntimeException implements Exception
    {
        /** What the server gave as the reason, where it gave one. */
        public readonly ?\Mqtt\ReasonCode $reasonCode;
    }

    /**
     * The queue for outgoing messages is full and 'whenFull' is 'throw'.
     */
    class QueueFullException extends \RuntimeException implements Exception
    {
    }

    /**
     * The object was made before a fork and belongs to the parent process. Make a new one.
     */
    class ForkException extends \LogicException implements Exception
    {
    }

}

namespace Mqtt {

    /**
     * A broker in this process: the Rust broker on its own threads. PHP is asked only for what a hook is registered for.
     *
     * Hooks run on the PHP thread, in run() and dispatch(). A hook answers null to go on, or what its method says. An
     * exception in a hook, or an answer that makes no sense, refuses that one client and is reported to the logger
     * (without one as a warning); the server goes on. A hook may call any method of its server. A hook that takes
     * longer than hookDeadline is answered for, as hookOverdue says; a question that has waited longer than that is not put to it
     * any more. In onConnect() 'proceed' lets in whom allowAnonymous lets in (true: everybody; false, or left out: nobody),
     * and in onAuthenticate() nobody.
     *
     * One server per process runs at a time; it uses all cores by itself and may have many listeners. Under a framework
     * that forks workers, run it in one of them.
     *
     * @strict-properties
     * @not-serializable
     */
    final class Server
    {
        /**
         * Starts nothing.
         *
         * @param array<string, mixed>|string $options the path of a mosquitto.conf, or an array of: config (such a path;
         *     the other options stand above what the file says, and its log settings do not count here), listen (one URI
         *     or a list: mqtt://, mqtts://, ws://, wss://, unix:; the default is mqtt://127.0.0.1:1883; port 0 takes a free
         *     one), tls (certFile, keyFile, caFile, caPath,
         *     requireCertificate, minVersion; for mqtts and wss), limits (maximumPacketSize, receiveMaximum,
         *     topicAliasMaximum, maximumInFlight, maximumConnections, maximumSessions, maximumSubscriptions,
         *     maximumQueuedMessages, maximumQueuedBytes, maximumRetainedMessages, maximumRetainedBytes,
         *     maximumSessionExpiryInterval, maximumKeepAlive, maximumQoS, retainAvailable, queueQoS0, emptyClientId,
         *     maximumClientIdLength, connectTimeout), allowAnonymous (who may connect without a hook that says so: true
         *     everybody, false nobody, null clients on this machine), assignedClientIdPrefix, shards (threads, 0 is one per
         *     core), sysInterval (seconds between updates of $SYS, 0 is never), hookDeadline (seconds, more than 0), hookOverdue
         *     ('refuse' or 'proceed'), handler (a Server\Handler), logger (a PSR-3 logger, or a callable for level and
         *     message), logLevel ('debug', 'info', 'notice', 'warning', 'error' or 'none')
         * @throws \ValueError for an option that is unknown or has a value it cannot have
         */
        public function __construct(array|string $options = []) {}

        /**
         * A client wants in. Where a hook is registered it decides: null lets the client in (with allowAnonymous false:
         * only one that has a user name), ReasonCode::Success lets it in, an error refuses it. Properties, or an array of
         * them, let it in and are added to CONNACK; a Packet\ConnAck says both.
         *
         * What CONNACK says is kept: sessionExpiryInterval is that of the session (MQTT 3 is not told, so there it only
         * shortens), serverKeepAlive, receiveMaximum, maximumPacketSize, topicAliasMaximum, maximumQoS and retainAvailable
         * hold for this client where they are stricter than the limits of the server, and a will beyond them is refused.
         * assignedClientIdentifier becomes the identifier of a client that named none; for others it is reported and left
         * out. wildcardSubscriptionAvailable, sharedSubscriptionAvailable and subscriptionIdentifierAvailable cannot be
         * false for one client: such an answer is reported and refuses.
         *
         * @param (callable(Server\ConnectRequest): (ReasonCode|int|Properties|array<string, mixed>|Packet\ConnAck|null|void))|null $hook
         *     null takes it back
         * @throws \Error when the server has been started: register hooks before
         */
        public function onConnect(?callable $hook): void {}

        /**
         * A step of extended authentication (MQTT 5, section 4.12). A string is the data of the next step,
         * ReasonCode::Success lets the client in, an error refuses it; a Packet\Auth says reason, data, reason string and
         * user properties. null refuses the method. Without this hook every method is refused. A re-authentication is
         * refused with DISCONNECT: a code that only CONNACK has becomes NotAuthorized there, ServerUnavailable ServerBusy.
         *
         * @param (callable(Server\AuthenticateRequest): (string|ReasonCode|Packet\Auth|null|void))|null $hook
         * @throws \Error as in onConnect()
         */
        public function onAuthenticate(?callable $hook): void {}

        /**
         * A client subscribes. null grants every filter as it was asked for, one code is for all of them, and a list has
         * one code (or null) per filter: a granted QoS, not above the one asked for, or an error.
         *
         * @param (callable(Server\SubscribeRequest): (ReasonCode|int|list<ReasonCode|int|null>|null|void))|null $hook
         * @throws \Error as in onConnect()
         */
        public function onSubscribe(?callable $hook): void {}

        /**
         * A client unsubscribes. Answers are those of onSubscribe(); an error keeps the subscription.
         *
         * @param (callable(Server\UnsubscribeRequest): (ReasonCode|int|list<ReasonCode|int|null>|null|void))|null $hook
         * @throws \Error as in onConnect()
         */
        public function onUnsubscribe(?callable $hook): void {}

        /**
         * A client publishes to one of these topics. null or ReasonCode::Success lets the message go on, an error refuses
         * it, NoMatchingSubscribers acknowledges it and gives it to nobody, and a Message goes on in its place.
         *
         * @param (callable(Server\PublishRequest): (ReasonCode|int|Message|null|void))|null $hook
         * @param string|list<string> $topics topic filters; PHP is not asked for other topics
         * @throws \Error as in onConnect()
         */
        public function onPublish(?callable $hook, string|array $topics = '#'): void {}

        /**
         * A message with one of these topics is about to go to a client, or into its queue while it is away; asked once
         * for each receiver, for retained messages too. null or ReasonCode::Success lets it go, any other code keeps it
         * from this client (it counts as dropped), and a Message goes in its place (its topic, payload and properties).
         * What comes for this client meanwhile waits behind it, within the bounds of its queue.
         *
         * @param (callable(Server\DeliverRequest): (ReasonCode|int|Message|null|void))|null $hook
         * @param string|list<string> $topics topic filters; PHP is not asked for other topics
         * @throws \Error as in onConnect()
         */
        public function onDeliver(?callable $hook, string|array $topics = '#'): void {}

        /**
         * Told of every connection that ends after it had been accepted.
         *
         * @param (callable(Server\DisconnectNotice): mixed)|null $hook
         * @throws \Error as in onConnect()
         */
        public function onDisconnect(?callable $hook): void {}

        /**
         * Told of every session that begins.
         *
         * @param (callable(Server\SessionNotice): mixed)|null $hook
         * @throws \Error as in onConnect()
         */
        public function onSessionCreated(?callable $hook): void {}

        /**
         * Told of every session that ends: with its connection, by expiry, or by a clean start.
         *
         * @param (callable(Server\SessionNotice): mixed)|null $hook
         * @throws \Error as in onConnect()
         */
        public function onSessionEnded(?callable $hook): void {}

        /**
         * Told of every PINGREQ, which has been answered.
         *
         * @param (callable(Server\PingNotice): mixed)|null $hook
         * @throws \Error as in onConnect()
         */
        public function onPing(?callable $hook): void {}

        /**
         * Registers the methods of an object as hooks: those of the names above that it has. Other hooks stay, with their
         * topics.
         *
         * @param string|list<string> $topics as in onPublish()
         * @param string|list<string> $deliverTopics as in onDeliver()
         * @throws \Error as in onConnect()
         */
        public function handler(Server\Handler $handler, string|array $topics = '#', string|array $deliverTopics = '#'): void {}

        /**
         * Opens the listeners and serves clients from then on. Hooks are asked when run() or dispatch() is called. A
         * server that runs goes on.
         *
         * @throws Exception\TransportException when a listener cannot be opened
         */
        public function start(): void {}

        /**
         * Starts, and calls hooks until stop() or until the time is over. Signal handlers run meanwhile.
         *
         * @param float|null $timeout seconds; null: no end
         * @throws Exception\TransportException as in start()
         */
        public function run(?float $timeout = null): void {}

        /**
         * Starts, calls the hooks that wait, never blocks, and returns how many events that were.
         *
         * @throws Exception\TransportException as in start()
         */
        public function dispatch(int $max = PHP_INT_MAX): int {}

        /**
         * Closes the listeners, tells every client, and ends the broker's threads; run() returns. Clients that have been
         * sent everything have a tenth of a second to close. May be called from a hook or a signal handler. The server may
         * be started again.
         *
         * @param float $timeout seconds that clients may take to read what waits for them
         * @return bool whether everything was written
         */
        public function stop(float $timeout = 1.0): bool {}

        public function isRunning(): bool {}

        /**
         * A stream that is readable while there is something to dispatch, for stream_select() and event loops, in every
         * SAPI. Do not read it: call dispatch(). Starts the server.
         *
         * @return resource
         */
        public function stream() {}

        /**
         * The descriptor behind stream(), for loops that take numbers. It belongs to the server. Starts the server.
         */
        public function fd(): int {}

        /**
         * Where the server listens, as URIs in the order of the option, ports filled in; nothing while it does not run.
         *
         * @return list<string>
         */
        public function addresses(): array {}

        /**
         * The port of the first TCP listener; null while the server does not run, or has none.
         */
        public function port(): ?int {}

        /**
         * Publishes in the server's own name; no hook is asked. What this object tells afterwards comes after it.
         *
         * @param Properties|array<string, mixed>|null $properties
         * @throws \ValueError for a topic that is no topic name, and for properties that a message cannot have: topicAlias and
         *     subscriptionIdentifier are each receiver's, responseTopic is a topic name
         * @throws Exception\ClosedException when the server does not run
         */
        public function publish(
            string $topic,
            string $payload = '',
            int $qos = 0,
            bool $retain = false,
            Properties|array|null $properties = null,
        ): void {}

        /**
         * Every session, connected or not, in no order.
         *
         * @return iterable<Server\ClientInfo>
         * @throws Exception\ClosedException when the server does not run
         */
        public function clients(): iterable {}

        /**
         * The session of one client, or null.
         *
         * @throws Exception\ClosedException when the server does not run
         */
        public function client(string $clientId): ?Server\ClientInfo {}

        /**
         * Ends the connection of a client; MQTT 5 is told the reason. Its session stays as its expiry says, and its will
         * is published. A message of it that onPublish() is being asked about is dealt with first.
         *
         * @return bool whether there was a connection
         * @throws Exception\ClosedException when the server does not run
         */
        public function disconnect(string $clientId, ReasonCode|int $reason = ReasonCode::AdministrativeAction): bool {}

        /**
         * Every subscription, in no order.
         *
         * @return iterable<Server\SubscriptionInfo>
         * @throws Exception\ClosedException when the server does not run
         */
        public function subscriptions(): iterable {}

        /**
         * Retained messages whose topic the filter matches.
         *
         * @return iterable<Message>
         * @throws Exception\ClosedException when the server does not run
         */
        public function retained(string $filter = '#'): iterable {}

        /**
         * Counters since the start, and what there is at the moment.
         *
         * @return array<string, int|float>
         * @throws Exception\ClosedException when the server does not run
         */
        public function stats(): array {}
    }

    /**
     * The listeners of a Server without a broker behind them: every packet comes to the script, and what onPacket()
     * returns is the answer. There are no sessions and no subscriptions but those the script keeps itself.
     *
     * The server refuses by itself what is no packet, a first packet that is not CONNECT, and packets that a client
     * does not send; it closes clients that are silent for one and a half times their keep-alive. Callbacks run on the
     * script's thread only, inside run() and dispatch(). Where one throws, its connection is closed (MQTT 5:
     * implementation specific error) and the exception goes to the logger, or without one becomes a warning.
     *
     * A connection is not read further while 64 of its packets wait for the script.
     *
     * @strict-properties
     * @not-serializable
     */
    final class PacketServer
    {
        /**
         * Starts nothing.
         *
         * @param array<string, mixed> $options listen, tls, logger, logLevel (as of Server), maximumPacketSize (bytes),
         *     maximumConnections, maximumBacklog (bytes that may wait for a client that does not read, 4 MiB),
         *     connectTimeout (seconds until CONNECT, 10), autoPing (PINGREQ is answered without the script)
         * @throws \ValueError for an option that is unknown or has a value it cannot have
         */
        public function __construct(array $options = []) {}

        /**
         * A connection is there. Its version and client identifier are null until CONNECT, its first packet.
         *
         * @param (callable(Connection): mixed)|null $callback null takes it back
         */
        public function onConnect(?callable $callback): void {}

        /**
         * A packet came. A packet is sent as the answer, an iterable of packets in its order; null sends nothing.
         * A CONNACK that refuses and a DISCONNECT close the connection. Packets that arrive after the script has
         * closed a connection are dropped.
         *
         * @param (callable(Connection, Packet): (Packet|iterable<Packet>|null|void))|null $callback null takes it back
         */
        public function onPacket(?callable $callback): void {}

        /**
         * A connection ended. The second argument says why, with the clause of the specification where a rule was
         * broken.
         *
         * @param (callable(Connection, string): mixed)|null $callback null takes it back
         */
        public function onDisconnect(?callable $callback): void {}

        /**
         * Opens the listeners. Callbacks are called by run() or dispatch(). A server that runs goes on.
         *
         * @throws Exception\TransportException when a listener cannot be opened
         */
        public function start(): void {}

        /**
         * Starts, and calls callbacks until stop() or until the time is over. Signal handlers run meanwhile.
         *
         * @param float|null $timeout seconds; null: no end
         * @throws Exception\TransportException as in start()
         */
        public function run(?float $timeout = null): void {}

        /**
         * Starts, calls the callbacks that wait, never blocks, and returns how many events that were.
         *
         * @throws Exception\TransportException as in start()
         */
        public function dispatch(int $max = PHP_INT_MAX): int {}

        /**
         * Closes the listeners, tells every client, and ends the server's threads; run() returns. May be called from a
         * callback or a signal handler. The server may be started again.
         *
         * @param float $timeout seconds that clients may take to read what waits for them
         * @return bool whether everything was written
         */
        public function stop(float $timeout = 1.0): bool {}

        public function isRunning(): bool {}

        /**
         * The connections whose end has not been told, in the order in which they came.
         *
         * @return list<Connection>
         */
        public function connections(): array {}

        /**
         * A stream that is readable while there is something to dispatch, as in Server. Starts the server.
         *
         * @return resource
         */
        public function stream() {}

        /**
         * The descriptor behind stream(), for loops that take numbers. It belongs to the server. Starts the server.
         */
        public function fd(): int {}

        /**
         * Where the server listens, as URIs in the order of the option, ports filled in; nothing while it does not run.
         *
         * @return list<string>
         */
        public function addresses(): array {}

        /**
         * The port of the first TCP listener; null while the server does not run, or has none.
         */
        public function port(): ?int {}
    }

    /**
     * One connection whose every packet is the script's: the mirror of PacketServer. It opens transports (mqtt, mqtts,
     * ws, wss, unix), finds where packets begin and end, and keeps limits; there is no session. The script writes CONNECT
     * itself and answers what comes; nothing is acknowledged, and nothing is sent again.
     *
     * Everything happens inside the calls, on the script's thread, and signal handlers run while one waits. Only with
     * keepAlive the background thread takes part: it writes PINGREQ. After a fork the object belongs to the parent, and
     * throws ForkException in the child.
     *
     * @strict-properties
     * @not-serializable
     */
    final class PacketClient
    {
        /**
         * Connects nothing.
         *
         * @param string $uri as of Client, without a user name: that belongs into the CONNECT that the script writes
         * @param array<string, mixed> $options tls (as of Client), headers (more headers of the WebSocket request, name to
         *     value), connectTimeout (seconds, 10), writeTimeout (seconds that the server may take nothing while a packet is
         *     written, 30), maximumPacketSize (bytes that a packet which comes may have), version (Version or 3, 4, 5: how
         *     packets are read and written; null: as the CONNECT that was sent says, and 3.1.1 before it), keepAlive
         *     (seconds after which the background thread writes PINGREQ when nothing else was written; 0, the default, is
         *     never; it begins with CONNECT, ends with DISCONNECT, and the answers come from receive()), bindAddress (the
         *     local address to connect from, "ip" or "ip:port", "[ip]:port" for IPv6)
         * @throws \ValueError for a URI or an option that is unknown or has a value it cannot have
         */
        public function __construct(string $uri, array $options = []) {}

        /**
         * Opens the transport and sends no packet. A connection that is there is closed before.
         *
         * @param float|null $timeout seconds for everything; null: connectTimeout
         * @throws Exception\TransportException when the server cannot be reached; its step says where it failed, its code is
         *     errno where the system gave one
         * @throws Exception\ForkException
         */
        public function connect(?float $timeout = null): void {}

        /**
         * Sends packets in this order; returns when the kernel has them. A packet is encoded in the version that the CONNECT
         * before it says, or the option.
         *
         * What a signal handler throws leaves the call; what the socket has not taken by then goes before the packets of the
         * next call.
         *
         * @return int bytes
         * @throws \ValueError for a packet that cannot be written; none of them was sent
         * @throws Exception\ClosedException when there is no connection
         * @throws Exception\TransportException when the connection breaks
         * @throws Exception\TimeoutException after writeTimeout; the connection was closed
         * @throws Exception\ForkException
         */
        public function send(Packet ...$packets): int {}

        /**
         * Sends whole packets that are encoded already; else as send().
         *
         * @return int bytes
         * @throws \ValueError where the bytes do not end with the end of a packet
         * @throws Exception\ClosedException when there is no connection
         * @throws Exception\TransportException when the connection breaks
         * @throws Exception\TimeoutException after writeTimeout; the connection was closed
         * @throws Exception\ForkException
         */
        public function sendBytes(string $bytes): int {}

        /**
         * Waits for the next packet.
         *
         * @param float|null $timeout seconds; null: no end; 0.0: only looks
         * @return Packet|null null when the time is over: no whole packet is there
         * @throws Exception\ClosedException when the server has closed the connection and every packet before that was
         *     taken, or when there is none
         * @throws Exception\TransportException when the connection breaks
         * @throws Exception\ProtocolException for what is no packet of this version; the connection was closed
         * @throws Exception\ForkException
         */
        public function receive(?float $timeout = null): ?Packet {}

        /**
         * The same, with the bytes of the packet as they came. Only its first byte and its length were looked at.
         */
        public function receiveBytes(?float $timeout = null): ?string {}

        /**
         * Whether there is a connection, as far as the calls until now have seen.
         */
        public function isConnected(): bool {}

        /**
         * Ends the connection. It sends no DISCONNECT; that is the script's. Where the script has sent one, the call waits up
         * to 0.1 seconds for the server to close its side too. Packets that were not received are gone. Without a
         * connection it does nothing. connect() makes a new one.
         */
        public function close(): void {}

        /**
         * The descriptor of the socket, for loops that take numbers. It belongs to the client, and ends with close().
         * Receive with a timeout of 0.0 until there is null, then wait until it is readable.
         *
         * @throws Exception\ClosedException when there is no connection
         */
        public function fd(): int {}

        /**
         * The same as a stream, for stream_select() and event loops. Do not read from it.
         *
         * @return resource
         * @throws Exception\ClosedException when there is no connection
         */
        public function stream() {}

        /**
         * Address of this end: "192.0.2.1:50123", "[2001:db8::1]:50123", "unix"; null without a connection.
         */
        public function localAddress(): ?string {}

        /**
         * Address of the server, as in localAddress().
         */
        public function remoteAddress(): ?string {}

        /**
         * Bytes of packets that this connection or, after its end, the last one has sent. Those of TLS and WebSocket do not
         * count.
         */
        public function bytesSent(): int {}

        /**
         * Bytes of packets that this connection or, after its end, the last one has received.
         */
        public function bytesReceived(): int {}
    }

    /**
     * A connection of a PacketServer. The same object comes with every event of the connection.
     *
     * @strict-properties
     * @not-serializable
     */
    final class Connection
    {
        /** A number that no other connection of this server has. */
        public readonly int $id;
        /** Address and port at the other end; null on a Unix socket. */
        public readonly ?string $remoteAddress;
        /** What CONNECT named; null before CONNECT. */
        public readonly ?Version $version;
        /** The identifier in CONNECT, or the one that a CONNACK of the script assigned; null before CONNECT. */
        public readonly ?string $clientId;
        /** Whatever the script keeps here. */
        public mixed $data = null;

        private function __construct() {}

        /**
         * Sends packets in this order, in the version of CONNECT, all of them or none. A CONNACK that refuses and a
         * DISCONNECT close the connection; MQTT 3 has no DISCONNECT from a server, so there it only closes.
         *
         * @return bool false when the connection has ended
         * @throws \ValueError when a packet cannot be written, or is larger than the client accepts
         */
        public function send(Packet ...$packets): bool {}

        /**
         * Closes the connection when what was sent is out. Does nothing after its end.
         *
         * @param Packet|null $last sent before: a DISCONNECT, or a CONNACK that refuses
         * @throws \ValueError as in send()
         */
        public function close(?Packet $last = null): void {}

        /** Whether something sent at this moment is put on its way. */
        public function isConnected(): bool {}
    }

}

namespace Mqtt\Server {

    use Mqtt\Message;
    use Mqtt\Properties;
    use Mqtt\ReasonCode;
    use Mqtt\Subscription;
    use Mqtt\Version;
    use Mqtt\Will;

    /**
     * An object whose methods are hooks. It has one or more of onConnect, onAuthenticate, onSubscribe, onUnsubscribe,
     * onPublish, onDeliver, onDisconnect, onSessionCreated, onSessionEnded and onPing, public, each as the method of this
     * name of Server describes its callable. PHP is not asked for those that it does not have.
     */
    interface Handler
    {
    }

    /**
     * Where an exchange of extended authentication stands.
     */
    enum AuthenticateStep
    {
        /** CONNECT named the method. */
        case Begin;
        /** The client has answered. */
        case Continue;
        /** A client that is connected authenticates anew. */
        case ReAuthenticate;
    }

    /**
     * Who ended a connection.
     */
    enum DisconnectCause
    {
        /** The client, with DISCONNECT. */
        case Client;
        /** Nobody: the connection broke, or was closed without DISCONNECT. */
        case Network;
        /** The server. */
        case Server;
    }

    /**
     * A client wants in.
     *
     * @strict-properties
     * @not-serializable
     */
    final class ConnectRequest
    {
        /** The one that the server chose where the client left it empty. */
        public readonly string $clientId;
        public readonly ?string $username;
        /** Any bytes. */
        public readonly ?string $password;
        public readonly Version $version;
        public readonly bool $cleanStart;
        /** Seconds; 0 is off. */
        public readonly int $keepAlive;
        /** It is judged here: when it is published, nobody is asked. */
        public readonly ?Will $will;
        public readonly Properties $properties;
        /** Address and port; null on a Unix socket. */
        public readonly ?string $remoteAddress;
        /** Subject of the client's certificate, where TLS verified one. */
        public readonly ?string $certificateSubject;
        /** Its common name. */
        public readonly ?string $certificateCommonName;

        private function __construct() {}
    }

    /**
     * A step of extended authentication.
     *
     * @strict-properties
     * @not-serializable
     */
    final class AuthenticateRequest
    {
        public readonly string $clientId;
        public readonly ?string $username;
        public readonly ?string $remoteAddress;
        /** Number of the connection, the same in every step. */
        public readonly int $connection;
        public readonly AuthenticateStep $step;
        /** Name of the method. */
        public readonly string $method;
        /** Any bytes. */
        public readonly ?string $data;

        private function __construct() {}
    }

    /**
     * A client subscribes.
     *
     * @strict-properties
     * @not-serializable
     */
    final class SubscribeRequest
    {
        public readonly string $clientId;
        public readonly ?string $username;
        public readonly Version $version;
        public readonly ?string $remoteAddress;
        /** @var list<Subscription> */
        public readonly array $subscriptions;
        public readonly Properties $properties;

        private function __construct() {}
    }

    /**
     * A client unsubscribes.
     *
     * @strict-properties
     * @not-serializable
     */
    final class UnsubscribeRequest
    {
        public readonly string $clientId;
        public readonly ?string $username;
        public readonly Version $version;
        public readonly ?string $remoteAddress;
        /** @var list<string> */
        public readonly array $filters;
        public readonly Properties $properties;

        private function __construct() {}
    }

    /**
     * A client publishes.
     *
     * @strict-properties
     * @not-serializable
     */
    final class PublishRequest
    {
        public readonly string $clientId;
        public readonly ?string $username;
        public readonly Version $version;
        public readonly ?string $remoteAddress;
        public readonly Message $message;

        private function __construct() {}
    }

    /**
     * A message is about to go to a client. Its message has the QoS and the retain flag of that client's subscription.
     *
     * @strict-properties
     * @not-serializable
     */
    final class DeliverRequest
    {
        public readonly string $clientId;
        public readonly ?string $username;
        public readonly Version $version;
        public readonly ?string $remoteAddress;
        public readonly Message $message;

        private function __construct() {}
    }

    /**
     * A client sent PINGREQ.
     *
     * @strict-properties
     * @not-serializable
     */
    final class PingNotice
    {
        public readonly string $clientId;
        public readonly ?string $username;
        public readonly Version $version;
        public readonly ?string $remoteAddress;

        private function __construct() {}
    }

    /**
     * A connection is over.
     *
     * @strict-properties
     * @not-serializable
     */
    final class DisconnectNotice
    {
        public readonly string $clientId;
        public readonly ?string $username;
        public readonly Version $version;
        public readonly ?string $remoteAddress;
        public readonly DisconnectCause $cause;
        /** What client or server gave as the reason; null where nobody did. */
        public readonly ?ReasonCode $reasonCode;

        private function __construct() {}
    }

    /**
     * A session began or ended.
     *
     * @strict-properties
     * @not-serializable
     */
    final class SessionNotice
    {
        public readonly string $clientId;

        private function __construct() {}
    }

    /**
     * A session, as it was when asked.
     *
     * @strict-properties
     * @not-serializable
     */
    final class ClientInfo
    {
        public readonly string $clientId;
        public readonly ?string $username;
        public readonly Version $version;
        public readonly ?string $remoteAddress;
        public readonly bool $connected;
        /** When the connection was accepted, in seconds since the Unix epoch. */
        public readonly float $connectedAt;
        /** When a session without a connection ends, in seconds since the Unix epoch; null: never, or it is connected. */
        public readonly ?float $expiresAt;
        /** Seconds; 0 is off. */
        public readonly int $keepAlive;
        public readonly bool $cleanStart;
        /** Seconds that the session outlives the connection; 4294967295 is for ever. */
        public readonly int $sessionExpiryInterval;
        /** Number of subscriptions. */
        public readonly int $subscriptions;
        /** Messages sent and not acknowledged. */
        public readonly int $inFlight;
        /** Messages that wait. */
        public readonly int $queued;
        /** Bytes that they take. */
        public readonly int $queuedBytes;
        /** Messages that were dropped for it. */
        public readonly int $dropped;

        private function __construct() {}
    }

    /**
     * A subscription of a client.
     *
     * @strict-properties
     * @not-serializable
     */
    final class SubscriptionInfo
    {
        public readonly string $clientId;
        /** The QoS is the one granted. */
        public readonly Subscription $subscription;

        private function __construct() {}
    }

}

namespace Mqtt\Compat {

    /**
     * The codec behind the drop-ins for libraries whose packets are arrays: simps/mqtt, workerman/mqtt and the Simps
     * framework. Programs use those drop-ins; who writes a new program uses Mqtt\Codec.
     *
     * The keys of an array and their order are the library's (the dialect); what the bytes mean, and what is refused, is
     * Mqtt\Codec's. Numbers may be numeric strings, flags int or bool; topics that PHP made int keys of are topics again.
     * Properties are a flat array by name. A key that is no property of its packet is a user property; under the key
     * "user_property" stands a list of [name, value] pairs, for names that come twice or are those of properties. Decoding
     * gives the flat form, the last value of a name that comes twice, and pairs only for names that are those of
     * properties. Several subscription identifiers are a list of int.
     *
     * @strict-properties
     * @not-serializable
     */
    final class ArrayCodec
    {
        /**
         * @param string $dialect "simps" (keys type, message, user_name, keep_alive) or "workerman" (cmd, content, username, keepalive)
         * @param int $level protocol level: 3 is MQTT 3.1, 4 is 3.1.1, 5 is 5.0. CONNECT is read and written in the version that
         *     it names itself. At level 4 what only MQTT 3.1 allows is accepted too: DUP on SUBSCRIBE, UNSUBSCRIBE and PUBREL.
         * @throws \ValueError when there is no such dialect or level
         */
        public function __construct(string $dialect, int $level = 4) {}

        /**
         * The bytes of a packet. With MQTT 5, PUBACK and its relatives, DISCONNECT and AUTH are written with reason code and
         * property length always, as the libraries do. DUP is left out at QoS 0, where the specification forbids it.
         *
         * @param array<string, mixed> $packet
         * @throws \TypeError when a key is missing or of a wrong type
         * @throws \ValueError when a value cannot be written, or the type is none
         */
        public function encode(array $packet): string {}

        /**
         * The packet that the bytes begin with; bytes behind it are not looked at.
         *
         * @return array<string, mixed>
         * @throws \Mqtt\Exception\ProtocolException when they do not begin with a whole packet; "Property [0x7f] not exist" where a
         *     property is unknown or may not stand in this packet
         */
        public function decode(string $bytes): array {}

        /**
         * How many bytes the first packet of the buffer takes, fixed header included, which may be more than are there; 0
         * when its length is not known yet.
         *
         * @throws \Mqtt\Exception\ProtocolException when the length takes more than four bytes
         */
        public function length(string $buffer): int {}

        /**
         * The protocol level that a CONNECT names: 3, 4 or 5; brokers that connect as a bridge add 128.
         *
         * @throws \Mqtt\Exception\ProtocolException when the bytes are not the beginning of a CONNECT
         */
        public static function level(string $connectPacket): int {}

        /**
         * The bytes of a property list, property length in front.
         *
         * @param string $kind where they stand: "connect", "will", "connack", "publish", "ack" (PUBACK, PUBREC, PUBREL, PUBCOMP,
         *     SUBACK, UNSUBACK), "subscribe", "unsubscribe", "disconnect" or "auth"
         * @param array<int|string, mixed> $properties
         * @throws \TypeError when a value is of a wrong type
         * @throws \ValueError when a value cannot be written, or there is no such kind
         */
        public static function encodeProperties(string $kind, array $properties): string {}

        /**
         * The properties in these bytes, which do not begin with the property length.
         *
         * @param string $kind as in encodeProperties()
         * @return array<int|string, mixed>
         * @throws \Mqtt\Exception\ProtocolException as in decode()
         * @throws \ValueError when there is no such kind
         */
        public static function decodeProperties(string $kind, string $bytes): array {}
    }

    /**
     * For drop-ins whose packets are objects of classes written in PHP (mqtt/compat-binsoul-net-mqtt): reads and writes
     * packets of MQTT 3.1 and 3.1.1 straight from and into the properties. It takes packets that are ordinary in every
     * way; where one is not, it says so and leaves everything as it was, for the drop-in to do in PHP.
     */
    final class ObjectCodec
    {
        private function __construct() {}

        /**
         * Learns from one object where all objects of its class, but not those of subclasses, have their properties.
         * That holds until the end of the request, or until the same type is learnt again.
         *
         * Properties that are needed: for a stream, data and position; for every packet, packetFlags and
         * remainingPacketLength; for CONNECT protocolLevel, flags, keepAlive, clientID, willTopic, willMessage, username
         * and password; for CONNACK flags and returnCode; for PUBLISH identifier, topic and payload; for SUBSCRIBE
         * identifier, filters and qosLevels; for SUBACK identifier and returnCodes; for UNSUBSCRIBE identifier and filters;
         * for other acknowledgements identifier.
         *
         * @param int $type a packet type from 1 to 14, or 0 for the stream
         * @return bool false where a property is missing, or cannot hold what a packet may bring
         */
        public static function learn(int $type, object $sample): bool {}

        /**
         * The bytes of a packet, which is told its remaining length; null where PHP has to write it.
         */
        public static function encode(object $packet): ?string {}

        /**
         * Fills a packet with the bytes at the stream's position and moves the position behind them. false where PHP has
         * to read it; then nothing has changed.
         *
         * @phpstan-impure
         */
        public static function read(object $packet, object $stream): bool {}

        /**
         * Appends bytes to a stream and takes all ordinary packets from its position on. Bytes that were read are cut off.
         *
         * @param bool|null $stopped set to true where PHP has to read what comes next, to false where more bytes are needed
         * @return list<object>
         * @throws \Error when nothing was learnt about streams like this
         */
        public static function decode(object $stream, string $bytes, ?bool &$stopped): array {}
    }

}
