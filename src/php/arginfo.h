/* Made by arginfo.php from stubs/mqtt.stub.php. Do not edit. */

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mqtt_ReasonCode_isError, 0, 0, _IS_BOOL, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mqtt_ReasonCode_description, 0, 0, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Mqtt_Properties___construct, 0, 0, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, payloadFormatIndicator, IS_LONG, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, messageExpiryInterval, IS_LONG, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, contentType, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, responseTopic, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, correlationData, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_MASK(0, subscriptionIdentifier, MAY_BE_LONG|MAY_BE_ARRAY|MAY_BE_NULL, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, sessionExpiryInterval, IS_LONG, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, assignedClientIdentifier, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, serverKeepAlive, IS_LONG, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, authenticationMethod, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, authenticationData, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, requestProblemInformation, _IS_BOOL, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, willDelayInterval, IS_LONG, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, requestResponseInformation, _IS_BOOL, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, responseInformation, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, serverReference, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, reasonString, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, receiveMaximum, IS_LONG, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, topicAliasMaximum, IS_LONG, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, topicAlias, IS_LONG, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, maximumQoS, IS_LONG, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, retainAvailable, _IS_BOOL, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, userProperties, IS_ARRAY, 0, "[]")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, maximumPacketSize, IS_LONG, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, wildcardSubscriptionAvailable, _IS_BOOL, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, subscriptionIdentifierAvailable, _IS_BOOL, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, sharedSubscriptionAvailable, _IS_BOOL, 1, "null")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mqtt_Properties_toArray, 0, 0, IS_ARRAY, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Mqtt_Properties_getIterator, 0, 0, ArrayIterator, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mqtt_Properties_count, 0, 0, IS_LONG, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Mqtt_Properties_jsonSerialize, 0, 0, stdClass, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mqtt_Properties___unserialize, 0, 1, IS_VOID, 0)
	ZEND_ARG_TYPE_INFO(0, data, IS_ARRAY, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mqtt_Properties___set_state, 0, 1, IS_STATIC, 0)
	ZEND_ARG_TYPE_INFO(0, properties, IS_ARRAY, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Mqtt_Message___construct, 0, 0, 1)
	ZEND_ARG_TYPE_INFO(0, topic, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, payload, IS_STRING, 0, "\'\'")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, qos, IS_LONG, 0, "0")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, retain, _IS_BOOL, 0, "false")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, dup, _IS_BOOL, 0, "false")
	ZEND_ARG_OBJ_TYPE_MASK(0, properties, Mqtt\\Properties, MAY_BE_ARRAY|MAY_BE_NULL, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, subscriptionIdentifiers, IS_ARRAY, 0, "[]")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, receivedAt, IS_DOUBLE, 1, "null")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mqtt_Message_reply, 0, 0, IS_LONG, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, payload, IS_STRING, 0, "\'\'")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, qos, IS_LONG, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, retain, _IS_BOOL, 0, "false")
	ZEND_ARG_OBJ_TYPE_MASK(0, properties, Mqtt\\Properties, MAY_BE_ARRAY|MAY_BE_NULL, "null")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mqtt_Message_ack, 0, 0, _IS_BOOL, 0)
	ZEND_ARG_OBJ_TYPE_MASK(0, reason, Mqtt\\ReasonCode, MAY_BE_LONG, "Mqtt\\ReasonCode::Success")
ZEND_END_ARG_INFO()

#define arginfo_class_Mqtt_Message___unserialize arginfo_class_Mqtt_Properties___unserialize

#define arginfo_class_Mqtt_Message___set_state arginfo_class_Mqtt_Properties___set_state

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Mqtt_Will___construct, 0, 0, 1)
	ZEND_ARG_TYPE_INFO(0, topic, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, payload, IS_STRING, 0, "\'\'")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, qos, IS_LONG, 0, "0")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, retain, _IS_BOOL, 0, "false")
	ZEND_ARG_OBJ_TYPE_MASK(0, properties, Mqtt\\Properties, MAY_BE_ARRAY|MAY_BE_NULL, "null")
ZEND_END_ARG_INFO()

#define arginfo_class_Mqtt_Will___unserialize arginfo_class_Mqtt_Properties___unserialize

#define arginfo_class_Mqtt_Will___set_state arginfo_class_Mqtt_Properties___set_state

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Mqtt_Subscription___construct, 0, 0, 1)
	ZEND_ARG_TYPE_INFO(0, filter, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, qos, IS_LONG, 0, "0")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, noLocal, _IS_BOOL, 0, "false")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, retainAsPublished, _IS_BOOL, 0, "false")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, retainHandling, IS_LONG, 0, "0")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, identifier, IS_LONG, 1, "null")
ZEND_END_ARG_INFO()

#define arginfo_class_Mqtt_Subscription___unserialize arginfo_class_Mqtt_Properties___unserialize

#define arginfo_class_Mqtt_Subscription___set_state arginfo_class_Mqtt_Properties___set_state

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Mqtt_Topic___construct, 0, 0, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mqtt_Topic_matches, 0, 2, _IS_BOOL, 0)
	ZEND_ARG_TYPE_INFO(0, filter, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, name, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mqtt_Topic_isValidName, 0, 1, _IS_BOOL, 0)
	ZEND_ARG_TYPE_INFO(0, name, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mqtt_Topic_isValidFilter, 0, 1, _IS_BOOL, 0)
	ZEND_ARG_TYPE_INFO(0, filter, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mqtt_Topic_levels, 0, 1, IS_ARRAY, 0)
	ZEND_ARG_TYPE_INFO(0, topic, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mqtt_Packet_encode, 0, 0, IS_STRING, 0)
	ZEND_ARG_OBJ_TYPE_MASK(0, version, Mqtt\\Version, MAY_BE_LONG, "Mqtt\\Version::V5")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Mqtt_Decoder___construct, 0, 0, 0)
	ZEND_ARG_OBJ_TYPE_MASK(0, version, Mqtt\\Version, MAY_BE_LONG|MAY_BE_NULL, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, maximumPacketSize, IS_LONG, 0, "268435460")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mqtt_Decoder_push, 0, 1, IS_VOID, 0)
	ZEND_ARG_TYPE_INFO(0, bytes, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Mqtt_Decoder_next, 0, 0, Mqtt\\Packet, 1)
ZEND_END_ARG_INFO()

#define arginfo_class_Mqtt_Decoder_all arginfo_class_Mqtt_Properties_toArray

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Mqtt_Decoder_getIterator, 0, 0, Iterator, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Mqtt_Decoder_version, 0, 0, Mqtt\\Version, 1)
ZEND_END_ARG_INFO()

#define arginfo_class_Mqtt_Decoder_buffered arginfo_class_Mqtt_Properties_count

#define arginfo_class_Mqtt_Codec___construct arginfo_class_Mqtt_Topic___construct

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mqtt_Codec_encode, 0, 2, IS_STRING, 0)
	ZEND_ARG_OBJ_TYPE_MASK(0, packets, Traversable, MAY_BE_ARRAY, NULL)
	ZEND_ARG_OBJ_TYPE_MASK(0, version, Mqtt\\Version, MAY_BE_LONG, NULL)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Mqtt_Codec_decode, 0, 2, Mqtt\\Packet, 0)
	ZEND_ARG_TYPE_INFO(0, bytes, IS_STRING, 0)
	ZEND_ARG_OBJ_TYPE_MASK(0, version, Mqtt\\Version, MAY_BE_LONG, NULL)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Mqtt_Client___construct, 0, 0, 0)
	ZEND_ARG_TYPE_MASK(0, uri, MAY_BE_STRING|MAY_BE_ARRAY, "\'mqtt://127.0.0.1\'")
	ZEND_ARG_OBJ_TYPE_MASK(0, options, Mqtt\\ClientOptions, MAY_BE_ARRAY, "[]")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_TYPE_MASK_EX(arginfo_class_Mqtt_Client_connect, 0, 0, Mqtt\\Packet\\ConnAck, MAY_BE_LONG)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, timeout, IS_DOUBLE, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, wait, _IS_BOOL, 0, "true")
ZEND_END_ARG_INFO()

#define arginfo_class_Mqtt_Client_isConnected arginfo_class_Mqtt_ReasonCode_isError

#define arginfo_class_Mqtt_Client___debugInfo arginfo_class_Mqtt_Properties_toArray

#define arginfo_class_Mqtt_Client_isIdle arginfo_class_Mqtt_ReasonCode_isError

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mqtt_Client_disconnect, 0, 0, IS_LONG, 1)
	ZEND_ARG_OBJ_TYPE_MASK(0, reason, Mqtt\\ReasonCode, MAY_BE_LONG, "Mqtt\\ReasonCode::Success")
	ZEND_ARG_OBJ_TYPE_MASK(0, properties, Mqtt\\Properties, MAY_BE_ARRAY|MAY_BE_NULL, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, timeout, IS_DOUBLE, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, wait, _IS_BOOL, 0, "true")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mqtt_Client_publish, 0, 1, IS_LONG, 0)
	ZEND_ARG_TYPE_INFO(0, topic, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, payload, IS_STRING, 0, "\'\'")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, qos, IS_LONG, 0, "0")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, retain, _IS_BOOL, 0, "false")
	ZEND_ARG_OBJ_TYPE_MASK(0, properties, Mqtt\\Properties, MAY_BE_ARRAY|MAY_BE_NULL, "null")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mqtt_Client_publishMany, 0, 1, IS_LONG, 0)
	ZEND_ARG_OBJ_TYPE_MASK(0, messages, Traversable, MAY_BE_ARRAY, NULL)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, qos, IS_LONG, 0, "0")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, retain, _IS_BOOL, 0, "false")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Mqtt_Client_wait, 0, 1, Mqtt\\ReasonCode, 0)
	ZEND_ARG_TYPE_INFO(0, token, IS_LONG, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, timeout, IS_DOUBLE, 1, "null")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mqtt_Client_whenDone, 0, 2, IS_VOID, 0)
	ZEND_ARG_TYPE_INFO(0, token, IS_LONG, 0)
	ZEND_ARG_TYPE_INFO(0, callback, IS_CALLABLE, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mqtt_Client_flush, 0, 0, IS_LONG, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, timeout, IS_DOUBLE, 1, "null")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_TYPE_MASK_EX(arginfo_class_Mqtt_Client_subscribe, 0, 1, Mqtt\\Packet\\SubAck, MAY_BE_LONG)
	ZEND_ARG_TYPE_MASK(0, filters, MAY_BE_STRING|MAY_BE_ARRAY, NULL)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, qos, IS_LONG, 0, "0")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, handler, IS_CALLABLE, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, noLocal, _IS_BOOL, 0, "false")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, retainAsPublished, _IS_BOOL, 0, "false")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, retainHandling, IS_LONG, 0, "0")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, identifier, IS_LONG, 1, "null")
	ZEND_ARG_OBJ_TYPE_MASK(0, properties, Mqtt\\Properties, MAY_BE_ARRAY|MAY_BE_NULL, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, timeout, IS_DOUBLE, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, wait, _IS_BOOL, 0, "true")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_TYPE_MASK_EX(arginfo_class_Mqtt_Client_unsubscribe, 0, 1, Mqtt\\Packet\\\125nsubAck, MAY_BE_LONG)
	ZEND_ARG_TYPE_MASK(0, filters, MAY_BE_STRING|MAY_BE_ARRAY, NULL)
	ZEND_ARG_OBJ_TYPE_MASK(0, properties, Mqtt\\Properties, MAY_BE_ARRAY|MAY_BE_NULL, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, timeout, IS_DOUBLE, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, wait, _IS_BOOL, 0, "true")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Mqtt_Client_receive, 0, 0, Mqtt\\Message, 1)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, timeout, IS_DOUBLE, 1, "null")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Mqtt_Client_messages, 0, 0, Mqtt\\Messages, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, timeout, IS_DOUBLE, 1, "null")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_TYPE_MASK_EX(arginfo_class_Mqtt_Client_request, 0, 1, Mqtt\\Message, MAY_BE_LONG)
	ZEND_ARG_TYPE_INFO(0, topic, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, payload, IS_STRING, 0, "\'\'")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, timeout, IS_DOUBLE, 0, "10.0")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, qos, IS_LONG, 0, "1")
	ZEND_ARG_OBJ_TYPE_MASK(0, properties, Mqtt\\Properties, MAY_BE_ARRAY|MAY_BE_NULL, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, handler, IS_CALLABLE, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, wait, _IS_BOOL, 0, "true")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mqtt_Client_onConnect, 0, 1, IS_VOID, 0)
	ZEND_ARG_TYPE_INFO(0, callback, IS_CALLABLE, 1)
ZEND_END_ARG_INFO()

#define arginfo_class_Mqtt_Client_onDisconnect arginfo_class_Mqtt_Client_onConnect

#define arginfo_class_Mqtt_Client_onMessage arginfo_class_Mqtt_Client_onConnect

#define arginfo_class_Mqtt_Client_onPublished arginfo_class_Mqtt_Client_onConnect

#define arginfo_class_Mqtt_Client_onLog arginfo_class_Mqtt_Client_onConnect

#define arginfo_class_Mqtt_Client_onAuthenticate arginfo_class_Mqtt_Client_onConnect

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mqtt_Client_run, 0, 0, IS_VOID, 0)
ZEND_END_ARG_INFO()

#define arginfo_class_Mqtt_Client_stop arginfo_class_Mqtt_Client_run

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mqtt_Client_loop, 0, 0, IS_LONG, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, timeout, IS_DOUBLE, 0, "0.0")
ZEND_END_ARG_INFO()

#define arginfo_class_Mqtt_Client_stream arginfo_class_Mqtt_Topic___construct

#define arginfo_class_Mqtt_Client_fd arginfo_class_Mqtt_Properties_count

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mqtt_Client_dispatch, 0, 0, IS_LONG, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, max, IS_LONG, 0, "PHP_INT_MAX")
ZEND_END_ARG_INFO()

#define arginfo_class_Mqtt_Client_stats arginfo_class_Mqtt_Properties_toArray

#define arginfo_class_Mqtt_Client_persistent arginfo_class_Mqtt_Properties_toArray

#define arginfo_class_Mqtt_Messages___construct arginfo_class_Mqtt_Topic___construct

#define arginfo_class_Mqtt_Messages_getIterator arginfo_class_Mqtt_Decoder_getIterator

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Mqtt_ClientOptions___construct, 0, 0, 0)
	ZEND_ARG_OBJ_TYPE_MASK(0, version, Mqtt\\Version, MAY_BE_LONG|MAY_BE_NULL, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, clientId, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, username, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, password, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, keepAlive, IS_LONG, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, cleanStart, _IS_BOOL, 1, "null")
	ZEND_ARG_OBJ_INFO_WITH_DEFAULT_VALUE(0, will, Mqtt\\Will, 1, "null")
	ZEND_ARG_OBJ_TYPE_MASK(0, properties, Mqtt\\Properties, MAY_BE_ARRAY|MAY_BE_NULL, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, sessionExpiryInterval, IS_LONG, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, receiveMaximum, IS_LONG, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, maximumPacketSize, IS_LONG, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, topicAliasMaximum, IS_LONG, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, userProperties, IS_ARRAY, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, authenticationMethod, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, authenticationData, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, tls, IS_ARRAY, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, websocketPath, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, websocketHeaders, IS_ARRAY, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, connectTimeout, IS_DOUBLE, 1, "null")
	ZEND_ARG_TYPE_MASK(0, reconnect, MAY_BE_ARRAY|MAY_BE_BOOL|MAY_BE_NULL, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, resubscribe, _IS_BOOL, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, redirects, IS_LONG, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, offlineQueue, IS_ARRAY, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, receiveQueue, IS_LONG, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, manualAck, _IS_BOOL, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, linger, IS_DOUBLE, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, persistent, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, store, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_MASK(0, logger, MAY_BE_OBJECT|MAY_BE_ARRAY|MAY_BE_STRING|MAY_BE_NULL, "null")
ZEND_END_ARG_INFO()

#define arginfo_class_Mqtt_ClientOptions___unserialize arginfo_class_Mqtt_Properties___unserialize

#define arginfo_class_Mqtt_ClientOptions___set_state arginfo_class_Mqtt_Properties___set_state

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Mqtt_Packet_Connect___construct, 0, 0, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, clientId, IS_STRING, 0, "\'\'")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, cleanStart, _IS_BOOL, 0, "true")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, keepAlive, IS_LONG, 0, "60")
	ZEND_ARG_OBJ_INFO_WITH_DEFAULT_VALUE(0, will, Mqtt\\Will, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, username, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, password, IS_STRING, 1, "null")
	ZEND_ARG_OBJ_TYPE_MASK(0, properties, Mqtt\\Properties, MAY_BE_ARRAY|MAY_BE_NULL, "null")
	ZEND_ARG_OBJ_TYPE_MASK(0, version, Mqtt\\Version, MAY_BE_LONG|MAY_BE_NULL, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, bridge, _IS_BOOL, 0, "false")
ZEND_END_ARG_INFO()

#define arginfo_class_Mqtt_Packet_Connect_encode arginfo_class_Mqtt_Packet_encode

#define arginfo_class_Mqtt_Packet_Connect___unserialize arginfo_class_Mqtt_Properties___unserialize

#define arginfo_class_Mqtt_Packet_Connect___set_state arginfo_class_Mqtt_Properties___set_state

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Mqtt_Packet_ConnAck___construct, 0, 0, 0)
	ZEND_ARG_OBJ_TYPE_MASK(0, reasonCode, Mqtt\\ReasonCode, MAY_BE_LONG, "Mqtt\\ReasonCode::Success")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, sessionPresent, _IS_BOOL, 0, "false")
	ZEND_ARG_OBJ_TYPE_MASK(0, properties, Mqtt\\Properties, MAY_BE_ARRAY|MAY_BE_NULL, "null")
ZEND_END_ARG_INFO()

#define arginfo_class_Mqtt_Packet_ConnAck_encode arginfo_class_Mqtt_Packet_encode

#define arginfo_class_Mqtt_Packet_ConnAck___unserialize arginfo_class_Mqtt_Properties___unserialize

#define arginfo_class_Mqtt_Packet_ConnAck___set_state arginfo_class_Mqtt_Properties___set_state

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Mqtt_Packet_Publish___construct, 0, 0, 1)
	ZEND_ARG_TYPE_INFO(0, topic, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, payload, IS_STRING, 0, "\'\'")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, qos, IS_LONG, 0, "0")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, retain, _IS_BOOL, 0, "false")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, dup, _IS_BOOL, 0, "false")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, packetId, IS_LONG, 1, "null")
	ZEND_ARG_OBJ_TYPE_MASK(0, properties, Mqtt\\Properties, MAY_BE_ARRAY|MAY_BE_NULL, "null")
ZEND_END_ARG_INFO()

#define arginfo_class_Mqtt_Packet_Publish_encode arginfo_class_Mqtt_Packet_encode

#define arginfo_class_Mqtt_Packet_Publish___unserialize arginfo_class_Mqtt_Properties___unserialize

#define arginfo_class_Mqtt_Packet_Publish___set_state arginfo_class_Mqtt_Properties___set_state

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Mqtt_Packet_PubAck___construct, 0, 0, 1)
	ZEND_ARG_TYPE_INFO(0, packetId, IS_LONG, 0)
	ZEND_ARG_OBJ_TYPE_MASK(0, reasonCode, Mqtt\\ReasonCode, MAY_BE_LONG, "Mqtt\\ReasonCode::Success")
	ZEND_ARG_OBJ_TYPE_MASK(0, properties, Mqtt\\Properties, MAY_BE_ARRAY|MAY_BE_NULL, "null")
ZEND_END_ARG_INFO()

#define arginfo_class_Mqtt_Packet_PubAck_encode arginfo_class_Mqtt_Packet_encode

#define arginfo_class_Mqtt_Packet_PubAck___unserialize arginfo_class_Mqtt_Properties___unserialize

#define arginfo_class_Mqtt_Packet_PubAck___set_state arginfo_class_Mqtt_Properties___set_state

#define arginfo_class_Mqtt_Packet_PubRec___construct arginfo_class_Mqtt_Packet_PubAck___construct

#define arginfo_class_Mqtt_Packet_PubRec_encode arginfo_class_Mqtt_Packet_encode

#define arginfo_class_Mqtt_Packet_PubRec___unserialize arginfo_class_Mqtt_Properties___unserialize

#define arginfo_class_Mqtt_Packet_PubRec___set_state arginfo_class_Mqtt_Properties___set_state

#define arginfo_class_Mqtt_Packet_PubRel___construct arginfo_class_Mqtt_Packet_PubAck___construct

#define arginfo_class_Mqtt_Packet_PubRel_encode arginfo_class_Mqtt_Packet_encode

#define arginfo_class_Mqtt_Packet_PubRel___unserialize arginfo_class_Mqtt_Properties___unserialize

#define arginfo_class_Mqtt_Packet_PubRel___set_state arginfo_class_Mqtt_Properties___set_state

#define arginfo_class_Mqtt_Packet_PubComp___construct arginfo_class_Mqtt_Packet_PubAck___construct

#define arginfo_class_Mqtt_Packet_PubComp_encode arginfo_class_Mqtt_Packet_encode

#define arginfo_class_Mqtt_Packet_PubComp___unserialize arginfo_class_Mqtt_Properties___unserialize

#define arginfo_class_Mqtt_Packet_PubComp___set_state arginfo_class_Mqtt_Properties___set_state

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Mqtt_Packet_Subscribe___construct, 0, 0, 2)
	ZEND_ARG_TYPE_INFO(0, packetId, IS_LONG, 0)
	ZEND_ARG_TYPE_INFO(0, subscriptions, IS_ARRAY, 0)
	ZEND_ARG_OBJ_TYPE_MASK(0, properties, Mqtt\\Properties, MAY_BE_ARRAY|MAY_BE_NULL, "null")
ZEND_END_ARG_INFO()

#define arginfo_class_Mqtt_Packet_Subscribe_encode arginfo_class_Mqtt_Packet_encode

#define arginfo_class_Mqtt_Packet_Subscribe___unserialize arginfo_class_Mqtt_Properties___unserialize

#define arginfo_class_Mqtt_Packet_Subscribe___set_state arginfo_class_Mqtt_Properties___set_state

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Mqtt_Packet_SubAck___construct, 0, 0, 2)
	ZEND_ARG_TYPE_INFO(0, packetId, IS_LONG, 0)
	ZEND_ARG_TYPE_INFO(0, reasonCodes, IS_ARRAY, 0)
	ZEND_ARG_OBJ_TYPE_MASK(0, properties, Mqtt\\Properties, MAY_BE_ARRAY|MAY_BE_NULL, "null")
ZEND_END_ARG_INFO()

#define arginfo_class_Mqtt_Packet_SubAck_encode arginfo_class_Mqtt_Packet_encode

#define arginfo_class_Mqtt_Packet_SubAck___unserialize arginfo_class_Mqtt_Properties___unserialize

#define arginfo_class_Mqtt_Packet_SubAck___set_state arginfo_class_Mqtt_Properties___set_state

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Mqtt_Packet_Unsubscribe___construct, 0, 0, 2)
	ZEND_ARG_TYPE_INFO(0, packetId, IS_LONG, 0)
	ZEND_ARG_TYPE_INFO(0, filters, IS_ARRAY, 0)
	ZEND_ARG_OBJ_TYPE_MASK(0, properties, Mqtt\\Properties, MAY_BE_ARRAY|MAY_BE_NULL, "null")
ZEND_END_ARG_INFO()

#define arginfo_class_Mqtt_Packet_Unsubscribe_encode arginfo_class_Mqtt_Packet_encode

#define arginfo_class_Mqtt_Packet_Unsubscribe___unserialize arginfo_class_Mqtt_Properties___unserialize

#define arginfo_class_Mqtt_Packet_Unsubscribe___set_state arginfo_class_Mqtt_Properties___set_state

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Mqtt_Packet_UnsubAck___construct, 0, 0, 1)
	ZEND_ARG_TYPE_INFO(0, packetId, IS_LONG, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, reasonCodes, IS_ARRAY, 0, "[]")
	ZEND_ARG_OBJ_TYPE_MASK(0, properties, Mqtt\\Properties, MAY_BE_ARRAY|MAY_BE_NULL, "null")
