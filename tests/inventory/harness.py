"""Runs the example of all fifteen categories over ledgers that a test makes, and reads what comes out."""
import csv
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "030_scope3_inventory"
BINARY = Path(os.environ.get("CHUNKMILL_BUILD_DIR", ROOT / "build" / "release")) / "chunkmill"
# As text, so that it says what was written, byte for byte.
SINKS = "sinks=[{type: csv, path: results.csv}, {type: csv, path: parts.csv, from: parts}]"
FINISHED_WITH_REJECTS = 3


def shared():
    """The folder of the shared data, or None."""
    folder = Path(os.environ.get("CHUNKMILL_SHARED", ROOT.parent / "shared" / "data"))
    return folder if folder.is_dir() else None


def ledger():
    """The example's lines, without the one that stands twice."""
    rows = [json.loads(line) for line in (EXAMPLE / "data" / "ledger.jsonl").read_text().splitlines()]
    seen = set()
    return [row for row in rows if not (row["line"] in seen or seen.add(row["line"]))]


class Inventory:
    """The example's job in a folder of its own."""

    def __init__(self, rows):
        self._folder = tempfile.TemporaryDirectory()
        self.folder = Path(self._folder.name)
        for name in ("job.yaml", "lookups"):
            source = EXAMPLE / name
            (shutil.copytree if source.is_dir() else shutil.copy)(source, self.folder / name)
        (self.folder / "data").mkdir()
        (self.folder / "data" / "ledger.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self._folder.cleanup()

    def run(self, *sets):
        command = [BINARY, "run", "--restart", "--quiet", self.folder / "job.yaml", "--set", SINKS]
        for one in sets:
            command += ["--set", one]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode not in (0, FINISHED_WITH_REJECTS):
            raise AssertionError(f"exit code {done.returncode}\n{done.stderr}")
        return self

    def bytes_of(self, name):
        return (self.folder / name).read_bytes()

    def results(self):
        """By line of the ledger."""
        with open(self.folder / "results.csv", newline="", encoding="utf-8") as file:
            return {row["line"]: row for row in csv.DictReader(file)}


def results_of(rows, *sets):
    with Inventory(rows) as inventory:
        return inventory.run(*sets).results()


def kilograms(result):
    return float(result["emissions_kgco2e"])
