"""kill -9 between any two steps and at random moments: what the same command leaves in the end is what an undisturbed run leaves."""

import gzip
import random
import unittest

from harness import FaultTest, Job, execute, ledger, query, table

FILES = 4
ROWS_IN_FILE = 600
CHUNK = 50
# Each is passed many times a run; which passage is part of the point's name.
CHUNK_POINTS = ["chunk.read", "chunk.calculated", "chunk.begun", "chunk.written", "chunk.rejects_stored",
                "chunk.committed", "chunk.recorded"]
POINTS = [f"{name}:{passage}" for name in CHUNK_POINTS for passage in (1, 2, 7, 20, 41)]
POINTS += ["run.begun:1", "run.attached:1", "run.finishing:1", "run.sink_finished:1", "run.ended:1"]
SEED = 20240229


def csv_text(first):
    """Rows of which some cannot be read, some cannot be calculated, and some are refused by the table."""
    lines = ["id,name,amount,currency"]
    for i in range(first, first + ROWS_IN_FILE):
        amount = "much" if i % 211 == 7 else f"{i % 977}.5"
        currency = "XXX" if i % 173 == 5 else ("EUR", "USD", "CHF")[i % 3]
        lines.append(f'{i},"name {i}, of {i % 7}",{amount},{currency}')
    return "\n".join(lines) + "\n"


def strict_table(name):
    return (f"CREATE TABLE {name} (id INTEGER PRIMARY KEY CHECK (id % 89 <> 3), name TEXT, amount REAL, "
            "currency TEXT, amount_EUR REAL);")


def bare_table(name):
    """Takes a row twice, so that a chunk that is written twice shows."""
    return f"CREATE TABLE {name} (id INTEGER CHECK (id % 89 <> 3), name TEXT, amount REAL, currency TEXT, amount_EUR REAL);"


class Case:
    """A job, and what it leaves."""

    def __init__(self, folder, sinks, compressed=False, source=None, **extra):
        self.folder = folder
        folder.mkdir()
        for i in range(FILES):
            data = csv_text(i * ROWS_IN_FILE).encode()
            name = f"in-{i}.csv" + (".gz" if compressed else "")
            (folder / name).write_bytes(gzip.compress(data) if compressed else data)
        if any(sink["type"] == "sqlite" for sink in sinks):
            execute(folder / "out.db", bare_table("results") + strict_table("others"))
        self.sinks = sinks
        self.job = Job(folder, {
            "job": "kill", "source": {"type": "csv", "path": "in-*.csv*", "columns": {"id": "int64"}, **(source or {})},
            "calculators": [{"type": "fx_convert", "target": "EUR", "rates": {"EUR": 1, "USD": 0.9, "CHF": 1.05}}],
            "sinks": sinks, "chunk": {"rows": CHUNK}, "workers": 2, "errors": {"max_failed_percent": 100}, **extra})

    def left(self):
        """Everything that must be the same: rows, the ledger's counts, the mirror's, rejects."""
        found = {"rejects": self.job.rejects(), "mirror": self.job.mirror()}
        for i, sink in enumerate(self.sinks):
            if sink["type"] == "sqlite":
                for name in ("results", "others"):
                    found[f"{name} {i}"] = table(self.folder / "out.db", name)
                found["ledger"] = sorted(ledger(self.folder / "out.db", self.folder))
            elif sink["type"] == "files":
                # What begins with a dot was not committed.
                found[f"files {i}"] = {file.name: file.read_text() for file in (self.folder / sink["folder"]).iterdir()
                                       if not file.name.startswith(".")}
            else:
                data = (self.folder / sink["path"]).read_bytes()
                data = gzip.decompress(data) if sink["path"].endswith(".gz") else data
                # With `order: source` the file itself is the same, byte for byte.
                ordered = self.job.spec.get("order") == "source"
                found[f"rows {i}"] = data if ordered else sorted(data.splitlines())
        return found


SQLITE = {"type": "sqlite", "path": "out.db", "table": "results", "mode": "insert", "synchronous": "off"}
CSV = {"type": "csv", "path": "out.csv"}
FILE_A_ROW = {"type": "files", "folder": "out", "name": "name", "content": "name"}
JSONL = {"type": "jsonl", "path": "out.jsonl.gz", "compression": "gzip"}


