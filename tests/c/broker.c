/*
 * A broker inside the program: an authentication hook, every other hook, publish, list, disconnect, counters, stop, and
 * what a client can do with it: several filters, requests, extended authentication, TLS, WebSocket, a store, a hook that
 * interrupts. broker [DIRECTORY]: where stores may be made; with cert.pem and key.pem in it, TLS is tried too.
 */
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

enum { PATIENCE = 10000 };

/* What the hooks have seen; they run on several threads. */
static struct {
    pthread_mutex_t lock;
    int connects, refused, subscribes, unsubscribes, publishes, disconnects, created, ended, logs, released;
    char last_line[256];
} seen = {PTHREAD_MUTEX_INITIALIZER, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ""};

static void count(int *counter)
{
    pthread_mutex_lock(&seen.lock);
    ++*counter;
    pthread_mutex_unlock(&seen.lock);
}

static int counted(const int *counter)
{
    int value;
    pthread_mutex_lock(&seen.lock);
    value = *counter;
    pthread_mutex_unlock(&seen.lock);
    return value;
}

/* User "alice" with password "open sesame" may come in, and is called "Alice" from then on; "bob" is told why not; who names
   a method goes on to on_authenticate. */
static void on_connect(void *user_data, mqtt_question *question)
{
    mqtt_packet *connect = mqtt_question_packet(question);
    mqtt_slice user, password, client_id;
    uint64_t version = 0;
    (void)user_data;
    count(&seen.connects);
    mqtt_question_text(question, MQTT_QUESTION_TEXT_ID_CLIENT_ID, &client_id);
    mqtt_question_number(question, MQTT_QUESTION_NUMBER_ID_VERSION, &version);
    if (version < 3 || version > 5 || mqtt_packet_kind(connect) != MQTT_PACKET_TYPE_CONNECT) {
        mqtt_question_refuse(question, MQTT_REASON_UNSPECIFIED_ERROR, NULL);
        return;
    }
    if (mqtt_question_text(question, MQTT_QUESTION_TEXT_ID_USER_NAME, &user) != MQTT_RESULT_OK) {
        mqtt_question_proceed(question);
    } else if (same_text(user, "alice") && mqtt_packet_bytes(connect, MQTT_FIELD_PASSWORD, &password) == MQTT_RESULT_OK
               && same_text(password, "open sesame")) {
        mqtt_properties *properties = mqtt_properties_new();
        mqtt_properties_add_user(properties, "greeting", "hello alice");
        mqtt_question_accept(question, "Alice", properties);
        mqtt_properties_free(properties);
    } else {
        mqtt_properties *properties = mqtt_properties_new();
        mqtt_properties_add_bytes(properties, MQTT_PROPERTY_REASON_STRING, (const uint8_t *)"not you", 7);
        count(&seen.refused);
        mqtt_question_refuse(question, MQTT_REASON_NOT_AUTHORIZED, properties);
        mqtt_properties_free(properties);
    }
}

/* "one" is answered with another step, "two" comes in. */
static void on_authenticate(void *user_data, mqtt_question *question)
{
    const mqtt_properties *properties = mqtt_packet_properties(mqtt_question_packet(question));
    size_t index;
    mqtt_slice data;
    (void)user_data;
    if (mqtt_properties_find(properties, MQTT_PROPERTY_AUTHENTICATION_DATA, 0, &index) == MQTT_RESULT_OK
        && mqtt_properties_bytes(properties, index, &data) == MQTT_RESULT_OK) {
        if (same_text(data, "one")) {
            mqtt_question_continue(question, (const uint8_t *)"and?", 4);
            return;
        }
        if (same_text(data, "two")) {
            mqtt_question_accept(question, NULL, NULL);
            return;
        }
    }
    mqtt_question_refuse(question, MQTT_REASON_BAD_AUTHENTICATION_METHOD, NULL);
}