ZEND_END_ARG_INFO()

#define arginfo_class_Mqtt_Packet_UnsubAck_encode arginfo_class_Mqtt_Packet_encode

#define arginfo_class_Mqtt_Packet_UnsubAck___unserialize arginfo_class_Mqtt_Properties___unserialize

#define arginfo_class_Mqtt_Packet_UnsubAck___set_state arginfo_class_Mqtt_Properties___set_state

#define arginfo_class_Mqtt_Packet_PingReq_encode arginfo_class_Mqtt_Packet_encode

#define arginfo_class_Mqtt_Packet_PingReq___set_state arginfo_class_Mqtt_Properties___set_state

#define arginfo_class_Mqtt_Packet_PingResp_encode arginfo_class_Mqtt_Packet_encode

#define arginfo_class_Mqtt_Packet_PingResp___set_state arginfo_class_Mqtt_Properties___set_state

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Mqtt_Packet_Disconnect___construct, 0, 0, 0)
	ZEND_ARG_OBJ_TYPE_MASK(0, reasonCode, Mqtt\\ReasonCode, MAY_BE_LONG, "Mqtt\\ReasonCode::Success")
	ZEND_ARG_OBJ_TYPE_MASK(0, properties, Mqtt\\Properties, MAY_BE_ARRAY|MAY_BE_NULL, "null")
ZEND_END_ARG_INFO()

#define arginfo_class_Mqtt_Packet_Disconnect_encode arginfo_class_Mqtt_Packet_encode

#define arginfo_class_Mqtt_Packet_Disconnect___unserialize arginfo_class_Mqtt_Properties___unserialize

#define arginfo_class_Mqtt_Packet_Disconnect___set_state arginfo_class_Mqtt_Properties___set_state

#define arginfo_class_Mqtt_Packet_Auth___construct arginfo_class_Mqtt_Packet_Disconnect___construct

#define arginfo_class_Mqtt_Packet_Auth_encode arginfo_class_Mqtt_Packet_encode

#define arginfo_class_Mqtt_Packet_Auth___unserialize arginfo_class_Mqtt_Properties___unserialize

#define arginfo_class_Mqtt_Packet_Auth___set_state arginfo_class_Mqtt_Properties___set_state

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Mqtt_Server___construct, 0, 0, 0)
	ZEND_ARG_TYPE_MASK(0, options, MAY_BE_ARRAY|MAY_BE_STRING, "[]")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mqtt_Server_onConnect, 0, 1, IS_VOID, 0)
	ZEND_ARG_TYPE_INFO(0, hook, IS_CALLABLE, 1)
ZEND_END_ARG_INFO()

#define arginfo_class_Mqtt_Server_onAuthenticate arginfo_class_Mqtt_Server_onConnect

#define arginfo_class_Mqtt_Server_onSubscribe arginfo_class_Mqtt_Server_onConnect

#define arginfo_class_Mqtt_Server_onUnsubscribe arginfo_class_Mqtt_Server_onConnect

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mqtt_Server_onPublish, 0, 1, IS_VOID, 0)
	ZEND_ARG_TYPE_INFO(0, hook, IS_CALLABLE, 1)
	ZEND_ARG_TYPE_MASK(0, topics, MAY_BE_STRING|MAY_BE_ARRAY, "\'#\'")
ZEND_END_ARG_INFO()

#define arginfo_class_Mqtt_Server_onDeliver arginfo_class_Mqtt_Server_onPublish

#define arginfo_class_Mqtt_Server_onDisconnect arginfo_class_Mqtt_Server_onConnect

#define arginfo_class_Mqtt_Server_onSessionCreated arginfo_class_Mqtt_Server_onConnect

#define arginfo_class_Mqtt_Server_onSessionEnded arginfo_class_Mqtt_Server_onConnect

#define arginfo_class_Mqtt_Server_onPing arginfo_class_Mqtt_Server_onConnect

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mqtt_Server_handler, 0, 1, IS_VOID, 0)
	ZEND_ARG_OBJ_INFO(0, handler, Mqtt\\Server\\Handler, 0)
	ZEND_ARG_TYPE_MASK(0, topics, MAY_BE_STRING|MAY_BE_ARRAY, "\'#\'")
	ZEND_ARG_TYPE_MASK(0, deliverTopics, MAY_BE_STRING|MAY_BE_ARRAY, "\'#\'")
ZEND_END_ARG_INFO()

#define arginfo_class_Mqtt_Server_start arginfo_class_Mqtt_Client_run

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mqtt_Server_run, 0, 0, IS_VOID, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, timeout, IS_DOUBLE, 1, "null")
ZEND_END_ARG_INFO()

#define arginfo_class_Mqtt_Server_dispatch arginfo_class_Mqtt_Client_dispatch

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mqtt_Server_stop, 0, 0, _IS_BOOL, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, timeout, IS_DOUBLE, 0, "1.0")
ZEND_END_ARG_INFO()

#define arginfo_class_Mqtt_Server_isRunning arginfo_class_Mqtt_ReasonCode_isError

#define arginfo_class_Mqtt_Server_stream arginfo_class_Mqtt_Topic___construct

#define arginfo_class_Mqtt_Server_fd arginfo_class_Mqtt_Properties_count

#define arginfo_class_Mqtt_Server_addresses arginfo_class_Mqtt_Properties_toArray

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mqtt_Server_port, 0, 0, IS_LONG, 1)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mqtt_Server_publish, 0, 1, IS_VOID, 0)
	ZEND_ARG_TYPE_INFO(0, topic, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, payload, IS_STRING, 0, "\'\'")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, qos, IS_LONG, 0, "0")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, retain, _IS_BOOL, 0, "false")
	ZEND_ARG_OBJ_TYPE_MASK(0, properties, Mqtt\\Properties, MAY_BE_ARRAY|MAY_BE_NULL, "null")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_TYPE_MASK_EX(arginfo_class_Mqtt_Server_clients, 0, 0, Traversable, MAY_BE_ARRAY)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Mqtt_Server_client, 0, 1, Mqtt\\Server\\ClientInfo, 1)
	ZEND_ARG_TYPE_INFO(0, clientId, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mqtt_Server_disconnect, 0, 1, _IS_BOOL, 0)
	ZEND_ARG_TYPE_INFO(0, clientId, IS_STRING, 0)
	ZEND_ARG_OBJ_TYPE_MASK(0, reason, Mqtt\\ReasonCode, MAY_BE_LONG, "Mqtt\\ReasonCode::AdministrativeAction")
ZEND_END_ARG_INFO()

#define arginfo_class_Mqtt_Server_subscriptions arginfo_class_Mqtt_Server_clients

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_TYPE_MASK_EX(arginfo_class_Mqtt_Server_retained, 0, 0, Traversable, MAY_BE_ARRAY)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, filter, IS_STRING, 0, "\'#\'")
ZEND_END_ARG_INFO()

#define arginfo_class_Mqtt_Server_stats arginfo_class_Mqtt_Properties_toArray

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Mqtt_PacketServer___construct, 0, 0, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, options, IS_ARRAY, 0, "[]")
ZEND_END_ARG_INFO()

#define arginfo_class_Mqtt_PacketServer_onConnect arginfo_class_Mqtt_Client_onConnect

#define arginfo_class_Mqtt_PacketServer_onPacket arginfo_class_Mqtt_Client_onConnect

#define arginfo_class_Mqtt_PacketServer_onDisconnect arginfo_class_Mqtt_Client_onConnect

#define arginfo_class_Mqtt_PacketServer_start arginfo_class_Mqtt_Client_run

#define arginfo_class_Mqtt_PacketServer_run arginfo_class_Mqtt_Server_run

#define arginfo_class_Mqtt_PacketServer_dispatch arginfo_class_Mqtt_Client_dispatch

#define arginfo_class_Mqtt_PacketServer_stop arginfo_class_Mqtt_Server_stop

#define arginfo_class_Mqtt_PacketServer_isRunning arginfo_class_Mqtt_ReasonCode_isError

#define arginfo_class_Mqtt_PacketServer_connections arginfo_class_Mqtt_Properties_toArray

#define arginfo_class_Mqtt_PacketServer_stream arginfo_class_Mqtt_Topic___construct

#define arginfo_class_Mqtt_PacketServer_fd arginfo_class_Mqtt_Properties_count

#define arginfo_class_Mqtt_PacketServer_addresses arginfo_class_Mqtt_Properties_toArray

#define arginfo_class_Mqtt_PacketServer_port arginfo_class_Mqtt_Server_port

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Mqtt_PacketClient___construct, 0, 0, 1)
	ZEND_ARG_TYPE_INFO(0, uri, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, options, IS_ARRAY, 0, "[]")
ZEND_END_ARG_INFO()

#define arginfo_class_Mqtt_PacketClient_connect arginfo_class_Mqtt_Server_run

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mqtt_PacketClient_send, 0, 0, IS_LONG, 0)
	ZEND_ARG_VARIADIC_OBJ_INFO(0, packets, Mqtt\\Packet, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mqtt_PacketClient_sendBytes, 0, 1, IS_LONG, 0)
	ZEND_ARG_TYPE_INFO(0, bytes, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Mqtt_PacketClient_receive, 0, 0, Mqtt\\Packet, 1)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, timeout, IS_DOUBLE, 1, "null")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mqtt_PacketClient_receiveBytes, 0, 0, IS_STRING, 1)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, timeout, IS_DOUBLE, 1, "null")
ZEND_END_ARG_INFO()

#define arginfo_class_Mqtt_PacketClient_isConnected arginfo_class_Mqtt_ReasonCode_isError

#define arginfo_class_Mqtt_PacketClient_close arginfo_class_Mqtt_Client_run

#define arginfo_class_Mqtt_PacketClient_fd arginfo_class_Mqtt_Properties_count

#define arginfo_class_Mqtt_PacketClient_stream arginfo_class_Mqtt_Topic___construct

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mqtt_PacketClient_localAddress, 0, 0, IS_STRING, 1)
ZEND_END_ARG_INFO()

#define arginfo_class_Mqtt_PacketClient_remoteAddress arginfo_class_Mqtt_PacketClient_localAddress

#define arginfo_class_Mqtt_PacketClient_bytesSent arginfo_class_Mqtt_Properties_count

#define arginfo_class_Mqtt_PacketClient_bytesReceived arginfo_class_Mqtt_Properties_count

#define arginfo_class_Mqtt_Connection___construct arginfo_class_Mqtt_Topic___construct

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mqtt_Connection_send, 0, 0, _IS_BOOL, 0)
	ZEND_ARG_VARIADIC_OBJ_INFO(0, packets, Mqtt\\Packet, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mqtt_Connection_close, 0, 0, IS_VOID, 0)
	ZEND_ARG_OBJ_INFO_WITH_DEFAULT_VALUE(0, last, Mqtt\\Packet, 1, "null")
ZEND_END_ARG_INFO()

#define arginfo_class_Mqtt_Connection_isConnected arginfo_class_Mqtt_ReasonCode_isError

#define arginfo_class_Mqtt_Server_ConnectRequest___construct arginfo_class_Mqtt_Topic___construct

#define arginfo_class_Mqtt_Server_AuthenticateRequest___construct arginfo_class_Mqtt_Topic___construct

#define arginfo_class_Mqtt_Server_SubscribeRequest___construct arginfo_class_Mqtt_Topic___construct

#define arginfo_class_Mqtt_Server_UnsubscribeRequest___construct arginfo_class_Mqtt_Topic___construct

#define arginfo_class_Mqtt_Server_PublishRequest___construct arginfo_class_Mqtt_Topic___construct

#define arginfo_class_Mqtt_Server_DeliverRequest___construct arginfo_class_Mqtt_Topic___construct

#define arginfo_class_Mqtt_Server_PingNotice___construct arginfo_class_Mqtt_Topic___construct

#define arginfo_class_Mqtt_Server_DisconnectNotice___construct arginfo_class_Mqtt_Topic___construct

#define arginfo_class_Mqtt_Server_SessionNotice___construct arginfo_class_Mqtt_Topic___construct

#define arginfo_class_Mqtt_Server_ClientInfo___construct arginfo_class_Mqtt_Topic___construct

#define arginfo_class_Mqtt_Server_SubscriptionInfo___construct arginfo_class_Mqtt_Topic___construct

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Mqtt_Compat_ArrayCodec___construct, 0, 0, 1)
	ZEND_ARG_TYPE_INFO(0, dialect, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, level, IS_LONG, 0, "4")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mqtt_Compat_ArrayCodec_encode, 0, 1, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, packet, IS_ARRAY, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mqtt_Compat_ArrayCodec_decode, 0, 1, IS_ARRAY, 0)
	ZEND_ARG_TYPE_INFO(0, bytes, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mqtt_Compat_ArrayCodec_length, 0, 1, IS_LONG, 0)
	ZEND_ARG_TYPE_INFO(0, buffer, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mqtt_Compat_ArrayCodec_level, 0, 1, IS_LONG, 0)
	ZEND_ARG_TYPE_INFO(0, connectPacket, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mqtt_Compat_ArrayCodec_encodeProperties, 0, 2, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, kind, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, properties, IS_ARRAY, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mqtt_Compat_ArrayCodec_decodeProperties, 0, 2, IS_ARRAY, 0)
	ZEND_ARG_TYPE_INFO(0, kind, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, bytes, IS_STRING, 0)
ZEND_END_ARG_INFO()

