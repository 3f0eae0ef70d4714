/* Made by arginfo.php from stubs/mosquitto.stub.php. Do not edit. */

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Mosquitto_Client___construct, 0, 0, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, id, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, cleanSession, _IS_BOOL, 0, "true")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Mosquitto_Client_onConnect, 0, 0, 1)
	ZEND_ARG_TYPE_INFO(0, onConnect, IS_CALLABLE, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Mosquitto_Client_onDisconnect, 0, 0, 1)
	ZEND_ARG_TYPE_INFO(0, onDisconnect, IS_CALLABLE, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Mosquitto_Client_onLog, 0, 0, 1)
	ZEND_ARG_TYPE_INFO(0, onLog, IS_CALLABLE, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Mosquitto_Client_onSubscribe, 0, 0, 1)
	ZEND_ARG_TYPE_INFO(0, onSubscribe, IS_CALLABLE, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Mosquitto_Client_onUnsubscribe, 0, 0, 1)
	ZEND_ARG_TYPE_INFO(0, onUnsubscribe, IS_CALLABLE, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Mosquitto_Client_onMessage, 0, 0, 1)
	ZEND_ARG_TYPE_INFO(0, onMessage, IS_CALLABLE, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Mosquitto_Client_onPublish, 0, 0, 1)
	ZEND_ARG_TYPE_INFO(0, onPublish, IS_CALLABLE, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mosquitto_Client_getSocket, 0, 0, IS_LONG, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mosquitto_Client_setTlsCertificates, 0, 1, IS_LONG, 0)
	ZEND_ARG_TYPE_INFO(0, ca_path, IS_STRING, 1)
	ZEND_ARG_TYPE_INFO(0, cert_path, IS_STRING, 1)
	ZEND_ARG_TYPE_INFO(0, key_path, IS_STRING, 1)
	ZEND_ARG_TYPE_INFO(0, key_pw, IS_STRING, 1)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Mosquitto_Client_setTlsInsecure, 0, 0, 1)
	ZEND_ARG_TYPE_INFO(0, value, _IS_BOOL, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mosquitto_Client_setTlsOptions, 0, 1, IS_LONG, 0)
	ZEND_ARG_TYPE_INFO(0, verify_peer, IS_LONG, 0)
	ZEND_ARG_TYPE_INFO(0, tls_version, IS_STRING, 1)
	ZEND_ARG_TYPE_INFO(0, ciphers, IS_STRING, 1)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mosquitto_Client_setTlsPSK, 0, 1, IS_LONG, 0)
	ZEND_ARG_TYPE_INFO(0, psk, IS_STRING, 1)
	ZEND_ARG_TYPE_INFO(0, identity, IS_STRING, 1)
	ZEND_ARG_TYPE_INFO(0, ciphers, IS_STRING, 1)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Mosquitto_Client_setCredentials, 0, 0, 2)
	ZEND_ARG_TYPE_INFO(0, username, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, password, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Mosquitto_Client_setWill, 0, 0, 4)
	ZEND_ARG_TYPE_INFO(0, topic, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, payload, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, qos, IS_LONG, 0)
	ZEND_ARG_TYPE_INFO(0, retain, _IS_BOOL, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Mosquitto_Client_clearWill, 0, 0, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Mosquitto_Client_setReconnectDelay, 0, 0, 1)
	ZEND_ARG_TYPE_INFO(0, reconnectDelay, IS_LONG, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, maxReconnectDelay, IS_LONG, 0, "0")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, exponentialBackoff, _IS_BOOL, 0, "false")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Mosquitto_Client_setMessageRetry, 0, 0, 1)
	ZEND_ARG_TYPE_INFO(0, messageRetry, IS_LONG, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mosquitto_Client_connect, 0, 1, IS_LONG, 0)
	ZEND_ARG_TYPE_INFO(0, host, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, port, IS_LONG, 0, "1883")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, keepalive, IS_LONG, 0, "60")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, interface, IS_STRING, 1, "null")