/* Filters below "secret/" are refused one by one. */
static void on_subscribe(void *user_data, mqtt_question *question)
{
    mqtt_packet *subscribe = mqtt_question_packet(question);
    uint8_t reasons[8] = {0};
    size_t at, filters = mqtt_packet_filter_count(subscribe);
    bool refused = false;
    (void)user_data;
    count(&seen.subscribes);
    for (at = 0; at < filters && at < sizeof reasons; at++) {
        mqtt_slice filter;
        uint8_t options = 0;
        mqtt_packet_filter(subscribe, at, &filter, &options);
        reasons[at] = options & 3;
        if (filter.length >= 7 && memcmp(filter.data, "secret/", 7) == 0) {
            reasons[at] = MQTT_REASON_NOT_AUTHORIZED;
            refused = true;
        }
    }
    if (refused) {
        mqtt_question_each(question, reasons, filters);
    } else {
        mqtt_question_proceed(question);
    }
}

static void on_unsubscribe(void *user_data, mqtt_question *question)
{
    (void)user_data;
    count(&seen.unsubscribes);
    mqtt_question_proceed(question);
}

/* A question that is answered on another thread. */
static void *answer_later(void *question)
{
    mqtt_question_proceed((mqtt_question *)question);
    return NULL;
}

/* "refuse" is refused, "replace" becomes something else, "later" is answered by another thread. */
static void on_publish(void *user_data, mqtt_question *question)
{
    mqtt_packet *publish = mqtt_question_packet(question);
    mqtt_slice topic;
    (void)user_data;
    count(&seen.publishes);
    mqtt_packet_bytes(publish, MQTT_FIELD_TOPIC, &topic);
    if (same_text(topic, "hooks/refuse")) {
        mqtt_question_refuse(question, MQTT_REASON_QUOTA_EXCEEDED, NULL);
    } else if (same_text(topic, "hooks/replace")) {
        mqtt_packet_set_bytes(publish, MQTT_FIELD_PAYLOAD, (const uint8_t *)"replaced", 8);
        mqtt_question_replace(question);
    } else if (same_text(topic, "hooks/later")) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, answer_later, question) == 0) {
            pthread_detach(thread);
        } else {
            mqtt_question_proceed(question);
        }
    } else {
        mqtt_question_proceed(question);
    }
}

static void on_disconnect(void *user_data, const mqtt_question *notice)
{
    uint32_t reason = 0;
    uint64_t by = 0;
    (void)user_data;
    if (mqtt_packet_number(mqtt_notice_packet(notice), MQTT_FIELD_REASON, &reason) == MQTT_RESULT_OK
        && mqtt_question_number(notice, MQTT_QUESTION_NUMBER_ID_ENDED_BY, &by) == MQTT_RESULT_OK && by >= 1 && by <= 3) {
        count(&seen.disconnects);
    }
}

static void on_session_created(void *user_data, const mqtt_question *notice)
{
    mqtt_slice client_id;
    (void)user_data;
    if (mqtt_notice_packet(notice) == NULL
        && mqtt_question_text(notice, MQTT_QUESTION_TEXT_ID_CLIENT_ID, &client_id) == MQTT_RESULT_OK && client_id.length > 0) {
        count(&seen.created);
    }
}

static void on_session_ended(void *user_data, const mqtt_question *notice)
{
    (void)user_data;
    (void)notice;
    count(&seen.ended);
}

static void on_log(void *user_data, uint32_t level, const char *line)
{
    (void)user_data;
    if (level >= MQTT_LOG_LEVEL_ERROR && level <= MQTT_LOG_LEVEL_INFORMATION && strlen(line) > 0) {
        count(&seen.logs);
    }
}

static void released(void *user_data)
{
    int *place = (int *)user_data;
    count(&seen.released);
    free(place);
}

static mqtt_hooks all_hooks(void)
{
    mqtt_hooks hooks;
    memset(&hooks, 0, sizeof hooks);
    hooks.size = sizeof hooks;
    hooks.user_data = malloc(sizeof(int));
    hooks.on_connect = on_connect;
    hooks.on_authenticate = on_authenticate;
    hooks.on_subscribe = on_subscribe;
    hooks.on_unsubscribe = on_unsubscribe;
    hooks.on_publish = on_publish;
    hooks.on_disconnect = on_disconnect;
    hooks.on_session_created = on_session_created;
    hooks.on_session_ended = on_session_ended;
    hooks.on_log = on_log;
    hooks.released = released;
    return hooks;
}

static bool has_certificate(const char *directory)
{
    char file[512];
    snprintf(file, sizeof file, "%s/cert.pem", directory == NULL ? "" : directory);
    return directory != NULL && access(file, R_OK) == 0;
}

