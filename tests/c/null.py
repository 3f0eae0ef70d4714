#!/usr/bin/env python3
"""Writes a C program that calls every function of include/mqtt.h with NULL for each pointer and with numbers and texts that
cannot be, the other arguments being good. usage: null.py HEADER > null.c

A required pointer must give MQTT_RESULT_NULL_PARAMETER; a pointer that may be NULL must be named so in the function's comment.
Nothing may crash, panic, or answer with a result that has no name."""
import re
import sys

HEADER = open(sys.argv[1], encoding="utf-8").read()

# They end or consume what they are given: only with NULL for it.
ENDS = re.compile(r"_free$|^mqtt_(broker_stop|client_close|client_disconnect|client_start_disconnect|question_(proceed|accept|refuse|each|replace|continue))$")
# What a function wants to be there, where the name of the parameter does not say it.
TEXTS = {"uri": "mqtt://127.0.0.1", "topic": "a/b", "filter": "a/#", "options": "shards 1"}
PAIRS = {"length", "capacity", "count", "password_length"}
MOST = {"uint8_t": "UINT8_MAX", "uint16_t": "UINT16_MAX", "uint32_t": "UINT32_MAX", "size_t": "SIZE_MAX", "int64_t": None}


def functions():
    pattern = re.compile(r"/\*\*((?:(?!\*/).)*)\*/\n((?:const )?\w+ \**)(mqtt_\w+)\(([^;{}]*)\);", re.S)
    for comment, result, name, parameters in pattern.findall(HEADER):
        arguments = []
        for parameter in re.sub(r"\s+", " ", parameters).split(","):
            parameter = parameter.strip()
            if parameter != "void":
                kind, word = re.match(r"(.*?)(\w+)$", parameter).groups()
                arguments.append((kind.replace(" *", "*").strip(), word))
        yield comment, result.strip(), name, arguments


def good(kind, word, function):
    if word in PAIRS and kind == "size_t":
        return "1"
    if kind == "const char*":
        return '"%s"' % TEXTS.get(word, "1")
    if kind == "const char*const*":
        return "filters"
    if kind in ("const uint8_t*", "const uint32_t*"):
        return "(%s)octets" % kind
    if kind == "char*":
        return "text"
    if kind == "uint8_t*":
        return "room"
    if kind.endswith("**"):
        return "(%s)(void *)&out" % kind
    if kind in ("uint32_t*", "uint64_t*", "size_t*", "bool*", "mqtt_slice*"):
        return "(%s)(void *)&place" % kind
    if kind == "const mqtt_hooks*":
        return "&hooks"
    if kind == "void*":
        return "NULL"
    if kind == "mqtt_callback":
        return "on_event"
    if kind == "mqtt_interrupt":
        return "on_wait"
    if kind.endswith("*"):
        object_name = re.sub(r"^const |^mqtt_|\*$", "", re.sub(r"^const ", "", kind))
        return {"packet": "subscribe" if "filter" in function else "suback" if "reason" in function else "publish"}.get(object_name, object_name)
    if function == "mqtt_packet_new":
        return "3"
    if word == "version" and kind == "uint8_t":
        return "5"
    if function in ("mqtt_packet_number", "mqtt_packet_set_number") and word == "field":
        return "MQTT_FIELD_QOS"
    if function in ("mqtt_packet_bytes", "mqtt_packet_set_bytes") and word == "field":
        return "MQTT_FIELD_TOPIC"
    if function == "mqtt_properties_add_number" and word == "id":
        return "MQTT_PROPERTY_MESSAGE_EXPIRY_INTERVAL"
    if function == "mqtt_properties_add_bytes" and word == "id":
        return "MQTT_PROPERTY_CONTENT_TYPE"
    if function == "mqtt_properties_find" and word == "id":
        return "MQTT_PROPERTY_USER_PROPERTY"
    if word in ("text_id", "number_id", "stat"):
        return "1"
    return "0"


def main():
    calls = []
    names = []
    for comment, result, name, arguments in functions():
        names.append(name)
        values = [good(kind, word, name) for kind, word in arguments]

        def call(at, value, expectation):
            changed = values[:at] + [value] + values[at + 1:] if at is not None else values
            line = "%s(%s)" % (name, ", ".join(changed))
            if result == "mqtt_result":
                calls.append("    EXPECT(%s, %s);" % (expectation, line))
            else:
                calls.append("    HARMLESS(%s);" % line if result == "void" else "    HARMLESS((void)%s);" % line)

        for at, (kind, word) in enumerate(arguments):
            only_null = ENDS.search(name) and at == 0
            if ENDS.search(name) and at > 0:
                continue
            if kind.endswith("*") or kind in ("mqtt_callback", "mqtt_interrupt"):
                if kind == "void*":
                    continue
                told = "NULL" in comment
                call(at, "NULL", "ANY" if told else "NULL_PARAMETER")
                if not told and result != "mqtt_result" and at == 0:
                    sys.exit("%s does not say what NULL does" % name)
            if only_null:
                continue
            if kind == "const char*":
                for text in ('"\\xFF"', '""', "very_long"):
                    call(at, text, "ANY")
            elif MOST.get(kind) and word not in PAIRS:
                call(at, MOST[kind], "ANY")
        if not arguments:
            if name != "mqtt_shutdown":
                call(None, None, "ANY")
    declared = set(re.findall(r"\b(mqtt_\w+)\(", re.sub(r"/\*.*?\*/", "", HEADER, flags=re.S))) - {"mqtt_abi_check"}
    missing = declared - set(names) - {"MQTT_ABI_CHECK"}
    if missing:
        sys.exit("not understood: %s" % ", ".join(sorted(missing)))
    print(PROGRAM % {"count": len(names), "calls": "\n".join(calls)})