ZEND_END_ARG_INFO()

#define arginfo_class_Mosquitto_Client_disconnect arginfo_class_Mosquitto_Client_clearWill

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Mosquitto_Client_setMaxInFlightMessages, 0, 0, 1)
	ZEND_ARG_TYPE_INFO(0, max, IS_LONG, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mosquitto_Client_publish, 0, 2, IS_LONG, 0)
	ZEND_ARG_TYPE_INFO(0, topic, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, payload, IS_STRING, 1)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, qos, IS_LONG, 0, "0")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, retain, _IS_BOOL, 0, "false")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mosquitto_Client_subscribe, 0, 2, IS_LONG, 0)
	ZEND_ARG_TYPE_INFO(0, topic, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, qos, IS_LONG, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mosquitto_Client_unsubscribe, 0, 1, IS_LONG, 0)
	ZEND_ARG_TYPE_INFO(0, topic, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Mosquitto_Client_loop, 0, 0, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, timeout, IS_LONG, 0, "1000")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, maxPackets, IS_LONG, 0, "1")
ZEND_END_ARG_INFO()

#define arginfo_class_Mosquitto_Client_loopForever arginfo_class_Mosquitto_Client_loop

#define arginfo_class_Mosquitto_Client_exitLoop arginfo_class_Mosquitto_Client_clearWill

#define arginfo_class_Mosquitto_Message___construct arginfo_class_Mosquitto_Client_clearWill

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Mosquitto_Message_topicMatchesSub, 0, 2, _IS_BOOL, 0)
	ZEND_ARG_TYPE_INFO(0, topic, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, subscription, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Mosquitto_Message_tokeniseTopic, 0, 0, 1)
	ZEND_ARG_TYPE_INFO(0, topic, IS_STRING, 0)
ZEND_END_ARG_INFO()


ZEND_METHOD(Mosquitto_Client, __construct);
ZEND_METHOD(Mosquitto_Client, onConnect);
ZEND_METHOD(Mosquitto_Client, onDisconnect);
ZEND_METHOD(Mosquitto_Client, onLog);
ZEND_METHOD(Mosquitto_Client, onSubscribe);
ZEND_METHOD(Mosquitto_Client, onUnsubscribe);
ZEND_METHOD(Mosquitto_Client, onMessage);
ZEND_METHOD(Mosquitto_Client, onPublish);
ZEND_METHOD(Mosquitto_Client, getSocket);
ZEND_METHOD(Mosquitto_Client, setTlsCertificates);
ZEND_METHOD(Mosquitto_Client, setTlsInsecure);
ZEND_METHOD(Mosquitto_Client, setTlsOptions);
ZEND_METHOD(Mosquitto_Client, setTlsPSK);
ZEND_METHOD(Mosquitto_Client, setCredentials);
ZEND_METHOD(Mosquitto_Client, setWill);
ZEND_METHOD(Mosquitto_Client, clearWill);
ZEND_METHOD(Mosquitto_Client, setReconnectDelay);
ZEND_METHOD(Mosquitto_Client, setMessageRetry);
ZEND_METHOD(Mosquitto_Client, connect);
ZEND_METHOD(Mosquitto_Client, disconnect);
ZEND_METHOD(Mosquitto_Client, setMaxInFlightMessages);
ZEND_METHOD(Mosquitto_Client, publish);
ZEND_METHOD(Mosquitto_Client, subscribe);
ZEND_METHOD(Mosquitto_Client, unsubscribe);
ZEND_METHOD(Mosquitto_Client, loop);
ZEND_METHOD(Mosquitto_Client, loopForever);
ZEND_METHOD(Mosquitto_Client, exitLoop);
ZEND_METHOD(Mosquitto_Message, __construct);
ZEND_METHOD(Mosquitto_Message, topicMatchesSub);
ZEND_METHOD(Mosquitto_Message, tokeniseTopic);