static mqtt_broker *start(const char *directory)
{
    char line[512];
    mqtt_hooks hooks = all_hooks();
    mqtt_broker_config *config = NULL;
    mqtt_broker *broker = NULL;
    OK(mqtt_broker_config_new(&config));
    OK(mqtt_broker_config_parse(config, "# comment\n\nlisten mqtt://127.0.0.1:0\nlisten ws://127.0.0.1:0\nsys_interval 0\nshards 2\n"));
    OK(mqtt_broker_config_set(config, "maximum_connections", "100"));
    if (has_certificate(directory)) {
        snprintf(line, sizeof line, "listen mqtts://127.0.0.1:0\ntls_cert_file %s/cert.pem\ntls_key_file %s/key.pem", directory, directory);
        OK(mqtt_broker_config_parse(config, line));
    }
    CHECK(mqtt_broker_config_set(config, "no_such_option", "1") == MQTT_RESULT_INVALID_ARGUMENT);
    CHECK(mqtt_broker_config_set(config, "shards", "65") == MQTT_RESULT_INVALID_ARGUMENT);
    CHECK(mqtt_broker_config_set(config, "listen", "gopher://h") == MQTT_RESULT_INVALID_ARGUMENT);
    CHECK(mqtt_broker_config_parse(config, "shards 2\nmaximum_qos 3") == MQTT_RESULT_INVALID_ARGUMENT);
    CHECK(strstr(mqtt_last_error_message(), "line 2") != NULL);
    OK(mqtt_broker_config_set_hooks(config, &hooks));
    OK(mqtt_broker_start(config, &broker));
    mqtt_broker_config_free(config);
    return broker;
}

static void address(const mqtt_broker *broker, size_t index, char *uri, size_t capacity)
{
    size_t length = 0;
    uri[0] = '\0';
    OK(mqtt_broker_address(broker, index, uri, capacity, &length));
    CHECK(length == strlen(uri));
}

static mqtt_options *options_for(const char *uri, const char *client_id, const char *user, const char *password)
{
    mqtt_options *options = NULL;
    OK(mqtt_options_new(uri, &options));
    OK(mqtt_options_set_client_id(options, client_id));
    OK(mqtt_options_set_credentials(options, user, (const uint8_t *)password, password == NULL ? 0 : strlen(password)));
    OK(mqtt_options_set_reconnect(options, false, 0, 0, 0));
    return options;
}

static mqtt_client *made(mqtt_options *options)
{
    mqtt_client *client = NULL;
    OK(mqtt_client_new(options, &client));
    mqtt_options_free(options);
    return client;
}

static void passwords_are_asked_for(const char *uri)
{
    size_t index = 0;
    mqtt_slice view;
    mqtt_properties *properties = NULL;
    mqtt_client *client = made(options_for(uri, "door", "bob", "guess"));
    CHECK(mqtt_client_server_properties(client, &properties) == MQTT_RESULT_NOTHING && properties == NULL);
    CHECK(mqtt_client_connect(client, PATIENCE) == MQTT_RESULT_CONNECT_REFUSED);
    CHECK(mqtt_last_reason_code() == MQTT_REASON_NOT_AUTHORIZED);
    CHECK(strstr(mqtt_last_error_message(), "not you") != NULL);
    mqtt_client_free(client);

    client = made(options_for(uri, "door", "alice", "open sesame"));
    OK(mqtt_client_connect(client, PATIENCE));
    OK(mqtt_client_id(client, &view));
    CHECK(same_text(view, "door"));
    OK(mqtt_client_server_properties(client, &properties));
    OK(mqtt_properties_find(properties, MQTT_PROPERTY_USER_PROPERTY, 0, &index));
    OK(mqtt_properties_bytes(properties, index, &view));
    CHECK(same_text(view, "hello alice"));
    mqtt_properties_free(properties);
    mqtt_client_free(client);
    CHECK(counted(&seen.refused) == 1 && counted(&seen.connects) == 2);
}

