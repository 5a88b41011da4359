"""The matrix of types: edge values of each of our types go into each column type of each database with the real sink, and come back with
the real source. A cell is exact, refused before the run, or a reject; docs/types.md is the table of what this test sees.

UPDATE=1 writes the page anew.
"""

import decimal
import json
import os
import pathlib
import re
import sqlite3
import subprocess
import sys
import unittest

from databases import KINDS, open_database
from harness import CHUNKMILL, FaultTest, Job
from types_values import CASTS, COLUMNS, POSTGRES_SETUP, VALUES, as_json, is_same

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "types.md"
NAMES = {"sqlite": "SQLite", "postgres": "PostgreSQL", "mysql": "MariaDB"}
HEAD = """\
# Types

This page shows what happens to values on their way into a column and back. For each type of a
stream and each type of a column, a test writes edge values with the sink and reads them back with
the source. It fails if a value has changed, and if this page differs from its results. `UPDATE=1`
writes the page anew. *(tests/faults/types_test.py)*

| sign | meaning |
| --- | --- |
| = | every value comes back unchanged |
| = or reject | every value that the column can hold comes back unchanged; the others are rejects |
| reject | none of the values fits; each is a reject |
| - | the column is refused before the run; the message says what to declare instead |

The sink makes the rejects. In SQLite, where a column can hold values of any kind, the source makes
some of them when it reads.

"Unchanged" follows the type's own rules. Capitals in a uuid, blanks and order in JSON, and order in
a SET do not count. -0 is 0, a whole number may come back with decimals, and the padding of a
`char(n)` is not part of the value. `real` and `FLOAT` give the shortest decimal that means the same
single precision number.
"""


