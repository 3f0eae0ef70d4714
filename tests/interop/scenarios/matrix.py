"""The same ten cases with every make of client: what MQTT promises, seen from outside."""
import os

from harness.peers import Where
from harness.report import equal, scenario, truth

UTF8 = 'Grüße, 世界 — ✓ 🚀'.encode()
BINARY = bytes(range(256)) * 4
MEBIBYTE = 1024 * 1024


class Setting:
    """One make of client against one broker, through one transport."""

    def __init__(self, lab, peer, broker, transport='tcp'):
        self.lab, self.peer, self.broker, self.transport = lab, peer, broker, transport
        self.where = Where(broker, transport)
        self.topic = f'interop/{os.urandom(4).hex()}'

    def subscriber(self, *arguments, **options):
        return self.lab.keep(self.peer.subscriber(self.where, *arguments, **options))

    def publish(self, *arguments):
        self.peer.publish(self.where, *arguments)

    def paho(self):
        """A neutral client on the same broker, over plain TCP."""
        return self.lab.keep(self.lab.paho().session(Where(self.broker)))


def delivers(qos):
    def case(s):
        subscriber = s.subscriber(s.topic + '/+', qos)
        for i in range(3):
            s.publish(f'{s.topic}/{i}', f'message {i}'.encode(), qos)
        for i in range(3):
            message = subscriber.receive()
            equal((message.topic, message.payload, message.qos), (f'{s.topic}/{i}', f'message {i}'.encode(), qos), 'what arrived')
            equal(bool(message.retain), False, 'the retain flag of a live message')
    return case


def retained(s):
    s.publish(s.topic, b'last known', 1, True)
    first = s.subscriber(s.topic, 1)
    message = first.receive()
    equal((message.payload, bool(message.retain)), (b'last known', True), 'the retained message')
    # An empty retained message takes it away: a newcomer gets the live one that follows, and nothing before it.
    s.publish(s.topic, b'', 1, True)
    second = s.subscriber(s.topic, 1)
    s.publish(s.topic, b'live', 1)
    message = second.receive()
    equal((message.payload, bool(message.retain)), (b'live', False), 'the first message after the retained one was taken away')


def will(s):
    watcher = s.paho()
    watcher.subscribe(s.topic + '/state', 1)
    s.subscriber(s.topic + '/x', 0, client_id='interop-' + s.topic[-8:], will=(s.topic + '/state', b'gone', 1)).kill()
    message = watcher.receive()
    equal((message.topic, message.payload, message.qos), (s.topic + '/state', b'gone', 1), 'the will of a client that vanished')


def no_will_after_disconnect(s):
    watcher = s.paho()
    watcher.subscribe(s.topic + '/state', 1)
    s.subscriber(s.topic + '/x', 0, client_id='interop-' + s.topic[-8:], will=(s.topic + '/state', b'gone', 1)).close()
    watcher.publish(s.topic + '/state', b'after', 1)
    equal(watcher.receive().payload, b'after', 'what follows a client that said goodbye')


def resume(s):
    name = 'interop-' + s.topic[-8:]
    first = s.subscriber(s.topic + '/#', 1, client_id=name, keep=300)
    s.publish(s.topic + '/live', b'live', 1)
    equal(first.receive().payload, b'live', 'a message before the pause')
    first.close()
    neutral = s.paho()
    for i in range(10):
        neutral.publish(f'{s.topic}/{i % 2}', f'queued {i}'.encode(), 1 + i % 2)
    again = s.subscriber(s.topic + '/#', 1, client_id=name, keep=300)
    equal([again.receive().payload for _ in range(10)], [f'queued {i}'.encode() for i in range(10)], 'what was queued meanwhile')
    s.publish(s.topic + '/live', b'live again', 1)
    equal(again.receive().payload, b'live again', 'a message after the pause')
    # The session ends where it is not wanted any more.
    again.close()


def large(s):
    # mosquitto hands out WebSocket data some KiB at a time, ten times a second.
    slow = s.broker.kind == 'mosquitto' and s.transport in ('ws', 'wss')
    payload = os.urandom(MEBIBYTE // 16 if slow else MEBIBYTE)
    subscriber = s.subscriber(s.topic, 1)
    s.publish(s.topic, payload, 1)
    message = subscriber.receive(30)
    truth(message.payload == payload, f'a payload of {len(payload)} bytes came as {len(message.payload)}, or different ones')


def text_and_binary(s):
    topic = s.topic + '/größe/温度'
    subscriber = s.subscriber(topic, 1)
    for payload in (UTF8, BINARY, b'\0', b''):
        s.publish(topic, payload, 1)
        message = subscriber.receive()
        equal((message.topic, message.payload), (topic, payload), 'what arrived')


CASES = {
    'QoS 0': delivers(0), 'QoS 1': delivers(1), 'QoS 2': delivers(2), 'retained': retained, 'will': will, 'no will after DISCONNECT': no_will_after_disconnect,
    'session resumed': resume, 'large payload': large, 'UTF-8 and binary': text_and_binary,
}
OLD = ('QoS 0', 'QoS 1', 'QoS 2', 'retained', 'will', 'no will after DISCONNECT', 'session resumed')

# name of the client, how to take it, its versions, the kind of broker, transport, transport with TLS
SETTINGS = [
    ('mosquitto_pub/_sub', lambda lab, v: lab.mosquitto_tools(v), (5, 4, 3), 'ours', 'tcp', 'tls'),
    ('paho', lambda lab, v: lab.paho(v), (5, 4), 'ours', 'tcp', 'tls'),
    ('paho over ws', lambda lab, v: lab.paho(v), (5,), 'ours', 'ws', 'wss'),
    ('MQTT.js over ws', lambda lab, v: lab.mqttjs(v), (5, 4), 'ours', 'ws', 'wss'),
    ('PHP client', lambda lab, v: lab.php(v), (5, 4, 3), 'mosquitto', 'tcp', 'tls'),
    ('PHP client over ws', lambda lab, v: lab.php(v), (5,), 'mosquitto', 'ws', 'wss'),
    ('PHP client', lambda lab, v: lab.php(v), (5,), 'ours', 'tcp', 'tls'),
    ('PHP client over ws', lambda lab, v: lab.php(v), (5,), 'ours', 'ws', 'wss'),
    ('mqtt pub/sub', lambda lab, v: lab.mqtt_tools(v), (5, 4, 3), 'mosquitto', 'tcp', 'tls'),
    ('mqtt pub/sub', lambda lab, v: lab.mqtt_tools(v), (5,), 'ours', 'tcp', 'tls'),
]
SHORT = ('QoS 0', 'QoS 1', 'QoS 2', 'will', 'session resumed')


def register(client, take, version, kind, transport, case_name, case):
    broker_name = 'our broker' if kind == 'ours' else 'mosquitto'

    @scenario(f'{client} v{version}, {broker_name}, {transport}: {case_name}')
    def _run(lab):
        case(Setting(lab, take(lab, version), lab.broker(kind, transport), transport))


for client, take, versions, kind, plain, secure in SETTINGS:
    for version in versions:
        for case_name, case in CASES.items():
            if version == 5 and case_name == 'no will after DISCONNECT' and client.endswith('sub'):
                continue               # mosquitto_sub with a will says DISCONNECT with 0x04, which asks for the will
            if version == 5 or case_name in (OLD if version == 4 else SHORT):
                register(client, take, version, kind, plain, case_name, case)
        if version == 5:
            register(client, take, version, kind, secure, 'QoS 1', delivers(1))
            register(client, take, version, kind, secure, 'large payload', large)
