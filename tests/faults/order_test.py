"""The source's order in an upsert: the last row of a key stands, with several workers over files of several splits each."""

from cases import CaseTest, expand, for_each, main
from harness import Job

FILES, ROWS, KEYS = 2, 130_000, 5_000
COLUMNS = {"id": "integer", "name": "text"}


class Order(CaseTest):
    def write_input(self):
        """Keys come again in a chunk's neighbours, in other splits, and in the other file. More than 4 MiB a file."""
        rows = []
        for i in range(FILES):
            part = [(n * 7919 % KEYS, f"row {n}, padded to be long enough") for n in range(i * ROWS, (i + 1) * ROWS)]
            (self.folder / f"in-{i}.csv").write_text("id,name\n" + "".join(f'{key},"{name}"\n' for key, name in part))
            rows += part
        self.assertGreater((self.folder / "in-0.csv").stat().st_size, 4 << 20)
        return rows

    def job(self, sink, workers):
        return Job(self.folder, {"job": "order", "source": {"type": "csv", "path": "in-*.csv", "columns": {"id": "int64"}},
                                 "sinks": [sink], "workers": workers, "chunk": {"rows": 5000}})


@expand
class OrderTest(Order):
    @for_each()
    def of_the_rows_of_a_key_the_last_one_stands(self, kind):
        last = dict(self.write_input())
        database = self.database(kind)
        for workers in (2, 4):
            database.clear()
            database.create("results", COLUMNS, "UNIQUE (id)")
            outcome = self.job(database.sink(table="results", mode="upsert", key=["id"]), workers).run("--restart")
            self.assert_ended(outcome, 0)
            left = {int(row[0]): row[1] for row in database.rows("SELECT id, name FROM results")}
            with self.subTest(workers=workers):
                self.assertEqual(left, last)


if __name__ == "__main__":
    main()
