/* The codec and topics through the C door: known bytes, incremental decoding, malformed input, every packet type. */
#include <stdlib.h>

#include "check.h"

/* CONNECT, MQTT 3.1.1: client "c", user "u", password "p", clean session, keep-alive 60, will "w" = "gone", QoS 1. */
static const uint8_t connect_v4[] = {0x10, 0x1C, 0, 4, 'M', 'Q', 'T', 'T', 4, 0xCE, 0, 60, 0, 1, 'c', 0, 1, 'w', 0, 4, 'g', 'o', 'n', 'e',
                                     0, 1, 'u', 0, 1, 'p', 0, 0};

/* PUBLISH, MQTT 5, QoS 1, identifier 10, topic "a/b", content type "t", user property "k"="v", payload 00 FF. */
static const uint8_t publish_v5[] = {0x32, 0x15, 0, 3, 'a', '/', 'b', 0, 10, 0x0B, 0x03, 0, 1, 't', 0x26, 0, 1, 'k', 0, 1, 'v', 0x00, 0xFF};

static mqtt_packet *decode_one(uint8_t version, const uint8_t *bytes, size_t length)
{
    mqtt_packet *packet = NULL;
    mqtt_decoder *decoder = mqtt_decoder_new(version, MQTT_SENDER_UNKNOWN, 0);
    OK(mqtt_decoder_push(decoder, bytes, length));
    OK(mqtt_decoder_next(decoder, &packet));
    mqtt_decoder_free(decoder);
    return packet;
}

static void check_encoding(const mqtt_packet *packet, uint8_t version, const uint8_t *bytes, size_t length)
{
    uint8_t buffer[256];
    size_t written = 0;
    OK(mqtt_packet_encode(packet, version, 0, buffer, sizeof buffer, &written));
    CHECK(written == length && memcmp(buffer, bytes, length) == 0);
}

static void connect_is_read_and_written(void)
{
    size_t length = sizeof connect_v4 - 2; /* two bytes of a next packet are behind it */
    uint32_t number = 0;
    mqtt_slice view;
    mqtt_packet *packet = decode_one(0, connect_v4, sizeof connect_v4);
    CHECK(packet != NULL && mqtt_packet_kind(packet) == MQTT_PACKET_TYPE_CONNECT);
    OK(mqtt_packet_bytes(packet, MQTT_FIELD_CLIENT_ID, &view));
    CHECK(same_text(view, "c"));
    OK(mqtt_packet_bytes(packet, MQTT_FIELD_USER_NAME, &view));
    CHECK(same_text(view, "u"));
    OK(mqtt_packet_bytes(packet, MQTT_FIELD_PASSWORD, &view));
    CHECK(same_text(view, "p"));
    OK(mqtt_packet_bytes(packet, MQTT_FIELD_WILL_PAYLOAD, &view));
    CHECK(same_text(view, "gone"));
    OK(mqtt_packet_number(packet, MQTT_FIELD_WILL_QOS, &number));
    CHECK(number == 1);
    OK(mqtt_packet_number(packet, MQTT_FIELD_VERSION, &number));
    CHECK(number == 4);
    OK(mqtt_packet_number(packet, MQTT_FIELD_KEEP_ALIVE, &number));
    CHECK(number == 60);
    CHECK(mqtt_packet_number(packet, MQTT_FIELD_QOS, &number) == MQTT_RESULT_NOTHING);
    CHECK(mqtt_packet_bytes(packet, MQTT_FIELD_TOPIC, &view) == MQTT_RESULT_NOTHING);
    CHECK(mqtt_packet_will_properties(packet) != NULL);
    check_encoding(packet, 4, connect_v4, length);
    mqtt_packet_free(packet);
}

