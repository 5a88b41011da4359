"""The state folder is lost between the commits of two sinks: what one sink has refused must not come into the other one."""

import csv
import shutil
import unittest

from harness import FaultTest, Job, execute, query

ROWS = 1000


class LostState(FaultTest):
    def killed_between_commits(self, table):
        """A job whose table has a chunk that its file does not have yet."""
        job = Job(self.folder / "job", {
            "job": "both", "source": {"type": "csv", "path": "in.csv", "columns": {"id": "int64"}},
            "sinks": [{"type": "sqlite", "path": "a.db", "table": "load"}, {"type": "csv", "path": "b.csv"}],
            "chunk": {"rows": 100}, "workers": 1})
        (job.folder / "in.csv").write_text("id,v\n" + "".join(f"{i},x{i}\n" for i in range(ROWS)))
        execute(job.folder / "a.db", f"CREATE TABLE load (id INTEGER {table}, v TEXT)")
        # The fifth commit is that of the table for the third chunk.
        self.assertEqual(job.run(failpoint="chunk.committed:5").code, -9)
        return job

    def in_both(self, job):
        in_table = [row[0] for row in query(job.folder / "a.db", "SELECT id FROM load ORDER BY id")]
        with open(job.folder / "b.csv", newline="") as file:
            in_file = sorted(int(row["id"]) for row in csv.DictReader(file))
        return in_table, in_file

    def test_rows_that_one_sink_refused_do_not_come_into_the_other_one(self):
        job = self.killed_between_commits("CHECK (id % 10 <> 3)")
        shutil.rmtree(job.folder / ".chunkmill")
        outcome = job.run()
        self.assertEqual(outcome.code, 74, outcome)
        self.assertIn("10 rejected rows by its ledger, and 0 are known here", outcome.text + outcome.err)
        self.assertFalse((job.folder / "b.csv").exists())

    def test_with_the_state_both_have_the_same_rows(self):
        job = self.killed_between_commits("CHECK (id % 10 <> 3)")
        self.assertEqual(job.run().code, 3)
        good = [i for i in range(ROWS) if i % 10 != 3]
        self.assertEqual(self.in_both(job), (good, good))

    def test_without_rejects_the_ledgers_alone_are_enough(self):
        job = self.killed_between_commits("")
        shutil.rmtree(job.folder / ".chunkmill")
        self.assertEqual(job.run().code, 0)
        self.assertEqual(self.in_both(job), (list(range(ROWS)), list(range(ROWS))))


if __name__ == "__main__":
    unittest.main()
