"""A broker in a process of its own: ours (`mqtt broker -c FILE`) or Debian's mosquitto (`mosquitto -c FILE`)."""
import os
import subprocess

from .processes import Process, free_port, wait_port


class Broker:
    """Listens for plain MQTT on `port`, and as `transports` says on `ws_port` (WebSocket), `tls_port` and `wss_port`.

    Both kinds read the same configuration file, which is itself a test.
    """

    def __init__(self, kind, command, folder, certificates, transports=(), *, password=None, client_certificate=False, persistence=False):
        self.kind = kind
        self.command = command
        self.certificates = certificates
        self.ports = {transport: free_port() for transport in {'tcp', *transports}}
        self.file = os.path.join(folder, f'{kind}-{self.port}.conf')
        with open(self.file, 'w') as f:
            f.write(self._configuration(folder, password, client_certificate, persistence))
        self.process = None
        self.start()

    @property
    def port(self):
        return self.ports['tcp']

    @property
    def tls_port(self):
        return self.ports['tls']

    def _configuration(self, folder, password, client_certificate, persistence):
        tls = f'cafile {self.certificates.ca}\ncertfile {self.certificates.server}\nkeyfile {self.certificates.server_key}\n'
        if client_certificate:
            tls += 'require_certificate true\n'
        # 10 000 messages at once must fit into a subscriber's queue.
        lines = 'max_queued_messages 100000\n'
        if password:
            file = os.path.join(folder, f'passwords-{self.port}')
            subprocess.run(['mosquitto_passwd', '-b', '-c', file, *password], check=True, capture_output=True)
            os.chmod(file, 0o644)
            lines += f'allow_anonymous false\npassword_file {file}\n'
        else:
            lines += 'allow_anonymous true\n'
        if persistence:
            state = os.path.join(folder, f'state-{self.port}')
            os.mkdir(state)
            # mosquitto may run as another user.
            os.chmod(state, 0o777)
            lines += f'persistence true\npersistence_location {state}/\n'
        for transport, port in self.ports.items():
            # Named by its address: mosquitto would listen on IPv6 too, ours need not.
            lines += f'listener {port} 127.0.0.1\n'
            if transport in ('ws', 'wss'):
                lines += 'protocol websockets\n'
            if transport in ('tls', 'wss'):
                lines += tls
        return lines

    def start(self):
        """Starts the process (again, with an empty memory) and waits until it listens."""
        self.process = Process(f'{self.kind} broker', [*self.command, '-c', self.file, '-v'])
        for port in self.ports.values():
            wait_port(port, self.process)

    def kill(self):
        """Ends the process without any chance to save or say anything."""
        self.process.kill()

    def restart(self, gently=False):
        """Kill and start: the sessions are gone. Gently: it is asked to end, and saves what it is told to keep."""
        if gently:
            self.process.stop()
        else:
            self.kill()
        self.process.close()
        self.start()

    def close(self):
        self.process.close()
