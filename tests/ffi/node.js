// The C library from Node, by koffi: publishes and subscribes. node.js LIBRARY URI, with koffi in NODE_PATH.
'use strict';

const koffi = require('koffi');
const [library, uri] = process.argv.slice(2);
const mqtt = koffi.load(library);

for (const name of ['options', 'client', 'message', 'properties']) koffi.opaque(`mqtt_${name}`);
const Slice = koffi.struct('mqtt_slice', { data: 'uint8_t *', length: 'size_t' });

const abiVersion = mqtt.func('uint32_t mqtt_abi_version()');
const lastError = mqtt.func('const char *mqtt_last_error_message()');
const optionsNew = mqtt.func('uint32_t mqtt_options_new(const char *uri, _Out_ mqtt_options **options)');
const optionsFree = mqtt.func('void mqtt_options_free(mqtt_options *options)');
const clientNew = mqtt.func('uint32_t mqtt_client_new(const mqtt_options *options, _Out_ mqtt_client **client)');
const clientConnect = mqtt.func('uint32_t mqtt_client_connect(const mqtt_client *client, int64_t timeout)');
const clientSubscribe = mqtt.func('uint32_t mqtt_client_subscribe(const mqtt_client *client, const char *filter, uint8_t options, uint32_t handle, const mqtt_properties *properties, int64_t timeout, _Out_ uint8_t *reason)');
const clientPublish = mqtt.func('uint32_t mqtt_client_publish(const mqtt_client *client, const char *topic, const uint8_t *payload, size_t length, uint8_t qos, bool retain, const mqtt_properties *properties, int64_t timeout, _Out_ uint64_t *token)');
const clientReceive = mqtt.func('uint32_t mqtt_client_receive(const mqtt_client *client, int64_t timeout, _Out_ mqtt_message **message)');
const clientFree = mqtt.func('void mqtt_client_free(mqtt_client *client)');
const messageTopic = mqtt.func('uint32_t mqtt_message_topic(const mqtt_message *message, _Out_ mqtt_slice *topic)');
const messagePayload = mqtt.func('uint32_t mqtt_message_payload(const mqtt_message *message, _Out_ mqtt_slice *payload)');
const messageFree = mqtt.func('void mqtt_message_free(mqtt_message *message)');
const checkName = mqtt.func('uint32_t mqtt_topic_check_name(const char *name)');

let passed = 0;
let failed = 0;
function check(what, got, wanted) {
    if (got === wanted) {
        passed++;
    } else {
        failed++;
        console.error(`node: ${what}: ${got} instead of ${wanted}: ${lastError()}`);
    }
}
const bytes = (slice) => Buffer.from(koffi.decode(slice.data, koffi.array('uint8_t', Number(slice.length))));

async function main() {
    check('abi', Math.floor(abiVersion() / 100), 1);
    check('wildcard in a name', checkName('a/#'), 102);
    check('its text', lastError().includes('wildcard'), true);

    const place = [null];
    check('options', optionsNew(uri, place), 0);
    const options = place[0];
    check('client', clientNew(options, place), 0);
    const client = place[0];
    optionsFree(options);

    const reason = [255];
    const token = [0];
    check('connect', clientConnect(client, 10000), 0);
    check('subscribe', clientSubscribe(client, 'from/node', 1, 0, null, 10000, reason), 0);
    check('granted', reason[0], 1);
    const payload = Buffer.from([0, 1, 255, 254]);
    check('publish', clientPublish(client, 'from/node', payload, payload.length, 1, false, null, 10000, token), 0);
    check('token', Number(token[0]) > 0, true);
    // On a thread of koffi's pool, so that the event loop goes on meanwhile.
    const message = [null];
    check('receive', await new Promise((resolve, reject) => {
        clientReceive.async(client, 10000, message, (error, result) => (error ? reject(error) : resolve(result)));
    }), 0);
    const view = {};
    check('topic', messageTopic(message[0], view), 0);
    check('its bytes', bytes(view).toString(), 'from/node');
    check('payload', messagePayload(message[0], view), 0);
    check('its bytes', bytes(view).equals(payload), true);
    messageFree(message[0]);
    check('nothing more', clientReceive(client, 0, message), 1);
    clientFree(client);
    console.log(`node: ${passed} passed, ${failed} failed`);
    process.exitCode = failed ? 1 : 0;
}

main();