static void a_publish_arrives_byte_by_byte(void)
{
    size_t at, index = 99;
    uint32_t number = 0;
    mqtt_slice view;
    mqtt_packet *packet = NULL;
    mqtt_properties *properties;
    mqtt_decoder *decoder = mqtt_decoder_new(5, MQTT_SENDER_CLIENT, 1024);
    for (at = 0; at < sizeof publish_v5; at++) {
        CHECK(mqtt_decoder_next(decoder, &packet) == MQTT_RESULT_NOTHING && packet == NULL);
        CHECK(mqtt_decoder_buffered(decoder) == at);
        OK(mqtt_decoder_push(decoder, publish_v5 + at, 1));
    }
    OK(mqtt_decoder_next(decoder, &packet));
    CHECK(mqtt_decoder_buffered(decoder) == 0 && mqtt_decoder_version(decoder) == 5);
    mqtt_decoder_free(decoder); /* the packet lives on */
    OK(mqtt_packet_bytes(packet, MQTT_FIELD_PAYLOAD, &view));
    CHECK(same(view, "\x00\xFF", 2));
    OK(mqtt_packet_bytes(packet, MQTT_FIELD_TOPIC, &view));
    CHECK(same_text(view, "a/b"));
    OK(mqtt_packet_number(packet, MQTT_FIELD_PACKET_ID, &number));
    CHECK(number == 10);
    properties = mqtt_packet_properties(packet);
    CHECK(mqtt_properties_count(properties) == 2);
    OK(mqtt_properties_find(properties, MQTT_PROPERTY_USER_PROPERTY, 0, &index));
    CHECK(index == 1);
    OK(mqtt_properties_user_name(properties, index, &view));
    CHECK(same_text(view, "k"));
    OK(mqtt_properties_bytes(properties, index, &view));
    CHECK(same_text(view, "v"));
    CHECK(mqtt_properties_number(properties, index, &number) == MQTT_RESULT_NOTHING);
    CHECK(mqtt_properties_find(properties, MQTT_PROPERTY_TOPIC_ALIAS, 0, &index) == MQTT_RESULT_NOTHING);
    CHECK(mqtt_properties_find(properties, MQTT_PROPERTY_USER_PROPERTY, 2, &index) == MQTT_RESULT_NOTHING);
    check_encoding(packet, 5, publish_v5, sizeof publish_v5);
    mqtt_packet_free(packet);
}

static void a_publish_is_built(void)
{
    uint8_t small[4];
    size_t needed = 0;
    mqtt_properties *properties;
    mqtt_packet *packet = mqtt_packet_new(MQTT_PACKET_TYPE_PUBLISH);
    OK(mqtt_packet_set_bytes(packet, MQTT_FIELD_TOPIC, (const uint8_t *)"a/b", 3));
    OK(mqtt_packet_set_bytes(packet, MQTT_FIELD_PAYLOAD, (const uint8_t *)"\x00\xFF", 2));
    OK(mqtt_packet_set_number(packet, MQTT_FIELD_QOS, 1));
    CHECK(mqtt_packet_encode(packet, 5, 0, NULL, 0, &needed) == MQTT_RESULT_UNENCODABLE); /* no identifier yet */
    OK(mqtt_packet_set_number(packet, MQTT_FIELD_PACKET_ID, 10));
    properties = mqtt_packet_properties(packet);
    OK(mqtt_properties_add_bytes(properties, MQTT_PROPERTY_CONTENT_TYPE, (const uint8_t *)"t", 1));
    OK(mqtt_properties_add_user(properties, "k", "v"));
    check_encoding(packet, 5, publish_v5, sizeof publish_v5);

    CHECK(mqtt_packet_encode(packet, 5, 0, small, sizeof small, &needed) == MQTT_RESULT_BUFFER_TOO_SMALL);
    CHECK(needed == sizeof publish_v5);
    needed = 0;
    CHECK(mqtt_packet_encode(packet, 5, 0, NULL, 0, &needed) == MQTT_RESULT_BUFFER_TOO_SMALL);
    CHECK(needed == sizeof publish_v5);
    CHECK(mqtt_packet_encode(packet, 5, 10, small, sizeof small, &needed) == MQTT_RESULT_UNENCODABLE);
    CHECK(mqtt_packet_encode(packet, 9, 0, small, sizeof small, &needed) == MQTT_RESULT_INVALID_ARGUMENT);

    CHECK(mqtt_packet_set_number(packet, MQTT_FIELD_QOS, 3) == MQTT_RESULT_INVALID_ARGUMENT);
    CHECK(mqtt_packet_set_number(packet, MQTT_FIELD_PACKET_ID, 0) == MQTT_RESULT_INVALID_ARGUMENT);
    CHECK(mqtt_packet_set_number(packet, MQTT_FIELD_KEEP_ALIVE, 1) == MQTT_RESULT_INVALID_ARGUMENT);
    CHECK(mqtt_packet_set_number(packet, 9999, 1) == MQTT_RESULT_INVALID_ARGUMENT);
    CHECK(mqtt_packet_set_bytes(packet, MQTT_FIELD_TOPIC, (const uint8_t *)"\xFF", 1) == MQTT_RESULT_INVALID_ARGUMENT);
    CHECK(mqtt_properties_add_number(properties, MQTT_PROPERTY_CONTENT_TYPE, 1) == MQTT_RESULT_INVALID_ARGUMENT);
    CHECK(mqtt_properties_add_number(properties, MQTT_PROPERTY_TOPIC_ALIAS, 70000) == MQTT_RESULT_INVALID_ARGUMENT);
    CHECK(mqtt_properties_add_number(properties, 0x7E, 1) == MQTT_RESULT_INVALID_ARGUMENT);
    mqtt_packet_free(packet);
}

