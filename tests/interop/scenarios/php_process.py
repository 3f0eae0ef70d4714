"""The PHP client and the life of its process: exit and fork."""
import json
import time

from harness.peers import Where
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
