"""Scenarios register themselves here; the runner runs them one after the other and counts."""
import signal
import time
import traceback
from contextlib import contextmanager

SCENARIOS = []


class Skip(Exception):
    """This scenario cannot be run here, and the message says why. It counts as a failure unless --allow-skips is given."""


class TooLong(Exception):
    """The scenario did not end within its seconds."""


def scenario(name, seconds=60):
    """Registers a function `f(lab)` as one check."""
    def register(function):
        SCENARIOS.append((name, seconds, function))
        return function
    return register


def equal(actual, expected, what):
    """Fails with both values when they differ; long values are shortened."""
    if actual != expected:
        raise AssertionError(f'{what}: expected {shorten(expected)}, and it was {shorten(actual)}')


def truth(condition, what):
    """Fails with `what` unless the condition holds."""
    if not condition:
        raise AssertionError(what)


def shorten(value):
    text = repr(value)
    return text if len(text) < 300 else f'{text[:200]} ... ({len(text)} characters)'


@contextmanager
def limit(seconds):
    """Interrupts the block when it takes longer: no scenario can hang the run."""
    def on_alarm(_signal, _frame):
        raise TooLong(f'not finished after {seconds} s')
    before = signal.signal(signal.SIGALRM, on_alarm)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def run(make_lab, wanted, allow_skips):
    """Runs the scenarios whose name holds one of the wanted words. Returns (passed, failed, skipped)."""
    passed = failed = skipped = 0
    broken = []
    for name, seconds, function in SCENARIOS:
        if wanted and not any(word in name for word in wanted):
            continue
        begin = time.monotonic()
        lab = make_lab()
        try:
            with limit(seconds):
                function(lab)
            outcome, passed = 'ok', passed + 1
        except Skip as reason:
            if allow_skips:
                outcome, skipped = f'skipped: {reason}', skipped + 1
            else:
                outcome, failed = f'FAILED: cannot run: {reason}', failed + 1
                broken.append(name)
        except (Exception, KeyboardInterrupt) as error:  # a scenario may fail in any way; the others still run
            if isinstance(error, KeyboardInterrupt):
                lab.close()
                raise
            outcome, failed = f'FAILED: {type(error).__name__}: {error}', failed + 1
            broken.append(name)
            if not isinstance(error, AssertionError):
                outcome += '\n' + ''.join('    ' + line for line in traceback.format_exc().splitlines(True)[-8:])
            outcome += lab.logs()
        try:
            lab.close()
        except Exception as error:  # what does not end is a failure of its own
            print(f'  {name}: cleaning up: {error}')
        print(f'  {name} ... {outcome} ({time.monotonic() - begin:.1f} s)', flush=True)
    if broken:
        print('failed:')
        for name in broken:
            print(f'  {name}')
    return passed, failed, skipped
