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
from harness import FaultTest  # noqa: E402
from place import PROMISES, Place  # noqa: E402
from replays import a_replay_adds_each_reject_once  # noqa: E402
from running_again import a_file_that_grew_never_doubles_its_rows, nothing_to_do_after_a_touch  # noqa: E402
from targets import sinks, targets  # noqa: E402
from writing import killed_and_resumed_is_exact, order_is_kept, written_is_held  # noqa: E402

# No guarantee to keep: `discard` holds nothing, and the rows of `files` are named by the input.
WITHOUT_TARGET = {"discard", "files"}
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
        self.assertEqual(set(sinks()) - {target.kind for target in targets().values()} - WITHOUT_TARGET, set(), "sinks without a target")

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

    def test_a_run_that_begins_anew_is_noticed(self):
        """Under another id each time, nobody knows what was written before."""
        for promise in (nothing_to_do_after_a_touch, a_file_that_grew_never_doubles_its_rows):
            place = self.place("sqlite")
            run = place.job.run
            number = iter(range(100))
            place.job.run = lambda *words, **more: (place.change(id=f"run-{next(number)}"), run(*words, **more))[1]
            self.broken(promise, place)


if __name__ == "__main__":
    main()
