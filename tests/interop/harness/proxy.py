"""A TCP proxy on the loopback that can cut, hold back answers, and say what passed through it."""
import socket
import struct
import threading


class Proxy:
    """Forwards to `target` (host, port). Connections and PUBLISH packets towards the broker are counted."""

    def __init__(self, target_port):
        self.target_port = target_port
        self.connections = 0
        self.publishes = []            # (dup, qos, retain) of each PUBLISH from clients, in order
        self.holding = False           # True: what the broker says is thrown away
        self.refusing = False          # True: new connections are closed at once
        self.lock = threading.Lock()
        self.open = []
        self.listener = socket.create_server(('127.0.0.1', 0), backlog=128)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            if self.refusing:
                client.close()
                continue
            try:
                broker = socket.create_connection(('127.0.0.1', self.target_port), 5)
            except OSError:
                client.close()
                continue
            for s in (client, broker):
                s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                s.settimeout(None)
            with self.lock:
                self.connections += 1
                self.open.append((client, broker))
            threading.Thread(target=self._pump, args=(client, broker, True), daemon=True).start()
            threading.Thread(target=self._pump, args=(broker, client, False), daemon=True).start()

    def _pump(self, source, sink, from_client):
        packets = Packets(self._seen) if from_client else None
        try:
            while True:
                data = source.recv(65536)
                if not data:
                    break
                if packets:
                    packets.push(data)
                elif self.holding:
                    continue
                sink.sendall(data)
        except OSError:
            pass
        for s in (source, sink):
            try:
                s.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def _seen(self, first, _body):
        if first >> 4 == 3:
            self.publishes.append((first >> 3 & 1, first >> 1 & 3, first & 1))

    def hold(self):
        """From here on, the broker's answers are lost; what clients send still reaches it."""
        self.holding = True

    def release(self):
        """The broker's answers pass again."""
        self.holding = False

    def refuse(self):
        """From here on, nobody gets through: new connections are closed before the broker hears of them."""
        self.refusing = True

    def welcome(self):
        """New connections reach the broker again."""
        self.refusing = False

    def cut(self):
        """Breaks every connection with a reset, on both sides. New ones are welcome."""
        with self.lock:
            pairs, self.open = self.open, []
        for pair in pairs:
            for s in pair:
                try:
                    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
                    s.shutdown(socket.SHUT_RDWR)
                    s.close()
                except OSError:
                    pass

    def close(self):
        try:
            self.listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.listener.close()
        self.cut()


class Packets:
    """Splits a stream of MQTT bytes into packets: calls `seen(first byte, body)` for each."""

    def __init__(self, seen):
        self.seen = seen
        self.buffer = bytearray()

    def push(self, data):
        self.buffer += data
        while True:
            length, shift, at = 0, 0, 1
            while True:
                if at >= len(self.buffer):
                    return
                byte = self.buffer[at]
                length |= (byte & 127) << shift
                shift += 7
                at += 1
                if byte < 128:
                    break
            if len(self.buffer) < at + length:
                return
            self.seen(self.buffer[0], bytes(self.buffer[at:at + length]))
            del self.buffer[:at + length]
