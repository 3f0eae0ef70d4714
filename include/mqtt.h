/*
 * MQTT 3.1, 3.1.1 and 5.0 for C and C++: codec, topics, client, broker. Link with libmqttcore.
 *
 * Generated from src/capi by script/header. Do not edit.
 *
 * Rules for every function, unless its comment says otherwise:
 *
 *  - Objects are opaque. A *_new function gives one to the caller, and only the *_free function of that type ends it.
 *    A pointer that was freed must not be used again; *_free(NULL) does nothing.
 *  - const char * is UTF-8 and ends with NUL. const uint8_t * with a length is any bytes; NULL is allowed with length 0.
 *    What is passed in is copied, or not needed after the call.
 *  - An mqtt_slice that comes out is a view: it is not followed by NUL, and its comment says how long it lives. Print
 *    text with printf("%.*s", (int)slice.length, (const char *)slice.data).
 *  - NULL where an object or a place for a result is needed gives MQTT_RESULT_NULL_PARAMETER and changes nothing.
 *  - MQTT_RESULT_OK is success, MQTT_RESULT_NOTHING is no failure; for the others mqtt_last_error_message says, in the
 *    same thread, what went wrong, with whom, and what to do.
 *  - Times are milliseconds. A timeout below 0 waits without end, 0 only looks.
 *  - A client and a broker may be used by several threads at once. Every other object is for one thread at a time.
 *  - No function throws, calls exit, or lets a panic out: a bug inside becomes MQTT_RESULT_PANIC.
 *  - After fork() clients and brokers belong to the parent: in the child their functions answer MQTT_RESULT_FORKED (or 0,
 *    NULL, false), and their *_free functions do no harm. A child makes its own.
 *  - Call MQTT_ABI_CHECK() once, before anything else.
 */


#ifndef MQTT_H
#define MQTT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a client is told when it is made. */
typedef struct mqtt_options mqtt_options;
/* A message that arrived. */
typedef struct mqtt_message mqtt_message;
/* Something that a client has to tell. */
typedef struct mqtt_event mqtt_event;
/* One packet of any of the fifteen types. */
typedef struct mqtt_packet mqtt_packet;
/* A list of MQTT 5 properties. */
typedef struct mqtt_properties mqtt_properties;
/* Bytes in, packets out. */
typedef struct mqtt_decoder mqtt_decoder;


/**
 * The number of this ABI. It grows when a function is added, and its hundreds grow when one changes or goes.
 */
#define MQTT_ABI_VERSION 102

/**
 * What a function did. The numbers stay as they are; new ones may be added.
 */
enum mqtt_result
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * Done.
     */
    MQTT_RESULT_OK = 0,
    /**
     * Nothing went wrong, but there is nothing to give: no packet yet, no message in time, no such field here.
     */
    MQTT_RESULT_NOTHING = 1,
    /**
     * A pointer that must not be NULL was.
     */
    MQTT_RESULT_NULL_PARAMETER = 100,
    /**
     * The library has a bug and caught it. Free the objects of this call; please report the text.
     */
    MQTT_RESULT_PANIC = 101,
    /**
     * An argument that could not be accepted by any peer; the text says which.
     */
    MQTT_RESULT_INVALID_ARGUMENT = 102,
    /**
     * The buffer is too small; the size that is needed was stored.
     */
    MQTT_RESULT_BUFFER_TOO_SMALL = 103,
    /**
     * Header and library do not belong together; the text says which is older.
     */
    MQTT_RESULT_ABI = 104,
    /**
     * The bytes of the peer are no packet. Close the connection.
     */
    MQTT_RESULT_MALFORMED = 110,
    /**
     * The peer sent a packet that may not stand there or say this. Close the connection.
     */
    MQTT_RESULT_PROTOCOL = 111,
    /**
     * The packet cannot be written: a field is too long or not allowed, or the version has no such packet.
     */
    MQTT_RESULT_UNENCODABLE = 112,
    /**
     * The server refused the connection; mqtt_last_reason_code says why.
     */
    MQTT_RESULT_CONNECT_REFUSED = 120,
    /**
     * Name resolution, TCP, TLS or WebSocket failed.
     */
    MQTT_RESULT_TRANSPORT = 121,
    /**
     * The time was over. What was begun goes on.
     */
    MQTT_RESULT_TIMEOUT = 122,
    /**
     * There is no connection and none will be made.
     */
    MQTT_RESULT_CLOSED = 123,
    /**
     * The server refused a publish, subscribe or unsubscribe; mqtt_last_reason_code says why.
     */
    MQTT_RESULT_REFUSED = 124,
    /**
     * The queue of outgoing messages is full.
     */
    MQTT_RESULT_QUEUE_FULL = 125,
    /**
     * The client was made before fork() and belongs to the parent process.
     */
    MQTT_RESULT_FORKED = 126,
    /**
     * The waiting was interrupted.
     */
    MQTT_RESULT_INTERRUPTED = 127,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mqtt_result mqtt_result;
#else
typedef uint32_t mqtt_result;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Packet types (section 2.1.2).
 */
enum mqtt_packet_type
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * CONNECT.
     */
    MQTT_PACKET_TYPE_CONNECT = 1,
    /**
     * CONNACK.
     */
    MQTT_PACKET_TYPE_CONNACK = 2,
    /**
     * PUBLISH.
     */
    MQTT_PACKET_TYPE_PUBLISH = 3,
    /**
     * PUBACK.
     */
    MQTT_PACKET_TYPE_PUBACK = 4,
    /**
     * PUBREC.
     */
    MQTT_PACKET_TYPE_PUBREC = 5,
    /**
     * PUBREL.
     */
    MQTT_PACKET_TYPE_PUBREL = 6,
    /**
     * PUBCOMP.
     */
    MQTT_PACKET_TYPE_PUBCOMP = 7,
    /**
     * SUBSCRIBE.
     */
    MQTT_PACKET_TYPE_SUBSCRIBE = 8,
    /**
     * SUBACK.
     */
    MQTT_PACKET_TYPE_SUBACK = 9,
    /**
     * UNSUBSCRIBE.
     */
    MQTT_PACKET_TYPE_UNSUBSCRIBE = 10,
    /**
     * UNSUBACK.
     */
    MQTT_PACKET_TYPE_UNSUBACK = 11,
    /**
     * PINGREQ.
     */
    MQTT_PACKET_TYPE_PINGREQ = 12,
    /**
     * PINGRESP.
     */
    MQTT_PACKET_TYPE_PINGRESP = 13,
    /**
     * DISCONNECT.
     */
    MQTT_PACKET_TYPE_DISCONNECT = 14,
    /**
     * AUTH.
     */
    MQTT_PACKET_TYPE_AUTH = 15,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mqtt_packet_type mqtt_packet_type;
#else
typedef uint8_t mqtt_packet_type;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Reason codes of MQTT 5 (section 2.4). MQTT 3 return codes are mapped to them. From 0x80 on they are failures.
 */
enum mqtt_reason
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * Success.
     */
    MQTT_REASON_SUCCESS = 0,
    /**
     * Granted QoS 1.
     */
    MQTT_REASON_GRANTED_QOS1 = 1,
    /**
     * Granted QoS 2.
     */
    MQTT_REASON_GRANTED_QOS2 = 2,
    /**
     * Disconnect with will message.
     */
    MQTT_REASON_DISCONNECT_WITH_WILL = 4,
    /**
     * No matching subscribers.
     */
    MQTT_REASON_NO_MATCHING_SUBSCRIBERS = 16,
    /**
     * No subscription existed.
     */
    MQTT_REASON_NO_SUBSCRIPTION_EXISTED = 17,
    /**
     * Continue authentication.
     */
    MQTT_REASON_CONTINUE_AUTHENTICATION = 24,
    /**
     * Re-authenticate.
     */
    MQTT_REASON_RE_AUTHENTICATE = 25,
    /**
     * Unspecified error.
     */
    MQTT_REASON_UNSPECIFIED_ERROR = 128,
    /**
     * Malformed packet.
     */
    MQTT_REASON_MALFORMED_PACKET = 129,
    /**
     * Protocol error.
     */
    MQTT_REASON_PROTOCOL_ERROR = 130,
    /**
     * Implementation specific error.
     */
    MQTT_REASON_IMPLEMENTATION_SPECIFIC_ERROR = 131,
    /**
     * Unsupported protocol version.
     */
    MQTT_REASON_UNSUPPORTED_PROTOCOL_VERSION = 132,
    /**
     * Client identifier not valid.
     */
    MQTT_REASON_CLIENT_IDENTIFIER_NOT_VALID = 133,
    /**
     * Bad user name or password.
     */
    MQTT_REASON_BAD_USER_NAME_OR_PASSWORD = 134,
    /**
     * Not authorized.
     */
    MQTT_REASON_NOT_AUTHORIZED = 135,
    /**
     * Server unavailable.
     */
    MQTT_REASON_SERVER_UNAVAILABLE = 136,
    /**
     * Server busy.
     */
    MQTT_REASON_SERVER_BUSY = 137,
    /**
     * Banned.
     */
    MQTT_REASON_BANNED = 138,
    /**
     * Server shutting down.
     */
    MQTT_REASON_SERVER_SHUTTING_DOWN = 139,
    /**
     * Bad authentication method.
     */
    MQTT_REASON_BAD_AUTHENTICATION_METHOD = 140,
    /**
     * Keep alive timeout.
     */
    MQTT_REASON_KEEP_ALIVE_TIMEOUT = 141,
    /**
     * Session taken over.
     */
    MQTT_REASON_SESSION_TAKEN_OVER = 142,
    /**
     * Topic filter invalid.
     */
    MQTT_REASON_TOPIC_FILTER_INVALID = 143,
    /**
     * Topic name invalid.
     */
    MQTT_REASON_TOPIC_NAME_INVALID = 144,
    /**
     * Packet identifier in use.
     */
    MQTT_REASON_PACKET_IDENTIFIER_IN_USE = 145,
    /**
     * Packet identifier not found.
     */
    MQTT_REASON_PACKET_IDENTIFIER_NOT_FOUND = 146,
    /**
     * Receive maximum exceeded.
     */
    MQTT_REASON_RECEIVE_MAXIMUM_EXCEEDED = 147,
    /**
     * Topic alias invalid.
     */
    MQTT_REASON_TOPIC_ALIAS_INVALID = 148,
    /**
     * Packet too large.
     */
    MQTT_REASON_PACKET_TOO_LARGE = 149,
    /**
     * Message rate too high.
     */
    MQTT_REASON_MESSAGE_RATE_TOO_HIGH = 150,
    /**
     * Quota exceeded.
     */
    MQTT_REASON_QUOTA_EXCEEDED = 151,
    /**
     * Administrative action.
     */
    MQTT_REASON_ADMINISTRATIVE_ACTION = 152,
    /**
     * Payload format invalid.
     */
    MQTT_REASON_PAYLOAD_FORMAT_INVALID = 153,
    /**
     * Retain not supported.
     */
    MQTT_REASON_RETAIN_NOT_SUPPORTED = 154,
    /**
     * QoS not supported.
     */
    MQTT_REASON_QOS_NOT_SUPPORTED = 155,
    /**
     * Use another server.
     */
    MQTT_REASON_USE_ANOTHER_SERVER = 156,
    /**
     * Server moved.
     */
    MQTT_REASON_SERVER_MOVED = 157,
    /**
     * Shared subscriptions not supported.
     */
    MQTT_REASON_SHARED_SUBSCRIPTIONS_NOT_SUPPORTED = 158,
    /**
     * Connection rate exceeded.
     */
    MQTT_REASON_CONNECTION_RATE_EXCEEDED = 159,
    /**
     * Maximum connect time.
     */
    MQTT_REASON_MAXIMUM_CONNECT_TIME = 160,
    /**
     * Subscription identifiers not supported.
     */
    MQTT_REASON_SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED = 161,
    /**
     * Wildcard subscriptions not supported.
     */
    MQTT_REASON_WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED = 162,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mqtt_reason mqtt_reason;
