"""The sinks that claim a guarantee, as these tests see them: the block of a job, the rows that it holds, its removal.

Rows are read back with other tools than the sink's own: sqlite3, psql, mariadb, csv, json.
"""

import csv
import gzip
import io
import json
import os
import subprocess

from databases import ADDRESSES, Sqlite
from harness import CHUNKMILL


class FileTarget:
    """One file; its rows keep the order in which they were written."""

    ordered = True
    adds = False
    moves = True  # with the folder of its job
    has_path = True

    def __init__(self, kind, name):
        self.kind = kind
        self.file = self.called = name

    def open(self, test, folder):
        self.path = folder / self.file
        return self

    def block(self):
        return {"type": self.kind, "path": self.file}

    def rows(self):
        opener = gzip.open if self.file.endswith(".gz") else open
        with opener(self.path, "rt", newline="") as file:
            if self.kind == "csv":
                return [(int(row["id"]), row["name"]) for row in csv.DictReader(file)]
            return [(int(row["id"]), row["name"]) for row in map(json.loads, file)]

    def exists(self):
        return self.path.exists()

    def remove(self):
        self.path.unlink(missing_ok=True)

    def lease(self):
        return {}

    def harms(self):
        """What may happen to it by another hand, by name. An unfinished run's bytes are in a file beside it."""
        def written():
            partial = self.path.with_name(self.path.name + ".chunkmill-partial")
            return partial if partial.exists() else self.path

        def replaced():
            path = written()
            other = path.with_name("other")
            other.write_bytes(bytes(reversed(path.read_bytes())))
            other.rename(path)

        return {"removed": lambda: written().unlink(), "emptied": lambda: os.truncate(written(), 0),
                "cut": lambda: os.truncate(written(), written().stat().st_size // 2),
                "renamed": lambda: written().rename(self.path.with_name("elsewhere")), "replaced": replaced}


class TableTarget:
    """One table of a database of the test's own, with rows that are added."""

    ordered = False
    adds = True
    called = "results"

    def __init__(self, kind):
        self.kind = kind
        self.moves = kind != "sqlite"  # this one's path is absolute
        self.has_path = kind == "sqlite"

    def exists(self):
        return True

    def key(self, column):
        """The rows are known by this column."""
        self.database.run(f"CREATE UNIQUE INDEX results_key ON results ({column})")

    def open(self, test, folder):
        if self.kind == "sqlite":
            self.database = Sqlite(folder)
        else:
            self.database = test.server(ADDRESSES[self.kind])
        self.database.create("results", {"id": "integer", "name": "text"})
        return self

    def block(self):
        return self.database.sink(table="results")

    def rows(self):
        return sorted((int(row[0]), row[1]) for row in self.database.dump("results"))

    def remove(self):
        self.database.clear()
        self.database.create("results", {"id": "integer", "name": "text"})

    def harms(self):
        """What may happen to it by another hand, by name. The ledger stays."""
        def replaced():
            self.database.run("DROP TABLE results")
            self.database.create("results", {"id": "integer", "name": "text"})

        return {"dropped": lambda: self.database.run("DROP TABLE results"),
                "emptied": lambda: self.database.run("DELETE FROM results"),
                "renamed": lambda: self.database.run("ALTER TABLE results RENAME TO elsewhere"), "replaced": replaced}

    def locked(self):
        """Nobody else can write within the block; the sink's options say how soon it gives up."""
        return self.database.locked("results")

    def lease(self):
        """Processes share it, and a dead one's part is taken over so soon."""
        return {} if self.kind == "sqlite" else {"lease": "1s"}

    def impatient(self):
        return {"busy_timeout": "100ms"} if self.kind == "sqlite" else {"timeout": "1s"}


class FileSource:
    """A source that reads files, and how rows of id and name are written for it."""

    def __init__(self, kind, write):
        self.kind = kind
        self.write = write

    def into(self, place, name, lines):
        """The rows of `lines`, a text of CSV, as the one file that the job of a place reads."""
        for path in place.job.folder.glob("in-*"):
            path.unlink()
        place.change("source", type=self.kind, path=f"in-*.{self.kind}", columns={"id": "int64", "name": "string"})
        path = place.job.folder / f"{name}.{self.kind}"
        self.write(path, lines)
        return path


def write_json_lines(path, text):
    path.write_text("".join(json.dumps({"id": int(row["id"]), "name": row["name"]}) + "\n" for row in csv.DictReader(io.StringIO(text))))


def sources():
    return (FileSource("csv", lambda path, text: path.write_text(text)), FileSource("jsonl", write_json_lines))


def targets():
    return {"sqlite": TableTarget("sqlite"), "postgres": TableTarget("postgres"), "mysql": TableTarget("mysql"),
            "csv": FileTarget("csv", "out.csv"), "csv_packed": FileTarget("csv", "out.csv.gz"),
            "jsonl": FileTarget("jsonl", "out.jsonl")}


def sinks():
    """The sinks of the build, by `plugins list`."""
    listed = subprocess.run([CHUNKMILL, "plugins", "list", "--format", "json"], capture_output=True, text=True, check=True)
    return [plugin["name"] for plugin in json.loads(listed.stdout) if plugin["kind"] == "sink"]
