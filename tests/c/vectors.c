/* The packets of tests/vectors through the C door, from the text form that tests/rust/codec/text_form.rs describes.
 * usage: vectors FILE */
#include <ctype.h>
#include <stdlib.h>

#include "check.h"

typedef struct {
    uint8_t *data;
    size_t length;
} bytes;

static const char *id = "";

/* Like CHECK, but says which packet it is. */
#define HOLDS(condition)                                                                                              \
    do {                                                                                                              \
        if (condition) {                                                                                              \
            passed++;                                                                                                 \
        } else {                                                                                                      \
            failed++;                                                                                                 \
            fprintf(stderr, "%s:%d: %s: %s\n  last error: %s\n", __FILE__, __LINE__, id, #condition, mqtt_last_error_message()); \
        }                                                                                                             \
    } while (0)

static unsigned digit(char c)
{
    return isdigit((unsigned char)c) ? (unsigned)(c - '0') : (unsigned)(tolower((unsigned char)c) - 'a') + 10;
}

/* `616200*3,78`; to be freed. Stops at the end, at a tab and at a colon. */
static bytes read_bytes(const char *text)
{
    bytes out = {NULL, 0};
    size_t room = 0;
    while (isxdigit((unsigned char)*text)) {
        const char *part = text;
        size_t length, count = 1, i;
        while (isxdigit((unsigned char)*text))
            text++;
        length = (size_t)(text - part) / 2;
        if (*text == '*')
            count = strtoul(text + 1, (char **)&text, 10);
        if (out.length + length * count > room) {
            room = 2 * (out.length + length * count);
            out.data = (uint8_t *)realloc(out.data, room);
        }
        for (i = 0; i < length * count; i++) {
            const char *at = part + 2 * (i % length);
            out.data[out.length++] = (uint8_t)(digit(at[0]) << 4 | digit(at[1]));
        }
        if (*text == ',')
            text++;
    }
    return out;
}

static int is(mqtt_slice view, const char *text)
{
    bytes expected = read_bytes(text);
    int equal = view.length == expected.length && (view.length == 0 || memcmp(view.data, expected.data, view.length) == 0);
    free(expected.data);
    return equal;
}

static void property_is(const mqtt_properties *list, size_t index, const char *text)
{
    uint32_t number = 0;
    mqtt_slice view;
    char *value;
    unsigned long wanted = strtoul(text, &value, 10);
    HOLDS(mqtt_properties_id(list, index) == wanted);
    value++; /* = */
    if (*value == 'n') {
        HOLDS(mqtt_properties_number(list, index, &number) == MQTT_RESULT_OK && number == strtoul(value + 1, NULL, 10));
        return;
    }
    if (*value == 'u') {
        HOLDS(mqtt_properties_user_name(list, index, &view) == MQTT_RESULT_OK && is(view, value + 1));
        value = strchr(value, ':');
    }
    HOLDS(mqtt_properties_bytes(list, index, &view) == MQTT_RESULT_OK && is(view, value + 1));
}

/* Everything that the rest of the line says about the packet, and nothing more. */
static void says(mqtt_packet *packet, const char *field)
{
    size_t filters = 0, reasons = 0, properties = 0, will_properties = 0;
    mqtt_properties *list = mqtt_packet_properties(packet), *will = mqtt_packet_will_properties(packet);
    for (; field != NULL; field = strchr(field, '\t') ? strchr(field, '\t') + 1 : NULL) {
        uint32_t number = 0;
        uint8_t byte = 0;
        mqtt_slice view;
        char *value;
        unsigned long name = strtoul(field + 1, &value, 10);
        value++; /* = */
        switch (*field) {
        case 'k':
            HOLDS(mqtt_packet_kind(packet) == strtoul(field + 2, NULL, 10));
            break;
        case 'n':
            HOLDS(mqtt_packet_number(packet, (uint32_t)name, &number) == MQTT_RESULT_OK);
            HOLDS(number == strtoul(value, NULL, 10));
            break;
        case 'b':
            HOLDS(mqtt_packet_bytes(packet, (uint32_t)name, &view) == MQTT_RESULT_OK && is(view, value));
            break;
        case 'f':
            HOLDS(mqtt_packet_filter(packet, filters++, &view, &byte) == MQTT_RESULT_OK && is(view, value));
            HOLDS(byte == name);
            break;
        case 'r':
            HOLDS(mqtt_packet_reason(packet, reasons++, &byte) == MQTT_RESULT_OK && byte == name);
            break;
        case 'p':
            property_is(list, properties++, field + 1);
            break;
        case 'w':
            property_is(will, will_properties++, field + 1);
            break;
        default:
            HOLDS(!"a field that is known");
        }
    }
    HOLDS(mqtt_packet_filter_count(packet) == filters);
    HOLDS(mqtt_packet_reason_count(packet) == reasons);
    HOLDS(mqtt_properties_count(list) == properties);
    HOLDS(mqtt_properties_count(will) == will_properties);
}

/* Pushes everything in chunks; the result of the last look, and the first packet. */
static mqtt_result feed(mqtt_decoder *decoder, bytes input, size_t chunk, mqtt_packet **packet)
{
    mqtt_result result = MQTT_RESULT_NOTHING;
    size_t at = 0;
    *packet = NULL;
    while (at < input.length && (result == MQTT_RESULT_NOTHING)) {
        size_t length = input.length - at < chunk ? input.length - at : chunk;
        if (mqtt_decoder_push(decoder, input.data + at, length) != MQTT_RESULT_OK)
            return MQTT_RESULT_PANIC;
        at += length;
        result = mqtt_decoder_next(decoder, packet);
    }
    if (result == MQTT_RESULT_OK)
        HOLDS(at == input.length);
    return result;
}

static void valid(bytes input, uint8_t version, uint8_t sender, const char *rest)
{
    size_t chunks[2], i;
    const char *fields = strchr(rest, '\t') + 1;
    chunks[0] = input.length;
    chunks[1] = 1;
    for (i = 0; i < 2; i++) {
        mqtt_packet *packet = NULL, *more = NULL;
        mqtt_decoder *decoder = mqtt_decoder_new(version, sender, 0);
        HOLDS(feed(decoder, input, chunks[i], &packet) == MQTT_RESULT_OK);
        HOLDS(mqtt_decoder_next(decoder, &more) == MQTT_RESULT_NOTHING && mqtt_decoder_buffered(decoder) == 0);
        if (packet != NULL) {
            says(packet, fields);
            if (strncmp(rest, "canonical", 9) == 0) {
                size_t length = 0;
                uint8_t *written = (uint8_t *)malloc(input.length);
                HOLDS(mqtt_packet_encode(packet, version, 0, written, input.length, &length) == MQTT_RESULT_OK);
                HOLDS(length == input.length && memcmp(written, input.data, length) == 0);
                free(written);
            }
        }
        mqtt_packet_free(packet);
        mqtt_decoder_free(decoder);
    }
}

static void refused(bytes input, uint8_t version, uint8_t sender, mqtt_result expected, const char *reason)
{
    size_t chunks[2], i;
    const char *at = strchr(reason, '@');
    uint32_t maximum = at == NULL ? 0 : (uint32_t)strtoul(at + 1, NULL, 10);
    chunks[0] = input.length;
    chunks[1] = 1;
    for (i = 0; i < 2; i++) {
        mqtt_packet *packet = NULL;
        mqtt_decoder *decoder = mqtt_decoder_new(version, sender, maximum);
        HOLDS(feed(decoder, input, chunks[i], &packet) == expected && packet == NULL);
        if (expected == MQTT_RESULT_NOTHING) {
            HOLDS(mqtt_decoder_buffered(decoder) == input.length);
        } else {
            if (*reason != '-')
                HOLDS(mqtt_last_reason_code() == strtoul(reason, NULL, 10));
            HOLDS(mqtt_last_error_message()[0] != '\0');
            HOLDS(mqtt_decoder_next(decoder, &packet) == expected); /* and so it stays */
        }
        mqtt_decoder_free(decoder);
    }
}

static void vector(char *line)
{
    static const uint8_t senders[] = {MQTT_SENDER_CLIENT, MQTT_SENDER_SERVER, MQTT_SENDER_UNKNOWN};
    char *field[6];
    size_t i;
    for (i = 0; i < 6; i++) {
        field[i] = line;
        line = strchr(line, '\t');
        if (line == NULL)
            break;
        if (i < 5)
            *line++ = '\0';
    }
    if (i < 5) {
        HOLDS(!"six fields");
        return;
    }
    {
        bytes input = read_bytes(field[4]);
        uint8_t version = (uint8_t)atoi(field[2]);
        int from_client = strcmp(field[3], "s2c") != 0, from_server = strcmp(field[3], "c2s") != 0;
        id = field[1];
        for (i = 0; i < 3; i++) {
            if ((i == 0 && !from_client) || (i == 1 && !from_server) || (i == 2 && !(from_client && from_server)))
                continue;
            if (strcmp(field[0], "valid") == 0)
                valid(input, version, senders[i], field[5]);
            else if (strcmp(field[0], "incomplete") == 0)
                refused(input, version, senders[i], MQTT_RESULT_NOTHING, field[5]);
            else if (strcmp(field[0], "malformed") == 0)
                refused(input, version, senders[i], MQTT_RESULT_MALFORMED, field[5]);
            else
                refused(input, version, senders[i], MQTT_RESULT_PROTOCOL, field[5]);
        }
        free(input.data);
    }
}

/* The next line without its end, or NULL; valid until the next call. */
static char *next_line(FILE *file)
{
    static char *line = NULL;
    static size_t room = 0;
    size_t length = 0;
    int c;
    while ((c = getc(file)) != EOF && c != '\n') {
        if (length + 1 >= room)
            line = (char *)realloc(line, room = 2 * room + 1024);
        line[length++] = (char)c;
    }
    if (c == EOF && length == 0) {
        free(line);
        return NULL;
    }
    line[length] = '\0';
    return line;
}

int main(int argc, char **argv)
{
    FILE *file = argc > 1 ? fopen(argv[1], "r") : NULL;
    size_t count = 0;
    char *line;
    if (file == NULL) {
        fprintf(stderr, "usage: vectors FILE\n");
        return 2;
    }
    while ((line = next_line(file)) != NULL) {
        vector(line);
        count++;
    }
    fclose(file);
    id = "all of them";
    HOLDS(count > (argc > 2 ? (size_t)atoi(argv[2]) : 1000));
    return report("vectors");
}
