"""Where private servers live, and what PostgreSQL and MariaDB share: a folder, a port, passwords, a process that is known by its id.

A place is a folder under TMPDIR named after the folder it is for (a checkout, a build, a test's own), so that two of them never meet. Its
settings (ports, passwords) are kept from the first start to the stop: who was told an address finds the server there again after a crash.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import pathlib
import pwd
import secrets
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time

# A server that was killed needs its log read and its orphans gone; a machine may be busy.
LONGEST_START = 60
LONGEST_STOP = 20
LONGEST_LEFTOVER = 10


class Trouble(Exception):
    """What a person has to be told. The message is the whole of it."""


class Missing(Trouble):
    """Packages that are not installed."""


def passable(folder):
    """May every user go through? Servers of root's run as users of their own."""
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in (folder, *folder.parents))


class Place:
    """The folder of the servers of `owner`, a path."""

    def __init__(self, owner):
        base = pathlib.Path(tempfile.gettempdir()).resolve()
        if os.geteuid() == 0 and not passable(base):
            base = pathlib.Path("/tmp")
        name = hashlib.sha256(str(pathlib.Path(owner).resolve()).encode()).hexdigest()[:12]
        self.folder = base / f"chunkmill-servers-{os.geteuid()}-{name}"
        self.file = self.folder / "settings.json"

    def exists(self):
        return self.file.exists()

    def make(self):
        self.folder.mkdir(mode=0o711, exist_ok=True)
        found = self.folder.lstat()
        # Names under /tmp can be taken by anybody.
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
            raise Trouble(f"{self.folder} belongs to somebody else: remove it")
        self.folder.chmod(0o711)

    @contextlib.contextmanager
    def lock(self):
        """One start or stop at a time."""
        descriptor = os.open(f"{self.folder}.lock", os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def settings(self):
        return json.loads(self.file.read_text()) if self.exists() else {}

    def keep(self, settings):
        new = self.file.with_suffix(".new")
        write_private(new, json.dumps(settings))
        new.rename(self.file)

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(f"{self.folder}.lock")


class Server:
    """One server of a place. `settings` holds its port and passwords; an empty one asks for a new server."""

    name = ""
    packages = {}  # a program that is needed: its package
    user = ""      # who runs it when root starts it

    def __init__(self, place, settings):
        self.folder = place.folder / self.name
        self.settings = settings

    # A kind of server fills in these.
    def program(self, name):
        return shutil.which(name)

    def create(self):
        raise NotImplementedError

    def launch(self):
        raise NotImplementedError

    def pid_file(self):
        raise NotImplementedError

    def answers(self):
        raise NotImplementedError

    def why(self):
        """The end of its log, for a message."""
        raise NotImplementedError

    def settle(self):
        """What a new server needs once it answers."""

    # The same for all.
    def missing(self):
        packages = {package for program, package in self.packages.items() if not self.program(program)}
        if os.geteuid() == 0:
            try:
                pwd.getpwnam(self.user)
            except KeyError:
                packages |= set(self.packages.values())
        return packages

    def pid(self):
        """The process's id, None when there is none. An id that another process was given since is not taken for it."""
        try:
            number = int(self.pid_file().read_text().split()[0])
            command = pathlib.Path(f"/proc/{number}/cmdline").read_bytes()
        except (OSError, ValueError, IndexError):
            return None
        return number if str(self.folder).encode() in command else None

    def as_user(self):
        """Arguments for subprocess: the server's own user when root asks, else whoever asks."""
        if os.geteuid() != 0:
            return {}
        entry = pwd.getpwnam(self.user)
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}

    def own(self, path):
        if os.geteuid() == 0:
            entry = pwd.getpwnam(self.user)
            os.chown(path, entry.pw_uid, entry.pw_gid)

    def ask(self, command, **options):
        return subprocess.run(command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, timeout=LONGEST_START, **options)

    def prepare(self):
        """A folder with a server that was never started; a half-made one is made anew."""
        if self.settings.get("ready"):
            return
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(mode=0o700)
        self.own(self.folder)
        self.settings.clear()
        self.settings.update(port=free_port(), password=secrets.token_urlsafe(18), admin=secrets.token_urlsafe(18))
        self.create()

    def start(self):
        """Does nothing when it runs and answers."""
        if self.settings.get("ready") and self.pid() and self.answers():
            return
        self.end()  # half made, stopped by a signal, or stuck
        self.prepare()
        end = time.monotonic() + LONGEST_START
        while True:
            if not self.pid():
                self.keep_port()
                self.launch()
            if self.pid() and self.answers():
                break
            if time.monotonic() > end:
                raise Trouble(f"{self.name} did not start within {LONGEST_START} s:\n{self.why()}")
            time.sleep(0.05)
        if not self.settings.get("ready"):
            self.settle()
            self.settings["ready"] = True

    def keep_port(self):
        """What is left of a killed server may hold the port for a moment; only another program's is given up."""
        end = time.monotonic() + LONGEST_LEFTOVER
        while not port_is_free(self.settings["port"]):
            if time.monotonic() > end:
                self.settings["port"] = free_port()
            time.sleep(0.02)

    def end(self, number=signal.SIGKILL):
        """Ends the process and waits until it is gone."""
        pid = self.pid()
        if not pid:
            return
        os.kill(pid, signal.SIGCONT)
        os.kill(pid, number)
        end = time.monotonic() + LONGEST_STOP
        while self.pid():
            if time.monotonic() > end:
                os.kill(pid, signal.SIGKILL)
            time.sleep(0.01)


def write_private(path, text):
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


def free_port():
    """Below the ports that the kernel gives to connections: a client that knocks on its own port while the server is down would meet
    itself there."""
    lowest = int(pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    while True:
        port = secrets.choice(range(max(1024, lowest - 12000), lowest)) if lowest > 2048 else secrets.choice(range(1024, 65536))
        if port_is_free(port):
            return port


def port_is_free(port):
    with socket.socket() as probe:
        # As the servers do: connections that linger are no hindrance.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            return True
        except OSError:
            return False


def last_lines(path, count=15):
    try:
        return "\n".join(path.read_text(errors="replace").splitlines()[-count:])
    except OSError:
        return f"(no log {path})"