static void subscriptions_have_filters_and_answers_have_reasons(void)
{
    static const uint8_t subscribe_v5[] = {0x82, 0x0D, 0, 1, 0, 0, 3, 'a', '/', '#', 0x2D, 0, 1, 'b', 0x02};
    static const uint8_t suback_v4[] = {0x90, 0x04, 0, 1, 1, 0x80};
    uint8_t options = 0, reason = 0;
    mqtt_slice view;
    mqtt_packet *packet = mqtt_packet_new(MQTT_PACKET_TYPE_SUBSCRIBE);
    OK(mqtt_packet_add_filter(packet, "a/#", 0x2D)); /* QoS 1, no local, as published, do not send retained */
    OK(mqtt_packet_add_filter(packet, "b", 2));
    CHECK(mqtt_packet_add_filter(packet, "b", 3) == MQTT_RESULT_INVALID_ARGUMENT);
    CHECK(mqtt_packet_add_filter(packet, "b", 0x40) == MQTT_RESULT_INVALID_ARGUMENT);
    CHECK(mqtt_packet_filter_count(packet) == 2);
    check_encoding(packet, 5, subscribe_v5, sizeof subscribe_v5);
    mqtt_packet_free(packet);

    packet = decode_one(5, subscribe_v5, sizeof subscribe_v5);
    OK(mqtt_packet_filter(packet, 0, &view, &options));
    CHECK(same_text(view, "a/#") && options == 0x2D);
    OK(mqtt_packet_filter(packet, 1, &view, NULL));
    CHECK(mqtt_packet_filter(packet, 2, &view, &options) == MQTT_RESULT_NOTHING);
    mqtt_packet_free(packet);

    packet = decode_one(4, suback_v4, sizeof suback_v4);
    CHECK(mqtt_packet_reason_count(packet) == 2);
    OK(mqtt_packet_reason(packet, 0, &reason));
    CHECK(reason == MQTT_REASON_GRANTED_QOS1);
    OK(mqtt_packet_reason(packet, 1, &reason));
    CHECK(reason == MQTT_REASON_UNSPECIFIED_ERROR);
    CHECK(mqtt_packet_reason(packet, 2, &reason) == MQTT_RESULT_NOTHING);
    check_encoding(packet, 4, suback_v4, sizeof suback_v4);
    mqtt_packet_free(packet);
}

static void malformed_input_is_refused_for_good(void)
{
    static const struct {
        const char *what;
        uint8_t version, sender;
        const char *bytes;
        size_t length;
        mqtt_result result;
        uint8_t reason;
    } cases[] = {
        {"reserved type", 5, 0, "\x00\x00", 2, MQTT_RESULT_MALFORMED, MQTT_REASON_MALFORMED_PACKET},
        {"length of five bytes", 5, 0, "\x30\x80\x80\x80\x80\x01", 6, MQTT_RESULT_MALFORMED, MQTT_REASON_MALFORMED_PACKET},
        {"QoS 3", 5, 0, "\x36\x05\x00\x01" "a\x00\x01", 7, MQTT_RESULT_MALFORMED, MQTT_REASON_MALFORMED_PACKET},
        {"wildcard in a topic name", 5, 0, "\x30\x04\x00\x01#\x00", 6, MQTT_RESULT_PROTOCOL, MQTT_REASON_TOPIC_NAME_INVALID},
        {"too large", 5, 0, "\x30\xFF\xFF\x7F", 4, MQTT_RESULT_PROTOCOL, MQTT_REASON_PACKET_TOO_LARGE},
        {"not UTF-8", 4, 0, "\x30\x03\x00\x01\xFF", 5, MQTT_RESULT_MALFORMED, MQTT_REASON_MALFORMED_PACKET},
    };
    size_t at;
    for (at = 0; at < sizeof cases / sizeof *cases; at++) {
        mqtt_packet *packet = NULL;
        mqtt_decoder *decoder = mqtt_decoder_new(cases[at].version, cases[at].sender, 100000);
        mqtt_result result;
        OK(mqtt_decoder_push(decoder, (const uint8_t *)cases[at].bytes, cases[at].length));
        result = mqtt_decoder_next(decoder, &packet);
        if (result != cases[at].result || mqtt_last_reason_code() != cases[at].reason) {
            fprintf(stderr, "%s: %s, reason 0x%02X: %s\n", cases[at].what, mqtt_result_name(result), mqtt_last_reason_code(),
                    mqtt_last_error_message());
        }
        CHECK(result == cases[at].result && packet == NULL);
        CHECK(mqtt_last_reason_code() == cases[at].reason);
        CHECK(strchr(mqtt_last_error_message(), '[') != NULL); /* the clause */
        OK(mqtt_decoder_push(decoder, (const uint8_t *)"\xC0\x00", 2));
        CHECK(mqtt_decoder_next(decoder, &packet) == cases[at].result);
        mqtt_decoder_free(decoder);
    }
}

