"""Clients of several makes behind two verbs: `subscriber(...)` and `publish(...)`.

A scenario is written once and runs with every make. Versions are 3 (3.1), 4 (3.1.1) and 5.
"""
import base64
import json
import os
import queue
import socket
import ssl
import subprocess
import tempfile
from collections import namedtuple

from .processes import Process

Message = namedtuple('Message', 'topic payload qos retain')
PATIENCE = 20  # seconds


class Where:
    """How to reach a broker: `transport` is tcp, tls, ws or wss; the port may be a proxy's."""

    def __init__(self, broker, transport='tcp', port=None, host=None):
        self.transport = transport
        self.port = port or broker.ports[transport]
        self.secure = transport in ('tls', 'wss')
        self.host = host or ('localhost' if self.secure else '127.0.0.1')
        self.ca = broker.certificates.ca if self.secure else None

    def uri(self, schemes):
        path = '/mqtt' if self.transport in ('ws', 'wss') else ''
        return f'{schemes[self.transport]}://{self.host}:{self.port}{path}'


class Paho:
    """Python's paho-mqtt, in this process."""

    name = 'paho'

    def __init__(self, version=5):
        self.version = version
        self.name = f'paho v{version}'

    def subscriber(self, where, filter, qos, *, client_id='', keep=0, will=None):
        return PahoSubscriber(self, where, filter, qos, client_id, keep, will)

    def publish(self, where, topic, payload, qos=0, retain=False):
        with self.session(where) as client:
            client.publish(topic, payload, qos, retain)

    def session(self, where, client_id='', keep=0, will=None):
        return PahoSession(self.version, where, client_id, keep, will)


class PahoSession:
    """One connected paho client. `with` disconnects it."""

    def __init__(self, version, where, client_id='', keep=0, will=None):
        import paho.mqtt.client as paho
        from paho.mqtt.packettypes import PacketTypes
        from paho.mqtt.properties import Properties
        self.paho = paho
        transport = 'websockets' if where.transport in ('ws', 'wss') else 'tcp'
        keywords = {} if version == 5 else {'clean_session': not keep}
        self.client = paho.Client(paho.CallbackAPIVersion.VERSION2, client_id=client_id, protocol=version, transport=transport,
                                  reconnect_on_failure=False, **keywords)
        self.client.max_inflight_messages_set(1000)
        if transport == 'websockets':
            self.client.ws_set_options(path='/mqtt')
        if where.secure:
            self.client.tls_set(ca_certs=where.ca, tls_version=ssl.PROTOCOL_TLS_CLIENT)
        if will:
            self.client.will_set(will[0], will[1], will[2], False)
        self.messages = queue.Queue()
        answers = self.answers = queue.Queue()
        self.client.on_connect = lambda c, u, flags, reason, p: answers.put(('connect', flags.session_present, reason))
        self.client.on_subscribe = lambda c, u, mid, reasons, p: answers.put(('subscribe', mid, reasons))
        self.client.on_disconnect = lambda c, u, flags, reason, p: answers.put(('disconnect', None, reason))
        self.client.on_message = lambda c, u, m: self.messages.put(Message(m.topic, m.payload, m.qos, m.retain))
        if version == 5:
            properties = Properties(PacketTypes.CONNECT)
            properties.SessionExpiryInterval = keep
            self.client.connect(where.host, where.port, 60, clean_start=not keep, properties=properties)
        else:
            self.client.connect(where.host, where.port, 60)
        self.client.loop_start()
        what, self.session_present, reason = self.answers.get(timeout=PATIENCE)
        if what != 'connect' or reason.is_failure:
            self.client.loop_stop()
            raise ConnectionRefusedError(str(reason))

    def subscribe(self, filter, qos):
        self.client.subscribe(filter, qos)
        what, _, reasons = self.answers.get(timeout=PATIENCE)
        if what != 'subscribe' or reasons[0].is_failure:
            raise AssertionError(f'paho: subscription to {filter} was refused: {reasons}')
        return reasons[0].value

    def publish(self, topic, payload, qos=0, retain=False):
        info = self.client.publish(topic, payload, qos, retain)
        info.wait_for_publish(PATIENCE)
        if not info.is_published():
            raise AssertionError(f'paho: publish to {topic} at QoS {qos} was not acknowledged')

    def receive(self, seconds=PATIENCE):
        try:
            return self.messages.get(timeout=seconds)
        except queue.Empty:
            raise AssertionError(f'paho: no message after {seconds} s') from None

    def close(self):
        self.client.disconnect()
        self.client.loop_stop()

    def kill(self):
        """Ends the connection without DISCONNECT."""
        s = self.client.socket()
        getattr(s, '_socket', s).shutdown(socket.SHUT_RDWR)  # under a WebSocket there is a socket too
        self.client.loop_stop()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class PahoSubscriber(PahoSession):
    def __init__(self, peer, where, filter, qos, client_id, keep, will):
        super().__init__(peer.version, where, client_id, keep, will)
        self.subscribe(filter, qos)


class Script:
    """A client that lives in a script speaking JSON lines: MQTT.js, or our PHP client."""

    def __init__(self, name, command, schemes, version=5, env=None):
        self.name, self.command, self.schemes, self.version, self.env = f'{name} v{version}', command, schemes, version, env

    def session(self, where, client_id='', keep=0, will=None, options=None):
        return ScriptSession(self, where, client_id, keep, will, options)

    def subscriber(self, where, filter, qos, *, client_id='', keep=0, will=None):
        session = self.session(where, client_id, keep, will)
        session.subscribe(filter, qos)
        return session

    def publish(self, where, topic, payload, qos=0, retain=False):
        with self.session(where) as client:
            client.publish(topic, payload, qos, retain)


