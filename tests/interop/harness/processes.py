"""Child processes with logs that can be waited for."""
import os
import signal
import socket
import subprocess
import tempfile
import threading
import time


def free_port():
    """A TCP port on the loopback that nobody listens on."""
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


def wait_port(port, process, seconds=15):
    """Waits until something accepts connections; says what the process wrote when it ends instead."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.returncode() is not None:
            raise RuntimeError(f'{process.name} ended with {process.returncode()} before it listened:\n{process.text()}')
        try:
            socket.create_connection(('127.0.0.1', port), 0.5).close()
            return
        except OSError:
            time.sleep(0.02)
    raise RuntimeError(f'{process.name} does not listen on {port} after {seconds} s:\n{process.text()}')


class Process:
    """A child whose standard output and error go to files; `lines` of the output can be awaited."""

    def __init__(self, name, command, *, stdin=subprocess.DEVNULL, env=None, cwd=None, keep_stdout=False):
        self.name = name
        self.command = command
        self.error_file = tempfile.NamedTemporaryFile(prefix='interop-', suffix='.err')
        out = subprocess.PIPE if keep_stdout else self.error_file
        self.child = subprocess.Popen(command, stdin=stdin, stdout=out, stderr=self.error_file, env=env, cwd=cwd)
        self.lines = []
        self.ended = False
        self.arrived = threading.Condition()
        if keep_stdout:
            threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.child.stdout:
            with self.arrived:
                self.lines.append(line.rstrip(b'\r\n'))
                self.arrived.notify_all()
        with self.arrived:
            self.ended = True
            self.arrived.notify_all()

    def line(self, number, seconds=20):
        """Output line `number` (from 0), as bytes; raises when it does not come."""
        with self.arrived:
            self.arrived.wait_for(lambda: len(self.lines) > number or self.ended, seconds)
            if len(self.lines) > number:
                return self.lines[number]
        state = 'the process ended' if self.ended else f'nothing after {seconds} s'
        raise AssertionError(f'{self.name}: output line {number + 1} did not come: {state}\n{self.text()}')

    def text(self):
        """What the process wrote to its standard error (and output, where that is not kept apart)."""
        with open(self.error_file.name, errors='replace') as f:
            return f.read()

    def await_text(self, text, seconds=20):
        """Waits until the log holds the text."""
        end = time.monotonic() + seconds
        while text not in self.text():
            if time.monotonic() > end:
                raise AssertionError(f'{self.name}: no "{text}" in the log after {seconds} s:\n{self.text()[-2000:]}')
            time.sleep(0.02)

    def returncode(self):
        return self.child.poll()

    def wait(self, seconds=20):
        """The exit status; raises when the process does not end."""
        try:
            return self.child.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f'{self.name} still runs after {seconds} s:\n{self.text()[-2000:]}') from None

    def send_signal(self, number):
        if self.child.poll() is None:
            os.kill(self.child.pid, number)

    def kill(self):
        self.send_signal(signal.SIGKILL)
        self.child.wait(10)

    def stop(self, seconds=10):
        """SIGTERM, then SIGKILL when it is ignored. Returns the exit status."""
        self.send_signal(signal.SIGTERM)
        try:
            return self.child.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f'{self.name} ignores SIGTERM') from None

    def close(self):
        if self.child.poll() is None:
            self.kill()
        if self.child.stdout:
            self.child.stdout.close()
        if self.child.stdin:
            self.child.stdin.close()
        self.error_file.close()