#else
typedef uint8_t mqtt_reason;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Properties of MQTT 5 (section 2.2.2.2), with what each one holds.
 */
enum mqtt_property
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * Number. 1: the payload is UTF-8 text; 0: unspecified bytes.
     */
    MQTT_PROPERTY_PAYLOAD_FORMAT_INDICATOR = 1,
    /**
     * Number. Lifetime of the message in seconds.
     */
    MQTT_PROPERTY_MESSAGE_EXPIRY_INTERVAL = 2,
    /**
     * Text. What the payload is, a MIME type by custom.
     */
    MQTT_PROPERTY_CONTENT_TYPE = 3,
    /**
     * Text. Topic name for the answer.
     */
    MQTT_PROPERTY_RESPONSE_TOPIC = 8,
    /**
     * Bytes. Bytes that the answer repeats.
     */
    MQTT_PROPERTY_CORRELATION_DATA = 9,
    /**
     * Number. 1 to 268 435 455; in PUBLISH one for each subscription that matched.
     */
    MQTT_PROPERTY_SUBSCRIPTION_IDENTIFIER = 11,
    /**
     * Number. Seconds that the session outlives the connection.
     */
    MQTT_PROPERTY_SESSION_EXPIRY_INTERVAL = 17,
    /**
     * Text. The client identifier that the server chose.
     */
    MQTT_PROPERTY_ASSIGNED_CLIENT_IDENTIFIER = 18,
    /**
     * Number. Seconds; replaces the client's keep-alive.
     */
    MQTT_PROPERTY_SERVER_KEEP_ALIVE = 19,
    /**
     * Text. Name of the extended authentication method.
     */
    MQTT_PROPERTY_AUTHENTICATION_METHOD = 21,
    /**
     * Bytes. Its data.
     */
    MQTT_PROPERTY_AUTHENTICATION_DATA = 22,
    /**
     * Number. 0: send no reason strings and user properties except in PUBLISH, CONNACK and DISCONNECT.
     */
    MQTT_PROPERTY_REQUEST_PROBLEM_INFORMATION = 23,
    /**
     * Number. Seconds between the end of the connection and the will.
     */
    MQTT_PROPERTY_WILL_DELAY_INTERVAL = 24,
    /**
     * Number. 1: send response information in CONNACK.
     */
    MQTT_PROPERTY_REQUEST_RESPONSE_INFORMATION = 25,
    /**
     * Text. Basis for response topics.
     */
    MQTT_PROPERTY_RESPONSE_INFORMATION = 26,
    /**
     * Text. Another server to use.
     */
    MQTT_PROPERTY_SERVER_REFERENCE = 28,
    /**
     * Text. Text for people that explains the reason code.
     */
    MQTT_PROPERTY_REASON_STRING = 31,
    /**
     * Number. QoS 1 and 2 publishes in flight that the sender of this takes; never 0.
     */
    MQTT_PROPERTY_RECEIVE_MAXIMUM = 33,
    /**
     * Number. Highest topic alias that the sender of this accepts.
     */
    MQTT_PROPERTY_TOPIC_ALIAS_MAXIMUM = 34,
    /**
     * Number. Number that stands for the topic; never 0.
     */
    MQTT_PROPERTY_TOPIC_ALIAS = 35,
    /**
     * Number. 0 or 1: the highest QoS the server supports.
     */
    MQTT_PROPERTY_MAXIMUM_QOS = 36,
    /**
     * Number. 0: the server keeps no retained messages.
     */
    MQTT_PROPERTY_RETAIN_AVAILABLE = 37,
    /**
     * Name and value. Name and value; may repeat, order is kept.
     */
    MQTT_PROPERTY_USER_PROPERTY = 38,
    /**
     * Number. Largest packet that the sender of this accepts, in bytes; never 0.
     */
    MQTT_PROPERTY_MAXIMUM_PACKET_SIZE = 39,
    /**
     * Number. 0: the server refuses wildcards.
     */
    MQTT_PROPERTY_WILDCARD_SUBSCRIPTION_AVAILABLE = 40,
    /**
     * Number. 0: the server refuses subscription identifiers.
     */
    MQTT_PROPERTY_SUBSCRIPTION_IDENTIFIER_AVAILABLE = 41,
    /**
     * Number. 0: the server refuses shared subscriptions.
     */
    MQTT_PROPERTY_SHARED_SUBSCRIPTION_AVAILABLE = 42,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mqtt_property mqtt_property;
#else
typedef uint8_t mqtt_property;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Fields of packets. The comment says what the field holds and which packets have it.
 */
enum mqtt_field
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * Number, 1 to 65535: PUBLISH at QoS 1 and 2, PUBACK, PUBREC, PUBREL, PUBCOMP, SUBSCRIBE, SUBACK, UNSUBSCRIBE, UNSUBACK.
     */
    MQTT_FIELD_PACKET_ID = 1,
    /**
     * Number, 0 to 2: PUBLISH.
     */
    MQTT_FIELD_QOS = 2,
    /**
     * Number, 0 or 1: PUBLISH.
     */
    MQTT_FIELD_RETAIN = 3,
    /**
     * Number, 0 or 1: PUBLISH.
     */
    MQTT_FIELD_DUP = 4,
    /**
     * Number (mqtt_reason): CONNACK, PUBACK, PUBREC, PUBREL, PUBCOMP, DISCONNECT, AUTH.
     */
    MQTT_FIELD_REASON = 5,
    /**
     * Number, 0 or 1: CONNACK.
     */
    MQTT_FIELD_SESSION_PRESENT = 6,
    /**
     * Number of seconds, 0 to 65535: CONNECT.
     */
    MQTT_FIELD_KEEP_ALIVE = 7,
    /**
     * Number, 0 or 1: CONNECT.
     */
    MQTT_FIELD_CLEAN_START = 8,
    /**
     * Number, 3, 4 or 5: CONNECT. The version that is encoded for goes before it.
     */
    MQTT_FIELD_VERSION = 9,
    /**
     * Number, 0 to 2: CONNECT with a will.
     */
    MQTT_FIELD_WILL_QOS = 10,
    /**
     * Number, 0 or 1: CONNECT with a will.
     */
    MQTT_FIELD_WILL_RETAIN = 11,
    /**
     * Text: PUBLISH.
     */
    MQTT_FIELD_TOPIC = 100,
    /**
     * Bytes: PUBLISH.
     */
    MQTT_FIELD_PAYLOAD = 101,
    /**
     * Text: CONNECT.
     */
    MQTT_FIELD_CLIENT_ID = 102,
    /**
     * Text, may be absent: CONNECT.
     */
    MQTT_FIELD_USER_NAME = 103,
    /**
     * Bytes, may be absent: CONNECT.
     */
    MQTT_FIELD_PASSWORD = 104,
    /**
     * Text: CONNECT with a will.
     */
    MQTT_FIELD_WILL_TOPIC = 105,
    /**
     * Bytes: CONNECT with a will.
     */
    MQTT_FIELD_WILL_PAYLOAD = 106,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mqtt_field mqtt_field;
#else
typedef uint32_t mqtt_field;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Which end wrote the bytes of a decoder.
 */
enum mqtt_sender
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * Not known: rules that bind one end only are not checked.
     */
    MQTT_SENDER_UNKNOWN = 0,
    /**
     * The end that sends CONNECT.
     */
    MQTT_SENDER_CLIENT = 1,
    /**
     * The end that answers it.
     */
    MQTT_SENDER_SERVER = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mqtt_sender mqtt_sender;
#else
typedef uint8_t mqtt_sender;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Kinds of events. More may come: ignore what you do not know.
 */
enum mqtt_event_kind
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * Not an event.
     */
    MQTT_EVENT_KIND_NONE = 0,
    /**
     * A connection stands. Has a reason and properties; mqtt_event_resumed tells whether the session was kept.
     */
    MQTT_EVENT_KIND_CONNECTED = 1,
    /**
     * A connection ended, or could not be made. Has a text, mqtt_event_retry_after, and reason and properties where the
     * server said why.
     */
    MQTT_EVENT_KIND_DISCONNECTED = 2,
    /**
     * A message arrived: mqtt_event_message.
     */
    MQTT_EVENT_KIND_MESSAGE = 3,
    /**
     * A publish is done. Has a token and a reason. Only after mqtt_client_set_completion_events.
     */
    MQTT_EVENT_KIND_COMPLETED = 4,
    /**
     * A subscribe was answered. Has a token, reasons and properties.
     */
    MQTT_EVENT_KIND_SUBSCRIBED = 5,
    /**
     * An unsubscribe was answered. Has a token, reasons (none in MQTT 3) and properties.
     */
    MQTT_EVENT_KIND_UNSUBSCRIBED = 6,
    /**
     * Something an operator may want to know. Has a text. Only after mqtt_client_set_log_events.
     */
    MQTT_EVENT_KIND_LOG = 7,
    /**
     * A step of extended authentication (MQTT 5). Has a reason and properties; answer with mqtt_client_auth.
     */
    MQTT_EVENT_KIND_AUTH = 8,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mqtt_event_kind mqtt_event_kind;
#else
typedef uint32_t mqtt_event_kind;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What to do when the queue of outgoing messages is full.
 */
enum mqtt_when_full
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * mqtt_client_publish waits until there is room.
     */
    MQTT_WHEN_FULL_BLOCK = 0,
    /**
     * The oldest message that has not been sent gives way.
     */
    MQTT_WHEN_FULL_DROP_OLDEST = 1,
    /**
     * mqtt_client_publish answers MQTT_RESULT_QUEUE_FULL.
     */
    MQTT_WHEN_FULL_REFUSE = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mqtt_when_full mqtt_when_full;
