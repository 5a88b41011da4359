"""Runs the real binary over small jobs in folders that remove themselves, ends it on purpose, and compares what is left.

CHUNKMILL_BUILD_DIR says where the binary and the plugins are; CTest sets it. Standard library only.
"""

import glob
import json
import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
import unittest

BUILD = pathlib.Path(os.environ.get("CHUNKMILL_BUILD_DIR", "build")).resolve()
CHUNKMILL = str(BUILD / "chunkmill")
PLUGINS = str(BUILD / "tests" / "faults" / "plugins")
# The same sinks without their fence: negative controls.
PLUGINS_WITHOUT_FENCE = str(BUILD / "tests" / "faults" / "unfenced")
PLUGINS_WITHOUT_QUOTES = str(BUILD / "tests" / "faults" / "unquoted")
# No single run of these jobs comes near it, however busy the machine is.
LONGEST_RUN = 60


def built(kind, name):
    """Is there such a plugin? The tests of one that is left out of the build are skipped, never passed."""
    return any(os.path.exists(os.path.join(folder, f"{kind}.{name}.so")) for folder in (PLUGINS, str(BUILD / "plugins")))


class Outcome:
    """How a run ended. `summary` is its JSON, None when it was killed or did not come so far."""

    def __init__(self, code, out, err):
        self.code = code
        self.err = err
        self.text = out
        try:
            self.summary = json.loads(out)
        except ValueError:
            self.summary = None

    @property
    def rows(self):
        return {name: count for name, count in self.summary["rows"].items() if name != "adds_up"}

    def __repr__(self):
        return f"exit {self.code}\n{self.text}\n{self.err}"


class Job:
    """A job file in a folder of its own."""

    def __init__(self, folder, spec):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.path = self.folder / "job.yaml"
        self.write(spec)

    def write(self, spec):
        self.spec = spec
        # JSON is YAML: no quoting of our own to get wrong.
        self.path.write_text(json.dumps(spec, indent=1))

    def command(self, *arguments):
        # The first folder that has a plugin is the one it comes from.
        return [CHUNKMILL, "run", str(self.path), *arguments, "--plugin-dir", PLUGINS, "--format", "json"]

    def start(self, *arguments, failpoint=None):
        environment = dict(os.environ)
        environment.pop("CHUNKMILL_FAILPOINT", None)
        if failpoint:
            environment["CHUNKMILL_FAILPOINT"] = failpoint
        return subprocess.Popen(self.command(*arguments), env=environment, cwd=self.folder, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def run(self, *arguments, failpoint=None, timeout=LONGEST_RUN):
        return self.wait(self.start(*arguments, failpoint=failpoint), timeout)

    @staticmethod
    def wait(process, timeout=LONGEST_RUN):
        try:
            out, err = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            raise AssertionError(f"the run did not end within {timeout} s\n{out}\n{err}")
        return Outcome(process.returncode, out, err)

    def run_killed_after(self, seconds):
        """kill -9 after so long; the Outcome when it was done before that."""
        process = self.start()
        try:
            out, err = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            out, err = process.communicate()
        return Outcome(process.returncode, out, err)

    def state_file(self):
        files = glob.glob(str(self.folder / ".chunkmill" / "*.db"))
        assert len(files) == 1, files
        return files[0]

    def rejects(self, *extra):
        """What was rejected in the latest run, without what differs from run to run. `extra`: further columns."""
        columns = ", ".join(("split", "chunk", "ordinal", "place", "line", "stage", "plugin", "code", "column_name",
                             "message", "raw", "fields") + extra)
        rows = query(self.state_file(),
                     f"SELECT {columns} FROM rejects WHERE run = (SELECT max(seq) FROM runs) ORDER BY split, chunk, ordinal")
        here = str(self.folder)
        return [tuple(value.replace(here, ".") if isinstance(value, str) else value for value in row) for row in rows]

    def mirror(self):
        """How far the state file says that each split is, with its counts."""
        here = str(self.folder)
        rows = query(self.state_file(), "SELECT split, done, rows_read, rows_written, rows_rejected, rows_filtered "
                                        "FROM splits WHERE run = (SELECT max(seq) FROM runs) ORDER BY split")
        return [(row[0].replace(here, "."),) + row[1:] for row in rows]


def query(database, sql, *parameters):
    connection = sqlite3.connect(database, timeout=10)
    try:
        return connection.execute(sql, parameters).fetchall()
    finally:
        connection.close()


def execute(database, sql):
    connection = sqlite3.connect(database, timeout=10)
    try:
        connection.executescript(sql)
        connection.commit()
    finally:
        connection.close()


def table(database, name):
    """All rows of a table, sorted."""
    return sorted(query(database, f"SELECT * FROM {name}"), key=repr)


def ledger(database, folder):
    """The counts that a SQLite sink's own ledger holds of its latest run, a split a row."""
    rows = query(database, "SELECT target, split, done, rows_in, rows_out, rows_rejected, rows_filtered FROM chunkmill_split "
                           "WHERE run = (SELECT run FROM chunkmill_run ORDER BY ordinal DESC LIMIT 1) ORDER BY split")
    return [(row[0], row[1].replace(str(folder), ".")) + row[2:] for row in rows]


class FaultTest(unittest.TestCase):
    """A test with a folder of its own, which is gone afterwards."""

    maxDiff = 4000

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="chunkmill-faults-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def need(self, kind, name):
        if not built(kind, name):
            self.skipTest(f"{kind} {name} is not built")

    def need_variant(self, variant, kind):
        if not (BUILD / "tests" / "faults" / variant / f"sink.{kind}.so").exists():
            self.skipTest(f"sink {kind} is not built {variant}")

    def assert_ended(self, outcome, code):
        self.assertEqual(outcome.code, code, outcome)
        if outcome.summary:
            self.assertTrue(outcome.summary["rows"]["adds_up"], outcome)


def wait_until(condition, what, seconds=20):
    """Polls for something that another process does; a bound, not a measure."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds} s for: {what}")
        time.sleep(0.005)
