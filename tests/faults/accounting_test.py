"""The counts of a run: limits that several workers keep together, output that is larger than `memory:`, the row equation over several
streams, and the pace and rows of a run while it goes and after it was resumed."""

import gzip
import hashlib
import json
import subprocess
import time
import unittest

from harness import CHUNKMILL, FaultTest, Job, query, wait_until


def peak_of(process):
    """Waits for the process; the most memory it had, in MiB."""
    peak = 0
    while process.poll() is None:
        try:
            with open(f"/proc/{process.pid}/status") as status:
                peak = max([peak] + [int(line.split()[1]) for line in status if line.startswith("VmHWM")])
        except (ProcessLookupError, FileNotFoundError):
            break
        time.sleep(0.002)
    return peak / 1024


class Limits(FaultTest):
    def strict(self, sink, **errors):
        for k in range(1, 5):
            rows = [f"{k}{i},{'bad' if i < 8 else i}" for i in range(50)]
            (self.folder / f"part-{k}.csv").write_text("\n".join(["id,amount", *rows]) + "\n")
        return Job(self.folder, {
            "job": "strict", "source": {"type": "csv", "path": "part-*.csv", "columns": {"id": "int64", "amount": "int64"}},
            "sinks": [sink], "workers": 4, "errors": {"max_failed_percent": 100, **errors}})

    def test_max_rejects_is_kept_by_all_workers_together(self):
        for kind, sink in {"csv": {"type": "csv", "path": "out.csv"},
                           "sqlite": {"type": "sqlite", "path": "out.db", "table": "t"}}.items():
            self.need("sink", kind)
            for round_ in range(5):
                with self.subTest(sink=kind, round=round_):
                    outcome = self.strict(sink, max_rejects=10).run("--restart")
                    self.assert_ended(outcome, 4)
                    self.assertLessEqual(outcome.rows["rejected"], 10, outcome)

    def test_a_resumed_run_counts_the_rejects_of_earlier_attempts(self):
        for sink in ({"type": "csv", "path": "out.csv"}, {"type": "sqlite", "path": "out.db", "table": "t"}):
            with self.subTest(sink=sink["type"]):
                job = self.strict(sink, max_rejects=10)
                self.assert_ended(job.run("--restart"), 4)
                again = job.run()
                self.assert_ended(again, 4)
                self.assertLessEqual(again.rows["rejected"], 10, again)
                job.write({**job.spec, "errors": {"max_failed_percent": 100, "max_rejects": 32}})
                self.assert_ended(job.run(), 3)

    def test_a_percentage_of_the_run_is_kept_by_all_workers_together(self):
        outcome = self.strict({"type": "csv", "path": "out.csv"}, max_failed_percent=10, per="run").run()
        self.assert_ended(outcome, 4)
        self.assertEqual(0, outcome.rows["rejected"], outcome)


class Memory(FaultTest):
    def join(self, rows, others, select="SELECT c.id, c.name, o.v FROM chunk c, other o", sink=None, **extra):
        (self.folder / "in.csv").write_text("id,name\n" + "".join(f"{i},name {i}\n" for i in range(rows)))
        (self.folder / "other.csv").write_text("v\n" + "".join(f"value {i}\n" for i in range(others)))
        return Job(self.folder, {
            "job": "join", "lookups": {"other": {"type": "csv", "path": "other.csv"}},
            "source": {"type": "csv", "path": "in.csv", "columns": {"id": "int64"}},
            "calculators": [{"type": "sql", "lookups": ["other"], "select": select}],
            "sinks": [sink or {"type": "discard"}], "memory": "16MiB", "workers": 1, **extra})

    def test_a_join_of_five_million_rows_stays_small(self):
        self.need("calculator", "sql")
        process = self.join(10_000, 500).start()
        peak = peak_of(process)
        outcome = Job.wait(process)
        self.assert_ended(outcome, 0)
        self.assertEqual(10_000, outcome.rows["written"])
        self.assertLess(peak, 100, outcome)

    def test_a_join_into_a_file_stays_small_and_is_whole(self):
        self.need("calculator", "sql")
        expected = hashlib.sha256()
        for i in range(10_000):
            expected.update("".join(f"{i},name {i},value {v}\n" for v in range(500)).encode())
        for name in ("out.csv", "out.csv.gz"):
            with self.subTest(name):
                sink = {"type": "csv", "path": name, "header": False}
                process = self.join(10_000, 500, sink=sink).start()
                peak = peak_of(process)
                self.assert_ended(Job.wait(process), 0)
                self.assertLess(peak, 120, name)
                found = hashlib.sha256()
                with (gzip.open if name.endswith(".gz") else open)(self.folder / name, "rb") as file:
                    while piece := file.read(1 << 20):
                        found.update(piece)
                self.assertEqual(expected.hexdigest(), found.hexdigest())

    def test_a_join_that_goes_in_pieces_has_every_row_once_and_keeps_its_rejects(self):
        self.need("calculator", "sql")
        sink = {"type": "sqlite", "path": "out.db", "table": "t"}
        select = "SELECT c.id, CASE WHEN c.id % 100 = 7 THEN abs(-9223372036854775807 - 1) ELSE 1 END AS one, o.v FROM chunk c, other o"
        outcome = self.join(1_000, 700, select, sink, memory="1MiB").run()
        self.assert_ended(outcome, 3)
        self.assertEqual({"read": 1000, "written": 990, "rejected": 10, "filtered": 0, "pending": 0}, outcome.rows)
        found = query(self.folder / "out.db", "SELECT count(*), count(DISTINCT id || '/' || v) FROM t")
        self.assertEqual([(990 * 700, 990 * 700)], found)

    def test_rows_that_a_sink_refuses_in_a_piece_are_in_no_other_sink(self):
        self.need("calculator", "sql")
        self.need("sink", "faulty")
        job = self.join(300, 700, memory="1MiB")
        job.write({**job.spec, "sinks": [
            {"type": "faulty", "path": "out.txt", "refuse_column": "id", "refuse": ["5", "250"]},
            {"type": "sqlite", "path": "out.db", "table": "t"}]})
        outcome = job.run()
        self.assert_ended(outcome, 3)
        self.assertEqual(2, outcome.rows["rejected"])
        lines = [line for line in (self.folder / "out.txt").read_text().splitlines() if line.startswith("row")]
        self.assertEqual(298 * 700, len(lines))
        self.assertEqual([(298 * 700, 0)], query(self.folder / "out.db", "SELECT count(*), sum(id IN (5, 250)) FROM t"))

    def test_one_row_that_makes_more_than_memory_holds_is_named_with_the_option(self):
        self.need("calculator", "sql")
        outcome = self.join(3, 200_000, memory="1MiB").run()
        self.assertEqual(78, outcome.code, outcome)
        for word in ("record 1", "makes more rows than `memory:` holds", "raise `memory:`"):
            self.assertIn(word, outcome.summary["message"])