#else
typedef uint8_t mqtt_when_full;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Counters since the client was made, and what there is at the moment.
 */
enum mqtt_stat
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * Bytes sent.
     */
    MQTT_STAT_BYTES_SENT = 1,
    /**
     * Bytes received.
     */
    MQTT_STAT_BYTES_RECEIVED = 2,
    /**
     * Messages handed over.
     */
    MQTT_STAT_MESSAGES_SENT = 3,
    /**
     * Messages received.
     */
    MQTT_STAT_MESSAGES_RECEIVED = 4,
    /**
     * Messages of QoS 1 and 2 that were acknowledged.
     */
    MQTT_STAT_MESSAGES_ACKNOWLEDGED = 5,
    /**
     * Messages dropped because the queue was full or they had expired.
     */
    MQTT_STAT_MESSAGES_DROPPED = 6,
    /**
     * Connections that stood.
     */
    MQTT_STAT_CONNECTIONS = 7,
    /**
     * Messages sent and not acknowledged at the moment.
     */
    MQTT_STAT_IN_FLIGHT = 8,
    /**
     * Messages that wait for a connection or for acknowledgements at the moment.
     */
    MQTT_STAT_QUEUED = 9,
    /**
     * Messages received that nobody has taken at the moment.
     */
    MQTT_STAT_RECEIVE_QUEUE = 10,
    /**
     * Connections that stood, after the first.
     */
    MQTT_STAT_RECONNECTS = 11,
    /**
     * Filters subscribed again because the server had lost the session.
     */
    MQTT_STAT_RESUBSCRIBED = 12,
    /**
     * Messages sent again as new because the server had lost the session.
     */
    MQTT_STAT_REPUBLISHED = 13,
    /**
     * Events given up because nobody took them (log lines and completions only, never messages).
     */
    MQTT_STAT_EVENTS_DROPPED = 14,
    /**
     * Bytes of the messages that wait to be sent at the moment.
     */
    MQTT_STAT_QUEUED_BYTES = 15,
    /**
     * Bytes of the messages received that nobody has taken at the moment.
     */
    MQTT_STAT_RECEIVE_QUEUE_BYTES = 16,
    /**
     * Last measured time between a ping or publish and its answer, in microseconds; 0 before the first.
     */
    MQTT_STAT_ROUND_TRIP_US = 17,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mqtt_stat mqtt_stat;
#else
typedef uint32_t mqtt_stat;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * How much a line of the log matters.
 */
enum mqtt_log_level
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * Something failed.
     */
    MQTT_LOG_LEVEL_ERROR = 1,
    /**
     * Something is wrong, and the broker went on.
     */
    MQTT_LOG_LEVEL_WARNING = 2,
    /**
     * Connections come and go.
     */
    MQTT_LOG_LEVEL_NOTICE = 4,
    /**
     * Start and stop.
     */
    MQTT_LOG_LEVEL_INFORMATION = 8,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mqtt_log_level mqtt_log_level;
#else
typedef uint32_t mqtt_log_level;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Who a question or notice is about, as text.
 */
enum mqtt_question_text_id
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * The client identifier; "" where CONNECT leaves it to the broker.
     */
    MQTT_QUESTION_TEXT_ID_CLIENT_ID = 1,
    /**
     * The user name: that of CONNECT, or what a hook put in its place.
     */
    MQTT_QUESTION_TEXT_ID_USER_NAME = 2,
    /**
     * Address and port of the other end; absent on a Unix socket.
     */
    MQTT_QUESTION_TEXT_ID_ADDRESS = 3,
    /**
     * Subject of the client certificate in RFC 2253 form, where TLS verified one.
     */
    MQTT_QUESTION_TEXT_ID_CERTIFICATE_SUBJECT = 4,
    /**
     * Its common name.
     */
    MQTT_QUESTION_TEXT_ID_CERTIFICATE_COMMON_NAME = 5,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mqtt_question_text_id mqtt_question_text_id;
#else
typedef uint32_t mqtt_question_text_id;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * The same, as numbers.
 */
enum mqtt_question_number_id
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * 3, 4 or 5; absent in notices about sessions.
     */
    MQTT_QUESTION_NUMBER_ID_VERSION = 1,
    /**
     * Index of the listener among the options `listen`.
     */
    MQTT_QUESTION_NUMBER_ID_LISTENER = 2,
    /**
     * Number of the connection, in on_authenticate: the same in all steps of one exchange.
     */
    MQTT_QUESTION_NUMBER_ID_CONNECTION = 3,
    /**
     * Who ended the connection, in on_disconnect: 1 the client with DISCONNECT, 2 the network, 3 the broker.
     */
    MQTT_QUESTION_NUMBER_ID_ENDED_BY = 4,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mqtt_question_number_id mqtt_question_number_id;
#else
typedef uint32_t mqtt_question_number_id;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Texts about a session.
 */
enum mqtt_client_text_id
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * The client identifier.
     */
    MQTT_CLIENT_TEXT_ID_CLIENT_ID = 1,
    /**
     * The user name; may be absent.
     */
    MQTT_CLIENT_TEXT_ID_USER_NAME = 2,
    /**
     * Address and port; absent on a Unix socket.
     */
    MQTT_CLIENT_TEXT_ID_ADDRESS = 3,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mqtt_client_text_id mqtt_client_text_id;
#else
typedef uint32_t mqtt_client_text_id;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Numbers about a session.
 */
enum mqtt_client_number_id
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * 1 while it has a connection, else 0.
     */
    MQTT_CLIENT_NUMBER_ID_CONNECTED = 1,
    /**
     * 3, 4 or 5.
     */
    MQTT_CLIENT_NUMBER_ID_VERSION = 2,
    /**
     * When the connection was accepted, in milliseconds since the Unix epoch.
     */
    MQTT_CLIENT_NUMBER_ID_CONNECTED_AT = 3,
    /**
     * Seconds; 0 is off.
     */
    MQTT_CLIENT_NUMBER_ID_KEEP_ALIVE = 4,
    /**
     * 1 where the session began with this connection.
     */
    MQTT_CLIENT_NUMBER_ID_CLEAN_START = 5,
    /**
     * Seconds that the session outlives the connection; UINT32_MAX is for ever.
     */
    MQTT_CLIENT_NUMBER_ID_SESSION_EXPIRY = 6,
    /**
     * Subscriptions.
     */
    MQTT_CLIENT_NUMBER_ID_SUBSCRIPTIONS = 7,
    /**
     * Messages sent and not acknowledged.
     */
    MQTT_CLIENT_NUMBER_ID_IN_FLIGHT = 8,
    /**
     * Messages that wait.
     */
    MQTT_CLIENT_NUMBER_ID_QUEUED = 9,
    /**
     * Bytes that they keep.
     */
    MQTT_CLIENT_NUMBER_ID_QUEUED_BYTES = 10,
    /**
     * Messages that were dropped for it.
     */
    MQTT_CLIENT_NUMBER_ID_DROPPED = 11,
    /**
     * Index of the listener.
     */
    MQTT_CLIENT_NUMBER_ID_LISTENER = 12,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mqtt_client_number_id mqtt_client_number_id;
#else
typedef uint32_t mqtt_client_number_id;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Counters of a broker since its start, and what there is at the moment.
 */
enum mqtt_broker_stat_id
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * Milliseconds since the start.
     */
    MQTT_BROKER_STAT_ID_UPTIME = 1,
    /**
     * Bytes received.
     */
    MQTT_BROKER_STAT_ID_BYTES_RECEIVED = 2,
    /**
     * Bytes sent.
     */
    MQTT_BROKER_STAT_ID_BYTES_SENT = 3,
    /**
     * PUBLISH packets that came in.
     */
    MQTT_BROKER_STAT_ID_MESSAGES_RECEIVED = 4,
    /**
     * PUBLISH packets that went out.
     */
    MQTT_BROKER_STAT_ID_MESSAGES_SENT = 5,
    /**
     * Messages dropped: queue full, expired, too large for the receiver.
     */
    MQTT_BROKER_STAT_ID_MESSAGES_DROPPED = 6,
    /**
     * Packets of any kind that came in.
     */
    MQTT_BROKER_STAT_ID_PACKETS_RECEIVED = 7,
    /**
     * Connections accepted.
     */
    MQTT_BROKER_STAT_ID_CONNECTIONS_ACCEPTED = 8,
    /**
     * Connections refused.
     */
    MQTT_BROKER_STAT_ID_CONNECTIONS_REFUSED = 9,
    /**
     * Connections at the moment.
     */
    MQTT_BROKER_STAT_ID_CONNECTIONS = 10,
    /**
     * Sessions with a connection.
     */
    MQTT_BROKER_STAT_ID_CLIENTS_CONNECTED = 11,
    /**
     * Sessions without.
     */
    MQTT_BROKER_STAT_ID_CLIENTS_AWAY = 12,
    /**
     * The most sessions with a connection at once.
     */
    MQTT_BROKER_STAT_ID_CLIENTS_MAXIMUM = 13,
    /**
     * Sessions that expired.
     */
    MQTT_BROKER_STAT_ID_SESSIONS_EXPIRED = 14,
    /**
     * Subscriptions.
     */
    MQTT_BROKER_STAT_ID_SUBSCRIPTIONS = 15,
    /**
     * Shared subscriptions.
     */
    MQTT_BROKER_STAT_ID_SHARED_SUBSCRIPTIONS = 16,
    /**
     * Retained messages.
     */
    MQTT_BROKER_STAT_ID_RETAINED_MESSAGES = 17,
    /**
     * Bytes that they keep.
     */
    MQTT_BROKER_STAT_ID_RETAINED_BYTES = 18,
    /**
     * Threads that serve connections.
     */
    MQTT_BROKER_STAT_ID_SHARDS = 19,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mqtt_broker_stat_id mqtt_broker_stat_id;
#else
typedef uint32_t mqtt_broker_stat_id;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Texts about a subscription.
 */
enum mqtt_subscription_text_id
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * Whose it is.
     */
    MQTT_SUBSCRIPTION_TEXT_ID_CLIENT_ID = 1,
    /**
     * The filter, `$share/group/` included.
     */
    MQTT_SUBSCRIPTION_TEXT_ID_FILTER = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mqtt_subscription_text_id mqtt_subscription_text_id;
#else
typedef uint32_t mqtt_subscription_text_id;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Numbers about a subscription.
 */
