"""The PHP client and the life of its process: exit, fork, and the requests of PHP-FPM."""
import json
import os
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

from harness.lab import HERE
from harness.peers import Where
from harness.processes import Process
from harness.report import equal, scenario, truth

COUNT = 10_000


def leaving(how, status):
    def run(lab):
        broker = lab.broker()
        subscriber = lab.keep(lab.paho().session(Where(broker)))
        subscriber.subscribe('interop/exit', 1)
        code, out, err = lab.run_php('exit_at_once.php', f'mqtt://127.0.0.1:{broker.port}', 'interop/exit', str(COUNT), how)
        equal(code, status, f'exit status ({err or out})')
        numbers = [int(subscriber.receive().payload) for _ in range(COUNT)]
        equal(numbers == list(range(COUNT)), True, f'{len(set(numbers))} different numbers of {COUNT}, in order')
    return run


scenario('PHP: 10 000 publishes at QoS 1, then the script ends', 90)(leaving('end', 0))
scenario('PHP: 10 000 publishes at QoS 1, then exit()', 90)(leaving('exit', 0))
scenario('PHP: 10 000 publishes at QoS 1, then an uncaught exception', 90)(leaving('exception', 255))
scenario('PHP: 10 000 publishes at QoS 1, then a fatal error', 90)(leaving('fatal', 255))
scenario('PHP: 10 000 publishes at QoS 1, then the object is dropped', 90)(leaving('unset', 0))


@scenario('PHP: fork: the child works with a new client, the parent keeps its connection')
def fork(lab):
    broker = lab.broker()
    proxy = lab.proxy(broker.port)
    watcher = lab.keep(lab.paho().session(Where(broker)))
    watcher.subscribe('interop/fork/#', 1)
    begin = time.monotonic()
    code, out, err = lab.run_php('fork.php', f'mqtt://127.0.0.1:{proxy.port}', 'interop/fork')
    seconds = time.monotonic() - begin
    equal(code, 0, f'exit status ({err})')
    told = json.loads(out.splitlines()[-1])
    equal(told['childStatus'], 7, "the child's own exit status")
    equal((told['connected'], told['echo'], told['reconnects']), (True, ['echo'], 0), "the parent's connection after the child has gone")
    child, parent = watcher.receive(), watcher.receive()
    equal((child.topic, child.payload), ('interop/fork/child', b'ForkException'), 'what the child published, and what using the parent\'s client gave')
    equal((parent.topic, parent.payload), ('interop/fork/parent', b'echo'), 'what the parent published afterwards')
    equal(proxy.connections, 2, 'connections in all')
    truth(told['childSeconds'] < 2.0 and seconds < 4.0, f'both leave at once: the child took {told["childSeconds"]:.1f} s, all of it {seconds:.1f} s')


class Fpm:
    """PHP-FPM with a fixed number of workers on a Unix socket."""

    def __init__(self, lab, workers, uri):
        self.socket = os.path.join(lab.folder, 'fpm.sock')
        file = os.path.join(lab.folder, 'fpm.conf')
        root = os.getuid() == 0
        with open(file, 'w') as f:
            f.write(f'[global]\nerror_log = {lab.folder}/fpm.log\ndaemonize = no\n[www]\nlisten = {self.socket}\n'
                    f'pm = static\npm.max_children = {workers}\ncatch_workers_output = yes\nclear_env = no\nenv[MQTT_URI] = {uri}\n'
                    + ('user = root\ngroup = root\n' if root else ''))
        command = [lab.php_fpm(), '-n', '-F', '-y', file, '-d', f'extension={lab.parts.extension}', *(['-R'] if root else [])]
        self.process = lab.keep(Process('php-fpm', command))
        end = time.monotonic() + 15
        while not os.path.exists(self.socket):
            truth(self.process.returncode() is None and time.monotonic() < end, f'php-fpm does not start:\n{self.process.text()}')
            time.sleep(0.02)

    def request(self, query):
        script = os.path.join(HERE, 'php', 'fpm.php')
        env = {**os.environ, 'SCRIPT_FILENAME': script, 'SCRIPT_NAME': '/fpm.php', 'REQUEST_METHOD': 'GET', 'QUERY_STRING': query, 'SERVER_PROTOCOL': 'HTTP/1.1'}
        done = subprocess.run(['cgi-fcgi', '-bind', '-connect', self.socket], env=env, stdin=subprocess.DEVNULL, capture_output=True, timeout=30)
        head, _, body = done.stdout.partition(b'\r\n\r\n')
        try:
            return json.loads(body)
        except ValueError:
            raise AssertionError(f'request ?{query} was answered with {done.stdout[-1500:]!r} {done.stderr[-500:]!r}') from None


@scenario('PHP-FPM: 100 requests, 2 workers: 2 connections, every message delivered')
def fpm(lab):
    broker = lab.broker()
    proxy = lab.proxy(broker.port)
    subscriber = lab.keep(lab.paho().session(Where(broker)))
    subscriber.subscribe('interop/fpm', 1)
    server = Fpm(lab, 2, f'mqtt://127.0.0.1:{proxy.port}')
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda i: server.request(f'publish={i}'), range(100)))
    equal(len({a['pid'] for a in answers}), 2, 'workers that answered')
    arrived = sorted(int(subscriber.receive().payload) for _ in range(100))
    equal(arrived, list(range(100)), 'the messages')
    equal(proxy.connections, 2, 'connections in all')
    begin = time.monotonic()
    server.process.send_signal(signal.SIGQUIT)
    server.process.wait(10)
    truth(time.monotonic() - begin < 3, 'php-fpm stops at once')


@scenario('PHP-FPM: what arrives between two requests waits for the next')
def fpm_between(lab):
    broker = lab.broker()
    server = Fpm(lab, 1, f'mqtt://127.0.0.1:{broker.port}')
    first = server.request('subscribe=interop/between')
    neutral = lab.keep(lab.paho().session(Where(broker)))
    for i in range(3):
        neutral.publish('interop/between', f'message {i}'.encode(), 1)
    received = [server.request('receive=1') for _ in range(3)]
    equal([a['received'] for a in received], [f'message {i}' for i in range(3)], 'received by later requests')
    equal({a['pid'] for a in received}, {first['pid']}, 'the worker')
