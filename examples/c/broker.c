/*
 * A broker inside a program: clients need the password "open sesame". It runs until Enter is pressed or the input ends.
 *
 *   make -C examples/c
 *   examples/c/broker mqtt://127.0.0.1:1883
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mqtt.h"

static void check(mqtt_result result)
{
    if (result != MQTT_RESULT_OK) {
        fprintf(stderr, "%s: %s\n", mqtt_result_name(result), mqtt_last_error_message());
        exit(1);
    }
}

/* Runs on a thread of the broker; the question is ours until we answer it. */
static void on_connect(void *user_data, mqtt_question *question)
{
    static const char wanted[] = "open sesame";
    mqtt_slice password;
    (void)user_data;
    if (mqtt_packet_bytes(mqtt_question_packet(question), MQTT_FIELD_PASSWORD, &password) == MQTT_RESULT_OK
        && password.length == strlen(wanted) && memcmp(password.data, wanted, password.length) == 0) {
        mqtt_question_accept(question, NULL, NULL);
    } else {
        mqtt_question_refuse(question, MQTT_REASON_BAD_USER_NAME_OR_PASSWORD, NULL);
    }
}

static void on_log(void *user_data, uint32_t level, const char *line)
{
    (void)level;
    fprintf((FILE *)user_data, "%s\n", line);
}

int main(int argc, char **argv)
{
    char uri[256];
    mqtt_hooks hooks;
    mqtt_broker_config *config = NULL;
    mqtt_broker *broker = NULL;

    check(MQTT_ABI_CHECK());
    memset(&hooks, 0, sizeof hooks);
    hooks.size = sizeof hooks;
    hooks.user_data = stderr;
    hooks.on_connect = on_connect;
    hooks.on_log = on_log;

    check(mqtt_broker_config_new(&config));
    check(mqtt_broker_config_set(config, "listen", argc > 1 ? argv[1] : "mqtt://127.0.0.1:1883"));
    check(mqtt_broker_config_set_hooks(config, &hooks));
    check(mqtt_broker_start(config, &broker));
    mqtt_broker_config_free(config);

    check(mqtt_broker_address(broker, 0, uri, sizeof uri, NULL));
    printf("%s\n", uri);
    fflush(stdout);
    while (getchar() != '\n' && !feof(stdin)) {
    }
    check(mqtt_broker_stop(broker, 5000));
    mqtt_broker_free(broker);
    return 0;
}