class ScriptSession:
    """One client in one process. Requests are answered in order; each answer is one line."""

    def __init__(self, peer, where, client_id, keep, will, options):
        self.peer = peer
        self.asked = 0
        self.process = Process(peer.name, peer.command, stdin=subprocess.PIPE, keep_stdout=True, env=peer.env)
        try:
            answer = self.ask('connect', uri=where.uri(peer.schemes), version=peer.version, clientId=client_id, keep=keep, ca=where.ca, options=options or {},
                              will=will and {'topic': will[0], 'payload': text(will[1]), 'qos': will[2]})
        except Exception:
            self.process.close()
            raise
        self.session_present = answer['sessionPresent']

    def ask(self, verb, seconds=PATIENCE, **arguments):
        """Sends one request and returns its answer; an error that the script reports is raised."""
        request = json.dumps({'verb': verb, **arguments}) + '\n'
        try:
            self.process.child.stdin.write(request.encode())
            self.process.child.stdin.flush()
        except BrokenPipeError:
            pass  # the answer that does not come says more
        line = self.process.line(self.asked, seconds + 5)
        self.asked += 1
        answer = json.loads(line)
        if 'error' in answer:
            raise AssertionError(f'{self.peer.name}: {verb}: {answer["error"]}')
        return answer

    def subscribe(self, filter, qos):
        return self.ask('subscribe', filter=filter, qos=qos)['granted']

    def publish(self, topic, payload, qos=0, retain=False):
        self.ask('publish', topic=topic, payload=text(payload), qos=qos, retain=retain)

    def receive(self, seconds=PATIENCE):
        answer = self.ask('receive', seconds, timeout=seconds)
        return Message(answer['topic'], base64.b64decode(answer['payload']), answer['qos'], answer['retain'])

    def close(self):
        if self.process.returncode() is None:
            self.ask('disconnect')
            self.process.child.stdin.close()
            self.process.wait()
        self.process.close()

    def kill(self):
        """Ends the process, and so the connection, without DISCONNECT."""
        self.process.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Tools:
    """A pair of commands with the flags of mosquitto_pub and mosquitto_sub."""

    def __init__(self, name, publish_command, subscribe_command, version=5):
        self.name, self.publish_command, self.subscribe_command, self.version = f'{name} v{version}', publish_command, subscribe_command, version

    def _common(self, where):
        names = {3: 'mqttv31', 4: 'mqttv311', 5: 'mqttv5'}
        ca = ['--cafile', where.ca] if where.secure else []
        return ['-h', where.host, '-p', str(where.port), '-V', names[self.version], *ca]

    def publish(self, where, topic, payload, qos=0, retain=False):
        with tempfile.NamedTemporaryFile() as f:
            f.write(payload)
            f.flush()
            how = ['-f', f.name] if payload else ['-n']
            command = [*self.publish_command, *self._common(where), '-t', topic, '-q', str(qos), *(['-r'] if retain else []), *how]
            done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE)
        if done.returncode != 0:
            raise AssertionError(f'{self.name}: publish ended with {done.returncode}: {done.stderr.decode(errors="replace")}')

    def subscriber(self, where, filter, qos, *, client_id='', keep=0, will=None):
        command = [*self.subscribe_command, *self._common(where), '-t', filter, '-q', str(qos)]
        if client_id:
            command += ['-i', client_id]
        if keep:
            command += ['-c']          # with version 5 this means a session that does not expire
        if will:
            command += ['--will-topic', will[0], '--will-payload', will[1].decode(), '--will-qos', str(will[2])]
        return ToolsSubscriber(self, where, command)


class ToolsSubscriber:
    """A running subscriber command. It is known to be subscribed when a retained marker on a second filter has come."""

    def __init__(self, peer, where, command):
        self.peer = peer
        marker = f'interop/ready/{os.urandom(6).hex()}'
        # The marker is published through paho on the same port; it is not what is tested here.
        with PahoSession(4, where) as paho:
            paho.publish(marker, b'ready', 1, True)
        self.marker = marker
        self.process = Process(f'{peer.name} subscriber', [*command, '-t', marker, '-F', '%t %q %r %x'], keep_stdout=True)
        self.next = 0
        self.early = []                # what a resumed session delivers may come before the marker
        while (message := self._line(PATIENCE)).topic != marker:
            self.early.append(message)
        with PahoSession(4, where) as paho:
            paho.publish(marker, b'', 1, True)

    def _line(self, seconds):
        # Topics in these tests hold no blank.
        topic, qos, retain, *payload = self.process.line(self.next, seconds).decode().split(' ')
        self.next += 1
        return Message(topic, bytes.fromhex(payload[0] if payload else ''), int(qos), retain == '1')

    def receive(self, seconds=PATIENCE):
        if self.early:
            return self.early.pop(0)
        while (message := self._line(seconds)).topic == self.marker:
            pass                       # the deletion of the marker
        return message

    def close(self):
        self.process.stop()
        self.process.close()

    def kill(self):
        self.process.kill()
        self.process.close()


def text(payload):
    """Bytes as JSON can carry them."""
    return base64.b64encode(payload).decode()
