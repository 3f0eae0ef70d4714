/*
 * What the Zend engine offers only as macros, inline functions or signatures that change between versions: the module
 * entry, class registration from arginfo.h, objects with native data, iterators, streams, and argument parsing.
 * Nothing is decided here. Every zim_* function (a PHP method) and every mqtt_rust_* function is Rust.
 */
#include "php.h"
#include "php_ini.h"
#include "php_streams.h"
#include "ext/standard/info.h"
#include "ext/json/php_json.h"
#include "ext/spl/spl_array.h"
#include "ext/spl/spl_exceptions.h"
#include "ext/spl/spl_iterators.h"
#include "zend_attributes.h"
#include "zend_enum.h"
#include "zend_exceptions.h"
#include "zend_interfaces.h"

#include <fcntl.h>
#include <math.h>

#define class_entry_Throwable zend_ce_throwable
#define class_entry_IteratorAggregate zend_ce_aggregate
#define class_entry_Countable zend_ce_countable
#define class_entry_JsonSerializable php_json_serializable_ce
#define class_entry_RuntimeException spl_ce_RuntimeException
#define class_entry_LogicException spl_ce_LogicException
#include "arginfo.h"
#include "native.h"

/* mosquitto/shim.c. */
extern void mqtt_mosquitto_register(void);

/* Rust. */
extern void mqtt_rust_minit(void);
extern void mqtt_rust_rshutdown(void);
extern void mqtt_rust_mshutdown(void);
extern void mqtt_rust_fatal(void);
extern void mqtt_rust_info(void (*row)(const char *name, const char *value));

void **mqtt_native_slot(zend_object *object)
{
	return &native_of(object)->data;
}

