/*
 * Publishes a message and receives it.
 *
 *   cc -Iinclude examples/c/hello.c -Ltarget/release -lmqttcore -Wl,-rpath,$PWD/target/release -o hello
 *   ./hello mqtt://localhost
 */
#include <stdio.h>
#include <stdlib.h>

#include "mqtt.h"

static void check(mqtt_result result)
{
    if (result != MQTT_RESULT_OK) {
        fprintf(stderr, "%s: %s\n", mqtt_result_name(result), mqtt_last_error_message());
        exit(1);
    }
}

int main(int argc, char **argv)
{
    mqtt_options *options = NULL;
    mqtt_client *client = NULL;
    mqtt_message *message = NULL;
    mqtt_slice topic, payload;

    check(mqtt_options_new(argc > 1 ? argv[1] : "mqtt://localhost", &options));
    check(mqtt_client_new(options, &client));
    mqtt_options_free(options);

    check(mqtt_client_connect(client, 10000));
    check(mqtt_client_subscribe(client, "example/c", 1, 0, NULL, 10000, NULL));
    check(mqtt_client_publish(client, "example/c", (const uint8_t *)"hello from C", 12, 1, false, NULL, -1, NULL));

    check(mqtt_client_receive(client, 10000, &message));
    check(mqtt_message_topic(message, &topic));
    check(mqtt_message_payload(message, &payload));
    printf("%.*s: %.*s\n", (int)topic.length, (const char *)topic.data, (int)payload.length, (const char *)payload.data);
    mqtt_message_free(message);

    check(mqtt_client_disconnect(client, MQTT_REASON_SUCCESS, NULL, 5000));
    mqtt_client_free(client);
    return 0;
}
