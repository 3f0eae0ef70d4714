"""What a PHP user is told when it does not work: which failure, with whom, what to do."""
import json
import socket
import threading

from harness.processes import free_port
from harness.report import equal, scenario, truth


def attempt(lab, uri, **options):
    """Runs attempt.php. Returns what it told."""
    code, out, err = lab.run_php('attempt.php', uri, json.dumps({'reconnect': {'enabled': False}, 'connectTimeout': 5.0, **options}))
    truth(code == 0 and out.strip(), f'the script ended with {code}: {err or out}')
    return json.loads(out.splitlines()[-1])


def refused(told, short_class, *words):
    """The attempt failed with this exception, thrown where the user called, and its message holds the words."""
    equal(told['connected'], False, 'connected')
    equal(told['class'], f'Mqtt\\Exception\\{short_class}', f'the exception ({told.get("message")})')
    truth(told['interface'], 'it is an Mqtt\\Exception\\Exception')
    equal(told['file'], 'attempt.php', 'the file it was thrown in')
    truth(told['line'] > 0, 'it has a line')
    for word in words:
        truth(word.lower() in told['message'].lower(), f'the message "{told["message"]}" should hold "{word}"')


@scenario('PHP failure: nobody listens')
def nobody_listens(lab):
    port = free_port()
    refused(attempt(lab, f'mqtt://127.0.0.1:{port}'), 'TransportException', f'127.0.0.1:{port}', 'refused')


@scenario('PHP failure: unknown host')
def unknown_host(lab):
    refused(attempt(lab, 'mqtt://no-such-host.invalid:1883'), 'TransportException', 'no-such-host.invalid')


@scenario('PHP failure: wrong password, MQTT 5 and 3.1.1')
def wrong_password(lab):
    broker = lab.broker('mosquitto', password=('joe', 'secret'))
    for version in (5, 4):
        told = attempt(lab, f'mqtt://joe:wr0ng@127.0.0.1:{broker.port}', version=version)
        refused(told, 'ConnectException', f'127.0.0.1:{broker.port}', 'authoriz')
        equal(told['reason'], 'NotAuthorized', 'the reason code')
        truth('wr0ng' not in told['message'] + told['trace'], 'the password is told to nobody')
    equal(attempt(lab, f'mqtt://joe:secret@127.0.0.1:{broker.port}')['connected'], True, 'connected with the right password')


@scenario('PHP failure: certificate of an unknown authority')
def unknown_authority(lab):
    broker = lab.broker('ours', 'tls')
    uri = f'mqtts://localhost:{broker.tls_port}'
    refused(attempt(lab, uri, tls={'caFile': lab.certificates.other_ca}), 'TransportException', f'localhost:{broker.tls_port}', 'certificate')
    refused(attempt(lab, uri), 'TransportException', f'localhost:{broker.tls_port}', 'certificate', 'caFile')
    equal(attempt(lab, uri, tls={'caFile': lab.certificates.ca})['connected'], True, 'connected with the right authority')


@scenario('PHP failure: certificate of another name')
def other_name(lab):
    broker = lab.broker('ours', 'tls')
    told = attempt(lab, f'mqtts://localhost:{broker.tls_port}', tls={'caFile': lab.certificates.ca, 'peerName': 'other.example'})
    refused(told, 'TransportException', 'certificate', 'other.example')


@scenario('PHP failure: a client certificate is required')
def client_certificate(lab):
    for kind in ('mosquitto', 'ours'):
        broker = lab.broker(kind, 'tls', client_certificate=True)
        uri, ca = f'mqtts://localhost:{broker.tls_port}', lab.certificates.ca
        told = attempt(lab, uri, tls={'caFile': ca})
        refused(told, 'TransportException', f'localhost:{broker.tls_port}')
        told = attempt(lab, uri, tls={'caFile': ca, 'certFile': lab.certificates.client, 'keyFile': lab.certificates.client_key})
        equal(told['connected'], True, f'connected to {kind} with a client certificate ({told.get("message")})')


@scenario('PHP failure: a server that never answers')
def silence(lab):
    with socket.create_server(('127.0.0.1', 0)) as listener:
        port = listener.getsockname()[1]
        told = attempt(lab, f'mqtt://127.0.0.1:{port}', connectTimeout=1.0)
    refused(told, 'TimeoutException', f'127.0.0.1:{port}')
    truth(0.9 < told['seconds'] < 4, f'it took {told["seconds"]:.1f} s with a time-out of 1 s')


@scenario('PHP failure: the other end does not speak MQTT')
def not_mqtt(lab):
    with socket.create_server(('127.0.0.1', 0)) as listener:
        port = listener.getsockname()[1]

        def answer():
            connection, _ = listener.accept()
            connection.recv(1024)
            connection.sendall(b'HTTP/1.1 400 Bad Request\r\n\r\n')
            connection.close()
        threading.Thread(target=answer, daemon=True).start()
        told = attempt(lab, f'mqtt://127.0.0.1:{port}')
    refused(told, 'ProtocolException', f'127.0.0.1:{port}')