PROGRAM = r"""/* Written by tests/c/null.py: %(count)d functions. */
#include <pthread.h>
#include <stdlib.h>

#include "check.h"

enum { ANY, NULL_PARAMETER };

/* NOTHING may come first where a function has nothing to store. */
#define EXPECT(what, call)                                                                                                   \
    do {                                                                                                                     \
        mqtt_result result_ = (call);                                                                                        \
        bool fits_ = strcmp(mqtt_result_name(result_), "unknown") != 0 && result_ != MQTT_RESULT_PANIC;                      \
        if ((what) == NULL_PARAMETER && result_ != MQTT_RESULT_NULL_PARAMETER && result_ != MQTT_RESULT_NOTHING) fits_ = false; \
        if (fits_) passed++;                                                                                                 \
        else failed++, fprintf(stderr, "%%s gave %%s\n", #call, mqtt_result_name(result_));                                    \
    } while (0)
#define HARMLESS(call) do { call; passed++; } while (0)

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t came = PTHREAD_COND_INITIALIZER;
static mqtt_question *question;

static void on_publish(void *user_data, mqtt_question *asked)
{
    (void)user_data;
    pthread_mutex_lock(&lock);
    if (question == NULL) {
        question = asked;
        pthread_cond_signal(&came);
    } else {
        mqtt_question_proceed(asked);
    }
    pthread_mutex_unlock(&lock);
}

static void on_event(void *user_data, const mqtt_client *client, const mqtt_event *event)
{
    (void)user_data, (void)client, (void)event;
}

static bool on_wait(void *user_data)
{
    return user_data != NULL;
}

int main(void)
{
    static uint8_t octets[64];
    static char very_long[70000];
    static const char *const filters[] = {"a/#"};
    uint8_t room[64];
    char text[256];
    void *out = NULL;
    union { uint64_t number; size_t size; mqtt_slice slice; bool flag; } place;
    mqtt_hooks hooks;
    mqtt_broker_config *broker_config = NULL;
    mqtt_broker *broker = NULL;
    mqtt_options *options = NULL;
    mqtt_client *client = NULL;
    mqtt_client_list *client_list = NULL;
    mqtt_subscription_list *subscription_list = NULL;
    mqtt_retained_list *retained_list = NULL;
    mqtt_message *message = NULL;
    mqtt_event *event = NULL;
    mqtt_properties *properties = mqtt_properties_new();
    mqtt_decoder *decoder = mqtt_decoder_new(5, 0, 0);
    mqtt_packet *publish = mqtt_packet_new(MQTT_PACKET_TYPE_PUBLISH), *subscribe = mqtt_packet_new(MQTT_PACKET_TYPE_SUBSCRIBE),
                *suback = mqtt_packet_new(MQTT_PACKET_TYPE_SUBACK);
    memset(octets, 'a', sizeof octets);
    memset(very_long, 'a', sizeof very_long - 1);
    memset(&hooks, 0, sizeof hooks);
    hooks.size = sizeof hooks;
    hooks.on_publish = on_publish;
    OK(mqtt_properties_add_user(properties, "name", "value"));
    OK(mqtt_packet_add_filter(subscribe, "a/#", 0));
    OK(mqtt_packet_add_reason(suback, 0));
    OK(mqtt_packet_set_bytes(publish, MQTT_FIELD_TOPIC, octets, 1));
    OK(mqtt_broker_config_new(&broker_config));
    OK(mqtt_broker_config_parse(broker_config, "listen mqtt://127.0.0.1:0\nshards 1\nhook_publish_filter asked"));
    OK(mqtt_broker_config_set_hooks(broker_config, &hooks));
    OK(mqtt_broker_start(broker_config, &broker));
    OK(mqtt_broker_address(broker, 0, text, sizeof text, NULL));
    OK(mqtt_options_new(text, &options));
    OK(mqtt_client_new(options, &client));
    OK(mqtt_client_connect(client, 10000));
    OK(mqtt_client_subscribe(client, "own", 1, 0, NULL, 10000, NULL));
    OK(mqtt_client_publish(client, "own", octets, 4, 1, false, NULL, 10000, NULL));
    OK(mqtt_client_receive(client, 10000, &message));
    OK(mqtt_client_next_event(client, 10000, &event));
    OK(mqtt_broker_clients(broker, &client_list));
    OK(mqtt_broker_subscriptions(broker, &subscription_list));
    OK(mqtt_broker_publish(broker, "own/kept", octets, 4, 1, true, NULL));
    OK(mqtt_broker_retained(broker, "#", &retained_list));
    OK(mqtt_client_publish(client, "asked", NULL, 0, 0, false, NULL, 10000, NULL));
    pthread_mutex_lock(&lock);
    while (question == NULL) {
        pthread_cond_wait(&came, &lock);
    }
    pthread_mutex_unlock(&lock);
    memset(&place, 0, sizeof place);
    OK(mqtt_set_interrupt(on_wait, NULL));

%(calls)s

    OK(mqtt_set_interrupt(NULL, NULL));
    OK(mqtt_question_proceed(question));
    mqtt_client_free(client);
    mqtt_broker_free(broker);
    (void)out;
    return report("null");
}"""

main()
