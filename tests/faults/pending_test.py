"""`pending` and `incremental` sources, started day after day and killed on the way: every row has its result once.

Results go into tables that take a row twice, so that what is read twice shows; what is lost is missing.
"""

import random
import shutil
import unittest

from harness import FaultTest, Job, execute, query

SEED = 20240301
ROWS_A_DAY = 400
CHUNK = 30
# Between any two steps of a chunk, and around the end of a run, where the next start begins anew or goes on.
POINTS = [f"{name}:{passage}" for name in ("chunk.read", "chunk.written", "chunk.committed", "chunk.recorded")
          for passage in (1, 4, 9)]
POINTS += ["run.begun:1", "run.attached:1", "run.finishing:1", "run.sink_finished:1", "run.ended:1"]
CONVERT = {"type": "fx_convert", "target": "EUR", "rates": {"EUR": 1, "USD": 0.5}}


class Days:
    """A job that is started once a day, and whatever happens on that day."""

    def __init__(self, folder, source):
        self.database = folder / "data.db"
        self.random = random.Random(SEED)
        folder.mkdir()
        execute(self.database, "PRAGMA journal_mode = wal;" + self.tables)
        self.job = Job(folder, {
            "job": "days", "source": {"type": "sqlite", "path": "data.db", **source}, "calculators": [CONVERT],
            "sinks": [{"type": "sqlite", "path": "data.db", "table": "results", "synchronous": "off"}],
            "chunk": {"rows": CHUNK}, "workers": 2, "errors": {"max_failed_percent": 100}})


class PendingDays(Days):
    tables = """CREATE TABLE activities (id INTEGER PRIMARY KEY, amount DECIMAL(9,2), currency TEXT);
                CREATE TABLE results (id INTEGER, amount REAL, currency TEXT, amount_EUR REAL);
                CREATE INDEX results_id ON results (id);"""
    source = {"table": "activities", "split_width": 4096, "pending": {"results": "results", "key": "id"}}

    def arrive(self, count):
        """Rows anywhere between and behind those that are there; some that cannot be calculated."""
        taken = {row[0] for row in query(self.database, "SELECT id FROM activities")}
        rows = []
        while len(rows) < count:
            number = self.random.randrange(20_000)
            if number not in taken:
                taken.add(number)
                currency = "XXX" if number % 37 == 0 else ("EUR", "USD")[number % 2]
                rows.append(f"({number}, {number / 4}, '{currency}')")
        execute(self.database, f"INSERT INTO activities VALUES {', '.join(rows)}")

    def is_exact(self):
        (wrong,), = query(self.database, """
            SELECT (SELECT count(*) FROM activities a WHERE a.currency <> 'XXX' AND
                      (SELECT count(*) FROM results r WHERE r.id = a.id) <> 1) +
                   (SELECT count(*) FROM results WHERE currency = 'XXX' OR id NOT IN (SELECT id FROM activities)) +
                   (SELECT count(*) FROM results WHERE amount_EUR <> amount / CASE currency WHEN 'EUR' THEN 1 ELSE 2 END)""")
        return wrong == 0