enum mqtt_subscription_number_id
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * The QoS that was granted.
     */
    MQTT_SUBSCRIPTION_NUMBER_ID_GRANTED_QOS = 1,
    /**
     * 1 where the client does not get what it publishes itself (MQTT 5).
     */
    MQTT_SUBSCRIPTION_NUMBER_ID_NO_LOCAL = 2,
    /**
     * 1 where the retain flag is passed on (MQTT 5).
     */
    MQTT_SUBSCRIPTION_NUMBER_ID_RETAIN_AS_PUBLISHED = 3,
    /**
     * The subscription identifier (MQTT 5); 0 is none.
     */
    MQTT_SUBSCRIPTION_NUMBER_ID_IDENTIFIER = 4,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mqtt_subscription_number_id mqtt_subscription_number_id;
#else
typedef uint32_t mqtt_subscription_number_id;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What a broker is started with.
 */
typedef struct mqtt_broker_config mqtt_broker_config;

/**
 * A running broker.
 */
typedef struct mqtt_broker mqtt_broker;

/**
 * A client: one connection to a server, kept alive, made again when it is lost.
 */
typedef struct mqtt_client mqtt_client;

/**
 * Sessions, as they were when asked for.
 */
typedef struct mqtt_client_list mqtt_client_list;

/**
 * What a broker asks a hook, until it is answered; or what it tells.
 */
typedef struct mqtt_question mqtt_question;

/**
 * Retained messages, as they were when asked for.
 */
typedef struct mqtt_retained_list mqtt_retained_list;

/**
 * Subscriptions, as they were when asked for.
 */
typedef struct mqtt_subscription_list mqtt_subscription_list;

/**
 * Bytes that belong to somebody else. They are not followed by NUL. `data` is never NULL in what the library gives,
 * and may be NULL in what it takes where `length` is 0.
 */
typedef struct {
    /**
     * The first byte.
     */
    const uint8_t *data;
    /**
     * How many there are.
     */
    size_t length;
} mqtt_slice;

/**
 * Called by mqtt_client_dispatch, on its thread, with no lock held: it may call any function with the client, except
 * mqtt_client_free. `event` lives until it returns. It must return: no longjmp, no exception.
 */
typedef void (*mqtt_callback)(void *user_data, const mqtt_client *client, const mqtt_event *event);

/**
 * Asked now and then by a call that waits: whether it is to stop waiting.
 */
typedef bool (*mqtt_interrupt)(void *user_data);

/**
 * Called with a question. It belongs to the hook, which answers it with exactly one of mqtt_question_proceed,
 * mqtt_question_accept, mqtt_question_refuse, mqtt_question_each, mqtt_question_replace and mqtt_question_continue: at
 * once, or later and from any thread. Its connection reads nothing more until then.
 */
typedef void (*mqtt_question_hook)(void *user_data, mqtt_question *question);

/**
 * Called with a notice. It belongs to the broker and ends when the hook returns: look at it, do not answer it.
 */
typedef void (*mqtt_notice_hook)(void *user_data, const mqtt_question *notice);

/**
 * Called with a line for the log: mqtt_log_level, and UTF-8 that ends with NUL and lives until the hook returns.
 */
typedef void (*mqtt_log_hook)(void *user_data, uint32_t level, const char *line);

/**
 * Called when nothing will use the user data any more.
 */
typedef void (*mqtt_release_hook)(void *user_data);

/**
 * What a broker asks and tells. Fill it with zeros, set `size` to sizeof(mqtt_hooks), and set what is wanted; NULL is
 * no hook, and costs nothing. Fields may be added at the end; a program that was built before goes on as it is.
 *
 * Hooks are called on the broker's threads, several at once, and must return soon: a hook that has to wait hands its
 * question to a thread of its own. A hook may publish; it must not call the functions of its broker that answer with
 * data or wait (mqtt_broker_clients, mqtt_broker_disconnect, mqtt_broker_stop, mqtt_broker_free): the first three answer
 * MQTT_RESULT_INVALID_ARGUMENT there. No hook may throw or longjmp.
 */
typedef struct {
    /**
     * sizeof(mqtt_hooks), as the program was compiled.
     */
    size_t size;
    /**
     * Passed to every hook, and never looked at.
     */
    void *user_data;
    /**
     * A client wants in: proceed (the option allow_anonymous decides), accept or refuse. The packet is CONNECT.
     */
    mqtt_question_hook on_connect;
    /**
     * A step of extended authentication (MQTT 5): continue, accept or refuse. The packet is AUTH with method and data.
     */
    mqtt_question_hook on_authenticate;
    /**
     * A client subscribes: proceed, each or refuse. The packet is SUBSCRIBE.
     */
    mqtt_question_hook on_subscribe;
    /**
     * A client unsubscribes: proceed, each or refuse. The packet is UNSUBSCRIBE.
     */
    mqtt_question_hook on_unsubscribe;
    /**
     * A client publishes: proceed, replace or refuse. The packet is PUBLISH; an alias has been resolved.
     */
    mqtt_question_hook on_publish;
    /**
     * A connection that had been accepted is over. The packet is DISCONNECT with the reason of whoever ended it.
     */
    mqtt_notice_hook on_disconnect;
    /**
     * A session began. There is no packet.
     */
    mqtt_notice_hook on_session_created;
    /**
     * A session ended. There is no packet.
     */
    mqtt_notice_hook on_session_ended;
    /**
     * A line for the log.
     */
    mqtt_log_hook on_log;
    /**
     * The broker has been freed, or could not be started: free the user data.
     */
    mqtt_release_hook released;
    /**
     * A message is about to go to a client, or into its queue while it is away; asked once for each receiver: proceed,
     * replace, or refuse, which keeps it from that client. The packet is PUBLISH as that client would get it. What comes
     * for the client meanwhile waits behind it, within the bounds of its queue.
     */
    mqtt_question_hook on_deliver;
    /**
     * A client sent PINGREQ, which has been answered. There is no packet.
     */
    mqtt_notice_hook on_ping;
} mqtt_hooks;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * The number of the ABI that the library was built with. mqtt_abi_check compares it.
 */
uint32_t mqtt_abi_version(void);

/**
 * Whether a program fits the library that it runs with: call it once as
 * `mqtt_abi_check(MQTT_ABI_VERSION, sizeof(mqtt_slice), sizeof(mqtt_hooks))`, or as the macro MQTT_ABI_CHECK(). A library
 * that is newer than the header is fine as long as the hundreds are the same.
 *
 * MQTT_RESULT_ABI where the library is older than the header, has other hundreds, or a structure has another size.
 */
mqtt_result mqtt_abi_check(uint32_t version,
                           size_t slice_size,
                           size_t hooks_size);

/**
 * The version of the library, such as "0.1.0". Lives as long as the program.
 */
const char *mqtt_library_version(void);

/**
 * Ends the thread that serves the clients of this process, waiting at most `timeout` milliseconds. Free every client
 * first. It is called by itself, with a second, when the program ends or the library is unloaded; a client that is made
 * afterwards starts another thread. MQTT_RESULT_TIMEOUT where the thread has not ended.
 */
mqtt_result mqtt_shutdown(uint32_t timeout);

/**
 * What went wrong in the last call of this thread that failed, as one UTF-8 sentence: what, with whom, why, what to do.
 * Empty where none failed yet. Never NULL. Valid until the next call of this thread that fails.
 */
const char *mqtt_last_error_message(void);

/**
 * The reason code (mqtt_reason) that belongs to the last call of this thread that failed: that of the server where it
 * gave one, or the one that the peer should be told. MQTT_REASON_SUCCESS where none failed yet.
 */
uint8_t mqtt_last_reason_code(void);

/**
 * The name of a result, such as "MQTT_RESULT_TIMEOUT"; "unknown" for other numbers. Lives as long as the program.
 */
const char *mqtt_result_name(uint32_t result);

/**
 * A new, empty list of properties. Free it with mqtt_properties_free. NULL only after a panic.
 */
mqtt_properties *mqtt_properties_new(void);

/**
 * Frees a list that mqtt_properties_new made; not one that belongs to a packet, message, event or to options. NULL
 * does nothing.
 */
void mqtt_properties_free(mqtt_properties *properties);

/**
 * Adds a property that holds a number (mqtt_property says which do) at the end of the list. A value that does not fit
 * is refused; whether the packet may carry the property is checked when it is encoded.
 */
mqtt_result mqtt_properties_add_number(mqtt_properties *properties,
                                       uint8_t id,
                                       uint32_t value);

/**
 * Adds a property that holds text or bytes at the end of the list. The bytes are copied. Text must be UTF-8.
 */
mqtt_result mqtt_properties_add_bytes(mqtt_properties *properties,
                                      uint8_t id,
                                      const uint8_t *value,
                                      size_t length);

/**
 * Adds a user property at the end of the list. Both are UTF-8 strings that end with NUL, and are copied.
 */
mqtt_result mqtt_properties_add_user(mqtt_properties *properties, const char *name, const char *value);

/**
 * How many properties the list has; 0 for NULL.
 */
size_t mqtt_properties_count(const mqtt_properties *properties);

/**
 * The identifier (mqtt_property) of the property at this index; 0 past the end and for NULL.
 */
uint8_t mqtt_properties_id(const mqtt_properties *properties, size_t index);

/**
 * Finds the first property with this identifier at `from` or behind it, and stores its index.
 *
 * MQTT_RESULT_NOTHING where there is none.
 */
mqtt_result mqtt_properties_find(const mqtt_properties *properties, uint8_t id, size_t from, size_t *index);

/**
 * Stores the number that the property at this index holds.
 *
 * MQTT_RESULT_NOTHING past the end, and where the property holds no number.
 */
mqtt_result mqtt_properties_number(const mqtt_properties *properties, size_t index, uint32_t *value);

/**
 * Stores a view of the text or bytes that the property at this index holds; of a user property its value. The view
 * lives until the list is changed or freed.
 *
 * MQTT_RESULT_NOTHING past the end, and where the property holds a number.
 */
mqtt_result mqtt_properties_bytes(const mqtt_properties *properties,
                                  size_t index,
                                  mqtt_slice *value);

/**
 * Stores a view of the name of the user property at this index. It lives until the list is changed or freed.
 *
 * MQTT_RESULT_NOTHING past the end, and where it is another property.
 */
mqtt_result mqtt_properties_user_name(const mqtt_properties *properties, size_t index, mqtt_slice *name);

/**
 * A new packet of this type (mqtt_packet_type) with every field at its default: packet identifier 1, QoS 0, reason
 * success, keep-alive 60, clean start, MQTT 5, empty text. Set its fields, then mqtt_packet_encode. Free it with
 * mqtt_packet_free. NULL for other types.
 */
mqtt_packet *mqtt_packet_new(uint8_t packet_type);

/**
 * Frees a packet. NULL does nothing. Views and property lists that were taken from it end with it.
 */
void mqtt_packet_free(mqtt_packet *packet);

/**
 * The type of a packet (mqtt_packet_type); 0 for NULL.
 */
