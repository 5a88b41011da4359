"""`pending` and `incremental` sources, started day after day and killed on the way: every row has its result once.

Results go into tables that take a row twice, so that what is read twice shows; what is lost is missing.
"""

import random
import shutil

from cases import LONG, CaseTest, expand, for_each, main
from databases import canonical
from harness import Job

SEED = 20240301
ROWS_A_DAY = 400
CHUNK = 30
RANDOM_KILLS = 25 if LONG else 10
# Between any two steps of a chunk, and around the end of a run, where the next start begins anew or resumes.
POINTS = [f"{name}:{passage}" for name in ("chunk.read", "chunk.written", "chunk.committed", "chunk.recorded")
          for passage in (1, 4, 9)]
POINTS += ["run.begun:1", "run.attached:1", "run.finishing:1", "run.sink_finished:1", "run.ended:1"]
CONVERT = {"type": "fx_convert", "target": "EUR", "rates": {"EUR": 1, "USD": 0.5}}
# Of times to the second.
TIME = {"sqlite": "TIMESTAMP", "postgres": "TIMESTAMPTZ", "mysql": "DATETIME"}
# As the sinks write them; SQLite's as text.
WRITTEN_TIME = {**TIME, "sqlite": "TEXT", "mysql": "DATETIME(6)"}


class Days:
    """A job that is started once a day, and whatever happens on that day."""

    def __init__(self, folder, database, source):
        self.database = database
        self.random = random.Random(SEED)
        folder.mkdir()
        tables = self.tables.format(time=TIME[database.kind], written_time=WRITTEN_TIME[database.kind], euros=database.name("amount_EUR"))
        for statement in tables.split(";"):
            database.run(statement)
        place = {key: value for key, value in database.sink().items() if key != "type"}
        self.job = Job(folder, {
            "job": "days", "source": {"type": database.kind, **place, **source}, "calculators": [CONVERT],
            "sinks": [database.sink(table="results")],
            "chunk": {"rows": CHUNK}, "workers": 2, "errors": {"max_failed_percent": 100}})

    def numbers(self, sql):
        return [int(row[0]) for row in self.database.rows(sql) if row[0] is not None]

    def is_exact(self):
        return self.numbers(self.wrong.format(euros=self.database.name("amount_EUR"))) == [0]


class PendingDays(Days):
    tables = """CREATE TABLE activities (id BIGINT PRIMARY KEY, amount DECIMAL(9,2), currency VARCHAR(3));
                CREATE TABLE results (id BIGINT, amount DOUBLE PRECISION, currency VARCHAR(3), {euros} DOUBLE PRECISION);
                CREATE INDEX results_id ON results (id)"""
    source = {"table": "activities", "split_width": 4096, "pending": {"results": "results", "key": "id"}}
    wrong = """
        SELECT (SELECT count(*) FROM activities a WHERE a.currency <> 'XXX' AND
                  (SELECT count(*) FROM results r WHERE r.id = a.id) <> 1) +
               (SELECT count(*) FROM results WHERE currency = 'XXX' OR id NOT IN (SELECT id FROM activities)) +
               (SELECT count(*) FROM results WHERE {euros} <> amount / CASE currency WHEN 'EUR' THEN 1 ELSE 2 END)"""

    def arrive(self, count):
        """Rows anywhere between and behind those that are there; some that cannot be calculated."""
        taken = set(self.numbers("SELECT id FROM activities"))
        rows = []
        while len(rows) < count:
            number = self.random.randrange(20_000)
            if number not in taken:
                taken.add(number)
                currency = "XXX" if number % 37 == 0 else ("EUR", "USD")[number % 2]
                rows.append(f"({number}, {number / 4}, '{currency}')")
        self.database.run(f"INSERT INTO activities VALUES {', '.join(rows)}")