class Equation(FaultTest):
    def test_it_holds_over_streams_sums_and_rows_that_are_left_out(self):
        self.need("source", "faulty")
        for settings, rows in (({"totals": True, "reject_every": 10}, (100, 90, 10, 0)),
                               ({"skip_every": 4}, (100, 75, 0, 25)),
                               ({"skip_every": 4, "reject_every": 10}, (100, 70, 5, 25)),
                               ({"totals": True, "skip_every": 4}, (100, 100, 0, 0))):
            with self.subTest(**settings):
                job = Job(self.folder / "-".join(settings), {
                    "job": "equation", "source": {"type": "faulty", "rows": 100, "bad_every": 0},
                    "calculators": [{"type": "faulty", **settings}],
                    "sinks": [{"type": "sqlite", "path": "out.db", "table": "rows"}], "chunk": {"rows": 20},
                    "errors": {"max_failed_percent": 100}})
                outcome = job.run()
                self.assert_ended(outcome, 3 if rows[2] else 0)
                self.assertEqual(dict(zip(("read", "written", "rejected", "filtered", "pending"), (*rows, 0))), outcome.rows)


class Pace(FaultTest):
    def slow(self):
        self.need("source", "faulty")
        return Job(self.folder, {
            "job": "slow", "source": {"type": "faulty", "rows": 400, "latency": "20ms"},
            "sinks": [{"type": "sqlite", "path": "out.db", "table": "t"}], "chunk": {"rows": 10}, "workers": 1})

    def runs(self, *verb):
        out = subprocess.run([CHUNKMILL, "runs", *verb, "--format", "json"], capture_output=True, text=True, cwd=self.folder)
        return json.loads(out.stdout) if out.returncode == 0 else None

    def test_a_resumed_run_reports_its_own_pace(self):
        job = self.slow()
        summary = job.run("--limit", "350").summary
        resumed = job.run().summary
        here = 400 - summary["rows"]["read"]
        self.assertEqual(400, resumed["rows"]["read"])
        self.assertAlmostEqual(here / resumed["time_seconds"], resumed["rows_per_second"], delta=0.01 * resumed["rows_per_second"])

    def test_the_rows_and_the_age_of_a_running_job_are_shown(self):
        job = self.slow()
        process = job.start()
        self.addCleanup(process.kill)

        def listed():
            runs = self.runs("list", str(job.path))
            return runs and runs[0]["status"] == "running" and runs[0]["rows"]["read"] > 0 and runs[0]
        wait_until(listed, "rows of the running job")
        found = listed() or self.runs("list", str(job.path))[0]
        self.assertGreater(found["rows"]["written"], 0)
        if found["status"] == "running":
            self.assertGreater(found["age_seconds"], 0)
        shown = self.runs("show", str(job.path))
        self.assertGreater(shown["rows"]["read"], 0)
        self.assert_ended(Job.wait(process), 0)


if __name__ == "__main__":
    unittest.main()