class IncrementalDays(Days):
    tables = """CREATE TABLE prices (id INTEGER PRIMARY KEY, amount REAL, currency TEXT, updated_at TIMESTAMP NOT NULL);
                CREATE INDEX prices_updated_at ON prices (updated_at, id);
                CREATE TABLE versions (id INTEGER, updated_at TEXT);
                CREATE TABLE results (id INTEGER, amount REAL, currency TEXT, updated_at TEXT, amount_EUR REAL);"""
    source = {"table": "prices", "incremental": {"cursor": "updated_at", "key": "id"}}
    day = 0

    def arrive(self, count):
        """New rows and changed ones, hundreds of them in the same second."""
        self.day += 1
        minute = "{:02}:{:02}".format(*divmod(self.day, 60))
        seconds = [f"2024-01-01 {minute}:{second:02}" for second in (10, 10, 20)]
        known = [row[0] for row in query(self.database, "SELECT id FROM prices")]
        changed = self.random.sample(known, min(len(known), count // 3))
        new = range(max(known, default=0) + 1, max(known, default=0) + 1 + count - len(changed))
        rows = [f"({number}, {number}, 'EUR', '{self.random.choice(seconds)}')" for number in [*changed, *new]]
        execute(self.database, f"INSERT OR REPLACE INTO prices VALUES {', '.join(rows)};" + self.note(seconds))

    def arrive_late(self, count):
        """More in the last second that there is, behind all that may have been read."""
        (last, number), = query(self.database, "SELECT max(updated_at), max(id) FROM prices")
        rows = [f"({number + i}, {i}, 'USD', '{last}')" for i in range(1, count + 1)]
        execute(self.database, f"INSERT INTO prices VALUES {', '.join(rows)};" + self.note([last]))

    @staticmethod
    def note(seconds):
        times = ", ".join(f"'{second}'" for second in set(seconds))
        return f"""INSERT INTO versions SELECT id, updated_at FROM prices WHERE updated_at IN ({times})
                   AND (id, updated_at) NOT IN (SELECT id, updated_at FROM versions);"""

    def is_exact(self):
        expected = query(self.database, "SELECT id, updated_at FROM versions ORDER BY 1, 2")
        found = query(self.database, "SELECT id, replace(replace(updated_at, 'T', ' '), 'Z', '') FROM results ORDER BY 1, 2")
        return expected == found


class PendingTest(FaultTest):
    def setUp(self):
        super().setUp()
        self.need("source", "sqlite")

    def finish(self, days):
        outcome = days.job.run()
        self.assertIn(outcome.code, (0, 3), outcome)
        return outcome

    def at_points(self, days, late):
        """A kill at each point, on a day of its own; rows arrive before the run goes on."""
        days.arrive(ROWS_A_DAY)
        self.finish(days)
        for point in POINTS:
            with self.subTest(point=point):
                days.arrive(ROWS_A_DAY)
                killed = days.job.run(failpoint=point)
                self.assertEqual(killed.code, -9, f"{point} was never passed: {killed}")
                late(50)
                self.finish(days)
                # What came late into a range that was read already is the next run's.
                self.finish(days)
                self.assertTrue(days.is_exact())

    def at_random(self, days, late, kills):
        hits = 0
        days.arrive(ROWS_A_DAY)
        seconds = self.finish(days).summary["time_seconds"]
        while hits < kills:
            days.arrive(ROWS_A_DAY)
            while True:
                outcome = days.job.run_killed_after(days.random.uniform(0, seconds + 0.1) if hits < kills else 60)
                if outcome.code != -9:
                    break
                hits += 1
                late(7)
            self.assertIn(outcome.code, (0, 3), outcome)
            self.finish(days)
            self.assertTrue(days.is_exact(), f"after {hits} kills")

    def pending(self, name):
        days = PendingDays(self.folder / name, PendingDays.source)
        return days, days.arrive

    def incremental(self, name):
        days = IncrementalDays(self.folder / name, IncrementalDays.source)
        return days, days.arrive_late

    def test_pending_rows_have_one_result_whatever_the_step_that_was_the_last(self):
        self.at_points(*self.pending("points"))

    def test_pending_rows_have_one_result_through_random_kills(self):
        self.at_random(*self.pending("random"), kills=25)

    def test_each_version_is_read_once_whatever_the_step_that_was_the_last(self):
        self.at_points(*self.incremental("points"))

    def test_each_version_is_read_once_through_random_kills(self):
        self.at_random(*self.incremental("random"), kills=25)

    def test_rejected_rows_stay_pending(self):
        days, _ = self.pending("rejects")
        days.arrive(ROWS_A_DAY)
        (bad,), = query(days.database, "SELECT count(*) FROM activities WHERE currency = 'XXX'")
        self.assertGreater(bad, 0)
        for _ in range(2):
            outcome = self.finish(days)
            self.assertEqual(outcome.rows["rejected"], bad)
        execute(days.database, "UPDATE activities SET currency = 'EUR' WHERE currency = 'XXX'")
        self.assertEqual(self.finish(days).rows["written"], bad)
        self.assertTrue(days.is_exact())

    # Negative controls: the checks above can fail.

    def test_control_without_pending_rows_are_written_again(self):
        days = PendingDays(self.folder / "control", {"table": "activities"})
        days.arrive(ROWS_A_DAY)
        self.finish(days)
        self.assertTrue(days.is_exact())
        days.arrive(ROWS_A_DAY)
        self.assertIn(days.job.run("--restart").code, (0, 3))
        self.assertFalse(days.is_exact())

    def test_control_without_the_ledger_versions_are_read_again(self):
        days, _ = self.incremental("control")
        days.arrive(ROWS_A_DAY)
        self.finish(days)
        self.assertTrue(days.is_exact())
        execute(days.database, "DELETE FROM chunkmill_run; DELETE FROM chunkmill_split;")
        shutil.rmtree(days.job.folder / ".chunkmill")
        days.arrive(ROWS_A_DAY)
        self.finish(days)
        self.assertFalse(days.is_exact())


if __name__ == "__main__":
    unittest.main()