static void hooks_decide(const mqtt_client *client)
{
    static const char *const filters[] = {"hooks/#", "secret/a", "plain/+"};
    static const uint8_t options[] = {1, 2, 0};
    static const uint32_t handles[] = {11, 12, 13};
    static const char *const one[] = {"plain/+"};
    uint8_t reasons[3] = {0xFF, 0xFF, 0xFF}, reason = 0;
    uint64_t token = 0;
    uint32_t handle = 0;
    mqtt_slice view;
    mqtt_message *message = NULL;
    mqtt_event *event = NULL;
    CHECK(mqtt_client_subscribe_many(client, filters, options, handles, 3, NULL, PATIENCE, reasons) == MQTT_RESULT_REFUSED);
    CHECK(reasons[0] == 1 && reasons[1] == MQTT_REASON_NOT_AUTHORIZED && reasons[2] == 0);
    CHECK(strstr(mqtt_last_error_message(), "secret/a") != NULL);

    OK(mqtt_client_publish(client, "hooks/refuse", NULL, 0, 1, false, NULL, PATIENCE, &token));
    CHECK(mqtt_client_wait(client, token, PATIENCE, &reason) == MQTT_RESULT_REFUSED && mqtt_last_reason_code() == MQTT_REASON_QUOTA_EXCEEDED);
    OK(mqtt_client_publish(client, "hooks/replace", (const uint8_t *)"x", 1, 1, false, NULL, PATIENCE, NULL));
    OK(mqtt_client_receive(client, PATIENCE, &message));
    OK(mqtt_message_payload(message, &view));
    CHECK(same_text(view, "replaced"));
    OK(mqtt_message_handle(message, 0, &handle));
    CHECK(handle == 11);
    mqtt_message_free(message);
    OK(mqtt_client_publish(client, "hooks/later", (const uint8_t *)"y", 1, 1, false, NULL, PATIENCE, NULL));
    OK(mqtt_client_receive(client, PATIENCE, &message));
    OK(mqtt_message_payload(message, &view));
    CHECK(same_text(view, "y"));
    mqtt_message_free(message);

    OK(mqtt_client_start_subscribe(client, one, NULL, NULL, 1, NULL, &token));
    for (;;) {
        if (mqtt_client_next_event(client, PATIENCE, &event) != MQTT_RESULT_OK) {
            CHECK(!"no answer to the subscription");
            break;
        }
        if (mqtt_event_kind_of(event) == MQTT_EVENT_KIND_SUBSCRIBED) {
            CHECK(mqtt_event_token(event) == token);
            OK(mqtt_event_reason(event, 0, &reason));
            CHECK(reason == 0);
            mqtt_event_free(event);
            break;
        }
        mqtt_event_free(event);
    }
    OK(mqtt_client_unsubscribe_many(client, filters, 3, NULL, PATIENCE, reasons));
    CHECK(reasons[0] == 0 && reasons[1] == MQTT_REASON_NO_SUBSCRIPTION_EXISTED);
    OK(mqtt_client_start_unsubscribe(client, one, 1, NULL, &token));
    OK(mqtt_client_wait(client, token, PATIENCE, NULL));
    CHECK(mqtt_client_subscribe_many(client, filters, NULL, NULL, 0, NULL, PATIENCE, NULL) == MQTT_RESULT_INVALID_ARGUMENT);
    CHECK(counted(&seen.subscribes) == 2 && counted(&seen.unsubscribes) == 2);
}

