"""kill -9 and SIGTERM while rejects are replayed, and a database that is locked meanwhile: the same command again, and each row is
there once, and no reject is neither open nor written."""

import gzip
import json
import signal
import sqlite3
import unittest

from databases import KINDS, open_database
from harness import FaultTest, Job, query, wait_until

ROWS = 300
CHUNK = 20
BAD = [i for i in range(ROWS) if i % 2]
POINTS = ["run.begun:1", "run.attached:1", "chunk.read:2", "chunk.begun:1", "chunk.written:3", "chunk.rejects_stored:2",
          "chunk.committed:1", "chunk.committed:4", "chunk.recorded:5", "run.finishing:1", "run.sink_finished:1", "run.ended:1"]


class ReplayJob(Job):
    verb = ["run"]

    def command(self, *arguments):
        command = super().command(*arguments)
        return command[:1] + self.verb + command[2:]

    def mend(self, **changes):
        """What was no number is null from now on, and the verb is the replay."""
        self.spec["source"]["null_values"] = ["", "n/a"]
        self.write({**self.spec, **changes})
        self.verb = ["rejects", "replay"]

    def states(self):
        return dict(query(self.state_file(), "SELECT state, count(*) FROM rejects GROUP BY state"))


class Target:
    """Where the rows go: an sqlite table, a file, a table of a server."""

    def __init__(self, name, folder, database=None):
        self.name = name
        self.folder = folder
        self.database = database

    def sinks(self):
        if self.database:
            return [self.database.sink(table="amounts")]
        if self.name == "two":
            return [{"type": "csv", "path": "out.csv"}, {"type": "sqlite", "path": "out.db", "table": "amounts"}]
        if self.name == "sqlite":
            return [{"type": "sqlite", "path": "out.db", "table": "amounts"}]
        kind, _, packed = self.name.partition(".")
        return [{"type": kind, "path": "out." + self.name, "compression": "gzip" if packed else "none"}]

    def ids(self):
        """The ids that every sink has, sorted; a sink that differs shows as a second list."""
        found = []
        if self.database:
            found.append([int(row[0]) for row in self.database.rows("SELECT id FROM amounts")])
        for sink in [] if self.database else self.sinks():
            path = self.folder / sink["path"]
            if sink["type"] == "sqlite":
                found.append([row[0] for row in query(path, "SELECT id FROM amounts")])
                continue
            data = path.read_bytes()
            lines = (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode().splitlines()
            if sink["type"] == "csv":
                assert lines[0] == "id,amount", lines[0]
                found.append([int(line.split(",")[0]) for line in lines[1:]])
            else:
                found.append([json.loads(line)["id"] for line in lines])
        found = [sorted(ids) for ids in found]
        return found[0] if all(ids == found[0] for ids in found) else found


class ReplayTest(FaultTest):
    def begin(self, folder, target, **extra):
        """A job whose rejects wait to be replayed."""
        folder.mkdir(exist_ok=True)
        lines = [f"{i},{'n/a' if i in BAD else i}" for i in range(ROWS)]
        (folder / "in.csv").write_text("id,amount\n" + "\n".join(lines) + "\n")
        job = ReplayJob(folder, {
            "job": "replayed", "source": {"type": "csv", "path": "in.csv", "columns": {"id": "int64", "amount": "float"}},
            "sinks": target.sinks(), "chunk": {"rows": CHUNK}, "workers": 1, "errors": {"max_failed_percent": 100}, **extra})
        self.assert_ended(job.run(), 3)
        self.assertEqual(target.ids(), [i for i in range(ROWS) if i not in BAD])
        job.mend()
        return job

    def finish(self, job, target, message=""):
        outcome = job.run()
        # A kill behind the last step leaves nothing to do.
        self.assertEqual(outcome.code, 0, f"{message} {outcome}")
        self.assertEqual(target.ids(), list(range(ROWS)), message)
        self.assertEqual(job.states(), {"resolved": len(BAD)}, message)

    def killed(self, name, points=POINTS, database=None):
        for point in points:
            with self.subTest(target=name, point=point):
                folder = self.folder / f"{name}-{point.replace(':', '-')}"
                folder.mkdir()
                if database:
                    database.clear()
                target = Target(name, folder, database)
                job = self.begin(folder, target)
                killed = job.run(failpoint=point)
                self.assertEqual(killed.code, -9, f"{point} was never passed: {killed}")
                self.finish(job, target, point)

    def test_sqlite_table(self):
        self.killed("sqlite")

    def test_csv_file(self):
        self.killed("csv")

    def test_gzip_file(self):
        self.killed("csv.gz", ["chunk.committed:4", "run.finishing:1", "run.sink_finished:1"])

    def test_jsonl_file(self):
        self.killed("jsonl", ["run.attached:1", "chunk.committed:1", "chunk.committed:4", "run.sink_finished:1"])

    def test_two_sinks(self):
        # Odd passages fall between the commits of the two.
        self.killed("two", [f"chunk.committed:{n}" for n in (1, 2, 3, 8)] + ["run.sink_finished:1"])

    def test_server(self):
        for kind in KINDS:
            if kind == "sqlite":
                continue
            with self.subTest(kind=kind):
                self.killed(kind, ["run.attached:1", "chunk.committed:1", "chunk.committed:4", "run.sink_finished:1"],
                            open_database(self, kind))

    def test_killed_again_and_again_at_the_same_point(self):
        target = Target("csv", self.folder / "again")
        job = self.begin(target.folder, target)
        kills = 0
        while job.run(failpoint="chunk.committed:2").code == -9:
            kills += 1
        self.assertGreater(kills, 3)
        self.assertEqual(target.ids(), list(range(ROWS)))
        self.assertEqual(job.states(), {"resolved": len(BAD)})

    def test_stopped_by_a_signal(self):
        for name in ("sqlite", "csv"):
            with self.subTest(target=name):
                target = Target(name, self.folder / f"stopped-{name}")
                job = self.begin(target.folder, target)
                job.mend(rate={"rows_per_second": 100})
                process = job.start()
                self.await_replayed(job, 2)
                process.send_signal(signal.SIGTERM)
                outcome = job.wait(process)
                self.assertNotEqual(outcome.code, 0, outcome)
                self.finish(job, target)

    def await_replayed(self, job, chunks):
        done = "SELECT coalesce(max(next_chunk), 0) FROM splits WHERE split = 'replay'"
        wait_until(lambda: query(job.state_file(), done)[0][0] >= chunks, "chunks of the replay")

    def test_a_job_that_is_mended_after_a_kill_settles_what_was_written(self):
        for name in ("sqlite", "csv", "two"):
            with self.subTest(target=name):
                target = Target(name, self.folder / f"mended-{name}")
                job = self.begin(target.folder, target)
                self.assertEqual(job.run(failpoint="chunk.committed:4").code, -9)
                job.spec["source"]["null_values"].append("none")
                job.write(job.spec)
                self.finish(job, target)

    def test_a_locked_database(self):
        target = Target("sqlite", self.folder / "locked")
        job = self.begin(target.folder, target, retry={"attempts": 2, "initial_delay": "10ms", "max_delay": "20ms"})
        holder = sqlite3.connect(target.folder / "out.db")
        holder.execute("BEGIN IMMEDIATE")
        locked = job.run("--set", "sinks.0.busy_timeout=50ms")
        self.assertNotEqual(locked.code, 0, locked)
        holder.rollback()
        holder.close()
        self.finish(job, target)

    def test_a_replay_of_a_replay(self):
        target = Target("csv", self.folder / "twice")
        job = self.begin(target.folder, target)
        job.spec["source"]["null_values"] = [""]
        job.write(job.spec)
        self.assert_ended(job.run(), 3)
        job.mend()
        self.assertEqual(job.run(failpoint="chunk.committed:3").code, -9)
        self.assertEqual(job.run().code, 0)
        self.assertEqual(target.ids(), list(range(ROWS)))
        self.assertEqual(job.states(), {"replayed": len(BAD), "resolved": len(BAD)})


class NegativeControl(FaultTest):
    """The comparison must see a row that comes twice, else it proves nothing."""

    def test_rejects_that_are_opened_by_hand_come_twice(self):
        target = Target("sqlite", self.folder / "cheated")
        job = ReplayTest.begin(self, target.folder, target)
        self.assertEqual(job.run().code, 0)
        connection = sqlite3.connect(job.state_file())
        connection.execute("UPDATE rejects SET state = 'open'")
        connection.commit()
        connection.close()
        self.assertEqual(job.run().code, 0)
        self.assertNotEqual(target.ids(), list(range(ROWS)))


if __name__ == "__main__":
    unittest.main()
