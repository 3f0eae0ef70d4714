/* What the test programs share: a check that counts, and comparison of views. */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <string.h>

#include "mqtt.h"

static int passed, failed;

#define CHECK(condition)                                                                                       \
    do {                                                                                                       \
        if (condition) {                                                                                       \
            passed++;                                                                                          \
        } else {                                                                                               \
            failed++;                                                                                          \
            fprintf(stderr, "%s:%d: %s\n  last error: %s\n", __FILE__, __LINE__, #condition, mqtt_last_error_message()); \
        }                                                                                                      \
    } while (0)

/* The call succeeds; otherwise its result is named. */
#define OK(call)                                                                                               \
    do {                                                                                                       \
        mqtt_result result_ = (call);                                                                          \
        if (result_ == MQTT_RESULT_OK) {                                                                       \
            passed++;                                                                                          \
        } else {                                                                                               \
            failed++;                                                                                          \
            fprintf(stderr, "%s:%d: %s: %s: %s\n", __FILE__, __LINE__, #call, mqtt_result_name(result_), mqtt_last_error_message()); \
        }                                                                                                      \
    } while (0)

static inline int same(mqtt_slice slice, const void *bytes, size_t length)
{
    return slice.length == length && memcmp(slice.data, bytes, length) == 0;
}

static inline int same_text(mqtt_slice slice, const char *text)
{
    return same(slice, text, strlen(text));
}

/* The last line of each program, for the script that runs it. */
static int report(const char *name)
{
    printf("%s: %d passed, %d failed\n", name, passed, failed);
    return failed == 0 ? 0 : 1;
}

#endif