uint8_t mqtt_packet_kind(const mqtt_packet *packet);

/**
 * Stores the value of a field that holds a number (mqtt_field says which do).
 *
 * MQTT_RESULT_NOTHING where this packet has no such field, or the field is absent.
 */
mqtt_result mqtt_packet_number(const mqtt_packet *packet, uint32_t field, uint32_t *value);

/**
 * Sets a field that holds a number. A will exists as soon as one of its fields is set. QoS above 0 needs a packet
 * identifier: MQTT_FIELD_PACKET_ID.
 */
mqtt_result mqtt_packet_set_number(mqtt_packet *packet,
                                   uint32_t field,
                                   uint32_t value);

/**
 * Stores a view of a field that holds text or bytes. It lives until the packet is changed or freed.
 *
 * MQTT_RESULT_NOTHING where this packet has no such field, or the field is absent.
 */
mqtt_result mqtt_packet_bytes(const mqtt_packet *packet, uint32_t field, mqtt_slice *value);

/**
 * Sets a field that holds text or bytes. They are copied. Text must be UTF-8.
 */
mqtt_result mqtt_packet_set_bytes(mqtt_packet *packet, uint32_t field, const uint8_t *value, size_t length);

/**
 * The properties of a packet, to read or to change. They belong to the packet: do not free them. NULL for PINGREQ,
 * PINGRESP and NULL.
 */
mqtt_properties *mqtt_packet_properties(mqtt_packet *packet);

/**
 * The properties of the will in a CONNECT, to read or to change. They belong to the packet: do not free them. NULL
 * for other packets and where there is no will.
 */
mqtt_properties *mqtt_packet_will_properties(mqtt_packet *packet);

/**
 * How many topic filters a SUBSCRIBE or UNSUBSCRIBE has; 0 for other packets and NULL.
 */
size_t mqtt_packet_filter_count(const mqtt_packet *packet);

/**
 * Stores a view of a topic filter of SUBSCRIBE or UNSUBSCRIBE, and its options as the wire has them: QoS in bits 0 and
 * 1, no local 4, retain as published 8, retain handling in bits 4 and 5; 0 in UNSUBSCRIBE. `options` may be NULL. The
 * view lives until the packet is changed or freed.
 *
 * MQTT_RESULT_NOTHING past the end.
 */
mqtt_result mqtt_packet_filter(const mqtt_packet *packet,
                               size_t index,
                               mqtt_slice *filter,
                               uint8_t *options);

/**
 * Adds a topic filter to a SUBSCRIBE or UNSUBSCRIBE. It is copied. `options` as in mqtt_packet_filter.
 */
mqtt_result mqtt_packet_add_filter(mqtt_packet *packet, const char *filter, uint8_t options);

/**
 * How many reason codes a SUBACK or UNSUBACK has; 0 for other packets and NULL. Those that have one reason code give it
 * as MQTT_FIELD_REASON.
 */
size_t mqtt_packet_reason_count(const mqtt_packet *packet);

/**
 * Stores a reason code (mqtt_reason) of SUBACK or UNSUBACK.
 *
 * MQTT_RESULT_NOTHING past the end.
 */
mqtt_result mqtt_packet_reason(const mqtt_packet *packet, size_t index, uint8_t *reason);

/**
 * Adds a reason code (mqtt_reason) to a SUBACK or UNSUBACK.
 */
mqtt_result mqtt_packet_add_reason(mqtt_packet *packet, uint8_t reason);

/**
 * Writes a packet for this version (3, 4 or 5): what an older version cannot say is dropped or mapped. At most
 * `maximum_packet_size` bytes, 0 for the bound of the protocol.
 *
 * Stores the size in `*length` and the bytes in `buffer`, which has room for `capacity`. Where that is too small the
 * answer is MQTT_RESULT_BUFFER_TOO_SMALL, `*length` is the size that is needed, and nothing is written; so call it with
 * NULL and 0 first to ask for the size. MQTT_RESULT_UNENCODABLE says that the packet cannot be written.
 */
mqtt_result mqtt_packet_encode(const mqtt_packet *packet,
                               uint8_t version,
                               uint32_t maximum_packet_size,
                               uint8_t *buffer,
                               size_t capacity,
                               size_t *length);

/**
 * A decoder for one direction of one connection. Free it with mqtt_decoder_free.
 *
 * `version` is 3 (MQTT 3.1), 4 (3.1.1), 5, or 0 to learn it from CONNECT. `sender` is one of mqtt_sender.
 * `maximum_packet_size` bounds a whole packet in bytes, before anything is allocated; 0 is the bound of the protocol.
 * NULL for other values; mqtt_last_error_message says which.
 */
mqtt_decoder *mqtt_decoder_new(uint8_t version,
                               uint8_t sender,
                               uint32_t maximum_packet_size);

/**
 * Frees a decoder. NULL does nothing. Packets that it gave live on.
 */
void mqtt_decoder_free(mqtt_decoder *decoder);

/**
 * Hands over bytes as they came; they are copied. Then call mqtt_decoder_next until it gives nothing more.
 */
mqtt_result mqtt_decoder_push(mqtt_decoder *decoder, const uint8_t *data, size_t length);

/**
 * Stores the next packet. It belongs to the caller: mqtt_packet_free.
 *
 * MQTT_RESULT_NOTHING when more bytes are needed. MQTT_RESULT_MALFORMED or MQTT_RESULT_PROTOCOL when the bytes break a
 * rule: mqtt_last_error_message names it, mqtt_last_reason_code is what an MQTT 5 peer is told, and the decoder gives
 * the same answer from then on. `*packet` is changed only by MQTT_RESULT_OK.
 */
mqtt_result mqtt_decoder_next(mqtt_decoder *decoder,
                              mqtt_packet **packet);

/**
 * The version that the decoder reads: 3, 4 or 5; 0 while it is not known, and for NULL.
 */
uint8_t mqtt_decoder_version(const mqtt_decoder *decoder);

/**
 * How many bytes wait for the rest of their packet; 0 for NULL.
 */
size_t mqtt_decoder_buffered(const mqtt_decoder *decoder);

/**
 * Whether this is a topic name that may be published to: MQTT_RESULT_OK, or MQTT_RESULT_INVALID_ARGUMENT with the rule
 * in mqtt_last_error_message.
 */
mqtt_result mqtt_topic_check_name(const char *name);

/**
 * Whether this is a topic filter, `$share/group/filter` included: MQTT_RESULT_OK, or MQTT_RESULT_INVALID_ARGUMENT with
 * the rule in mqtt_last_error_message.
 */
mqtt_result mqtt_topic_check_filter(const char *filter);

/**
 * Stores whether the filter matches the name. A shared filter matches by what stands behind its share name.
 */
mqtt_result mqtt_topic_matches(const char *filter, const char *name, bool *matched);

/**
 * Stores new options for this server: `mqtt://`, `mqtts://`, `ws://`, `wss://` or `unix://`, with user and password
 * where wanted. Defaults: MQTT 5 with 3.1.1 to fall back on, a generated client identifier, keep-alive 60 s, clean
 * start, 10 s to connect, reconnection on. Free them with mqtt_options_free; a client copies what it needs.
 */
mqtt_result mqtt_options_new(const char *uri,
                             mqtt_options **options);

/**
 * Frees options. NULL does nothing. Clients made with them go on.
 */
void mqtt_options_free(mqtt_options *options);

/**
 * Adds a server that is tried after the others.
 */
mqtt_result mqtt_options_add_server(mqtt_options *options, const char *uri);

/**
 * The only version to speak: 3 (MQTT 3.1), 4 (3.1.1) or 5; 0 is MQTT 5 with 3.1.1 to fall back on.
 */
mqtt_result mqtt_options_set_version(mqtt_options *options, uint8_t version);

/**
 * The client identifier; "" has one generated.
 */
mqtt_result mqtt_options_set_client_id(mqtt_options *options, const char *client_id);

/**
 * User name and password. NULL for either is none; MQTT 3 has no password without a user name.
 */
mqtt_result mqtt_options_set_credentials(mqtt_options *options,
                                         const char *user_name,
                                         const uint8_t *password,
                                         size_t password_length);

/**
 * Seconds without traffic after which the client pings; 0 never.
 */
mqtt_result mqtt_options_set_keep_alive(mqtt_options *options, uint16_t seconds);

/**
 * Whether the first connection forgets an earlier session. How long a session lives is the property
 * MQTT_PROPERTY_SESSION_EXPIRY_INTERVAL of mqtt_options_properties; 300 s where it is absent.
 */
mqtt_result mqtt_options_set_clean_start(mqtt_options *options, bool clean_start);

/**
 * The message that the server publishes when the client is lost; everything is copied. `properties` may be NULL. A NULL
 * topic takes the will away.
 */
mqtt_result mqtt_options_set_will(mqtt_options *options,
                                  const char *topic,
                                  const uint8_t *payload,
                                  size_t length,
                                  uint8_t qos,
                                  bool retain,
                                  const mqtt_properties *properties);

/**
 * The properties of CONNECT, to read or to change. They belong to the options: do not free them. NULL for NULL.
 */
mqtt_properties *mqtt_options_properties(mqtt_options *options);

/**
 * Which certificates of servers to trust, as a PEM file, a directory of PEM files, or both. NULL for both: those that
 * the system trusts.
 */
mqtt_result mqtt_options_set_tls_authorities(mqtt_options *options,
                                             const char *ca_file,
                                             const char *ca_path);

/**
 * The client's own certificate chain and private key, as PEM files.
 */
mqtt_result mqtt_options_set_tls_identity(mqtt_options *options, const char *cert_file, const char *key_file);

/**
 * What is checked of the server's certificate: that a trusted authority issued it, and that it is made out for the host
 * of the URI or for `name` where that is not NULL. Without both checks anybody can listen in.
 */
mqtt_result mqtt_options_set_tls_verification(mqtt_options *options,
                                              bool check_issuer,
                                              bool check_name,
                                              const char *name);

/**
 * How long one attempt to connect may take, in milliseconds, from name resolution to CONNACK.
 */
mqtt_result mqtt_options_set_connect_timeout(mqtt_options *options, uint32_t milliseconds);

/**
 * Whether a lost connection is made again by itself, the first and the longest delay in milliseconds, and how many
 * failed attempts in a row end it (0: none does).
 */
mqtt_result mqtt_options_set_reconnect(mqtt_options *options,
                                       bool enabled,
                                       uint32_t first_delay,
                                       uint32_t longest_delay,
                                       uint32_t attempts);

/**
 * Bounds of the queue of messages that wait for a connection or for acknowledgements, and what happens past them
 * (mqtt_when_full).
 */
mqtt_result mqtt_options_set_queue(mqtt_options *options,
                                   uint32_t messages,
                                   size_t bytes,
                                   uint8_t when_full);

