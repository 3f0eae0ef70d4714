"""PHP-FPM, and the FastCGI that a web server would speak to it."""
import json
import os
import signal
import socket
import struct
import time

from .processes import Process
from .report import truth

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

BEGIN_REQUEST, END_REQUEST, PARAMS, STDIN, STDOUT, STDERR = 1, 3, 4, 5, 6, 7


class Fpm:
    """PHP-FPM with a fixed number of workers on a Unix socket. `max_requests`: a worker makes room for a new one after so many."""

    def __init__(self, lab, workers, uri, *, script='fpm.php', max_requests=0):
        self.script = os.path.join(HERE, 'php', script)
        self.socket = os.path.join(lab.folder, 'fpm.sock')
        file = os.path.join(lab.folder, 'fpm.conf')
        root = os.getuid() == 0
        with open(file, 'w') as f:
            f.write(f'[global]\nerror_log = {lab.folder}/fpm.log\ndaemonize = no\n[www]\nlisten = {self.socket}\n'
                    f'pm = static\npm.max_children = {workers}\npm.max_requests = {max_requests}\n'
                    f'catch_workers_output = yes\nclear_env = no\nenv[MQTT_URI] = {uri}\n'
                    + ('user = root\ngroup = root\n' if root else ''))
        command = [lab.php_fpm(), '-n', '-F', '-y', file, '-d', f'extension={lab.parts.extension}', *(['-R'] if root else [])]
        self.process = lab.keep(Process('php-fpm', command))
        end = time.monotonic() + 15
        while not os.path.exists(self.socket):
            truth(self.process.returncode() is None and time.monotonic() < end, f'php-fpm does not start:\n{self.process.text()}')
            time.sleep(0.02)

    def request(self, query, seconds=30):
        """The answer to one request, which is JSON."""
        out, err = self._fastcgi(query, seconds)
        _, _, body = out.partition(b'\r\n\r\n')
        try:
            return json.loads(body)
        except ValueError:
            raise AssertionError(f'request ?{query} was answered with {out[-1500:]!r} {err[-500:]!r}') from None

    def quit(self, seconds=20):
        """SIGQUIT: workers finish their requests. Returns how long it took."""
        begin = time.monotonic()
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(seconds)
        return time.monotonic() - begin

    def _fastcgi(self, query, seconds):
        params = {'SCRIPT_FILENAME': self.script, 'SCRIPT_NAME': '/', 'REQUEST_METHOD': 'GET', 'QUERY_STRING': query, 'SERVER_PROTOCOL': 'HTTP/1.1'}
        body = b''.join(struct.pack('!II', len(k) | 1 << 31, len(v) | 1 << 31) + k.encode() + v.encode() for k, v in params.items())
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(seconds)
            s.connect(self.socket)
            s.sendall(_record(BEGIN_REQUEST, struct.pack('!HB5x', 1, 0)) + _record(PARAMS, body) + _record(PARAMS, b'') + _record(STDIN, b''))
            parts = {STDOUT: b'', STDERR: b''}
            with s.makefile('rb') as stream:
                while len(head := stream.read(8)) == 8:
                    _, kind, _, length, padding = struct.unpack('!BBHHBx', head)
                    content = stream.read(length + padding)[:length]
                    if kind == END_REQUEST:
                        break
                    parts[kind] = parts.get(kind, b'') + content
        return parts[STDOUT], parts[STDERR]


def _record(kind, content):
    return struct.pack('!BBHHBx', 1, kind, 1, len(content), 0) + content
