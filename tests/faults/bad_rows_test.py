"""Rows that a table refuses: the good ones are in, the bad ones are rejects with code, column and row, whatever the database."""

import random

from cases import CaseTest, expand, for_each, main
from databases import SERVERS
from harness import Job

ROWS = 10_000
SEED = 20240303
# What each of them says about a CHECK that failed.
VENDORS = {"sqlite": "CHECK constraint failed", "postgres": "SQLSTATE 23514", "mysql": "MariaDB 4025"}


class BadRows(CaseTest):
    def job(self, name, text, database, table="results", **extra):
        folder = self.folder / name
        folder.mkdir()
        (folder / "in.csv").write_text(text)
        return Job(folder, {"job": "bad", "source": {"type": "csv", "path": "in.csv", **extra.pop("source", {})},
                            "sinks": [database.sink(table=table, **extra.pop("sink", {}))], "chunk": {"rows": ROWS}, "workers": 1,
                            **extra})

    def numbers(self, bad):
        """10,000 rows of which those in `bad` are below zero."""
        return "id,v\n" + "".join(f"{i},{-1 if i in bad else i}\n" for i in range(ROWS))

    def rejects(self, job, *columns):
        names = ("split", "chunk", "ordinal", "place", "line", "stage", "plugin", "code", "column_name", "message", "raw", "fields")
        return [tuple(row[names.index(column)] for column in columns) for row in job.rejects()]

    def check(self, kind, count, constraint="CHECK (v >= 0)", fallback="bisect"):
        database = self.database(kind)
        database.create("results", {"id": "integer", "v": "integer"}, constraint)
        bad = set(random.Random(SEED).sample(range(ROWS), count))
        job = self.job(f"bad-{count}-{fallback}", self.numbers(bad), database, sink={"fallback": fallback},
                       source={"columns": {"id": "int64", "v": "int64"}})
        outcome = job.run()
        self.assert_ended(outcome, 3 if count else 0)
        self.assertEqual([int(row[0]) for row in sorted(database.cells("results", database.columns("results")), key=lambda row: int(row[0]))],
                         [i for i in range(ROWS) if i not in bad])
        found = self.rejects(job, "line", "stage", "code", "message")
        self.assertEqual([(line, stage, code) for line, stage, code, _ in found], [(i + 2, "write", "check_failed") for i in sorted(bad)])
        for row in found:
            self.assertIn(VENDORS[kind], row[3])


@expand
class BadRowsTest(BadRows):
    @for_each()
    def none_of_ten_thousand(self, kind):
        self.check(kind, 0)

    @for_each()
    def one_of_ten_thousand(self, kind):
        self.check(kind, 1)

    @for_each()
    def ten_of_ten_thousand(self, kind):
        self.check(kind, 10)

    @for_each()
    def a_hundred_of_ten_thousand(self, kind):
        self.check(kind, 100)

    @for_each()
    def ten_of_ten_thousand_row_by_row(self, kind):
        self.check(kind, 10, fallback="sequential")

    @for_each()
    def all_of_ten_thousand_stop_the_run_and_nothing_of_the_chunk_is_in(self, kind):
        database = self.database(kind)
        database.create("results", {"id": "integer", "v": "integer"}, "CHECK (v >= 0)")
        job = self.job("all", self.numbers(range(ROWS)), database, source={"columns": {"id": "int64", "v": "int64"}})
        outcome = job.run()
        self.assert_ended(outcome, 4)
        self.assertEqual(database.count("results"), 0)
        self.assertEqual([row[2:] for row in database.ledger(job.folder)], [(0, 0, 0, 0, 0)] * len(database.ledger(job.folder)))
        self.assertIn("10000", outcome.summary["message"])
        self.assertIn("check_failed", str(outcome))

    def refusals(self, kind):
        """One row for each way to be refused, among others: line and code."""
        database = self.database(kind)
        database.run("CREATE TABLE parents (id BIGINT PRIMARY KEY)")
        database.run("INSERT INTO parents VALUES (1)")
        database.create("results", {"id": "integer PRIMARY KEY", "needed": "text NOT NULL", "parent": "integer", "v": "integer"},
                        "CHECK (v >= 0), FOREIGN KEY (parent) REFERENCES parents (id)")
        text = ("id,needed,parent,v\n1,a,1,1\n2,,1,1\n3,c,1,-1\n4,d,77,1\n1,e,1,1\n6,f,1,1\n")
        job = self.job("refusals", text, database, source={"columns": {"id": "int64", "needed": "string", "parent": "int64", "v": "int64"}},
                       errors={"max_failed_percent": 100})
        outcome = job.run()
        self.assert_ended(outcome, 3)
        self.assertEqual([row[0] for row in database.dump("results")], ["1", "6"])
        return self.rejects(job, "line", "code", "column_name")

    @for_each(SERVERS)
    def each_way_to_be_refused_has_its_code(self, kind):
        found = self.refusals(kind)
        self.assertEqual([row[:2] for row in found], [(3, "not_null"), (4, "check_failed"), (5, "no_such_reference"), (6, "not_unique")])
        self.assertEqual(found[0][2], "needed")