/**
 * How many messages of QoS 1 and 2 the server may have unacknowledged, and the largest packet that is taken, in bytes.
 * 0 leaves either as it is.
 */
mqtt_result mqtt_options_set_receive_limits(mqtt_options *options,
                                            uint16_t receive_maximum,
                                            uint32_t maximum_packet_size);

/**
 * With true, messages of QoS 1 and 2 are acknowledged by mqtt_client_ack only; else mqtt_client_receive acknowledges
 * what it gives, and mqtt_client_dispatch what the callback has seen.
 */
mqtt_result mqtt_options_set_manual_ack(mqtt_options *options,
                                        bool manual);

/**
 * A directory where outgoing messages of QoS 1 and 2 are kept until they are acknowledged, so that they outlive a crash
 * of the process: the next client with the same identifier and directory sends them. Needs a client identifier
 * (mqtt_options_set_client_id). NULL for none.
 */
mqtt_result mqtt_options_set_store(mqtt_options *options,
                                   const char *directory);

/**
 * How long mqtt_client_free may take to get messages out, in milliseconds.
 */
mqtt_result mqtt_options_set_linger(mqtt_options *options, uint32_t milliseconds);

/**
 * The path of the WebSocket request, where it is not that of the URI; NULL for that of the URI.
 */
mqtt_result mqtt_options_set_websocket_path(mqtt_options *options, const char *path);

/**
 * Adds a header to the WebSocket request.
 */
mqtt_result mqtt_options_add_websocket_header(mqtt_options *options, const char *name, const char *value);

/**
 * Adds a protocol to offer with TLS (ALPN), most wanted first.
 */
mqtt_result mqtt_options_add_tls_alpn(mqtt_options *options, const char *protocol);

/**
 * The SHA-256 fingerprint of the server's certificate, as 64 hexadecimal digits with or without colons: nothing else is
 * accepted then. NULL for none. mqtt_client_new refuses what is no fingerprint.
 */
mqtt_result mqtt_options_set_tls_pin(mqtt_options *options,
                                     const char *sha256);

/**
 * The passphrase of the private key of mqtt_options_set_tls_identity, where that is encrypted (PKCS #8); NULL for none.
 */
mqtt_result mqtt_options_set_tls_passphrase(mqtt_options *options,
                                            const char *passphrase);

/**
 * The oldest version of TLS to speak, "1.2" or "1.3"; NULL for 1.2. mqtt_client_new refuses others.
 */
mqtt_result mqtt_options_set_tls_min_version(mqtt_options *options, const char *version);

/**
 * Whether a certificate that signs itself is taken; false at first.
 */
mqtt_result mqtt_options_set_tls_allow_self_signed(mqtt_options *options, bool allow);

/**
 * Whether the client subscribes again where the server lost the session; true at first.
 */
mqtt_result mqtt_options_set_resubscribe(mqtt_options *options, bool resubscribe);

/**
 * How many times in a row the client goes to the server that a server names (MQTT 5, section 4.11); 4 at first, 0 never.
 */
mqtt_result mqtt_options_set_redirects(mqtt_options *options,
                                       uint32_t redirects);

/**
 * The share of each delay before a reconnection that is left to chance, in percent, 0 to 100; 50 at first.
 */
mqtt_result mqtt_options_set_reconnect_jitter(mqtt_options *options, uint8_t percent);

/**
 * Bytes of received messages that may wait to be taken; past it QoS 0 is left unread. 16 MiB at first.
 */
mqtt_result mqtt_options_set_receive_queue(mqtt_options *options, size_t bytes);

/**
 * Frees a message that mqtt_client_receive gave; not one that belongs to an event. NULL does nothing. Freeing
 * acknowledges nothing.
 */
void mqtt_message_free(mqtt_message *message);

/**
 * Stores a view of the topic name: UTF-8, not followed by NUL. It lives as long as the message.
 */
mqtt_result mqtt_message_topic(const mqtt_message *message, mqtt_slice *topic);

/**
 * Stores a view of the payload: any bytes, may be empty. It lives as long as the message.
 */
mqtt_result mqtt_message_payload(const mqtt_message *message, mqtt_slice *payload);

/**
 * The QoS that the message came with: 0, 1 or 2; 0 for NULL.
 */
uint8_t mqtt_message_qos(const mqtt_message *message);

/**
 * Whether the server had kept the message; false for NULL.
 */
bool mqtt_message_retain(const mqtt_message *message);

/**
 * Whether the message may have been delivered before; false for NULL.
 */
bool mqtt_message_dup(const mqtt_message *message);

/**
 * The packet identifier that the message came with; 0 at QoS 0 and for NULL.
 */
uint16_t mqtt_message_packet_id(const mqtt_message *message);

/**
 * When the message was read from the connection, in milliseconds since the Unix epoch; 0 for NULL.
 */
uint64_t mqtt_message_received_at(const mqtt_message *message);

/**
 * The properties of the message (MQTT 5), without topic alias and subscription identifiers. They belong to the message:
 * do not free or change them. NULL for NULL.
 */
const mqtt_properties *mqtt_message_properties(const mqtt_message *message);

/**
 * Stores a subscription identifier (MQTT 5) of the message.
 *
 * MQTT_RESULT_NOTHING past the end.
 */
mqtt_result mqtt_message_subscription_identifier(const mqtt_message *message,
                                                 size_t index,
                                                 uint32_t *identifier);

/**
 * Stores the number that was given to mqtt_client_subscribe with a filter that matches the topic: what handles the
 * message. Several filters may match.
 *
 * MQTT_RESULT_NOTHING past the end.
 */
mqtt_result mqtt_message_handle(const mqtt_message *message,
                                size_t index,
                                uint32_t *handle);

/**
 * Frees an event that mqtt_client_next_event gave; not one that a callback was called with. NULL does nothing. A message
 * in it ends with it, and is not acknowledged by it.
 */
void mqtt_event_free(mqtt_event *event);

/**
 * Which kind it is (mqtt_event_kind); 0 for NULL.
 */
uint32_t mqtt_event_kind_of(const mqtt_event *event);

/**
 * The token of the call that is done; 0 for other kinds and NULL.
 */
uint64_t mqtt_event_token(const mqtt_event *event);

/**
 * Stores a reason code (mqtt_reason). Kinds with one reason have it at index 0.
 *
 * MQTT_RESULT_NOTHING past the end.
 */
mqtt_result mqtt_event_reason(const mqtt_event *event, size_t index, uint8_t *reason);

/**
 * Stores the text of an event: why a connection ended, or the log line. UTF-8, followed by NUL. The caller gives room
 * for `capacity` bytes; a longer text is cut at a character. `length` may be NULL; it gets the length of the whole
 * text without the NUL.
 *
 * MQTT_RESULT_NOTHING for kinds without a text.
 */
mqtt_result mqtt_event_text(const mqtt_event *event,
                            char *buffer,
                            size_t capacity,
                            size_t *length);

/**
 * How much a log line matters (mqtt_log_level, and 64 for debugging); 0 for other kinds and NULL.
 */
uint32_t mqtt_event_level(const mqtt_event *event);

/**
 * After a disconnection: milliseconds until the next attempt; UINT64_MAX where there will be none, for other kinds and
 * for NULL.
 */
uint64_t mqtt_event_retry_after(const mqtt_event *event);

/**
 * After a connection: whether the server resumed the session; false for other kinds and NULL.
 */
bool mqtt_event_resumed(const mqtt_event *event);

/**
 * The message of an event. It belongs to the event: do not free it. NULL for other kinds and NULL.
 */
const mqtt_message *mqtt_event_message(const mqtt_event *event);

/**
 * The properties (MQTT 5) of the packet that the event is about. They belong to the event: do not free or change them.
 * NULL where there is none.
 */
const mqtt_properties *mqtt_event_properties(const mqtt_event *event);

/**
 * Stores a new client. It connects nothing; mqtt_client_connect does. The options are copied. Free it with
 * mqtt_client_free.
 *
 * A client may be used by several threads at once. After fork() it belongs to the parent: in the child every function
 * answers MQTT_RESULT_FORKED, and mqtt_client_free does no harm.
 */
mqtt_result mqtt_client_new(const mqtt_options *options,
                            mqtt_client **client);

/**
 * Gets messages out within the linger time of the options, disconnects, and frees the client. NULL does nothing. No
 * other thread may use the client any more, and no callback of it may be running.
 */
void mqtt_client_free(mqtt_client *client);

/**
 * Connects, where there is no connection, and waits for the answer. `timeout` in milliseconds; below 0 as long as the
 * options allow. After a failure the client is idle; call again.
 */
mqtt_result mqtt_client_connect(const mqtt_client *client,
                                int64_t timeout);

/**
 * Begins to connect and returns. MQTT_EVENT_KIND_CONNECTED or MQTT_EVENT_KIND_DISCONNECTED follows. `token` may be NULL;
 * mqtt_client_wait takes it.
 */
mqtt_result mqtt_client_start_connect(const mqtt_client *client,
                                      uint64_t *token);

/**
 * Whether a connection stands; false for NULL.
 */
bool mqtt_client_is_connected(const mqtt_client *client);

/**
 * Whether the server resumed a session at the last connection; false before the first and for NULL.
 */
bool mqtt_client_session_present(const mqtt_client *client);

/**
 * Hands a message over. Topic and payload are copied. `properties` and `token` may be NULL. Connects in the background
 * where nothing does yet.
 *
 * It waits only while the queue is full, at most `timeout` milliseconds (below 0: without end). The message is done when
 * the kernel has it (QoS 0) or the server has acknowledged it (QoS 1 and 2): mqtt_client_wait or mqtt_client_flush.
 */
mqtt_result mqtt_client_publish(const mqtt_client *client,
                                const char *topic,
                                const uint8_t *payload,
                                size_t length,
                                uint8_t qos,
                                bool retain,
                                const mqtt_properties *properties,
                                int64_t timeout,
                                uint64_t *token);

/**
 * Waits until a token is done, at most `timeout` milliseconds (below 0: without end). `reason` may be NULL; it gets the
 * server's reason code. MQTT_RESULT_REFUSED where the server refused; MQTT_RESULT_TIMEOUT where the time was over.
 */
mqtt_result mqtt_client_wait(const mqtt_client *client,
                             uint64_t token,
                             int64_t timeout,
                             uint8_t *reason);

/**
 * Waits until everything that was handed over is done, at most `timeout` milliseconds (below 0: without end). `open` may
 * be NULL; it gets how many are not done.
 */
mqtt_result mqtt_client_flush(const mqtt_client *client,
                              int64_t timeout,
                              size_t *open);

