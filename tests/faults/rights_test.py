"""Users of a database server who may do less: who may only add rows does so, exactly once; a right that is lacking is named before the run,
with what to GRANT."""

import os
import subprocess

from cases import CaseTest, expand, for_each, main
from databases import SERVERS
from harness import CHUNKMILL, PLUGINS, Job

PASSWORD = "Rights-1-Rights"
ROWS = 200
LEDGER = ("chunkmill_run", "chunkmill_split", "chunkmill_worker")


@expand
class Rights(CaseTest):
    def prepare(self, kind, **options):
        """A table of the administrator's, a ledger that a run of his has made, and a user who may use the ledger alone."""
        self.base = database = self.database(kind)
        self.user = f"clerk_{os.getpid()}"
        if kind == "postgres":
            database.run(f"CREATE ROLE {self.user} LOGIN PASSWORD '{PASSWORD}'; GRANT CONNECT, TEMPORARY ON DATABASE {database.database} "
                         f"TO {self.user}; REVOKE CREATE ON SCHEMA public FROM PUBLIC; GRANT USAGE ON SCHEMA public TO {self.user}")
            self.addCleanup(database.run, f"DROP ROLE {self.user}")
        else:
            database.run(f"CREATE USER {self.user}@'127.0.0.1' IDENTIFIED BY '{PASSWORD}'")
            self.addCleanup(database.run, f"DROP USER {self.user}@'127.0.0.1'")
        self.addCleanup(database.remove)
        database.create("results", {"id": "integer NOT NULL", "v": "integer"}, "UNIQUE (id), CHECK (v >= 0)")
        (self.folder / "empty.csv").write_text("id,v\n")
        (self.folder / "in.csv").write_text("id,v\n" + "".join(f"{i},{i % 50 - 1}\n" for i in range(ROWS)))
        made = self.job(database.sink(table="results"), "empty", path="empty.csv").run()
        self.assert_ended(made, 0)
        for table in LEDGER:
            self.grant("SELECT, INSERT, UPDATE, DELETE", table)
        return self.job(database.sink(table="results", url=database.url(user=self.user, password=PASSWORD), **options), "clerk")

    def job(self, sink, name, path="in.csv"):
        return Job(self.folder / name, {
            "job": name, "source": {"type": "csv", "path": f"../{path}", "columns": {"id": "int64", "v": "int64"}}, "sinks": [sink],
            "chunk": {"rows": 20}, "workers": 2, "retry": {"attempts": 2, "initial_delay": "20ms"}, "errors": {"max_failed_percent": 100}})

    def grant(self, rights, table):
        host = "" if self.base.kind == "postgres" else "@'127.0.0.1'"
        self.base.run(f"GRANT {rights} ON {table} TO {self.user}{host}")

    def validate(self, job):
        return subprocess.run([CHUNKMILL, "validate", "--connect", str(job.path), "--plugin-dir", PLUGINS], capture_output=True, text=True)

    def assert_rows(self):
        found = [(int(row[0]), int(row[1])) for row in self.base.rows("SELECT id, v FROM results ORDER BY id")]
        self.assertEqual(found, [(i, i % 50 - 1) for i in range(ROWS) if i % 50 != 0])

    @for_each(SERVERS)
    def who_may_only_insert_loads_exactly_once_through_a_kill(self, kind):
        job = self.prepare(kind)
        self.grant("INSERT", "results")
        checked = self.validate(job)
        self.assertEqual(checked.returncode, 0, checked)
        self.assertEqual(job.run(failpoint="chunk.committed:4").code, -9)
        outcome = job.run()
        self.assert_ended(outcome, 3)
        self.assertEqual((outcome.rows["written"], outcome.rows["rejected"]), (ROWS - 4, 4))
        self.assert_rows()
        again = job.run()
        self.assert_ended(again, 0)
        self.assertIn("nothing to do", again.err + again.text)
        self.assert_rows()

    @for_each(SERVERS)
    def a_right_that_is_lacking_is_named_before_the_run(self, kind):
        job = self.prepare(kind)
        self.grant("SELECT", "results")
        for said in (self.validate(job), job.run()):
            text = str(said)
            with self.subTest(text=text):
                self.assertIn("GRANT INSERT ON ", text)
                self.assertEqual(getattr(said, "code", getattr(said, "returncode", None)), 69)

    @for_each(SERVERS)
    def an_upsert_names_the_rights_that_it_needs(self, kind):
        job = self.prepare(kind, mode="upsert", key=["id"])
        self.grant("INSERT", "results")
        checked = self.validate(job)
        self.assertEqual(checked.returncode, 69, checked)
        self.assertIn({"postgres": "GRANT SELECT, UPDATE ON public.results TO", "mysql": "GRANT UPDATE ON "}[kind], checked.stderr)
        self.grant("SELECT, UPDATE", "results")
        self.assertEqual(self.validate(job).returncode, 0)
        self.assert_ended(job.run(), 3)
        self.assert_rows()

    def test_mysql_triggers_that_cannot_be_seen_are_warned_of(self):
        job = self.prepare("mysql", mode="replace")
        for right in ("SELECT", "TRIGGER"):
            self.base.run(f"GRANT {right} ON {self.base.database}.* TO {self.user}@'127.0.0.1'")
            checked = self.validate(job)
            self.assertEqual(checked.returncode, 0, checked)
            self.assertEqual(checked.stderr.count("does not show its triggers"), 0 if right == "TRIGGER" else 1, checked)

    def test_postgres_replace_needs_the_table_s_owner(self):
        job = self.prepare("postgres", mode="replace")
        self.grant("SELECT, INSERT, UPDATE, DELETE", "results")
        checked = self.validate(job)
        self.assertEqual(checked.returncode, 69, checked)
        self.assertIn(f"ALTER TABLE public.results OWNER TO {self.user}", checked.stderr)


if __name__ == "__main__":
    main()
