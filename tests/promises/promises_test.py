"""Each promise of docs/engine.md, for every sink that claims one, with controls that must fail.

A promise is a function over a Place. A control runs the same function where the promise is broken and expects its AssertionError.
"""

import os
import pathlib
import re
import sys
import unittest

FAULTS = pathlib.Path(__file__).resolve().parent.parent / "faults"
sys.path.insert(0, str(FAULTS))

from cases import main  # noqa: E402
from harness import FaultTest, Job  # noqa: E402
from targets import sinks, targets  # noqa: E402

ROWS = 400
POINTS = ("run.begun:1", "chunk.read:3", "chunk.written:2", "chunk.rejects_stored:2", "chunk.committed:3", "run.finishing:1")
# No guarantee to keep: `discard` holds nothing, and the rows of `files` are named by the input.
WITHOUT_TARGET = {"discard", "files"}
DOCS = FAULTS.parent.parent / "docs" / "engine.md"


def lines(first, rows):
    return "id,name\n" + "".join(f"{i},name {i}\n" for i in range(first, first + rows))


def expected(rows=2 * ROWS):
    return [(i, f"name {i}") for i in range(rows)]


class Place:
    """A job over two files into one target."""

    def __init__(self, test, name, target, number, **extra):
        self.test = test
        self.name = name
        folder = test.folder / f"{name}-{number}"
        folder.mkdir()
        self.target = target.open(test, folder)
        for i in range(2):
            (folder / f"in-{i}.csv").write_text(lines(i * ROWS, ROWS))
        self.job = Job(folder, {"job": "promise", "source": {"type": "csv", "path": "in-*.csv", "columns": {"id": "int64"}},
                                "sinks": [self.target.block()], "chunk": {"rows": 50}, "workers": 2, **extra})

    def finish(self):
        outcome = self.job.run()
        assert outcome.code == 0, outcome
        return outcome

    def holds(self, rows):
        found = self.target.rows()
        assert sorted(found) == rows, f"{self.name}: {len(found)} rows, {len(set(found))} distinct, of {len(rows)}"


def written_is_held(place):
    outcome = place.finish()
    assert outcome.summary["rows"]["adds_up"], outcome
    assert outcome.rows["written"] == len(place.target.rows()) == 2 * ROWS, outcome
    place.holds(expected())


def killed_and_resumed_is_exact(place):
    killed = sum(place.job.run(failpoint=point).code == -9 for point in POINTS)
    assert killed >= 3, f"only {killed} runs were killed"
    place.finish()
    place.holds(expected())


def nothing_to_do_after_a_touch(place):
    place.finish()
    before = place.target.rows()
    os.utime(place.job.folder / "in-0.csv", (1, 1))
    os.utime(place.job.path, (1, 1))
    outcome = place.finish()
    assert "nothing to do" in outcome.text + outcome.err or outcome.summary.get("nothing_to_do"), outcome
    assert place.target.rows() == before


def removed_output_is_written_anew(place):
    place.finish()
    place.target.remove()
    place.finish()
    place.holds(expected())


def order_is_kept(place):
    place.finish()
    assert place.target.rows() == expected(), f"{place.name}: the rows are in another order"


def a_new_file_adds_its_rows_alone(place):
    place.finish()
    (place.job.folder / "in-2.csv").write_text(lines(2 * ROWS, 50))
    place.finish()
    place.holds(expected(2 * ROWS + 50))


PROMISES = {promise.__name__: promise for promise in (
    written_is_held, killed_and_resumed_is_exact, nothing_to_do_after_a_touch, removed_output_is_written_anew,
    order_is_kept, a_new_file_adds_its_rows_alone)}


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
        if promise is order_is_kept:
            for workers in (1, 2, 4):
                promise(self.place(name, workers=workers))
        else:
            promise(self.place(name))
    setattr(Promises, f"test_{name}_{promise.__name__}", test)


for name, target in targets().items():
    for promise in PROMISES.values():
        if (promise is order_is_kept and not target.ordered) or (promise is a_new_file_adds_its_rows_alone and not target.adds):
            continue
        add(promise, name)


class Controls(PromiseTest):
    """Each breaks a promise on purpose."""

    def test_a_target_whose_reader_leaves_a_row_out_is_noticed(self):
        for name in ("sqlite", "csv", "jsonl"):
            place = self.place(name)
            whole = place.target.rows
            place.target.rows = lambda whole=whole: whole()[1:]
            with self.assertRaises(AssertionError):
                written_is_held(place)

    def test_rows_that_the_table_drops_in_silence_are_noticed(self):
        place = self.place("sqlite")
        place.target.database.run("CREATE TRIGGER lossy AFTER INSERT ON results WHEN NEW.id % 97 = 3 BEGIN "
                                  "DELETE FROM results WHERE id = NEW.id; END")
        with self.assertRaises(AssertionError):
            written_is_held(place)


if __name__ == "__main__":
    main()
