"""Inputs that change while they are read, and runs that are killed while they take new files."""

import os
import unittest

from harness import FaultTest, Job, query, wait_until

ROWS = 5_000


def lines(amount):
    return "id,amount\n" + "".join(f"{i},{amount}\n" for i in range(ROWS))


class InputChanges(FaultTest):
    def job(self, **source):
        self.need("source", source.get("type", "csv"))
        self.need("sink", "sqlite")
        spec = {"job": "readings", "source": {"type": "csv", "path": "in.csv", "split_bytes": 8192,
                                                      "columns": {"id": "int64", "amount": "int64"}, **source},
                "sinks": [{"type": "sqlite", "path": "out.db", "table": "t"}],
                "chunk": {"rows": 200}, "workers": 1, "rate": {"rows_per_second": 4000}}
        job = Job(self.folder / "job", spec)
        (job.folder / "in.csv").write_text(lines(1))
        return job

    def started(self, job):
        process = job.start()
        database = job.folder / "out.db"
        wait_until(lambda: database.exists() and query(database, "SELECT count(*) FROM sqlite_schema WHERE name = 't'") == [(1,)]
                   and query(database, "SELECT count(*) >= 400 FROM t") == [(1,)], "some rows are there")
        return process

    def assert_stopped(self, job, process):
        outcome = job.wait(process)
        self.assertNotEqual(outcome.code, 0, outcome)
        self.assertIn("in.csv", outcome.text + outcome.err)
        self.assertEqual(query(job.folder / "out.db", "SELECT count(*) - count(DISTINCT id), sum(amount <> 1) FROM t"), [(0, 0)])

    def test_a_file_that_is_replaced_while_it_is_read_stops_the_run(self):
        job = self.job()
        process = self.started(job)
        (job.folder / "new.csv").write_text(lines(2))
        os.rename(job.folder / "new.csv", job.folder / "in.csv")
        self.assert_stopped(job, process)

    def test_a_file_that_is_edited_while_it_is_read_stops_the_run(self):
        job = self.job()
        process = self.started(job)
        times = os.stat(job.folder / "in.csv")
        with open(job.folder / "in.csv", "r+") as file:
            file.write(lines(2))
        os.utime(job.folder / "in.csv", ns=(times.st_atime_ns, times.st_mtime_ns))
        self.assert_stopped(job, process)

    def test_a_file_that_is_cut_off_while_it_is_read_stops_the_run(self):
        job = self.job()
        process = self.started(job)
        os.truncate(job.folder / "in.csv", 30_000)
        self.assert_stopped(job, process)

    def test_a_file_that_is_touched_while_it_is_read_is_read_on(self):
        job = self.job()
        process = self.started(job)
        os.utime(job.folder / "in.csv")
        self.assert_ended(job.wait(process), 0)
        self.assertEqual(query(job.folder / "out.db", "SELECT count(*), sum(amount) FROM t"), [(ROWS, ROWS)])

    def test_a_lookup_that_is_replaced_while_the_job_is_made_ready_is_noticed(self):
        """The first calculator has read the old rates when the second one puts new ones in their place."""
        job = self.job()
        rates = {name: f"id,rate\n{''.join(f'{i},{rate}' + chr(10) for i in range(ROWS))}" for name, rate in (("rates", 2), ("new", 3))}
        for name, text in rates.items():
            (job.folder / f"{name}.csv").write_text(text)
        job.write({**job.spec, "lookups": {"rates": {"type": "csv", "path": "rates.csv", "columns": {"id": "int64", "rate": "int64"}}},
                   "source": {**job.spec["source"], "columns": {"id": "int64", "amount": "float"}}, "rate": {},
                   "calculators": [{"type": "sql", "lookups": ["rates"],
                                    "select": "SELECT c.id, c.amount * r.rate AS amount FROM chunk c JOIN rates r ON r.id = c.id"},
                                   {"type": "faulty", "moved_in": "new.csv", "moved_out": "rates.csv"}]})
        outcome = job.run()
        self.assertEqual(outcome.code, 69, outcome)
        self.assertIn('lookup "rates" was replaced or edited while the job was made ready', outcome.err)
        self.assertFalse((job.folder / "out.db").exists())
        self.assert_ended(job.run(), 0)
        self.assertEqual(query(job.folder / "out.db", "SELECT count(*), sum(amount) FROM t"), [(ROWS, 3.0 * ROWS)])

    def test_a_run_that_is_killed_while_it_takes_new_files_goes_on_with_them(self):
        for failpoint in ("run.begun:1", "run.attached:1", "chunk.committed:3"):
            with self.subTest(failpoint=failpoint):
                job = self.job(path="part-*.csv")
                (job.folder / "in.csv").rename(job.folder / "part-1.csv")
                self.assert_ended(job.run(), 0)
                (job.folder / "part-2.csv").write_text(lines(3))
                self.assertEqual(job.run(failpoint=failpoint).code, -9)
                self.assert_ended(job.run(), 0)
                counted = query(job.folder / "out.db", "SELECT amount, count(*), count(DISTINCT id) FROM t GROUP BY 1")
                self.assertEqual(counted, [(1, ROWS, ROWS), (3, ROWS, ROWS)])
                self.doCleanups()
                self.setUp()


if __name__ == "__main__":
    unittest.main(verbosity=2)