#define NATIVE_CLASS(name) \
	extern void mqtt_rust_free_##name(void *data); \
	static zend_object_handlers handlers_##name; \
	static zend_object *create_##name(zend_class_entry *ce) \
	{ \
		return native_create(ce, &handlers_##name); \
	} \
	static void free_##name(zend_object *object) \
	{ \
		void *data = native_of(object)->data; \
		native_of(object)->data = NULL; \
		if (data) { \
			mqtt_rust_free_##name(data); \
		} \
		zend_object_std_dtor(object); \
	}

#define NATIVE_CLASS_REGISTER(name, clone) \
	memcpy(&handlers_##name, &std_object_handlers, sizeof(zend_object_handlers)); \
	handlers_##name.offset = offsetof(mqtt_native, std); \
	handlers_##name.free_obj = free_##name; \
	handlers_##name.clone_obj = clone; \
	class_entry_Mqtt_##name->create_object = create_##name;

NATIVE_CLASS(Properties)
NATIVE_CLASS(Decoder)
NATIVE_CLASS(Message)
NATIVE_CLASS(Client)
NATIVE_CLASS(Server)
NATIVE_CLASS(PacketServer)
NATIVE_CLASS(PacketClient)
NATIVE_CLASS(Connection)
NATIVE_CLASS(Compat_ArrayCodec)

/*
 * Value classes without native data. That they make their objects here keeps ReflectionClass::newInstanceWithoutConstructor()
 * from making empty ones.
 */
static zend_object *create_value(zend_class_entry *ce)
{
	zend_object *object = zend_objects_new(ce);
	object_properties_init(object, ce);
	return object;
}

/* Those that hold a password do not show it in dumps, nor in JSON. */
static zend_object_handlers handlers_secret;

static zend_object *create_secret(zend_class_entry *ce)
{
	zend_object *object = create_value(ce);
	object->handlers = &handlers_secret;
	return object;
}

static zend_object *clone_secret(zend_object *old)
{
	zend_object *new = create_secret(old->ce);
	zend_objects_clone_members(new, old);
	return new;
}

static void hide(HashTable *table, const char *name)
{
	zval *value = zend_hash_str_find(table, name, strlen(name));
	if (value && Z_TYPE_P(value) == IS_STRING) {
		zval_ptr_dtor(value);
		ZVAL_STRING(value, "(hidden)");
	}
}

static HashTable *shown_secret(zend_object *object, zend_prop_purpose purpose)
{
	HashTable *all = zend_std_get_properties_for(object, purpose);
	if (!all || (purpose != ZEND_PROP_PURPOSE_DEBUG && purpose != ZEND_PROP_PURPOSE_JSON)) {
		return all;
	}
	HashTable *shown = zend_array_dup(all);
	zend_release_properties(all);
	hide(shown, "password");
	hide(shown, "authenticationData");
	zval *tls = zend_hash_str_find(shown, "tls", strlen("tls"));
	if (tls && Z_TYPE_P(tls) == IS_ARRAY) {
		SEPARATE_ARRAY(tls);
		hide(Z_ARRVAL_P(tls), "keyPassphrase");
	}
	return shown;
}

/* The form of classes with a serializer of their own, in which PHP would fill the slots as it finds them. */
static int refuse_unserialize(zval *object, zend_class_entry *ce, const unsigned char *bytes, size_t length, zend_unserialize_data *data)
{
	zend_throw_exception_ex(NULL, 0, "Unserialization of '%s' is not allowed in this form", ZSTR_VAL(ce->name));
	return FAILURE;
}

static void register_values(void)
{
	zend_class_entry *plain[] = {
		class_entry_Mqtt_Will, class_entry_Mqtt_Subscription, class_entry_Mqtt_Packet_ConnAck, class_entry_Mqtt_Packet_Publish,
		class_entry_Mqtt_Packet_PubAck, class_entry_Mqtt_Packet_PubRec, class_entry_Mqtt_Packet_PubRel,
		class_entry_Mqtt_Packet_PubComp, class_entry_Mqtt_Packet_Subscribe, class_entry_Mqtt_Packet_SubAck,
		class_entry_Mqtt_Packet_Unsubscribe, class_entry_Mqtt_Packet_UnsubAck, class_entry_Mqtt_Packet_PingReq,
		class_entry_Mqtt_Packet_PingResp, class_entry_Mqtt_Packet_Disconnect, class_entry_Mqtt_Packet_Auth,
	};
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		plain[i]->create_object = create_value;
		plain[i]->unserialize = refuse_unserialize;
	}
	class_entry_Mqtt_Properties->unserialize = refuse_unserialize;
	class_entry_Mqtt_Message->unserialize = refuse_unserialize;
	class_entry_Mqtt_ClientOptions->unserialize = refuse_unserialize;
	class_entry_Mqtt_Packet_Connect->unserialize = refuse_unserialize;
	memcpy(&handlers_secret, &std_object_handlers, sizeof(zend_object_handlers));
	handlers_secret.get_properties_for = shown_secret;
	handlers_secret.clone_obj = clone_secret;
	class_entry_Mqtt_ClientOptions->create_object = create_secret;
	class_entry_Mqtt_Packet_Connect->create_object = create_secret;
}

/* Calls the constructor of an object with arguments by name. */
void mqtt_construct(zend_object *object, HashTable *arguments)
{
	zval result;
	ZVAL_UNDEF(&result);
	if (object->ce->constructor) {
		zend_call_known_function(object->ce->constructor, object, object->ce, &result, 0, NULL, arguments);
		zval_ptr_dtor(&result);
	}
}

extern void *mqtt_rust_clone_Message(const void *data);

static zend_object *clone_Message(zend_object *old)
{
	zend_object *new = create_Message(old->ce);
	zend_objects_clone_members(new, old);
	if (native_of(old)->data) {
		native_of(new)->data = mqtt_rust_clone_Message(native_of(old)->data);
	}
	return new;
}

/* var_dump() shows the properties that are there. */
static HashTable *debug_Properties(zend_object *object, int *is_temporary)
{
	HashTable *table = zend_new_array(4);
	for (int i = 0; i < object->ce->default_properties_count; i++) {
		zval *value = OBJ_PROP_NUM(object, i);
		if (Z_TYPE_P(value) > IS_NULL && (Z_TYPE_P(value) != IS_ARRAY || zend_hash_num_elements(Z_ARRVAL_P(value)))) {
			Z_TRY_ADDREF_P(value);
			zend_hash_add_new(table, object->ce->properties_info_table[i]->name, value);
		}
	}
	*is_temporary = 1;
	return table;
}

/* A message whose slots the caller fills at once. */
zend_object *mqtt_message_new(void)
{
	mqtt_native *native = zend_object_alloc(sizeof(mqtt_native), class_entry_Mqtt_Message);
	native->data = NULL;
	zend_object_std_init(&native->std, class_entry_Mqtt_Message);
	native->std.handlers = &handlers_Message;
	return &native->std;
}

extern void mqtt_rust_gc_Client(void *data, void *buffer);
extern void mqtt_rust_close_Client(void *data);

static HashTable *gc_Client(zend_object *object, zval **table, int *n)
{
	zend_get_gc_buffer *buffer = zend_get_gc_buffer_create();
	if (native_of(object)->data) {
		mqtt_rust_gc_Client(native_of(object)->data, buffer);
	}
	zend_get_gc_buffer_use(buffer, table, n);
	return NULL;
}

extern void mqtt_rust_gc_Server(void *data, void *buffer);

static HashTable *gc_Server(zend_object *object, zval **table, int *n)
{
	zend_get_gc_buffer *buffer = zend_get_gc_buffer_create();
	if (native_of(object)->data) {
		mqtt_rust_gc_Server(native_of(object)->data, buffer);
	}
	zend_get_gc_buffer_use(buffer, table, n);
	return NULL;
}

extern void mqtt_rust_gc_PacketServer(void *data, void *buffer);

static HashTable *gc_PacketServer(zend_object *object, zval **table, int *n)
{
	zend_get_gc_buffer *buffer = zend_get_gc_buffer_create();
	if (native_of(object)->data) {
		mqtt_rust_gc_PacketServer(native_of(object)->data, buffer);
	}
	zend_get_gc_buffer_use(buffer, table, n);
	return NULL;
}

/* The destructor: what is on its way gets out. */
static void destroy_Client(zend_object *object)
{
	if (native_of(object)->data) {
		mqtt_rust_close_Client(native_of(object)->data);
	}
}

extern void *mqtt_rust_clone_Properties(const void *data);

static zend_object *clone_Properties(zend_object *old)
{
	zend_object *new = create_Properties(old->ce);
	zend_objects_clone_members(new, old);
	if (native_of(old)->data) {
		native_of(new)->data = mqtt_rust_clone_Properties(native_of(old)->data);
	}
	return new;
}

/* Objects without native data. */
zend_object *mqtt_object_new(zend_class_entry *ce)
{
	if (ce->create_object) {
		return ce->create_object(ce);
	}
	zend_object *object = zend_objects_new(ce);
	object_properties_init(object, ce);
	return object;
}

void mqtt_object_release(zend_object *object)
{
	OBJ_RELEASE(object);
}

/* Exceptions: our typed readonly slots begin as null, so that a bare "new" has nothing uninitialized. */
static zend_object *exception_create(zend_class_entry *ce)
{
	zend_class_entry *ours = ce;
	while (ours->type != ZEND_INTERNAL_CLASS) {
		ours = ours->parent;
	}
	zend_object *object = ours->parent->create_object(ce);
	for (int i = ours->parent->default_properties_count; i < ours->default_properties_count; i++) {
		ZVAL_NULL(OBJ_PROP_NUM(object, i));
	}
	return object;
}

static void register_exceptions(void)
{
	zend_class_entry *classes[] = {
		class_entry_Mqtt_Exception_ConnectException, class_entry_Mqtt_Exception_TransportException,
		class_entry_Mqtt_Exception_ProtocolException, class_entry_Mqtt_Exception_RefusedException,
		class_entry_Mqtt_Exception_TimeoutException, class_entry_Mqtt_Exception_ClosedException,
		class_entry_Mqtt_Exception_QueueFullException, class_entry_Mqtt_Exception_ForkException,
	};
	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		classes[i]->create_object = exception_create;
	}
}