/**
 * Subscribes to one filter and waits for the answer, at most `timeout` milliseconds (below 0: without end). `options` as
 * in mqtt_packet_filter; its two lowest bits are the QoS. `handle` comes back with each message that the filter
 * matches (mqtt_message_handle); 0 for none. `properties` may be NULL. `reason` may be NULL; it gets the server's answer.
 * MQTT_RESULT_REFUSED where the server refused the filter. After a reconnection the client subscribes again by itself.
 */
mqtt_result mqtt_client_subscribe(const mqtt_client *client,
                                  const char *filter,
                                  uint8_t options,
                                  uint32_t handle,
                                  const mqtt_properties *properties,
                                  int64_t timeout,
                                  uint8_t *reason);

/**
 * Ends the subscription to one filter and waits for the answer, at most `timeout` milliseconds (below 0: without end).
 * `properties` may be NULL. MQTT_RESULT_REFUSED where the server refused.
 */
mqtt_result mqtt_client_unsubscribe(const mqtt_client *client,
                                    const char *filter,
                                    const mqtt_properties *properties,
                                    int64_t timeout);

/**
 * Stores the next message, waiting for it at most `timeout` milliseconds (0: only looks; below 0: without end). It
 * belongs to the caller: mqtt_message_free. It is acknowledged, unless the options say manual. Other events wait for
 * mqtt_client_next_event.
 *
 * MQTT_RESULT_NOTHING when the time is over. `*message` is changed only by MQTT_RESULT_OK.
 */
mqtt_result mqtt_client_receive(const mqtt_client *client,
                                int64_t timeout,
                                mqtt_message **message);

/**
 * Stores the next event, waiting for it at most `timeout` milliseconds (0: only looks; below 0: without end). It belongs
 * to the caller: mqtt_event_free. A message in it is not acknowledged: mqtt_client_ack.
 *
 * MQTT_RESULT_NOTHING when the time is over. `*event` is changed only by MQTT_RESULT_OK.
 */
mqtt_result mqtt_client_next_event(const mqtt_client *client,
                                   int64_t timeout,
                                   mqtt_event **event);

/**
 * Acknowledges a message that has been handled; from `reason` 0x80 (mqtt_reason, MQTT 5) on it refuses it. QoS 0 needs
 * none. MQTT_RESULT_NOTHING where the message needs none or has been acknowledged.
 */
mqtt_result mqtt_client_ack(const mqtt_client *client,
                            const mqtt_message *message,
                            uint8_t reason);

/**
 * Calls back for each event that waits, at most `most` of them, and returns. `count` may be NULL; it gets how many there
 * were. A message is acknowledged when the callback has returned, unless the options say manual. `user_data` is passed
 * on and never looked at. Call it when mqtt_client_fd polls readable; several threads may.
 */
mqtt_result mqtt_client_dispatch(const mqtt_client *client,
                                 size_t most,
                                 mqtt_callback callback,
                                 void *user_data,
                                 size_t *count);

/**
 * Sends a step of extended authentication (MQTT 5): a reason (mqtt_reason: continue authentication, or re-authenticate
 * to begin anew) and the properties that hold the data. The authentication method of CONNECT is among the properties of
 * the options. `properties` may be NULL.
 */
mqtt_result mqtt_client_auth(const mqtt_client *client,
                             uint8_t reason,
                             const mqtt_properties *properties);

/**
 * Whether publishes that are done become events (MQTT_EVENT_KIND_COMPLETED); off at first.
 */
mqtt_result mqtt_client_set_completion_events(const mqtt_client *client, bool on);

/**
 * Whether events tell what goes on (MQTT_EVENT_KIND_LOG); off at first.
 */
mqtt_result mqtt_client_set_log_events(const mqtt_client *client, bool on);

/**
 * A descriptor that polls readable while events wait. It belongs to the client: do not read, write or close it. -1 for
 * NULL and on failure.
 */
int mqtt_client_fd(const mqtt_client *client);

/**
 * A counter (mqtt_stat); 0 for other numbers and NULL.
 */
uint64_t mqtt_client_stat(const mqtt_client *client, uint32_t stat);

/**
 * Sends what is queued and can be sent, then DISCONNECT with this reason (mqtt_reason; 0 is the normal one), and closes;
 * at most `timeout` milliseconds (below 0: without end). `properties` may be NULL. Reconnecting ends. The client can
 * connect again.
 */
mqtt_result mqtt_client_disconnect(const mqtt_client *client,
                                   uint8_t reason,
                                   const mqtt_properties *properties,
                                   int64_t timeout);

/**
 * Gets messages out within `linger` milliseconds and closes for good: later calls answer MQTT_RESULT_CLOSED. `lost` may
 * be NULL; it gets how many messages are not known to have arrived. The client is still to be freed.
 */
mqtt_result mqtt_client_close(const mqtt_client *client,
                              uint32_t linger,
                              size_t *lost);

/**
 * Subscribes to `count` filters with one packet and waits for the answer, at most `timeout` milliseconds (below 0: without
 * end). `filters`, `options` and `handles` are arrays of `count`, with the meaning that they have for
 * mqtt_client_subscribe; NULL for `options` is QoS 0 each, NULL for `handles` none. `properties` may be NULL. `reasons` may
 * be NULL or has room for `count` answers.
 *
 * MQTT_RESULT_REFUSED where the server refused at least one filter; the others hold.
 */
mqtt_result mqtt_client_subscribe_many(const mqtt_client *client,
                                       const char *const *filters,
                                       const uint8_t *options,
                                       const uint32_t *handles,
                                       size_t count,
                                       const mqtt_properties *properties,
                                       int64_t timeout,
                                       uint8_t *reasons);

/**
 * The same without waiting: MQTT_EVENT_KIND_SUBSCRIBED follows, with this token and the reasons. `token` may be NULL.
 */
mqtt_result mqtt_client_start_subscribe(const mqtt_client *client,
                                        const char *const *filters,
                                        const uint8_t *options,
                                        const uint32_t *handles,
                                        size_t count,
                                        const mqtt_properties *properties,
                                        uint64_t *token);

/**
 * Ends the subscriptions to `count` filters with one packet and waits for the answer, at most `timeout` milliseconds
 * (below 0: without end). `properties` may be NULL. `reasons` may be NULL or has room for `count` answers; a server of
 * MQTT 3 gives none, and they are success then. MQTT_RESULT_REFUSED where the server refused at least one.
 */
mqtt_result mqtt_client_unsubscribe_many(const mqtt_client *client,
                                         const char *const *filters,
                                         size_t count,
                                         const mqtt_properties *properties,
                                         int64_t timeout,
                                         uint8_t *reasons);

/**
 * The same without waiting: MQTT_EVENT_KIND_UNSUBSCRIBED follows, with this token. `token` may be NULL.
 */
mqtt_result mqtt_client_start_unsubscribe(const mqtt_client *client,
                                          const char *const *filters,
                                          size_t count,
                                          const mqtt_properties *properties,
                                          uint64_t *token);

/**
 * Begins to disconnect as mqtt_client_disconnect does, and returns. `token` may be NULL; mqtt_client_wait takes it.
 */
mqtt_result mqtt_client_start_disconnect(const mqtt_client *client,
                                         uint8_t reason,
                                         const mqtt_properties *properties,
                                         uint64_t *token);

/**
 * Stores a view of the client identifier, that of the options or the one that was generated. It lives as long as the
 * client. The identifier that a server assigned is among mqtt_client_server_properties.
 */
mqtt_result mqtt_client_id(const mqtt_client *client,
                           mqtt_slice *client_id);

/**
 * Stores a copy of the properties of the last CONNACK that accepted (MQTT 5). It belongs to the caller:
 * mqtt_properties_free. MQTT_RESULT_NOTHING before the first connection.
 */
mqtt_result mqtt_client_server_properties(const mqtt_client *client, mqtt_properties **properties);

/**
 * Sets who may interrupt the calls of this thread that wait: `hook` is called at least every 100 milliseconds and when a
 * signal came, with no lock held, so it may use the client, but not free it. Where it returns true, the call ends with
 * MQTT_RESULT_INTERRUPTED. NULL takes it away. It must return: no longjmp, no exception.
 */
mqtt_result mqtt_set_interrupt(mqtt_interrupt hook,
                               void *user_data);

/**
 * Publishes a request and waits for its answer, at most `timeout` milliseconds (below 0: without end). The answer belongs
 * to the caller: mqtt_message_free. Response topic and correlation data are added to `properties`, which may be NULL. The
 * first request subscribes to a topic for answers, below the response information of the server where it gave one.
 *
 * Several threads may ask at once. Messages and events that come meanwhile are kept for mqtt_client_receive,
 * mqtt_client_next_event and mqtt_client_dispatch; mqtt_client_fd does not tell of them, so call one of these once
 * afterwards. MQTT_RESULT_TIMEOUT where no answer came in time. `*answer` is changed only by MQTT_RESULT_OK.
 */
mqtt_result mqtt_client_request(const mqtt_client *client,
                                const char *topic,
                                const uint8_t *payload,
                                size_t length,
                                const mqtt_properties *properties,
                                int64_t timeout,
                                mqtt_message **answer);

/**
 * Stores a new configuration of a broker: no listener yet, anonymous clients from this machine only, no hooks. Free it
 * with mqtt_broker_config_free.
 */
mqtt_result mqtt_broker_config_new(mqtt_broker_config **config);

/**
 * Frees a configuration. NULL does nothing. Brokers started with it go on; it does not call `released` of its hooks.
 */
void mqtt_broker_config_free(mqtt_broker_config *config);

/**
 * Sets one option by its name. `value` is text: numbers in decimal, switches as true or false, times in milliseconds
 * unless a name says otherwise.
 *
 * - listen (once for each): `mqtt://127.0.0.1:1883`, `mqtts://`, `ws://`, `wss://`, `unix:///path`; port 0 takes a free one.
 * - tls_cert_file, tls_key_file, tls_ca_file, tls_ca_path, tls_require_certificate, tls_min_version (1.2 or 1.3): for
 *   every listener of mqtts and wss.
 * - allow_anonymous: whether a client may come in without a hook that accepts it. Not set: from this machine only.
 * - shards: threads that serve connections, 0 for one per core. sys_interval: between two publications of `$SYS/#`, 0 none.
 * - hook_deadline, hook_overdue (refuse or proceed), hook_publish_filter (once for each filter whose messages
 *   on_publish is asked about; none given: every message), hook_deliver_filter (the same for on_deliver),
 *   assigned_client_id_prefix.
 * - connect_timeout, maximum_packet_size, receive_maximum, topic_alias_maximum, maximum_in_flight,
 *   maximum_connections, maximum_sessions, maximum_subscriptions, maximum_queued_messages, maximum_queued_bytes,
 *   maximum_retained_messages, maximum_retained_bytes, maximum_session_expiry_interval (seconds), maximum_keep_alive
 *   (seconds), maximum_qos, retain_available, queue_qos0, empty_client_id, maximum_client_id_length.
 *
 * MQTT_RESULT_INVALID_ARGUMENT for other names and for values that cannot be; nothing is changed then.
 */
