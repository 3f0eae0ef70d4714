/*
 * The module `mosquitto` inside the module `mqtt`: registered at start-up where php.ini asks for it, with classes,
 * constants and a name of its own, so that extension_loaded('mosquitto') and ReflectionExtension know it. As in
 * shim.c, nothing is decided here: every zim_* function and every mqtt_rust_* function is Rust.
 */
#include "php.h"
#include "ext/standard/info.h"
#include "zend_exceptions.h"
#include "zend_interfaces.h"

/* The version of the original whose behaviour this is. */
#define MOSQUITTO_VERSION "0.5.0"
#define LIBMOSQUITTO_VERSION "2.0.11"

#define class_entry_Exception zend_ce_exception
#include "arginfo.h"
#include "../native.h"

extern void mqtt_rust_free_MosquittoClient(void *data);
extern void mqtt_rust_close_MosquittoClient(void *data);
extern void mqtt_rust_gc_MosquittoClient(void *data, void *buffer);

static zend_object_handlers client_handlers;
static zend_object_handlers message_handlers;

static zend_object *client_create(zend_class_entry *ce)
{
	return native_create(ce, &client_handlers);
}

/* Says goodbye to the server, after a destructor that a subclass may have. */
static void client_destroy(zend_object *object)
{
	zend_objects_destroy_object(object);
	if (native_of(object)->data) {
		/* An exception may be on its way: callbacks run as if there were none. */
		zend_object *pending = EG(exception);
		const zend_op *opline = EG(opline_before_exception);
		EG(exception) = NULL;
		mqtt_rust_close_MosquittoClient(native_of(object)->data);
		if (pending) {
			EG(opline_before_exception) = opline;
			if (EG(exception)) {
				zend_exception_set_previous(EG(exception), pending);
			} else {
				EG(exception) = pending;
			}
		}
	}
}

static void client_free(zend_object *object)
{
	void *data = native_of(object)->data;
	native_of(object)->data = NULL;
	if (data) {
		mqtt_rust_free_MosquittoClient(data);
	}
	zend_object_std_dtor(object);
}

static HashTable *client_gc(zend_object *object, zval **table, int *n)
{
	zend_get_gc_buffer *buffer = zend_get_gc_buffer_create();
	if (native_of(object)->data) {
		mqtt_rust_gc_MosquittoClient(native_of(object)->data, buffer);
	}
	zend_get_gc_buffer_use(buffer, table, n);
	/* Properties that a subclass or a script has put on it. */
	return zend_std_get_properties(object);
}

/* The slots of a message, in the order of the stub. */
enum { MID, TOPIC, PAYLOAD, QOS, RETAIN };

static zend_object *message_create(zend_class_entry *ce)
{
	zend_object *object = zend_objects_new(ce);
	object_properties_init(object, ce);
	object->handlers = &message_handlers;
	return object;
}

static zend_object *message_clone(zend_object *old)
{
	zend_object *object = message_create(old->ce);
	zend_objects_clone_members(object, old);
	return object;
}

/* A message whose slots the caller fills at once. */
zend_object *mqtt_mosquitto_message_new(void)
{
	zend_object *object = zend_objects_new(class_entry_Mosquitto_Message);
	object->handlers = &message_handlers;
	return object;
}

/*
 * The handlers below never let the engine cache where a property of the five lies: with a filled cache the next
 * assignment at the same place in the code writes into the slot itself, past the cast.
 */
static int message_slot(const zend_string *name)
{
	switch (ZSTR_LEN(name)) {
		case 3:
			return memcmp(ZSTR_VAL(name), "mid", 3) == 0 ? MID : memcmp(ZSTR_VAL(name), "qos", 3) == 0 ? QOS : -1;
		case 5:
			return memcmp(ZSTR_VAL(name), "topic", 5) == 0 ? TOPIC : -1;
		case 6:
			return memcmp(ZSTR_VAL(name), "retain", 6) == 0 ? RETAIN : -1;
		case 7:
			return memcmp(ZSTR_VAL(name), "payload", 7) == 0 ? PAYLOAD : -1;
		default:
			return -1;
	}
}

/* A subclass that declares one of the five again has it in the same slot. */
static zval *message_value(zend_object *object, int slot)
{
	zval *value = OBJ_PROP_NUM(object, slot);
	ZVAL_DEREF(value);
	return value;
}

/* The property's own type, whatever is written. */
static bool message_cast(int slot, zval *value, zval *out)
{
	switch (slot) {
		case MID:
		case QOS:
			ZVAL_LONG(out, zval_get_long(value));
			return !EG(exception);
		case RETAIN:
			ZVAL_BOOL(out, zend_is_true(value));
			return !EG(exception);
		default: {
			zend_string *string = zval_try_get_string(value);
			if (string) {
				ZVAL_STR(out, string);
			}
			return string != NULL;
		}
	}
}

static zval *message_write(zend_object *object, zend_string *name, zval *value, void **cache)
{
	int slot = message_slot(name);
	if (slot < 0) {
		return zend_std_write_property(object, name, value, cache);
	}
	zval cast;
	if (!message_cast(slot, value, &cast)) {
		return &EG(uninitialized_zval);
	}
	zval *slot_value = message_value(object, slot);
	zval old;
	ZVAL_COPY_VALUE(&old, slot_value);
	ZVAL_COPY_VALUE(slot_value, &cast);
	zval_ptr_dtor(&old);
	return message_value(object, slot);
}

