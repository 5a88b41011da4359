"""Runs that are stopped from outside, or by what they are allowed: signals, thresholds, budgets, rates, memory."""

import signal
import time
import unittest

from harness import FaultTest, Job, wait_until

ROWS = 2000


class StopTest(FaultTest):
    def job(self, source=None, sink=None, name="job", **extra):
        spec = {"job": name, "source": {"type": "faulty", "rows": ROWS, **(source or {})},
                "sinks": [{"type": "faulty", "path": "out.txt", **(sink or {})}], "chunk": {"rows": 20}, "workers": 2}
        spec.update(extra)
        return Job(self.folder / name, spec)

    def ids(self, job):
        path = job.folder / "out.txt"
        lines = path.read_text().splitlines() if path.exists() else []
        return sorted(int(line.split("\t")[2]) for line in lines if line.startswith("row\t"))

    def assert_exact(self, job, rows=ROWS):
        self.assertEqual(self.ids(job), list(range(rows)))

    def started(self, job, rows=1):
        """A run that has written so many rows already."""
        process = job.start()
        wait_until(lambda: process.poll() is not None or len(self.ids(job)) >= rows, "the first rows")
        self.assertIsNone(process.poll(), "it ended before it could be stopped")
        return process


class Signals(StopTest):
    def test_sigint_and_sigterm_stop_between_chunks_and_the_same_command_goes_on(self):
        for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            with self.subTest(signal=number):
                job = self.job(sink={"latency": "10ms"}, name=f"signal-{number}")
                process = self.started(job, 100)
                process.send_signal(number)
                outcome = job.wait(process)
                self.assert_ended(outcome, code)
                self.assertEqual(outcome.summary["status"], "stopped")
                self.assertEqual(outcome.rows["written"], len(self.ids(job)))
                self.assertLess(len(self.ids(job)), ROWS)
                self.assertIn("chunkmill run", outcome.summary["resume_command"])
                self.assert_ended(job.run(), 0)
                self.assert_exact(job)

    def test_a_second_signal_ends_at_once(self):
        job = self.job(source={"hang_at": 10, "hang_mark": "hangs", "interruptible": False}, grace="60s")
        process = job.start()
        wait_until(lambda: (job.folder / "hangs").exists(), "the source to hang")
        process.send_signal(signal.SIGINT)
        time.sleep(0.3)
        self.assertIsNone(process.poll(), "it must wait out its grace time")
        process.send_signal(signal.SIGINT)
        self.assertEqual(job.wait(process, 10).code, 130)

    def test_a_source_that_hangs_is_interrupted_when_the_grace_time_is_over(self):
        job = self.job(source={"hang_at": 10, "hang_mark": "hangs"}, grace="200ms")
        process = job.start()
        wait_until(lambda: (job.folder / "hangs").exists(), "the source to hang")
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        outcome = job.wait(process, 30)
        self.assert_ended(outcome, 143)
        self.assertGreaterEqual(time.monotonic() - began, 0.2)
        self.assertEqual(self.ids(job), list(range(len(self.ids(job)))))

    def test_waiting_for_a_retry_ends_with_the_signal(self):
        job = self.job(sink={"fail_write": {"at": 5, "times": 1000, "retryable": True}},
                       retry={"attempts": 100, "initial_delay": "60s", "max_delay": "60s"})
        process = self.started(job)
        process.send_signal(signal.SIGINT)
        self.assert_ended(job.wait(process, 20), 130)


