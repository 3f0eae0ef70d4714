"""The PHP client under PHP-FPM: connections that outlive requests, brokers that go away, workers that are replaced."""
import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from harness.fpm import Fpm
from harness.peers import Where
from harness.report import equal, scenario, truth


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
    truth(server.quit() < 3, 'php-fpm stops at once')


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


COUNT = 2000


def away(lab, broker):
    """A subscriber that is not there: the broker keeps the messages in its session."""
    with lab.paho().session(Where(broker), 'watcher', 3600) as subscriber:
        subscriber.subscribe('interop/load', 1)


def arrived(lab, broker, count):
    """The distinct payloads that the broker kept, once `count` of them are there."""
    found = set()
    subscriber = lab.keep(lab.paho().session(Where(broker), 'watcher', 3600))
    while len(found) < count:
        found.add(int(subscriber.receive().payload))
    return found


@scenario('PHP-FPM: 2 workers, 2 000 requests, connections cut, mosquitto restarted: what was said to be ok has arrived', 90)
def load(lab):
    broker = lab.broker('mosquitto', persistence=True)
    away(lab, broker)
    proxy = lab.proxy(broker.port)
    server = Fpm(lab, 2, f'mqtt://127.0.0.1:{proxy.port}', script='fpm_load.php')
    lock, done = threading.Lock(), []

    def one(number):
        # Every second request waits for the broker; the others end while their message is on its way.
        answer = server.request(f'publish={number}' + ('&acknowledged=1' if number % 2 else ''))
        with lock:
            done.append(answer)
        return answer

    with ThreadPoolExecutor(4) as pool:
        answers = [pool.submit(one, number) for number in range(COUNT)]

        def after(count):
            end = time.monotonic() + 40
            while len(done) < count:
                truth(time.monotonic() < end, f'{len(done)} of {COUNT} requests after 40 s')
                time.sleep(0.005)

        for mark in (200, 500, 800):
            after(mark)
            proxy.cut()
        after(1000)
        broker.restart(gently=True)
        for mark in (1300, 1600):
            after(mark)
            proxy.cut()
        answers = [answer.result() for answer in answers]
    equal(len({a['pid'] for a in answers}), 2, 'workers that answered')
    equal({a['clientId'] for a in answers}, {f'load-{a["pid"]}' for a in answers}, 'client identifiers')
    ok = {number for number, answer in enumerate(answers) if answer['ok']}
    equal([a for a in answers if not a['ok']], [], 'requests that failed: there was time to come back')
    # What the workers still have in hand goes out before they leave.
    truth(server.quit() < 15, 'php-fpm stops')
    equal(ok - arrived(lab, broker, len(ok)), set(), 'said to be ok, and not arrived')


@scenario('PHP-FPM: workers that make room after 25 requests leave nothing behind, and never share a client identifier', 90)
def recycling(lab):
    broker = lab.broker('mosquitto', persistence=True)
    away(lab, broker)
    server = Fpm(lab, 2, f'mqtt://127.0.0.1:{broker.port}', script='fpm_load.php', max_requests=25)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda number: server.request(f'publish={number}&anonymous=1'), range(200)))
    equal([a for a in answers if not a['ok']], [], 'requests that failed')
    workers = {a['pid'] for a in answers}
    truth(len(workers) >= 6, f'{len(workers)} workers have answered')
    equal(len({(a['pid'], a['clientId']) for a in answers}), len(workers), 'pairs of worker and client identifier')
    equal(len({a['clientId'] for a in answers}), len(workers), 'client identifiers')
    truth(server.quit() < 15, 'php-fpm stops')
    alive = [pid for pid in workers if os.path.exists(f'/proc/{pid}')]
    equal(alive, [], 'workers that still run')
    equal(arrived(lab, broker, 200), set(range(200)), 'the messages')


@scenario('PHP-FPM: a broker that is dead or deaf costs a request one bounded time and an exception', 90)
def dead(lab):
    broker = lab.broker()
    server = Fpm(lab, 1, f'mqtt://127.0.0.1:{broker.port}', script='fpm_load.php')
    truth(server.request('publish=1&acknowledged=1')['ok'], 'the first request works')
    ask = 'publish=2&acknowledged=1&timeout=1'

    # It accepts connections and never says a word.
    broker.process.send_signal(signal.SIGSTOP)
    answer = server.request(ask)
    equal((answer['ok'], answer['error']), (False, 'Mqtt\\Exception\\TimeoutException'), 'a broker that is deaf')
    truth(0.9 < answer['seconds'] < 10, f'the time granted: {answer["seconds"]}')
    broker.process.send_signal(signal.SIGCONT)
    answer = server.request('publish=3&acknowledged=1&timeout=20')
    truth(answer['ok'], f'it works again: {answer}')

    # It is not there, and this worker has never seen it.
    broker.kill()
    other = lab.fresh()
    server = Fpm(other, 1, f'mqtt://127.0.0.1:{broker.port}', script='fpm_load.php')
    for _ in range(3):
        answer = server.request(ask)
        equal((answer['ok'], answer['error']), (False, 'Mqtt\\Exception\\TransportException'), 'a broker that is dead')
        truth(str(broker.port) in answer['message'], f'the message names the broker: {answer["message"]}')
        truth(answer['seconds'] < 10, f'bounded: {answer["seconds"]}')
    truth(server.quit() < 15, 'php-fpm stops, with messages that cannot be delivered')
