"""The sinks that claim a guarantee, as these tests see them: the block of a job, the rows that it holds, its removal.

Rows are read back with other tools than the sink's own: sqlite3, psql, mariadb, csv, json.
"""

import csv
import gzip
import json
import subprocess

from databases import ADDRESSES, Sqlite
from harness import CHUNKMILL


class FileTarget:
    """One file; its rows keep the order in which they were written."""

    ordered = True
    adds = False
    moves = True  # with the folder of its job

    def __init__(self, kind, name):
        self.kind = kind
        self.file = name

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


class TableTarget:
    """One table of a database of the test's own, with rows that are added."""

    ordered = False
    adds = True

    def __init__(self, kind):
        self.kind = kind
        self.moves = kind != "sqlite"  # this one's path is absolute

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


def targets():
    return {"sqlite": TableTarget("sqlite"), "postgres": TableTarget("postgres"), "mysql": TableTarget("mysql"),
            "csv": FileTarget("csv", "out.csv"), "csv_packed": FileTarget("csv", "out.csv.gz"),
            "jsonl": FileTarget("jsonl", "out.jsonl")}


def sinks():
    """The sinks of the build, by `plugins list`."""
    listed = subprocess.run([CHUNKMILL, "plugins", "list", "--format", "json"], capture_output=True, text=True, check=True)
    return [plugin["name"] for plugin in json.loads(listed.stdout) if plugin["kind"] == "sink"]
