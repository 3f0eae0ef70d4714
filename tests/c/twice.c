/* Two copies of the library in one process, each with a broker, a client and a thread of its own, that talk with each
   other; then both are unloaded. twice ONE.so OTHER.so */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mqtt.h"

static int passed, failed;

#define CHECK(condition)                                                      \
    do {                                                                      \
        if (condition) {                                                      \
            passed++;                                                         \
        } else {                                                              \
            failed++;                                                         \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);   \
        }                                                                     \
    } while (0)

#define FUNCTIONS(X)                                                                                                              \
    X(mqtt_result, mqtt_abi_check, (uint32_t, size_t, size_t))                                                                    \
    X(mqtt_result, mqtt_broker_config_new, (mqtt_broker_config **))                                                               \
    X(mqtt_result, mqtt_broker_config_parse, (mqtt_broker_config *, const char *))                                                \
    X(void, mqtt_broker_config_free, (mqtt_broker_config *))                                                                      \
    X(mqtt_result, mqtt_broker_start, (const mqtt_broker_config *, mqtt_broker **))                                               \
    X(mqtt_result, mqtt_broker_address, (const mqtt_broker *, size_t, char *, size_t, size_t *))                                  \
    X(void, mqtt_broker_free, (mqtt_broker *))                                                                                    \
    X(mqtt_result, mqtt_options_new, (const char *, mqtt_options **))                                                             \
    X(void, mqtt_options_free, (mqtt_options *))                                                                                  \
    X(mqtt_result, mqtt_client_new, (const mqtt_options *, mqtt_client **))                                                       \
    X(mqtt_result, mqtt_client_connect, (const mqtt_client *, int64_t))                                                           \
    X(mqtt_result, mqtt_client_subscribe, (const mqtt_client *, const char *, uint8_t, uint32_t, const mqtt_properties *, int64_t, uint8_t *)) \
    X(mqtt_result, mqtt_client_publish, (const mqtt_client *, const char *, const uint8_t *, size_t, uint8_t, bool, const mqtt_properties *, int64_t, uint64_t *)) \
    X(mqtt_result, mqtt_client_receive, (const mqtt_client *, int64_t, mqtt_message **))                                          \
    X(void, mqtt_message_free, (mqtt_message *))                                                                                  \
    X(void, mqtt_client_free, (mqtt_client *))                                                                                    \
    X(mqtt_result, mqtt_topic_check_name, (const char *))                                                                         \
    X(const char *, mqtt_last_error_message, (void))                                                                              \
    X(mqtt_result, mqtt_shutdown, (uint32_t))

struct library {
    void *handle;
#define MEMBER(result, name, parameters) result(*name) parameters;
    FUNCTIONS(MEMBER)
    mqtt_broker *broker;
    char uri[128];
};

static bool load(struct library *library, const char *path)
{
    memset(library, 0, sizeof *library);
    library->handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library->handle == NULL) {
        fprintf(stderr, "%s\n", dlerror());
        return false;
    }
    /* A pointer to an object becomes one to a function as POSIX says. */
#define LOOK_UP(result, name, parameters)                         \
    *(void **)(&library->name) = dlsym(library->handle, #name);   \
    CHECK(library->name != NULL);
    FUNCTIONS(LOOK_UP)
    return failed == 0;
}

static void start(struct library *library)
{
    mqtt_broker_config *config = NULL;
    CHECK(library->mqtt_abi_check(MQTT_ABI_VERSION, sizeof(mqtt_slice), sizeof(mqtt_hooks)) == MQTT_RESULT_OK);
    CHECK(library->mqtt_broker_config_new(&config) == MQTT_RESULT_OK);
    CHECK(library->mqtt_broker_config_parse(config, "listen mqtt://127.0.0.1:0\nshards 1") == MQTT_RESULT_OK);
    CHECK(library->mqtt_broker_start(config, &library->broker) == MQTT_RESULT_OK);
    library->mqtt_broker_config_free(config);
    CHECK(library->mqtt_broker_address(library->broker, 0, library->uri, sizeof library->uri, NULL) == MQTT_RESULT_OK);
}

static mqtt_client *connect_to(struct library *library, const char *uri)
{
    mqtt_client *client = NULL;
    mqtt_options *options = NULL;
    CHECK(library->mqtt_options_new(uri, &options) == MQTT_RESULT_OK);
    CHECK(library->mqtt_client_new(options, &client) == MQTT_RESULT_OK);
    library->mqtt_options_free(options);
    CHECK(library->mqtt_client_connect(client, 10000) == MQTT_RESULT_OK);
    return client;
}

int main(int argc, char **argv)
{
    struct library one, other;
    mqtt_client *first, *second;
    mqtt_message *message = NULL;
    if (argc != 3 || !load(&one, argv[1]) || !load(&other, argv[2])) {
        fprintf(stderr, "usage: twice ONE.so OTHER.so\n");
        return 2;
    }
    CHECK(one.handle != other.handle && (void *)&one.mqtt_client_new != (void *)&other.mqtt_client_new);
    start(&one);
    start(&other);
    CHECK(strcmp(one.uri, other.uri) != 0);
    first = connect_to(&one, other.uri);
    second = connect_to(&other, other.uri);
    CHECK(other.mqtt_client_subscribe(second, "between", 1, 0, NULL, 10000, NULL) == MQTT_RESULT_OK);
    CHECK(one.mqtt_client_publish(first, "between", (const uint8_t *)"copies", 6, 1, false, NULL, 10000, NULL) == MQTT_RESULT_OK);
    CHECK(other.mqtt_client_receive(second, 10000, &message) == MQTT_RESULT_OK);
    other.mqtt_message_free(message);
    /* Each has its own last error. */
    CHECK(one.mqtt_topic_check_name("a/#") == MQTT_RESULT_INVALID_ARGUMENT && one.mqtt_last_error_message()[0] != '\0');
    CHECK(other.mqtt_last_error_message()[0] == '\0');
    one.mqtt_client_free(first);
    other.mqtt_client_free(second);
    one.mqtt_broker_free(one.broker);
    CHECK(one.mqtt_shutdown(10000) == MQTT_RESULT_OK);
    CHECK(dlclose(one.handle) == 0);
    /* The other one goes on, and its destructor ends its thread. */
    second = connect_to(&other, other.uri);
    other.mqtt_client_free(second);
    other.mqtt_broker_free(other.broker);
    CHECK(dlclose(other.handle) == 0);
    printf("twice: %d passed, %d failed\n", passed, failed);
    return failed == 0 ? 0 : 1;
}
