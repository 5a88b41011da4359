"""Where a run begins, as the ledgers say it: anew after a kill before the first commit, with the recorded files where new ones came, and
with a warning where a job of the same name has loaded the same table."""

from cases import CaseTest, expand, for_each, main
from harness import Job, query

ROWS = 40
COLUMNS = {"id": "integer", "v": "text"}


def lines(first, text="a"):
    return "id,v\n" + "".join(f"{i},{text}{i}\n" for i in range(first, first + ROWS))


class Begin(CaseTest):
    def job(self, *sinks, name="job", **extra):
        (self.folder / name).mkdir()
        (self.folder / name / "in-1.csv").write_text(lines(0))
        (self.folder / name / "in-2.csv").write_text(lines(ROWS))
        return Job(self.folder / name, {
            "job": "monthly", "source": {"type": "csv", "path": "in-*.csv", "columns": {"id": "int64"}}, "sinks": list(sinks),
            "chunk": {"rows": 10}, "workers": 1, **extra})

    def assert_ids(self, database, ids, table="rows_of_it"):
        self.assertEqual(sorted(int(row[0]) for row in database.rows(f"SELECT id FROM {table}")), list(ids))


@expand
class KilledBeforeItsFirstCommit(Begin):
    CHANGED = {"v": "string", "id": "string"}

    def assert_begins_anew(self, job, failpoint):
        self.assertEqual(job.run(failpoint=failpoint).code, -9)
        job.write({**job.spec, "source": {**job.spec["source"], "columns": self.CHANGED}})
        outcome = job.run()
        self.assert_ended(outcome, 0)
        self.assertEqual(outcome.rows["written"], 2 * ROWS)

    @for_each()
    def a_run_that_has_committed_nothing_gives_way_to_a_changed_job(self, kind):
        for failpoint in ("run.begun:1", "run.attached:1", "chunk.written:1"):
            with self.subTest(failpoint=failpoint):
                database = self.database(kind)
                job = self.job(database.sink(table="rows_of_it"), name=failpoint.split(":")[0])
                database.create("rows_of_it", {"id": "text", "v": "text"})
                # The first job writes numbers into a table of texts, which is checked: it writes texts too.
                job.write({**job.spec, "source": {**job.spec["source"], "columns": {"id": "string"}}})
                self.assert_begins_anew(job, failpoint)
                self.assert_ids(database, range(2 * ROWS))
                database.clear()

    @for_each()
    def two_sinks_give_way_too(self, kind):
        for failpoint in ("run.begun:1", "run.sink_attached:1", "run.attached:1", "chunk.written:1"):
            with self.subTest(failpoint=failpoint):
                database = self.database(kind)
                job = self.job(database.sink(table="rows_of_it"), {"type": "csv", "path": "out.csv"}, name=failpoint.split(":")[0])
                job.write({**job.spec, "source": {**job.spec["source"], "columns": {"id": "string"}}})
                self.assert_begins_anew(job, failpoint)
                self.assert_ids(database, range(2 * ROWS))
                self.assertEqual(len((job.folder / "out.csv").read_text().splitlines()), 1 + 2 * ROWS)
                database.clear()

    @for_each()
    def a_run_that_has_committed_a_chunk_does_not(self, kind):
        for failpoint in ("chunk.committed:1", "chunk.recorded:1"):
            with self.subTest(failpoint=failpoint):
                database = self.database(kind)
                job = self.job(database.sink(table="rows_of_it"), name=failpoint.split(":")[0])
                self.assertEqual(job.run(failpoint=failpoint).code, -9)
                job.write({**job.spec, "source": {**job.spec["source"], "columns": self.CHANGED}})
                outcome = job.run()
                self.assertEqual(outcome.code, 78, outcome)
                self.assertIn("unfinished", outcome.err)
                self.assert_ids(database, range(10))
                database.clear()

    def test_sqlite_rows_in_another_target_do_not_count_as_none(self):
        """The first chunk is in a.db; the job that names b.db must not leave it behind unsaid."""
        job = self.job({"type": "sqlite", "path": "a.db", "table": "t"})
        self.assertEqual(job.run(failpoint="chunk.committed:1").code, -9)
        job.write({**job.spec, "sinks": [{"type": "sqlite", "path": "b.db", "table": "t"}]})
        outcome = job.run()
        self.assertEqual(outcome.code, 78, outcome)
        self.assertFalse((job.folder / "b.db").exists() and query(job.folder / "b.db", "SELECT * FROM t"))

    def test_sqlite_a_new_run_that_only_one_of_two_sinks_knows_goes_on(self):
        """The finished run is in both ledgers, the new one in the first alone."""
        job = self.job({"type": "sqlite", "path": "a.db", "table": "t", "mode": "replace"}, {"type": "csv", "path": "out.csv"})
        self.assert_ended(job.run(), 0)
        (job.folder / "in-1.csv").write_text(lines(0, "b"))
        self.assertEqual(job.run(failpoint="run.sink_attached:1").code, -9)
        self.assert_ended(job.run(), 0)
        self.assertEqual(query(job.folder / "a.db", "SELECT count(*), sum(v LIKE 'b%') FROM t"), [(2 * ROWS, ROWS)])
        self.assertEqual((job.folder / "out.csv").read_text().count(",b"), ROWS)