@expand
class RowsThatReferToRows(BadRows):
    """A table of people with their chiefs, who may come in the same chunk."""

    ROWS = 1_000

    def people(self, kind, fallback, chief_of):
        database = self.database(kind)
        database.clear()
        database.create("people", {"id": "integer PRIMARY KEY", "chief": "integer", "v": "integer"},
                        "CHECK (v >= 0), FOREIGN KEY (chief) REFERENCES people (id)")
        # One row that is bad in itself has the others looked at in pieces.
        text = "id,chief,v\n" + "".join(f"{i},{chief_of(i)},{-1 if i == 500 else i}\n" for i in range(self.ROWS))
        job = self.job(f"people-{fallback}", text, database, table="people", sink={"fallback": fallback},
                       source={"columns": {"id": "int64", "chief": "int64", "v": "int64"}}, errors={"max_failed_percent": 100})
        self.assert_ended(job.run(), 3)
        return [int(row[0]) for row in database.rows("SELECT id FROM people ORDER BY id")], self.rejects(job, "line", "code")

    @for_each()
    def a_row_may_refer_to_an_earlier_one_of_its_chunk(self, kind):
        for fallback in ("bisect", "sequential"):
            with self.subTest(fallback=fallback):
                # Who refers to the bad row, or to one that does, is bad too.
                rows, rejects = self.people(kind, fallback, lambda i: i - 1 if i % 10 else "")
                bad = list(range(500, 510))
                self.assertEqual(rows, [i for i in range(self.ROWS) if i not in bad])
                self.assertEqual(rejects, [(i + 2, "check_failed" if i == 500 else "no_such_reference") for i in bad])

    @for_each(("sqlite", "postgres"))
    def a_row_may_refer_to_a_later_one_of_its_chunk(self, kind):
        for fallback in ("bisect", "sequential"):
            with self.subTest(fallback=fallback):
                rows, rejects = self.people(kind, fallback, lambda i: i + 1 if i % 10 != 9 else i)
                self.assertEqual(rows, [i for i in range(self.ROWS) if i != 500])
                self.assertEqual(rejects, [(502, "check_failed")])

    def test_mysql_a_row_refers_to_earlier_ones_alone(self):
        """InnoDB looks at each row when it comes."""
        for fallback in ("bisect", "sequential"):
            with self.subTest(fallback=fallback):
                rows, rejects = self.people("mysql", fallback, lambda i: i + 1 if i % 10 != 9 else i)
                self.assertEqual(rows, list(range(9, self.ROWS, 10)))
                self.assertEqual([line for line, _ in rejects], [i + 2 for i in range(self.ROWS) if i % 10 != 9])


@expand
class NegativeControl(BadRows):
    @for_each()
    def without_the_constraint_the_comparison_fails(self, kind):
        with self.assertRaises(AssertionError):
            self.check(kind, 10, constraint="")


if __name__ == "__main__":
    main()