#define arginfo_class_Mqtt_Compat_ObjectCodec___construct arginfo_class_Mqtt_Topic___construct

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mqtt_Compat_ObjectCodec_learn, 0, 2, _IS_BOOL, 0)
	ZEND_ARG_TYPE_INFO(0, type, IS_LONG, 0)
	ZEND_ARG_TYPE_INFO(0, sample, IS_OBJECT, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mqtt_Compat_ObjectCodec_encode, 0, 1, IS_STRING, 1)
	ZEND_ARG_TYPE_INFO(0, packet, IS_OBJECT, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mqtt_Compat_ObjectCodec_read, 0, 2, _IS_BOOL, 0)
	ZEND_ARG_TYPE_INFO(0, packet, IS_OBJECT, 0)
	ZEND_ARG_TYPE_INFO(0, stream, IS_OBJECT, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mqtt_Compat_ObjectCodec_decode, 0, 3, IS_ARRAY, 0)
	ZEND_ARG_TYPE_INFO(0, stream, IS_OBJECT, 0)
	ZEND_ARG_TYPE_INFO(0, bytes, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(1, stopped, _IS_BOOL, 1)
ZEND_END_ARG_INFO()


ZEND_METHOD(Mqtt_ReasonCode, isError);
ZEND_METHOD(Mqtt_ReasonCode, description);
ZEND_METHOD(Mqtt_Properties, __construct);
ZEND_METHOD(Mqtt_Properties, toArray);
ZEND_METHOD(Mqtt_Properties, getIterator);
ZEND_METHOD(Mqtt_Properties, count);
ZEND_METHOD(Mqtt_Properties, jsonSerialize);
ZEND_METHOD(Mqtt_Properties, __unserialize);
ZEND_METHOD(Mqtt_Properties, __set_state);
ZEND_METHOD(Mqtt_Message, __construct);
ZEND_METHOD(Mqtt_Message, reply);
ZEND_METHOD(Mqtt_Message, ack);
ZEND_METHOD(Mqtt_Will, __construct);
ZEND_METHOD(Mqtt_Subscription, __construct);
ZEND_METHOD(Mqtt_Topic, __construct);
ZEND_METHOD(Mqtt_Topic, matches);
ZEND_METHOD(Mqtt_Topic, isValidName);
ZEND_METHOD(Mqtt_Topic, isValidFilter);
ZEND_METHOD(Mqtt_Topic, levels);
ZEND_METHOD(Mqtt_Decoder, __construct);
ZEND_METHOD(Mqtt_Decoder, push);
ZEND_METHOD(Mqtt_Decoder, next);
ZEND_METHOD(Mqtt_Decoder, all);
ZEND_METHOD(Mqtt_Decoder, getIterator);
ZEND_METHOD(Mqtt_Decoder, version);
ZEND_METHOD(Mqtt_Decoder, buffered);
ZEND_METHOD(Mqtt_Codec, __construct);
ZEND_METHOD(Mqtt_Codec, encode);
ZEND_METHOD(Mqtt_Codec, decode);
ZEND_METHOD(Mqtt_Client, __construct);
ZEND_METHOD(Mqtt_Client, connect);
ZEND_METHOD(Mqtt_Client, isConnected);
ZEND_METHOD(Mqtt_Client, __debugInfo);
ZEND_METHOD(Mqtt_Client, isIdle);
ZEND_METHOD(Mqtt_Client, disconnect);
ZEND_METHOD(Mqtt_Client, publish);
ZEND_METHOD(Mqtt_Client, publishMany);
ZEND_METHOD(Mqtt_Client, wait);
ZEND_METHOD(Mqtt_Client, whenDone);
ZEND_METHOD(Mqtt_Client, flush);
ZEND_METHOD(Mqtt_Client, subscribe);
ZEND_METHOD(Mqtt_Client, unsubscribe);
ZEND_METHOD(Mqtt_Client, receive);
ZEND_METHOD(Mqtt_Client, messages);
ZEND_METHOD(Mqtt_Client, request);
ZEND_METHOD(Mqtt_Client, onConnect);
ZEND_METHOD(Mqtt_Client, onDisconnect);
ZEND_METHOD(Mqtt_Client, onMessage);
ZEND_METHOD(Mqtt_Client, onPublished);
ZEND_METHOD(Mqtt_Client, onLog);
ZEND_METHOD(Mqtt_Client, onAuthenticate);
ZEND_METHOD(Mqtt_Client, run);
ZEND_METHOD(Mqtt_Client, stop);
ZEND_METHOD(Mqtt_Client, loop);
ZEND_METHOD(Mqtt_Client, stream);
ZEND_METHOD(Mqtt_Client, fd);
ZEND_METHOD(Mqtt_Client, dispatch);
ZEND_METHOD(Mqtt_Client, stats);
ZEND_METHOD(Mqtt_Client, persistent);
ZEND_METHOD(Mqtt_Messages, __construct);
ZEND_METHOD(Mqtt_Messages, getIterator);
ZEND_METHOD(Mqtt_ClientOptions, __construct);
ZEND_METHOD(Mqtt_Packet_Connect, __construct);
ZEND_METHOD(Mqtt_Packet_Connect, encode);
ZEND_METHOD(Mqtt_Packet_ConnAck, __construct);
ZEND_METHOD(Mqtt_Packet_ConnAck, encode);
ZEND_METHOD(Mqtt_Packet_Publish, __construct);
ZEND_METHOD(Mqtt_Packet_Publish, encode);
ZEND_METHOD(Mqtt_Packet_PubAck, __construct);
ZEND_METHOD(Mqtt_Packet_PubAck, encode);
ZEND_METHOD(Mqtt_Packet_PubRec, __construct);
ZEND_METHOD(Mqtt_Packet_PubRec, encode);
ZEND_METHOD(Mqtt_Packet_PubRel, __construct);
ZEND_METHOD(Mqtt_Packet_PubRel, encode);
ZEND_METHOD(Mqtt_Packet_PubComp, __construct);
ZEND_METHOD(Mqtt_Packet_PubComp, encode);
ZEND_METHOD(Mqtt_Packet_Subscribe, __construct);
ZEND_METHOD(Mqtt_Packet_Subscribe, encode);
ZEND_METHOD(Mqtt_Packet_SubAck, __construct);
ZEND_METHOD(Mqtt_Packet_SubAck, encode);
ZEND_METHOD(Mqtt_Packet_Unsubscribe, __construct);
ZEND_METHOD(Mqtt_Packet_Unsubscribe, encode);
ZEND_METHOD(Mqtt_Packet_UnsubAck, __construct);
ZEND_METHOD(Mqtt_Packet_UnsubAck, encode);
ZEND_METHOD(Mqtt_Packet_PingReq, encode);
ZEND_METHOD(Mqtt_Packet_PingResp, encode);
ZEND_METHOD(Mqtt_Packet_Disconnect, __construct);
ZEND_METHOD(Mqtt_Packet_Disconnect, encode);
ZEND_METHOD(Mqtt_Packet_Auth, __construct);
ZEND_METHOD(Mqtt_Packet_Auth, encode);
ZEND_METHOD(Mqtt_Server, __construct);
ZEND_METHOD(Mqtt_Server, onConnect);
ZEND_METHOD(Mqtt_Server, onAuthenticate);
ZEND_METHOD(Mqtt_Server, onSubscribe);
ZEND_METHOD(Mqtt_Server, onUnsubscribe);
ZEND_METHOD(Mqtt_Server, onPublish);
ZEND_METHOD(Mqtt_Server, onDeliver);
ZEND_METHOD(Mqtt_Server, onDisconnect);
ZEND_METHOD(Mqtt_Server, onSessionCreated);
ZEND_METHOD(Mqtt_Server, onSessionEnded);
ZEND_METHOD(Mqtt_Server, onPing);
ZEND_METHOD(Mqtt_Server, handler);
ZEND_METHOD(Mqtt_Server, start);
ZEND_METHOD(Mqtt_Server, run);
ZEND_METHOD(Mqtt_Server, dispatch);
ZEND_METHOD(Mqtt_Server, stop);
ZEND_METHOD(Mqtt_Server, isRunning);
ZEND_METHOD(Mqtt_Server, stream);
ZEND_METHOD(Mqtt_Server, fd);
ZEND_METHOD(Mqtt_Server, addresses);
ZEND_METHOD(Mqtt_Server, port);
ZEND_METHOD(Mqtt_Server, publish);
ZEND_METHOD(Mqtt_Server, clients);
ZEND_METHOD(Mqtt_Server, client);
ZEND_METHOD(Mqtt_Server, disconnect);
ZEND_METHOD(Mqtt_Server, subscriptions);
ZEND_METHOD(Mqtt_Server, retained);
ZEND_METHOD(Mqtt_Server, stats);
ZEND_METHOD(Mqtt_PacketServer, __construct);
ZEND_METHOD(Mqtt_PacketServer, onConnect);
ZEND_METHOD(Mqtt_PacketServer, onPacket);
ZEND_METHOD(Mqtt_PacketServer, onDisconnect);
ZEND_METHOD(Mqtt_PacketServer, start);
ZEND_METHOD(Mqtt_PacketServer, run);
ZEND_METHOD(Mqtt_PacketServer, dispatch);
ZEND_METHOD(Mqtt_PacketServer, stop);
ZEND_METHOD(Mqtt_PacketServer, isRunning);
ZEND_METHOD(Mqtt_PacketServer, connections);
ZEND_METHOD(Mqtt_PacketServer, stream);
ZEND_METHOD(Mqtt_PacketServer, fd);
ZEND_METHOD(Mqtt_PacketServer, addresses);
ZEND_METHOD(Mqtt_PacketServer, port);
ZEND_METHOD(Mqtt_PacketClient, __construct);
ZEND_METHOD(Mqtt_PacketClient, connect);
ZEND_METHOD(Mqtt_PacketClient, send);
ZEND_METHOD(Mqtt_PacketClient, sendBytes);
ZEND_METHOD(Mqtt_PacketClient, receive);
ZEND_METHOD(Mqtt_PacketClient, receiveBytes);
ZEND_METHOD(Mqtt_PacketClient, isConnected);
ZEND_METHOD(Mqtt_PacketClient, close);
ZEND_METHOD(Mqtt_PacketClient, fd);
ZEND_METHOD(Mqtt_PacketClient, stream);
ZEND_METHOD(Mqtt_PacketClient, localAddress);
ZEND_METHOD(Mqtt_PacketClient, remoteAddress);
ZEND_METHOD(Mqtt_PacketClient, bytesSent);
ZEND_METHOD(Mqtt_PacketClient, bytesReceived);
ZEND_METHOD(Mqtt_Connection, __construct);
ZEND_METHOD(Mqtt_Connection, send);
ZEND_METHOD(Mqtt_Connection, close);
ZEND_METHOD(Mqtt_Connection, isConnected);
ZEND_METHOD(Mqtt_Server_ConnectRequest, __construct);
ZEND_METHOD(Mqtt_Server_AuthenticateRequest, __construct);
ZEND_METHOD(Mqtt_Server_SubscribeRequest, __construct);
ZEND_METHOD(Mqtt_Server_UnsubscribeRequest, __construct);
ZEND_METHOD(Mqtt_Server_PublishRequest, __construct);
ZEND_METHOD(Mqtt_Server_DeliverRequest, __construct);
ZEND_METHOD(Mqtt_Server_PingNotice, __construct);
ZEND_METHOD(Mqtt_Server_DisconnectNotice, __construct);
ZEND_METHOD(Mqtt_Server_SessionNotice, __construct);
ZEND_METHOD(Mqtt_Server_ClientInfo, __construct);
ZEND_METHOD(Mqtt_Server_SubscriptionInfo, __construct);
ZEND_METHOD(Mqtt_Compat_ArrayCodec, __construct);
ZEND_METHOD(Mqtt_Compat_ArrayCodec, encode);
ZEND_METHOD(Mqtt_Compat_ArrayCodec, decode);
ZEND_METHOD(Mqtt_Compat_ArrayCodec, length);
ZEND_METHOD(Mqtt_Compat_ArrayCodec, level);
ZEND_METHOD(Mqtt_Compat_ArrayCodec, encodeProperties);
ZEND_METHOD(Mqtt_Compat_ArrayCodec, decodeProperties);
ZEND_METHOD(Mqtt_Compat_ObjectCodec, __construct);
ZEND_METHOD(Mqtt_Compat_ObjectCodec, learn);
ZEND_METHOD(Mqtt_Compat_ObjectCodec, encode);
ZEND_METHOD(Mqtt_Compat_ObjectCodec, read);
ZEND_METHOD(Mqtt_Compat_ObjectCodec, decode);


static const zend_function_entry class_Mqtt_Version_methods[] = {
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_ReasonCode_methods[] = {
	ZEND_ME(Mqtt_ReasonCode, isError, arginfo_class_Mqtt_ReasonCode_isError, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_ReasonCode, description, arginfo_class_Mqtt_ReasonCode_description, ZEND_ACC_PUBLIC)
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_Properties_methods[] = {
	ZEND_ME(Mqtt_Properties, __construct, arginfo_class_Mqtt_Properties___construct, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Properties, toArray, arginfo_class_Mqtt_Properties_toArray, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Properties, getIterator, arginfo_class_Mqtt_Properties_getIterator, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Properties, count, arginfo_class_Mqtt_Properties_count, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Properties, jsonSerialize, arginfo_class_Mqtt_Properties_jsonSerialize, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Properties, __unserialize, arginfo_class_Mqtt_Properties___unserialize, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Properties, __set_state, arginfo_class_Mqtt_Properties___set_state, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_Message_methods[] = {
	ZEND_ME(Mqtt_Message, __construct, arginfo_class_Mqtt_Message___construct, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Message, reply, arginfo_class_Mqtt_Message_reply, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Message, ack, arginfo_class_Mqtt_Message_ack, ZEND_ACC_PUBLIC)
	ZEND_MALIAS(Mqtt_Properties, __unserialize, __unserialize, arginfo_class_Mqtt_Message___unserialize, ZEND_ACC_PUBLIC)
	ZEND_MALIAS(Mqtt_Properties, __set_state, __set_state, arginfo_class_Mqtt_Message___set_state, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_Will_methods[] = {
	ZEND_ME(Mqtt_Will, __construct, arginfo_class_Mqtt_Will___construct, ZEND_ACC_PUBLIC)
	ZEND_MALIAS(Mqtt_Properties, __unserialize, __unserialize, arginfo_class_Mqtt_Will___unserialize, ZEND_ACC_PUBLIC)
	ZEND_MALIAS(Mqtt_Properties, __set_state, __set_state, arginfo_class_Mqtt_Will___set_state, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_Subscription_methods[] = {
	ZEND_ME(Mqtt_Subscription, __construct, arginfo_class_Mqtt_Subscription___construct, ZEND_ACC_PUBLIC)
	ZEND_MALIAS(Mqtt_Properties, __unserialize, __unserialize, arginfo_class_Mqtt_Subscription___unserialize, ZEND_ACC_PUBLIC)
	ZEND_MALIAS(Mqtt_Properties, __set_state, __set_state, arginfo_class_Mqtt_Subscription___set_state, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_Topic_methods[] = {
	ZEND_ME(Mqtt_Topic, __construct, arginfo_class_Mqtt_Topic___construct, ZEND_ACC_PRIVATE)
	ZEND_ME(Mqtt_Topic, matches, arginfo_class_Mqtt_Topic_matches, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_ME(Mqtt_Topic, isValidName, arginfo_class_Mqtt_Topic_isValidName, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_ME(Mqtt_Topic, isValidFilter, arginfo_class_Mqtt_Topic_isValidFilter, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_ME(Mqtt_Topic, levels, arginfo_class_Mqtt_Topic_levels, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_Packet_methods[] = {
	ZEND_ABSTRACT_ME_WITH_FLAGS(Mqtt_Packet, encode, arginfo_class_Mqtt_Packet_encode, ZEND_ACC_PUBLIC|ZEND_ACC_ABSTRACT)
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_Decoder_methods[] = {
	ZEND_ME(Mqtt_Decoder, __construct, arginfo_class_Mqtt_Decoder___construct, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Decoder, push, arginfo_class_Mqtt_Decoder_push, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Decoder, next, arginfo_class_Mqtt_Decoder_next, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Decoder, all, arginfo_class_Mqtt_Decoder_all, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Decoder, getIterator, arginfo_class_Mqtt_Decoder_getIterator, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Decoder, version, arginfo_class_Mqtt_Decoder_version, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Decoder, buffered, arginfo_class_Mqtt_Decoder_buffered, ZEND_ACC_PUBLIC)
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_Codec_methods[] = {
	ZEND_ME(Mqtt_Codec, __construct, arginfo_class_Mqtt_Codec___construct, ZEND_ACC_PRIVATE)
	ZEND_ME(Mqtt_Codec, encode, arginfo_class_Mqtt_Codec_encode, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_ME(Mqtt_Codec, decode, arginfo_class_Mqtt_Codec_decode, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_Client_methods[] = {
	ZEND_ME(Mqtt_Client, __construct, arginfo_class_Mqtt_Client___construct, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Client, connect, arginfo_class_Mqtt_Client_connect, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Client, isConnected, arginfo_class_Mqtt_Client_isConnected, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Client, __debugInfo, arginfo_class_Mqtt_Client___debugInfo, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Client, isIdle, arginfo_class_Mqtt_Client_isIdle, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Client, disconnect, arginfo_class_Mqtt_Client_disconnect, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Client, publish, arginfo_class_Mqtt_Client_publish, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Client, publishMany, arginfo_class_Mqtt_Client_publishMany, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Client, wait, arginfo_class_Mqtt_Client_wait, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Client, whenDone, arginfo_class_Mqtt_Client_whenDone, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Client, flush, arginfo_class_Mqtt_Client_flush, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Client, subscribe, arginfo_class_Mqtt_Client_subscribe, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Client, unsubscribe, arginfo_class_Mqtt_Client_unsubscribe, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Client, receive, arginfo_class_Mqtt_Client_receive, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Client, messages, arginfo_class_Mqtt_Client_messages, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Client, request, arginfo_class_Mqtt_Client_request, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Client, onConnect, arginfo_class_Mqtt_Client_onConnect, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Client, onDisconnect, arginfo_class_Mqtt_Client_onDisconnect, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Client, onMessage, arginfo_class_Mqtt_Client_onMessage, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Client, onPublished, arginfo_class_Mqtt_Client_onPublished, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Client, onLog, arginfo_class_Mqtt_Client_onLog, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Client, onAuthenticate, arginfo_class_Mqtt_Client_onAuthenticate, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Client, run, arginfo_class_Mqtt_Client_run, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Client, stop, arginfo_class_Mqtt_Client_stop, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Client, loop, arginfo_class_Mqtt_Client_loop, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Client, stream, arginfo_class_Mqtt_Client_stream, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Client, fd, arginfo_class_Mqtt_Client_fd, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Client, dispatch, arginfo_class_Mqtt_Client_dispatch, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Client, stats, arginfo_class_Mqtt_Client_stats, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Client, persistent, arginfo_class_Mqtt_Client_persistent, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_Messages_methods[] = {
	ZEND_ME(Mqtt_Messages, __construct, arginfo_class_Mqtt_Messages___construct, ZEND_ACC_PRIVATE)
	ZEND_ME(Mqtt_Messages, getIterator, arginfo_class_Mqtt_Messages_getIterator, ZEND_ACC_PUBLIC)
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_ClientOptions_methods[] = {
	ZEND_ME(Mqtt_ClientOptions, __construct, arginfo_class_Mqtt_ClientOptions___construct, ZEND_ACC_PUBLIC)
	ZEND_MALIAS(Mqtt_Properties, __unserialize, __unserialize, arginfo_class_Mqtt_ClientOptions___unserialize, ZEND_ACC_PUBLIC)
	ZEND_MALIAS(Mqtt_Properties, __set_state, __set_state, arginfo_class_Mqtt_ClientOptions___set_state, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_Packet_Connect_methods[] = {
	ZEND_ME(Mqtt_Packet_Connect, __construct, arginfo_class_Mqtt_Packet_Connect___construct, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Packet_Connect, encode, arginfo_class_Mqtt_Packet_Connect_encode, ZEND_ACC_PUBLIC)
	ZEND_MALIAS(Mqtt_Properties, __unserialize, __unserialize, arginfo_class_Mqtt_Packet_Connect___unserialize, ZEND_ACC_PUBLIC)
	ZEND_MALIAS(Mqtt_Properties, __set_state, __set_state, arginfo_class_Mqtt_Packet_Connect___set_state, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_Packet_ConnAck_methods[] = {
	ZEND_ME(Mqtt_Packet_ConnAck, __construct, arginfo_class_Mqtt_Packet_ConnAck___construct, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Packet_ConnAck, encode, arginfo_class_Mqtt_Packet_ConnAck_encode, ZEND_ACC_PUBLIC)
	ZEND_MALIAS(Mqtt_Properties, __unserialize, __unserialize, arginfo_class_Mqtt_Packet_ConnAck___unserialize, ZEND_ACC_PUBLIC)
	ZEND_MALIAS(Mqtt_Properties, __set_state, __set_state, arginfo_class_Mqtt_Packet_ConnAck___set_state, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_Packet_Publish_methods[] = {
	ZEND_ME(Mqtt_Packet_Publish, __construct, arginfo_class_Mqtt_Packet_Publish___construct, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Packet_Publish, encode, arginfo_class_Mqtt_Packet_Publish_encode, ZEND_ACC_PUBLIC)
	ZEND_MALIAS(Mqtt_Properties, __unserialize, __unserialize, arginfo_class_Mqtt_Packet_Publish___unserialize, ZEND_ACC_PUBLIC)
	ZEND_MALIAS(Mqtt_Properties, __set_state, __set_state, arginfo_class_Mqtt_Packet_Publish___set_state, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_Packet_PubAck_methods[] = {
	ZEND_ME(Mqtt_Packet_PubAck, __construct, arginfo_class_Mqtt_Packet_PubAck___construct, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Packet_PubAck, encode, arginfo_class_Mqtt_Packet_PubAck_encode, ZEND_ACC_PUBLIC)
	ZEND_MALIAS(Mqtt_Properties, __unserialize, __unserialize, arginfo_class_Mqtt_Packet_PubAck___unserialize, ZEND_ACC_PUBLIC)
	ZEND_MALIAS(Mqtt_Properties, __set_state, __set_state, arginfo_class_Mqtt_Packet_PubAck___set_state, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_Packet_PubRec_methods[] = {
	ZEND_ME(Mqtt_Packet_PubRec, __construct, arginfo_class_Mqtt_Packet_PubRec___construct, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Packet_PubRec, encode, arginfo_class_Mqtt_Packet_PubRec_encode, ZEND_ACC_PUBLIC)
	ZEND_MALIAS(Mqtt_Properties, __unserialize, __unserialize, arginfo_class_Mqtt_Packet_PubRec___unserialize, ZEND_ACC_PUBLIC)
	ZEND_MALIAS(Mqtt_Properties, __set_state, __set_state, arginfo_class_Mqtt_Packet_PubRec___set_state, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_Packet_PubRel_methods[] = {
	ZEND_ME(Mqtt_Packet_PubRel, __construct, arginfo_class_Mqtt_Packet_PubRel___construct, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Packet_PubRel, encode, arginfo_class_Mqtt_Packet_PubRel_encode, ZEND_ACC_PUBLIC)
	ZEND_MALIAS(Mqtt_Properties, __unserialize, __unserialize, arginfo_class_Mqtt_Packet_PubRel___unserialize, ZEND_ACC_PUBLIC)
	ZEND_MALIAS(Mqtt_Properties, __set_state, __set_state, arginfo_class_Mqtt_Packet_PubRel___set_state, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_Packet_PubComp_methods[] = {
	ZEND_ME(Mqtt_Packet_PubComp, __construct, arginfo_class_Mqtt_Packet_PubComp___construct, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Packet_PubComp, encode, arginfo_class_Mqtt_Packet_PubComp_encode, ZEND_ACC_PUBLIC)
	ZEND_MALIAS(Mqtt_Properties, __unserialize, __unserialize, arginfo_class_Mqtt_Packet_PubComp___unserialize, ZEND_ACC_PUBLIC)
	ZEND_MALIAS(Mqtt_Properties, __set_state, __set_state, arginfo_class_Mqtt_Packet_PubComp___set_state, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_Packet_Subscribe_methods[] = {
	ZEND_ME(Mqtt_Packet_Subscribe, __construct, arginfo_class_Mqtt_Packet_Subscribe___construct, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Packet_Subscribe, encode, arginfo_class_Mqtt_Packet_Subscribe_encode, ZEND_ACC_PUBLIC)
	ZEND_MALIAS(Mqtt_Properties, __unserialize, __unserialize, arginfo_class_Mqtt_Packet_Subscribe___unserialize, ZEND_ACC_PUBLIC)
	ZEND_MALIAS(Mqtt_Properties, __set_state, __set_state, arginfo_class_Mqtt_Packet_Subscribe___set_state, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_Packet_SubAck_methods[] = {
	ZEND_ME(Mqtt_Packet_SubAck, __construct, arginfo_class_Mqtt_Packet_SubAck___construct, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Packet_SubAck, encode, arginfo_class_Mqtt_Packet_SubAck_encode, ZEND_ACC_PUBLIC)
	ZEND_MALIAS(Mqtt_Properties, __unserialize, __unserialize, arginfo_class_Mqtt_Packet_SubAck___unserialize, ZEND_ACC_PUBLIC)
	ZEND_MALIAS(Mqtt_Properties, __set_state, __set_state, arginfo_class_Mqtt_Packet_SubAck___set_state, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_Packet_Unsubscribe_methods[] = {
	ZEND_ME(Mqtt_Packet_Unsubscribe, __construct, arginfo_class_Mqtt_Packet_Unsubscribe___construct, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Packet_Unsubscribe, encode, arginfo_class_Mqtt_Packet_Unsubscribe_encode, ZEND_ACC_PUBLIC)
	ZEND_MALIAS(Mqtt_Properties, __unserialize, __unserialize, arginfo_class_Mqtt_Packet_Unsubscribe___unserialize, ZEND_ACC_PUBLIC)
	ZEND_MALIAS(Mqtt_Properties, __set_state, __set_state, arginfo_class_Mqtt_Packet_Unsubscribe___set_state, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_Packet_UnsubAck_methods[] = {
	ZEND_ME(Mqtt_Packet_UnsubAck, __construct, arginfo_class_Mqtt_Packet_UnsubAck___construct, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Packet_UnsubAck, encode, arginfo_class_Mqtt_Packet_UnsubAck_encode, ZEND_ACC_PUBLIC)
	ZEND_MALIAS(Mqtt_Properties, __unserialize, __unserialize, arginfo_class_Mqtt_Packet_UnsubAck___unserialize, ZEND_ACC_PUBLIC)
	ZEND_MALIAS(Mqtt_Properties, __set_state, __set_state, arginfo_class_Mqtt_Packet_UnsubAck___set_state, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_Packet_PingReq_methods[] = {
	ZEND_ME(Mqtt_Packet_PingReq, encode, arginfo_class_Mqtt_Packet_PingReq_encode, ZEND_ACC_PUBLIC)
	ZEND_MALIAS(Mqtt_Properties, __set_state, __set_state, arginfo_class_Mqtt_Packet_PingReq___set_state, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_Packet_PingResp_methods[] = {
	ZEND_ME(Mqtt_Packet_PingResp, encode, arginfo_class_Mqtt_Packet_PingResp_encode, ZEND_ACC_PUBLIC)
	ZEND_MALIAS(Mqtt_Properties, __set_state, __set_state, arginfo_class_Mqtt_Packet_PingResp___set_state, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_Packet_Disconnect_methods[] = {
	ZEND_ME(Mqtt_Packet_Disconnect, __construct, arginfo_class_Mqtt_Packet_Disconnect___construct, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Packet_Disconnect, encode, arginfo_class_Mqtt_Packet_Disconnect_encode, ZEND_ACC_PUBLIC)
	ZEND_MALIAS(Mqtt_Properties, __unserialize, __unserialize, arginfo_class_Mqtt_Packet_Disconnect___unserialize, ZEND_ACC_PUBLIC)
	ZEND_MALIAS(Mqtt_Properties, __set_state, __set_state, arginfo_class_Mqtt_Packet_Disconnect___set_state, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_Packet_Auth_methods[] = {
	ZEND_ME(Mqtt_Packet_Auth, __construct, arginfo_class_Mqtt_Packet_Auth___construct, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Packet_Auth, encode, arginfo_class_Mqtt_Packet_Auth_encode, ZEND_ACC_PUBLIC)
	ZEND_MALIAS(Mqtt_Properties, __unserialize, __unserialize, arginfo_class_Mqtt_Packet_Auth___unserialize, ZEND_ACC_PUBLIC)
	ZEND_MALIAS(Mqtt_Properties, __set_state, __set_state, arginfo_class_Mqtt_Packet_Auth___set_state, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_Exception_Exception_methods[] = {
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_Exception_ConnectException_methods[] = {
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_Exception_TransportException_methods[] = {
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_Exception_ProtocolException_methods[] = {
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_Exception_RefusedException_methods[] = {
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_Exception_TimeoutException_methods[] = {
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_Exception_ClosedException_methods[] = {
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_Exception_QueueFullException_methods[] = {
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_Exception_ForkException_methods[] = {
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_Server_methods[] = {
	ZEND_ME(Mqtt_Server, __construct, arginfo_class_Mqtt_Server___construct, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Server, onConnect, arginfo_class_Mqtt_Server_onConnect, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Server, onAuthenticate, arginfo_class_Mqtt_Server_onAuthenticate, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Server, onSubscribe, arginfo_class_Mqtt_Server_onSubscribe, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Server, onUnsubscribe, arginfo_class_Mqtt_Server_onUnsubscribe, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Server, onPublish, arginfo_class_Mqtt_Server_onPublish, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Server, onDeliver, arginfo_class_Mqtt_Server_onDeliver, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Server, onDisconnect, arginfo_class_Mqtt_Server_onDisconnect, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Server, onSessionCreated, arginfo_class_Mqtt_Server_onSessionCreated, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Server, onSessionEnded, arginfo_class_Mqtt_Server_onSessionEnded, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Server, onPing, arginfo_class_Mqtt_Server_onPing, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Server, handler, arginfo_class_Mqtt_Server_handler, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Server, start, arginfo_class_Mqtt_Server_start, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Server, run, arginfo_class_Mqtt_Server_run, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Server, dispatch, arginfo_class_Mqtt_Server_dispatch, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Server, stop, arginfo_class_Mqtt_Server_stop, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Server, isRunning, arginfo_class_Mqtt_Server_isRunning, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Server, stream, arginfo_class_Mqtt_Server_stream, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Server, fd, arginfo_class_Mqtt_Server_fd, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Server, addresses, arginfo_class_Mqtt_Server_addresses, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Server, port, arginfo_class_Mqtt_Server_port, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Server, publish, arginfo_class_Mqtt_Server_publish, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Server, clients, arginfo_class_Mqtt_Server_clients, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Server, client, arginfo_class_Mqtt_Server_client, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Server, disconnect, arginfo_class_Mqtt_Server_disconnect, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Server, subscriptions, arginfo_class_Mqtt_Server_subscriptions, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Server, retained, arginfo_class_Mqtt_Server_retained, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Server, stats, arginfo_class_Mqtt_Server_stats, ZEND_ACC_PUBLIC)
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_PacketServer_methods[] = {
	ZEND_ME(Mqtt_PacketServer, __construct, arginfo_class_Mqtt_PacketServer___construct, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_PacketServer, onConnect, arginfo_class_Mqtt_PacketServer_onConnect, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_PacketServer, onPacket, arginfo_class_Mqtt_PacketServer_onPacket, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_PacketServer, onDisconnect, arginfo_class_Mqtt_PacketServer_onDisconnect, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_PacketServer, start, arginfo_class_Mqtt_PacketServer_start, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_PacketServer, run, arginfo_class_Mqtt_PacketServer_run, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_PacketServer, dispatch, arginfo_class_Mqtt_PacketServer_dispatch, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_PacketServer, stop, arginfo_class_Mqtt_PacketServer_stop, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_PacketServer, isRunning, arginfo_class_Mqtt_PacketServer_isRunning, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_PacketServer, connections, arginfo_class_Mqtt_PacketServer_connections, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_PacketServer, stream, arginfo_class_Mqtt_PacketServer_stream, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_PacketServer, fd, arginfo_class_Mqtt_PacketServer_fd, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_PacketServer, addresses, arginfo_class_Mqtt_PacketServer_addresses, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_PacketServer, port, arginfo_class_Mqtt_PacketServer_port, ZEND_ACC_PUBLIC)
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_PacketClient_methods[] = {
	ZEND_ME(Mqtt_PacketClient, __construct, arginfo_class_Mqtt_PacketClient___construct, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_PacketClient, connect, arginfo_class_Mqtt_PacketClient_connect, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_PacketClient, send, arginfo_class_Mqtt_PacketClient_send, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_PacketClient, sendBytes, arginfo_class_Mqtt_PacketClient_sendBytes, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_PacketClient, receive, arginfo_class_Mqtt_PacketClient_receive, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_PacketClient, receiveBytes, arginfo_class_Mqtt_PacketClient_receiveBytes, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_PacketClient, isConnected, arginfo_class_Mqtt_PacketClient_isConnected, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_PacketClient, close, arginfo_class_Mqtt_PacketClient_close, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_PacketClient, fd, arginfo_class_Mqtt_PacketClient_fd, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_PacketClient, stream, arginfo_class_Mqtt_PacketClient_stream, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_PacketClient, localAddress, arginfo_class_Mqtt_PacketClient_localAddress, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_PacketClient, remoteAddress, arginfo_class_Mqtt_PacketClient_remoteAddress, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_PacketClient, bytesSent, arginfo_class_Mqtt_PacketClient_bytesSent, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_PacketClient, bytesReceived, arginfo_class_Mqtt_PacketClient_bytesReceived, ZEND_ACC_PUBLIC)
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_Connection_methods[] = {
	ZEND_ME(Mqtt_Connection, __construct, arginfo_class_Mqtt_Connection___construct, ZEND_ACC_PRIVATE)
	ZEND_ME(Mqtt_Connection, send, arginfo_class_Mqtt_Connection_send, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Connection, close, arginfo_class_Mqtt_Connection_close, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Connection, isConnected, arginfo_class_Mqtt_Connection_isConnected, ZEND_ACC_PUBLIC)
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_Server_Handler_methods[] = {
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_Server_AuthenticateStep_methods[] = {
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_Server_DisconnectCause_methods[] = {
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_Server_ConnectRequest_methods[] = {
	ZEND_ME(Mqtt_Server_ConnectRequest, __construct, arginfo_class_Mqtt_Server_ConnectRequest___construct, ZEND_ACC_PRIVATE)
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_Server_AuthenticateRequest_methods[] = {
	ZEND_ME(Mqtt_Server_AuthenticateRequest, __construct, arginfo_class_Mqtt_Server_AuthenticateRequest___construct, ZEND_ACC_PRIVATE)
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_Server_SubscribeRequest_methods[] = {
	ZEND_ME(Mqtt_Server_SubscribeRequest, __construct, arginfo_class_Mqtt_Server_SubscribeRequest___construct, ZEND_ACC_PRIVATE)
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_Server_UnsubscribeRequest_methods[] = {
	ZEND_ME(Mqtt_Server_UnsubscribeRequest, __construct, arginfo_class_Mqtt_Server_UnsubscribeRequest___construct, ZEND_ACC_PRIVATE)
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_Server_PublishRequest_methods[] = {
	ZEND_ME(Mqtt_Server_PublishRequest, __construct, arginfo_class_Mqtt_Server_PublishRequest___construct, ZEND_ACC_PRIVATE)
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_Server_DeliverRequest_methods[] = {
	ZEND_ME(Mqtt_Server_DeliverRequest, __construct, arginfo_class_Mqtt_Server_DeliverRequest___construct, ZEND_ACC_PRIVATE)
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_Server_PingNotice_methods[] = {
	ZEND_ME(Mqtt_Server_PingNotice, __construct, arginfo_class_Mqtt_Server_PingNotice___construct, ZEND_ACC_PRIVATE)
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_Server_DisconnectNotice_methods[] = {
	ZEND_ME(Mqtt_Server_DisconnectNotice, __construct, arginfo_class_Mqtt_Server_DisconnectNotice___construct, ZEND_ACC_PRIVATE)
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_Server_SessionNotice_methods[] = {
	ZEND_ME(Mqtt_Server_SessionNotice, __construct, arginfo_class_Mqtt_Server_SessionNotice___construct, ZEND_ACC_PRIVATE)
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_Server_ClientInfo_methods[] = {
	ZEND_ME(Mqtt_Server_ClientInfo, __construct, arginfo_class_Mqtt_Server_ClientInfo___construct, ZEND_ACC_PRIVATE)
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_Server_SubscriptionInfo_methods[] = {
	ZEND_ME(Mqtt_Server_SubscriptionInfo, __construct, arginfo_class_Mqtt_Server_SubscriptionInfo___construct, ZEND_ACC_PRIVATE)
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_Compat_ArrayCodec_methods[] = {
	ZEND_ME(Mqtt_Compat_ArrayCodec, __construct, arginfo_class_Mqtt_Compat_ArrayCodec___construct, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Compat_ArrayCodec, encode, arginfo_class_Mqtt_Compat_ArrayCodec_encode, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Compat_ArrayCodec, decode, arginfo_class_Mqtt_Compat_ArrayCodec_decode, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Compat_ArrayCodec, length, arginfo_class_Mqtt_Compat_ArrayCodec_length, ZEND_ACC_PUBLIC)
	ZEND_ME(Mqtt_Compat_ArrayCodec, level, arginfo_class_Mqtt_Compat_ArrayCodec_level, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_ME(Mqtt_Compat_ArrayCodec, encodeProperties, arginfo_class_Mqtt_Compat_ArrayCodec_encodeProperties, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_ME(Mqtt_Compat_ArrayCodec, decodeProperties, arginfo_class_Mqtt_Compat_ArrayCodec_decodeProperties, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_FE_END
};


static const zend_function_entry class_Mqtt_Compat_ObjectCodec_methods[] = {
	ZEND_ME(Mqtt_Compat_ObjectCodec, __construct, arginfo_class_Mqtt_Compat_ObjectCodec___construct, ZEND_ACC_PRIVATE)
	ZEND_ME(Mqtt_Compat_ObjectCodec, learn, arginfo_class_Mqtt_Compat_ObjectCodec_learn, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_ME(Mqtt_Compat_ObjectCodec, encode, arginfo_class_Mqtt_Compat_ObjectCodec_encode, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_ME(Mqtt_Compat_ObjectCodec, read, arginfo_class_Mqtt_Compat_ObjectCodec_read, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_ME(Mqtt_Compat_ObjectCodec, decode, arginfo_class_Mqtt_Compat_ObjectCodec_decode, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_FE_END
};

static zend_class_entry *register_class_Mqtt_Version(void)
{
	zend_class_entry *class_entry = zend_register_internal_enum("Mqtt\\Version", IS_LONG, class_Mqtt_Version_methods);

	zval enum_case_V3_1_value;
	ZVAL_LONG(&enum_case_V3_1_value, 3);
	zend_enum_add_case_cstr(class_entry, "V3_1", &enum_case_V3_1_value);

	zval enum_case_V3_1_1_value;
	ZVAL_LONG(&enum_case_V3_1_1_value, 4);
	zend_enum_add_case_cstr(class_entry, "V3_1_1", &enum_case_V3_1_1_value);

	zval enum_case_V5_value;
	ZVAL_LONG(&enum_case_V5_value, 5);
	zend_enum_add_case_cstr(class_entry, "V5", &enum_case_V5_value);

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_ReasonCode(void)
{
	zend_class_entry *class_entry = zend_register_internal_enum("Mqtt\\ReasonCode", IS_LONG, class_Mqtt_ReasonCode_methods);

	zval enum_case_Success_value;
	ZVAL_LONG(&enum_case_Success_value, 0);
	zend_enum_add_case_cstr(class_entry, "Success", &enum_case_Success_value);

	zval enum_case_GrantedQoS1_value;
	ZVAL_LONG(&enum_case_GrantedQoS1_value, 1);
	zend_enum_add_case_cstr(class_entry, "GrantedQoS1", &enum_case_GrantedQoS1_value);

	zval enum_case_GrantedQoS2_value;
	ZVAL_LONG(&enum_case_GrantedQoS2_value, 2);
	zend_enum_add_case_cstr(class_entry, "GrantedQoS2", &enum_case_GrantedQoS2_value);

	zval enum_case_DisconnectWithWill_value;
	ZVAL_LONG(&enum_case_DisconnectWithWill_value, 4);
	zend_enum_add_case_cstr(class_entry, "DisconnectWithWill", &enum_case_DisconnectWithWill_value);

	zval enum_case_NoMatchingSubscribers_value;
	ZVAL_LONG(&enum_case_NoMatchingSubscribers_value, 16);
	zend_enum_add_case_cstr(class_entry, "NoMatchingSubscribers", &enum_case_NoMatchingSubscribers_value);

	zval enum_case_NoSubscriptionExisted_value;
	ZVAL_LONG(&enum_case_NoSubscriptionExisted_value, 17);
	zend_enum_add_case_cstr(class_entry, "NoSubscriptionExisted", &enum_case_NoSubscriptionExisted_value);

	zval enum_case_ContinueAuthentication_value;
	ZVAL_LONG(&enum_case_ContinueAuthentication_value, 24);
	zend_enum_add_case_cstr(class_entry, "ContinueAuthentication", &enum_case_ContinueAuthentication_value);

	zval enum_case_ReAuthenticate_value;
	ZVAL_LONG(&enum_case_ReAuthenticate_value, 25);
	zend_enum_add_case_cstr(class_entry, "ReAuthenticate", &enum_case_ReAuthenticate_value);

	zval enum_case_UnspecifiedError_value;
	ZVAL_LONG(&enum_case_UnspecifiedError_value, 128);
	zend_enum_add_case_cstr(class_entry, "UnspecifiedError", &enum_case_UnspecifiedError_value);

	zval enum_case_MalformedPacket_value;
	ZVAL_LONG(&enum_case_MalformedPacket_value, 129);
	zend_enum_add_case_cstr(class_entry, "MalformedPacket", &enum_case_MalformedPacket_value);

	zval enum_case_ProtocolError_value;
	ZVAL_LONG(&enum_case_ProtocolError_value, 130);
	zend_enum_add_case_cstr(class_entry, "ProtocolError", &enum_case_ProtocolError_value);

	zval enum_case_ImplementationSpecificError_value;
	ZVAL_LONG(&enum_case_ImplementationSpecificError_value, 131);
	zend_enum_add_case_cstr(class_entry, "ImplementationSpecificError", &enum_case_ImplementationSpecificError_value);

	zval enum_case_UnsupportedProtocolVersion_value;
	ZVAL_LONG(&enum_case_UnsupportedProtocolVersion_value, 132);
	zend_enum_add_case_cstr(class_entry, "UnsupportedProtocolVersion", &enum_case_UnsupportedProtocolVersion_value);

	zval enum_case_ClientIdentifierNotValid_value;
	ZVAL_LONG(&enum_case_ClientIdentifierNotValid_value, 133);
	zend_enum_add_case_cstr(class_entry, "ClientIdentifierNotValid", &enum_case_ClientIdentifierNotValid_value);

	zval enum_case_BadUserNameOrPassword_value;
	ZVAL_LONG(&enum_case_BadUserNameOrPassword_value, 134);
	zend_enum_add_case_cstr(class_entry, "BadUserNameOrPassword", &enum_case_BadUserNameOrPassword_value);

	zval enum_case_NotAuthorized_value;
	ZVAL_LONG(&enum_case_NotAuthorized_value, 135);
	zend_enum_add_case_cstr(class_entry, "NotAuthorized", &enum_case_NotAuthorized_value);

	zval enum_case_ServerUnavailable_value;
	ZVAL_LONG(&enum_case_ServerUnavailable_value, 136);
	zend_enum_add_case_cstr(class_entry, "ServerUnavailable", &enum_case_ServerUnavailable_value);

	zval enum_case_ServerBusy_value;
	ZVAL_LONG(&enum_case_ServerBusy_value, 137);
	zend_enum_add_case_cstr(class_entry, "ServerBusy", &enum_case_ServerBusy_value);

	zval enum_case_Banned_value;
	ZVAL_LONG(&enum_case_Banned_value, 138);
	zend_enum_add_case_cstr(class_entry, "Banned", &enum_case_Banned_value);

	zval enum_case_ServerShuttingDown_value;
	ZVAL_LONG(&enum_case_ServerShuttingDown_value, 139);
	zend_enum_add_case_cstr(class_entry, "ServerShuttingDown", &enum_case_ServerShuttingDown_value);

	zval enum_case_BadAuthenticationMethod_value;
	ZVAL_LONG(&enum_case_BadAuthenticationMethod_value, 140);
	zend_enum_add_case_cstr(class_entry, "BadAuthenticationMethod", &enum_case_BadAuthenticationMethod_value);

	zval enum_case_KeepAliveTimeout_value;
	ZVAL_LONG(&enum_case_KeepAliveTimeout_value, 141);
	zend_enum_add_case_cstr(class_entry, "KeepAliveTimeout", &enum_case_KeepAliveTimeout_value);

	zval enum_case_SessionTakenOver_value;
	ZVAL_LONG(&enum_case_SessionTakenOver_value, 142);
	zend_enum_add_case_cstr(class_entry, "SessionTakenOver", &enum_case_SessionTakenOver_value);

	zval enum_case_TopicFilterInvalid_value;
	ZVAL_LONG(&enum_case_TopicFilterInvalid_value, 143);
	zend_enum_add_case_cstr(class_entry, "TopicFilterInvalid", &enum_case_TopicFilterInvalid_value);

	zval enum_case_TopicNameInvalid_value;
	ZVAL_LONG(&enum_case_TopicNameInvalid_value, 144);
	zend_enum_add_case_cstr(class_entry, "TopicNameInvalid", &enum_case_TopicNameInvalid_value);

	zval enum_case_PacketIdentifierInUse_value;
	ZVAL_LONG(&enum_case_PacketIdentifierInUse_value, 145);
	zend_enum_add_case_cstr(class_entry, "PacketIdentifierInUse", &enum_case_PacketIdentifierInUse_value);

	zval enum_case_PacketIdentifierNotFound_value;
	ZVAL_LONG(&enum_case_PacketIdentifierNotFound_value, 146);
	zend_enum_add_case_cstr(class_entry, "PacketIdentifierNotFound", &enum_case_PacketIdentifierNotFound_value);

	zval enum_case_ReceiveMaximumExceeded_value;
	ZVAL_LONG(&enum_case_ReceiveMaximumExceeded_value, 147);
	zend_enum_add_case_cstr(class_entry, "ReceiveMaximumExceeded", &enum_case_ReceiveMaximumExceeded_value);

	zval enum_case_TopicAliasInvalid_value;
	ZVAL_LONG(&enum_case_TopicAliasInvalid_value, 148);
	zend_enum_add_case_cstr(class_entry, "TopicAliasInvalid", &enum_case_TopicAliasInvalid_value);

	zval enum_case_PacketTooLarge_value;
	ZVAL_LONG(&enum_case_PacketTooLarge_value, 149);
	zend_enum_add_case_cstr(class_entry, "PacketTooLarge", &enum_case_PacketTooLarge_value);

	zval enum_case_MessageRateTooHigh_value;
	ZVAL_LONG(&enum_case_MessageRateTooHigh_value, 150);
	zend_enum_add_case_cstr(class_entry, "MessageRateTooHigh", &enum_case_MessageRateTooHigh_value);

	zval enum_case_QuotaExceeded_value;
	ZVAL_LONG(&enum_case_QuotaExceeded_value, 151);
	zend_enum_add_case_cstr(class_entry, "QuotaExceeded", &enum_case_QuotaExceeded_value);

	zval enum_case_AdministrativeAction_value;
	ZVAL_LONG(&enum_case_AdministrativeAction_value, 152);
	zend_enum_add_case_cstr(class_entry, "AdministrativeAction", &enum_case_AdministrativeAction_value);

	zval enum_case_PayloadFormatInvalid_value;
	ZVAL_LONG(&enum_case_PayloadFormatInvalid_value, 153);
	zend_enum_add_case_cstr(class_entry, "PayloadFormatInvalid", &enum_case_PayloadFormatInvalid_value);

	zval enum_case_RetainNotSupported_value;
	ZVAL_LONG(&enum_case_RetainNotSupported_value, 154);
	zend_enum_add_case_cstr(class_entry, "RetainNotSupported", &enum_case_RetainNotSupported_value);

	zval enum_case_QoSNotSupported_value;
	ZVAL_LONG(&enum_case_QoSNotSupported_value, 155);
	zend_enum_add_case_cstr(class_entry, "QoSNotSupported", &enum_case_QoSNotSupported_value);

	zval enum_case_UseAnotherServer_value;
	ZVAL_LONG(&enum_case_UseAnotherServer_value, 156);
	zend_enum_add_case_cstr(class_entry, "UseAnotherServer", &enum_case_UseAnotherServer_value);

	zval enum_case_ServerMoved_value;
	ZVAL_LONG(&enum_case_ServerMoved_value, 157);
	zend_enum_add_case_cstr(class_entry, "ServerMoved", &enum_case_ServerMoved_value);

	zval enum_case_SharedSubscriptionsNotSupported_value;
	ZVAL_LONG(&enum_case_SharedSubscriptionsNotSupported_value, 158);
	zend_enum_add_case_cstr(class_entry, "SharedSubscriptionsNotSupported", &enum_case_SharedSubscriptionsNotSupported_value);

	zval enum_case_ConnectionRateExceeded_value;
	ZVAL_LONG(&enum_case_ConnectionRateExceeded_value, 159);
	zend_enum_add_case_cstr(class_entry, "ConnectionRateExceeded", &enum_case_ConnectionRateExceeded_value);

	zval enum_case_MaximumConnectTime_value;
	ZVAL_LONG(&enum_case_MaximumConnectTime_value, 160);
	zend_enum_add_case_cstr(class_entry, "MaximumConnectTime", &enum_case_MaximumConnectTime_value);

	zval enum_case_SubscriptionIdentifiersNotSupported_value;
	ZVAL_LONG(&enum_case_SubscriptionIdentifiersNotSupported_value, 161);
	zend_enum_add_case_cstr(class_entry, "SubscriptionIdentifiersNotSupported", &enum_case_SubscriptionIdentifiersNotSupported_value);

	zval enum_case_WildcardSubscriptionsNotSupported_value;
	ZVAL_LONG(&enum_case_WildcardSubscriptionsNotSupported_value, 162);
	zend_enum_add_case_cstr(class_entry, "WildcardSubscriptionsNotSupported", &enum_case_WildcardSubscriptionsNotSupported_value);

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_Properties(zend_class_entry *class_entry_IteratorAggregate, zend_class_entry *class_entry_Countable, zend_class_entry *class_entry_JsonSerializable)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mqtt", "Properties", class_Mqtt_Properties_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES;
	zend_class_implements(class_entry, 3, class_entry_IteratorAggregate, class_entry_Countable, class_entry_JsonSerializable);

	zval property_payloadFormatIndicator_default_value;
	ZVAL_UNDEF(&property_payloadFormatIndicator_default_value);
	zend_string *property_payloadFormatIndicator_name = zend_string_init("payloadFormatIndicator", sizeof("payloadFormatIndicator") - 1, 1);
	zend_declare_typed_property(class_entry, property_payloadFormatIndicator_name, &property_payloadFormatIndicator_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG|MAY_BE_NULL));
	zend_string_release(property_payloadFormatIndicator_name);

	zval property_messageExpiryInterval_default_value;
	ZVAL_UNDEF(&property_messageExpiryInterval_default_value);
	zend_string *property_messageExpiryInterval_name = zend_string_init("messageExpiryInterval", sizeof("messageExpiryInterval") - 1, 1);
	zend_declare_typed_property(class_entry, property_messageExpiryInterval_name, &property_messageExpiryInterval_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG|MAY_BE_NULL));
	zend_string_release(property_messageExpiryInterval_name);

	zval property_contentType_default_value;
	ZVAL_UNDEF(&property_contentType_default_value);
	zend_string *property_contentType_name = zend_string_init("contentType", sizeof("contentType") - 1, 1);
	zend_declare_typed_property(class_entry, property_contentType_name, &property_contentType_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_contentType_name);

	zval property_responseTopic_default_value;
	ZVAL_UNDEF(&property_responseTopic_default_value);
	zend_string *property_responseTopic_name = zend_string_init("responseTopic", sizeof("responseTopic") - 1, 1);
	zend_declare_typed_property(class_entry, property_responseTopic_name, &property_responseTopic_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_responseTopic_name);

	zval property_correlationData_default_value;
	ZVAL_UNDEF(&property_correlationData_default_value);
	zend_string *property_correlationData_name = zend_string_init("correlationData", sizeof("correlationData") - 1, 1);
	zend_declare_typed_property(class_entry, property_correlationData_name, &property_correlationData_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_correlationData_name);

	zval property_subscriptionIdentifier_default_value;
	ZVAL_UNDEF(&property_subscriptionIdentifier_default_value);
	zend_string *property_subscriptionIdentifier_name = zend_string_init("subscriptionIdentifier", sizeof("subscriptionIdentifier") - 1, 1);
	zend_declare_typed_property(class_entry, property_subscriptionIdentifier_name, &property_subscriptionIdentifier_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG|MAY_BE_ARRAY|MAY_BE_NULL));
	zend_string_release(property_subscriptionIdentifier_name);

	zval property_sessionExpiryInterval_default_value;
	ZVAL_UNDEF(&property_sessionExpiryInterval_default_value);
	zend_string *property_sessionExpiryInterval_name = zend_string_init("sessionExpiryInterval", sizeof("sessionExpiryInterval") - 1, 1);
	zend_declare_typed_property(class_entry, property_sessionExpiryInterval_name, &property_sessionExpiryInterval_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG|MAY_BE_NULL));
	zend_string_release(property_sessionExpiryInterval_name);

	zval property_assignedClientIdentifier_default_value;
	ZVAL_UNDEF(&property_assignedClientIdentifier_default_value);
	zend_string *property_assignedClientIdentifier_name = zend_string_init("assignedClientIdentifier", sizeof("assignedClientIdentifier") - 1, 1);
	zend_declare_typed_property(class_entry, property_assignedClientIdentifier_name, &property_assignedClientIdentifier_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_assignedClientIdentifier_name);

	zval property_serverKeepAlive_default_value;
	ZVAL_UNDEF(&property_serverKeepAlive_default_value);
	zend_string *property_serverKeepAlive_name = zend_string_init("serverKeepAlive", sizeof("serverKeepAlive") - 1, 1);
	zend_declare_typed_property(class_entry, property_serverKeepAlive_name, &property_serverKeepAlive_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG|MAY_BE_NULL));
	zend_string_release(property_serverKeepAlive_name);

	zval property_authenticationMethod_default_value;
	ZVAL_UNDEF(&property_authenticationMethod_default_value);
	zend_string *property_authenticationMethod_name = zend_string_init("authenticationMethod", sizeof("authenticationMethod") - 1, 1);
	zend_declare_typed_property(class_entry, property_authenticationMethod_name, &property_authenticationMethod_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_authenticationMethod_name);

	zval property_authenticationData_default_value;
	ZVAL_UNDEF(&property_authenticationData_default_value);
	zend_string *property_authenticationData_name = zend_string_init("authenticationData", sizeof("authenticationData") - 1, 1);
	zend_declare_typed_property(class_entry, property_authenticationData_name, &property_authenticationData_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_authenticationData_name);

	zval property_requestProblemInformation_default_value;
	ZVAL_UNDEF(&property_requestProblemInformation_default_value);
	zend_string *property_requestProblemInformation_name = zend_string_init("requestProblemInformation", sizeof("requestProblemInformation") - 1, 1);
	zend_declare_typed_property(class_entry, property_requestProblemInformation_name, &property_requestProblemInformation_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_BOOL|MAY_BE_NULL));
	zend_string_release(property_requestProblemInformation_name);

	zval property_willDelayInterval_default_value;
	ZVAL_UNDEF(&property_willDelayInterval_default_value);
	zend_string *property_willDelayInterval_name = zend_string_init("willDelayInterval", sizeof("willDelayInterval") - 1, 1);
	zend_declare_typed_property(class_entry, property_willDelayInterval_name, &property_willDelayInterval_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG|MAY_BE_NULL));
	zend_string_release(property_willDelayInterval_name);

	zval property_requestResponseInformation_default_value;
	ZVAL_UNDEF(&property_requestResponseInformation_default_value);
	zend_string *property_requestResponseInformation_name = zend_string_init("requestResponseInformation", sizeof("requestResponseInformation") - 1, 1);
	zend_declare_typed_property(class_entry, property_requestResponseInformation_name, &property_requestResponseInformation_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_BOOL|MAY_BE_NULL));
	zend_string_release(property_requestResponseInformation_name);

	zval property_responseInformation_default_value;
	ZVAL_UNDEF(&property_responseInformation_default_value);
	zend_string *property_responseInformation_name = zend_string_init("responseInformation", sizeof("responseInformation") - 1, 1);
	zend_declare_typed_property(class_entry, property_responseInformation_name, &property_responseInformation_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_responseInformation_name);

	zval property_serverReference_default_value;
	ZVAL_UNDEF(&property_serverReference_default_value);
	zend_string *property_serverReference_name = zend_string_init("serverReference", sizeof("serverReference") - 1, 1);
	zend_declare_typed_property(class_entry, property_serverReference_name, &property_serverReference_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_serverReference_name);

	zval property_reasonString_default_value;
	ZVAL_UNDEF(&property_reasonString_default_value);
	zend_string *property_reasonString_name = zend_string_init("reasonString", sizeof("reasonString") - 1, 1);
	zend_declare_typed_property(class_entry, property_reasonString_name, &property_reasonString_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_reasonString_name);

	zval property_receiveMaximum_default_value;
	ZVAL_UNDEF(&property_receiveMaximum_default_value);
	zend_string *property_receiveMaximum_name = zend_string_init("receiveMaximum", sizeof("receiveMaximum") - 1, 1);
	zend_declare_typed_property(class_entry, property_receiveMaximum_name, &property_receiveMaximum_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG|MAY_BE_NULL));
	zend_string_release(property_receiveMaximum_name);

	zval property_topicAliasMaximum_default_value;
	ZVAL_UNDEF(&property_topicAliasMaximum_default_value);
	zend_string *property_topicAliasMaximum_name = zend_string_init("topicAliasMaximum", sizeof("topicAliasMaximum") - 1, 1);
	zend_declare_typed_property(class_entry, property_topicAliasMaximum_name, &property_topicAliasMaximum_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG|MAY_BE_NULL));
	zend_string_release(property_topicAliasMaximum_name);

	zval property_topicAlias_default_value;
	ZVAL_UNDEF(&property_topicAlias_default_value);
	zend_string *property_topicAlias_name = zend_string_init("topicAlias", sizeof("topicAlias") - 1, 1);
	zend_declare_typed_property(class_entry, property_topicAlias_name, &property_topicAlias_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG|MAY_BE_NULL));
	zend_string_release(property_topicAlias_name);

	zval property_maximumQoS_default_value;
	ZVAL_UNDEF(&property_maximumQoS_default_value);
	zend_string *property_maximumQoS_name = zend_string_init("maximumQoS", sizeof("maximumQoS") - 1, 1);
	zend_declare_typed_property(class_entry, property_maximumQoS_name, &property_maximumQoS_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG|MAY_BE_NULL));
	zend_string_release(property_maximumQoS_name);

	zval property_retainAvailable_default_value;
	ZVAL_UNDEF(&property_retainAvailable_default_value);
	zend_string *property_retainAvailable_name = zend_string_init("retainAvailable", sizeof("retainAvailable") - 1, 1);
	zend_declare_typed_property(class_entry, property_retainAvailable_name, &property_retainAvailable_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_BOOL|MAY_BE_NULL));
	zend_string_release(property_retainAvailable_name);

	zval property_userProperties_default_value;
	ZVAL_UNDEF(&property_userProperties_default_value);
	zend_string *property_userProperties_name = zend_string_init("userProperties", sizeof("userProperties") - 1, 1);
	zend_declare_typed_property(class_entry, property_userProperties_name, &property_userProperties_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_ARRAY));
	zend_string_release(property_userProperties_name);

	zval property_maximumPacketSize_default_value;
	ZVAL_UNDEF(&property_maximumPacketSize_default_value);
	zend_string *property_maximumPacketSize_name = zend_string_init("maximumPacketSize", sizeof("maximumPacketSize") - 1, 1);
	zend_declare_typed_property(class_entry, property_maximumPacketSize_name, &property_maximumPacketSize_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG|MAY_BE_NULL));
	zend_string_release(property_maximumPacketSize_name);

	zval property_wildcardSubscriptionAvailable_default_value;
	ZVAL_UNDEF(&property_wildcardSubscriptionAvailable_default_value);
	zend_string *property_wildcardSubscriptionAvailable_name = zend_string_init("wildcardSubscriptionAvailable", sizeof("wildcardSubscriptionAvailable") - 1, 1);
	zend_declare_typed_property(class_entry, property_wildcardSubscriptionAvailable_name, &property_wildcardSubscriptionAvailable_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_BOOL|MAY_BE_NULL));
	zend_string_release(property_wildcardSubscriptionAvailable_name);

	zval property_subscriptionIdentifierAvailable_default_value;
	ZVAL_UNDEF(&property_subscriptionIdentifierAvailable_default_value);
	zend_string *property_subscriptionIdentifierAvailable_name = zend_string_init("subscriptionIdentifierAvailable", sizeof("subscriptionIdentifierAvailable") - 1, 1);
	zend_declare_typed_property(class_entry, property_subscriptionIdentifierAvailable_name, &property_subscriptionIdentifierAvailable_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_BOOL|MAY_BE_NULL));
	zend_string_release(property_subscriptionIdentifierAvailable_name);

	zval property_sharedSubscriptionAvailable_default_value;
	ZVAL_UNDEF(&property_sharedSubscriptionAvailable_default_value);
	zend_string *property_sharedSubscriptionAvailable_name = zend_string_init("sharedSubscriptionAvailable", sizeof("sharedSubscriptionAvailable") - 1, 1);
	zend_declare_typed_property(class_entry, property_sharedSubscriptionAvailable_name, &property_sharedSubscriptionAvailable_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_BOOL|MAY_BE_NULL));
	zend_string_release(property_sharedSubscriptionAvailable_name);

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_Message(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mqtt", "Message", class_Mqtt_Message_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES;

	zval property_topic_default_value;
	ZVAL_UNDEF(&property_topic_default_value);
	zend_string *property_topic_name = zend_string_init("topic", sizeof("topic") - 1, 1);
	zend_declare_typed_property(class_entry, property_topic_name, &property_topic_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING));
	zend_string_release(property_topic_name);

	zval property_payload_default_value;
	ZVAL_UNDEF(&property_payload_default_value);
	zend_string *property_payload_name = zend_string_init("payload", sizeof("payload") - 1, 1);
	zend_declare_typed_property(class_entry, property_payload_name, &property_payload_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING));
	zend_string_release(property_payload_name);

	zval property_qos_default_value;
	ZVAL_UNDEF(&property_qos_default_value);
	zend_string *property_qos_name = zend_string_init("qos", sizeof("qos") - 1, 1);
	zend_declare_typed_property(class_entry, property_qos_name, &property_qos_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_qos_name);

	zval property_retain_default_value;
	ZVAL_UNDEF(&property_retain_default_value);
	zend_string *property_retain_name = zend_string_init("retain", sizeof("retain") - 1, 1);
	zend_declare_typed_property(class_entry, property_retain_name, &property_retain_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_BOOL));
	zend_string_release(property_retain_name);

	zval property_dup_default_value;
	ZVAL_UNDEF(&property_dup_default_value);
	zend_string *property_dup_name = zend_string_init("dup", sizeof("dup") - 1, 1);
	zend_declare_typed_property(class_entry, property_dup_name, &property_dup_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_BOOL));
	zend_string_release(property_dup_name);

	zend_string *property_properties_class_Mqtt_Properties = zend_string_init("Mqtt\\Properties", sizeof("Mqtt\\Properties")-1, 1);
	zval property_properties_default_value;
	ZVAL_UNDEF(&property_properties_default_value);
	zend_string *property_properties_name = zend_string_init("properties", sizeof("properties") - 1, 1);
	zend_declare_typed_property(class_entry, property_properties_name, &property_properties_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_properties_class_Mqtt_Properties, 0, 0));
	zend_string_release(property_properties_name);

	zval property_subscriptionIdentifiers_default_value;
	ZVAL_UNDEF(&property_subscriptionIdentifiers_default_value);
	zend_string *property_subscriptionIdentifiers_name = zend_string_init("subscriptionIdentifiers", sizeof("subscriptionIdentifiers") - 1, 1);
	zend_declare_typed_property(class_entry, property_subscriptionIdentifiers_name, &property_subscriptionIdentifiers_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_ARRAY));
	zend_string_release(property_subscriptionIdentifiers_name);

	zval property_receivedAt_default_value;
	ZVAL_UNDEF(&property_receivedAt_default_value);
	zend_string *property_receivedAt_name = zend_string_init("receivedAt", sizeof("receivedAt") - 1, 1);
	zend_declare_typed_property(class_entry, property_receivedAt_name, &property_receivedAt_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_DOUBLE|MAY_BE_NULL));
	zend_string_release(property_receivedAt_name);

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_Will(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mqtt", "Will", class_Mqtt_Will_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES;

	zval property_topic_default_value;
	ZVAL_UNDEF(&property_topic_default_value);
	zend_string *property_topic_name = zend_string_init("topic", sizeof("topic") - 1, 1);
	zend_declare_typed_property(class_entry, property_topic_name, &property_topic_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING));
	zend_string_release(property_topic_name);

	zval property_payload_default_value;
	ZVAL_UNDEF(&property_payload_default_value);
	zend_string *property_payload_name = zend_string_init("payload", sizeof("payload") - 1, 1);
	zend_declare_typed_property(class_entry, property_payload_name, &property_payload_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING));
	zend_string_release(property_payload_name);

	zval property_qos_default_value;
	ZVAL_UNDEF(&property_qos_default_value);
	zend_string *property_qos_name = zend_string_init("qos", sizeof("qos") - 1, 1);
	zend_declare_typed_property(class_entry, property_qos_name, &property_qos_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_qos_name);

	zval property_retain_default_value;
	ZVAL_UNDEF(&property_retain_default_value);
	zend_string *property_retain_name = zend_string_init("retain", sizeof("retain") - 1, 1);
	zend_declare_typed_property(class_entry, property_retain_name, &property_retain_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_BOOL));
	zend_string_release(property_retain_name);

	zend_string *property_properties_class_Mqtt_Properties = zend_string_init("Mqtt\\Properties", sizeof("Mqtt\\Properties")-1, 1);
	zval property_properties_default_value;
	ZVAL_UNDEF(&property_properties_default_value);
	zend_string *property_properties_name = zend_string_init("properties", sizeof("properties") - 1, 1);
	zend_declare_typed_property(class_entry, property_properties_name, &property_properties_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_properties_class_Mqtt_Properties, 0, 0));
	zend_string_release(property_properties_name);

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_Subscription(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mqtt", "Subscription", class_Mqtt_Subscription_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES;

	zval property_filter_default_value;
	ZVAL_UNDEF(&property_filter_default_value);
	zend_string *property_filter_name = zend_string_init("filter", sizeof("filter") - 1, 1);
	zend_declare_typed_property(class_entry, property_filter_name, &property_filter_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING));
	zend_string_release(property_filter_name);

	zval property_qos_default_value;
	ZVAL_UNDEF(&property_qos_default_value);
	zend_string *property_qos_name = zend_string_init("qos", sizeof("qos") - 1, 1);
	zend_declare_typed_property(class_entry, property_qos_name, &property_qos_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_qos_name);

	zval property_noLocal_default_value;
	ZVAL_UNDEF(&property_noLocal_default_value);
	zend_string *property_noLocal_name = zend_string_init("noLocal", sizeof("noLocal") - 1, 1);
	zend_declare_typed_property(class_entry, property_noLocal_name, &property_noLocal_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_BOOL));
	zend_string_release(property_noLocal_name);

	zval property_retainAsPublished_default_value;
	ZVAL_UNDEF(&property_retainAsPublished_default_value);
	zend_string *property_retainAsPublished_name = zend_string_init("retainAsPublished", sizeof("retainAsPublished") - 1, 1);
	zend_declare_typed_property(class_entry, property_retainAsPublished_name, &property_retainAsPublished_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_BOOL));
	zend_string_release(property_retainAsPublished_name);

	zval property_retainHandling_default_value;
	ZVAL_UNDEF(&property_retainHandling_default_value);
	zend_string *property_retainHandling_name = zend_string_init("retainHandling", sizeof("retainHandling") - 1, 1);
	zend_declare_typed_property(class_entry, property_retainHandling_name, &property_retainHandling_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_retainHandling_name);

	zval property_identifier_default_value;
	ZVAL_UNDEF(&property_identifier_default_value);
	zend_string *property_identifier_name = zend_string_init("identifier", sizeof("identifier") - 1, 1);
	zend_declare_typed_property(class_entry, property_identifier_name, &property_identifier_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG|MAY_BE_NULL));
	zend_string_release(property_identifier_name);

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_Topic(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mqtt", "Topic", class_Mqtt_Topic_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL;

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_Packet(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mqtt", "Packet", class_Mqtt_Packet_methods);
	class_entry = zend_register_internal_interface(&ce);

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_Decoder(zend_class_entry *class_entry_IteratorAggregate)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mqtt", "Decoder", class_Mqtt_Decoder_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;
	zend_class_implements(class_entry, 1, class_entry_IteratorAggregate);

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_Codec(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mqtt", "Codec", class_Mqtt_Codec_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL;

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_Client(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mqtt", "Client", class_Mqtt_Client_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;


#if PHP_VERSION_ID >= 80200
	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "__construct", sizeof("__construct") - 1), 0, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);
#endif

#if PHP_VERSION_ID >= 80200
	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "__construct", sizeof("__construct") - 1), 1, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);
#endif

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_Messages(zend_class_entry *class_entry_IteratorAggregate)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mqtt", "Messages", class_Mqtt_Messages_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;
	zend_class_implements(class_entry, 1, class_entry_IteratorAggregate);

	zend_string *property_client_class_Mqtt_Client = zend_string_init("Mqtt\\Client", sizeof("Mqtt\\Client")-1, 1);
	zval property_client_default_value;
	ZVAL_UNDEF(&property_client_default_value);
	zend_string *property_client_name = zend_string_init("client", sizeof("client") - 1, 1);
	zend_declare_typed_property(class_entry, property_client_name, &property_client_default_value, ZEND_ACC_PRIVATE|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_client_class_Mqtt_Client, 0, 0));
	zend_string_release(property_client_name);

	zval property_timeout_default_value;
	ZVAL_UNDEF(&property_timeout_default_value);
	zend_string *property_timeout_name = zend_string_init("timeout", sizeof("timeout") - 1, 1);
	zend_declare_typed_property(class_entry, property_timeout_name, &property_timeout_default_value, ZEND_ACC_PRIVATE|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_DOUBLE|MAY_BE_NULL));
	zend_string_release(property_timeout_name);

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_ClientOptions(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mqtt", "ClientOptions", class_Mqtt_ClientOptions_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES;

	zend_string *property_version_class_Mqtt_Version = zend_string_init("Mqtt\\Version", sizeof("Mqtt\\Version")-1, 1);
	zval property_version_default_value;
	ZVAL_UNDEF(&property_version_default_value);
	zend_string *property_version_name = zend_string_init("version", sizeof("version") - 1, 1);
	zend_declare_typed_property(class_entry, property_version_name, &property_version_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_version_class_Mqtt_Version, 0, MAY_BE_LONG|MAY_BE_NULL));
	zend_string_release(property_version_name);

	zval property_clientId_default_value;
	ZVAL_UNDEF(&property_clientId_default_value);
	zend_string *property_clientId_name = zend_string_init("clientId", sizeof("clientId") - 1, 1);
	zend_declare_typed_property(class_entry, property_clientId_name, &property_clientId_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_clientId_name);

	zval property_username_default_value;
	ZVAL_UNDEF(&property_username_default_value);
	zend_string *property_username_name = zend_string_init("username", sizeof("username") - 1, 1);
	zend_declare_typed_property(class_entry, property_username_name, &property_username_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_username_name);

	zval property_password_default_value;
	ZVAL_UNDEF(&property_password_default_value);
	zend_string *property_password_name = zend_string_init("password", sizeof("password") - 1, 1);
	zend_declare_typed_property(class_entry, property_password_name, &property_password_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_password_name);

	zval property_keepAlive_default_value;
	ZVAL_UNDEF(&property_keepAlive_default_value);
	zend_string *property_keepAlive_name = zend_string_init("keepAlive", sizeof("keepAlive") - 1, 1);
	zend_declare_typed_property(class_entry, property_keepAlive_name, &property_keepAlive_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG|MAY_BE_NULL));
	zend_string_release(property_keepAlive_name);

	zval property_cleanStart_default_value;
	ZVAL_UNDEF(&property_cleanStart_default_value);
	zend_string *property_cleanStart_name = zend_string_init("cleanStart", sizeof("cleanStart") - 1, 1);
	zend_declare_typed_property(class_entry, property_cleanStart_name, &property_cleanStart_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_BOOL|MAY_BE_NULL));
	zend_string_release(property_cleanStart_name);

	zend_string *property_will_class_Mqtt_Will = zend_string_init("Mqtt\\Will", sizeof("Mqtt\\Will")-1, 1);
	zval property_will_default_value;
	ZVAL_UNDEF(&property_will_default_value);
	zend_string *property_will_name = zend_string_init("will", sizeof("will") - 1, 1);
	zend_declare_typed_property(class_entry, property_will_name, &property_will_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_will_class_Mqtt_Will, 0, MAY_BE_NULL));
	zend_string_release(property_will_name);

	zend_string *property_properties_class_Mqtt_Properties = zend_string_init("Mqtt\\Properties", sizeof("Mqtt\\Properties")-1, 1);
	zval property_properties_default_value;
	ZVAL_UNDEF(&property_properties_default_value);
	zend_string *property_properties_name = zend_string_init("properties", sizeof("properties") - 1, 1);
	zend_declare_typed_property(class_entry, property_properties_name, &property_properties_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_properties_class_Mqtt_Properties, 0, MAY_BE_ARRAY|MAY_BE_NULL));
	zend_string_release(property_properties_name);

	zval property_sessionExpiryInterval_default_value;
	ZVAL_UNDEF(&property_sessionExpiryInterval_default_value);
	zend_string *property_sessionExpiryInterval_name = zend_string_init("sessionExpiryInterval", sizeof("sessionExpiryInterval") - 1, 1);
	zend_declare_typed_property(class_entry, property_sessionExpiryInterval_name, &property_sessionExpiryInterval_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG|MAY_BE_NULL));
	zend_string_release(property_sessionExpiryInterval_name);

	zval property_receiveMaximum_default_value;
	ZVAL_UNDEF(&property_receiveMaximum_default_value);
	zend_string *property_receiveMaximum_name = zend_string_init("receiveMaximum", sizeof("receiveMaximum") - 1, 1);
	zend_declare_typed_property(class_entry, property_receiveMaximum_name, &property_receiveMaximum_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG|MAY_BE_NULL));
	zend_string_release(property_receiveMaximum_name);

	zval property_maximumPacketSize_default_value;
	ZVAL_UNDEF(&property_maximumPacketSize_default_value);
	zend_string *property_maximumPacketSize_name = zend_string_init("maximumPacketSize", sizeof("maximumPacketSize") - 1, 1);
	zend_declare_typed_property(class_entry, property_maximumPacketSize_name, &property_maximumPacketSize_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG|MAY_BE_NULL));
	zend_string_release(property_maximumPacketSize_name);

	zval property_topicAliasMaximum_default_value;
	ZVAL_UNDEF(&property_topicAliasMaximum_default_value);
	zend_string *property_topicAliasMaximum_name = zend_string_init("topicAliasMaximum", sizeof("topicAliasMaximum") - 1, 1);
	zend_declare_typed_property(class_entry, property_topicAliasMaximum_name, &property_topicAliasMaximum_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG|MAY_BE_NULL));
	zend_string_release(property_topicAliasMaximum_name);

	zval property_userProperties_default_value;
	ZVAL_UNDEF(&property_userProperties_default_value);
	zend_string *property_userProperties_name = zend_string_init("userProperties", sizeof("userProperties") - 1, 1);
	zend_declare_typed_property(class_entry, property_userProperties_name, &property_userProperties_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_ARRAY|MAY_BE_NULL));
	zend_string_release(property_userProperties_name);

	zval property_authenticationMethod_default_value;
	ZVAL_UNDEF(&property_authenticationMethod_default_value);
	zend_string *property_authenticationMethod_name = zend_string_init("authenticationMethod", sizeof("authenticationMethod") - 1, 1);
	zend_declare_typed_property(class_entry, property_authenticationMethod_name, &property_authenticationMethod_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_authenticationMethod_name);

	zval property_authenticationData_default_value;
	ZVAL_UNDEF(&property_authenticationData_default_value);
	zend_string *property_authenticationData_name = zend_string_init("authenticationData", sizeof("authenticationData") - 1, 1);
	zend_declare_typed_property(class_entry, property_authenticationData_name, &property_authenticationData_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_authenticationData_name);

	zval property_tls_default_value;
	ZVAL_UNDEF(&property_tls_default_value);
	zend_string *property_tls_name = zend_string_init("tls", sizeof("tls") - 1, 1);
	zend_declare_typed_property(class_entry, property_tls_name, &property_tls_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_ARRAY|MAY_BE_NULL));
	zend_string_release(property_tls_name);

	zval property_websocketPath_default_value;
	ZVAL_UNDEF(&property_websocketPath_default_value);
	zend_string *property_websocketPath_name = zend_string_init("websocketPath", sizeof("websocketPath") - 1, 1);
	zend_declare_typed_property(class_entry, property_websocketPath_name, &property_websocketPath_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_websocketPath_name);

	zval property_websocketHeaders_default_value;
	ZVAL_UNDEF(&property_websocketHeaders_default_value);
	zend_string *property_websocketHeaders_name = zend_string_init("websocketHeaders", sizeof("websocketHeaders") - 1, 1);
	zend_declare_typed_property(class_entry, property_websocketHeaders_name, &property_websocketHeaders_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_ARRAY|MAY_BE_NULL));
	zend_string_release(property_websocketHeaders_name);

	zval property_connectTimeout_default_value;
	ZVAL_UNDEF(&property_connectTimeout_default_value);
	zend_string *property_connectTimeout_name = zend_string_init("connectTimeout", sizeof("connectTimeout") - 1, 1);
	zend_declare_typed_property(class_entry, property_connectTimeout_name, &property_connectTimeout_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_DOUBLE|MAY_BE_NULL));
	zend_string_release(property_connectTimeout_name);

	zval property_reconnect_default_value;
	ZVAL_UNDEF(&property_reconnect_default_value);
	zend_string *property_reconnect_name = zend_string_init("reconnect", sizeof("reconnect") - 1, 1);
	zend_declare_typed_property(class_entry, property_reconnect_name, &property_reconnect_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_ARRAY|MAY_BE_BOOL|MAY_BE_NULL));
	zend_string_release(property_reconnect_name);

	zval property_resubscribe_default_value;
	ZVAL_UNDEF(&property_resubscribe_default_value);
	zend_string *property_resubscribe_name = zend_string_init("resubscribe", sizeof("resubscribe") - 1, 1);
	zend_declare_typed_property(class_entry, property_resubscribe_name, &property_resubscribe_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_BOOL|MAY_BE_NULL));
	zend_string_release(property_resubscribe_name);

	zval property_redirects_default_value;
	ZVAL_UNDEF(&property_redirects_default_value);
	zend_string *property_redirects_name = zend_string_init("redirects", sizeof("redirects") - 1, 1);
	zend_declare_typed_property(class_entry, property_redirects_name, &property_redirects_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG|MAY_BE_NULL));
	zend_string_release(property_redirects_name);

	zval property_offlineQueue_default_value;
	ZVAL_UNDEF(&property_offlineQueue_default_value);
	zend_string *property_offlineQueue_name = zend_string_init("offlineQueue", sizeof("offlineQueue") - 1, 1);
	zend_declare_typed_property(class_entry, property_offlineQueue_name, &property_offlineQueue_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_ARRAY|MAY_BE_NULL));
	zend_string_release(property_offlineQueue_name);

	zval property_receiveQueue_default_value;
	ZVAL_UNDEF(&property_receiveQueue_default_value);
	zend_string *property_receiveQueue_name = zend_string_init("receiveQueue", sizeof("receiveQueue") - 1, 1);
	zend_declare_typed_property(class_entry, property_receiveQueue_name, &property_receiveQueue_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG|MAY_BE_NULL));
	zend_string_release(property_receiveQueue_name);

	zval property_manualAck_default_value;
	ZVAL_UNDEF(&property_manualAck_default_value);
	zend_string *property_manualAck_name = zend_string_init("manualAck", sizeof("manualAck") - 1, 1);
	zend_declare_typed_property(class_entry, property_manualAck_name, &property_manualAck_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_BOOL|MAY_BE_NULL));
	zend_string_release(property_manualAck_name);

	zval property_linger_default_value;
	ZVAL_UNDEF(&property_linger_default_value);
	zend_string *property_linger_name = zend_string_init("linger", sizeof("linger") - 1, 1);
	zend_declare_typed_property(class_entry, property_linger_name, &property_linger_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_DOUBLE|MAY_BE_NULL));
	zend_string_release(property_linger_name);

	zval property_persistent_default_value;
	ZVAL_UNDEF(&property_persistent_default_value);
	zend_string *property_persistent_name = zend_string_init("persistent", sizeof("persistent") - 1, 1);
	zend_declare_typed_property(class_entry, property_persistent_name, &property_persistent_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_persistent_name);

	zval property_store_default_value;
	ZVAL_UNDEF(&property_store_default_value);
	zend_string *property_store_name = zend_string_init("store", sizeof("store") - 1, 1);
	zend_declare_typed_property(class_entry, property_store_name, &property_store_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_store_name);

	zval property_logger_default_value;
	ZVAL_UNDEF(&property_logger_default_value);
	zend_string *property_logger_name = zend_string_init("logger", sizeof("logger") - 1, 1);
	zend_declare_typed_property(class_entry, property_logger_name, &property_logger_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_OBJECT|MAY_BE_ARRAY|MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_logger_name);


#if PHP_VERSION_ID >= 80200
	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "__construct", sizeof("__construct") - 1), 3, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);
#endif

#if PHP_VERSION_ID >= 80200
	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "__construct", sizeof("__construct") - 1), 14, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);
#endif

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_Packet_Connect(zend_class_entry *class_entry_Mqtt_Packet)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mqtt\\Packet", "Connect", class_Mqtt_Packet_Connect_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES;
	zend_class_implements(class_entry, 1, class_entry_Mqtt_Packet);

	zval property_clientId_default_value;
	ZVAL_UNDEF(&property_clientId_default_value);
	zend_string *property_clientId_name = zend_string_init("clientId", sizeof("clientId") - 1, 1);
	zend_declare_typed_property(class_entry, property_clientId_name, &property_clientId_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING));
	zend_string_release(property_clientId_name);

	zval property_cleanStart_default_value;
	ZVAL_UNDEF(&property_cleanStart_default_value);
	zend_string *property_cleanStart_name = zend_string_init("cleanStart", sizeof("cleanStart") - 1, 1);
	zend_declare_typed_property(class_entry, property_cleanStart_name, &property_cleanStart_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_BOOL));
	zend_string_release(property_cleanStart_name);

	zval property_keepAlive_default_value;
	ZVAL_UNDEF(&property_keepAlive_default_value);
	zend_string *property_keepAlive_name = zend_string_init("keepAlive", sizeof("keepAlive") - 1, 1);
	zend_declare_typed_property(class_entry, property_keepAlive_name, &property_keepAlive_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_keepAlive_name);

	zend_string *property_will_class_Mqtt_Will = zend_string_init("Mqtt\\Will", sizeof("Mqtt\\Will")-1, 1);
	zval property_will_default_value;
	ZVAL_UNDEF(&property_will_default_value);
	zend_string *property_will_name = zend_string_init("will", sizeof("will") - 1, 1);
	zend_declare_typed_property(class_entry, property_will_name, &property_will_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_will_class_Mqtt_Will, 0, MAY_BE_NULL));
	zend_string_release(property_will_name);

	zval property_username_default_value;
	ZVAL_UNDEF(&property_username_default_value);
	zend_string *property_username_name = zend_string_init("username", sizeof("username") - 1, 1);
	zend_declare_typed_property(class_entry, property_username_name, &property_username_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_username_name);

	zval property_password_default_value;
	ZVAL_UNDEF(&property_password_default_value);
	zend_string *property_password_name = zend_string_init("password", sizeof("password") - 1, 1);
	zend_declare_typed_property(class_entry, property_password_name, &property_password_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_password_name);

	zend_string *property_properties_class_Mqtt_Properties = zend_string_init("Mqtt\\Properties", sizeof("Mqtt\\Properties")-1, 1);
	zval property_properties_default_value;
	ZVAL_UNDEF(&property_properties_default_value);
	zend_string *property_properties_name = zend_string_init("properties", sizeof("properties") - 1, 1);
	zend_declare_typed_property(class_entry, property_properties_name, &property_properties_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_properties_class_Mqtt_Properties, 0, 0));
	zend_string_release(property_properties_name);

	zend_string *property_version_class_Mqtt_Version = zend_string_init("Mqtt\\Version", sizeof("Mqtt\\Version")-1, 1);
	zval property_version_default_value;
	ZVAL_UNDEF(&property_version_default_value);
	zend_string *property_version_name = zend_string_init("version", sizeof("version") - 1, 1);
	zend_declare_typed_property(class_entry, property_version_name, &property_version_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_version_class_Mqtt_Version, 0, MAY_BE_NULL));
	zend_string_release(property_version_name);

	zval property_bridge_default_value;
	ZVAL_UNDEF(&property_bridge_default_value);
	zend_string *property_bridge_name = zend_string_init("bridge", sizeof("bridge") - 1, 1);
	zend_declare_typed_property(class_entry, property_bridge_name, &property_bridge_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_BOOL));
	zend_string_release(property_bridge_name);


#if PHP_VERSION_ID >= 80200
	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "__construct", sizeof("__construct") - 1), 5, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);
#endif

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_Packet_ConnAck(zend_class_entry *class_entry_Mqtt_Packet)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mqtt\\Packet", "ConnAck", class_Mqtt_Packet_ConnAck_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES;
	zend_class_implements(class_entry, 1, class_entry_Mqtt_Packet);

	zend_string *property_reasonCode_class_Mqtt_ReasonCode = zend_string_init("Mqtt\\ReasonCode", sizeof("Mqtt\\ReasonCode")-1, 1);
	zval property_reasonCode_default_value;
	ZVAL_UNDEF(&property_reasonCode_default_value);
	zend_string *property_reasonCode_name = zend_string_init("reasonCode", sizeof("reasonCode") - 1, 1);
	zend_declare_typed_property(class_entry, property_reasonCode_name, &property_reasonCode_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_reasonCode_class_Mqtt_ReasonCode, 0, 0));
	zend_string_release(property_reasonCode_name);

	zval property_sessionPresent_default_value;
	ZVAL_UNDEF(&property_sessionPresent_default_value);
	zend_string *property_sessionPresent_name = zend_string_init("sessionPresent", sizeof("sessionPresent") - 1, 1);
	zend_declare_typed_property(class_entry, property_sessionPresent_name, &property_sessionPresent_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_BOOL));
	zend_string_release(property_sessionPresent_name);

	zend_string *property_properties_class_Mqtt_Properties = zend_string_init("Mqtt\\Properties", sizeof("Mqtt\\Properties")-1, 1);
	zval property_properties_default_value;
	ZVAL_UNDEF(&property_properties_default_value);
	zend_string *property_properties_name = zend_string_init("properties", sizeof("properties") - 1, 1);
	zend_declare_typed_property(class_entry, property_properties_name, &property_properties_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_properties_class_Mqtt_Properties, 0, 0));
	zend_string_release(property_properties_name);

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_Packet_Publish(zend_class_entry *class_entry_Mqtt_Packet)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mqtt\\Packet", "Publish", class_Mqtt_Packet_Publish_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES;
	zend_class_implements(class_entry, 1, class_entry_Mqtt_Packet);

	zval property_topic_default_value;
	ZVAL_UNDEF(&property_topic_default_value);
	zend_string *property_topic_name = zend_string_init("topic", sizeof("topic") - 1, 1);
	zend_declare_typed_property(class_entry, property_topic_name, &property_topic_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING));
	zend_string_release(property_topic_name);

	zval property_payload_default_value;
	ZVAL_UNDEF(&property_payload_default_value);
	zend_string *property_payload_name = zend_string_init("payload", sizeof("payload") - 1, 1);
	zend_declare_typed_property(class_entry, property_payload_name, &property_payload_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING));
	zend_string_release(property_payload_name);

	zval property_qos_default_value;
	ZVAL_UNDEF(&property_qos_default_value);
	zend_string *property_qos_name = zend_string_init("qos", sizeof("qos") - 1, 1);
	zend_declare_typed_property(class_entry, property_qos_name, &property_qos_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_qos_name);

	zval property_retain_default_value;
	ZVAL_UNDEF(&property_retain_default_value);
	zend_string *property_retain_name = zend_string_init("retain", sizeof("retain") - 1, 1);
	zend_declare_typed_property(class_entry, property_retain_name, &property_retain_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_BOOL));
	zend_string_release(property_retain_name);

	zval property_dup_default_value;
	ZVAL_UNDEF(&property_dup_default_value);
	zend_string *property_dup_name = zend_string_init("dup", sizeof("dup") - 1, 1);
	zend_declare_typed_property(class_entry, property_dup_name, &property_dup_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_BOOL));
	zend_string_release(property_dup_name);

	zval property_packetId_default_value;
	ZVAL_UNDEF(&property_packetId_default_value);
	zend_string *property_packetId_name = zend_string_init("packetId", sizeof("packetId") - 1, 1);
	zend_declare_typed_property(class_entry, property_packetId_name, &property_packetId_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG|MAY_BE_NULL));
	zend_string_release(property_packetId_name);

	zend_string *property_properties_class_Mqtt_Properties = zend_string_init("Mqtt\\Properties", sizeof("Mqtt\\Properties")-1, 1);
	zval property_properties_default_value;
	ZVAL_UNDEF(&property_properties_default_value);
	zend_string *property_properties_name = zend_string_init("properties", sizeof("properties") - 1, 1);
	zend_declare_typed_property(class_entry, property_properties_name, &property_properties_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_properties_class_Mqtt_Properties, 0, 0));
	zend_string_release(property_properties_name);

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_Packet_PubAck(zend_class_entry *class_entry_Mqtt_Packet)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mqtt\\Packet", "PubAck", class_Mqtt_Packet_PubAck_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES;
	zend_class_implements(class_entry, 1, class_entry_Mqtt_Packet);

	zval property_packetId_default_value;
	ZVAL_UNDEF(&property_packetId_default_value);
	zend_string *property_packetId_name = zend_string_init("packetId", sizeof("packetId") - 1, 1);
	zend_declare_typed_property(class_entry, property_packetId_name, &property_packetId_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_packetId_name);

	zend_string *property_reasonCode_class_Mqtt_ReasonCode = zend_string_init("Mqtt\\ReasonCode", sizeof("Mqtt\\ReasonCode")-1, 1);
	zval property_reasonCode_default_value;
	ZVAL_UNDEF(&property_reasonCode_default_value);
	zend_string *property_reasonCode_name = zend_string_init("reasonCode", sizeof("reasonCode") - 1, 1);
	zend_declare_typed_property(class_entry, property_reasonCode_name, &property_reasonCode_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_reasonCode_class_Mqtt_ReasonCode, 0, 0));
	zend_string_release(property_reasonCode_name);

	zend_string *property_properties_class_Mqtt_Properties = zend_string_init("Mqtt\\Properties", sizeof("Mqtt\\Properties")-1, 1);
	zval property_properties_default_value;
	ZVAL_UNDEF(&property_properties_default_value);
	zend_string *property_properties_name = zend_string_init("properties", sizeof("properties") - 1, 1);
	zend_declare_typed_property(class_entry, property_properties_name, &property_properties_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_properties_class_Mqtt_Properties, 0, 0));
	zend_string_release(property_properties_name);

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_Packet_PubRec(zend_class_entry *class_entry_Mqtt_Packet)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mqtt\\Packet", "PubRec", class_Mqtt_Packet_PubRec_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES;
	zend_class_implements(class_entry, 1, class_entry_Mqtt_Packet);

	zval property_packetId_default_value;
	ZVAL_UNDEF(&property_packetId_default_value);
	zend_string *property_packetId_name = zend_string_init("packetId", sizeof("packetId") - 1, 1);
	zend_declare_typed_property(class_entry, property_packetId_name, &property_packetId_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_packetId_name);

	zend_string *property_reasonCode_class_Mqtt_ReasonCode = zend_string_init("Mqtt\\ReasonCode", sizeof("Mqtt\\ReasonCode")-1, 1);
	zval property_reasonCode_default_value;
	ZVAL_UNDEF(&property_reasonCode_default_value);
	zend_string *property_reasonCode_name = zend_string_init("reasonCode", sizeof("reasonCode") - 1, 1);
	zend_declare_typed_property(class_entry, property_reasonCode_name, &property_reasonCode_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_reasonCode_class_Mqtt_ReasonCode, 0, 0));
	zend_string_release(property_reasonCode_name);

	zend_string *property_properties_class_Mqtt_Properties = zend_string_init("Mqtt\\Properties", sizeof("Mqtt\\Properties")-1, 1);
	zval property_properties_default_value;
	ZVAL_UNDEF(&property_properties_default_value);
	zend_string *property_properties_name = zend_string_init("properties", sizeof("properties") - 1, 1);
	zend_declare_typed_property(class_entry, property_properties_name, &property_properties_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_properties_class_Mqtt_Properties, 0, 0));
	zend_string_release(property_properties_name);

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_Packet_PubRel(zend_class_entry *class_entry_Mqtt_Packet)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mqtt\\Packet", "PubRel", class_Mqtt_Packet_PubRel_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES;
	zend_class_implements(class_entry, 1, class_entry_Mqtt_Packet);

	zval property_packetId_default_value;
	ZVAL_UNDEF(&property_packetId_default_value);
	zend_string *property_packetId_name = zend_string_init("packetId", sizeof("packetId") - 1, 1);
	zend_declare_typed_property(class_entry, property_packetId_name, &property_packetId_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_packetId_name);

	zend_string *property_reasonCode_class_Mqtt_ReasonCode = zend_string_init("Mqtt\\ReasonCode", sizeof("Mqtt\\ReasonCode")-1, 1);
	zval property_reasonCode_default_value;
	ZVAL_UNDEF(&property_reasonCode_default_value);
	zend_string *property_reasonCode_name = zend_string_init("reasonCode", sizeof("reasonCode") - 1, 1);
	zend_declare_typed_property(class_entry, property_reasonCode_name, &property_reasonCode_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_reasonCode_class_Mqtt_ReasonCode, 0, 0));
	zend_string_release(property_reasonCode_name);

	zend_string *property_properties_class_Mqtt_Properties = zend_string_init("Mqtt\\Properties", sizeof("Mqtt\\Properties")-1, 1);
	zval property_properties_default_value;
	ZVAL_UNDEF(&property_properties_default_value);
	zend_string *property_properties_name = zend_string_init("properties", sizeof("properties") - 1, 1);
	zend_declare_typed_property(class_entry, property_properties_name, &property_properties_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_properties_class_Mqtt_Properties, 0, 0));
	zend_string_release(property_properties_name);

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_Packet_PubComp(zend_class_entry *class_entry_Mqtt_Packet)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mqtt\\Packet", "PubComp", class_Mqtt_Packet_PubComp_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES;
	zend_class_implements(class_entry, 1, class_entry_Mqtt_Packet);

	zval property_packetId_default_value;
	ZVAL_UNDEF(&property_packetId_default_value);
	zend_string *property_packetId_name = zend_string_init("packetId", sizeof("packetId") - 1, 1);
	zend_declare_typed_property(class_entry, property_packetId_name, &property_packetId_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_packetId_name);

	zend_string *property_reasonCode_class_Mqtt_ReasonCode = zend_string_init("Mqtt\\ReasonCode", sizeof("Mqtt\\ReasonCode")-1, 1);
	zval property_reasonCode_default_value;
	ZVAL_UNDEF(&property_reasonCode_default_value);
	zend_string *property_reasonCode_name = zend_string_init("reasonCode", sizeof("reasonCode") - 1, 1);
	zend_declare_typed_property(class_entry, property_reasonCode_name, &property_reasonCode_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_reasonCode_class_Mqtt_ReasonCode, 0, 0));
	zend_string_release(property_reasonCode_name);

	zend_string *property_properties_class_Mqtt_Properties = zend_string_init("Mqtt\\Properties", sizeof("Mqtt\\Properties")-1, 1);
	zval property_properties_default_value;
	ZVAL_UNDEF(&property_properties_default_value);
	zend_string *property_properties_name = zend_string_init("properties", sizeof("properties") - 1, 1);
	zend_declare_typed_property(class_entry, property_properties_name, &property_properties_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_properties_class_Mqtt_Properties, 0, 0));
	zend_string_release(property_properties_name);

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_Packet_Subscribe(zend_class_entry *class_entry_Mqtt_Packet)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mqtt\\Packet", "Subscribe", class_Mqtt_Packet_Subscribe_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES;
	zend_class_implements(class_entry, 1, class_entry_Mqtt_Packet);

	zval property_packetId_default_value;
	ZVAL_UNDEF(&property_packetId_default_value);
	zend_string *property_packetId_name = zend_string_init("packetId", sizeof("packetId") - 1, 1);
	zend_declare_typed_property(class_entry, property_packetId_name, &property_packetId_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_packetId_name);

	zval property_subscriptions_default_value;
	ZVAL_UNDEF(&property_subscriptions_default_value);
	zend_string *property_subscriptions_name = zend_string_init("subscriptions", sizeof("subscriptions") - 1, 1);
	zend_declare_typed_property(class_entry, property_subscriptions_name, &property_subscriptions_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_ARRAY));
	zend_string_release(property_subscriptions_name);

	zend_string *property_properties_class_Mqtt_Properties = zend_string_init("Mqtt\\Properties", sizeof("Mqtt\\Properties")-1, 1);
	zval property_properties_default_value;
	ZVAL_UNDEF(&property_properties_default_value);
	zend_string *property_properties_name = zend_string_init("properties", sizeof("properties") - 1, 1);
	zend_declare_typed_property(class_entry, property_properties_name, &property_properties_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_properties_class_Mqtt_Properties, 0, 0));
	zend_string_release(property_properties_name);

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_Packet_SubAck(zend_class_entry *class_entry_Mqtt_Packet)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mqtt\\Packet", "SubAck", class_Mqtt_Packet_SubAck_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES;
	zend_class_implements(class_entry, 1, class_entry_Mqtt_Packet);

	zval property_packetId_default_value;
	ZVAL_UNDEF(&property_packetId_default_value);
	zend_string *property_packetId_name = zend_string_init("packetId", sizeof("packetId") - 1, 1);
	zend_declare_typed_property(class_entry, property_packetId_name, &property_packetId_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_packetId_name);

	zval property_reasonCodes_default_value;
	ZVAL_UNDEF(&property_reasonCodes_default_value);
	zend_string *property_reasonCodes_name = zend_string_init("reasonCodes", sizeof("reasonCodes") - 1, 1);
	zend_declare_typed_property(class_entry, property_reasonCodes_name, &property_reasonCodes_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_ARRAY));
	zend_string_release(property_reasonCodes_name);

	zend_string *property_properties_class_Mqtt_Properties = zend_string_init("Mqtt\\Properties", sizeof("Mqtt\\Properties")-1, 1);
	zval property_properties_default_value;
	ZVAL_UNDEF(&property_properties_default_value);
	zend_string *property_properties_name = zend_string_init("properties", sizeof("properties") - 1, 1);
	zend_declare_typed_property(class_entry, property_properties_name, &property_properties_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_properties_class_Mqtt_Properties, 0, 0));
	zend_string_release(property_properties_name);

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_Packet_Unsubscribe(zend_class_entry *class_entry_Mqtt_Packet)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mqtt\\Packet", "Unsubscribe", class_Mqtt_Packet_Unsubscribe_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES;
	zend_class_implements(class_entry, 1, class_entry_Mqtt_Packet);

	zval property_packetId_default_value;
	ZVAL_UNDEF(&property_packetId_default_value);
	zend_string *property_packetId_name = zend_string_init("packetId", sizeof("packetId") - 1, 1);
	zend_declare_typed_property(class_entry, property_packetId_name, &property_packetId_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_packetId_name);

	zval property_filters_default_value;
	ZVAL_UNDEF(&property_filters_default_value);
	zend_string *property_filters_name = zend_string_init("filters", sizeof("filters") - 1, 1);
	zend_declare_typed_property(class_entry, property_filters_name, &property_filters_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_ARRAY));
	zend_string_release(property_filters_name);

	zend_string *property_properties_class_Mqtt_Properties = zend_string_init("Mqtt\\Properties", sizeof("Mqtt\\Properties")-1, 1);
	zval property_properties_default_value;
	ZVAL_UNDEF(&property_properties_default_value);
	zend_string *property_properties_name = zend_string_init("properties", sizeof("properties") - 1, 1);
	zend_declare_typed_property(class_entry, property_properties_name, &property_properties_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_properties_class_Mqtt_Properties, 0, 0));
	zend_string_release(property_properties_name);

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_Packet_UnsubAck(zend_class_entry *class_entry_Mqtt_Packet)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mqtt\\Packet", "UnsubAck", class_Mqtt_Packet_UnsubAck_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES;
	zend_class_implements(class_entry, 1, class_entry_Mqtt_Packet);

	zval property_packetId_default_value;
	ZVAL_UNDEF(&property_packetId_default_value);
	zend_string *property_packetId_name = zend_string_init("packetId", sizeof("packetId") - 1, 1);
	zend_declare_typed_property(class_entry, property_packetId_name, &property_packetId_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_packetId_name);

	zval property_reasonCodes_default_value;
	ZVAL_UNDEF(&property_reasonCodes_default_value);
	zend_string *property_reasonCodes_name = zend_string_init("reasonCodes", sizeof("reasonCodes") - 1, 1);
	zend_declare_typed_property(class_entry, property_reasonCodes_name, &property_reasonCodes_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_ARRAY));
	zend_string_release(property_reasonCodes_name);

	zend_string *property_properties_class_Mqtt_Properties = zend_string_init("Mqtt\\Properties", sizeof("Mqtt\\Properties")-1, 1);
	zval property_properties_default_value;
	ZVAL_UNDEF(&property_properties_default_value);
	zend_string *property_properties_name = zend_string_init("properties", sizeof("properties") - 1, 1);
	zend_declare_typed_property(class_entry, property_properties_name, &property_properties_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_properties_class_Mqtt_Properties, 0, 0));
	zend_string_release(property_properties_name);

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_Packet_PingReq(zend_class_entry *class_entry_Mqtt_Packet)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mqtt\\Packet", "PingReq", class_Mqtt_Packet_PingReq_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES;
	zend_class_implements(class_entry, 1, class_entry_Mqtt_Packet);

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_Packet_PingResp(zend_class_entry *class_entry_Mqtt_Packet)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mqtt\\Packet", "PingResp", class_Mqtt_Packet_PingResp_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES;
	zend_class_implements(class_entry, 1, class_entry_Mqtt_Packet);

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_Packet_Disconnect(zend_class_entry *class_entry_Mqtt_Packet)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mqtt\\Packet", "Disconnect", class_Mqtt_Packet_Disconnect_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES;
	zend_class_implements(class_entry, 1, class_entry_Mqtt_Packet);

	zend_string *property_reasonCode_class_Mqtt_ReasonCode = zend_string_init("Mqtt\\ReasonCode", sizeof("Mqtt\\ReasonCode")-1, 1);
	zval property_reasonCode_default_value;
	ZVAL_UNDEF(&property_reasonCode_default_value);
	zend_string *property_reasonCode_name = zend_string_init("reasonCode", sizeof("reasonCode") - 1, 1);
	zend_declare_typed_property(class_entry, property_reasonCode_name, &property_reasonCode_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_reasonCode_class_Mqtt_ReasonCode, 0, 0));
	zend_string_release(property_reasonCode_name);

	zend_string *property_properties_class_Mqtt_Properties = zend_string_init("Mqtt\\Properties", sizeof("Mqtt\\Properties")-1, 1);
	zval property_properties_default_value;
	ZVAL_UNDEF(&property_properties_default_value);
	zend_string *property_properties_name = zend_string_init("properties", sizeof("properties") - 1, 1);
	zend_declare_typed_property(class_entry, property_properties_name, &property_properties_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_properties_class_Mqtt_Properties, 0, 0));
	zend_string_release(property_properties_name);

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_Packet_Auth(zend_class_entry *class_entry_Mqtt_Packet)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mqtt\\Packet", "Auth", class_Mqtt_Packet_Auth_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES;
	zend_class_implements(class_entry, 1, class_entry_Mqtt_Packet);

	zend_string *property_reasonCode_class_Mqtt_ReasonCode = zend_string_init("Mqtt\\ReasonCode", sizeof("Mqtt\\ReasonCode")-1, 1);
	zval property_reasonCode_default_value;
	ZVAL_UNDEF(&property_reasonCode_default_value);
	zend_string *property_reasonCode_name = zend_string_init("reasonCode", sizeof("reasonCode") - 1, 1);
	zend_declare_typed_property(class_entry, property_reasonCode_name, &property_reasonCode_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_reasonCode_class_Mqtt_ReasonCode, 0, 0));
	zend_string_release(property_reasonCode_name);

	zend_string *property_properties_class_Mqtt_Properties = zend_string_init("Mqtt\\Properties", sizeof("Mqtt\\Properties")-1, 1);
	zval property_properties_default_value;
	ZVAL_UNDEF(&property_properties_default_value);
	zend_string *property_properties_name = zend_string_init("properties", sizeof("properties") - 1, 1);
	zend_declare_typed_property(class_entry, property_properties_name, &property_properties_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_properties_class_Mqtt_Properties, 0, 0));
	zend_string_release(property_properties_name);

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_Exception_Exception(zend_class_entry *class_entry_Throwable)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mqtt\\Exception", "Exception", class_Mqtt_Exception_Exception_methods);
	class_entry = zend_register_internal_interface(&ce);
	zend_class_implements(class_entry, 1, class_entry_Throwable);

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_Exception_ConnectException(zend_class_entry *class_entry_RuntimeException, zend_class_entry *class_entry_Mqtt_Exception_Exception)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mqtt\\Exception", "ConnectException", class_Mqtt_Exception_ConnectException_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_RuntimeException);
	zend_class_implements(class_entry, 1, class_entry_Mqtt_Exception_Exception);

	zend_string *property_reasonCode_class_Mqtt_ReasonCode = zend_string_init("Mqtt\\ReasonCode", sizeof("Mqtt\\ReasonCode")-1, 1);
	zval property_reasonCode_default_value;
	ZVAL_UNDEF(&property_reasonCode_default_value);
	zend_string *property_reasonCode_name = zend_string_init("reasonCode", sizeof("reasonCode") - 1, 1);
	zend_declare_typed_property(class_entry, property_reasonCode_name, &property_reasonCode_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_reasonCode_class_Mqtt_ReasonCode, 0, MAY_BE_NULL));
	zend_string_release(property_reasonCode_name);

	zend_string *property_connAck_class_Mqtt_Packet_ConnAck = zend_string_init("Mqtt\\Packet\\ConnAck", sizeof("Mqtt\\Packet\\ConnAck")-1, 1);
	zval property_connAck_default_value;
	ZVAL_UNDEF(&property_connAck_default_value);
	zend_string *property_connAck_name = zend_string_init("connAck", sizeof("connAck") - 1, 1);
	zend_declare_typed_property(class_entry, property_connAck_name, &property_connAck_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_connAck_class_Mqtt_Packet_ConnAck, 0, MAY_BE_NULL));
	zend_string_release(property_connAck_name);

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_Exception_TransportException(zend_class_entry *class_entry_RuntimeException, zend_class_entry *class_entry_Mqtt_Exception_Exception)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mqtt\\Exception", "TransportException", class_Mqtt_Exception_TransportException_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_RuntimeException);
	zend_class_implements(class_entry, 1, class_entry_Mqtt_Exception_Exception);

	zval property_step_default_value;
	ZVAL_UNDEF(&property_step_default_value);
	zend_string *property_step_name = zend_string_init("step", sizeof("step") - 1, 1);
	zend_declare_typed_property(class_entry, property_step_name, &property_step_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_step_name);

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_Exception_ProtocolException(zend_class_entry *class_entry_RuntimeException, zend_class_entry *class_entry_Mqtt_Exception_Exception)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mqtt\\Exception", "ProtocolException", class_Mqtt_Exception_ProtocolException_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_RuntimeException);
	zend_class_implements(class_entry, 1, class_entry_Mqtt_Exception_Exception);

	zend_string *property_reasonCode_class_Mqtt_ReasonCode = zend_string_init("Mqtt\\ReasonCode", sizeof("Mqtt\\ReasonCode")-1, 1);
	zval property_reasonCode_default_value;
	ZVAL_UNDEF(&property_reasonCode_default_value);
	zend_string *property_reasonCode_name = zend_string_init("reasonCode", sizeof("reasonCode") - 1, 1);
	zend_declare_typed_property(class_entry, property_reasonCode_name, &property_reasonCode_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_reasonCode_class_Mqtt_ReasonCode, 0, MAY_BE_NULL));
	zend_string_release(property_reasonCode_name);

	zval property_clause_default_value;
	ZVAL_UNDEF(&property_clause_default_value);
	zend_string *property_clause_name = zend_string_init("clause", sizeof("clause") - 1, 1);
	zend_declare_typed_property(class_entry, property_clause_name, &property_clause_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_clause_name);

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_Exception_RefusedException(zend_class_entry *class_entry_RuntimeException, zend_class_entry *class_entry_Mqtt_Exception_Exception)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mqtt\\Exception", "RefusedException", class_Mqtt_Exception_RefusedException_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_RuntimeException);
	zend_class_implements(class_entry, 1, class_entry_Mqtt_Exception_Exception);

	zend_string *property_reasonCode_class_Mqtt_ReasonCode = zend_string_init("Mqtt\\ReasonCode", sizeof("Mqtt\\ReasonCode")-1, 1);
	zval property_reasonCode_default_value;
	ZVAL_UNDEF(&property_reasonCode_default_value);
	zend_string *property_reasonCode_name = zend_string_init("reasonCode", sizeof("reasonCode") - 1, 1);
	zend_declare_typed_property(class_entry, property_reasonCode_name, &property_reasonCode_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_reasonCode_class_Mqtt_ReasonCode, 0, MAY_BE_NULL));
	zend_string_release(property_reasonCode_name);

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_Exception_TimeoutException(zend_class_entry *class_entry_RuntimeException, zend_class_entry *class_entry_Mqtt_Exception_Exception)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mqtt\\Exception", "TimeoutException", class_Mqtt_Exception_TimeoutException_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_RuntimeException);
	zend_class_implements(class_entry, 1, class_entry_Mqtt_Exception_Exception);

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_Exception_ClosedException(zend_class_entry *class_entry_RuntimeException, zend_class_entry *class_entry_Mqtt_Exception_Exception)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mqtt\\Exception", "ClosedException", class_Mqtt_Exception_ClosedException_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_RuntimeException);
	zend_class_implements(class_entry, 1, class_entry_Mqtt_Exception_Exception);

	zend_string *property_reasonCode_class_Mqtt_ReasonCode = zend_string_init("Mqtt\\ReasonCode", sizeof("Mqtt\\ReasonCode")-1, 1);
	zval property_reasonCode_default_value;
	ZVAL_UNDEF(&property_reasonCode_default_value);
	zend_string *property_reasonCode_name = zend_string_init("reasonCode", sizeof("reasonCode") - 1, 1);
	zend_declare_typed_property(class_entry, property_reasonCode_name, &property_reasonCode_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_reasonCode_class_Mqtt_ReasonCode, 0, MAY_BE_NULL));
	zend_string_release(property_reasonCode_name);

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_Exception_QueueFullException(zend_class_entry *class_entry_RuntimeException, zend_class_entry *class_entry_Mqtt_Exception_Exception)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mqtt\\Exception", "QueueFullException", class_Mqtt_Exception_QueueFullException_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_RuntimeException);
	zend_class_implements(class_entry, 1, class_entry_Mqtt_Exception_Exception);

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_Exception_ForkException(zend_class_entry *class_entry_LogicException, zend_class_entry *class_entry_Mqtt_Exception_Exception)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mqtt\\Exception", "ForkException", class_Mqtt_Exception_ForkException_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_LogicException);
	zend_class_implements(class_entry, 1, class_entry_Mqtt_Exception_Exception);

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_Server(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mqtt", "Server", class_Mqtt_Server_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_PacketServer(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mqtt", "PacketServer", class_Mqtt_PacketServer_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_PacketClient(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mqtt", "PacketClient", class_Mqtt_PacketClient_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_Connection(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mqtt", "Connection", class_Mqtt_Connection_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;

	zval property_id_default_value;
	ZVAL_UNDEF(&property_id_default_value);
	zend_string *property_id_name = zend_string_init("id", sizeof("id") - 1, 1);
	zend_declare_typed_property(class_entry, property_id_name, &property_id_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_id_name);

	zval property_remoteAddress_default_value;
	ZVAL_UNDEF(&property_remoteAddress_default_value);
	zend_string *property_remoteAddress_name = zend_string_init("remoteAddress", sizeof("remoteAddress") - 1, 1);
	zend_declare_typed_property(class_entry, property_remoteAddress_name, &property_remoteAddress_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_remoteAddress_name);

	zend_string *property_version_class_Mqtt_Version = zend_string_init("Mqtt\\Version", sizeof("Mqtt\\Version")-1, 1);
	zval property_version_default_value;
	ZVAL_UNDEF(&property_version_default_value);
	zend_string *property_version_name = zend_string_init("version", sizeof("version") - 1, 1);
	zend_declare_typed_property(class_entry, property_version_name, &property_version_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_version_class_Mqtt_Version, 0, MAY_BE_NULL));
	zend_string_release(property_version_name);

	zval property_clientId_default_value;
	ZVAL_UNDEF(&property_clientId_default_value);
	zend_string *property_clientId_name = zend_string_init("clientId", sizeof("clientId") - 1, 1);
	zend_declare_typed_property(class_entry, property_clientId_name, &property_clientId_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_clientId_name);

	zval property_data_default_value;
	ZVAL_NULL(&property_data_default_value);
	zend_string *property_data_name = zend_string_init("data", sizeof("data") - 1, 1);
	zend_declare_typed_property(class_entry, property_data_name, &property_data_default_value, ZEND_ACC_PUBLIC, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_ANY));
	zend_string_release(property_data_name);

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_Server_Handler(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mqtt\\Server", "Handler", class_Mqtt_Server_Handler_methods);
	class_entry = zend_register_internal_interface(&ce);

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_Server_AuthenticateStep(void)
{
	zend_class_entry *class_entry = zend_register_internal_enum("Mqtt\\Server\\AuthenticateStep", IS_UNDEF, class_Mqtt_Server_AuthenticateStep_methods);

	zend_enum_add_case_cstr(class_entry, "Begin", NULL);

	zend_enum_add_case_cstr(class_entry, "Continue", NULL);

	zend_enum_add_case_cstr(class_entry, "ReAuthenticate", NULL);

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_Server_DisconnectCause(void)
{
	zend_class_entry *class_entry = zend_register_internal_enum("Mqtt\\Server\\DisconnectCause", IS_UNDEF, class_Mqtt_Server_DisconnectCause_methods);

	zend_enum_add_case_cstr(class_entry, "Client", NULL);

	zend_enum_add_case_cstr(class_entry, "Network", NULL);

	zend_enum_add_case_cstr(class_entry, "Server", NULL);

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_Server_ConnectRequest(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mqtt\\Server", "ConnectRequest", class_Mqtt_Server_ConnectRequest_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;

	zval property_clientId_default_value;
	ZVAL_UNDEF(&property_clientId_default_value);
	zend_string *property_clientId_name = zend_string_init("clientId", sizeof("clientId") - 1, 1);
	zend_declare_typed_property(class_entry, property_clientId_name, &property_clientId_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING));
	zend_string_release(property_clientId_name);

	zval property_username_default_value;
	ZVAL_UNDEF(&property_username_default_value);
	zend_string *property_username_name = zend_string_init("username", sizeof("username") - 1, 1);
	zend_declare_typed_property(class_entry, property_username_name, &property_username_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_username_name);

	zval property_password_default_value;
	ZVAL_UNDEF(&property_password_default_value);
	zend_string *property_password_name = zend_string_init("password", sizeof("password") - 1, 1);
	zend_declare_typed_property(class_entry, property_password_name, &property_password_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_password_name);

	zend_string *property_version_class_Mqtt_Version = zend_string_init("Mqtt\\Version", sizeof("Mqtt\\Version")-1, 1);
	zval property_version_default_value;
	ZVAL_UNDEF(&property_version_default_value);
	zend_string *property_version_name = zend_string_init("version", sizeof("version") - 1, 1);
	zend_declare_typed_property(class_entry, property_version_name, &property_version_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_version_class_Mqtt_Version, 0, 0));
	zend_string_release(property_version_name);

	zval property_cleanStart_default_value;
	ZVAL_UNDEF(&property_cleanStart_default_value);
	zend_string *property_cleanStart_name = zend_string_init("cleanStart", sizeof("cleanStart") - 1, 1);
	zend_declare_typed_property(class_entry, property_cleanStart_name, &property_cleanStart_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_BOOL));
	zend_string_release(property_cleanStart_name);

	zval property_keepAlive_default_value;
	ZVAL_UNDEF(&property_keepAlive_default_value);
	zend_string *property_keepAlive_name = zend_string_init("keepAlive", sizeof("keepAlive") - 1, 1);
	zend_declare_typed_property(class_entry, property_keepAlive_name, &property_keepAlive_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_keepAlive_name);

	zend_string *property_will_class_Mqtt_Will = zend_string_init("Mqtt\\Will", sizeof("Mqtt\\Will")-1, 1);
	zval property_will_default_value;
	ZVAL_UNDEF(&property_will_default_value);
	zend_string *property_will_name = zend_string_init("will", sizeof("will") - 1, 1);
	zend_declare_typed_property(class_entry, property_will_name, &property_will_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_will_class_Mqtt_Will, 0, MAY_BE_NULL));
	zend_string_release(property_will_name);

	zend_string *property_properties_class_Mqtt_Properties = zend_string_init("Mqtt\\Properties", sizeof("Mqtt\\Properties")-1, 1);
	zval property_properties_default_value;
	ZVAL_UNDEF(&property_properties_default_value);
	zend_string *property_properties_name = zend_string_init("properties", sizeof("properties") - 1, 1);
	zend_declare_typed_property(class_entry, property_properties_name, &property_properties_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_properties_class_Mqtt_Properties, 0, 0));
	zend_string_release(property_properties_name);

	zval property_remoteAddress_default_value;
	ZVAL_UNDEF(&property_remoteAddress_default_value);
	zend_string *property_remoteAddress_name = zend_string_init("remoteAddress", sizeof("remoteAddress") - 1, 1);
	zend_declare_typed_property(class_entry, property_remoteAddress_name, &property_remoteAddress_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_remoteAddress_name);

	zval property_certificateSubject_default_value;
	ZVAL_UNDEF(&property_certificateSubject_default_value);
	zend_string *property_certificateSubject_name = zend_string_init("certificateSubject", sizeof("certificateSubject") - 1, 1);
	zend_declare_typed_property(class_entry, property_certificateSubject_name, &property_certificateSubject_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_certificateSubject_name);

	zval property_certificateCommonName_default_value;
	ZVAL_UNDEF(&property_certificateCommonName_default_value);
	zend_string *property_certificateCommonName_name = zend_string_init("certificateCommonName", sizeof("certificateCommonName") - 1, 1);
	zend_declare_typed_property(class_entry, property_certificateCommonName_name, &property_certificateCommonName_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_certificateCommonName_name);

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_Server_AuthenticateRequest(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mqtt\\Server", "AuthenticateRequest", class_Mqtt_Server_AuthenticateRequest_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;

	zval property_clientId_default_value;
	ZVAL_UNDEF(&property_clientId_default_value);
	zend_string *property_clientId_name = zend_string_init("clientId", sizeof("clientId") - 1, 1);
	zend_declare_typed_property(class_entry, property_clientId_name, &property_clientId_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING));
	zend_string_release(property_clientId_name);

	zval property_username_default_value;
	ZVAL_UNDEF(&property_username_default_value);
	zend_string *property_username_name = zend_string_init("username", sizeof("username") - 1, 1);
	zend_declare_typed_property(class_entry, property_username_name, &property_username_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_username_name);

	zval property_remoteAddress_default_value;
	ZVAL_UNDEF(&property_remoteAddress_default_value);
	zend_string *property_remoteAddress_name = zend_string_init("remoteAddress", sizeof("remoteAddress") - 1, 1);
	zend_declare_typed_property(class_entry, property_remoteAddress_name, &property_remoteAddress_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_remoteAddress_name);

	zval property_connection_default_value;
	ZVAL_UNDEF(&property_connection_default_value);
	zend_string *property_connection_name = zend_string_init("connection", sizeof("connection") - 1, 1);
	zend_declare_typed_property(class_entry, property_connection_name, &property_connection_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_connection_name);

	zend_string *property_step_class_Mqtt_Server_AuthenticateStep = zend_string_init("Mqtt\\Server\\AuthenticateStep", sizeof("Mqtt\\Server\\AuthenticateStep")-1, 1);
	zval property_step_default_value;
	ZVAL_UNDEF(&property_step_default_value);
	zend_string *property_step_name = zend_string_init("step", sizeof("step") - 1, 1);
	zend_declare_typed_property(class_entry, property_step_name, &property_step_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_step_class_Mqtt_Server_AuthenticateStep, 0, 0));
	zend_string_release(property_step_name);

	zval property_method_default_value;
	ZVAL_UNDEF(&property_method_default_value);
	zend_string *property_method_name = zend_string_init("method", sizeof("method") - 1, 1);
	zend_declare_typed_property(class_entry, property_method_name, &property_method_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING));
	zend_string_release(property_method_name);

	zval property_data_default_value;
	ZVAL_UNDEF(&property_data_default_value);
	zend_string *property_data_name = zend_string_init("data", sizeof("data") - 1, 1);
	zend_declare_typed_property(class_entry, property_data_name, &property_data_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_data_name);

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_Server_SubscribeRequest(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mqtt\\Server", "SubscribeRequest", class_Mqtt_Server_SubscribeRequest_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;

	zval property_clientId_default_value;
	ZVAL_UNDEF(&property_clientId_default_value);
	zend_string *property_clientId_name = zend_string_init("clientId", sizeof("clientId") - 1, 1);
	zend_declare_typed_property(class_entry, property_clientId_name, &property_clientId_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING));
	zend_string_release(property_clientId_name);

	zval property_username_default_value;
	ZVAL_UNDEF(&property_username_default_value);
	zend_string *property_username_name = zend_string_init("username", sizeof("username") - 1, 1);
	zend_declare_typed_property(class_entry, property_username_name, &property_username_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_username_name);

	zend_string *property_version_class_Mqtt_Version = zend_string_init("Mqtt\\Version", sizeof("Mqtt\\Version")-1, 1);
	zval property_version_default_value;
	ZVAL_UNDEF(&property_version_default_value);
	zend_string *property_version_name = zend_string_init("version", sizeof("version") - 1, 1);
	zend_declare_typed_property(class_entry, property_version_name, &property_version_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_version_class_Mqtt_Version, 0, 0));
	zend_string_release(property_version_name);

	zval property_remoteAddress_default_value;
	ZVAL_UNDEF(&property_remoteAddress_default_value);
	zend_string *property_remoteAddress_name = zend_string_init("remoteAddress", sizeof("remoteAddress") - 1, 1);
	zend_declare_typed_property(class_entry, property_remoteAddress_name, &property_remoteAddress_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_remoteAddress_name);

	zval property_subscriptions_default_value;
	ZVAL_UNDEF(&property_subscriptions_default_value);
	zend_string *property_subscriptions_name = zend_string_init("subscriptions", sizeof("subscriptions") - 1, 1);
	zend_declare_typed_property(class_entry, property_subscriptions_name, &property_subscriptions_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_ARRAY));
	zend_string_release(property_subscriptions_name);

	zend_string *property_properties_class_Mqtt_Properties = zend_string_init("Mqtt\\Properties", sizeof("Mqtt\\Properties")-1, 1);
	zval property_properties_default_value;
	ZVAL_UNDEF(&property_properties_default_value);
	zend_string *property_properties_name = zend_string_init("properties", sizeof("properties") - 1, 1);
	zend_declare_typed_property(class_entry, property_properties_name, &property_properties_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_properties_class_Mqtt_Properties, 0, 0));
	zend_string_release(property_properties_name);

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_Server_UnsubscribeRequest(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mqtt\\Server", "UnsubscribeRequest", class_Mqtt_Server_UnsubscribeRequest_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;

	zval property_clientId_default_value;
	ZVAL_UNDEF(&property_clientId_default_value);
	zend_string *property_clientId_name = zend_string_init("clientId", sizeof("clientId") - 1, 1);
	zend_declare_typed_property(class_entry, property_clientId_name, &property_clientId_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING));
	zend_string_release(property_clientId_name);

	zval property_username_default_value;
	ZVAL_UNDEF(&property_username_default_value);
	zend_string *property_username_name = zend_string_init("username", sizeof("username") - 1, 1);
	zend_declare_typed_property(class_entry, property_username_name, &property_username_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_username_name);

	zend_string *property_version_class_Mqtt_Version = zend_string_init("Mqtt\\Version", sizeof("Mqtt\\Version")-1, 1);
	zval property_version_default_value;
	ZVAL_UNDEF(&property_version_default_value);
	zend_string *property_version_name = zend_string_init("version", sizeof("version") - 1, 1);
	zend_declare_typed_property(class_entry, property_version_name, &property_version_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_version_class_Mqtt_Version, 0, 0));
	zend_string_release(property_version_name);

	zval property_remoteAddress_default_value;
	ZVAL_UNDEF(&property_remoteAddress_default_value);
	zend_string *property_remoteAddress_name = zend_string_init("remoteAddress", sizeof("remoteAddress") - 1, 1);
	zend_declare_typed_property(class_entry, property_remoteAddress_name, &property_remoteAddress_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_remoteAddress_name);

	zval property_filters_default_value;
	ZVAL_UNDEF(&property_filters_default_value);
	zend_string *property_filters_name = zend_string_init("filters", sizeof("filters") - 1, 1);
	zend_declare_typed_property(class_entry, property_filters_name, &property_filters_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_ARRAY));
	zend_string_release(property_filters_name);

	zend_string *property_properties_class_Mqtt_Properties = zend_string_init("Mqtt\\Properties", sizeof("Mqtt\\Properties")-1, 1);
	zval property_properties_default_value;
	ZVAL_UNDEF(&property_properties_default_value);
	zend_string *property_properties_name = zend_string_init("properties", sizeof("properties") - 1, 1);
	zend_declare_typed_property(class_entry, property_properties_name, &property_properties_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_properties_class_Mqtt_Properties, 0, 0));
	zend_string_release(property_properties_name);

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_Server_PublishRequest(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mqtt\\Server", "PublishRequest", class_Mqtt_Server_PublishRequest_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;

	zval property_clientId_default_value;
	ZVAL_UNDEF(&property_clientId_default_value);
	zend_string *property_clientId_name = zend_string_init("clientId", sizeof("clientId") - 1, 1);
	zend_declare_typed_property(class_entry, property_clientId_name, &property_clientId_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING));
	zend_string_release(property_clientId_name);

	zval property_username_default_value;
	ZVAL_UNDEF(&property_username_default_value);
	zend_string *property_username_name = zend_string_init("username", sizeof("username") - 1, 1);
	zend_declare_typed_property(class_entry, property_username_name, &property_username_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_username_name);

	zend_string *property_version_class_Mqtt_Version = zend_string_init("Mqtt\\Version", sizeof("Mqtt\\Version")-1, 1);
	zval property_version_default_value;
	ZVAL_UNDEF(&property_version_default_value);
	zend_string *property_version_name = zend_string_init("version", sizeof("version") - 1, 1);
	zend_declare_typed_property(class_entry, property_version_name, &property_version_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_version_class_Mqtt_Version, 0, 0));
	zend_string_release(property_version_name);

	zval property_remoteAddress_default_value;
	ZVAL_UNDEF(&property_remoteAddress_default_value);
	zend_string *property_remoteAddress_name = zend_string_init("remoteAddress", sizeof("remoteAddress") - 1, 1);
	zend_declare_typed_property(class_entry, property_remoteAddress_name, &property_remoteAddress_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_remoteAddress_name);

	zend_string *property_message_class_Mqtt_Message = zend_string_init("Mqtt\\Message", sizeof("Mqtt\\Message")-1, 1);
	zval property_message_default_value;
	ZVAL_UNDEF(&property_message_default_value);
	zend_string *property_message_name = zend_string_init("message", sizeof("message") - 1, 1);
	zend_declare_typed_property(class_entry, property_message_name, &property_message_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_message_class_Mqtt_Message, 0, 0));
	zend_string_release(property_message_name);

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_Server_DeliverRequest(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mqtt\\Server", "DeliverRequest", class_Mqtt_Server_DeliverRequest_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;

	zval property_clientId_default_value;
	ZVAL_UNDEF(&property_clientId_default_value);
	zend_string *property_clientId_name = zend_string_init("clientId", sizeof("clientId") - 1, 1);
	zend_declare_typed_property(class_entry, property_clientId_name, &property_clientId_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING));
	zend_string_release(property_clientId_name);

	zval property_username_default_value;
	ZVAL_UNDEF(&property_username_default_value);
	zend_string *property_username_name = zend_string_init("username", sizeof("username") - 1, 1);
	zend_declare_typed_property(class_entry, property_username_name, &property_username_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_username_name);

	zend_string *property_version_class_Mqtt_Version = zend_string_init("Mqtt\\Version", sizeof("Mqtt\\Version")-1, 1);
	zval property_version_default_value;
	ZVAL_UNDEF(&property_version_default_value);
	zend_string *property_version_name = zend_string_init("version", sizeof("version") - 1, 1);
	zend_declare_typed_property(class_entry, property_version_name, &property_version_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_version_class_Mqtt_Version, 0, 0));
	zend_string_release(property_version_name);

	zval property_remoteAddress_default_value;
	ZVAL_UNDEF(&property_remoteAddress_default_value);
	zend_string *property_remoteAddress_name = zend_string_init("remoteAddress", sizeof("remoteAddress") - 1, 1);
	zend_declare_typed_property(class_entry, property_remoteAddress_name, &property_remoteAddress_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_remoteAddress_name);

	zend_string *property_message_class_Mqtt_Message = zend_string_init("Mqtt\\Message", sizeof("Mqtt\\Message")-1, 1);
	zval property_message_default_value;
	ZVAL_UNDEF(&property_message_default_value);
	zend_string *property_message_name = zend_string_init("message", sizeof("message") - 1, 1);
	zend_declare_typed_property(class_entry, property_message_name, &property_message_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_message_class_Mqtt_Message, 0, 0));
	zend_string_release(property_message_name);

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_Server_PingNotice(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mqtt\\Server", "PingNotice", class_Mqtt_Server_PingNotice_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;

	zval property_clientId_default_value;
	ZVAL_UNDEF(&property_clientId_default_value);
	zend_string *property_clientId_name = zend_string_init("clientId", sizeof("clientId") - 1, 1);
	zend_declare_typed_property(class_entry, property_clientId_name, &property_clientId_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING));
	zend_string_release(property_clientId_name);

	zval property_username_default_value;
	ZVAL_UNDEF(&property_username_default_value);
	zend_string *property_username_name = zend_string_init("username", sizeof("username") - 1, 1);
	zend_declare_typed_property(class_entry, property_username_name, &property_username_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_username_name);

	zend_string *property_version_class_Mqtt_Version = zend_string_init("Mqtt\\Version", sizeof("Mqtt\\Version")-1, 1);
	zval property_version_default_value;
	ZVAL_UNDEF(&property_version_default_value);
	zend_string *property_version_name = zend_string_init("version", sizeof("version") - 1, 1);
	zend_declare_typed_property(class_entry, property_version_name, &property_version_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_version_class_Mqtt_Version, 0, 0));
	zend_string_release(property_version_name);

	zval property_remoteAddress_default_value;
	ZVAL_UNDEF(&property_remoteAddress_default_value);
	zend_string *property_remoteAddress_name = zend_string_init("remoteAddress", sizeof("remoteAddress") - 1, 1);
	zend_declare_typed_property(class_entry, property_remoteAddress_name, &property_remoteAddress_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_remoteAddress_name);

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_Server_DisconnectNotice(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mqtt\\Server", "DisconnectNotice", class_Mqtt_Server_DisconnectNotice_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;

	zval property_clientId_default_value;
	ZVAL_UNDEF(&property_clientId_default_value);
	zend_string *property_clientId_name = zend_string_init("clientId", sizeof("clientId") - 1, 1);
	zend_declare_typed_property(class_entry, property_clientId_name, &property_clientId_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING));
	zend_string_release(property_clientId_name);

	zval property_username_default_value;
	ZVAL_UNDEF(&property_username_default_value);
	zend_string *property_username_name = zend_string_init("username", sizeof("username") - 1, 1);
	zend_declare_typed_property(class_entry, property_username_name, &property_username_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_username_name);

	zend_string *property_version_class_Mqtt_Version = zend_string_init("Mqtt\\Version", sizeof("Mqtt\\Version")-1, 1);
	zval property_version_default_value;
	ZVAL_UNDEF(&property_version_default_value);
	zend_string *property_version_name = zend_string_init("version", sizeof("version") - 1, 1);
	zend_declare_typed_property(class_entry, property_version_name, &property_version_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_version_class_Mqtt_Version, 0, 0));
	zend_string_release(property_version_name);

	zval property_remoteAddress_default_value;
	ZVAL_UNDEF(&property_remoteAddress_default_value);
	zend_string *property_remoteAddress_name = zend_string_init("remoteAddress", sizeof("remoteAddress") - 1, 1);
	zend_declare_typed_property(class_entry, property_remoteAddress_name, &property_remoteAddress_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_remoteAddress_name);

	zend_string *property_cause_class_Mqtt_Server_DisconnectCause = zend_string_init("Mqtt\\Server\\DisconnectCause", sizeof("Mqtt\\Server\\DisconnectCause")-1, 1);
	zval property_cause_default_value;
	ZVAL_UNDEF(&property_cause_default_value);
	zend_string *property_cause_name = zend_string_init("cause", sizeof("cause") - 1, 1);
	zend_declare_typed_property(class_entry, property_cause_name, &property_cause_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_cause_class_Mqtt_Server_DisconnectCause, 0, 0));
	zend_string_release(property_cause_name);

	zend_string *property_reasonCode_class_Mqtt_ReasonCode = zend_string_init("Mqtt\\ReasonCode", sizeof("Mqtt\\ReasonCode")-1, 1);
	zval property_reasonCode_default_value;
	ZVAL_UNDEF(&property_reasonCode_default_value);
	zend_string *property_reasonCode_name = zend_string_init("reasonCode", sizeof("reasonCode") - 1, 1);
	zend_declare_typed_property(class_entry, property_reasonCode_name, &property_reasonCode_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_reasonCode_class_Mqtt_ReasonCode, 0, MAY_BE_NULL));
	zend_string_release(property_reasonCode_name);

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_Server_SessionNotice(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mqtt\\Server", "SessionNotice", class_Mqtt_Server_SessionNotice_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;

	zval property_clientId_default_value;
	ZVAL_UNDEF(&property_clientId_default_value);
	zend_string *property_clientId_name = zend_string_init("clientId", sizeof("clientId") - 1, 1);
	zend_declare_typed_property(class_entry, property_clientId_name, &property_clientId_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING));
	zend_string_release(property_clientId_name);

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_Server_ClientInfo(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mqtt\\Server", "ClientInfo", class_Mqtt_Server_ClientInfo_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;

	zval property_clientId_default_value;
	ZVAL_UNDEF(&property_clientId_default_value);
	zend_string *property_clientId_name = zend_string_init("clientId", sizeof("clientId") - 1, 1);
	zend_declare_typed_property(class_entry, property_clientId_name, &property_clientId_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING));
	zend_string_release(property_clientId_name);

	zval property_username_default_value;
	ZVAL_UNDEF(&property_username_default_value);
	zend_string *property_username_name = zend_string_init("username", sizeof("username") - 1, 1);
	zend_declare_typed_property(class_entry, property_username_name, &property_username_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_username_name);

	zend_string *property_version_class_Mqtt_Version = zend_string_init("Mqtt\\Version", sizeof("Mqtt\\Version")-1, 1);
	zval property_version_default_value;
	ZVAL_UNDEF(&property_version_default_value);
	zend_string *property_version_name = zend_string_init("version", sizeof("version") - 1, 1);
	zend_declare_typed_property(class_entry, property_version_name, &property_version_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_version_class_Mqtt_Version, 0, 0));
	zend_string_release(property_version_name);

	zval property_remoteAddress_default_value;
	ZVAL_UNDEF(&property_remoteAddress_default_value);
	zend_string *property_remoteAddress_name = zend_string_init("remoteAddress", sizeof("remoteAddress") - 1, 1);
	zend_declare_typed_property(class_entry, property_remoteAddress_name, &property_remoteAddress_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_remoteAddress_name);

	zval property_connected_default_value;
	ZVAL_UNDEF(&property_connected_default_value);
	zend_string *property_connected_name = zend_string_init("connected", sizeof("connected") - 1, 1);
	zend_declare_typed_property(class_entry, property_connected_name, &property_connected_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_BOOL));
	zend_string_release(property_connected_name);

	zval property_connectedAt_default_value;
	ZVAL_UNDEF(&property_connectedAt_default_value);
	zend_string *property_connectedAt_name = zend_string_init("connectedAt", sizeof("connectedAt") - 1, 1);
	zend_declare_typed_property(class_entry, property_connectedAt_name, &property_connectedAt_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_DOUBLE));
	zend_string_release(property_connectedAt_name);

	zval property_expiresAt_default_value;
	ZVAL_UNDEF(&property_expiresAt_default_value);
	zend_string *property_expiresAt_name = zend_string_init("expiresAt", sizeof("expiresAt") - 1, 1);
	zend_declare_typed_property(class_entry, property_expiresAt_name, &property_expiresAt_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_DOUBLE|MAY_BE_NULL));
	zend_string_release(property_expiresAt_name);

	zval property_keepAlive_default_value;
	ZVAL_UNDEF(&property_keepAlive_default_value);
	zend_string *property_keepAlive_name = zend_string_init("keepAlive", sizeof("keepAlive") - 1, 1);
	zend_declare_typed_property(class_entry, property_keepAlive_name, &property_keepAlive_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_keepAlive_name);

	zval property_cleanStart_default_value;
	ZVAL_UNDEF(&property_cleanStart_default_value);
	zend_string *property_cleanStart_name = zend_string_init("cleanStart", sizeof("cleanStart") - 1, 1);
	zend_declare_typed_property(class_entry, property_cleanStart_name, &property_cleanStart_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_BOOL));
	zend_string_release(property_cleanStart_name);

	zval property_sessionExpiryInterval_default_value;
	ZVAL_UNDEF(&property_sessionExpiryInterval_default_value);
	zend_string *property_sessionExpiryInterval_name = zend_string_init("sessionExpiryInterval", sizeof("sessionExpiryInterval") - 1, 1);
	zend_declare_typed_property(class_entry, property_sessionExpiryInterval_name, &property_sessionExpiryInterval_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_sessionExpiryInterval_name);

	zval property_subscriptions_default_value;
	ZVAL_UNDEF(&property_subscriptions_default_value);
	zend_string *property_subscriptions_name = zend_string_init("subscriptions", sizeof("subscriptions") - 1, 1);
	zend_declare_typed_property(class_entry, property_subscriptions_name, &property_subscriptions_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_subscriptions_name);

	zval property_inFlight_default_value;
	ZVAL_UNDEF(&property_inFlight_default_value);
	zend_string *property_inFlight_name = zend_string_init("inFlight", sizeof("inFlight") - 1, 1);
	zend_declare_typed_property(class_entry, property_inFlight_name, &property_inFlight_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_inFlight_name);

	zval property_queued_default_value;
	ZVAL_UNDEF(&property_queued_default_value);
	zend_string *property_queued_name = zend_string_init("queued", sizeof("queued") - 1, 1);
	zend_declare_typed_property(class_entry, property_queued_name, &property_queued_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_queued_name);

	zval property_queuedBytes_default_value;
	ZVAL_UNDEF(&property_queuedBytes_default_value);
	zend_string *property_queuedBytes_name = zend_string_init("queuedBytes", sizeof("queuedBytes") - 1, 1);
	zend_declare_typed_property(class_entry, property_queuedBytes_name, &property_queuedBytes_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_queuedBytes_name);

	zval property_dropped_default_value;
	ZVAL_UNDEF(&property_dropped_default_value);
	zend_string *property_dropped_name = zend_string_init("dropped", sizeof("dropped") - 1, 1);
	zend_declare_typed_property(class_entry, property_dropped_name, &property_dropped_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_dropped_name);

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_Server_SubscriptionInfo(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mqtt\\Server", "SubscriptionInfo", class_Mqtt_Server_SubscriptionInfo_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;

	zval property_clientId_default_value;
	ZVAL_UNDEF(&property_clientId_default_value);
	zend_string *property_clientId_name = zend_string_init("clientId", sizeof("clientId") - 1, 1);
	zend_declare_typed_property(class_entry, property_clientId_name, &property_clientId_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING));
	zend_string_release(property_clientId_name);

	zend_string *property_subscription_class_Mqtt_Subscription = zend_string_init("Mqtt\\Subscription", sizeof("Mqtt\\Subscription")-1, 1);
	zval property_subscription_default_value;
	ZVAL_UNDEF(&property_subscription_default_value);
	zend_string *property_subscription_name = zend_string_init("subscription", sizeof("subscription") - 1, 1);
	zend_declare_typed_property(class_entry, property_subscription_name, &property_subscription_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_subscription_class_Mqtt_Subscription, 0, 0));
	zend_string_release(property_subscription_name);

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_Compat_ArrayCodec(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mqtt\\Compat", "ArrayCodec", class_Mqtt_Compat_ArrayCodec_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;

	return class_entry;
}