class Thresholds(StopTest):
    def bad(self, name="job", errors=None, source=None, **sink):
        return self.job(sink={"refuse_column": "id", **sink}, name=name, workers=1, errors=errors or {}, source=source)

    def test_more_than_half_of_a_chunk_ends_the_job_with_nothing_of_it_written(self):
        job = self.bad(refuse=[str(i) for i in range(60, 71)])
        outcome = job.run()
        self.assert_ended(outcome, 4)
        self.assertEqual(self.ids(job), list(range(60)))
        self.assertIn("11 of 20 rows failed", outcome.summary["message"])
        self.assertIn("11 x ", outcome.summary["message"])
        self.assertEqual(outcome.summary["status"], "failed")

    def test_just_half_does_not(self):
        job = self.bad(refuse=[str(i) for i in range(60, 70)])
        self.assert_ended(job.run(), 3)

    def test_it_goes_on_with_a_higher_threshold(self):
        job = self.bad(refuse=[str(i) for i in range(60, 75)])
        self.assert_ended(job.run(), 4)
        job.write({**job.spec, "errors": {"max_failed_percent": 90}})
        self.assert_ended(job.run(), 3)
        self.assertEqual(len(self.ids(job)), ROWS - 15)
        self.assertEqual(len(job.rejects()), 15)

    def test_max_rejects_counts_the_whole_run_and_earlier_attempts_of_it(self):
        job = self.bad(refuse_every=10, errors={"max_rejects": 7})
        self.assert_ended(job.run(), 4)
        self.assertEqual(len(self.ids(job)), 3 * 18)
        self.assert_ended(job.run(), 4)
        self.assertEqual(len(self.ids(job)), 3 * 18)

    def test_per_run_forgives_one_bad_chunk(self):
        errors = {"max_failed_percent": 10, "per": "run"}
        job = self.bad(refuse=[str(i) for i in range(400, 420)], errors=errors)
        outcome = job.run()
        self.assert_ended(outcome, 3)
        self.assertEqual(outcome.rows["rejected"], 20)
        early = self.bad(refuse=[str(i) for i in range(40, 60)], errors=errors, name="early")
        self.assert_ended(early.run(), 4)

    def test_few_rows_are_not_judged(self):
        few = [str(i) for i in range(6)]
        self.assert_ended(self.bad(refuse=few, source={"rows": 8}, name="judged").run(), 4)
        self.assert_ended(self.bad(refuse=few, source={"rows": 8}, errors={"min_rows": 10}, name="few").run(), 3)


class Budgets(StopTest):
    def test_a_budget_of_rows_stops_and_each_run_goes_on(self):
        job = self.job(budget={"rows": 700})
        codes = []
        while len(codes) < 6 and (not codes or codes[-1] == 5):
            outcome = job.run()
            codes.append(outcome.code)
            self.assertEqual(len(self.ids(job)), outcome.rows["written"])
        self.assertEqual(codes, [5, 5, 0])
        self.assert_exact(job)

    def test_limit_is_a_budget_too(self):
        job = self.job()
        outcome = job.run("--limit", "100")
        self.assert_ended(outcome, 5)
        self.assertGreaterEqual(len(self.ids(job)), 100)
        self.assertLessEqual(len(self.ids(job)), 100 + 2 * 20)
        self.assert_ended(job.run(), 0)
        self.assert_exact(job)

    def test_a_budget_of_time_stops(self):
        job = self.job(sink={"latency": "20ms"}, budget={"time": "300ms"})
        self.assert_ended(job.run(), 5)
        self.assertLess(len(self.ids(job)), ROWS)
        job.write({**job.spec, "budget": {"time": "10m"}})
        self.assert_ended(job.run(), 0)
        self.assert_exact(job)


class Pace(StopTest):
    def test_rates_of_the_job_and_of_a_sink_are_kept(self):
        for name, extra in (("job", {"rate": {"rows_per_second": 2000}}), ("sink", {"sink": {"rate": {"rows_per_second": 2000}}})):
            with self.subTest(rate_of=name):
                job = self.job(source={"rows": 1000}, name=f"rate-{name}", **extra)
                outcome = job.run()
                self.assert_ended(outcome, 0)
                # The first chunk goes at once.
                self.assertGreaterEqual(outcome.summary["time_seconds"], (1000 - 2 * 20) / 2000 - 0.02)
                self.assert_exact(job, 1000)


class Memory(StopTest):
    def peak_kib(self, rows, memory):
        job = self.job(source={"rows": rows, "width": "100KiB"}, sink={"latency": "2ms"}, memory=memory,
                       chunk={"rows": "auto"}, name=f"memory-{rows}")
        job.spec["calculators"] = [{"type": "faulty"}]
        job.spec["sinks"] = [{"type": "discard"}]
        job.write(job.spec)
        process = job.start()
        peak = 0
        while process.poll() is None:
            try:
                with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
                    peak = max([peak] + [int(line.split()[1]) for line in status if line.startswith("VmHWM")])
            except OSError:
                pass
            time.sleep(0.005)
        outcome = job.wait(process)
        self.assert_ended(outcome, 0)
        self.assertEqual(outcome.rows["read"], rows)
        return peak

    def test_big_rows_stay_below_the_ceiling_and_the_peak_is_flat(self):
        self.need("sink", "discard")
        small, large = self.peak_kib(1000, "16MiB"), self.peak_kib(4000, "16MiB")
        # 100 MiB and 400 MiB pass through; the process itself has its part too.
        self.assertLess(large, 16 * 1024 + 30 * 1024)
        self.assertLess(large, small * 1.3)


if __name__ == "__main__":
    unittest.main(verbosity=2)