static const zend_function_entry class_Mosquitto_Client_methods[] = {
	ZEND_ME(Mosquitto_Client, __construct, arginfo_class_Mosquitto_Client___construct, ZEND_ACC_PUBLIC)
	ZEND_ME(Mosquitto_Client, onConnect, arginfo_class_Mosquitto_Client_onConnect, ZEND_ACC_PUBLIC)
	ZEND_ME(Mosquitto_Client, onDisconnect, arginfo_class_Mosquitto_Client_onDisconnect, ZEND_ACC_PUBLIC)
	ZEND_ME(Mosquitto_Client, onLog, arginfo_class_Mosquitto_Client_onLog, ZEND_ACC_PUBLIC)
	ZEND_ME(Mosquitto_Client, onSubscribe, arginfo_class_Mosquitto_Client_onSubscribe, ZEND_ACC_PUBLIC)
	ZEND_ME(Mosquitto_Client, onUnsubscribe, arginfo_class_Mosquitto_Client_onUnsubscribe, ZEND_ACC_PUBLIC)
	ZEND_ME(Mosquitto_Client, onMessage, arginfo_class_Mosquitto_Client_onMessage, ZEND_ACC_PUBLIC)
	ZEND_ME(Mosquitto_Client, onPublish, arginfo_class_Mosquitto_Client_onPublish, ZEND_ACC_PUBLIC)
	ZEND_ME(Mosquitto_Client, getSocket, arginfo_class_Mosquitto_Client_getSocket, ZEND_ACC_PUBLIC)
	ZEND_ME(Mosquitto_Client, setTlsCertificates, arginfo_class_Mosquitto_Client_setTlsCertificates, ZEND_ACC_PUBLIC)
	ZEND_ME(Mosquitto_Client, setTlsInsecure, arginfo_class_Mosquitto_Client_setTlsInsecure, ZEND_ACC_PUBLIC)
	ZEND_ME(Mosquitto_Client, setTlsOptions, arginfo_class_Mosquitto_Client_setTlsOptions, ZEND_ACC_PUBLIC)
	ZEND_ME(Mosquitto_Client, setTlsPSK, arginfo_class_Mosquitto_Client_setTlsPSK, ZEND_ACC_PUBLIC)
	ZEND_ME(Mosquitto_Client, setCredentials, arginfo_class_Mosquitto_Client_setCredentials, ZEND_ACC_PUBLIC)
	ZEND_ME(Mosquitto_Client, setWill, arginfo_class_Mosquitto_Client_setWill, ZEND_ACC_PUBLIC)
	ZEND_ME(Mosquitto_Client, clearWill, arginfo_class_Mosquitto_Client_clearWill, ZEND_ACC_PUBLIC)
	ZEND_ME(Mosquitto_Client, setReconnectDelay, arginfo_class_Mosquitto_Client_setReconnectDelay, ZEND_ACC_PUBLIC)
	ZEND_ME(Mosquitto_Client, setMessageRetry, arginfo_class_Mosquitto_Client_setMessageRetry, ZEND_ACC_PUBLIC)
	ZEND_ME(Mosquitto_Client, connect, arginfo_class_Mosquitto_Client_connect, ZEND_ACC_PUBLIC)
	ZEND_ME(Mosquitto_Client, disconnect, arginfo_class_Mosquitto_Client_disconnect, ZEND_ACC_PUBLIC)
	ZEND_ME(Mosquitto_Client, setMaxInFlightMessages, arginfo_class_Mosquitto_Client_setMaxInFlightMessages, ZEND_ACC_PUBLIC)
	ZEND_ME(Mosquitto_Client, publish, arginfo_class_Mosquitto_Client_publish, ZEND_ACC_PUBLIC)
	ZEND_ME(Mosquitto_Client, subscribe, arginfo_class_Mosquitto_Client_subscribe, ZEND_ACC_PUBLIC)
	ZEND_ME(Mosquitto_Client, unsubscribe, arginfo_class_Mosquitto_Client_unsubscribe, ZEND_ACC_PUBLIC)
	ZEND_ME(Mosquitto_Client, loop, arginfo_class_Mosquitto_Client_loop, ZEND_ACC_PUBLIC)
	ZEND_ME(Mosquitto_Client, loopForever, arginfo_class_Mosquitto_Client_loopForever, ZEND_ACC_PUBLIC)
	ZEND_ME(Mosquitto_Client, exitLoop, arginfo_class_Mosquitto_Client_exitLoop, ZEND_ACC_PUBLIC)
	ZEND_FE_END
};