static zend_class_entry *register_class_Mqtt_Compat_ObjectCodec(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mqtt\\Compat", "ObjectCodec", class_Mqtt_Compat_ObjectCodec_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL;

	return class_entry;
}

zend_class_entry *class_entry_Mqtt_Version;
zend_class_entry *class_entry_Mqtt_ReasonCode;
zend_class_entry *class_entry_Mqtt_Properties;
zend_class_entry *class_entry_Mqtt_Message;
zend_class_entry *class_entry_Mqtt_Will;
zend_class_entry *class_entry_Mqtt_Subscription;
zend_class_entry *class_entry_Mqtt_Topic;
zend_class_entry *class_entry_Mqtt_Packet;
zend_class_entry *class_entry_Mqtt_Decoder;
zend_class_entry *class_entry_Mqtt_Codec;
zend_class_entry *class_entry_Mqtt_Client;
zend_class_entry *class_entry_Mqtt_Messages;
zend_class_entry *class_entry_Mqtt_ClientOptions;
zend_class_entry *class_entry_Mqtt_Packet_Connect;
zend_class_entry *class_entry_Mqtt_Packet_ConnAck;
zend_class_entry *class_entry_Mqtt_Packet_Publish;
zend_class_entry *class_entry_Mqtt_Packet_PubAck;
zend_class_entry *class_entry_Mqtt_Packet_PubRec;
zend_class_entry *class_entry_Mqtt_Packet_PubRel;
zend_class_entry *class_entry_Mqtt_Packet_PubComp;
zend_class_entry *class_entry_Mqtt_Packet_Subscribe;
zend_class_entry *class_entry_Mqtt_Packet_SubAck;
zend_class_entry *class_entry_Mqtt_Packet_Unsubscribe;
zend_class_entry *class_entry_Mqtt_Packet_UnsubAck;
zend_class_entry *class_entry_Mqtt_Packet_PingReq;
zend_class_entry *class_entry_Mqtt_Packet_PingResp;
zend_class_entry *class_entry_Mqtt_Packet_Disconnect;
zend_class_entry *class_entry_Mqtt_Packet_Auth;
zend_class_entry *class_entry_Mqtt_Exception_Exception;
zend_class_entry *class_entry_Mqtt_Exception_ConnectException;
zend_class_entry *class_entry_Mqtt_Exception_TransportException;
zend_class_entry *class_entry_Mqtt_Exception_ProtocolException;
zend_class_entry *class_entry_Mqtt_Exception_RefusedException;
zend_class_entry *class_entry_Mqtt_Exception_TimeoutException;
zend_class_entry *class_entry_Mqtt_Exception_ClosedException;
zend_class_entry *class_entry_Mqtt_Exception_QueueFullException;
zend_class_entry *class_entry_Mqtt_Exception_ForkException;
zend_class_entry *class_entry_Mqtt_Server;
zend_class_entry *class_entry_Mqtt_PacketServer;
zend_class_entry *class_entry_Mqtt_PacketClient;
zend_class_entry *class_entry_Mqtt_Connection;
zend_class_entry *class_entry_Mqtt_Server_Handler;
zend_class_entry *class_entry_Mqtt_Server_AuthenticateStep;
zend_class_entry *class_entry_Mqtt_Server_DisconnectCause;
zend_class_entry *class_entry_Mqtt_Server_ConnectRequest;
zend_class_entry *class_entry_Mqtt_Server_AuthenticateRequest;
zend_class_entry *class_entry_Mqtt_Server_SubscribeRequest;
zend_class_entry *class_entry_Mqtt_Server_UnsubscribeRequest;
zend_class_entry *class_entry_Mqtt_Server_PublishRequest;
zend_class_entry *class_entry_Mqtt_Server_DeliverRequest;
zend_class_entry *class_entry_Mqtt_Server_PingNotice;
zend_class_entry *class_entry_Mqtt_Server_DisconnectNotice;
zend_class_entry *class_entry_Mqtt_Server_SessionNotice;
zend_class_entry *class_entry_Mqtt_Server_ClientInfo;
zend_class_entry *class_entry_Mqtt_Server_SubscriptionInfo;
zend_class_entry *class_entry_Mqtt_Compat_ArrayCodec;
zend_class_entry *class_entry_Mqtt_Compat_ObjectCodec;

