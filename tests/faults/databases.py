"""The three kinds of databases as these tests see them: one of its own for each test, asked through the database's own client, whose
tables look the same whichever kind holds them.

CHUNKMILL_TEST_POSTGRES and CHUNKMILL_TEST_MYSQL are addresses of servers (tests/servers); a kind without one is skipped, loudly.
"""

import contextlib
import csv
import hashlib
import io
import itertools
import os
import pathlib
import re
import sqlite3
import subprocess
import sys
import urllib.parse

NULL = "\\N"
TIMESTAMP = re.compile(r"^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d+))?(?:Z|\+00)?$")
FLOATS = re.compile(r"double|float|real", re.IGNORECASE)
BYTES = re.compile(r"blob|bytea|varbinary", re.IGNORECASE)
LONGEST_QUESTION = 60
LEDGER = ("SELECT target, split, done, rows_in, rows_out, rows_rejected, rows_filtered FROM chunkmill_split WHERE run = "
          "(SELECT run FROM chunkmill_run ORDER BY ordinal DESC LIMIT 1)")
number = itertools.count()


def canonical(value, declared):
    """A cell as text that is the same in all three: 1 and 0, shortest floats, UTC without a zone, bytes as hexadecimal digits."""
    if value is None:
        return None
    if FLOATS.search(declared):
        return repr(float(value))
    if isinstance(value, bytes):
        return value.hex() if BYTES.search(declared) else value.decode()
    if declared == "boolean":
        return {"t": "1", "f": "0"}.get(value, str(value))
    text = str(value)
    if parts := TIMESTAMP.match(text):
        fraction = (parts[3] or "").rstrip("0")
        return f"{parts[1]} {parts[2]}" + (f".{fraction}" if fraction else "")
    return text


class Database:
    kind = ""
    # What a test's own tables are declared with.
    types = {"integer": "BIGINT", "text": "TEXT", "float": "DOUBLE PRECISION", "decimal": "NUMERIC(18,4)"}
    quote = '"'

    def sink(self, **options):
        """The block of a job that writes here."""
        raise NotImplementedError

    def run(self, sql):
        raise NotImplementedError

    def rows(self, sql):
        """What a query gives, as text."""
        raise NotImplementedError

    def columns(self, table):
        """Name and declared type, in order; empty when there is no such table."""
        raise NotImplementedError

    def cells(self, table, columns):
        raise NotImplementedError

    def tables(self):
        raise NotImplementedError

    def clear(self):
        """No table is left, and nobody who uses one."""
        raise NotImplementedError

    def remove(self):
        pass

    def locked(self, table):
        """Nobody else can write to the table within the block."""
        raise NotImplementedError

    # The same for all.
    def name(self, name):
        return self.quote + name.replace(self.quote, self.quote * 2) + self.quote

    def create(self, table, columns, constraint="", suffix=""):
        """`columns`: names with one of the types above, a constraint of its own after a blank."""
        parts = []
        for name, declared in columns.items():
            kind, _, rest = declared.partition(" ")
            parts.append(f"{self.name(name)} {self.types[kind]} {rest}")
        self.run(f"CREATE TABLE {self.name(table)} ({', '.join(parts + ([constraint] if constraint else []))}) {suffix}")

    def dump(self, table):
        """All rows, sorted."""
        columns = self.columns(table)
        rows = [tuple(canonical(value, declared) for value, (_, declared) in zip(row, columns)) for row in self.cells(table, columns)]
        return sorted(rows, key=repr)

    def checksum(self, table):
        """Rows, distinct rows, and a sum that changes with any of them."""
        rows = self.dump(table)
        total = sum(int.from_bytes(hashlib.sha256(repr(row).encode()).digest()[:8], "big") for row in rows)
        return len(rows), len(set(rows)), total

    def ledger(self, folder):
        """The counts of the latest run, a split a row."""
        rows = self.rows(LEDGER) if "chunkmill_split" in self.tables() else []
        return sorted((row[0], row[1].replace(str(folder), "."), *(int(value) for value in row[2:])) for row in rows)

    def count(self, table):
        return int(self.rows(f"SELECT count(*) FROM {self.name(table)}")[0][0]) if table in self.tables() else 0