static void the_broker_publishes_lists_and_disconnects(const mqtt_broker *broker, const mqtt_client *client)
{
    uint64_t number = 0;
    size_t at, sessions;
    bool found = false;
    mqtt_slice view;
    mqtt_message *message = NULL;
    mqtt_client_list *list = NULL;
    OK(mqtt_client_subscribe(client, "from/broker", 2, 5, NULL, PATIENCE, NULL));
    OK(mqtt_broker_publish(broker, "from/broker", (const uint8_t *)"hello", 5, 2, false, NULL));
    CHECK(mqtt_broker_publish(broker, "from/#", NULL, 0, 0, false, NULL) == MQTT_RESULT_INVALID_ARGUMENT);
    OK(mqtt_client_receive(client, PATIENCE, &message));
    OK(mqtt_message_payload(message, &view));
    CHECK(same_text(view, "hello") && mqtt_message_qos(message) == 2);
    mqtt_message_free(message);

    OK(mqtt_broker_clients(broker, &list));
    sessions = mqtt_client_list_count(list);
    CHECK(sessions >= 1);
    for (at = 0; at < sessions; at++) {
        OK(mqtt_client_list_text(list, at, MQTT_CLIENT_TEXT_ID_CLIENT_ID, &view));
        if (same_text(view, "main")) {
            found = true;
            OK(mqtt_client_list_text(list, at, MQTT_CLIENT_TEXT_ID_USER_NAME, &view));
            CHECK(same_text(view, "Alice"));
            OK(mqtt_client_list_text(list, at, MQTT_CLIENT_TEXT_ID_ADDRESS, &view));
            OK(mqtt_client_list_number(list, at, MQTT_CLIENT_NUMBER_ID_CONNECTED, &number));
            CHECK(number == 1);
            OK(mqtt_client_list_number(list, at, MQTT_CLIENT_NUMBER_ID_VERSION, &number));
            CHECK(number == 5);
            OK(mqtt_client_list_number(list, at, MQTT_CLIENT_NUMBER_ID_SUBSCRIPTIONS, &number));
            CHECK(number == 1);
        }
    }
    CHECK(found && mqtt_client_list_text(list, sessions, MQTT_CLIENT_TEXT_ID_CLIENT_ID, &view) == MQTT_RESULT_NOTHING);
    CHECK(mqtt_client_list_number(list, 0, 99, &number) == MQTT_RESULT_INVALID_ARGUMENT);
    mqtt_client_list_free(list);
    CHECK(mqtt_broker_stat(broker, MQTT_BROKER_STAT_ID_CLIENTS_CONNECTED) == 1 && mqtt_broker_stat(broker, MQTT_BROKER_STAT_ID_SHARDS) == 2);

    CHECK(mqtt_broker_disconnect(broker, "nobody", MQTT_REASON_BANNED) == MQTT_RESULT_NOTHING);
    OK(mqtt_broker_disconnect(broker, "main", MQTT_REASON_ADMINISTRATIVE_ACTION));
    for (;;) {
        mqtt_event *event = NULL;
        uint8_t reason = 0;
        uint32_t kind;
        if (mqtt_client_next_event(client, PATIENCE, &event) != MQTT_RESULT_OK) {
            CHECK(!"the client was not told");
            break;
        }
        kind = mqtt_event_kind_of(event);
        if (kind == MQTT_EVENT_KIND_DISCONNECTED) {
            OK(mqtt_event_reason(event, 0, &reason));
            CHECK(reason == MQTT_REASON_ADMINISTRATIVE_ACTION);
        }
        mqtt_event_free(event);
        if (kind == MQTT_EVENT_KIND_DISCONNECTED) {
            break;
        }
    }
}

/* Answers one request with its payload turned round. */
static void *responder(void *argument)
{
    mqtt_client *client = (mqtt_client *)argument;
    mqtt_message *message = NULL;
    mqtt_slice to, data, payload;
    size_t index;
    char topic[256];
    mqtt_properties *properties;
    if (mqtt_client_receive(client, PATIENCE, &message) != MQTT_RESULT_OK) {
        return NULL;
    }
    mqtt_properties_find(mqtt_message_properties(message), MQTT_PROPERTY_RESPONSE_TOPIC, 0, &index);
    mqtt_properties_bytes(mqtt_message_properties(message), index, &to);
    mqtt_properties_find(mqtt_message_properties(message), MQTT_PROPERTY_CORRELATION_DATA, 0, &index);
    mqtt_properties_bytes(mqtt_message_properties(message), index, &data);
    mqtt_message_payload(message, &payload);
    snprintf(topic, sizeof topic, "%.*s", (int)to.length, (const char *)to.data);
    properties = mqtt_properties_new();
    mqtt_properties_add_bytes(properties, MQTT_PROPERTY_CORRELATION_DATA, data.data, data.length);
    mqtt_client_publish(client, "meanwhile", (const uint8_t *)"kept", 4, 0, false, NULL, PATIENCE, NULL);
    mqtt_client_publish(client, topic, payload.data, payload.length, 1, false, properties, PATIENCE, NULL);
    mqtt_client_flush(client, PATIENCE, NULL);
    mqtt_properties_free(properties);
    mqtt_message_free(message);
    return client;
}