static void register_classes(void)
{
	class_entry_Mqtt_Version = register_class_Mqtt_Version();
	class_entry_Mqtt_ReasonCode = register_class_Mqtt_ReasonCode();
	class_entry_Mqtt_Properties = register_class_Mqtt_Properties(class_entry_IteratorAggregate, class_entry_Countable, class_entry_JsonSerializable);
	class_entry_Mqtt_Message = register_class_Mqtt_Message();
	class_entry_Mqtt_Will = register_class_Mqtt_Will();
	class_entry_Mqtt_Subscription = register_class_Mqtt_Subscription();
	class_entry_Mqtt_Topic = register_class_Mqtt_Topic();
	class_entry_Mqtt_Packet = register_class_Mqtt_Packet();
	class_entry_Mqtt_Decoder = register_class_Mqtt_Decoder(class_entry_IteratorAggregate);
	class_entry_Mqtt_Codec = register_class_Mqtt_Codec();
	class_entry_Mqtt_Client = register_class_Mqtt_Client();
	class_entry_Mqtt_Messages = register_class_Mqtt_Messages(class_entry_IteratorAggregate);
	class_entry_Mqtt_ClientOptions = register_class_Mqtt_ClientOptions();
	class_entry_Mqtt_Packet_Connect = register_class_Mqtt_Packet_Connect(class_entry_Mqtt_Packet);
	class_entry_Mqtt_Packet_ConnAck = register_class_Mqtt_Packet_ConnAck(class_entry_Mqtt_Packet);
	class_entry_Mqtt_Packet_Publish = register_class_Mqtt_Packet_Publish(class_entry_Mqtt_Packet);
	class_entry_Mqtt_Packet_PubAck = register_class_Mqtt_Packet_PubAck(class_entry_Mqtt_Packet);
	class_entry_Mqtt_Packet_PubRec = register_class_Mqtt_Packet_PubRec(class_entry_Mqtt_Packet);
	class_entry_Mqtt_Packet_PubRel = register_class_Mqtt_Packet_PubRel(class_entry_Mqtt_Packet);
	class_entry_Mqtt_Packet_PubComp = register_class_Mqtt_Packet_PubComp(class_entry_Mqtt_Packet);
	class_entry_Mqtt_Packet_Subscribe = register_class_Mqtt_Packet_Subscribe(class_entry_Mqtt_Packet);
	class_entry_Mqtt_Packet_SubAck = register_class_Mqtt_Packet_SubAck(class_entry_Mqtt_Packet);
	class_entry_Mqtt_Packet_Unsubscribe = register_class_Mqtt_Packet_Unsubscribe(class_entry_Mqtt_Packet);
	class_entry_Mqtt_Packet_UnsubAck = register_class_Mqtt_Packet_UnsubAck(class_entry_Mqtt_Packet);
	class_entry_Mqtt_Packet_PingReq = register_class_Mqtt_Packet_PingReq(class_entry_Mqtt_Packet);
	class_entry_Mqtt_Packet_PingResp = register_class_Mqtt_Packet_PingResp(class_entry_Mqtt_Packet);
	class_entry_Mqtt_Packet_Disconnect = register_class_Mqtt_Packet_Disconnect(class_entry_Mqtt_Packet);
	class_entry_Mqtt_Packet_Auth = register_class_Mqtt_Packet_Auth(class_entry_Mqtt_Packet);
	class_entry_Mqtt_Exception_Exception = register_class_Mqtt_Exception_Exception(class_entry_Throwable);
	class_entry_Mqtt_Exception_ConnectException = register_class_Mqtt_Exception_ConnectException(class_entry_RuntimeException, class_entry_Mqtt_Exception_Exception);
	class_entry_Mqtt_Exception_TransportException = register_class_Mqtt_Exception_TransportException(class_entry_RuntimeException, class_entry_Mqtt_Exception_Exception);
	class_entry_Mqtt_Exception_ProtocolException = register_class_Mqtt_Exception_ProtocolException(class_entry_RuntimeException, class_entry_Mqtt_Exception_Exception);
	class_entry_Mqtt_Exception_RefusedException = register_class_Mqtt_Exception_RefusedException(class_entry_RuntimeException, class_entry_Mqtt_Exception_Exception);
	class_entry_Mqtt_Exception_TimeoutException = register_class_Mqtt_Exception_TimeoutException(class_entry_RuntimeException, class_entry_Mqtt_Exception_Exception);
	class_entry_Mqtt_Exception_ClosedException = register_class_Mqtt_Exception_ClosedException(class_entry_RuntimeException, class_entry_Mqtt_Exception_Exception);
	class_entry_Mqtt_Exception_QueueFullException = register_class_Mqtt_Exception_QueueFullException(class_entry_RuntimeException, class_entry_Mqtt_Exception_Exception);
	class_entry_Mqtt_Exception_ForkException = register_class_Mqtt_Exception_ForkException(class_entry_LogicException, class_entry_Mqtt_Exception_Exception);
	class_entry_Mqtt_Server = register_class_Mqtt_Server();
	class_entry_Mqtt_PacketServer = register_class_Mqtt_PacketServer();
	class_entry_Mqtt_PacketClient = register_class_Mqtt_PacketClient();
	class_entry_Mqtt_Connection = register_class_Mqtt_Connection();
	class_entry_Mqtt_Server_Handler = register_class_Mqtt_Server_Handler();
	class_entry_Mqtt_Server_AuthenticateStep = register_class_Mqtt_Server_AuthenticateStep();
	class_entry_Mqtt_Server_DisconnectCause = register_class_Mqtt_Server_DisconnectCause();
	class_entry_Mqtt_Server_ConnectRequest = register_class_Mqtt_Server_ConnectRequest();
	class_entry_Mqtt_Server_AuthenticateRequest = register_class_Mqtt_Server_AuthenticateRequest();
	class_entry_Mqtt_Server_SubscribeRequest = register_class_Mqtt_Server_SubscribeRequest();
	class_entry_Mqtt_Server_UnsubscribeRequest = register_class_Mqtt_Server_UnsubscribeRequest();
	class_entry_Mqtt_Server_PublishRequest = register_class_Mqtt_Server_PublishRequest();
	class_entry_Mqtt_Server_DeliverRequest = register_class_Mqtt_Server_DeliverRequest();
	class_entry_Mqtt_Server_PingNotice = register_class_Mqtt_Server_PingNotice();
	class_entry_Mqtt_Server_DisconnectNotice = register_class_Mqtt_Server_DisconnectNotice();
	class_entry_Mqtt_Server_SessionNotice = register_class_Mqtt_Server_SessionNotice();
	class_entry_Mqtt_Server_ClientInfo = register_class_Mqtt_Server_ClientInfo();
	class_entry_Mqtt_Server_SubscriptionInfo = register_class_Mqtt_Server_SubscriptionInfo();
	class_entry_Mqtt_Compat_ArrayCodec = register_class_Mqtt_Compat_ArrayCodec();
	class_entry_Mqtt_Compat_ObjectCodec = register_class_Mqtt_Compat_ObjectCodec();
}
