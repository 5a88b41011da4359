"""What a run wrote to is gone: dropped, emptied or removed, between runs, in an unfinished run, and while it runs."""

import os
import unittest

from harness import FaultTest, Job, execute, query, wait_until

ROWS = 400


class TargetGone(FaultTest):
    def job(self, rows=ROWS, **extra):
        job = Job(self.folder / "job", {
            "job": "load", "source": {"type": "csv", "path": "in.csv", "columns": {"id": "int64"}},
            "sinks": [{"type": "sqlite", "path": "out.db", "table": "load"}], "chunk": {"rows": 10}, "workers": 1,
            "retry": {"attempts": 2, "initial_delay": "1ms"}, **extra})
        (job.folder / "in.csv").write_text("id,v\n" + "".join(f"{i},x{i}\n" for i in range(rows)))
        return job

    def count(self, job):
        try:
            return query(job.folder / "out.db", "SELECT count(*) FROM load")[0][0]
        except Exception:  # no file, no table, or not yet
            return 0

    def assert_whole_or_told(self, job, outcome, name):
        """Exit 0 only with every row in the table; else a message that names what is gone."""
        if outcome.code == 0:
            self.assertEqual(self.count(job), ROWS, outcome)
        else:
            self.assertIn(name, outcome.text + outcome.err)

    def test_a_table_that_is_gone_after_the_run_is_loaded_again(self):
        for gone in ("DROP TABLE load", "DELETE FROM load", "ALTER TABLE load RENAME TO elsewhere"):
            with self.subTest(gone=gone):
                job = self.job()
                self.assertEqual(job.run("--restart").code, 0)
                execute(job.folder / "out.db", gone)
                self.assert_whole_or_told(job, job.run(), "load")
                execute(job.folder / "out.db", "DROP TABLE IF EXISTS load; DROP TABLE IF EXISTS elsewhere")

    def test_a_table_that_is_gone_in_an_unfinished_run_is_not_half_loaded(self):
        for gone in ("DROP TABLE load", "DELETE FROM load"):
            with self.subTest(gone=gone):
                job = self.job()
                self.assertEqual(job.run("--restart", "--limit", "100").code, 5)
                execute(job.folder / "out.db", gone)
                self.assert_whole_or_told(job, job.run(), "load")
                execute(job.folder / "out.db", "DROP TABLE IF EXISTS load")

    def while_it_runs(self, job, do):
        process = job.start()
        wait_until(lambda: self.count(job) >= 50, "the first rows")
        do()
        return job.wait(process)

    def test_a_table_that_is_dropped_while_the_run_goes_on_is_noticed(self):
        job = self.job(rate={"rows_per_second": 400})
        outcome = self.while_it_runs(job, lambda: execute(job.folder / "out.db", "DROP TABLE load"))
        self.assert_whole_or_told(job, outcome, "load")
        self.assert_whole_or_told(job, job.run(), "load")

    def test_a_database_file_that_is_removed_or_replaced_while_the_run_goes_on_is_noticed(self):
        def remove(job):
            for name in ("out.db", "out.db-wal", "out.db-shm"):
                (job.folder / name).unlink(missing_ok=True)

        def replace(job):
            execute(job.folder / "other.db", "CREATE TABLE load (id INTEGER, v TEXT)")
            remove(job)
            os.rename(job.folder / "other.db", job.folder / "out.db")

        for do in (remove, replace):
            with self.subTest(do=do.__name__):
                job = self.job(rate={"rows_per_second": 100})
                remove(job)  # of the round before
                outcome = self.while_it_runs(job, lambda do=do, job=job: do(job))
                self.assertEqual(outcome.code, 69, outcome)
                self.assertIn("out.db", outcome.text + outcome.err)
                remove(job)
                again = job.run("--set", "rate.rows_per_second=1000000")
                self.assertEqual(again.code, 0, again)
                self.assertEqual(self.count(job), ROWS)


if __name__ == "__main__":
    unittest.main()
