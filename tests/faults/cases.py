"""One job over any kind of database, with rows that fail in every stage, and the comparison with what an undisturbed run leaves."""

import os
import sys
import unittest

from databases import KINDS, open_database
from harness import FaultTest, Job

# The long form runs every count of docs/faults.md; the short one a sample of it, the same each time.
LONG = bool(os.environ.get("CHUNKMILL_LONG_FAULTS"))
BARE = {"id": "integer", "name": "text", "amount": "float", "currency": "text", "amount_EUR": "float"}
# Rows that the table refuses.
REFUSES = "CHECK (id % 89 <> 3)"


def csv_text(first, rows):
    """Rows of which some cannot be read, some cannot be calculated, and some are refused by the table."""
    lines = ["id,name,amount,currency"]
    for i in range(first, first + rows):
        amount = "much" if i % 211 == 7 else f"{i % 977}.5"
        currency = "XXX" if i % 173 == 5 else ("EUR", "USD", "CHF")[i % 3]
        lines.append(f'{i},"name {i}, of {i % 7}",{amount},{currency}')
    return "\n".join(lines) + "\n"


class Case:
    """A job over files of its own into a table of `database` that takes a row twice, so that a chunk that is written twice shows."""

    def __init__(self, folder, database, files=2, rows=600, chunk=50, sink=None, constraint=REFUSES, suffix="", block=None, source=None,
                 **extra):
        self.folder = folder
        self.database = database
        folder.mkdir(exist_ok=True)
        for i in range(files):
            (folder / f"in-{i}.csv").write_text(csv_text(i * rows, rows))
        self.table = (constraint, suffix)
        database.create("results", BARE, *self.table)
        self.read = files * rows
        self.job = Job(folder, {
            "job": "case", "source": {"type": "csv", "path": "in-*.csv", "columns": {"id": "int64"}, **(source or {})},
            "calculators": [{"type": "fx_convert", "target": "EUR", "rates": {"EUR": 1, "USD": 0.9, "CHF": 1.05}}],
            "sinks": [block or database.sink(table="results", **(sink or {}))], "chunk": {"rows": chunk}, "workers": 2,
            "retry": {"attempts": 8, "initial_delay": "20ms", "max_delay": "1s"}, "errors": {"max_failed_percent": 100}, **extra})

    def left(self):
        """Everything that must be the same: rows, the ledger's counts, the mirror's, rejects."""
        return {"rows": self.database.dump("results"), "ledger": self.database.ledger(self.folder), "rejects": self.job.rejects(),
                "mirror": self.job.mirror()}

    def again(self):
        """As before the first run."""
        self.database.clear()
        self.database.create("results", BARE, *self.table)
        for file in (self.folder / ".chunkmill").glob("*"):
            file.unlink()


class CaseTest(FaultTest):
    """Tests of one kind of database after the other."""

    def database(self, kind):
        return open_database(self, kind)

    def case(self, kind, name="case", **options):
        return self.case_of(self.database(kind), name, **options)

    def case_of(self, database, name="case", **options):
        return Case(self.folder / name, database, **options)

    def undisturbed(self, case):
        """What `case` leaves when nothing happens. It is as before its first run afterwards."""
        outcome = case.job.run()
        self.assert_ended(outcome, 3)
        self.assertEqual(outcome.rows["read"], case.read)
        left = case.left()
        self.assertGreater(len(left["rows"]), case.read * 0.9)
        self.assertGreater(len(left["rejects"]), 5)
        case.again()
        return left, outcome.summary["time_seconds"]

    def assert_left(self, case, expected, message=""):
        left = case.left()
        for name, value in expected.items():
            self.assertEqual(left[name], value, f"{name} {message}")

    def finish(self, case, attempts=1):
        """Runs until it is through."""
        for _ in range(attempts):
            outcome = case.job.run()
            if outcome.code in (0, 3):
                break
        self.assertIn(outcome.code, (0, 3), outcome)
        return outcome


def main():
    """Runs a script's tests. One that had to leave something out is shown as skipped (77), so that it is not taken for the whole."""
    result = unittest.main(verbosity=2, warnings="ignore", exit=False).result
    sys.exit(1 if not result.wasSuccessful() else 77 if result.skipped else 0)


def for_each(kinds=KINDS):
    """Makes one test of each kind out of a method test_...(self, kind)."""
    def decorate(method):
        method.kinds = kinds
        return method
    return decorate


def expand(cls):
    """A class decorator that does what `for_each` asks for."""
    for name, method in list(vars(cls).items()):
        for kind in getattr(method, "kinds", ()):
            def test(self, kind=kind, method=method):
                method(self, kind)
            test.__name__ = f"test_{kind}_{name}"
            test.__doc__ = method.__doc__
            setattr(cls, test.__name__, test)
    return cls
