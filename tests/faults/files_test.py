"""Files that are full, locked, damaged or not ours: the host's own and the sinks'."""

import os
import sqlite3
import subprocess
import threading
import unittest

from harness import FaultTest, Job, query, wait_until

ROWS = 20_000


class FileTest(FaultTest):
    def job(self, folder=None, sink=None, source=None, **extra):
        spec = {"job": "files", "source": {"type": "faulty", "rows": ROWS, **(source or {})},
                "sinks": [sink or {"type": "faulty", "path": "out.txt"}], "chunk": {"rows": 500}, "workers": 2}
        spec.update(extra)
        return Job(folder or self.folder / "job", spec)


class SinkFile(FileTest):
    def small_disk(self, size):
        """A folder that holds so much and no more."""
        if os.geteuid() != 0:
            self.skipTest("only root may mount a small disk")
        folder = self.folder / "disk"
        folder.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], capture_output=True, text=True)
        if mounted.returncode != 0:
            self.skipTest(f"cannot mount: {mounted.stderr}")
        self.addCleanup(subprocess.run, ["umount", "-l", folder], check=True)
        return folder

    def test_a_full_disk_stops_and_with_room_it_goes_on_exactly(self):
        for sink in ({"type": "sqlite", "path": "disk/out.db", "table": "t"}, {"type": "csv", "path": "disk/out.csv"}):
            with self.subTest(sink=sink["type"]):
                self.need("sink", sink["type"])
                disk = self.small_disk("1m")
                job = self.job(self.folder, sink, {"width": "200B"})
                outcome = job.run()
                self.assert_ended(outcome, 69)
                self.assertEqual(outcome.rows["rejected"], 0)
                self.assertLess(outcome.rows["written"], ROWS)
                subprocess.run(["mount", "-o", "remount,size=64m", disk], check=True)
                outcome = job.run()
                self.assert_ended(outcome, 0)
                if sink["type"] == "sqlite":
                    counted = query(disk / "out.db", "SELECT count(*), count(DISTINCT id), sum(id) FROM t")
                    self.assertEqual(counted, [(ROWS, ROWS, ROWS * (ROWS - 1) // 2)])
                else:
                    lines = (disk / "out.csv").read_text().splitlines()[1:]
                    self.assertEqual(sorted(int(line.split(",")[0]) for line in lines), list(range(ROWS)))
                self.doCleanups()
                self.setUp()

    def test_a_database_that_another_program_locks_is_waited_for(self):
        sink = {"type": "sqlite", "path": "out.db", "table": "t", "busy_timeout": "50ms"}
        job = self.job(sink=sink, source={"latency": "10ms"}, retry={"attempts": 1000, "initial_delay": "10ms", "max_delay": "50ms"})
        job.folder.mkdir(exist_ok=True)
        other = sqlite3.connect(job.folder / "out.db", isolation_level=None, check_same_thread=False)
        other.execute("CREATE TABLE t (id INTEGER, amount TEXT, part INTEGER, filler TEXT)")
        process = job.start()
        wait_until(lambda: query(job.folder / "out.db", "SELECT count(*) FROM t")[0][0] > 0, "the first rows")
        while True:
            try:
                other.execute("BEGIN IMMEDIATE")
                break
            except sqlite3.OperationalError:
                pass
        release = threading.Timer(1.0, lambda: other.execute("COMMIT"))
        release.start()
        outcome = job.wait(process)
        release.join()
        other.close()
        self.assert_ended(outcome, 0)
        self.assertEqual(outcome.rows["rejected"], 0)
        self.assertGreater(outcome.summary["retries"], 0, outcome)
        self.assertEqual(query(job.folder / "out.db", "SELECT count(*), count(DISTINCT id) FROM t"), [(ROWS, ROWS)])

    def test_a_database_that_stays_locked_ends_resumable(self):
        sink = {"type": "sqlite", "path": "out.db", "table": "t", "busy_timeout": "10ms"}
        job = self.job(sink=sink, retry={"attempts": 3, "initial_delay": "1ms"})
        self.assert_ended(job.run("--limit", "1000"), 5)
        other = sqlite3.connect(job.folder / "out.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        self.assertEqual(job.run().code, 69)
        other.execute("COMMIT")
        other.close()
        self.assert_ended(job.run(), 0)
        self.assertEqual(query(job.folder / "out.db", "SELECT count(*), count(DISTINCT id) FROM t"), [(ROWS, ROWS)])

    def test_output_that_was_removed_is_written_anew(self):
        job = self.job(sink={"type": "sqlite", "path": "out.db", "table": "t"})
        self.assert_ended(job.run("--limit", "3000"), 5)
        for file in job.folder.glob("out.db*"):
            file.unlink()
        self.assert_ended(job.run(), 0)
        self.assertEqual(query(job.folder / "out.db", "SELECT count(*), count(DISTINCT id) FROM t"), [(ROWS, ROWS)])


class StateFile(FileTest):
    def test_a_state_folder_that_cannot_be_made_is_the_hosts_own_trouble(self):
        job = self.job()
        (job.folder / ".chunkmill").write_text("a file where a folder should be")
        outcome = job.run()
        self.assertEqual(outcome.code, 74, outcome)
        self.assertIn(".chunkmill", outcome.err)
        self.assertFalse((job.folder / "out.txt").exists())

    def test_a_read_only_state_folder(self):
        if os.geteuid() == 0:
            self.skipTest("root writes everywhere; the test before this one has the same end")
        job = self.job()
        (job.folder / ".chunkmill").mkdir(mode=0o500)
        self.assertEqual(job.run().code, 74)

    def test_a_damaged_state_file_is_said_and_once_it_is_gone_the_ledger_goes_on(self):
        job = self.job()
        self.assert_ended(job.run("--limit", "3000"), 5)
        state = job.state_file()
        for file in (state, state + "-wal"):
            if os.path.exists(file):
                with open(file, "r+b") as damaged:
                    damaged.write(b"this is no database any more" * 100)
        outcome = job.run()
        self.assertEqual(outcome.code, 74, outcome)
        self.assertIn(os.path.basename(state), outcome.err)
        for suffix in ("", "-wal", "-shm"):
            if os.path.exists(state + suffix):
                os.unlink(state + suffix)
        self.assert_ended(job.run(), 0)
        self.assert_exact(job)

    def test_without_the_state_file_the_ledger_goes_on(self):
        job = self.job()
        self.assertEqual(job.run(failpoint="chunk.committed:9").code, -9)
        for file in (job.folder / ".chunkmill").iterdir():
            file.unlink()
        self.assert_ended(job.run(), 0)
        self.assert_exact(job)

    def test_a_second_run_at_the_same_time_is_refused(self):
        job = self.job(source={"hang_at": 5, "interruptible": False})
        first = job.start()
        wait_until(lambda: (job.folder / "out.txt").exists(), "the first rows")
        second = job.run()
        self.assertEqual(second.code, 74, second)
        self.assertIn(str(first.pid), second.err)
        first.kill()
        first.communicate()

    def assert_exact(self, job):
        lines = (job.folder / "out.txt").read_text().splitlines()
        self.assertEqual(sorted(int(line.split("\t")[2]) for line in lines if line.startswith("row\t")), list(range(ROWS)))


if __name__ == "__main__":
    unittest.main(verbosity=2)