/* No reference to a slot is given away: what is written through it would not be cast. */
static zval *message_pointer(zend_object *object, zend_string *name, int type, void **cache)
{
	return message_slot(name) < 0 ? zend_std_get_property_ptr_ptr(object, name, type, cache) : NULL;
}

static zval *message_read(zend_object *object, zend_string *name, int type, void **cache, zval *out)
{
	int slot = message_slot(name);
	if (slot < 0) {
		return zend_std_read_property(object, name, type, cache, out);
	}
	zval *value = message_value(object, slot);
	if (type == BP_VAR_R || type == BP_VAR_IS) {
		return value;
	}
	ZVAL_COPY(out, value);
	return out;
}

static int message_has(zend_object *object, zend_string *name, int check, void **cache)
{
	return zend_std_has_property(object, name, check, message_slot(name) < 0 ? cache : NULL);
}

static void message_unset(zend_object *object, zend_string *name, void **cache)
{
	if (message_slot(name) < 0) {
		zend_std_unset_property(object, name, cache);
	}
}

/* Throws; where something is on its way already, that becomes the previous exception. */
void mqtt_mosquitto_throw(zend_string *message, zend_long code)
{
	zend_throw_exception(class_entry_Mosquitto_Exception, ZSTR_VAL(message), code);
}

/* What the engine says of an argument that cannot be called. */
void mqtt_mosquitto_not_callable(zval *value)
{
	char *error = NULL;
	zend_is_callable_ex(value, NULL, 0, NULL, NULL, &error);
	zend_argument_type_error(1, "must be a valid callback or null, %s", error ? error : "no array or string given");
	if (error) {
		efree(error);
	}
}

/* Warns and says no where open_basedir does not allow a path. */
bool mqtt_mosquitto_path_allowed(const char *path)
{
	return php_check_open_basedir(path) == 0;
}

static PHP_MINIT_FUNCTION(mosquitto)
{
	REGISTER_LONG_CONSTANT("MOSQ_LOG_INFO", 1, CONST_CS | CONST_PERSISTENT);
	REGISTER_LONG_CONSTANT("MOSQ_LOG_NOTICE", 2, CONST_CS | CONST_PERSISTENT);
	REGISTER_LONG_CONSTANT("MOSQ_LOG_WARNING", 4, CONST_CS | CONST_PERSISTENT);
	REGISTER_LONG_CONSTANT("MOSQ_LOG_ERR", 8, CONST_CS | CONST_PERSISTENT);
	REGISTER_LONG_CONSTANT("MOSQ_LOG_DEBUG", 16, CONST_CS | CONST_PERSISTENT);

	register_classes();

	memcpy(&client_handlers, &std_object_handlers, sizeof(zend_object_handlers));
	client_handlers.offset = offsetof(mqtt_native, std);
	client_handlers.dtor_obj = client_destroy;
	client_handlers.free_obj = client_free;
	client_handlers.get_gc = client_gc;
	client_handlers.clone_obj = NULL;
	class_entry_Mosquitto_Client->create_object = client_create;

	memcpy(&message_handlers, &std_object_handlers, sizeof(zend_object_handlers));
	message_handlers.read_property = message_read;
	message_handlers.write_property = message_write;
	message_handlers.get_property_ptr_ptr = message_pointer;
	message_handlers.has_property = message_has;
	message_handlers.unset_property = message_unset;
	message_handlers.clone_obj = message_clone;
	class_entry_Mosquitto_Message->create_object = message_create;
	return SUCCESS;
}

static PHP_MINFO_FUNCTION(mosquitto)
{
	php_info_print_table_start();
	php_info_print_table_row(2, "Mosquitto support", "enabled");
	php_info_print_table_colspan_header(2, "Provided by the extension mqtt " MQTT_VERSION);
	php_info_print_table_row(2, "libmosquitto version", LIBMOSQUITTO_VERSION);
	php_info_print_table_row(2, "Extension version", MOSQUITTO_VERSION);
	php_info_print_table_end();
}

static zend_module_entry mosquitto_module = {
	STANDARD_MODULE_HEADER,
	"mosquitto",
	NULL,
	PHP_MINIT(mosquitto),
	NULL,
	NULL,
	NULL,
	PHP_MINFO(mosquitto),
	MOSQUITTO_VERSION,
	STANDARD_MODULE_PROPERTIES
};

/*
 * Called at the end of the start-up of `mqtt`. All modules of php.ini are in the registry by then, whether they have
 * started or not, so the original is seen wherever it stands.
 */
void mqtt_mosquitto_register(void)
{
	if (zend_hash_str_exists(&module_registry, "mosquitto", strlen("mosquitto"))) {
		zend_error(E_CORE_WARNING, "mqtt.mosquitto_compat is on, and the extension mosquitto is loaded too: its classes "
			"stay in use. Remove extension=mosquitto from php.ini to use those of mqtt, or switch mqtt.mosquitto_compat off");
		return;
	}
	zend_module_entry *current = EG(current_module);
	if (current && current->type != MODULE_PERSISTENT) {
		/* dl(): the module would outlive the code. */
		zend_error(E_CORE_WARNING, "mqtt.mosquitto_compat has no effect where mqtt is loaded by dl()");
		return;
	}
	if (zend_startup_module(&mosquitto_module) == FAILURE) {
		zend_error(E_CORE_WARNING, "mqtt.mosquitto_compat: the module mosquitto could not be registered");
	}
	EG(current_module) = current;
}