class IncrementalDays(Days):
    tables = """CREATE TABLE prices (id BIGINT PRIMARY KEY, amount DOUBLE PRECISION, currency VARCHAR(3), updated_at {time} NOT NULL);
                CREATE INDEX prices_updated_at ON prices (updated_at, id);
                CREATE TABLE versions (id BIGINT, updated_at {time});
                CREATE TABLE results (id BIGINT, amount DOUBLE PRECISION, currency VARCHAR(3), updated_at {written_time}, {euros} DOUBLE PRECISION)"""
    source = {"table": "prices", "incremental": {"cursor": "updated_at", "key": "id"}}
    day = 0

    def is_exact(self):
        return self.database.dump("versions") == sorted(
            ((row[0], canonical(row[3], "timestamp")) for row in self.database.dump("results")), key=repr)

    def arrive(self, count):
        """New rows and changed ones, hundreds of them in the same second."""
        self.day += 1
        minute = "{:02}:{:02}".format(*divmod(self.day, 60))
        seconds = [f"2024-01-01 {minute}:{second:02}" for second in (10, 10, 20)]
        known = self.numbers("SELECT id FROM prices")
        changed = self.random.sample(known, min(len(known), count // 3))
        new = range(max(known, default=0) + 1, max(known, default=0) + 1 + count - len(changed))
        self.write([(number, number, "EUR", self.random.choice(seconds)) for number in [*changed, *new]])

    def arrive_late(self, count):
        """More in the last second that there is, behind all that may have been read."""
        (last, number), = self.database.rows("SELECT max(updated_at), max(id) FROM prices")
        self.write([(int(number) + i, i, "USD", last) for i in range(1, count + 1)])

    def write(self, rows):
        """Rows as they are from now on; each is a version."""
        ids = ", ".join(str(row[0]) for row in rows)
        versions = ", ".join(f"({number}, '{time}')" for number, _, _, time in rows)
        prices = ", ".join(f"({number}, {amount}, '{currency}', '{time}')" for number, amount, currency, time in rows)
        self.database.run(f"DELETE FROM prices WHERE id IN ({ids})")
        self.database.run(f"INSERT INTO prices VALUES {prices}")
        self.database.run(f"INSERT INTO versions VALUES {versions}")


@expand
class PendingTest(CaseTest):
    def finish_day(self, days):
        outcome = days.job.run()
        self.assertIn(outcome.code, (0, 3), outcome)
        return outcome

    def at_points(self, days, late):
        """A kill at each point, on a day of its own; rows arrive before the run resumes."""
        days.arrive(ROWS_A_DAY)
        self.finish_day(days)
        for point in POINTS:
            with self.subTest(point=point):
                days.arrive(ROWS_A_DAY)
                killed = days.job.run(failpoint=point)
                self.assertEqual(killed.code, -9, f"{point} was never passed: {killed}")
                late(50)
                self.finish_day(days)
                # What came late into a range that was read already is the next run's.
                self.finish_day(days)
                self.assertTrue(days.is_exact())

    def at_random(self, days, late):
        hits = 0
        days.arrive(ROWS_A_DAY)
        seconds = self.finish_day(days).summary["time_seconds"]
        while hits < RANDOM_KILLS:
            days.arrive(ROWS_A_DAY)
            while True:
                outcome = days.job.run_killed_after(days.random.uniform(0, seconds + 0.1) if hits < RANDOM_KILLS else 60)
                if outcome.code != -9:
                    break
                hits += 1
                late(7)
            self.assertIn(outcome.code, (0, 3), outcome)
            self.finish_day(days)
            self.assertTrue(days.is_exact(), f"after {hits} kills")

    def pending(self, kind, name="pending"):
        days = PendingDays(self.folder / name, self.database(kind), PendingDays.source)
        return days, days.arrive

    def incremental(self, kind):
        days = IncrementalDays(self.folder / "incremental", self.database(kind), IncrementalDays.source)
        return days, days.arrive_late

    @for_each()
    def pending_rows_have_one_result_whatever_the_step_that_was_the_last(self, kind):
        self.at_points(*self.pending(kind))

    @for_each()
    def pending_rows_have_one_result_through_random_kills(self, kind):
        self.at_random(*self.pending(kind))

    @for_each()
    def each_version_is_read_once_whatever_the_step_that_was_the_last(self, kind):
        self.at_points(*self.incremental(kind))

    @for_each()
    def each_version_is_read_once_through_random_kills(self, kind):
        self.at_random(*self.incremental(kind))

    @for_each()
    def rejected_rows_stay_pending(self, kind):
        days, _ = self.pending(kind)
        days.arrive(ROWS_A_DAY)
        bad, = days.numbers("SELECT count(*) FROM activities WHERE currency = 'XXX'")
        self.assertGreater(bad, 0)
        for _ in range(2):
            outcome = self.finish_day(days)
            self.assertEqual(outcome.rows["rejected"], bad)
        days.database.run("UPDATE activities SET currency = 'EUR' WHERE currency = 'XXX'")
        self.assertEqual(self.finish_day(days).rows["written"], bad)
        self.assertTrue(days.is_exact())

    # Negative controls: the checks above can fail.

    @for_each()
    def control_without_pending_rows_are_written_again(self, kind):
        days = PendingDays(self.folder / "control", self.database(kind), {"table": "activities"})
        days.arrive(ROWS_A_DAY)
        self.finish_day(days)
        self.assertTrue(days.is_exact())
        days.arrive(ROWS_A_DAY)
        self.assertIn(days.job.run("--restart").code, (0, 3))
        self.assertFalse(days.is_exact())

    @for_each()
    def control_without_the_ledger_versions_are_read_again(self, kind):
        days, _ = self.incremental(kind)
        days.arrive(ROWS_A_DAY)
        self.finish_day(days)
        self.assertTrue(days.is_exact())
        for table in ("chunkmill_run", "chunkmill_split"):
            days.database.run(f"DELETE FROM {table}")
        shutil.rmtree(days.job.folder / ".chunkmill")
        days.arrive(ROWS_A_DAY)
        self.finish_day(days)
        self.assertFalse(days.is_exact())


if __name__ == "__main__":
    main()