/* Throws; takes over nothing. Returns the exception to put details into, owned by the engine. */
zend_object *mqtt_throw(zend_class_entry *ce, zend_string *message, zend_long code)
{
	return zend_throw_exception(ce, ZSTR_VAL(message), code);
}

/* Sets one of our slots of an exception; takes over the value. */
void mqtt_exception_set(zend_object *object, const char *name, zval *value)
{
	zend_property_info *info = zend_hash_str_find_ptr(&object->ce->properties_info, name, strlen(name));
	if (info) {
		zval *slot = OBJ_PROP(object, info->offset);
		zval_ptr_dtor(slot);
		ZVAL_COPY_VALUE(slot, value);
	} else {
		zval_ptr_dtor(value);
	}
}

/* A class constant that is an enum case under a second name. */
static void alias_enum_case(zend_class_entry *ce, const char *name, const char *enum_case)
{
	size_t size = sizeof(zend_ast_ref) + sizeof(zend_ast) + sizeof(zend_ast *) + 2 * sizeof(zend_ast_zval);
	char *memory = pemalloc(size, 1);
	zend_ast_ref *ref = (zend_ast_ref *) memory;
	memory += sizeof(zend_ast_ref);
	GC_SET_REFCOUNT(ref, 1);
	GC_TYPE_INFO(ref) = GC_CONSTANT_AST | ((GC_PERSISTENT | GC_IMMUTABLE) << GC_FLAGS_SHIFT);

	zend_ast *ast = (zend_ast *) memory;
	memory += sizeof(zend_ast) + sizeof(zend_ast *);
	ast->kind = ZEND_AST_CLASS_CONST;
	ast->attr = 0;
	ast->lineno = 0;
	zend_string *names[] = {ce->name, zend_string_init_interned(enum_case, strlen(enum_case), 1)};
	for (int i = 0; i < 2; i++) {
		zend_ast_zval *child = (zend_ast_zval *) memory;
		memory += sizeof(zend_ast_zval);
		child->kind = ZEND_AST_ZVAL;
		child->attr = 0;
		ZVAL_STR(&child->val, names[i]);
		Z_LINENO(child->val) = 0;
		ast->child[i] = (zend_ast *) child;
	}

	zval value;
	ZVAL_AST(&value, ref);
	zend_string *key = zend_string_init_interned(name, strlen(name), 1);
	zend_declare_class_constant_ex(ce, key, &value, ZEND_ACC_PUBLIC, NULL);
	zend_string_release(key);
}

/* Iterators over what an object gives until it has no more: foreach and InternalIterator alike. */
typedef struct {
	zend_object_iterator it;
	zval current;
	zend_long key;
	void (*next)(zend_object *object, zval *out);
} mqtt_iterator;

static void iterator_dtor(zend_object_iterator *it)
{
	zval_ptr_dtor(&((mqtt_iterator *) it)->current);
	zval_ptr_dtor(&it->data);
}

static int iterator_valid(zend_object_iterator *it)
{
	return Z_TYPE(((mqtt_iterator *) it)->current) == IS_UNDEF ? FAILURE : SUCCESS;
}

static zval *iterator_current(zend_object_iterator *it)
{
	return &((mqtt_iterator *) it)->current;
}

static void iterator_key(zend_object_iterator *it, zval *key)
{
	ZVAL_LONG(key, ((mqtt_iterator *) it)->key);
}

static void iterator_fetch(mqtt_iterator *iterator)
{
	zval_ptr_dtor(&iterator->current);
	ZVAL_UNDEF(&iterator->current);
	iterator->next(Z_OBJ(iterator->it.data), &iterator->current);
}

