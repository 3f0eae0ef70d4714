"""A broker in a process of its own: ours (`mqtt broker -c FILE`) or Debian's mosquitto (`mosquitto -c FILE`)."""
import os
import subprocess

from .processes import Process, free_port, wait_port


class Broker:
    """Listens for plain MQTT on `port`, WebSocket on `ws_port`, TLS on `tls_port`, WebSocket over TLS on `wss_port`.

    Both kinds read the same configuration file, which is itself a test.
    """

    def __init__(self, kind, command, folder, certificates, *, password=None, client_certificate=False, port=None):
        self.kind = kind
        self.command = command
        self.port = port or free_port()
        self.ws_port, self.tls_port, self.wss_port = free_port(), free_port(), free_port()
        self.certificates = certificates
        self.file = os.path.join(folder, f'{kind}-{self.port}.conf')
        with open(self.file, 'w') as f:
            f.write(self._configuration(folder, password, client_certificate))
        self.process = None
        self.start()

    def _configuration(self, folder, password, client_certificate):
        # Each listener once more by its address: mosquitto would listen on IPv6 too, ours need not.
        tls = f'cafile {self.certificates.ca}\ncertfile {self.certificates.server}\nkeyfile {self.certificates.server_key}\n'
        if client_certificate:
            tls += 'require_certificate true\n'
        # 10 000 messages at once must fit into a subscriber's queue.
        lines = 'max_queued_messages 100000\n'
        lines += f'listener {self.port} 127.0.0.1\n'
        lines += f'listener {self.ws_port} 127.0.0.1\nprotocol websockets\n'
        lines += f'listener {self.tls_port} 127.0.0.1\n{tls}'
        lines += f'listener {self.wss_port} 127.0.0.1\nprotocol websockets\n{tls}'
        if password:
            file = os.path.join(folder, f'passwords-{self.port}')
            subprocess.run(['mosquitto_passwd', '-b', '-c', file, *password], check=True, capture_output=True)
            os.chmod(file, 0o644)
            return f'allow_anonymous false\npassword_file {file}\n' + lines
        return 'allow_anonymous true\n' + lines

    def start(self):
        """Starts the process (again, with an empty memory) and waits until it listens."""
        self.process = Process(f'{self.kind} broker', [*self.command, '-c', self.file, '-v'])
        for port in (self.port, self.ws_port, self.tls_port, self.wss_port):
            wait_port(port, self.process)

    def kill(self):
        """Ends the process without any chance to save or say anything."""
        self.process.kill()

    def restart(self):
        """Kill and start: the sessions are gone."""
        self.kill()
        self.process.close()
        self.start()

    def close(self):
        self.process.close()
