"""`mode: replace` over a table that it would harm: refused by `validate --connect` and by `run`, with the name of what hangs on the table,
and the table keeps its rows."""

import subprocess

from cases import CaseTest, expand, for_each, main
from databases import SERVERS
from harness import CHUNKMILL, PLUGINS, Job

TRIGGER = "CREATE TRIGGER noted AFTER INSERT ON results FOR EACH ROW INSERT INTO log VALUES (1)"


@expand
class Replace(CaseTest):
    def assert_refused(self, database, *words):
        job = Job(self.folder / "job", {
            "job": "job", "source": {"type": "csv", "path": "in.csv", "columns": {"id": "int64"}},
            "sinks": [database.sink(table="results", mode="replace")]})
        (job.folder / "in.csv").write_text("id\n1\n")
        checked = subprocess.run([CHUNKMILL, "validate", "--connect", str(job.path), "--plugin-dir", PLUGINS], capture_output=True, text=True)
        outcome = job.run()
        self.assertEqual((checked.returncode, outcome.code), (78, 78), (checked, outcome))
        for word in words + ("mode: upsert",):
            self.assertIn(word, checked.stderr)
            self.assertIn(word, outcome.err)
        self.assertEqual(database.dump("results"), [("7",)])
        self.assertNotIn("results__chunkmill_new", database.tables())

    def prepare(self, kind):
        database = self.database(kind)
        database.create("results", {"id": "integer PRIMARY KEY"})
        database.run("INSERT INTO results VALUES (7)")
        return database

    @for_each(SERVERS)
    def a_table_that_another_one_refers_to(self, kind):
        database = self.prepare(kind)
        database.create("orders", {"id": "integer"}, "CONSTRAINT ordered FOREIGN KEY (id) REFERENCES results (id)")
        self.assert_refused(database, "the foreign key", "ordered", "orders")

    def test_mysql_a_table_with_a_foreign_key_of_its_own(self):
        database = self.prepare("mysql")
        database.create("parents", {"id": "integer PRIMARY KEY"})
        database.run("INSERT INTO parents VALUES (7)")
        database.run("ALTER TABLE results ADD CONSTRAINT born FOREIGN KEY (id) REFERENCES parents (id)")
        self.assert_refused(database, 'has the foreign key "born"')

    def test_mysql_a_table_with_a_trigger(self):
        database = self.prepare("mysql")
        database.create("log", {"n": "integer"})
        database.run(TRIGGER)
        self.assert_refused(database, 'has the trigger "noted"')

    def test_postgres_a_check_that_waits_for_the_commit_is_named_with_the_way_out(self):
        database = self.prepare("postgres")
        database.run("CREATE FUNCTION no_five() RETURNS trigger LANGUAGE plpgsql AS "
                     "$$ BEGIN IF new.id = 5 THEN RAISE EXCEPTION 'no five'; END IF; RETURN NULL; END $$")
        database.run("CREATE CONSTRAINT TRIGGER late AFTER INSERT ON results DEFERRABLE INITIALLY DEFERRED "
                     "FOR EACH ROW EXECUTE FUNCTION no_five()")
        job = Job(self.folder / "job", {
            "job": "job", "source": {"type": "csv", "path": "in.csv", "columns": {"id": "int64"}},
            "sinks": [database.sink(table="results", mode="replace")]})
        (job.folder / "in.csv").write_text("id\n4\n5\n")
        outcome = job.run()
        self.assertEqual(78, outcome.code, outcome)
        for word in ("results", "no five", "mode: upsert", "keeps its old ones"):
            self.assertIn(word, outcome.summary["message"])
        self.assertEqual(database.dump("results"), [("7",)])
        (job.folder / "in.csv").write_text("id\n4\n6\n")
        self.assertEqual(0, job.run("--restart").code)
        self.assertEqual(database.dump("results"), [("4",), ("6",)])


if __name__ == "__main__":
    main()