static void requests_have_answers(const char *uri)
{
    pthread_t thread;
    mqtt_slice view;
    mqtt_message *answer = NULL;
    mqtt_client *server = made(options_for(uri, "responder", NULL, NULL)), *client = made(options_for(uri, "asker", NULL, NULL));
    OK(mqtt_client_connect(server, PATIENCE));
    OK(mqtt_client_connect(client, PATIENCE));
    OK(mqtt_client_subscribe(server, "service", 1, 0, NULL, PATIENCE, NULL));
    OK(mqtt_client_subscribe(client, "meanwhile", 0, 3, NULL, PATIENCE, NULL));
    CHECK(mqtt_client_request(client, "nobody/there", NULL, 0, NULL, 50, &answer) == MQTT_RESULT_TIMEOUT && answer == NULL);
    CHECK(pthread_create(&thread, NULL, responder, server) == 0);
    OK(mqtt_client_request(client, "service", (const uint8_t *)"question", 8, NULL, PATIENCE, &answer));
    OK(mqtt_message_payload(answer, &view));
    CHECK(same_text(view, "question"));
    mqtt_message_free(answer);
    pthread_join(thread, NULL);
    OK(mqtt_client_receive(client, PATIENCE, &answer)); /* what came before the answer */
    OK(mqtt_message_topic(answer, &view));
    CHECK(same_text(view, "meanwhile"));
    mqtt_message_free(answer);
    CHECK(mqtt_client_subscribe(client, "x", 0, UINT32_MAX, NULL, PATIENCE, NULL) == MQTT_RESULT_INVALID_ARGUMENT);
    mqtt_client_free(client);
    mqtt_client_free(server);
}

static void authentication_takes_steps(const char *uri)
{
    static const char method[] = "two steps";
    bool connected = false;
    mqtt_properties *answer = mqtt_properties_new();
    mqtt_options *options = options_for(uri, "steps", NULL, NULL);
    mqtt_client *client;
    OK(mqtt_properties_add_bytes(mqtt_options_properties(options), MQTT_PROPERTY_AUTHENTICATION_METHOD, (const uint8_t *)method, sizeof method - 1));
    OK(mqtt_properties_add_bytes(mqtt_options_properties(options), MQTT_PROPERTY_AUTHENTICATION_DATA, (const uint8_t *)"one", 3));
    OK(mqtt_properties_add_bytes(answer, MQTT_PROPERTY_AUTHENTICATION_METHOD, (const uint8_t *)method, sizeof method - 1));
    OK(mqtt_properties_add_bytes(answer, MQTT_PROPERTY_AUTHENTICATION_DATA, (const uint8_t *)"two", 3));
    client = made(options);
    OK(mqtt_client_start_connect(client, NULL));
    while (!connected) {
        mqtt_event *event = NULL;
        uint32_t kind;
        if (mqtt_client_next_event(client, PATIENCE, &event) != MQTT_RESULT_OK) {
            CHECK(!"no step");
            break;
        }
        kind = mqtt_event_kind_of(event);
        CHECK(kind == MQTT_EVENT_KIND_AUTH || kind == MQTT_EVENT_KIND_CONNECTED);
        if (kind == MQTT_EVENT_KIND_AUTH) {
            size_t index = 0;
            mqtt_slice data;
            OK(mqtt_properties_find(mqtt_event_properties(event), MQTT_PROPERTY_AUTHENTICATION_DATA, 0, &index));
            OK(mqtt_properties_bytes(mqtt_event_properties(event), index, &data));
            CHECK(same_text(data, "and?"));
            OK(mqtt_client_auth(client, MQTT_REASON_CONTINUE_AUTHENTICATION, answer));
        }
        connected = kind != MQTT_EVENT_KIND_AUTH;
        mqtt_event_free(event);
    }
    CHECK(mqtt_client_is_connected(client));
    mqtt_properties_free(answer);
    mqtt_client_free(client);
}

static void messages_go_round(mqtt_client *client)
{
    mqtt_message *message = NULL;
    OK(mqtt_client_connect(client, PATIENCE));
    OK(mqtt_client_subscribe(client, "round", 1, 0, NULL, PATIENCE, NULL));
    OK(mqtt_client_publish(client, "round", (const uint8_t *)"trip", 4, 1, false, NULL, PATIENCE, NULL));
    OK(mqtt_client_receive(client, PATIENCE, &message));
    mqtt_message_free(message);
    mqtt_client_free(client);
}

