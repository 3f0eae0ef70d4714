<?php
declare(strict_types=1);

namespace Simps\MQTT\Property;

use Simps\MQTT\Constant\Property as Name;
use Simps\MQTT\Hex\Property as Hex;

/**
 * Which property may stand where: names by identifier. For reading only: the extension has tables of its own.
 */
class PacketMap
{
    /** @var array<int, string> of CONNECT */
    public static $connect = [
        Hex::SESSION_EXPIRY_INTERVAL => Name::SESSION_EXPIRY_INTERVAL,
        Hex::AUTHENTICATION_METHOD => Name::AUTHENTICATION_METHOD,
        Hex::AUTHENTICATION_DATA => Name::AUTHENTICATION_DATA,
        Hex::REQUEST_PROBLEM_INFORMATION => Name::REQUEST_PROBLEM_INFORMATION,
        Hex::REQUEST_RESPONSE_INFORMATION => Name::REQUEST_RESPONSE_INFORMATION,
        Hex::RECEIVE_MAXIMUM => Name::RECEIVE_MAXIMUM,
        Hex::TOPIC_ALIAS_MAXIMUM => Name::TOPIC_ALIAS_MAXIMUM,
        Hex::USER_PROPERTY => Name::USER_PROPERTY,
        Hex::MAXIMUM_PACKET_SIZE => Name::MAXIMUM_PACKET_SIZE,
    ];

    /** @var array<int, string> of CONNACK */
    public static $connAck = [
        Hex::SESSION_EXPIRY_INTERVAL => Name::SESSION_EXPIRY_INTERVAL,
        Hex::ASSIGNED_CLIENT_IDENTIFIER => Name::ASSIGNED_CLIENT_IDENTIFIER,
        Hex::SERVER_KEEP_ALIVE => Name::SERVER_KEEP_ALIVE,
        Hex::AUTHENTICATION_METHOD => Name::AUTHENTICATION_METHOD,
        Hex::AUTHENTICATION_DATA => Name::AUTHENTICATION_DATA,
        Hex::RESPONSE_INFORMATION => Name::RESPONSE_INFORMATION,
        Hex::SERVER_REFERENCE => Name::SERVER_REFERENCE,
        Hex::REASON_STRING => Name::REASON_STRING,
        Hex::RECEIVE_MAXIMUM => Name::RECEIVE_MAXIMUM,
        Hex::TOPIC_ALIAS_MAXIMUM => Name::TOPIC_ALIAS_MAXIMUM,
        Hex::MAXIMUM_QOS => Name::MAXIMUM_QOS,
        Hex::RETAIN_AVAILABLE => Name::RETAIN_AVAILABLE,
        Hex::USER_PROPERTY => Name::USER_PROPERTY,
        Hex::MAXIMUM_PACKET_SIZE => Name::MAXIMUM_PACKET_SIZE,
        Hex::WILDCARD_SUBSCRIPTION_AVAILABLE => Name::WILDCARD_SUBSCRIPTION_AVAILABLE,
        Hex::SUBSCRIPTION_IDENTIFIER_AVAILABLE => Name::SUBSCRIPTION_IDENTIFIER_AVAILABLE,
        Hex::SHARED_SUBSCRIPTION_AVAILABLE => Name::SHARED_SUBSCRIPTION_AVAILABLE,
    ];

    /** @var array<int, string> of PUBLISH */
    public static $publish = [
        Hex::PAYLOAD_FORMAT_INDICATOR => Name::PAYLOAD_FORMAT_INDICATOR,
        Hex::MESSAGE_EXPIRY_INTERVAL => Name::MESSAGE_EXPIRY_INTERVAL,
        Hex::CONTENT_TYPE => Name::CONTENT_TYPE,
        Hex::RESPONSE_TOPIC => Name::RESPONSE_TOPIC,
        Hex::CORRELATION_DATA => Name::CORRELATION_DATA,
        Hex::SUBSCRIPTION_IDENTIFIER => Name::SUBSCRIPTION_IDENTIFIER,
        Hex::TOPIC_ALIAS => Name::TOPIC_ALIAS,
        Hex::USER_PROPERTY => Name::USER_PROPERTY,
    ];

    /** @var array<int, string> of PUBACK, PUBREC, PUBREL, PUBCOMP, SUBACK and UNSUBACK */
    public static $pubAndSub = [
        Hex::REASON_STRING => Name::REASON_STRING,
        Hex::USER_PROPERTY => Name::USER_PROPERTY,
    ];

    /** @var array<int, string> of SUBSCRIBE */
    public static $subscribe = [
        Hex::SUBSCRIPTION_IDENTIFIER => Name::SUBSCRIPTION_IDENTIFIER,
        Hex::USER_PROPERTY => Name::USER_PROPERTY,
    ];

    /** @var array<int, string> of UNSUBSCRIBE */
    public static $unSubscribe = [
        Hex::USER_PROPERTY => Name::USER_PROPERTY,
    ];

    /** @var array<int, string> of DISCONNECT */
    public static $disConnect = [
        Hex::SESSION_EXPIRY_INTERVAL => Name::SESSION_EXPIRY_INTERVAL,
        Hex::SERVER_REFERENCE => Name::SERVER_REFERENCE,
        Hex::REASON_STRING => Name::REASON_STRING,
        Hex::USER_PROPERTY => Name::USER_PROPERTY,
    ];

    /** @var array<int, string> of AUTH */
    public static $auth = [
        Hex::AUTHENTICATION_METHOD => Name::AUTHENTICATION_METHOD,
        Hex::AUTHENTICATION_DATA => Name::AUTHENTICATION_DATA,
        Hex::REASON_STRING => Name::REASON_STRING,
        Hex::USER_PROPERTY => Name::USER_PROPERTY,
    ];

    /** @var array<int, string> of the will */
    public static $willProperties = [
        Hex::PAYLOAD_FORMAT_INDICATOR => Name::PAYLOAD_FORMAT_INDICATOR,
        Hex::MESSAGE_EXPIRY_INTERVAL => Name::MESSAGE_EXPIRY_INTERVAL,
        Hex::CONTENT_TYPE => Name::CONTENT_TYPE,
        Hex::RESPONSE_TOPIC => Name::RESPONSE_TOPIC,
        Hex::CORRELATION_DATA => Name::CORRELATION_DATA,
        Hex::WILL_DELAY_INTERVAL => Name::WILL_DELAY_INTERVAL,
        Hex::USER_PROPERTY => Name::USER_PROPERTY,
    ];
}
