"""The same job run by two processes against one database: splits are shared, a dead or frozen worker's are taken over, and none of its
rows comes twice when it wakes up."""

import random
import shutil
import signal
import time

from cases import LONG, CaseTest, expand, for_each, main
from databases import SERVERS
from harness import PLUGINS_WITHOUT_FENCE, Job, wait_until

SEED = 20240304
ROUNDS = 20 if LONG else 3
LEASE = "1s"
# A worker that waits for another one's lease must not be taken for one that hangs.
LONGEST = 120


class TwoWorkers(CaseTest):
    def shared(self, kind, **options):
        case = self.case(kind, files=6, rows=300, chunk=25, sink={"lease": LEASE, "timeout": "5s"}, workers=1,
                         rate={"rows_per_second": 3000}, **options)
        expected, seconds = self.undisturbed(case)
        return case, expected, seconds

    def started(self, case):
        """A worker that has committed something."""
        process = case.job.start()
        self.addCleanup(process.kill)
        wait_until(lambda: case.database.count("results") > 0, "the first rows")
        return process

    def freeze(self, case, moment, *arguments):
        """One worker is frozen at a moment, another one does all, the first one wakes up; gives both outcomes."""
        frozen = case.job.start(*arguments)
        self.addCleanup(frozen.kill)
        wait_until(lambda: case.database.count("results") > 0, "the first rows")
        time.sleep(moment)
        frozen.send_signal(signal.SIGSTOP)
        try:
            other = case.job.wait(case.job.start(*arguments), LONGEST)
        finally:
            frozen.send_signal(signal.SIGCONT)
        return other, case.job.wait(frozen, LONGEST)

    def assert_exact(self, case, expected, message=""):
        left = case.left()
        for name in ("rows", "ledger", "rejects"):
            self.assertEqual(left[name], expected[name], f"{name} {message}")


@expand
class TwoWorkersTest(TwoWorkers):
    @for_each(SERVERS)
    def share_the_splits(self, kind):
        case, expected, _ = self.shared(kind)
        workers = [case.job.start() for _ in range(2)]
        outcomes = [case.job.wait(worker, LONGEST) for worker in workers]
        for outcome in outcomes:
            self.assertIn(outcome.code, (0, 3), outcome)
        self.assert_exact(case, expected)
        self.assertEqual(case.job.run().code, 0)
        self.assert_exact(case, expected)

    @for_each(SERVERS)
    def one_is_killed_and_the_other_does_all(self, kind):
        case, expected, seconds = self.shared(kind)
        chance = random.Random(SEED)
        for i in range(ROUNDS):
            case.again()
            with self.subTest(round=i):
                workers = [self.started(case), case.job.start()]
                time.sleep(chance.uniform(0, seconds / 2))
                victim = chance.randrange(2)
                workers[victim].kill()
                workers[victim].communicate()
                outcome = case.job.wait(workers[1 - victim], LONGEST)
                self.assertIn(outcome.code, (0, 3), outcome)
                self.assert_exact(case, expected, outcome)

    @for_each(SERVERS)
    def one_is_frozen_and_woken_when_all_is_done(self, kind):
        case, expected, seconds = self.shared(kind)
        chance = random.Random(SEED + 1)
        locked = 0
        for i in range(ROUNDS):
            case.again()
            with self.subTest(round=i):
                other, woken = self.freeze(case, chance.uniform(0, seconds * 0.6))
                # 74: frozen while it wrote to the state file that both of them have here, which stays locked then.
                self.assertIn(other.code, (0, 3, 74), other)
                self.assertIn(woken.code, (0, 3, 69), woken)
                locked += other.code == 74
                if other.code == 74:
                    self.assertIn("locked", other.err)
                    self.finish(case)
                self.assert_exact(case, expected, f"{other}\n{woken}")
        self.assertLess(locked, ROUNDS / 2)
        print(f"{self.id()}: {ROUNDS} rounds, {locked} times the state file was locked", flush=True)

    @for_each(SERVERS)
    def shards_take_their_own_splits_and_together_all(self, kind):
        case, expected, _ = self.shared(kind)
        outcomes = [case.job.wait(worker, LONGEST) for worker in [case.job.start("--shard", f"{i}/3") for i in range(3)]]
        for outcome in outcomes:
            self.assertIn(outcome.code, (0, 3, 5), outcome)
        # Each is a run of its own, with a state and rejects of its own.
        self.assertEqual(case.database.dump("results"), expected["rows"])
        rejected = sum(outcome.rows["rejected"] for outcome in outcomes)
        self.assertEqual(rejected, len(expected["rejects"]))


@expand
class OtherJobs(CaseTest):
    @for_each(SERVERS)
    def many_jobs_that_begin_together_in_an_empty_database(self, kind):
        """They share nothing but the tables that each of them would make."""
        database = self.database(kind)
        for i in range(ROUNDS):
            database.clear()
            jobs = []
            for name in "abcd":
                folder = self.folder / f"{name}{i}"
                folder.mkdir()
                (folder / "in.csv").write_text(f"job,n\n{name},1\n{name},2\n")
                jobs.append(Job(folder, {"job": name, "source": {"type": "csv", "path": "in.csv"},
                                         "sinks": [database.sink(table="results")]}))
            for outcome in [job.wait(process) for job, process in [(job, job.start()) for job in jobs]]:
                self.assert_ended(outcome, 0)
            self.assertEqual(database.dump("results"), [(name, n) for name in "abcd" for n in "12"])

    @for_each(SERVERS)
    def many_workers_of_one_job_that_begin_together_without_a_state_file(self, kind):
        database = self.database(kind)
        job = Job(self.folder / "together", {"job": "together", "source": {"type": "csv", "path": "in.csv"},
                                             "sinks": [database.sink(table="results")]})
        (job.folder / "in.csv").write_text("n\n1\n2\n")
        for _ in range(5 * ROUNDS):
            database.clear()
            shutil.rmtree(job.folder / ".chunkmill", ignore_errors=True)
            for outcome in [job.wait(process) for process in [job.start() for _ in range(6)]]:
                self.assert_ended(outcome, 0)
            self.assertEqual(database.dump("results"), [("1",), ("2",)])


@expand
class NegativeControl(TwoWorkers):
    @for_each(SERVERS)
    def without_the_fence_a_woken_worker_writes_again(self, kind):
        self.need_variant("unfenced", kind)
        case, expected, seconds = self.shared(kind)
        moments = [seconds * i / 20 for i in range(10)]
        different = 0
        for moment in moments:
            case.again()
            self.freeze(case, moment, "--plugin-dir", PLUGINS_WITHOUT_FENCE)
            different += case.left()["rows"] != expected["rows"]
            if different:
                return
        self.fail(f"frozen at {len(moments)} moments, and never a row too many")


if __name__ == "__main__":
    main()
