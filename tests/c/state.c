/*
 * What a broker inside the program keeps and who sees it: lists of subscriptions and of retained messages, the hook that is
 * asked before a message goes to a client, the one that is told of pings, and certificates that are changed while it runs.
 * state [DIRECTORY]: with cert.pem, cert.key, cert.pin, and the same called other, TLS is tried too.
 */
#include <pthread.h>
#include <stdlib.h>

#include "check.h"

enum { PATIENCE = 10000 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int delivers, pings;

/* "no" goes to nobody, "other" is replaced, the rest goes. */
static void on_deliver(void *user_data, mqtt_question *question)
{
    mqtt_packet *publish = mqtt_question_packet(question);
    mqtt_slice payload, client;
    (void)user_data;
    pthread_mutex_lock(&lock);
    delivers++;
    pthread_mutex_unlock(&lock);
    if (mqtt_packet_bytes(publish, MQTT_FIELD_PAYLOAD, &payload) != MQTT_RESULT_OK
        || mqtt_question_text(question, MQTT_QUESTION_TEXT_ID_CLIENT_ID, &client) != MQTT_RESULT_OK || !same_text(client, "reader")
        || same_text(payload, "no")) {
        mqtt_question_refuse(question, MQTT_REASON_NOT_AUTHORIZED, NULL);
    } else if (same_text(payload, "other")) {
        mqtt_packet_set_bytes(publish, MQTT_FIELD_PAYLOAD, (const uint8_t *)"another", 7);
        mqtt_question_replace(question);
    } else {
        mqtt_question_proceed(question);
    }
}

static void on_ping(void *user_data, const mqtt_question *notice)
{
    mqtt_slice client;
    (void)user_data;
    if (mqtt_notice_packet(notice) == NULL && mqtt_question_text(notice, MQTT_QUESTION_TEXT_ID_CLIENT_ID, &client) == MQTT_RESULT_OK
        && same_text(client, "reader")) {
        pthread_mutex_lock(&lock);
        pings++;
        pthread_cond_signal(&changed);
        pthread_mutex_unlock(&lock);
    }
}

static mqtt_client *connected(const char *uri, const char *client_id, uint16_t keep_alive)
{
    mqtt_options *options = NULL;
    mqtt_client *client = NULL;
    OK(mqtt_options_new(uri, &options));
    OK(mqtt_options_set_client_id(options, client_id));
    OK(mqtt_options_set_keep_alive(options, keep_alive));
    OK(mqtt_client_new(options, &client));
    mqtt_options_free(options);
    OK(mqtt_client_connect(client, PATIENCE));
    return client;
}

static void receives(const mqtt_client *client, const char *text)
{
    mqtt_message *message = NULL;
    mqtt_slice payload = {NULL, 0};
    OK(mqtt_client_receive(client, PATIENCE, &message));
    OK(mqtt_message_payload(message, &payload));
    CHECK(same_text(payload, text));
    mqtt_message_free(message);
}

static void deliveries_are_judged(const mqtt_broker *broker, const mqtt_client *reader)
{
    mqtt_client_list *clients = NULL;
    OK(mqtt_client_subscribe(reader, "asked/#", 1, 3, NULL, PATIENCE, NULL));
    OK(mqtt_client_subscribe(reader, "free", 0, 4, NULL, PATIENCE, NULL));
    OK(mqtt_broker_publish(broker, "asked/1", (const uint8_t *)"no", 2, 1, false, NULL));
    OK(mqtt_broker_publish(broker, "asked/1", (const uint8_t *)"other", 5, 1, false, NULL));
    OK(mqtt_broker_publish(broker, "asked/1", (const uint8_t *)"yes", 3, 1, false, NULL));
    receives(reader, "another");
    receives(reader, "yes");
    OK(mqtt_broker_publish(broker, "free", (const uint8_t *)"no", 2, 1, false, NULL));
    receives(reader, "no");
    /* A list of the sessions comes after the turn that counted. */
    OK(mqtt_broker_clients(broker, &clients));
    mqtt_client_list_free(clients);
    CHECK(delivers == 3 && mqtt_broker_stat(broker, MQTT_BROKER_STAT_ID_MESSAGES_DROPPED) == 1);
}

static void pings_are_told(void)
{
    pthread_mutex_lock(&lock);
    while (pings == 0) {
        pthread_cond_wait(&changed, &lock);
    }
    pthread_mutex_unlock(&lock);
    CHECK(pings > 0);
}

static void subscriptions_are_listed(const mqtt_broker *broker)
{
    mqtt_subscription_list *list = NULL;
    mqtt_slice text;
    uint64_t number = 9;
    size_t at, seen = 0;
    OK(mqtt_broker_subscriptions(broker, &list));
    CHECK(mqtt_subscription_list_count(list) == 2);
    for (at = 0; at < 2; at++) {
        OK(mqtt_subscription_list_text(list, at, MQTT_SUBSCRIPTION_TEXT_ID_CLIENT_ID, &text));
        CHECK(same_text(text, "reader"));
        OK(mqtt_subscription_list_text(list, at, MQTT_SUBSCRIPTION_TEXT_ID_FILTER, &text));
        OK(mqtt_subscription_list_number(list, at, MQTT_SUBSCRIPTION_NUMBER_ID_GRANTED_QOS, &number));
        seen += same_text(text, "asked/#") && number == 1;
        seen += same_text(text, "free") && number == 0;
        OK(mqtt_subscription_list_number(list, at, MQTT_SUBSCRIPTION_NUMBER_ID_NO_LOCAL, &number));
        CHECK(number == 0);
        OK(mqtt_subscription_list_number(list, at, MQTT_SUBSCRIPTION_NUMBER_ID_IDENTIFIER, &number));
    }
    CHECK(seen == 2);
    CHECK(mqtt_subscription_list_text(list, 2, MQTT_SUBSCRIPTION_TEXT_ID_FILTER, &text) == MQTT_RESULT_NOTHING);
    CHECK(mqtt_subscription_list_number(list, 0, 99, &number) == MQTT_RESULT_INVALID_ARGUMENT);
    mqtt_subscription_list_free(list);
}

static void retained_messages_are_listed(const mqtt_broker *broker)
{
    mqtt_client_list *clients = NULL;
    mqtt_retained_list *list = NULL;
    mqtt_slice bytes;
    uint32_t number = 0;
    mqtt_properties *properties = mqtt_properties_new();
    OK(mqtt_properties_add_bytes(properties, MQTT_PROPERTY_CONTENT_TYPE, (const uint8_t *)"text", 4));
    OK(mqtt_broker_publish(broker, "kept/a", (const uint8_t *)"1", 1, 2, true, properties));
    OK(mqtt_broker_publish(broker, "kept/b", (const uint8_t *)"2", 1, 0, true, NULL));
    mqtt_properties_free(properties);
    /* A shard takes them when it has its turn; there is one, so a list of the sessions comes after that. */
    OK(mqtt_broker_clients(broker, &clients));
    mqtt_client_list_free(clients);
    OK(mqtt_broker_retained(broker, "kept/#", &list));
    CHECK(mqtt_retained_list_count(list) == 2);
    mqtt_retained_list_free(list);
    OK(mqtt_broker_retained(broker, "+/a", &list));
    CHECK(mqtt_retained_list_count(list) == 1 && mqtt_retained_list_packet(list, 1) == NULL);
    OK(mqtt_packet_bytes(mqtt_retained_list_packet(list, 0), MQTT_FIELD_TOPIC, &bytes));
    CHECK(same_text(bytes, "kept/a"));
    OK(mqtt_packet_bytes(mqtt_retained_list_packet(list, 0), MQTT_FIELD_PAYLOAD, &bytes));
    CHECK(same_text(bytes, "1"));
    OK(mqtt_packet_number(mqtt_retained_list_packet(list, 0), MQTT_FIELD_QOS, &number));
    CHECK(number == 2);
    OK(mqtt_packet_number(mqtt_retained_list_packet(list, 0), MQTT_FIELD_RETAIN, &number));
    CHECK(number == 1);
    mqtt_retained_list_free(list);
    CHECK(mqtt_broker_retained(broker, "kept/#/x", &list) == MQTT_RESULT_INVALID_ARGUMENT);
}

/* The bytes of a file, followed by NUL; 0 where there is none. */
static size_t slurp(const char *directory, const char *name, char *bytes, size_t capacity)
{
    char path[512];
    FILE *file;
    size_t length = 0;
    snprintf(path, sizeof path, "%s/%s", directory, name);
    file = fopen(path, "rb");
    if (file != NULL) {
        length = fread(bytes, 1, capacity - 1, file);
        fclose(file);
    }
    bytes[length] = '\0';
    return length;
}

static void put(const char *directory, const char *name, const char *bytes, size_t length)
{
    char path[512];
    FILE *file;
    snprintf(path, sizeof path, "%s/%s", directory, name);
    file = fopen(path, "wb");
    CHECK(file != NULL && fwrite(bytes, 1, length, file) == length);
    if (file != NULL) {
        fclose(file);
    }
}

/* Whether the broker shows the certificate with this fingerprint. */
static mqtt_result pinned(const char *uri, const char *pin)
{
    mqtt_options *options = NULL;
    mqtt_client *client = NULL;
    mqtt_result result;
    OK(mqtt_options_new(uri, &options));
    OK(mqtt_options_set_tls_allow_self_signed(options, true));
    OK(mqtt_options_set_tls_pin(options, pin));
    OK(mqtt_options_set_reconnect(options, false, 0, 0, 0));
    OK(mqtt_client_new(options, &client));
    mqtt_options_free(options);
    result = mqtt_client_connect(client, PATIENCE);
    mqtt_client_free(client);
    return result;
}

static void certificates_are_read_again(const mqtt_broker *broker, const char *uri, const char *directory)
{
    static char first[128], second[128], bytes[16384];
    size_t length;
    first[slurp(directory, "cert.pin", first, sizeof first) - 1] = '\0'; /* the end of its line */
    second[slurp(directory, "other.pin", second, sizeof second) - 1] = '\0';
    OK(pinned(uri, first));
    CHECK(pinned(uri, second) == MQTT_RESULT_TRANSPORT);
    put(directory, "live.pem", "no certificate", 14);
    CHECK(mqtt_broker_reload_certificates(broker) == MQTT_RESULT_INVALID_ARGUMENT);
    CHECK(strstr(mqtt_last_error_message(), "live.pem") != NULL);
    OK(pinned(uri, first));
    length = slurp(directory, "other.pem", bytes, sizeof bytes);
    put(directory, "live.pem", bytes, length);
    length = slurp(directory, "other.key", bytes, sizeof bytes);
    put(directory, "live.key", bytes, length);
    OK(mqtt_broker_reload_certificates(broker));
    OK(pinned(uri, second));
    CHECK(pinned(uri, first) == MQTT_RESULT_TRANSPORT);
}

int main(int argc, char **argv)
{
    static char bytes[16384];
    char uri[256], line[2048];
    const char *directory = argc > 1 ? argv[1] : NULL;
    size_t length;
    mqtt_hooks hooks;
    mqtt_broker_config *config = NULL;
    mqtt_broker *broker = NULL;
    mqtt_client *reader;
    OK(MQTT_ABI_CHECK());
    memset(&hooks, 0, sizeof hooks);
    hooks.size = sizeof hooks;
    hooks.on_deliver = on_deliver;
    hooks.on_ping = on_ping;
    OK(mqtt_broker_config_new(&config));
    OK(mqtt_broker_config_parse(config, "listen mqtt://127.0.0.1:0\nsys_interval 0\nshards 1\nhook_deliver_filter asked/#"));
    CHECK(mqtt_broker_config_set(config, "hook_deliver_filter", "a/#/b") == MQTT_RESULT_INVALID_ARGUMENT);
    OK(mqtt_broker_config_set_hooks(config, &hooks));
    if (directory != NULL) {
        length = slurp(directory, "cert.pem", bytes, sizeof bytes);
        put(directory, "live.pem", bytes, length);
        length = slurp(directory, "cert.key", bytes, sizeof bytes);
        put(directory, "live.key", bytes, length);
        snprintf(line, sizeof line, "listen mqtts://127.0.0.1:0\ntls_cert_file %s/live.pem\ntls_key_file %s/live.key", directory, directory);
        OK(mqtt_broker_config_parse(config, line));
    }
    OK(mqtt_broker_start(config, &broker));
    mqtt_broker_config_free(config);
    if (broker == NULL) {
        return report("state");
    }
    OK(mqtt_broker_address(broker, 0, uri, sizeof uri, NULL));
    reader = connected(uri, "reader", 1);
    deliveries_are_judged(broker, reader);
    subscriptions_are_listed(broker);
    retained_messages_are_listed(broker);
    pings_are_told();
    mqtt_client_free(reader);
    if (directory != NULL) {
        OK(mqtt_broker_address(broker, 1, uri, sizeof uri, NULL));
        certificates_are_read_again(broker, uri, directory);
    } else {
        CHECK(mqtt_broker_reload_certificates(broker) == MQTT_RESULT_NOTHING);
    }
    mqtt_broker_free(broker);
    OK(mqtt_shutdown(PATIENCE));
    return report("state");
}