/* What mqtt_packet_new makes, with what it must have, is written for MQTT 5 and read back as the same. */
static void every_packet_type_goes_there_and_back(void)
{
    uint8_t kind;
    for (kind = MQTT_PACKET_TYPE_CONNECT; kind <= MQTT_PACKET_TYPE_AUTH; kind++) {
        uint8_t buffer[128];
        size_t length = 0;
        mqtt_packet *read, *packet = mqtt_packet_new(kind);
        CHECK(packet != NULL && mqtt_packet_kind(packet) == kind);
        if (kind == MQTT_PACKET_TYPE_PUBLISH) {
            OK(mqtt_packet_set_bytes(packet, MQTT_FIELD_TOPIC, (const uint8_t *)"t", 1));
        } else if (kind == MQTT_PACKET_TYPE_SUBSCRIBE || kind == MQTT_PACKET_TYPE_UNSUBSCRIBE) {
            OK(mqtt_packet_add_filter(packet, "t/#", 0));
        } else if (kind == MQTT_PACKET_TYPE_SUBACK || kind == MQTT_PACKET_TYPE_UNSUBACK) {
            OK(mqtt_packet_add_reason(packet, MQTT_REASON_SUCCESS));
        } else if (kind == MQTT_PACKET_TYPE_AUTH) {
            OK(mqtt_properties_add_bytes(mqtt_packet_properties(packet), MQTT_PROPERTY_AUTHENTICATION_METHOD, (const uint8_t *)"m", 1));
        }
        OK(mqtt_packet_encode(packet, 5, 0, buffer, sizeof buffer, &length));
        CHECK(buffer[0] >> 4 == kind);
        read = decode_one(5, buffer, length);
        CHECK(mqtt_packet_kind(read) == kind);
        if (read != NULL) {
            check_encoding(read, 5, buffer, length);
        }
        mqtt_packet_free(read);
        mqtt_packet_free(packet);
    }
}

static void topics_match(void)
{
    static const struct {
        const char *filter, *name;
        bool matched;
    } cases[] = {
        {"a/+/c", "a/b/c", true}, {"a/#", "a", true}, {"a/#", "a/b/c", true}, {"+", "a/b", false},
        {"#", "$SYS/x", false}, {"$SYS/#", "$SYS/x", true}, {"$share/g/a/#", "a/b", true}, {"a/b", "a/B", false},
    };
    size_t at;
    for (at = 0; at < sizeof cases / sizeof *cases; at++) {
        bool matched = !cases[at].matched;
        OK(mqtt_topic_matches(cases[at].filter, cases[at].name, &matched));
        CHECK(matched == cases[at].matched);
    }
    OK(mqtt_topic_check_name("a/b"));
    OK(mqtt_topic_check_filter("a/+/#"));
    CHECK(mqtt_topic_check_name("a/+") == MQTT_RESULT_INVALID_ARGUMENT);
    CHECK(mqtt_topic_check_name("") == MQTT_RESULT_INVALID_ARGUMENT);
    CHECK(mqtt_topic_check_filter("a/#/b") == MQTT_RESULT_INVALID_ARGUMENT);
    CHECK(mqtt_topic_check_filter("\xFF") == MQTT_RESULT_INVALID_ARGUMENT);
}

int main(void)
{
    CHECK(mqtt_abi_version() >= MQTT_ABI_VERSION);
    CHECK(strlen(mqtt_library_version()) >= 5);
    connect_is_read_and_written();
    a_publish_arrives_byte_by_byte();
    a_publish_is_built();
    subscriptions_have_filters_and_answers_have_reasons();
    malformed_input_is_refused_for_good();
    every_packet_type_goes_there_and_back();
    topics_match();
    return report("codec");
}
