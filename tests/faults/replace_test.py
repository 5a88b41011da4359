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


if __name__ == "__main__":
    main()