mqtt_result mqtt_broker_config_set(mqtt_broker_config *config,
                                   const char *name,
                                   const char *value);

/**
 * Sets many options from text: one `name value` per line, with the names of mqtt_broker_config_set; empty lines and
 * those that begin with # are skipped. Stops at the first line that is wrong, and names it; those before it hold.
 */
mqtt_result mqtt_broker_config_parse(mqtt_broker_config *config,
                                     const char *options);

/**
 * Sets what a broker asks and tells. The structure is copied, as far as its `size` says; NULL takes hooks away.
 * MQTT_RESULT_ABI where it has fields that this library does not know, and they are set.
 */
mqtt_result mqtt_broker_config_set_hooks(mqtt_broker_config *config,
                                         const mqtt_hooks *hooks);

/**
 * The packet that a question or notice is about: to read, and to change before mqtt_question_replace. It belongs to the
 * question: do not free it. NULL where there is none, and for NULL.
 */
mqtt_packet *mqtt_question_packet(mqtt_question *question);

/**
 * The packet of a notice, to read. It belongs to the notice: do not free it. NULL where there is none, and for NULL.
 */
const mqtt_packet *mqtt_notice_packet(const mqtt_question *notice);

/**
 * Stores a view of a text (mqtt_question_text_id) of a question or notice. It lives until the question is answered, or
 * the hook has returned from the notice. MQTT_RESULT_NOTHING where it is absent.
 */
mqtt_result mqtt_question_text(const mqtt_question *question,
                               uint32_t text_id,
                               mqtt_slice *value);

/**
 * Stores a number (mqtt_question_number_id) of a question or notice. MQTT_RESULT_NOTHING where it is absent.
 */
mqtt_result mqtt_question_number(const mqtt_question *question, uint32_t number_id, uint64_t *value);

/**
 * Answers: as without the hook. For on_authenticate it refuses, as nobody else can decide. The question is gone.
 */
mqtt_result mqtt_question_proceed(mqtt_question *question);

/**
 * Answers on_connect or on_authenticate: in. `user_name` takes the place of that of CONNECT; NULL leaves it.
 * `properties` may be NULL: for on_connect they are added to CONNACK (MQTT 5), for on_authenticate
 * MQTT_PROPERTY_AUTHENTICATION_DATA among them goes out. The question is gone, also after a failure, which refuses it.
 */
mqtt_result mqtt_question_accept(mqtt_question *question,
                                 const char *user_name,
                                 const mqtt_properties *properties);

/**
 * Answers: no, for this reason (mqtt_reason, 0x80 or above; for on_publish a success code acknowledges a message that
 * nobody gets; for on_deliver any refusal keeps the message from the client, which is not told). `properties` may be NULL; for on_connect they go into CONNACK (MQTT 5). Filters are refused all together.
 * The question is gone, also after a failure, which refuses it too.
 */
mqtt_result mqtt_question_refuse(mqtt_question *question,
                                 uint8_t reason,
                                 const mqtt_properties *properties);

/**
 * Answers on_subscribe or on_unsubscribe with one reason (mqtt_reason) per filter, in order: a granted QoS not above the
 * one asked for, or a refusal. Missing ones are refused. The question is gone, also after a failure, which refuses it.
 */
mqtt_result mqtt_question_each(mqtt_question *question,
                               const uint8_t *reasons,
                               size_t count);

/**
 * Answers on_publish: the packet of the question goes on as it was changed (topic, payload, properties, QoS, retain).
 * Answers on_deliver in the same way (topic, payload, properties). The question is gone, also after a failure, which refuses it.
 */
mqtt_result mqtt_question_replace(mqtt_question *question);

/**
 * Answers on_authenticate: another step, AUTH with these bytes as authentication data; NULL with length 0 for none. The
 * question is gone, also after a failure, which refuses it.
 */
mqtt_result mqtt_question_continue(mqtt_question *question,
                                   const uint8_t *data,
                                   size_t length);

/**
 * Opens the listeners, starts the threads, and stores the broker. The configuration is copied. Free the broker with
 * mqtt_broker_free. MQTT_RESULT_TRANSPORT where a listener cannot be opened.
 *
 * A broker may be used by several threads at once. After fork() it belongs to the parent: in the child its functions
 * answer MQTT_RESULT_FORKED, and mqtt_broker_free does no harm.
 */
mqtt_result mqtt_broker_start(const mqtt_broker_config *config,
                              mqtt_broker **broker);

/**
 * Stops a broker, at most a second later, and frees it. NULL does nothing. No other thread may use it any more.
 */
void mqtt_broker_free(mqtt_broker *broker);

/**
 * Closes the listeners, tells every client, writes what waits, and ends the threads, within `timeout` milliseconds.
 * MQTT_RESULT_TIMEOUT where the time was over before everything was written; the broker has stopped all the same. A
 * second call does nothing. The broker is still to be freed.
 */
mqtt_result mqtt_broker_stop(const mqtt_broker *broker,
                             uint32_t timeout);

/**
 * Reads the certificate, its key and the authorities again from the files of the configuration (tls_cert_file,
 * tls_key_file, tls_ca_file, tls_ca_path), for connections that come from here on; those that are open go on. Where a
 * file is missing or wrong, MQTT_RESULT_INVALID_ARGUMENT says which, and the certificate stays as it is.
 * MQTT_RESULT_NOTHING where no listener speaks TLS.
 */
mqtt_result mqtt_broker_reload_certificates(const mqtt_broker *broker);

/**
 * Stores the URI of a listener (index among the options `listen`), with the port that it got. UTF-8, followed by NUL.
 * The caller gives room for `capacity` bytes; a longer text is cut. `length` may be NULL; it gets the length of the
 * whole text without the NUL.
 *
 * MQTT_RESULT_NOTHING past the end.
 */
mqtt_result mqtt_broker_address(const mqtt_broker *broker,
                                size_t index,
                                char *buffer,
                                size_t capacity,
                                size_t *length);

/**
 * Publishes in the broker's own name; no hook is asked. Topic and payload are copied; `properties` may be NULL. It
 * returns when the message has been handed over, not when it has been delivered. A hook may call it.
 */
mqtt_result mqtt_broker_publish(const mqtt_broker *broker,
                                const char *topic,
                                const uint8_t *payload,
                                size_t length,
                                uint8_t qos,
                                bool retain,
                                const mqtt_properties *properties);

/**
 * Ends the connection of a client with this reason (mqtt_reason; MQTT 5 is told it). Its session stays as its expiry
 * says, and its will is published. MQTT_RESULT_NOTHING where it had no connection.
 */
mqtt_result mqtt_broker_disconnect(const mqtt_broker *broker,
                                   const char *client_id,
                                   uint8_t reason);

/**
 * Stores a list of every session, connected or not, in no order. It is a copy and belongs to the caller:
 * mqtt_client_list_free.
 */
mqtt_result mqtt_broker_clients(const mqtt_broker *broker, mqtt_client_list **clients);

/**
 * Frees a list. NULL does nothing. Views that were taken from it end with it.
 */
void mqtt_client_list_free(mqtt_client_list *clients);

/**
 * How many sessions a list holds; 0 for NULL.
 */
size_t mqtt_client_list_count(const mqtt_client_list *clients);

/**
 * Stores a view of a text (mqtt_client_text_id) about the session at this index. It lives as long as the list.
 *
 * MQTT_RESULT_NOTHING past the end, and where the text is absent.
 */
mqtt_result mqtt_client_list_text(const mqtt_client_list *clients,
                                  size_t index,
                                  uint32_t text_id,
                                  mqtt_slice *value);

/**
 * Stores a number (mqtt_client_number_id) about the session at this index.
 *
 * MQTT_RESULT_NOTHING past the end.
 */
mqtt_result mqtt_client_list_number(const mqtt_client_list *clients,
                                    size_t index,
                                    uint32_t number_id,
                                    uint64_t *value);

/**
 * A counter (mqtt_broker_stat_id); 0 for other numbers, for NULL, and in a forked child.
 */
uint64_t mqtt_broker_stat(const mqtt_broker *broker, uint32_t stat);

/**
 * Stores a list of every subscription, in no order. It is a copy and belongs to the caller: mqtt_subscription_list_free.
 */
mqtt_result mqtt_broker_subscriptions(const mqtt_broker *broker,
                                      mqtt_subscription_list **subscriptions);

/**
 * Frees a list. NULL does nothing. Views that were taken from it end with it.
 */
void mqtt_subscription_list_free(mqtt_subscription_list *subscriptions);

/**
 * How many subscriptions a list holds; 0 for NULL.
 */
size_t mqtt_subscription_list_count(const mqtt_subscription_list *subscriptions);

/**
 * Stores a view of a text (mqtt_subscription_text_id) about the subscription at this index. It lives as long as the list.
 *
 * MQTT_RESULT_NOTHING past the end.
 */
mqtt_result mqtt_subscription_list_text(const mqtt_subscription_list *subscriptions,
                                        size_t index,
                                        uint32_t text_id,
                                        mqtt_slice *value);

/**
 * Stores a number (mqtt_subscription_number_id) about the subscription at this index.
 *
 * MQTT_RESULT_NOTHING past the end.
 */
mqtt_result mqtt_subscription_list_number(const mqtt_subscription_list *subscriptions,
                                          size_t index,
                                          uint32_t number_id,
                                          uint64_t *value);

/**
 * Stores a list of the retained messages whose topics this filter matches, in no order. It is a copy and belongs to the
 * caller: mqtt_retained_list_free. MQTT_RESULT_INVALID_ARGUMENT for what is no filter.
 */
mqtt_result mqtt_broker_retained(const mqtt_broker *broker,
                                 const char *filter,
                                 mqtt_retained_list **retained);

/**
 * Frees a list. NULL does nothing. Packets that were taken from it end with it.
 */
void mqtt_retained_list_free(mqtt_retained_list *retained);

/**
 * How many messages a list holds; 0 for NULL.
 */
size_t mqtt_retained_list_count(const mqtt_retained_list *retained);

/**
 * The message at this index as a PUBLISH, to read with the functions of packets. It belongs to the list: do not free it.
 * NULL past the end, and for NULL.
 */
const mqtt_packet *mqtt_retained_list_packet(const mqtt_retained_list *retained,
                                             size_t index);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* MQTT_H */

/* Whether this header fits the library that the program runs with: MQTT_RESULT_OK, or MQTT_RESULT_ABI. */
#define MQTT_ABI_CHECK() mqtt_abi_check(MQTT_ABI_VERSION, sizeof(mqtt_slice), sizeof(mqtt_hooks))
