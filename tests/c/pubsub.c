/* The client through the C door, against a broker: pubsub PORT, or pubsub URI. */
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

enum { PATIENCE = 10000 };

static mqtt_options *options_for(const char *broker, const char *client_id)
{
    char uri[256];
    mqtt_options *options = NULL;
    if (strspn(broker, "0123456789") == strlen(broker)) {
        snprintf(uri, sizeof uri, "mqtt://127.0.0.1:%s", broker);
    } else {
        snprintf(uri, sizeof uri, "%s", broker);
    }
    OK(mqtt_options_new(uri, &options));
    OK(mqtt_options_set_client_id(options, client_id));
    OK(mqtt_options_set_connect_timeout(options, PATIENCE));
    return options;
}

static mqtt_client *connect_to(const char *broker, const char *client_id)
{
    mqtt_client *client = NULL;
    mqtt_options *options = options_for(broker, client_id);
    OK(mqtt_client_new(options, &client));
    mqtt_options_free(options);
    OK(mqtt_client_connect(client, PATIENCE));
    CHECK(mqtt_client_is_connected(client) && !mqtt_client_session_present(client));
    return client;
}

static void publish(mqtt_client *client, const char *topic, const void *payload, size_t length, uint8_t qos)
{
    uint64_t token = 0;
    uint8_t reason = 0xFF;
    OK(mqtt_client_publish(client, topic, (const uint8_t *)payload, length, qos, false, NULL, PATIENCE, &token));
    CHECK(token != 0);
    OK(mqtt_client_wait(client, token, PATIENCE, &reason));
    CHECK(reason < 0x80);
}

static void messages_arrive_at_every_qos(mqtt_client *publisher, mqtt_client *subscriber)
{
    static const char payload[] = "zero \0 and \xFF";
    uint8_t qos, granted = 0xFF;
    uint32_t handle = 0;
    mqtt_message *message = NULL;
    OK(mqtt_client_subscribe(subscriber, "c/test/#", 2, 77, NULL, PATIENCE, &granted));
    CHECK(granted == 2);
    for (qos = 0; qos <= 2; qos++) {
        mqtt_slice view;
        publish(publisher, "c/test/a", payload, sizeof payload, qos);
        OK(mqtt_client_receive(subscriber, PATIENCE, &message));
        OK(mqtt_message_topic(message, &view));
        CHECK(same_text(view, "c/test/a"));
        OK(mqtt_message_payload(message, &view));
        CHECK(same(view, payload, sizeof payload));
        CHECK(mqtt_message_qos(message) == qos && !mqtt_message_retain(message) && !mqtt_message_dup(message));
        CHECK((mqtt_message_packet_id(message) != 0) == (qos > 0));
        OK(mqtt_message_handle(message, 0, &handle));
        CHECK(handle == 77 && mqtt_message_handle(message, 1, &handle) == MQTT_RESULT_NOTHING);
        CHECK(mqtt_client_ack(subscriber, message, 0) == MQTT_RESULT_NOTHING); /* receive has done it */
        mqtt_message_free(message);
        message = NULL;
    }
    CHECK(mqtt_client_receive(subscriber, 0, &message) == MQTT_RESULT_NOTHING && message == NULL);
}

static void properties_travel(mqtt_client *publisher, mqtt_client *subscriber)
{
    mqtt_message *message = NULL;
    mqtt_slice view;
    size_t index = 0;
    mqtt_properties *properties = mqtt_properties_new();
    OK(mqtt_properties_add_user(properties, "name", "value"));
    OK(mqtt_properties_add_bytes(properties, MQTT_PROPERTY_RESPONSE_TOPIC, (const uint8_t *)"c/answer", 8));
    OK(mqtt_client_publish(publisher, "c/test/p", NULL, 0, 1, false, properties, PATIENCE, NULL));
    mqtt_properties_free(properties);
    OK(mqtt_client_flush(publisher, PATIENCE, &index));
    CHECK(index == 0);
    OK(mqtt_client_receive(subscriber, PATIENCE, &message));
    OK(mqtt_message_payload(message, &view));
    CHECK(view.length == 0 && view.data != NULL);
    OK(mqtt_properties_find(mqtt_message_properties(message), MQTT_PROPERTY_USER_PROPERTY, 0, &index));
    OK(mqtt_properties_bytes(mqtt_message_properties(message), index, &view));
    CHECK(same_text(view, "value"));
    OK(mqtt_properties_find(mqtt_message_properties(message), MQTT_PROPERTY_RESPONSE_TOPIC, 0, &index));
    mqtt_message_free(message);
}

struct seen {
    int messages, connections;
    char last[64];
};

static void on_event(void *user_data, const mqtt_client *client, const mqtt_event *event)
{
    struct seen *seen = (struct seen *)user_data;
    mqtt_slice view;
    switch (mqtt_event_kind_of(event)) {
    case MQTT_EVENT_KIND_CONNECTED:
        seen->connections++;
        break;
    case MQTT_EVENT_KIND_MESSAGE:
        OK(mqtt_message_payload(mqtt_event_message(event), &view));
        snprintf(seen->last, sizeof seen->last, "%.*s", (int)view.length, (const char *)view.data);
        /* A callback may use the client. */
        if (seen->messages++ == 0) {
            OK(mqtt_client_publish(client, "c/test/again", (const uint8_t *)"from the callback", 17, 1, false, NULL, PATIENCE, NULL));
        }
        break;
    default:
        break;
    }
}

