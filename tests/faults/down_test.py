"""Database servers that stop, are killed, restarted or frozen under a running job. They are this script's own: nobody else's stop."""

import contextlib
import os
import pathlib
import signal
import sys
import time

from cases import LONG, CaseTest, expand, for_each, main
from databases import SERVERS, MysqlDatabase, PostgresDatabase
from harness import wait_until

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "servers"))
from mariadb import MariaDb  # noqa: E402
from place import Place  # noqa: E402
from postgres import Postgres  # noqa: E402

DOWN_FOR = 30 if LONG else 2
# More than all that is done to a server in these tests.
PATIENT = {"attempts": 200, "initial_delay": "50ms", "max_delay": "500ms"}
ROWS_PER_SECOND = 1200  # the end must be far away when the harm comes, however busy the machine is
GROWTH = 16 * 1024  # KiB that a process may grow while it waits


class OwnServer:
    """A server that may be hurt."""

    KINDS = {"postgres": (Postgres, PostgresDatabase, "CHUNKMILL_TEST_POSTGRES"), "mysql": (MariaDb, MysqlDatabase, "CHUNKMILL_TEST_MYSQL")}

    def __init__(self, test, kind):
        make, self.open, variable = self.KINDS[kind]
        place = Place(test.folder / "servers")
        self.server = make(place, {})
        if missing := self.server.missing():
            print(f"SKIPPED: {test.id()}: not installed: {missing}", file=sys.stderr)
            test.skipTest(f"not installed: {missing}")
        place.make()
        test.addCleanup(place.remove)
        test.addCleanup(self.server.stop)
        self.server.start()
        self.address = self.server.variables()[variable]

    def start(self):
        self.server.start()

    def down(self):
        """An orderly end, which ends open connections."""
        self.server.end(signal.SIGINT if self.server.name == "postgres" else signal.SIGTERM)

    def kill(self):
        self.server.end(signal.SIGKILL)

    def signal_all(self, number):
        """Every process of the server."""
        parent = self.server.pid()
        children = pathlib.Path(f"/proc/{parent}/task/{parent}/children")
        for pid in [parent, *map(int, children.read_text().split())]:
            with contextlib.suppress(ProcessLookupError):  # a connection that has ended
                os.kill(pid, number)


def memory(process):
    """KiB that a running process holds."""
    for line in pathlib.Path(f"/proc/{process.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise AssertionError("no VmRSS")


class Down(CaseTest):
    def own(self, kind, **options):
        self.need("sink", kind)
        self.own_server = OwnServer(self, kind)
        return self.case_of(self.own_server.open(self.own_server.address), rows=1500, retry=PATIENT,
                            rate={"rows_per_second": ROWS_PER_SECOND}, **options)

    def hurt(self, case, harm):
        """Runs the case, and does `harm` once a part of it is in; gives the outcome."""
        process = case.job.start()
        wait_until(lambda: case.database.count("results") > case.read // 5, "the first rows")
        harm(process)
        return case.job.wait(process)

    def away(self, seconds, harm):
        """A harm: the server goes, and comes back after so long; the job's memory stays flat."""
        def go(process):
            harm()
            before = memory(process)
            time.sleep(seconds)
            self.assertIsNone(process.poll(), "it did not wait")
            self.assertLess(memory(process), before + GROWTH)
            self.own_server.start()
        return go

    def check(self, kind, harm, **options):
        case = self.own(kind, **options)
        expected, _ = self.undisturbed(case)
        outcome = self.hurt(case, harm)
        self.assert_ended(outcome, 3)
        self.assertGreater(outcome.summary["retries"], 0, outcome)
        self.assert_left(case, expected, outcome)


@expand
class DownTest(Down):
    @for_each(SERVERS)
    def stopped_and_back_after_a_while(self, kind):
        self.check(kind, self.away(DOWN_FOR, lambda: self.own_server.down()))

    @for_each(SERVERS)
    def not_there_yet_when_the_run_starts(self, kind):
        case = self.own(kind)
        expected, _ = self.undisturbed(case)
        self.own_server.down()
        process = case.job.start()
        time.sleep(1)
        self.assertIsNone(process.poll(), "it did not wait")
        self.own_server.start()
        outcome = case.job.wait(process)
        self.assert_ended(outcome, 3)
        self.assertGreater(outcome.summary["retries"], 0, outcome)
        self.assert_left(case, expected, outcome)

    @for_each(SERVERS)
    def killed_and_started_at_once(self, kind):
        self.check(kind, self.away(0, lambda: self.own_server.kill()))

    @for_each(SERVERS)
    def restarted_three_times(self, kind):
        def harm(process):
            for _ in range(3):
                self.away(0.2, self.own_server.down)(process)
        self.check(kind, harm)

    @for_each(SERVERS)
    def frozen_longer_than_an_answer_may_take(self, kind):
        def harm(process):
            self.own_server.signal_all(signal.SIGSTOP)
            time.sleep(max(DOWN_FOR, 6))
            self.assertIsNone(process.poll(), "it did not wait")
            self.own_server.signal_all(signal.SIGCONT)
        self.check(kind, harm, sink={"timeout": "1s"})

    @for_each(SERVERS)
    def gone_for_good_it_stops_and_the_same_command_goes_on(self, kind):
        case = self.own(kind)
        expected, _ = self.undisturbed(case)
        case.job.write({**case.job.spec, "retry": {"attempts": 4, "initial_delay": "20ms", "max_delay": "50ms"}})
        outcome = self.hurt(case, lambda _: self.own_server.kill())
        self.assert_ended(outcome, 69)
        self.assertIn("chunkmill run", outcome.summary["resume_command"])
        self.assertEqual(case.job.run().code, 69)
        self.own_server.start()
        self.finish(case)
        self.assert_left(case, expected)


class NegativeControl(Down):
    """A table that the server does not keep through its own end: its rows are gone, the ledger says that they are there."""

    FORGETS = {"postgres": "ALTER TABLE results SET UNLOGGED",
               "mysql": "ALTER TABLE results MODIFY name VARCHAR(60), MODIFY currency VARCHAR(3), ENGINE = MEMORY"}

    def check_forgetful(self, kind):
        def kill():
            # Not before the run: a sink may refuse such a table.
            case.database.run(self.FORGETS[kind])
            self.own_server.kill()

        case = self.own(kind)
        expected, _ = self.undisturbed(case)
        outcome = self.hurt(case, self.away(0, kill))
        # The ledger may be asked while the table is empty: then the run says so itself.
        if outcome.code != 3:
            self.assertIn(outcome.code, (69, 78), outcome)
            self.assertIn("results", outcome.text + outcome.err)
        self.assertNotEqual(case.left()["rows"], expected["rows"])

    def test_postgres_forgets_an_unlogged_table(self):
        self.check_forgetful("postgres")

    def test_mysql_forgets_a_table_in_memory(self):
        self.check_forgetful("mysql")


if __name__ == "__main__":
    main()
