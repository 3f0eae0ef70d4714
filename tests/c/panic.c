/* A bug inside becomes a result with a text, and the library goes on. Links with a library of the feature `testing`. */
#include "check.h"

#ifdef __cplusplus
extern "C"
#endif
mqtt_result mqtt_testing_panic(void);

int main(void)
{
    mqtt_packet *packet;
    CHECK(mqtt_testing_panic() == MQTT_RESULT_PANIC);
    CHECK(strstr(mqtt_last_error_message(), "provoked by a test") != NULL);
    packet = mqtt_packet_new(MQTT_PACKET_TYPE_PINGREQ);
    CHECK(packet != NULL);
    mqtt_packet_free(packet);
    return report("panic");
}
