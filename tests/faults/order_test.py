"""The source's order in an upsert: the last row of a key stands, with several workers over files of several splits each."""

from cases import CaseTest, expand, for_each, main
from harness import Job, wait_until

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


@expand
class OrderThroughKills(Order):
    """Small files of several splits each: the last row of a key stands whatever happens on the way."""

    def write_input(self):
        rows = []
        for i in range(FILES):
            part = [(n * 7 % 100, f"row {n}") for n in range(i * 1_000, (i + 1) * 1_000)]
            (self.folder / f"in-{i}.csv").write_text("id,name\n" + "".join(f'{key},"{name}"\n' for key, name in part))
            rows += part
        return rows

    def small(self, database, *more, **options):
        database.create("results", COLUMNS, "UNIQUE (id)")
        job = self.job(database.sink(table="results", mode="upsert", key=["id"]), options.pop("workers", 4))
        job.write({**job.spec, "source": {**job.spec["source"], "split_bytes": 2_000}, "chunk": {"rows": 50},
                   "sinks": job.spec["sinks"] + list(more), **options})
        return job

    def assert_last(self, database, rows):
        self.assertEqual({int(row[0]): row[1] for row in database.rows("SELECT id, name FROM results")}, dict(rows))

    @for_each()
    def the_last_row_stands_after_kills(self, kind):
        rows = self.write_input()
        database = self.database(kind)
        for step in ("chunk.written:5", "chunk.committed:7", "chunk.recorded:9"):
            with self.subTest(step=step):
                database.clear()
                job = self.small(database)
                self.assertEqual(job.run("--restart", failpoint=step).code, -9)
                self.assertEqual(job.run(failpoint=step).code, -9)
                self.assert_ended(job.run(), 0)
                self.assert_last(database, rows)

    @for_each(("postgres", "mysql"))
    def the_last_row_stands_where_two_processes_share_the_run(self, kind):
        rows = self.write_input()
        database = self.database(kind)
        # The first one takes a second for it, so that the second one finds work.
        job = self.small(database, workers=2, rate={"rows_per_second": len(rows)})
        first = job.start()
        self.addCleanup(first.kill)
        wait_until(lambda: database.count("results") > 0, "the first rows")
        for outcome in [job.wait(process) for process in [first, job.start()]]:
            self.assert_ended(outcome, 0)
            self.assertEqual(outcome.rows["written"], len(rows), outcome)
        self.assert_last(database, rows)

    @for_each()
    def a_run_that_began_in_any_order_goes_on_in_order_into_two_sinks(self, kind):
        """Rows of a key may have been overwritten by earlier ones before; none is lost or doubled, in neither sink."""
        rows = self.write_input()
        for step in ("chunk.committed:9", "chunk.committed:10", "chunk.recorded:8"):
            with self.subTest(step=step):
                database = self.database(kind)
                database.clear()
                job = self.small(database, {"type": "jsonl", "path": "out.jsonl"}, order="any")
                self.assertEqual(job.run("--restart", failpoint=step).code, -9)
                job.write({name: value for name, value in job.spec.items() if name != "order"})
                self.assert_ended(job.run(), 0)
                self.assertEqual(database.count("results"), 100)
                lines = (self.folder / "out.jsonl").read_text().splitlines()
                self.assertEqual(sorted(lines), sorted(f'{{"id":{key},"name":"{name}"}}' for key, name in rows))


if __name__ == "__main__":
    main()