static void iterator_forward(zend_object_iterator *it)
{
	((mqtt_iterator *) it)->key++;
	iterator_fetch((mqtt_iterator *) it);
}

static void iterator_rewind(zend_object_iterator *it)
{
	if (Z_TYPE(((mqtt_iterator *) it)->current) == IS_UNDEF) {
		iterator_fetch((mqtt_iterator *) it);
	}
}

static HashTable *iterator_gc(zend_object_iterator *it, zval **table, int *n)
{
	zend_get_gc_buffer *buffer = zend_get_gc_buffer_create();
	zend_get_gc_buffer_add_zval(buffer, &it->data);
	zend_get_gc_buffer_add_zval(buffer, &((mqtt_iterator *) it)->current);
	zend_get_gc_buffer_use(buffer, table, n);
	return NULL;
}

static const zend_object_iterator_funcs iterator_funcs = {
	iterator_dtor, iterator_valid, iterator_current, iterator_key, iterator_forward, iterator_rewind, NULL, iterator_gc,
};

static zend_object_iterator *iterator_new(zval *object, int by_ref, void (*next)(zend_object *, zval *))
{
	if (by_ref) {
		zend_throw_error(NULL, "An iterator cannot be used with foreach by reference");
		return NULL;
	}
	mqtt_iterator *iterator = emalloc(sizeof(mqtt_iterator));
	zend_iterator_init(&iterator->it);
	iterator->it.funcs = &iterator_funcs;
	ZVAL_OBJ_COPY(&iterator->it.data, Z_OBJ_P(object));
	ZVAL_UNDEF(&iterator->current);
	iterator->key = 0;
	iterator->next = next;
	return &iterator->it;
}

