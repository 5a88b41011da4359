"""Names that would break out of their quotes: each is kept as it is or refused with a message, and no other table is touched."""

import csv
import io

from cases import LONG, CaseTest, expand, for_each, main
from harness import PLUGINS_WITHOUT_QUOTES, Job

# Ends the statement that makes the table, and adds one of its own.
BREAKS_OUT = {"sqlite": 'x" (id); DROP TABLE victim; --', "postgres": 'x" (id int); DROP TABLE victim; --',
              "mysql": "x` (id int); DROP TABLE victim; --"}
NAMES = [
    *BREAKS_OUT.values(), 'x"; DROP TABLE victim; --', "x`; DROP TABLE victim; --", "x'); DROP TABLE victim; --", 'a"b', 'a""b', '"', "`", "'", "a`b", "back\\slash", "semi;colon",
    "select", "table", "order", "user", "two words", " ahead", "behind ", "tab\there", "line\nbreak", "percent%s%n", "question?mark", "dollar$1",
    "brace{}", ":colon", "@at", "ünïcödé", "表", "Ünten", "e\u0301", "\U0001f600", "UPPER", "upper", "a.b", "1", "--", "/*", "a" * 63, "b" * 64,
    "c" * 65, "ä" * 32, "d" * 70, "main", "batch", "rowid", "excluded", "null",
]
VICTIM = [("1", "untouched")]


class Identifiers(CaseTest):
    def prepare(self, kind):
        database = self.database(kind)
        database.create("victim", {"id": "integer", "name": "text"})
        database.run("INSERT INTO victim VALUES (1, 'untouched')")
        return database

    def run_job(self, database, table, column, name, *arguments):
        folder = self.folder / f"{database.kind}-{name}"
        folder.mkdir()
        text = io.StringIO()
        csv.writer(text, quoting=csv.QUOTE_ALL).writerows([[column, "plain"], ["7", "seven"], ["8", "eight"]])
        (folder / "in.csv").write_text(text.getvalue())
        job = Job(folder, {"job": "names", "source": {"type": "csv", "path": "in.csv"}, "sinks": [database.sink(table=table)]})
        return job.run(*arguments)

    def check(self, database, table, column, name):
        """Kept or refused; says which."""
        outcome = self.run_job(database, table, column, name)
        made = {other for other in database.tables() if not other.startswith("chunkmill_")} - {"victim"}
        if outcome.code == 0:
            self.assertEqual(made, {table})
            self.assertEqual([name for name, _ in database.columns(table)], [column, "plain"])
            self.assertEqual(database.dump(table), [("7", "seven"), ("8", "eight")])
            database.run(f"DROP TABLE {database.name(table)}")
            return True
        self.assertEqual(outcome.code, 78, outcome)
        self.assertEqual(made, set())
        return False

    def check_all(self, kind, table_of, column_of):
        database = self.prepare(kind)
        kept = 0
        for i in range(len(NAMES)):
            with self.subTest(table=table_of(i), column=column_of(i)):
                kept += self.check(database, table_of(i), column_of(i), str(i))
        self.assertEqual(database.dump("victim"), VICTIM)
        self.assertGreater(kept, len(NAMES) * 0.6)
        print(f"{self.id()}: {kept} of {len(NAMES)} kept, the others refused", flush=True)


@expand
class IdentifiersTest(Identifiers):
    @for_each()
    def names_of_tables_and_columns(self, kind):
        if LONG:
            self.check_all(kind, lambda i: NAMES[i], lambda i: "id")
            self.setUp()
            self.check_all(kind, lambda i: f"t{i}", lambda i: NAMES[i])
        else:
            self.check_all(kind, lambda i: NAMES[i], lambda i: NAMES[(i + 1) % len(NAMES)])

    def test_postgres_two_names_that_it_would_cut_to_the_same(self):
        database = self.prepare("postgres")
        folder = self.folder / "cut"
        folder.mkdir()
        (folder / "in.csv").write_text("x" * 69 + "1," + "x" * 69 + "2\n1,2\n")
        job = Job(folder, {"job": "cut", "source": {"type": "csv", "path": "in.csv"}, "sinks": [database.sink(table="t")]})
        outcome = job.run()
        self.assertEqual(outcome.code, 78, outcome)
        self.assertIn("63", str(outcome))


class NegativeControl(Identifiers):
    """A sink that leaves quotes inside a name as they are does harm, or breaks, with the very names that these tests use."""

    def without_quotes(self, kind):
        self.need_variant("unquoted", kind)
        database = self.prepare(kind)
        before = database.tables()
        name = BREAKS_OUT[kind]
        outcome = self.run_job(database, name, "id", "control", "--plugin-dir", PLUGINS_WITHOUT_QUOTES)
        harmed = "victim" not in database.tables()
        kept = outcome.code == 0 and name in database.tables() - before
        self.assertTrue(harmed or not kept, outcome)
        return harmed

    def test_postgres_without_quotes_another_table_is_dropped(self):
        self.assertTrue(self.without_quotes("postgres"))

    def test_sqlite_without_quotes_the_name_is_not_kept(self):
        self.without_quotes("sqlite")

    def test_mysql_without_quotes_the_name_is_not_kept(self):
        self.without_quotes("mysql")


if __name__ == "__main__":
    main()
