"""The broker inside a PHP process, with closures as hooks."""
import json
import queue
import time

from harness.processes import free_port, wait_port
from harness.report import equal, scenario, truth
from scenarios.matrix import CASES, Setting


class PhpBroker:
    """server.php, listening on every transport: for the scenarios a broker like the others."""

    kind = 'PHP server'

    def __init__(self, lab):
        self.certificates = lab.certificates
        schemes = {'tcp': 'mqtt', 'ws': 'ws', 'tls': 'mqtts', 'wss': 'wss'}
        self.ports = {transport: free_port() for transport in schemes}
        options = {
            'listen': [f'{schemes[transport]}://127.0.0.1:{port}' for transport, port in self.ports.items()],
            'tls': {'certFile': lab.certificates.server, 'keyFile': lab.certificates.server_key},
        }
        self.process = lab.php_process('server.php', json.dumps(options))
        for port in self.ports.values():
            wait_port(port, self.process)

    @property
    def port(self):
        return self.ports['tcp']


def register(name, take, transport, case_name):
    @scenario(f'PHP server, {name}, {transport}: {case_name}')
    def _run(lab):
        broker = PhpBroker(lab)
        CASES[case_name](Setting(lab, take(lab), broker, transport))
        equal(broker.process.stop(), 0, 'exit status after SIGTERM')


for case_name in ('QoS 0', 'QoS 1', 'QoS 2', 'retained', 'will', 'session resumed', 'large payload', 'UTF-8 and binary'):
    register('mosquitto_pub/_sub', lambda lab: lab.mosquitto_tools(5), 'tcp', case_name)
    register('PHP client', lambda lab: lab.php(5), 'tcp', case_name)
for transport in ('ws', 'wss'):
    register('MQTT.js', lambda lab: lab.mqttjs(5), transport, 'QoS 2')
register('mosquitto_pub/_sub', lambda lab: lab.mosquitto_tools(4), 'tls', 'QoS 2')
register('PHP client', lambda lab: lab.php(4), 'wss', 'QoS 2')


@scenario('PHP server: an exception in a hook is a refusal and a log line')
def hook_exception(lab):
    port = free_port()
    server = lab.php_process('hooks.php', f'mqtt://127.0.0.1:{port}')
    wait_port(port, server)

    class Here:
        host, transport, secure, ca = '127.0.0.1', 'tcp', False, None
    Here.port = port
    paho = lab.paho()
    for client_id in ('throw-1', 'refuse-1'):
        try:
            paho.session(Here, client_id).close()
            raise AssertionError(f'{client_id} was let in')
        except ConnectionRefusedError:
            pass
    logged(server, 'onConnect threw for throw-1')
    client = lab.keep(paho.session(Here, 'good'))
    try:
        client.subscribe('secret/x', 1)
        raise AssertionError('a subscription whose hook threw was granted')
    except AssertionError as error:
        truth('was refused' in str(error), str(error))
    logged(server, 'onSubscribe threw for secret/x')
    client.subscribe('commands/#', 1)
    equal(published(client, 'commands/throw'), True, 'a publish whose hook threw is refused')
    logged(server, 'onPublish threw')
    equal(published(client, 'commands/refuse'), True, 'a publish that the hook refused is refused')
    equal(published(client, 'commands/replace'), False, 'a publish that the hook replaced is refused')
    message = client.receive()
    equal((message.topic, message.payload), ('commands/replaced', b'HELLO'), 'what was put in its place')
    equal(server.returncode(), None, 'exit status of the server')
    # A PHP signal handler runs inside run() and ends it.
    equal(server.stop(), 0, 'exit status after SIGTERM')
    logged(server, 'stopped in order')


def published(client, topic):
    """Publishes at QoS 1 and returns whether the acknowledgement is a refusal."""
    reasons = queue.Queue()
    client.client.on_publish = lambda c, u, mid, reason, p: reasons.put(reason)
    client.client.publish(topic, b'hello', 1)
    return reasons.get(timeout=10).is_failure


def logged(process, text, seconds=10):
    """Waits for the text on standard error or output."""
    end = time.monotonic() + seconds
    while text not in process.text() and not any(text.encode() in line for line in process.lines):
        truth(time.monotonic() < end, f'"{text}" is not in the log:\n{process.text()[-1500:]}')
        time.sleep(0.02)