static const zend_function_entry class_Mosquitto_Message_methods[] = {
	ZEND_ME(Mosquitto_Message, __construct, arginfo_class_Mosquitto_Message___construct, ZEND_ACC_PUBLIC)
	ZEND_ME(Mosquitto_Message, topicMatchesSub, arginfo_class_Mosquitto_Message_topicMatchesSub, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_ME(Mosquitto_Message, tokeniseTopic, arginfo_class_Mosquitto_Message_tokeniseTopic, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_FE_END
};


static const zend_function_entry class_Mosquitto_Exception_methods[] = {
	ZEND_FE_END
};

static zend_class_entry *register_class_Mosquitto_Client(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mosquitto", "Client", class_Mosquitto_Client_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);

	zval const_LOG_INFO_value;
	ZVAL_LONG(&const_LOG_INFO_value, 1);
	zend_string *const_LOG_INFO_name = zend_string_init_interned("LOG_INFO", sizeof("LOG_INFO") - 1, 1);
	zend_declare_class_constant_ex(class_entry, const_LOG_INFO_name, &const_LOG_INFO_value, ZEND_ACC_PUBLIC, NULL);
	zend_string_release(const_LOG_INFO_name);

	zval const_LOG_NOTICE_value;
	ZVAL_LONG(&const_LOG_NOTICE_value, 2);
	zend_string *const_LOG_NOTICE_name = zend_string_init_interned("LOG_NOTICE", sizeof("LOG_NOTICE") - 1, 1);
	zend_declare_class_constant_ex(class_entry, const_LOG_NOTICE_name, &const_LOG_NOTICE_value, ZEND_ACC_PUBLIC, NULL);
	zend_string_release(const_LOG_NOTICE_name);

	zval const_LOG_WARNING_value;
	ZVAL_LONG(&const_LOG_WARNING_value, 4);
	zend_string *const_LOG_WARNING_name = zend_string_init_interned("LOG_WARNING", sizeof("LOG_WARNING") - 1, 1);
	zend_declare_class_constant_ex(class_entry, const_LOG_WARNING_name, &const_LOG_WARNING_value, ZEND_ACC_PUBLIC, NULL);
	zend_string_release(const_LOG_WARNING_name);

	zval const_LOG_ERR_value;
	ZVAL_LONG(&const_LOG_ERR_value, 8);
	zend_string *const_LOG_ERR_name = zend_string_init_interned("LOG_ERR", sizeof("LOG_ERR") - 1, 1);
	zend_declare_class_constant_ex(class_entry, const_LOG_ERR_name, &const_LOG_ERR_value, ZEND_ACC_PUBLIC, NULL);
	zend_string_release(const_LOG_ERR_name);

	zval const_LOG_DEBUG_value;
	ZVAL_LONG(&const_LOG_DEBUG_value, 16);
	zend_string *const_LOG_DEBUG_name = zend_string_init_interned("LOG_DEBUG", sizeof("LOG_DEBUG") - 1, 1);
	zend_declare_class_constant_ex(class_entry, const_LOG_DEBUG_name, &const_LOG_DEBUG_value, ZEND_ACC_PUBLIC, NULL);
	zend_string_release(const_LOG_DEBUG_name);

	zval const_SSL_VERIFY_NONE_value;
	ZVAL_LONG(&const_SSL_VERIFY_NONE_value, 0);
	zend_string *const_SSL_VERIFY_NONE_name = zend_string_init_interned("SSL_VERIFY_NONE", sizeof("SSL_VERIFY_NONE") - 1, 1);
	zend_declare_class_constant_ex(class_entry, const_SSL_VERIFY_NONE_name, &const_SSL_VERIFY_NONE_value, ZEND_ACC_PUBLIC, NULL);
	zend_string_release(const_SSL_VERIFY_NONE_name);

	zval const_SSL_VERIFY_PEER_value;
	ZVAL_LONG(&const_SSL_VERIFY_PEER_value, 1);
	zend_string *const_SSL_VERIFY_PEER_name = zend_string_init_interned("SSL_VERIFY_PEER", sizeof("SSL_VERIFY_PEER") - 1, 1);
	zend_declare_class_constant_ex(class_entry, const_SSL_VERIFY_PEER_name, &const_SSL_VERIFY_PEER_value, ZEND_ACC_PUBLIC, NULL);
	zend_string_release(const_SSL_VERIFY_PEER_name);

	return class_entry;
}

static zend_class_entry *register_class_Mosquitto_Message(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mosquitto", "Message", class_Mosquitto_Message_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);

	zval property_mid_default_value;
	ZVAL_LONG(&property_mid_default_value, 0);
	zend_string *property_mid_name = zend_string_init("mid", sizeof("mid") - 1, 1);
	zend_declare_property_ex(class_entry, property_mid_name, &property_mid_default_value, ZEND_ACC_PUBLIC, NULL);
	zend_string_release(property_mid_name);

	zval property_topic_default_value;
	ZVAL_NULL(&property_topic_default_value);
	zend_string *property_topic_name = zend_string_init("topic", sizeof("topic") - 1, 1);
	zend_declare_property_ex(class_entry, property_topic_name, &property_topic_default_value, ZEND_ACC_PUBLIC, NULL);
	zend_string_release(property_topic_name);

	zval property_payload_default_value;
	ZVAL_EMPTY_STRING(&property_payload_default_value);
	zend_string *property_payload_name = zend_string_init("payload", sizeof("payload") - 1, 1);
	zend_declare_property_ex(class_entry, property_payload_name, &property_payload_default_value, ZEND_ACC_PUBLIC, NULL);
	zend_string_release(property_payload_name);

	zval property_qos_default_value;
	ZVAL_LONG(&property_qos_default_value, 0);
	zend_string *property_qos_name = zend_string_init("qos", sizeof("qos") - 1, 1);
	zend_declare_property_ex(class_entry, property_qos_name, &property_qos_default_value, ZEND_ACC_PUBLIC, NULL);
	zend_string_release(property_qos_name);

	zval property_retain_default_value;
	ZVAL_FALSE(&property_retain_default_value);
	zend_string *property_retain_name = zend_string_init("retain", sizeof("retain") - 1, 1);
	zend_declare_property_ex(class_entry, property_retain_name, &property_retain_default_value, ZEND_ACC_PUBLIC, NULL);
	zend_string_release(property_retain_name);

	return class_entry;
}

static zend_class_entry *register_class_Mosquitto_Exception(zend_class_entry *class_entry_Exception)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Mosquitto", "Exception", class_Mosquitto_Exception_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_Exception);

	return class_entry;
}

zend_class_entry *class_entry_Mosquitto_Client;
zend_class_entry *class_entry_Mosquitto_Message;
zend_class_entry *class_entry_Mosquitto_Exception;

static void register_classes(void)
{
	class_entry_Mosquitto_Client = register_class_Mosquitto_Client();
	class_entry_Mosquitto_Message = register_class_Mosquitto_Message();
	class_entry_Mosquitto_Exception = register_class_Mosquitto_Exception(class_entry_Exception);
}
