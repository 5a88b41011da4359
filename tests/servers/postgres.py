"""A private PostgreSQL: loopback only, no Unix socket, an ordinary role `etl` with a database of that name."""

import glob
import os
import re
import shutil
import signal

from place import Server, Trouble, last_lines, write_private

CONFIGURATION = """\
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''
max_connections = 200
shared_buffers = 128MB
max_wal_size = 2GB
timezone = 'UTC'
logging_collector = off
"""


class Postgres(Server):
    name = "postgres"
    packages = {"initdb": "postgresql", "pg_ctl": "postgresql", "psql": "postgresql-client"}
    user = "postgres"

    def program(self, name):
        # Debian keeps the server's programs of each version apart, and off the PATH.
        found = glob.glob(f"/usr/lib/postgresql/*/bin/{name}")
        newest = max(found, key=lambda path: int(re.search(r"/(\d+)/", path)[1]), default=None)
        return newest if newest and name != "psql" else shutil.which(name)

    def pid_file(self):
        return self.folder / "data" / "postmaster.pid"

    def why(self):
        return last_lines(self.folder / "log")

    def create(self):
        password = self.folder / "password"
        write_private(password, self.settings["admin"])
        self.own(password)
        made = self.ask([self.program("initdb"), "-D", self.folder / "data", "-A", "scram-sha-256", "-U", "admin", "--pwfile", password,
                         "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"], **self.as_user())
        password.unlink()
        if made.returncode != 0:
            raise Trouble(f"initdb failed:\n{made.stdout}")

    def launch(self):
        configuration = self.folder / "data" / "postgresql.conf"
        configuration.write_text(CONFIGURATION.format(port=self.settings["port"]))
        # Not waited for: after a crash it may refuse to start until the last of its old processes is gone, and is asked again.
        self.ask([self.program("pg_ctl"), "-D", self.folder / "data", "-l", self.folder / "log", "-w", "-t", "5", "start"],
                 **self.as_user())

    def psql(self, sql, user="etl", database="etl"):
        password = self.settings["admin" if user == "admin" else "password"]
        return self.ask([self.program("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", str(self.settings["port"]),
                         "-U", user, "-d", database, *(part for statement in sql for part in ("-c", statement))],
                        env={**os.environ, "PGPASSWORD": password, "PGCONNECT_TIMEOUT": "3"})

    def answers(self):
        ready = self.settings.get("ready")
        return self.psql(["SELECT 1"], *(() if ready else ("admin", "postgres"))).returncode == 0

    def settle(self):
        # Not a superuser: what it may do is what a careful owner of a real database would grant.
        made = self.psql([f"CREATE ROLE etl LOGIN CREATEDB CREATEROLE PASSWORD '{self.settings['password']}'",
                          # Which of two clients is told of a deadlock is a test's to choose.
                          "GRANT SET ON PARAMETER deadlock_timeout TO etl",
                          "CREATE DATABASE etl OWNER etl"], "admin", "postgres")
        if made.returncode != 0:
            raise Trouble(f"cannot make the role etl:\n{made.stdout}")

    def stop(self):
        self.end(signal.SIGQUIT)

    def files(self):
        """For clients, beside the server's folder: nothing secret on a command line."""
        port, password = self.settings["port"], self.settings["password"]
        return {"pg_service.conf": f"[chunkmill]\nhost=127.0.0.1\nport={port}\nuser=etl\ndbname=etl\n",
                "pgpass": f"127.0.0.1:{port}:*:etl:{password}\n"}

    def variables(self):
        beside = self.folder.parent
        return {"CHUNKMILL_TEST_POSTGRES": f"postgresql://etl:{self.settings['password']}@127.0.0.1:{self.settings['port']}/etl",
                "PGSERVICEFILE": str(beside / "pg_service.conf"), "PGPASSFILE": str(beside / "pgpass")}
