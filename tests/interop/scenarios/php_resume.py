"""Connections that break and brokers that forget: nothing is lost, nothing comes twice at QoS 2."""
import json
import time

from harness.peers import Where
from harness.report import equal, scenario, truth

ROUND = 100
ROUNDS = 4


class Publisher:
    """publisher.php behind its pipe."""

    def __init__(self, lab, port, qos):
        self.process = lab.php_process('publisher.php', f'mqtt://127.0.0.1:{port}', 'interop/resume', str(qos))
        self.answers = 0
        equal(self._answer(), b'ready', 'the first line')

    def _answer(self):
        line = self.process.line(self.answers, 40)
        self.answers += 1
        return line

    def ask(self, word):
        self.process.child.stdin.write(f'{word}\n'.encode())
        self.process.child.stdin.flush()
        return self._answer().decode()


def until(condition, what, seconds=15):
    end = time.monotonic() + seconds
    while not condition():
        truth(time.monotonic() < end, f'{what}: not after {seconds} s')
        time.sleep(0.01)


def broken_publisher(qos):
    def run(lab):
        broker = lab.broker()
        proxy = lab.proxy(broker.port)
        subscriber = lab.keep(lab.paho().session(Where(broker)))
        subscriber.subscribe('interop/resume/data', qos)
        publisher = Publisher(lab, proxy.port, qos)
        for _ in range(ROUNDS):
            # The broker gets the publishes, and its acknowledgements are lost; then the connection breaks.
            seen = len(proxy.publishes)
            proxy.hold()
            publisher.ask(ROUND)
            until(lambda: len(proxy.publishes) > seen, 'a publish passes')
            proxy.cut()
            proxy.release()
            # Everything goes again and is acknowledged, before the next round loses answers again.
            equal(publisher.ask('flush'), '0', 'publishes open after the flush')
        numbers = [int(subscriber.receive().payload) for _ in range(ROUND * ROUNDS)] if qos == 2 else at_least_once(subscriber, ROUND * ROUNDS)
        equal(numbers == list(range(ROUND * ROUNDS)), True, 'each number once and in order')
        subscriber.publish('interop/resume/data', b'end', qos)
        if qos == 2:
            equal(subscriber.receive().payload, b'end', 'what follows the last number')
        truth(any(dup for dup, _, _ in proxy.publishes), 'something was sent again with DUP')
        stats = json.loads(publisher.ask('stats'))
        truth(stats['reconnects'] >= ROUNDS - 1, f'reconnects counted: {stats}')
        equal(stats['republished'], 0, 'publishes sent again as new, while the broker kept the session')
    return run


def at_least_once(subscriber, count):
    """The distinct numbers in order of first arrival, until all are there."""
    numbers = []
    while len(numbers) < count:
        number = int(subscriber.receive().payload)
        if number not in numbers:
            numbers.append(number)
    return numbers


scenario('PHP: connection cut while publishing at QoS 2: resumed with DUP, nothing lost or doubled')(broken_publisher(2))
scenario('PHP: connection cut while publishing at QoS 1: resumed with DUP, nothing lost')(broken_publisher(1))


@scenario('PHP: connection cut while receiving at QoS 2: nothing lost or doubled')
def broken_receiver(lab):
    broker = lab.broker()
    proxy = lab.proxy(broker.port)
    count = 400
    receiver = lab.php_process('receiver.php', f'mqtt://127.0.0.1:{proxy.port}', 'interop/resume/#', '2', str(count))
    equal(receiver.line(0), b'ready', 'the first line')
    publisher = lab.keep(lab.paho().session(Where(broker)))
    for i in range(count):
        publisher.publish('interop/resume/x', str(i).encode(), 2)
        if i % 100 == 50:
            receiver.line(i // 2)      # some have come, some have not
            proxy.cut()
    lines = [receiver.line(i + 1).decode() for i in range(count)]
    equal(lines == [str(i) for i in range(count)], True, f'each number once and in order ({len(set(lines))} of {count})')
    equal(receiver.line(count + 1, 30), b'end', 'what follows the last number')
    truth(int(receiver.line(count + 2).split()[1]) >= 3, 'reconnects counted')


@scenario('PHP: broker restarted without state: publishes go again, subscriptions are made again, both are counted')
def forgetful_broker(lab):
    broker = lab.broker()
    proxy = lab.proxy(broker.port)
    publisher = Publisher(lab, proxy.port, 1)
    proxy.hold()
    publisher.ask(10)
    until(lambda: len(proxy.publishes) >= 10, 'ten publishes pass')
    # The client must not reach the new broker before the subscriber does. It once did: its CONNECT made a session there
    # whose CONNACK was held back, so its next connection rightly resumed that session and sent with DUP.
    proxy.refuse()
    broker.restart()
    subscriber = lab.keep(lab.paho().session(Where(broker)))
    subscriber.subscribe('interop/resume/data', 1)
    first = len(proxy.publishes)
    proxy.cut()
    proxy.release()
    proxy.welcome()
    equal(publisher.ask('flush'), '0', 'publishes open after the flush')
    equal([int(subscriber.receive().payload) for _ in range(10)], list(range(10)), 'what the new broker got')
    truth(not any(dup for dup, _, _ in proxy.publishes[first:]), 'sent again as new, so without DUP')
    # The subscription was made again without the script's help.
    subscriber.publish('interop/resume/control', b'still subscribed', 1)
    equal(publisher.ask('receive'), 'still subscribed', 'what the subscription received')
    stats = json.loads(publisher.ask('stats'))
    equal((stats['republished'], stats['resubscribed'], stats['reconnects']), (10, 1, 1), 'counted: republished, resubscribed, reconnects')
