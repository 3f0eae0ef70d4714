/*
 * Objects with native data: a pointer that Rust owns, in front of the zend_object.
 */
#ifndef MQTT_NATIVE_H
#define MQTT_NATIVE_H

#include "php.h"

/* New with a correction of PHP 8.2.35 and its siblings (see shim.c). One build runs with those before it too. */
#ifdef ZEND_HAS_OOM
# pragma weak _femalloc
# pragma weak _safe_femalloc
# pragma weak _safe_ferealloc
# pragma weak zend_handle_delayed_oom
#endif

typedef struct {
	void *data;
	zend_object std;
} mqtt_native;

static inline mqtt_native *native_of(zend_object *object)
{
	return (mqtt_native *) ((char *) object - offsetof(mqtt_native, std));
}

static inline zend_object *native_create(zend_class_entry *ce, zend_object_handlers *handlers)
{
	mqtt_native *native = zend_object_alloc(sizeof(mqtt_native), ce);
	native->data = NULL;
	zend_object_std_init(&native->std, ce);
	object_properties_init(&native->std, ce);
	native->std.handlers = handlers;
	return &native->std;
}

#endif
