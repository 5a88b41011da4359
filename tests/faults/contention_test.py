"""A second client that stands in the way: deadlocks, serialization failures, locks that are held too long. All are tried again, and no
row is lost, doubled or rejected for them."""

import time

from cases import CaseTest, expand, for_each, main
from databases import SERVERS
from harness import wait_until

# Two rows of one chunk, in the order in which an upsert comes to them.
FIRST, SECOND = 110, 140
RETRY = {"attempts": 8, "initial_delay": "20ms", "max_delay": "500ms"}
NO_RETRY = {"attempts": 1}
BLOCKED = {"postgres": "SELECT pid FROM pg_stat_activity WHERE datname = '{database}' AND wait_event_type = 'Lock' "
                       "AND query ILIKE '%results%'",
           "mysql": "SELECT id FROM information_schema.processlist WHERE db = '{database}' AND id <> connection_id() "
                    "AND command <> 'Sleep' AND time_ms > 300"}


class Contention(CaseTest):
    def upsert(self, kind, **options):
        """A case that writes over two rows that another client can lock. One worker: a chunk that is written ahead of its turn and
        fails is written again in its turn, without a retry."""
        case = self.case(kind, files=1, workers=1, sink={"mode": "upsert", "key": ["id"], **options.pop("sink", {})}, retry=RETRY,
                         constraint="UNIQUE (id), CHECK (id % 89 <> 3)")
        expected, _ = self.undisturbed(case)
        case.database.run(f"INSERT INTO results (id, name) VALUES ({FIRST}, 'old'), ({SECOND}, 'old')")
        return case, expected

    def other(self, case):
        client = case.database.client()
        self.addCleanup(client.close)
        return client

    def lock(self, client, row):
        return client.ask(f"UPDATE results SET name = 'held' WHERE id = {row}")

    def wait_until_blocked(self, case):
        question = BLOCKED[case.database.kind].format(database=case.database.database)
        wait_until(lambda: case.database.rows(question), "the worker to wait for a lock")

    def check(self, case, expected, process):
        outcome = case.job.wait(process)
        self.assert_ended(outcome, 3)
        self.assertGreater(outcome.summary["retries"], 0, outcome)
        self.assert_left(case, expected, outcome)

    def deadlock(self, case):
        """Starts the case; the worker is the one that the deadlock ends."""
        client = self.other(case)
        if case.database.kind == "postgres":
            client.ask("SET deadlock_timeout = '60s'")
            client.ask("BEGIN")
        else:
            # The one who has changed fewer rows is ended.
            client.ask("CREATE TABLE weight (n INTEGER)")
            client.ask("INSERT INTO weight SELECT seq FROM seq_1_to_5000")
            client.ask("BEGIN")
            client.ask("UPDATE weight SET n = n + 1")
        self.lock(client, SECOND)
        process = case.job.start()
        self.wait_until_blocked(case)
        self.lock(client, FIRST)
        client.ask("COMMIT")
        return process


@expand
class ContentionTest(Contention):
    @for_each(SERVERS)
    def a_deadlock(self, kind):
        case, expected = self.upsert(kind)
        self.check(case, expected, self.deadlock(case))

    def test_postgres_a_serialization_failure(self):
        case, expected = self.upsert("postgres")
        case.database.run(f"ALTER DATABASE {case.database.database} SET default_transaction_isolation = 'repeatable read'")
        client = self.other(case)
        client.ask("BEGIN")
        self.lock(client, SECOND)
        process = case.job.start()
        self.wait_until_blocked(case)
        client.ask("COMMIT")
        self.check(case, expected, process)

    @for_each(SERVERS)
    def a_lock_that_is_held_longer_than_an_answer_may_take(self, kind):
        case, expected = self.upsert(kind, sink={"timeout": "1s"})
        client = self.other(case)
        client.ask("BEGIN")
        self.lock(client, SECOND)
        process = case.job.start()
        self.wait_until_blocked(case)
        time.sleep(3)
        client.ask("COMMIT")
        self.check(case, expected, process)


@expand
class TwoWorkersOfOneProcess(Contention):
    """With two workers a chunk may be written ahead of its turn: how often something is tried again is then open, what is left is not."""

    @for_each(SERVERS)
    def a_deadlock(self, kind):
        case, expected = self.upsert(kind)
        case.job.write({**case.job.spec, "workers": 2})
        outcome = case.job.wait(self.deadlock(case))
        self.assert_ended(outcome, 3)
        self.assertEqual(case.database.dump("results"), expected["rows"], outcome)


@expand
class NegativeControl(Contention):
    @for_each(SERVERS)
    def without_retries_a_deadlock_stops_the_run(self, kind):
        """The deadlock is real, and the worker is the one that it ends."""
        case, expected = self.upsert(kind)
        case.job.write({**case.job.spec, "retry": NO_RETRY})
        outcome = case.job.wait(self.deadlock(case))
        self.assert_ended(outcome, 69)
        self.assertIn("deadlock", str(outcome).lower())
        self.finish(case)
        self.assert_left(case, expected)


if __name__ == "__main__":
    main()
