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
    """What happens once to a connection: to the one with the byte number `after` of all that go in `direction`, or to the one that says
    `word` for the `nth` time (in any case; the server still hears it).

    reset    both ends get an RST      close    both ends get an orderly end
    stall    nothing goes on, either way, and nobody is told
    swallow  the server gets everything, the worker hears nothing any more; after a moment its end is reset
    """

    def __init__(self, mode, after=None, direction=UP, word=None, nth=1):
        self.mode = mode
        self.after = after
        self.direction = direction
        self.word = word
        self.left = nth
        self.used = False

    def keeps(self, direction, before, data):
        """How much of `data` still goes on; None when nothing happens."""
        if self.used or direction != self.direction:
            return None
        if self.word is not None:
            self.left -= self.word in data.lower()
            if self.left > 0:
                return None
            self.used = True
            return len(data)
        if before + len(data) <= self.after:
            return None
        self.used = True
        return max(0, self.after - before)


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
            pair = Pair(self, worker, server)
            self.connections += 1
            threading.Thread(target=pair.relay, daemon=True).start()


class Pair:
    """One connection. Its thread alone touches the sockets: a close by another would wait for this one's recv."""

    def __init__(self, proxy, worker, server):
        self.proxy = proxy
        self.ways = {worker: (UP, server), server: (DOWN, worker)}
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
        with self.proxy.lock:
            keep = trouble.keeps(direction, self.proxy.bytes[direction], data) if trouble else None
            self.proxy.bytes[direction] += len(data)
        if keep is not None and trouble.mode == SWALLOW:
            self.deaf_until = time.monotonic() + self.proxy.MOMENT
        elif keep is not None:
            target.sendall(data[:keep])
            if trouble.mode == STALL:
                self._stand_still()
                return RESET
            return trouble.mode
        if not (self.deaf_until and direction == DOWN):
            target.sendall(data)
        return None

    def _stand_still(self):
        while self.cuts == self.proxy.cuts:
            time.sleep(PATIENCE)