#define ITERABLE_CLASS(name) \
	extern void mqtt_rust_next_##name(zend_object *object, zval *out); \
	static zend_object_iterator *iterate_##name(zend_class_entry *ce, zval *object, int by_ref) \
	{ \
		return iterator_new(object, by_ref, mqtt_rust_next_##name); \
	}

ITERABLE_CLASS(Decoder)
ITERABLE_CLASS(Messages)

void mqtt_array_iterator(zval *array, zval *out)
{
	object_init_ex(out, spl_ce_ArrayIterator);
	zend_call_known_instance_method_with_1_params(spl_ce_ArrayIterator->constructor, Z_OBJ_P(out), NULL, array);
}

/* Takes over the array. */
void mqtt_plain_object(zval *array, zval *out)
{
	object_and_properties_init(out, zend_standard_class_def, Z_ARRVAL_P(array));
}

void mqtt_iterator_object(zend_object *object, zval *out)
{
	zval this;
	ZVAL_OBJ(&this, object);
	zend_create_internal_iterator_zval(out, &this);
}

/* Arguments: weak or strict as the calling file says, conversions in place. */
bool mqtt_arg_string(zval *arg, uint32_t number, zend_string **out)
{
	return zend_parse_arg_str(arg, out, false, number);
}

bool mqtt_arg_long(zval *arg, uint32_t number, zend_long *out)
{
	bool is_null;
	return zend_parse_arg_long(arg, out, &is_null, false, number);
}

bool mqtt_arg_bool(zval *arg, uint32_t number, bool *out)
{
	bool is_null;
	return zend_parse_arg_bool(arg, out, &is_null, false, number);
}

bool mqtt_arg_double(zval *arg, uint32_t number, double *out)
{
	bool is_null;
	return zend_parse_arg_double(arg, out, &is_null, false, number);
}

/* Whether the file that calls the method which runs says strict_types. */
bool mqtt_is_strict(void)
{
	return ZEND_ARG_USES_STRICT_TYPES();
}

/* Weakly, whoever calls. */
#if PHP_VERSION_ID >= 80600
/* The conversions return what they converted, and have a mark of their own for what they could not. */
static bool weak_string(zval *value, zend_string **out)
{
	return (*out = zend_parse_arg_str_weak(value, 0)) != NULL;
}

static bool weak_bool(zval *value, bool *out)
{
	zpp_parse_bool_status status = zend_parse_arg_bool_weak(value, 0);
	*out = status == ZPP_PARSE_BOOL_STATUS_TRUE;
	return status != ZPP_PARSE_BOOL_STATUS_ERROR;
}

static bool weak_double(zval *value, double *out)
{
	return !zend_isnan(*out = zend_parse_arg_double_weak(value, 0));
}
#else
#define weak_string(value, out) zend_parse_arg_str_weak(value, out, 0)
#define weak_bool(value, out) zend_parse_arg_bool_weak(value, out, 0)
#define weak_double(value, out) zend_parse_arg_double_weak(value, out, 0)
#endif

bool mqtt_weak_string(zval *value, zend_string **out)
{
	return Z_TYPE_P(value) == IS_STRING ? (*out = Z_STR_P(value), true) : weak_string(value, out);
}

bool mqtt_weak_long(zval *value, zend_long *out)
{
	return Z_TYPE_P(value) == IS_LONG ? (*out = Z_LVAL_P(value), true) : zend_parse_arg_long_weak(value, out, 0);
}

bool mqtt_weak_bool(zval *value, bool *out)
{
	return weak_bool(value, out);
}

bool mqtt_weak_double(zval *value, double *out)
{
	return Z_TYPE_P(value) == IS_DOUBLE ? (*out = Z_DVAL_P(value), true) : weak_double(value, out);
}

/* A parameter by reference; the variable may be a typed property. */
void mqtt_assign_bool(zval *arg, bool value)
{
	if (Z_ISREF_P(arg)) {
		ZEND_TRY_ASSIGN_REF_BOOL(arg, value);
	}
}

void mqtt_argument_error(zend_class_entry *ce, uint32_t number, zend_string *message)
{
	zend_argument_error(ce, number, "%s", ZSTR_VAL(message));
}

void mqtt_count_error(uint32_t minimum, uint32_t maximum)
{
	zend_wrong_parameters_count_error(minimum, maximum);
}

/* Whether PHP is built for many threads in one process. */
bool mqtt_has_threads(void)
{
#ifdef ZTS
	return true;
#else
	return false;
#endif
}

const char *mqtt_type_name(const zval *value)
{
	return zend_zval_type_name(value);
}

/* Values. */
void mqtt_zval_copy(zval *to, const zval *from)
{
	ZVAL_COPY(to, from);
}

void mqtt_zval_drop(zval *value)
{
	zval_ptr_dtor(value);
}

void mqtt_zval_unwrap(zval **value)
{
	ZVAL_DEREF(*value);
}

/*
 * The memory limit. PHP up to 8.2.34 (and its siblings) leaves with a longjmp where memory is asked for. Later versions put
 * the error off until they are back in the VM, and end the process with status 137 where a request passes the limit by
 * far, unless the caller says that it can be refused ("fallible"). Large strings are asked for so that neither happens
 * between frames of Rust: they are refused, and the error comes at the end of the method. One build runs on both kinds.
 */
#define LARGE_STRING (64 * 1024)

/* A string of this length; one that begins as the other one, which it takes over, where there is one. NULL: refused. */
static zend_string *large_string(zend_string *old, size_t length)
{
#ifdef ZEND_HAS_OOM
	if (_femalloc) {
		return old ? zend_string_fextend(old, length, 0, true) : zend_string_falloc(length, 0, true);
	}
#endif
	zend_string *volatile string = NULL;
	zend_try {
		string = old ? zend_string_extend(old, length, 0) : zend_string_alloc(length, 0);
	} zend_catch {
		mqtt_rust_fatal();
	} zend_end_try();
	return string;
}

/* Whether the engine has put off the error of the memory limit. */
bool mqtt_memory_spent(void)
{
#ifdef ZEND_HAS_OOM
	return zend_handle_delayed_oom && EG(delayed_oom).state == ZEND_OOM_STATE_PENDING;
#else
	return false;
#endif
}

/* Raises that error, as what exit() throws. Output callbacks run. */
void mqtt_memory_error(void)
{
#ifdef ZEND_HAS_OOM
	zend_handle_delayed_oom();
#endif
}

/* Empty where the memory limit refuses it. */
void mqtt_zval_string(zval *to, const char *bytes, size_t length)
{
	if (length <= 1) {
		ZVAL_INTERNED_STR(to, length == 0 ? ZSTR_EMPTY_ALLOC() : ZSTR_CHAR((zend_uchar) *bytes));
	} else if (length < LARGE_STRING) {
		ZVAL_NEW_STR(to, zend_string_init(bytes, length, 0));
	} else {
		zend_string *string = large_string(NULL, length);
		if (!string) {
			ZVAL_EMPTY_STRING(to);
			return;
		}
		memcpy(ZSTR_VAL(string), bytes, length);
		ZSTR_VAL(string)[length] = '\0';
		ZVAL_NEW_STR(to, string);
	}
}

/* Appends to a string, in place where nobody else holds it; not where the memory limit refuses it. */
void mqtt_zval_append(zval *value, const char *bytes, size_t length)
{
	size_t old = Z_STRLEN_P(value);
	zend_string *string = large_string(Z_STR_P(value), zend_safe_addmult(length, 1, old, "mqtt"));
	if (!string) {
		return;
	}
	memcpy(ZSTR_VAL(string) + old, bytes, length);
	ZSTR_VAL(string)[old + length] = '\0';
	ZVAL_NEW_STR(value, string);
}

void mqtt_array_new(zval *to, uint32_t size)
{
	array_init_size(to, size);
	zend_hash_real_init_packed(Z_ARRVAL_P(to));
}

void mqtt_map_new(zval *to)
{
	array_init(to);
}

void mqtt_array_push(zval *array, zval *value)
{
	zend_hash_next_index_insert_new(Z_ARRVAL_P(array), value);
}

void mqtt_array_set(zval *array, const char *key, size_t length, zval *value)
{
	zend_hash_str_update(Z_ARRVAL_P(array), key, length, value);
}

/* The key as PHP code would write it: "12" is the int 12. An element that is there keeps its place. */
void mqtt_array_put(zval *array, const char *key, size_t length, zval *value)
{
	/* A string of the engine ends with NUL, which is where the search for digits stops. */
	zend_string *name = zend_string_init_fast(length ? key : "", length);
	zend_symtable_update(Z_ARRVAL_P(array), name, value);
	zend_string_release(name);
}

/* Keys that never change: strings that live as long as the process. Call it at start-up. */
zend_string *mqtt_interned(const char *bytes, size_t length)
{
	return zend_string_init_interned(bytes, length, 1);
}

/* An empty array with room for so many string keys. */
void mqtt_map_sized(zval *to, uint32_t size)
{
	array_init_size(to, size);
	zend_hash_real_init_mixed(Z_ARRVAL_P(to));
}

/* Adds a key that is not there yet. */
void mqtt_array_add(zval *array, zend_string *key, zval *value)
{
	zend_hash_add_new(Z_ARRVAL_P(array), key, value);
}

/* The element with an interned key, reference followed; NULL where there is none. */
zval *mqtt_array_find(const HashTable *array, zend_string *key)
{
	zval *value = zend_hash_find_known_hash(array, key);
	if (value) {
		ZVAL_DEREF(value);
	}
	return value;
}

/* Visits an array in order; the visitor returns false to stop. Key is NULL for integer keys. */
bool mqtt_array_each(HashTable *array, void *context, bool (*visit)(void *context, zend_string *key, zend_ulong index, zval *value))
{
	zend_string *key;
	zend_ulong index;
	zval *value;
	ZEND_HASH_FOREACH_KEY_VAL(array, index, key, value) {
		ZVAL_DEREF(value);
		if (!visit(context, key, index, value)) {
			return false;
		}
	} ZEND_HASH_FOREACH_END();
	return true;
}

/* Visits anything that foreach takes; -1: it is neither an array nor Traversable. User code may run. */
typedef struct {
	void *context;
	bool (*visit)(void *context, zend_string *key, zend_ulong index, zval *value);
	zend_ulong index;
	bool go_on;
} traversal;

static int traverse_step(zend_object_iterator *it, void *data)
{
	traversal *state = data;
	zval *value = it->funcs->get_current_data(it);
	if (EG(exception) || !value) {
		return ZEND_HASH_APPLY_STOP;
	}
	ZVAL_DEREF(value);
	state->go_on = state->visit(state->context, NULL, state->index++, value);
	return state->go_on && !EG(exception) ? ZEND_HASH_APPLY_KEEP : ZEND_HASH_APPLY_STOP;
}

int mqtt_traverse(zval *iterable, void *context, bool (*visit)(void *context, zend_string *key, zend_ulong index, zval *value))
{
	if (Z_TYPE_P(iterable) == IS_ARRAY) {
		return mqtt_array_each(Z_ARRVAL_P(iterable), context, visit);
	}
	if (Z_TYPE_P(iterable) != IS_OBJECT || !instanceof_function(Z_OBJCE_P(iterable), zend_ce_traversable)) {
		return -1;
	}
	traversal state = {context, visit, 0, true};
	spl_iterator_apply(iterable, traverse_step, &state);
	return state.go_on && !EG(exception);
}

/*
 * The number of the slot of a property of a class written in PHP, or -1 where it has none that may be written to directly
 * with values of all these types (bits of MAY_BE_).
 */
int mqtt_property_slot(zend_class_entry *ce, const char *name, uint32_t types)
{
	zend_property_info *info = zend_hash_str_find_ptr(&ce->properties_info, name, strlen(name));
	if (ce->type != ZEND_USER_CLASS || ce->create_object || !info || (info->flags & (ZEND_ACC_STATIC | ZEND_ACC_READONLY))) {
		return -1;
	}
#if PHP_VERSION_ID >= 80400
	if (info->hooks || (info->flags & ZEND_ACC_VIRTUAL)) {
		return -1;
	}
#endif
	if (ZEND_TYPE_IS_SET(info->type) && (ZEND_TYPE_PURE_MASK(info->type) & types) != types) {
		return -1;
	}
	return OBJ_PROP_TO_NUM(info->offset);
}

bool mqtt_instance_of(const zval *value, zend_class_entry *ce)
{
	return Z_TYPE_P(value) == IS_OBJECT && instanceof_function(Z_OBJCE_P(value), ce);
}

/* The case of an enum with this name or value; borrowed. */
zend_object *mqtt_enum_case(zend_class_entry *ce, const char *name)
{
	return zend_enum_get_case_cstr(ce, name);
}

zend_long mqtt_enum_value(zend_object *enum_case)
{
	return Z_LVAL_P(zend_enum_fetch_case_value(enum_case));
}

/* What tells the stack that runs from those of other fibers and coroutines: where its frames begin. */
void *mqtt_stack(void)
{
	zend_vm_stack page = EG(vm_stack);
	while (page && page->prev) {
		page = page->prev;
	}
	return page;
}

bool mqtt_exception_pending(void)
{
	return EG(exception) != NULL;
}

bool mqtt_pending_is(zend_class_entry *ce)
{
	return EG(exception) && instanceof_function(EG(exception)->ce, ce);
}

zend_object *mqtt_take_exception(void)
{
	zend_object *exception = EG(exception);
	if (exception) {
		GC_ADDREF(exception);
		zend_clear_exception();
	}
	return exception;
}

/* Whether the script is over: destructors run for the last time. */
bool mqtt_in_shutdown(void)
{
	return EG(flags) & EG_FLAGS_IN_SHUTDOWN;
}

/* Whether exit() is on its way: not an exception that anybody may catch. */
bool mqtt_exception_is_exit(void)
{
	return EG(exception) && (zend_is_unwind_exit(EG(exception)) || zend_is_graceful_exit(EG(exception)));
}

void mqtt_log_error(zend_string *text)
{
	php_log_err(ZSTR_VAL(text));
}

/* Runs a function under the bailout guard; false: a fatal error passed, and has to be raised again with mqtt_bailout. */
bool mqtt_guarded(void (*function)(void *context), void *context)
{
	volatile bool ok = true;
	zend_try {
		function(context);
	} zend_catch {
		ok = false;
	} zend_end_try();
	return ok;
}

void mqtt_bailout(void)
{
	zend_bailout();
}

/* Warns also while an exception is on its way. */
void mqtt_warning(zend_string *message)
{
	/* Put aside by hand: PHP 8.6 has no zend_exception_save() any more. */
	zend_object *pending = EG(exception);
	EG(exception) = NULL;
	php_error_docref(NULL, E_WARNING, "%s", ZSTR_VAL(message));
	if (pending && EG(exception)) {
		zend_exception_set_previous(EG(exception), pending);
	} else if (pending) {
		EG(exception) = pending;
	}
}

/* Callables. A callable that is resolved anew for each call (__call and the like) has no function in its cache. */
bool mqtt_callable(zval *value, zend_fcall_info_cache *cache)
{
	if (!zend_is_callable_ex(value, NULL, 0, NULL, cache, NULL)) {
		return false;
	}
	if (cache->function_handler->common.fn_flags & ZEND_ACC_CALL_VIA_TRAMPOLINE) {
		zend_release_fcall_info_cache(cache);
		cache->function_handler = NULL;
	}
	return true;
}

void mqtt_call(zval *value, zend_fcall_info_cache *cache, zval *result, uint32_t count, zval *arguments)
{
	ZVAL_UNDEF(result);
	if (cache->function_handler) {
		zend_call_known_function(cache->function_handler, cache->object, cache->called_scope, result, count, arguments, NULL);
	} else {
		call_user_function(NULL, NULL, value, result, count, arguments);
	}
}

/* [object, "method"] where the object has the method. */
bool mqtt_method(zval *object, const char *method, zval *out)
{
	if (Z_TYPE_P(object) != IS_OBJECT || !zend_hash_str_exists(&Z_OBJCE_P(object)->function_table, method, strlen(method))) {
		return false;
	}
	array_init_size(out, 2);
	Z_ADDREF_P(object);
	add_next_index_zval(out, object);
	add_next_index_string(out, method);
	return true;
}

/* pcntl's function, looked up once a request. Where PHP has threads each has its own table of functions. */
ZEND_TLS zend_function *signal_dispatch;
ZEND_TLS bool signal_dispatch_looked;

/* What the engine does between two opcodes: signal handlers, time limits. Returns false with an exception pending. */
bool mqtt_interrupts(void)
{
#if PHP_VERSION_ID >= 80200
	if (zend_atomic_bool_exchange_ex(&EG(vm_interrupt), false)) {
#else
	if (EG(vm_interrupt)) {
		EG(vm_interrupt) = 0;
#endif
#if PHP_VERSION_ID >= 80200
		if (zend_atomic_bool_load_ex(&EG(timed_out))) {
#else
		if (EG(timed_out)) {
#endif
			zend_timeout();
		} else if (mqtt_memory_spent()) {
			mqtt_memory_error();
		} else if (zend_interrupt_function) {
			zend_interrupt_function(EG(current_execute_data));
		}
	}
	/* Without pcntl_async_signals() handlers wait for somebody to ask. */
	if (!signal_dispatch_looked) {
		signal_dispatch_looked = true;
		signal_dispatch = zend_hash_str_find_ptr(CG(function_table), "pcntl_signal_dispatch", sizeof("pcntl_signal_dispatch") - 1);
	}
	if (signal_dispatch && !EG(exception)) {
		zval result;
		ZVAL_UNDEF(&result);
		zend_call_known_function(signal_dispatch, NULL, NULL, &result, 0, NULL, NULL);
		zval_ptr_dtor(&result);
	}
	return EG(exception) == NULL;
}

/* A stream over a copy of the descriptor, so that closing the stream closes nothing of ours. */
bool mqtt_stream(int descriptor, zval *out)
{
	int copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
	php_stream *stream = copy < 0 ? NULL : php_stream_fopen_from_fd(copy, "r", NULL);
	if (!stream) {
		return false;
	}
	stream->flags |= PHP_STREAM_FLAG_NO_BUFFER;
	php_stream_to_zval(stream, out);
	return true;
}

bool mqtt_stream_is_open(zval *stream)
{
	return zend_fetch_resource2(Z_RES_P(stream), NULL, php_file_le_stream(), php_file_le_pstream()) != NULL;
}

void mqtt_gc_add(void *buffer, zval *value)
{
	zend_get_gc_buffer_add_zval(buffer, value);
}

/* Settings. A value that is none is refused: ini_set() returns false, and one of php.ini leaves the default. */
static int refuse_setting(zend_ini_entry *entry, zend_string *value, int stage, const char *what)
{
	if (stage != ZEND_INI_STAGE_RUNTIME) {
		php_error_docref(NULL, E_WARNING, "%s must be %s, \"%s\" given: it is ignored", ZSTR_VAL(entry->name), what,
			value ? ZSTR_VAL(value) : "");
	}
	return FAILURE;
}

static ZEND_INI_MH(on_seconds)
{
	const char *end = NULL;
	double seconds = new_value && ZSTR_LEN(new_value) ? zend_strtod(ZSTR_VAL(new_value), &end) : -1;
	if (!isfinite(seconds) || seconds < 0 || end != ZSTR_VAL(new_value) + ZSTR_LEN(new_value)) {
		return refuse_setting(entry, new_value, stage, "a number of seconds from 0 up");
	}
	return SUCCESS;
}

static ZEND_INI_MH(on_level)
{
	static const char *const levels[] = {"", "debug", "info", "notice", "warning", "error"};
	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		if (!new_value || !strcasecmp(ZSTR_VAL(new_value), levels[i])) {
			return SUCCESS;
		}
	}
	return refuse_setting(entry, new_value, stage, "debug, info, notice, warning, error or empty");
}

/* Module. */
PHP_INI_BEGIN()
	PHP_INI_ENTRY("mqtt.linger", "5", PHP_INI_ALL, on_seconds)
	PHP_INI_ENTRY("mqtt.connect_timeout", "10", PHP_INI_ALL, on_seconds)
	PHP_INI_ENTRY("mqtt.log", "", PHP_INI_ALL, on_level)
	PHP_INI_ENTRY("mqtt.mosquitto_compat", "0", PHP_INI_SYSTEM, NULL)
PHP_INI_END()

double mqtt_ini_double(const char *name)
{
	return zend_ini_double((char *) name, strlen(name), 0);
}

const char *mqtt_ini_string(const char *name)
{
	return zend_ini_string((char *) name, strlen(name), 0);
}

static PHP_MINIT_FUNCTION(mqtt)
{
	REGISTER_INI_ENTRIES();
	register_classes();
	register_exceptions();
	register_values();
	alias_enum_case(class_entry_Mqtt_ReasonCode, "NormalDisconnection", "Success");
	alias_enum_case(class_entry_Mqtt_ReasonCode, "GrantedQoS0", "Success");
	NATIVE_CLASS_REGISTER(Properties, clone_Properties)
	handlers_Properties.get_debug_info = debug_Properties;
	NATIVE_CLASS_REGISTER(Decoder, NULL)
	NATIVE_CLASS_REGISTER(Message, clone_Message)
	NATIVE_CLASS_REGISTER(Client, NULL)
	handlers_Client.get_gc = gc_Client;
	NATIVE_CLASS_REGISTER(Server, NULL)
	handlers_Server.get_gc = gc_Server;
	NATIVE_CLASS_REGISTER(PacketServer, NULL)
	handlers_PacketServer.get_gc = gc_PacketServer;
	NATIVE_CLASS_REGISTER(Connection, NULL)
	NATIVE_CLASS_REGISTER(PacketClient, NULL)
	NATIVE_CLASS_REGISTER(Compat_ArrayCodec, NULL)
	handlers_Client.dtor_obj = destroy_Client;
	class_entry_Mqtt_Decoder->get_iterator = iterate_Decoder;
	class_entry_Mqtt_Messages->get_iterator = iterate_Messages;
	mqtt_rust_minit();
	if (zend_ini_long("mqtt.mosquitto_compat", strlen("mqtt.mosquitto_compat"), 0)) {
		mqtt_mosquitto_register();
	}
	return SUCCESS;
}

static PHP_MSHUTDOWN_FUNCTION(mqtt)
{
	mqtt_rust_mshutdown();
	UNREGISTER_INI_ENTRIES();
	return SUCCESS;
}

static PHP_RSHUTDOWN_FUNCTION(mqtt)
{
	mqtt_rust_rshutdown();
	signal_dispatch = NULL;
	signal_dispatch_looked = false;
	return SUCCESS;
}

static void info_row(const char *name, const char *value)
{
	php_info_print_table_row(2, name, value);
}

static PHP_MINFO_FUNCTION(mqtt)
{
	php_info_print_table_start();
	mqtt_rust_info(info_row);
	php_info_print_table_end();
	DISPLAY_INI_ENTRIES();
}

static const zend_module_dep dependencies[] = {
	ZEND_MOD_REQUIRED("spl")
	ZEND_MOD_END
};

static zend_module_entry module_entry = {
	STANDARD_MODULE_HEADER_EX,
	NULL,
	dependencies,
	"mqtt",
	NULL,
	PHP_MINIT(mqtt),
	PHP_MSHUTDOWN(mqtt),
	NULL,
	PHP_RSHUTDOWN(mqtt),
	PHP_MINFO(mqtt),
	MQTT_VERSION,
	STANDARD_MODULE_PROPERTIES
};

zend_module_entry *mqtt_module_entry(void)
{
	return &module_entry;
}