class Sqlite(Database):
    kind = "sqlite"
    types = {"integer": "INTEGER", "text": "TEXT", "float": "REAL", "decimal": "TEXT"}

    def __init__(self, folder):
        self.path = pathlib.Path(folder) / "out.db"

    def sink(self, **options):
        return {"type": "sqlite", "path": str(self.path), **options}

    def _ask(self, sql):
        connection = sqlite3.connect(self.path, timeout=10)
        try:
            found = connection.execute(sql).fetchall()
            connection.commit()
            return found
        finally:
            connection.close()

    def run(self, sql):
        self._ask(sql)

    def rows(self, sql):
        return [tuple(None if value is None else str(value) for value in row) for row in self._ask(sql)]

    def columns(self, table):
        return [(row[1], row[2].lower()) for row in self._ask(f"PRAGMA table_info({self.name(table)})")]

    def cells(self, table, columns):
        return self._ask(f"SELECT * FROM {self.name(table)}")

    def tables(self):
        return {row[0] for row in self._ask("SELECT name FROM sqlite_master WHERE type = 'table'")}

    @contextlib.contextmanager
    def locked(self, table):
        holder = sqlite3.connect(self.path, timeout=10)
        try:
            holder.execute("BEGIN IMMEDIATE")
            yield
        finally:
            holder.close()

    def clear(self):
        for suffix in ("", "-wal", "-shm", "-journal"):
            pathlib.Path(f"{self.path}{suffix}").unlink(missing_ok=True)


class ServerDatabase(Database):
    """A database on a server; `address` is one that may make databases."""

    def __init__(self, address):
        self.server = urllib.parse.urlsplit(address)
        self.database = self.server.path.lstrip("/")  # until there is one of its own
        self.home = self.database
        own = f"faults_{os.getpid()}_{next(number)}"
        self.run(f"CREATE DATABASE {own}")
        self.database = own

    def url(self, port=None, user=None, password=None, host=None):
        """Where a job finds it; `port`: a proxy's."""
        user = urllib.parse.quote(user or self.server.username, safe="")
        password = urllib.parse.quote(password or urllib.parse.unquote(self.server.password), safe="")
        return f"{self.server.scheme}://{user}:{password}@{host or self.server.hostname}:{port or self.server.port}/{self.database}"

    def sink(self, port=None, **options):
        return {"type": self.kind, "url": self.url(port), **options}

    def command(self):
        """The client, reading statements; with the password in its environment."""
        raise NotImplementedError

    def environment(self):
        raise NotImplementedError

    def _ask(self, sql):
        asked = subprocess.run([*self.command()], input=sql.encode() + b";\n", capture_output=True, env=self.environment(),
                               timeout=LONGEST_QUESTION)
        if asked.returncode != 0:
            raise RuntimeError(f"{self.kind}: {asked.stderr.decode(errors='replace')}\n{sql[:500]}")
        return asked.stdout.decode()

    def run(self, sql):
        self._ask(sql)

    @contextlib.contextmanager
    def locked(self, table):
        client = self.client()
        try:
            for statement in self.lock_statements:
                client.ask(statement.format(self.name(table)))
            yield
        finally:
            client.close()

    def client(self):
        """A second client with a connection of its own, for locks and open transactions."""
        return Client(self)

    def remove(self):
        own, self.database = self.database, self.home
        if own == self.home:
            return  # once is enough
        self.end_connections(own)
        self.run(f"DROP DATABASE IF EXISTS {own}")

    def connections(self, database=None):
        """Of everybody else to this database, as the server numbers them."""
        raise NotImplementedError

    def end_connections(self, database=None):
        raise NotImplementedError


class PostgresDatabase(ServerDatabase):
    kind = "postgres"
    lock_statements = ("BEGIN", "LOCK TABLE {}")

    def command(self):
        return ["psql", "-XqAt", "--csv", "-v", "ON_ERROR_STOP=1", "-P", f"null={NULL}", "-h", self.server.hostname, "-p",
                str(self.server.port), "-U", self.server.username, "-d", self.database]

    def environment(self):
        return {**os.environ, "PGPASSWORD": urllib.parse.unquote(self.server.password), "PGTZ": "UTC", "PGCONNECT_TIMEOUT": "10",
                "PGCLIENTENCODING": "UTF8", "PGOPTIONS": "-c client_min_messages=error"}

    def rows(self, sql):
        return [tuple(None if value == NULL else value for value in row) for row in csv.reader(io.StringIO(self._ask(sql), newline=""))]

    def columns(self, table):
        escaped = table.replace("'", "''")
        return self.rows(f"SELECT column_name, data_type FROM information_schema.columns WHERE table_name = '{escaped}' "
                         "AND table_schema = current_schema() ORDER BY ordinal_position")

    def cells(self, table, columns):
        shown = [f"encode({self.name(name)}, 'hex')" if declared == "bytea" else self.name(name) for name, declared in columns]
        return self.rows(f"SELECT {', '.join(shown)} FROM {self.name(table)}")

    def tables(self):
        return {row[0] for row in self.rows("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")}

    def connections(self, database=None):
        return [row[0] for row in self.rows(f"SELECT pid FROM pg_stat_activity WHERE datname = '{database or self.database}' "
                                            "AND backend_type = 'client backend' AND pid <> pg_backend_pid()")]

    def end_connections(self, database=None):
        self.rows(f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{database or self.database}' "
                  "AND backend_type = 'client backend' AND pid <> pg_backend_pid()")

    def clear(self):
        self.end_connections()
        self.run("DROP SCHEMA public CASCADE; CREATE SCHEMA public")


