"""Every system call that changes a file of a small job is the last one once, fails once, and fails from then on."""

import pathlib
import sqlite3
import subprocess

from calls import counts, may_trace, traced
from cases import LONG, CaseTest, main
from harness import LONGEST_RUN, Outcome

# The state file is the host's own; everything else is the sink's.
SINK, STATE = "sink", "state"
SAMPLE = 5  # the short form takes every so-manieth call


class Traced(CaseTest):
    def setUp(self):
        super().setUp()
        may_trace(self)

    def small(self, **sink):
        """20 chunks: a worker makes more calls than the main thread before the first chunk, so that no call hides behind another
        thread's with the same number."""
        return self.case("sqlite", files=1, rows=400, chunk=20, sink=sink, workers=1)

    @staticmethod
    def files(case, whose):
        if whose == SINK:
            return [f"{case.database.path}{suffix}" for suffix in ("", "-wal", "-journal", "-shm")]
        state = next(str(path) for path in (case.folder / ".chunkmill").iterdir() if path.name.endswith(".db"))
        return [state + suffix for suffix in ("", "-wal", "-journal")]

    def run_traced(self, case, files, **fault):
        ran = subprocess.run(traced(files, **fault) + case.job.command(), cwd=case.folder, capture_output=True, text=True,
                             timeout=LONGEST_RUN)
        return Outcome(ran.returncode, ran.stdout, ran.stderr)

    def calls_of(self, case, files, prepare):
        """Every call that there is to spoil, by name and number."""
        log = self.folder / "calls.log"
        case.again()
        prepare(case)
        self.run_traced(case, files, log=log)
        return [(name, n) for name, most in counts(log, files).items() for n in range(1, most + 1)]

    # Where a run begins: at nothing, and where only the end is missing.
    @staticmethod
    def at_nothing(case):
        pass

    @staticmethod
    def at_the_end(case):
        assert case.job.run(failpoint="run.finishing:1").code == -9

    def at_every_call(self, case, fault, check, sample=1):
        """Makes each call the one with the fault, `{n}` its number; returns how many there were."""
        expected, _ = self.undisturbed(case)
        case.job.run()
        whose_files = {whose: self.files(case, whose) for whose in (SINK, STATE)}
        points = 0
        for prepare in (self.at_nothing, self.at_the_end):
            for whose, files in whose_files.items():
                calls = self.calls_of(case, files, prepare)
                self.assertGreater(len(calls), 4, f"{whose}: nothing was traced")
                for name, n in calls[::sample]:
                    with self.subTest(fault=fault, file=whose, call=f"{name} {n}", start=prepare.__name__):
                        case.again()
                        prepare(case)
                        outcome = self.run_traced(case, files, inject=fault.format(n=n), calls=name)
                        points += 1
                        check(case, outcome, files)
                        self.finish(case)
                        self.assert_left(case, expected, outcome)
        return points


class CallsTest(Traced):
    def kill_at_every_call(self, case):
        kills = 0

        def killed(_case, outcome, _files):
            nonlocal kills
            self.assertIn(outcome.code, (-9, 0, 3), outcome)
            kills += outcome.code == -9

        points = self.at_every_call(case, "signal=KILL:when={n}", killed, 1 if LONG else SAMPLE)
        # Threads take turns: now and then a run makes a call fewer than the one that was counted.
        self.assertGreaterEqual(kills, points * 0.9)
        print(f"{self.id()}: killed at {kills} calls", flush=True)

    def test_killed_at_every_call_sqlite_in_wal_mode(self):
        self.kill_at_every_call(self.small())

    def test_killed_at_every_call_sqlite_with_a_journal_that_is_deleted(self):
        self.kill_at_every_call(self.small(journal="delete"))

    def fail_at_every_call(self, error, calls):
        """Stops with a message that names the file, or was able to go on; then the same command makes it exact."""
        ends = {}

        def failed(_case, outcome, files):
            self.assertIn(outcome.code, (0, 3, 69, 74), outcome)
            ends[outcome.code] = ends.get(outcome.code, 0) + 1
            if outcome.code in (69, 74):
                self.assertIn(pathlib.Path(files[0]).name, outcome.err + outcome.text)
                self.assertEqual(outcome.code == 74, "state" in pathlib.Path(files[0]).name, outcome)

        points = self.at_every_call(self.small(), f"error={error}:when={calls}", failed, 1 if LONG else 2 * SAMPLE)
        self.assertGreater(ends.get(69, 0) + ends.get(74, 0), points / 4, ends)
        print(f"{self.id()}: {points} calls, exit codes {ends}", flush=True)

    def test_no_space_once(self):
        self.fail_at_every_call("ENOSPC", "{n}")

    def test_no_space_from_then_on(self):
        self.fail_at_every_call("ENOSPC", "{n}+")

    def test_input_output_error_once(self):
        self.fail_at_every_call("EIO", "{n}")

    def test_input_output_error_from_then_on(self):
        self.fail_at_every_call("EIO", "{n}+")


class NegativeControl(Traced):
    def test_a_disk_that_says_yes_and_writes_nothing_is_found_out(self):
        """Each write is answered as done and is not: the comparison must see it."""
        case = self.small()
        expected, _ = self.undisturbed(case)
        ran = self.run_traced(case, self.files(case, SINK), inject="retval=4096:when=60+", calls="pwrite64")
        try:
            same = case.left() == expected
        except sqlite3.DatabaseError:
            same = False
        self.assertFalse(same, ran)

if __name__ == "__main__":
    main()