class KillTest(FaultTest):
    def expected(self, sinks, **extra):
        case = Case(self.folder / "undisturbed", sinks, **extra)
        outcome = case.job.run()
        self.assert_ended(outcome, 3)
        self.assertEqual(outcome.rows["read"], FILES * ROWS_IN_FILE)
        return case.left(), outcome.summary["time_seconds"]

    def at_points(self, sinks, points, **extra):
        expected, _ = self.expected(sinks, **extra)
        for point in points:
            with self.subTest(point=point):
                case = Case(self.folder / point.replace(":", "-"), sinks, **extra)
                killed = case.job.run(failpoint=point)
                self.assertEqual(killed.code, -9, f"{point} was never passed: {killed}")
                outcome = case.job.run()
                self.assertIn(outcome.code, (0, 3), outcome)
                self.assert_same(case, expected)
        return expected

    def assert_same(self, case, expected, message=""):
        left = case.left()
        for name, value in expected.items():
            self.assertEqual(left[name], value, f"{name} {message}")

    def at_random(self, sinks, kills, seed, **extra):
        """Kills until so many have hit; whenever a run comes to its end, looks at it and begins another one."""
        expected, seconds = self.expected(sinks, **extra)
        delay = random.Random(seed)
        hits = runs = 0
        while hits < kills:
            runs += 1
            case = Case(self.folder / f"random-{runs}", sinks, **extra)
            while True:
                # Loading and opening take their part too, and are worth a kill.
                outcome = case.job.run_killed_after(delay.uniform(0, seconds + 0.05) if hits < kills else 60)
                if outcome.code != -9:
                    break
                hits += 1
            self.assertIn(outcome.code, (0, 3), outcome)
            self.assert_same(case, expected, f"after {hits} kills, seed {seed}")

    def test_sqlite_at_every_point(self):
        self.at_points([SQLITE], POINTS)

    def test_sqlite_at_50_random_moments(self):
        self.at_random([SQLITE], 50, SEED)

    def test_replace_mode(self):
        replace = dict(SQLITE, mode="replace")
        points = ["run.attached:1", "chunk.committed:1", "chunk.recorded:30", "run.finishing:1", "run.sink_finished:1"]
        self.at_points([replace], points)

    def test_csv_file(self):
        self.need("sink", "csv")
        points = ["chunk.begun:9", "chunk.written:5", "chunk.committed:1", "chunk.committed:41", "run.finishing:1",
                  "run.sink_finished:1"]
        self.at_points([CSV], points)
        self.at_random_files([CSV], 10, SEED + 1)

    def at_random_files(self, sinks, kills, seed):
        self.folder = self.folder / "files"
        self.folder.mkdir()
        self.at_random(sinks, kills, seed)

    def test_a_file_for_each_row(self):
        self.need("sink", "files")
        expected = self.at_points([FILE_A_ROW], ["chunk.begun:9", "chunk.written:1", "chunk.written:20", "chunk.committed:1",
                                                 "chunk.committed:41", "chunk.recorded:7", "run.finishing:1"])
        self.assertGreater(len(expected["files 0"]), 2000)
        self.assertTrue(all(name == content for name, content in expected["files 0"].items()))
        self.at_random_files([FILE_A_ROW], 10, SEED + 2)

    def test_jsonl_file_gzip_input_and_source_order(self):
        self.need("sink", "jsonl")
        self.at_points([JSONL], ["chunk.committed:7", "chunk.written:20", "run.finishing:1"], compressed=True,
                       order="source")

    def test_two_sinks_with_refused_rows(self):
        # The first commit of a chunk may be all there is of it: odd passages fall between the two sinks.
        points = [f"chunk.committed:{n}" for n in (1, 2, 3, 9, 24, 41)] + ["chunk.rejects_stored:3"]
        self.at_points([dict(SQLITE, table="others"), CSV], points)

    def test_two_tables_in_one_transaction(self):
        both = {name: SQLITE[name] for name in ("type", "path", "synchronous")}
        both["tables"] = {"results": {"mode": "insert"}, "others": {"mode": "insert"}}
        self.at_points([both], ["chunk.committed:1", "chunk.committed:14", "chunk.written:3", "chunk.begun:40"])

    def test_parts_of_files_in_source_order(self):
        self.need("sink", "csv")
        points = ["chunk.committed:3", "chunk.recorded:19", "chunk.calculated:33", "run.finishing:1"]
        left = self.at_points([CSV], points, source={"split_bytes": "4KiB"}, order="source")
        self.assertGreater(len(left["mirror"]), FILES, "the files were not cut")

    def test_keep_together(self):
        self.at_points([SQLITE], ["chunk.committed:2", "chunk.recorded:5"], chunk={"rows": 20, "keep_together": "currency"})

    def test_killed_again_and_again_at_the_same_point(self):
        expected, _ = self.expected([SQLITE])
        case = Case(self.folder / "again", [SQLITE])
        kills = 0
        while (outcome := case.job.run(failpoint="chunk.committed:3")).code == -9:
            kills += 1
        self.assertGreater(kills, 10)
        self.assertIn(outcome.code, (0, 3), outcome)
        self.assert_same(case, expected)


class NegativeControl(FaultTest):
    """The comparison must see what exactly-once prevents, else it proves nothing."""

    def test_without_the_ledger_row_rows_come_twice(self):
        reference = Case(self.folder / "undisturbed", [SQLITE])
        reference.job.run()
        case = Case(self.folder / "cheated", [SQLITE])
        self.assertEqual(case.job.run(failpoint="chunk.recorded:9").code, -9)
        execute(self.folder / "cheated" / "out.db", "DELETE FROM chunkmill_split; DELETE FROM chunkmill_run;")
        case.job.run()
        self.assertNotEqual(case.left()["results 0"], reference.left()["results 0"])

    def test_without_a_ledger_a_chunk_comes_twice(self):
        def sink(keeps):
            return {"type": "faulty", "path": "out.txt", "keeps_position": keeps}

        def rows(case):
            return sorted(line for line in (case.folder / "out.txt").read_text().splitlines() if line.startswith("row"))

        reference = Case(self.folder / "undisturbed", [sink(False)])
        reference.job.run()
        for keeps in (True, False):
            case = Case(self.folder / f"keeps-{keeps}", [sink(keeps)])
            self.assertEqual(case.job.run(failpoint="chunk.committed:5").code, -9)
            case.job.run()
            self.assertEqual(rows(case) == rows(reference), keeps)
            # At least once, all the same: none is missing.
            self.assertEqual(set(rows(case)), set(rows(reference)))


if __name__ == "__main__":
    unittest.main(verbosity=2)
