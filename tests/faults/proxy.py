"""A relay between a worker and a database server that spoils connections on order."""

import contextlib
import select
import socket
import struct
import threading
import time

UP, DOWN = "up", "down"  # towards the server, from the server
RESET, CLOSE, STALL, SWALLOW = "reset", "close", "stall", "swallow"
BLOCK = 65536
PATIENCE = 0.02  # seconds between looks at what was ordered meanwhile


class Trouble:
    """What happens to a connection once `after` bytes went through in a direction.

    reset    both ends get an RST      close    both ends get an orderly end
    stall    nothing goes on, either way, and nobody is told
    swallow  the server gets everything, the worker hears nothing any more; after a moment its end is reset
    """

    def __init__(self, mode, after, direction=UP, connection=None):
        self.mode = mode
        self.after = after
        self.direction = direction
        self.connection = connection  # which one, from 0; None: the one that comes so far first
        self.used = False


class Proxy:
    """Listens on a port of its own. Threads: one that accepts, one a connection."""

    # How long the server has for what it got before the worker's end is reset.
    MOMENT = 0.15

    def __init__(self, server):
        self.server = server
        self.trouble = None
        self.delay = 0.0       # seconds before each block of the server's answers
        self.refusing = False  # new connections are closed at once
        self.bytes = {UP: 0, DOWN: 0}
        self.connections = 0
        self.cuts = 0          # each makes the open connections end
        self.lock = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.cut()

    def cut(self):
        """Resets whatever is open."""
        self.cuts += 1

    def _accept(self):
        while True:
            try:
                worker, _ = self.listener.accept()
            except OSError:
                return
            if self.refusing:
                worker.close()
                continue
            try:
                server = socket.create_connection(self.server, timeout=10)
            except OSError:
                worker.close()
                continue
            server.settimeout(None)
            pair = Pair(self, worker, server, self.connections)
            self.connections += 1
            threading.Thread(target=pair.relay, daemon=True).start()


class Pair:
    """One connection. Its thread alone touches the sockets: a close by another would wait for this one's recv."""

    def __init__(self, proxy, worker, server, number):
        self.proxy = proxy
        self.number = number
        self.ways = {worker: (UP, server), server: (DOWN, worker)}
        self.passed = {UP: 0, DOWN: 0}
        self.cuts = proxy.cuts
        self.deaf_until = None  # the worker hears nothing any more, and is reset then
        for end in self.ways:
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def relay(self):
        mode = CLOSE
        with contextlib.suppress(OSError):
            mode = self._relay()
        for end in self.ways:
            if mode == RESET:
                # No linger: what is on its way is thrown away, and the other side told so.
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            end.close()

    def _relay(self):
        """How it ends."""
        while True:
            for source in select.select(list(self.ways), [], [], PATIENCE)[0]:
                direction, target = self.ways[source]
                data = source.recv(BLOCK)
                if not data:
                    return CLOSE
                if direction == DOWN and self.proxy.delay:
                    time.sleep(self.proxy.delay)
                if end := self._pass(direction, target, data):
                    return end
            if self.cuts != self.proxy.cuts or (self.deaf_until and time.monotonic() > self.deaf_until):
                return RESET

    def _pass(self, direction, target, data):
        """How it ends, None when it goes on."""
        trouble = self.proxy.trouble
        if trouble and self._is_hit(trouble, direction, len(data)):
            if trouble.mode == SWALLOW:
                self.deaf_until = time.monotonic() + self.proxy.MOMENT
            else:
                target.sendall(data[:max(0, trouble.after - self.passed[direction])])
                if trouble.mode == STALL:
                    self._stand_still()
                    return RESET
                return trouble.mode
        if not (self.deaf_until and direction == DOWN):
            target.sendall(data)
        self.passed[direction] += len(data)
        with self.proxy.lock:
            self.proxy.bytes[direction] += len(data)
        return None

    def _stand_still(self):
        while self.cuts == self.proxy.cuts:
            time.sleep(PATIENCE)

    def _is_hit(self, trouble, direction, size):
        with self.proxy.lock:
            if trouble.used or direction != trouble.direction or trouble.connection not in (None, self.number):
                return False
            if self.passed[direction] + size < trouble.after:
                return False
            trouble.used = True
            return True