static void an_event_loop_dispatches(mqtt_client *publisher, mqtt_client *subscriber)
{
    struct seen seen = {0, 0, ""};
    struct pollfd watched = {0, POLLIN, 0};
    watched.fd = mqtt_client_fd(subscriber);
    CHECK(watched.fd >= 0);
    publish(publisher, "c/test/loop", "first", 5, 2);
    while (seen.messages < 2) {
        size_t count = 0;
        if (poll(&watched, 1, PATIENCE) != 1) {
            CHECK(!"the descriptor never became readable");
            break;
        }
        OK(mqtt_client_dispatch(subscriber, 16, on_event, &seen, &count));
    }
    CHECK(strcmp(seen.last, "from the callback") == 0);
    CHECK(mqtt_client_dispatch(subscriber, 1, NULL, NULL, NULL) == MQTT_RESULT_NULL_PARAMETER);
}

static void retained_messages_come_back(const char *broker, mqtt_client *publisher)
{
    mqtt_message *message = NULL;
    mqtt_client *late;
    OK(mqtt_client_publish(publisher, "c/kept", (const uint8_t *)"kept", 4, 1, true, NULL, PATIENCE, NULL));
    OK(mqtt_client_flush(publisher, PATIENCE, NULL));
    late = connect_to(broker, "c-late");
    OK(mqtt_client_subscribe(late, "c/kept", 0, 0, NULL, PATIENCE, NULL));
    OK(mqtt_client_receive(late, PATIENCE, &message));
    CHECK(mqtt_message_retain(message));
    mqtt_message_free(message);
    OK(mqtt_client_unsubscribe(late, "c/kept", NULL, PATIENCE));
    OK(mqtt_client_publish(publisher, "c/kept", NULL, 0, 1, true, NULL, PATIENCE, NULL));
    OK(mqtt_client_flush(publisher, PATIENCE, NULL));
    OK(mqtt_client_disconnect(late, MQTT_REASON_SUCCESS, NULL, PATIENCE));
    CHECK(!mqtt_client_is_connected(late));
    mqtt_client_free(late);
}

/* The parent's client is the parent's; the child makes its own, with a thread of its own. */
static void a_forked_child_cannot_harm(const char *broker, mqtt_client *client)
{
    int status = -1;
    pid_t child = fork();
    if (child == 0) {
        int good = mqtt_client_publish(client, "c/test/child", NULL, 0, 0, false, NULL, 0, NULL) == MQTT_RESULT_FORKED;
        mqtt_client *own;
        mqtt_client_free(client);
        own = connect_to(broker, "c-child");
        publish(own, "c/test/child", "from the child", 14, 1);
        mqtt_client_free(own);
        good = good && failed == 0;
        /* No ordinary end: what the parent's other threads held cannot be reached here, and a leak checker would report it. */
        kill(getpid(), good ? SIGKILL : SIGABRT);
    }
    CHECK(child > 0 && waitpid(child, &status, 0) == child && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    CHECK(mqtt_client_is_connected(client));
    publish(client, "c/parent", "still here", 10, 1);
}

static void failures_say_what_and_with_whom(void)
{
    mqtt_options *options = NULL;
    mqtt_client *client = NULL;
    mqtt_message *message = NULL;
    OK(mqtt_options_new("unix:///nonexistent/mqtt.sock", &options));
    OK(mqtt_options_set_reconnect(options, false, 0, 0, 0));
    OK(mqtt_client_new(options, &client));
    mqtt_options_free(options);
    CHECK(mqtt_client_connect(client, PATIENCE) == MQTT_RESULT_TRANSPORT);
    CHECK(strstr(mqtt_last_error_message(), "/nonexistent/mqtt.sock") != NULL);
    CHECK(mqtt_client_publish(client, "a/#", NULL, 0, 0, false, NULL, 0, NULL) == MQTT_RESULT_INVALID_ARGUMENT);
    CHECK(mqtt_client_publish(client, "a", NULL, 0, 3, false, NULL, 0, NULL) == MQTT_RESULT_INVALID_ARGUMENT);
    OK(mqtt_client_close(client, 0, NULL));
    CHECK(mqtt_client_publish(client, "a", NULL, 0, 0, false, NULL, 0, NULL) == MQTT_RESULT_CLOSED);
    CHECK(message == NULL);
    mqtt_client_free(client);
}

int main(int argc, char **argv)
{
    mqtt_client *publisher, *subscriber;
    if (argc != 2) {
        fprintf(stderr, "usage: pubsub PORT | URI\n");
        return 2;
    }
    publisher = connect_to(argv[1], "c-publisher");
    subscriber = connect_to(argv[1], "c-subscriber");
    if (failed > 0) {
        return report("pubsub");
    }
    messages_arrive_at_every_qos(publisher, subscriber);
    properties_travel(publisher, subscriber);
    an_event_loop_dispatches(publisher, subscriber);
    retained_messages_come_back(argv[1], publisher);
    a_forked_child_cannot_harm(argv[1], publisher);
    failures_say_what_and_with_whom();
    CHECK(mqtt_client_stat(publisher, MQTT_STAT_MESSAGES_SENT) > 5 && mqtt_client_stat(publisher, MQTT_STAT_CONNECTIONS) == 1);
    OK(mqtt_client_disconnect(subscriber, MQTT_REASON_SUCCESS, NULL, PATIENCE));
    mqtt_client_free(subscriber);
    mqtt_client_free(publisher);
    return report("pubsub");
}
