"""Finding the bad rows of a batch: `bisect` and `sequential` leave the same rows and the same rejects, however many are bad."""

import random
import unittest

from harness import FaultTest, Job, execute, query, table

ROWS = 10_000


class FallbackTest(FaultTest):
    def bad_rows(self, count):
        return sorted(random.Random(count).sample(range(ROWS), count))

    def run_faulty(self, name, fallback, bad, **options):
        job = Job(self.folder / name, {
            "job": "fallback", "source": {"type": "faulty", "rows": ROWS},
            "sinks": [{"type": "faulty", "path": "out.txt", "fallback": fallback, "refuse_column": "id",
                       "refuse": [str(i) for i in bad] or ["none"], **options}],
            "chunk": {"rows": ROWS}, "errors": {"max_failed_percent": 100}, "workers": 1})
        outcome = job.run()
        self.assert_ended(outcome, 3 if bad else 0)
        lines = (job.folder / "out.txt").read_text().splitlines()
        # Where it lies in the state file must not differ either.
        return [line for line in lines if line.startswith("row\t")], job.rejects("attempt"), outcome

    def test_bisect_is_sequential(self):
        for count in (0, 1, 10, 100, ROWS):
            bad = self.bad_rows(count)
            expected = None
            for names_row in (False, True):
                for fallback in ("sequential", "bisect"):
                    with self.subTest(bad=count, fallback=fallback, names_row=names_row):
                        rows, rejects, outcome = self.run_faulty(f"{count}-{fallback}-{names_row}", fallback, bad,
                                                                 names_row=names_row)
                        self.assertEqual(outcome.rows["rejected"], count)
                        self.assertEqual(outcome.summary["fallbacks"], 1 if count else 0)
                        self.assertEqual([row[2] for row in rejects], bad)
                        expected = expected or (sorted(rows), rejects)
                        self.assertEqual((sorted(rows), rejects), expected)
                        # Rows stay in their order.
                        self.assertEqual(rows, sorted(rows, key=lambda line: int(line.split("\t")[2])))

    def test_a_sink_that_reports_its_bad_rows_needs_no_fallback(self):
        bad = self.bad_rows(100)
        rows, rejects, outcome = self.run_faulty("per-row", "bisect", bad, result="per_row")
        self.assertEqual((len(rows), [row[2] for row in rejects]), (ROWS - 100, bad))
        self.assertEqual(outcome.summary["fallbacks"], 0)

    def test_a_sink_that_may_keep_half_a_batch_is_written_row_by_row(self):
        bad = self.bad_rows(10)
        rows, rejects, _ = self.run_faulty("neither", "bisect", bad, result="neither")
        self.assertEqual((len(rows), [row[2] for row in rejects]), (ROWS - 10, bad))

    def test_none_stops_at_the_first_bad_row_and_writes_nothing_of_its_chunk(self):
        job = Job(self.folder / "none", {
            "job": "none", "source": {"type": "faulty", "rows": 100}, "chunk": {"rows": 10}, "workers": 1,
            "sinks": [{"type": "faulty", "path": "out.txt", "fallback": "none", "refuse_column": "id", "refuse": ["57"]}]})
        outcome = job.run()
        self.assert_ended(outcome, 4)
        self.assertIn("fallback: none", outcome.summary["message"])
        rows = [line for line in (job.folder / "out.txt").read_text().splitlines() if line.startswith("row\t")]
        self.assertEqual(len(rows), 50)

    def test_sqlite_with_constraints(self):
        left = {}
        for count in (1, 100):
            for fallback in ("sequential", "bisect"):
                with self.subTest(bad=count, fallback=fallback):
                    job = Job(self.folder / f"sqlite-{count}-{fallback}", {
                        "job": "fallback", "source": {"type": "faulty", "rows": ROWS}, "chunk": {"rows": 4000},
                        "sinks": [{"type": "sqlite", "path": "out.db", "table": "t", "fallback": fallback,
                                   "synchronous": "off", "columns": ["id", "amount"]}]})
                    bad = ",".join(str(i) for i in self.bad_rows(count))
                    execute(job.folder / "out.db",
                            f"CREATE TABLE t (id INTEGER PRIMARY KEY CHECK (id NOT IN ({bad})), amount TEXT);")
                    self.assert_ended(job.run(), 3)
                    found = (table(job.folder / "out.db", "t"), job.rejects())
                    self.assertEqual(left.setdefault(count, found), found)
                    self.assertEqual(len(found[1]), count)

    def test_a_table_that_is_not_required_fails_alone(self):
        job = Job(self.folder / "optional", {
            "job": "optional", "source": {"type": "faulty", "rows": 1000}, "chunk": {"rows": 100},
            "sinks": [{"type": "sqlite", "path": "out.db", "synchronous": "off", "columns": ["id"],
                       "tables": {"all": {}, "some": {"required": False}}}]})
        job.spec["sinks"][0].pop("columns")
        job.write(job.spec)
        shape = "(id INTEGER {}, amount TEXT, part INTEGER, filler TEXT);"
        execute(job.folder / "out.db", 'CREATE TABLE "all" ' + shape.format("") +
                "CREATE TABLE some " + shape.format("CHECK (id % 10 <> 0)"))
        outcome = job.run()
        self.assert_ended(outcome, 0)
        self.assertEqual(query(job.folder / "out.db", 'SELECT count(*) FROM "all"'), [(1000,)])
        self.assertEqual(query(job.folder / "out.db", "SELECT count(*) FROM some"), [(900,)])
        self.assertEqual(outcome.summary["sums"]["not_required_rows_failed.some"], 100)


class TooLarge(FaultTest):
    def job(self, rows):
        return Job(self.folder / f"job-{rows}", {
            "job": "large", "source": {"type": "faulty", "rows": 40_000}, "chunk": {"rows": rows}, "workers": 1,
            "sinks": [{"type": "faulty", "path": "out.txt", "max_rows": 3000}]})

    def chunks(self, job):
        lines = (job.folder / "out.txt").read_text().splitlines()
        return [int(line.split("\t")[4]) for line in lines if line.startswith("chunk\t")]

    def test_chunks_are_halved_until_they_go_in(self):
        job = self.job("auto")
        self.assert_ended(job.run(), 0)
        chunks = self.chunks(job)
        self.assertEqual(sum(chunks), 40_000)
        self.assertEqual(chunks[:3], [10_000, 5_000, 2_500])

    def test_a_chunk_of_a_fixed_size_goes_in_in_pieces(self):
        job = self.job(8000)
        outcome = job.run()
        self.assert_ended(outcome, 0)
        self.assertEqual(outcome.rows["rejected"], 0)
        self.assertEqual(self.chunks(job), [8000] * 5 + [0])


if __name__ == "__main__":
    unittest.main(verbosity=2)
