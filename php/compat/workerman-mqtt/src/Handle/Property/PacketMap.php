<?php
declare(strict_types=1);

namespace Workerman\Mqtt\Handle\Property;

use Workerman\Mqtt\Consts\PropertyConst;

/**
 * Which properties a packet may carry (MQTT 5, 2.2.2.2): identifiers to the names that packet arrays use. The tables tell; the
 * codec does not read them.
 */
class PacketMap
{
    /** @var array<int, string> */
    public static $connect = [
        PropertyConst::SESSION_EXPIRY_INTERVAL => 'session_expiry_interval',
        PropertyConst::AUTHENTICATION_METHOD => 'authentication_method',
        PropertyConst::AUTHENTICATION_DATA => 'authentication_data',
        PropertyConst::REQUEST_PROBLEM_INFORMATION => 'request_problem_information',
        PropertyConst::REQUEST_RESPONSE_INFORMATION => 'request_response_information',
        PropertyConst::RECEIVE_MAXIMUM => 'receive_maximum',
        PropertyConst::TOPIC_ALIAS_MAXIMUM => 'topic_alias_maximum',
        PropertyConst::USER_PROPERTY => 'user_property',
        PropertyConst::MAXIMUM_PACKET_SIZE => 'maximum_packet_size',
    ];

    /** @var array<int, string> */
    public static $connAck = [
        PropertyConst::SESSION_EXPIRY_INTERVAL => 'session_expiry_interval',
        PropertyConst::ASSIGNED_CLIENT_IDENTIFIER => 'assigned_client_identifier',
        PropertyConst::SERVER_KEEP_ALIVE => 'server_keep_alive',
        PropertyConst::AUTHENTICATION_METHOD => 'authentication_method',
        PropertyConst::AUTHENTICATION_DATA => 'authentication_data',
        PropertyConst::RESPONSE_INFORMATION => 'response_information',
        PropertyConst::SERVER_REFERENCE => 'server_reference',
        PropertyConst::REASON_STRING => 'reason_string',
        PropertyConst::RECEIVE_MAXIMUM => 'receive_maximum',
        PropertyConst::TOPIC_ALIAS_MAXIMUM => 'topic_alias_maximum',
        PropertyConst::MAXIMUM_QOS => 'maximum_qos',
        PropertyConst::RETAIN_AVAILABLE => 'retain_available',
        PropertyConst::USER_PROPERTY => 'user_property',
        PropertyConst::MAXIMUM_PACKET_SIZE => 'maximum_packet_size',
        PropertyConst::WILDCARD_SUBSCRIPTION_AVAILABLE => 'wildcard_subscription_available',
        PropertyConst::SUBSCRIPTION_IDENTIFIER_AVAILABLE => 'subscription_identifier_available',
        PropertyConst::SHARED_SUBSCRIPTION_AVAILABLE => 'shared_subscription_available',
    ];

    /** @var array<int, string> */
    public static $publish = [
        PropertyConst::PAYLOAD_FORMAT_INDICATOR => 'payload_format_indicator',
        PropertyConst::MESSAGE_EXPIRY_INTERVAL => 'message_expiry_interval',
        PropertyConst::CONTENT_TYPE => 'content_type',
        PropertyConst::RESPONSE_TOPIC => 'response_topic',
        PropertyConst::CORRELATION_DATA => 'correlation_data',
        PropertyConst::SUBSCRIPTION_IDENTIFIER => 'subscription_identifier',
        PropertyConst::TOPIC_ALIAS => 'topic_alias',
        PropertyConst::USER_PROPERTY => 'user_property',
    ];

    /** @var array<int, string> PUBACK, PUBREC, PUBREL, PUBCOMP, SUBACK and UNSUBACK. */
    public static $pubAndSub = [
        PropertyConst::REASON_STRING => 'reason_string',
        PropertyConst::USER_PROPERTY => 'user_property',
    ];

    /** @var array<int, string> */
    public static $subscribe = [
        PropertyConst::SUBSCRIPTION_IDENTIFIER => 'subscription_identifier',
        PropertyConst::USER_PROPERTY => 'user_property',
    ];

    /** @var array<int, string> */
    public static $unSubscribe = [
        PropertyConst::USER_PROPERTY => 'user_property',
    ];

    /** @var array<int, string> */
    public static $disConnect = [
        PropertyConst::SESSION_EXPIRY_INTERVAL => 'session_expiry_interval',
        PropertyConst::SERVER_REFERENCE => 'server_reference',
        PropertyConst::REASON_STRING => 'reason_string',
        PropertyConst::USER_PROPERTY => 'user_property',
    ];

    /** @var array<int, string> */
    public static $auth = [
        PropertyConst::AUTHENTICATION_METHOD => 'authentication_method',
        PropertyConst::AUTHENTICATION_DATA => 'authentication_data',
        PropertyConst::REASON_STRING => 'reason_string',
        PropertyConst::USER_PROPERTY => 'user_property',
    ];

    /** @var array<int, string> */
    public static $willProperties = [
        PropertyConst::PAYLOAD_FORMAT_INDICATOR => 'payload_format_indicator',
        PropertyConst::MESSAGE_EXPIRY_INTERVAL => 'message_expiry_interval',
        PropertyConst::CONTENT_TYPE => 'content_type',
        PropertyConst::RESPONSE_TOPIC => 'response_topic',
        PropertyConst::CORRELATION_DATA => 'correlation_data',
        PropertyConst::WILL_DELAY_INTERVAL => 'will_delay_interval',
        PropertyConst::USER_PROPERTY => 'user_property',
    ];
}