@expand
class NewFiles(Begin):
    @for_each()
    def an_unfinished_run_leaves_a_file_that_came_to_the_next_one(self, kind):
        database = self.database(kind)
        job = self.job(database.sink(table="rows_of_it"), workers=2)
        self.assertEqual(job.run(failpoint="chunk.committed:3").code, -9)
        # Before, between and behind the others.
        for name, first in (("in-0", 2), ("in-10", 3), ("in-3", 4)):
            (job.folder / f"{name}.csv").write_text(lines(first * ROWS))
        outcome = job.run()
        self.assert_ended(outcome, 0)
        self.assertIn("in-0.csv, in-10.csv, in-3.csv came since run", outcome.err)
        self.assertIn("run the same command once more to load what came", outcome.err)
        self.assert_ids(database, range(2 * ROWS))
        self.assertEqual(outcome.rows["written"], 2 * ROWS)
        outcome = job.run()
        self.assert_ended(outcome, 0)
        self.assert_ids(database, range(5 * ROWS))
        self.assertEqual(outcome.rows["written"], 5 * ROWS)

    def test_sqlite_an_unfinished_run_refuses_a_file_that_changed_beside_one_that_came(self):
        job = self.job({"type": "sqlite", "path": "a.db", "table": "t"})
        self.assertEqual(job.run(failpoint="chunk.committed:3").code, -9)
        (job.folder / "in-2.csv").write_text(lines(ROWS, "b"))
        (job.folder / "in-3.csv").write_text(lines(2 * ROWS))
        outcome = job.run()
        self.assertEqual(outcome.code, 78, outcome)
        self.assertIn("changed: input: in-2.csv", outcome.err)
        self.assertIn("new:     input: in-3.csv", outcome.err)


@expand
class SameName(Begin):
    WARNING = "a job of the same name under another id, monthly@"

    def both(self, kind, **options):
        database = self.database(kind)
        sink = database.sink(table="rows_of_it", **options)
        self.assert_ended(self.job(sink, name="first").run(), 0)
        return database, self.job(sink, name="second").run()

    @for_each()
    def a_job_of_the_same_name_in_another_folder_is_warned_of(self, kind):
        database, outcome = self.both(kind)
        self.assert_ended(outcome, 0)
        self.assertEqual(outcome.err.count(self.WARNING), 1, outcome)
        self.assertIn('into table "rows_of_it"', outcome.err)
        self.assert_ids(database, sorted(2 * list(range(2 * ROWS))))

    @for_each()
    def not_where_the_same_rows_leave_the_same_table(self, kind):
        database, outcome = self.both(kind, mode="upsert", key=["id"])
        self.assert_ended(outcome, 0)
        self.assertNotIn(self.WARNING, outcome.err)
        self.assert_ids(database, range(2 * ROWS))

    @for_each()
    def the_warning_comes_before_a_row_is_written(self, kind):
        database = self.database(kind)
        sink = database.sink(table="rows_of_it")
        self.assert_ended(self.job(sink, name="first").run(), 0)
        outcome = self.job(sink, name="second").run(failpoint="run.attached:1")
        self.assertIn(self.WARNING, outcome.err)
        self.assert_ids(database, range(2 * ROWS))

    def test_sqlite_shards_and_replays_of_one_job_are_not_another_job(self):
        job = self.job({"type": "sqlite", "path": "a.db", "table": "t"})
        for shard in ("0/2", "1/2"):
            outcome = job.run("--shard", shard)
            self.assert_ended(outcome, 0)
            self.assertNotIn(self.WARNING, outcome.err)
        self.assertEqual(query(job.folder / "a.db", "SELECT count(*), count(DISTINCT id) FROM t"), [(2 * ROWS, 2 * ROWS)])


if __name__ == "__main__":
    main()