class MysqlDatabase(ServerDatabase):
    kind = "mysql"
    lock_statements = ("LOCK TABLES {} WRITE",)
    types = {"integer": "BIGINT", "text": "LONGTEXT", "float": "DOUBLE", "decimal": "DECIMAL(18,4)"}
    quote = "`"

    def command(self):
        return ["mariadb", "--no-defaults", "-BN", "--raw", "--unbuffered", "--protocol=tcp", "--default-character-set=utf8mb4",
                "--connect-timeout=10", "-h", self.server.hostname, "-P", str(self.server.port), "-u", self.server.username, self.database]

    def environment(self):
        return {**os.environ, "MYSQL_PWD": urllib.parse.unquote(self.server.password)}

    def rows(self, sql):
        return [tuple(None if value == "NULL" else value for value in line.split("\t")) for line in self._ask(sql).splitlines()]

    def columns(self, table):
        # Hexadecimal both ways: a name may hold a tab, a line's end, a backslash.
        found = self.rows(f"SELECT hex(column_name), data_type FROM information_schema.columns WHERE table_name = x'{table.encode().hex()}' "
                          "AND table_schema = database() ORDER BY ordinal_position")
        return [(bytes.fromhex(name).decode(), declared) for name, declared in found]

    def cells(self, table, columns):
        # Hexadecimal: the client prints a text "NULL" and no value alike.
        shown = [f"hex({self.name(name)})" if BYTES.search(declared) else f"hex(cast({self.name(name)} AS char))" for name, declared in columns]
        for row in self.rows(f"SELECT {', '.join(shown)} FROM {self.name(table)}"):
            yield tuple(None if value is None else bytes.fromhex(value) if BYTES.search(declared) else bytes.fromhex(value).decode()
                        for value, (_, declared) in zip(row, columns))

    def tables(self):
        return {bytes.fromhex(row[0]).decode()
                for row in self.rows("SELECT hex(table_name) FROM information_schema.tables WHERE table_schema = database()")}

    def connections(self, database=None):
        return [row[0] for row in self.rows(f"SELECT id FROM information_schema.processlist WHERE db = '{database or self.database}' "
                                            "AND id <> connection_id()")]

    def end_connections(self, database=None):
        for connection in self.connections(database):
            try:
                self.run(f"KILL {connection}")
            except RuntimeError:
                pass  # gone by itself

    def clear(self):
        self.end_connections()
        self.run(f"DROP DATABASE {self.database}; CREATE DATABASE {self.database}")


class Client:
    """One connection that stays open. `ask` waits until the statement is done, `send` does not."""

    ASKED = "-- answered --"

    def __init__(self, database):
        self.process = subprocess.Popen(database.command(), env=database.environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, text=True, bufsize=1)

    def send(self, sql):
        self.process.stdin.write(sql + ";\n")
        self.process.stdin.flush()

    def answer(self):
        """What came before the mark that `mark` sent."""
        lines = []
        for line in self.process.stdout:
            if line.strip().strip('"') == self.ASKED:
                return lines
            lines.append(line.rstrip("\n"))
        raise RuntimeError("the client ended: " + "\n".join(lines))

    def mark(self):
        self.send(f"SELECT '{self.ASKED}'")

    def ask(self, sql):
        self.send(sql)
        self.mark()
        return self.answer()

    def close(self):
        self.process.kill()
        self.process.communicate()


ADDRESSES = {"postgres": ("CHUNKMILL_TEST_POSTGRES", PostgresDatabase), "mysql": ("CHUNKMILL_TEST_MYSQL", MysqlDatabase)}
KINDS = ("sqlite", "postgres", "mysql")
SERVERS = ("postgres", "mysql")


def open_database(test, kind):
    """A database for `test`, gone afterwards. Skips the test, saying so, where there is no server."""
    if kind == "sqlite":
        return Sqlite(test.folder)
    variable, make = ADDRESSES[kind]
    if variable not in os.environ:
        print(f"SKIPPED: {test.id()} for {kind}: {variable} is not set (tests/servers)", file=sys.stderr)
        test.skipTest(f"{variable} is not set")
    test.need("sink", kind)
    database = make(os.environ[variable])
    test.addCleanup(database.remove)
    return database
