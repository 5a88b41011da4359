"""kill -9 of a worker, each kind of database: what the same command leaves in the end is what an undisturbed run leaves."""

import random

from cases import LONG, CaseTest, expand, for_each, main
from databases import SERVERS

SEED = 20240301
KILLS = 100 if LONG else 9
POINTS = ["run.begun:1", "run.attached:1", "chunk.begun:2", "chunk.calculated:9", "chunk.written:1", "chunk.written:13",
          "chunk.rejects_stored:5", "chunk.committed:1", "chunk.committed:20", "chunk.recorded:7", "run.finishing:1", "run.sink_finished:1"]


class Killed(CaseTest):
    def at_random_moments(self, kind, kills, name="case", **options):
        """Kills until so many have hit; whenever a run comes to its end, looks at it and begins another one."""
        case = self.case(kind, name, **options)
        expected, seconds = self.undisturbed(case)
        delay = random.Random(SEED)
        hits = 0
        while hits < kills:
            while True:
                # Loading and opening take their part too, and are worth a kill.
                outcome = case.job.run_killed_after(delay.uniform(0, seconds + 0.05) if hits < kills else 60)
                if outcome.code != -9:
                    break
                hits += 1
            self.assertIn(outcome.code, (0, 3), outcome)
            self.assert_left(case, expected, f"after {hits} kills, seed {SEED}")
            case.again()
        print(f"{self.id()}: {hits} kills", flush=True)


@expand
class KilledTest(Killed):
    @for_each()
    def at_random_moments_inserting(self, kind):
        self.at_random_moments(kind, KILLS)

    @for_each(SERVERS)
    def at_random_moments_upserting(self, kind):
        self.at_random_moments(kind, KILLS // 3, sink={"mode": "upsert", "key": ["id"]}, constraint="UNIQUE (id), CHECK (id % 89 <> 3)")

    @for_each(SERVERS)
    def at_random_moments_replacing(self, kind):
        self.at_random_moments(kind, KILLS // 3, sink={"mode": "replace"})

    @for_each(SERVERS)
    def between_any_two_steps(self, kind):
        case = self.case(kind)
        expected, _ = self.undisturbed(case)
        for point in POINTS[::1 if LONG else 2]:
            case.again()
            with self.subTest(point=point):
                killed = case.job.run(failpoint=point)
                self.assertEqual(killed.code, -9, f"{point} was never passed: {killed}")
                self.finish(case)
                self.assert_left(case, expected)


@expand
class NegativeControl(CaseTest):
    @for_each()
    def without_the_ledgers_rows_rows_come_twice(self, kind):
        case = self.case(kind)
        expected, _ = self.undisturbed(case)
        self.assertEqual(case.job.run(failpoint="chunk.recorded:9").code, -9)
        case.database.run("DELETE FROM chunkmill_split")
        case.database.run("DELETE FROM chunkmill_run")
        case.job.run()
        self.assertNotEqual(case.left()["rows"], expected["rows"])


if __name__ == "__main__":
    main()
