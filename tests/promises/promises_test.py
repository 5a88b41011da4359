"""Each promise of docs/engine.md, for every sink that claims one, with controls that must fail.

A promise is a function over a Place. A control runs the same function where the promise is broken and expects its AssertionError.
"""

import os
import pathlib
import re
import shutil
import sys
import unittest

FAULTS = pathlib.Path(__file__).resolve().parent.parent / "faults"
sys.path.insert(0, str(FAULTS))

from cases import main  # noqa: E402
from harness import PLUGINS_WITHOUT_FENCE, FaultTest  # noqa: E402
from harmed import a_finished_target_that_is_harmed_is_whole_or_named  # noqa: E402
from place import PROMISES, Place  # noqa: E402
from reading import an_input_that_changes_while_it_is_read_is_never_spliced  # noqa: E402
from replays import a_replay_adds_each_reject_once  # noqa: E402
from running_again import a_file_that_grew_never_doubles_its_rows, nothing_to_do_after_a_touch  # noqa: E402
from targets import sinks, targets  # noqa: E402
from writing import (killed_and_resumed_is_exact, order_is_kept, the_last_row_of_a_key_stands, two_processes_leave_each_row_once,
                     written_is_held)  # noqa: E402

# Sinks that claim no exactly-once, and the least of a block that binds them.
WEAKER = {"discard": {"type": "discard"}, "files": {"type": "files", "folder": "out", "content": "name"}}
DOCS = FAULTS.parent.parent / "docs" / "engine.md"


class PromiseTest(FaultTest):
    number = 0

    def server(self, address):
        variable, make = address
        if variable not in os.environ:
            print(f"SKIPPED: {self.id()}: {variable} is not set (tests/servers)", file=sys.stderr)
            self.skipTest(f"{variable} is not set")
        database = make(os.environ[variable])
        self.addCleanup(database.remove)
        return database

    def place(self, name, **extra):
        target = targets()[name]
        self.need("sink", target.kind)
        self.number += 1
        return Place(self, name, target, self.number, **extra)


class Promises(PromiseTest):
    def test_every_sink_has_a_target(self):
        self.assertEqual(set(sinks()) - {target.kind for target in targets().values()} - set(WEAKER), set(), "sinks without a target")

    def test_a_sink_without_a_target_claims_no_exactly_once_and_the_others_do(self):
        place = self.place("csv")
        claims = {kind: self.claim(place, block) for kind, block in WEAKER.items()}
        self.assertEqual(claims, {"discard": "none", "files": "at_least_once"})
        for name in targets():
            if name in ("postgres", "mysql"):
                continue  # their own tests begin by it
            place = self.place(name)
            self.assertEqual(self.claim(place, place.target.block()), "exactly_once", name)

    def claim(self, place, block):
        place.job.write({**place.job.spec, "sinks": [block]})
        outcome = place.job.say("validate")
        self.assertEqual(outcome.code, 0, outcome)
        return outcome.summary["sinks"][0]["guarantee"]

    def test_the_docs_name_each_promise_and_no_other(self):
        named = set(re.findall(r"promises_test\.py: (\w+)", DOCS.read_text()))
        self.assertEqual(named, set(PROMISES))


def add(promise, name):
    def test(self):
        for workers in promise.workers:
            promise(self.place(name, workers=workers))
    setattr(Promises, f"test_{name}_{promise.__name__}", test)


for name, target in targets().items():
    for promise in PROMISES.values():
        if promise.of(target):
            add(promise, name)


class Controls(PromiseTest):
    """Each breaks a promise on purpose."""

    def broken(self, promise, place):
        with self.assertRaises(AssertionError):
            promise(place)

    def reads(self, place, change):
        """The target is read through `change` from now on."""
        whole = place.target.rows
        place.target.rows = lambda: change(whole())

    def test_a_row_that_is_left_out_is_noticed(self):
        for promise in (written_is_held, a_replay_adds_each_reject_once):
            for name in ("sqlite", "csv", "jsonl"):
                place = self.place(name)
                self.reads(place, lambda rows: rows[:-1])
                self.broken(promise, place)

    def test_a_row_that_comes_twice_is_noticed(self):
        for promise in (written_is_held, a_replay_adds_each_reject_once):
            place = self.place("csv")
            self.reads(place, lambda rows: rows + rows[-1:])
            self.broken(promise, place)

    def test_rows_in_another_order_are_noticed(self):
        place = self.place("csv", workers=1)
        self.reads(place, lambda rows: rows[1:2] + rows[:1] + rows[2:])
        self.broken(order_is_kept, place)

    def test_rows_that_the_table_drops_in_silence_are_noticed(self):
        place = self.place("sqlite")
        place.target.database.run("CREATE TRIGGER lossy AFTER INSERT ON results WHEN NEW.id % 97 = 3 BEGIN "
                                  "DELETE FROM results WHERE id = NEW.id; END")
        self.broken(written_is_held, place)

    def test_rows_of_a_killed_run_without_its_ledger_are_noticed(self):
        place = self.place("sqlite")
        run = place.job.run

        def forgetful(*words, **more):
            for table in ("chunkmill_run", "chunkmill_split"):
                place.target.database.run(f"DROP TABLE IF EXISTS {table}")
            shutil.rmtree(place.file(".chunkmill"), ignore_errors=True)
            return run(*words, **more)

        place.job.run = forgetful
        self.broken(killed_and_resumed_is_exact, place)

    def test_upserts_in_any_order_are_noticed(self):
        """The order of the chunks is left to chance; over so many keys it is not kept each time."""
        for _ in range(10):
            place = self.place("sqlite", workers=4, order="any")
            try:
                the_last_row_of_a_key_stands(place)
            except AssertionError:
                return
        self.fail("the last row of each key stood ten times without an order")

    def test_a_sink_without_its_fence_is_noticed(self):
        self.need_variant("unfenced", "postgres")
        place = self.place("postgres")
        command = place.job.command
        place.job.command = lambda *words: command(*words, "--plugin-dir", PLUGINS_WITHOUT_FENCE)
        self.broken(two_processes_leave_each_row_once, place)

    def test_a_harmed_target_that_is_left_alone_is_noticed(self):
        """Without its ledger, a file of other rows is taken for the finished one."""
        place = self.place("csv")
        finished = place.another
        place.another = lambda: self.reading(finished(), lambda rows: rows[:-1])
        self.broken(a_finished_target_that_is_harmed_is_whole_or_named, place)

    def reading(self, place, change):
        self.reads(place, change)
        return place

    def test_an_input_that_is_spliced_is_noticed(self):
        place = self.place("csv")
        another = place.another
        place.another = lambda: self.reading(another(), lambda rows: [(key, name.upper()) for key, name in rows])
        self.broken(an_input_that_changes_while_it_is_read_is_never_spliced, place)

    def test_a_run_that_begins_anew_is_noticed(self):
        """Under another id each time, nobody knows what was written before."""
        for promise in (nothing_to_do_after_a_touch, a_file_that_grew_never_doubles_its_rows):
            place = self.place("sqlite")
            run = place.job.run
            number = iter(range(100))
            place.job.run = lambda *words, **more: (place.change(id=f"run-{next(number)}"), run(*words, **more))[1]
            self.broken(promise, place)


def load_tests(loader, suite, pattern):
    """CHUNKMILL_SHARD=1/4 takes each fourth test, so that CTest runs them side by side."""
    shard, shards = (int(number) for number in os.environ.get("CHUNKMILL_SHARD", "1/1").split("/"))
    tests = [test for group in suite for test in group]
    return unittest.TestSuite(tests[shard - 1::shards])


if __name__ == "__main__":
    main()