static void other_transports(const char *websocket, const char *tls, const char *directory)
{
    char file[512];
    mqtt_options *options = options_for(websocket, "websocket", NULL, NULL);
    OK(mqtt_options_set_websocket_path(options, "/mqtt"));
    OK(mqtt_options_add_websocket_header(options, "X-Test", "1"));
    CHECK(mqtt_options_add_websocket_header(options, "X\r\nY", "1") == MQTT_RESULT_INVALID_ARGUMENT);
    messages_go_round(made(options));
    if (!has_certificate(directory)) {
        return;
    }
    snprintf(file, sizeof file, "%s/cert.pem", directory);
    options = options_for(tls, "tls", NULL, NULL);
    OK(mqtt_options_set_tls_authorities(options, file, NULL));
    OK(mqtt_options_set_tls_min_version(options, "1.3"));
    OK(mqtt_options_set_tls_verification(options, true, true, "localhost"));
    messages_go_round(made(options));
    {
        mqtt_client *client = made(options_for(tls, "distrustful", NULL, NULL)); /* the system does not know our authority */
        CHECK(mqtt_client_connect(client, PATIENCE) == MQTT_RESULT_TRANSPORT);
        mqtt_client_free(client);
    }
}

static void manual_acknowledgement_and_a_store(const char *uri, const char *directory)
{
    mqtt_message *message = NULL;
    mqtt_client *client;
    mqtt_options *options = options_for(uri, "careful", NULL, NULL);
    char store[512];
    OK(mqtt_options_set_manual_ack(options, true));
    OK(mqtt_properties_add_number(mqtt_options_properties(options), MQTT_PROPERTY_SESSION_EXPIRY_INTERVAL, 0));
    client = made(options);
    OK(mqtt_client_connect(client, PATIENCE));
    OK(mqtt_client_subscribe(client, "careful", 1, 0, NULL, PATIENCE, NULL));
    OK(mqtt_client_publish(client, "careful", NULL, 0, 1, false, NULL, PATIENCE, NULL));
    OK(mqtt_client_receive(client, PATIENCE, &message));
    OK(mqtt_client_ack(client, message, MQTT_REASON_SUCCESS));
    CHECK(mqtt_client_ack(client, message, MQTT_REASON_SUCCESS) == MQTT_RESULT_NOTHING);
    mqtt_message_free(message);
    mqtt_client_free(client);

    if (directory == NULL) {
        return;
    }
    /* A message that is handed over without a server goes out with the next client of the same name. */
    snprintf(store, sizeof store, "%s/store", directory);
    options = options_for("unix:///nonexistent/mqtt.sock", "kept", NULL, NULL);
    OK(mqtt_options_set_store(options, store));
    OK(mqtt_options_set_linger(options, 0));
    client = made(options);
    OK(mqtt_client_publish(client, "kept/message", (const uint8_t *)"survivor", 8, 1, false, NULL, PATIENCE, NULL));
    mqtt_client_free(client);
    {
        mqtt_slice view;
        mqtt_client *reader = made(options_for(uri, "reader", NULL, NULL));
        OK(mqtt_client_connect(reader, PATIENCE));
        OK(mqtt_client_subscribe(reader, "kept/message", 1, 0, NULL, PATIENCE, NULL));
        options = options_for(uri, "kept", NULL, NULL);
        OK(mqtt_options_set_store(options, store));
        client = made(options);
        OK(mqtt_client_connect(client, PATIENCE));
        OK(mqtt_client_receive(reader, PATIENCE, &message));
        OK(mqtt_message_payload(message, &view));
        CHECK(same_text(view, "survivor"));
        mqtt_message_free(message);
        mqtt_client_free(client);
        mqtt_client_free(reader);
    }
}

static bool stop_waiting(void *user_data)
{
    ++*(int *)user_data;
    return true;
}

static void waiting_can_be_interrupted(const char *uri)
{
    int asked = 0;
    mqtt_message *message = NULL;
    mqtt_client *client = made(options_for(uri, "patient", NULL, NULL));
    OK(mqtt_client_connect(client, PATIENCE));
    OK(mqtt_set_interrupt(stop_waiting, &asked));
    CHECK(mqtt_client_receive(client, -1, &message) == MQTT_RESULT_INTERRUPTED && asked > 0 && message == NULL);
    OK(mqtt_set_interrupt(NULL, NULL));
    CHECK(mqtt_client_receive(client, 0, &message) == MQTT_RESULT_NOTHING);
    mqtt_client_free(client);
}