class Types(FaultTest):
    def sqlite_input(self, folder, rows, count):
        """Bytes come from a table: JSON has none."""
        connection = sqlite3.connect(folder / "in.db")
        columns = ", ".join(f"c{i} BLOB" for i in range(count))
        connection.execute(f"CREATE TABLE t (id INTEGER PRIMARY KEY, {columns})")
        for number, (i, value) in enumerate(rows, 1):
            connection.execute(f"INSERT INTO t (id, c{i}) VALUES (?, ?)", (number, value))
        connection.commit()
        connection.close()
        return {"type": "sqlite", "path": "in.db", "table": "t"}

    def json_input(self, folder, stream, rows, count):
        with open(folder / "in.jsonl", "w", encoding="utf-8") as file:
            for number, (i, value) in enumerate(rows, 1):
                file.write(json.dumps({"id": number, f"c{i}": as_json(stream, value)}) + "\n")
        columns = {"id": "int32", **{f"c{i}": stream for i in range(count)}}
        return {"type": "jsonl", "path": "in.jsonl", "columns": columns}

    @staticmethod
    def rejected(job, outcome):
        """The numbers of the rows. A long record may be cut."""
        return {int(re.match(r'\{"id":\s*(\d+)', reject[10])[1]) for reject in job.rejects()} if outcome.code == 3 else set()

    def ask(self, verb, job, *arguments):
        asked = subprocess.run([CHUNKMILL, verb, *arguments, str(job.path)], capture_output=True, text=True, cwd=job.folder, timeout=60)
        return asked.returncode, asked.stdout + asked.stderr

    def kept_columns(self, database, job, used):
        """Those that `validate --connect` does not refuse, asked until it is content."""
        kept = list(used)
        while kept:
            job.write({**job.spec, "sinks": [{**job.spec["sinks"][0], "columns": ["id"] + [f"c{i}" for i in kept]}]})
            code, text = self.ask("validate", job, "--connect")
            if code == 0:
                return kept
            self.assertEqual(code, 78, text)
            refused = {int(number) for number in re.findall(r'column "c(\d+)"', text)} & set(kept)
            self.assertTrue(refused, text)
            kept = [i for i in kept if i not in refused]
        return kept

    def read_back(self, database, folder, columns, kept, stream):
        """Each row's one value, by the row's number."""
        casts = CASTS[database.kind]
        shown = ", ".join(f"{casts.get(columns[i], '{}').format(f'c{i}')} AS c{i}" for i in kept)
        source = {**database.sink(), "query": f"SELECT id, {shown} FROM t", "key": ["id"]}
        if database.kind == "postgres":
            source["time_zone"] = "UTC"
        if database.kind == "sqlite":
            source["types"] = {f"c{i}": stream for i in kept if columns[i] in ("ANY", "TIME") or (columns[i] == "BLOB" and stream != "string")}
        job = Job(folder, {"job": "back", "source": source, "sinks": [{"type": "jsonl", "path": "out.jsonl", "nulls": "omit"}],
                           "errors": {"max_failed_percent": 100}})
        outcome = job.run()
        self.assertIn(outcome.code, (0, 3), outcome)
        values = {}
        for line in (folder / "out.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line, parse_float=decimal.Decimal)
            values[row.pop("id")] = row
        # What a source cannot carry it says, row by row.
        return values, self.rejected(job, outcome)

    def row_of(self, database, stream):
        """The cells of a type of stream, one for each type of column."""
        columns = COLUMNS[database.kind]
        folder = self.folder / database.kind / re.sub(r"\W", "_", stream)
        folder.mkdir(parents=True)
        rows = [(i, value) for i in range(len(columns)) for value in VALUES[stream]]
        declared = ", ".join(f"c{i} {column}" for i, column in enumerate(columns))
        database.run("DROP TABLE IF EXISTS t")
        database.run(f"CREATE TABLE t (id integer PRIMARY KEY, {declared})")
        source = self.sqlite_input(folder, rows, len(columns)) if stream == "binary" else self.json_input(folder, stream, rows, len(columns))
        job = Job(folder, {"job": "in", "source": source, "sinks": [database.sink(table="t")], "errors": {"max_failed_percent": 100}})
        kept = self.kept_columns(database, job, range(len(columns)))
        if not kept:
            return ["-"] * len(columns)
        outcome = job.run()
        self.assertIn(outcome.code, (0, 3), outcome)
        rejected = self.rejected(job, outcome)
        self.assertEqual(len(rejected), outcome.rows["rejected"])
        there, unread = self.read_back(database, folder / "back", columns, kept, stream)
        cells = {i: set() for i in kept}
        changed = []
        for number, (i, value) in enumerate(rows, 1):
            if i not in cells:
                continue
            if number in rejected or number in unread:
                cells[i].add("reject")
            elif number in there and f"c{i}" in there[number] and is_same(stream, columns[i], value, there[number][f"c{i}"]):
                cells[i].add("=")
            else:
                changed.append((database.kind, stream, columns[i], value if len(str(value)) < 99 else f"{str(value)[:99]}...", there.get(number, "no row")))
        self.changed += changed
        return [" or ".join(sorted(cells[i])) if i in cells else "-" for i in range(len(columns))]

    def table(self, database):
        if database.kind == "postgres":
            database.run(POSTGRES_SETUP)
        by_stream = {stream: self.row_of(database, stream) for stream in VALUES}
        lines = ["", f"## {NAMES[database.kind]}", "", "| column | " + " | ".join(VALUES) + " |", "| --- |" + " --- |" * len(VALUES)]
        for i, column in enumerate(COLUMNS[database.kind]):
            shown = {"code": "domain of a domain of varchar(3)", "single": "domain of real", "mood": "enum"}.get(column, column.removesuffix(" NULL"))
            lines.append(f"| {shown} | " + " | ".join(by_stream[stream][i] for stream in VALUES) + " |")
        return "\n".join(lines) + "\n"

    def test_every_cell_is_exact_refused_or_a_reject_as_the_page_says(self):
        self.changed, parts, skipped = [], [HEAD], []
        page = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
        for kind in KINDS:
            try:
                parts.append(self.table(open_database(self, kind)))
            except unittest.SkipTest as why:
                skipped.append(f"{kind}: {why}")
                found = re.search(rf"\n## {NAMES[kind]}\n.*?(?=\n## |\Z)", page, re.DOTALL)
                parts.append(found[0] if found else "")
        self.assertEqual(self.changed, [], "values that changed in silence:\n" + "\n".join(map(str, self.changed)))
        if os.environ.get("UPDATE"):
            PAGE.write_text("".join(parts), encoding="utf-8")
        self.assertEqual("".join(parts), page)
        if skipped:
            print("SKIPPED: " + "; ".join(skipped), file=sys.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