static void a_forked_child_has_no_broker(mqtt_broker *broker)
{
    int status = -1;
    pid_t child = fork();
    if (child == 0) {
        char uri[64];
        mqtt_client_list *list = NULL;
        int good = mqtt_broker_publish(broker, "a", NULL, 0, 0, false, NULL) == MQTT_RESULT_FORKED
                   && mqtt_broker_clients(broker, &list) == MQTT_RESULT_FORKED && list == NULL
                   && mqtt_broker_address(broker, 0, uri, sizeof uri, NULL) == MQTT_RESULT_FORKED
                   && mqtt_broker_stop(broker, 1000) == MQTT_RESULT_FORKED && mqtt_broker_stat(broker, MQTT_BROKER_STAT_ID_SHARDS) == 0;
        mqtt_broker_free(broker);
        /* No ordinary end: what the parent's other threads held cannot be reached here, and a leak checker would report it. */
        kill(getpid(), good ? SIGKILL : SIGABRT);
    }
    CHECK(child > 0 && waitpid(child, &status, 0) == child && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

/* A program whose header knows fewer hooks, and one whose header knows more. */
static void hooks_grow(void)
{
    struct {
        mqtt_hooks known;
        void (*unknown)(void);
    } more;
    mqtt_hooks hooks;
    mqtt_broker_config *config = NULL;
    mqtt_broker *broker = NULL;
    memset(&more, 0, sizeof more);
    memset(&hooks, 0, sizeof hooks);
    OK(mqtt_broker_config_new(&config));
    hooks.on_connect = on_connect;
    hooks.released = released; /* behind the size that is told */
    hooks.size = offsetof(mqtt_hooks, on_log);
    OK(mqtt_broker_config_set_hooks(config, &hooks));
    OK(mqtt_broker_start(config, &broker));
    mqtt_broker_free(broker);
    CHECK(counted(&seen.released) == 0);
    hooks.size = 0;
    CHECK(mqtt_broker_config_set_hooks(config, &hooks) == MQTT_RESULT_INVALID_ARGUMENT);
    more.known.size = sizeof more;
    OK(mqtt_broker_config_set_hooks(config, &more.known));
    more.unknown = (void (*)(void))hooks_grow;
    CHECK(mqtt_broker_config_set_hooks(config, &more.known) == MQTT_RESULT_ABI);
    OK(mqtt_broker_config_set_hooks(config, NULL));
    mqtt_broker_config_free(config);
}

int main(int argc, char **argv)
{
    char uri[256], websocket[256], tls[256] = "";
    const char *directory = argc > 1 ? argv[1] : NULL;
    mqtt_broker *broker;
    mqtt_client *client;
    OK(MQTT_ABI_CHECK());
    hooks_grow();
    broker = start(directory);
    if (broker == NULL) {
        return report("broker");
    }
    address(broker, 0, uri, sizeof uri);
    address(broker, 1, websocket, sizeof websocket);
    if (has_certificate(directory)) {
        address(broker, 2, tls, sizeof tls);
    }
    CHECK(mqtt_broker_address(broker, 9, uri + 200, 10, NULL) == MQTT_RESULT_NOTHING);
    passwords_are_asked_for(uri);
    client = made(options_for(uri, "main", "alice", "open sesame"));
    OK(mqtt_client_connect(client, PATIENCE));
    hooks_decide(client);
    the_broker_publishes_lists_and_disconnects(broker, client);
    mqtt_client_free(client);
    requests_have_answers(uri);
    authentication_takes_steps(uri);
    other_transports(websocket, tls, directory);
    manual_acknowledgement_and_a_store(uri, directory);
    waiting_can_be_interrupted(uri);
    a_forked_child_has_no_broker(broker);
    OK(mqtt_broker_stop(broker, PATIENCE));
    OK(mqtt_broker_stop(broker, PATIENCE));
    CHECK(mqtt_broker_publish(broker, "a", NULL, 0, 0, false, NULL) == MQTT_RESULT_CLOSED);
    mqtt_broker_free(broker);
    CHECK(counted(&seen.disconnects) > 5 && counted(&seen.created) > 5 && counted(&seen.ended) > 0 && counted(&seen.logs) > 5);
    CHECK(counted(&seen.publishes) > 5 && counted(&seen.released) == 1);
    OK(mqtt_shutdown(PATIENCE));
    return report("broker");
}
