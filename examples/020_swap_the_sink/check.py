"""Runs the three jobs into databases of their own: the same table, the same rejects, and job files that differ in the sink's type and
connection only. Ends with 77, which CTest shows as skipped, where a server is missing.

  check.py CHUNKMILL      CHUNKMILL_TEST_POSTGRES and CHUNKMILL_TEST_MYSQL say where the servers are (./dev servers)
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

EXAMPLE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(EXAMPLE.parent.parent / "tests" / "faults"))

from databases import ADDRESSES, KINDS, Sqlite  # noqa: E402

CONNECTION = ("- type:", "path: invoices.db", "url:")
WITH_REJECTS = 3
ROWS = 58
REJECTS = [(18, "unknown_currency"), (25, "bad_number")]


def fail(message):
    sys.exit(f"020_swap_the_sink: {message}")


def rest(kind):
    """The job file without the two lines that may differ."""
    return [line for line in (EXAMPLE / f"{kind}.yaml").read_text().splitlines() if not line.strip().startswith(CONNECTION)]


def run(chunkmill, folder, kind, variables):
    command = [chunkmill, "run", str(folder / f"{kind}.yaml")]
    ran = subprocess.run(command, env={**os.environ, **variables}, capture_output=True, text=True)
    if ran.returncode != WITH_REJECTS:
        fail(f"{kind}: exit code {ran.returncode}\n{ran.stdout}{ran.stderr}")
    again = subprocess.run(command, env={**os.environ, **variables}, capture_output=True, text=True)
    if again.returncode != 0:
        fail(f"{kind}: the second run ended with {again.returncode}\n{again.stderr}")
    exported = subprocess.run([chunkmill, "rejects", "export", str(folder / f"{kind}.yaml")], env={**os.environ, **variables},
                              capture_output=True, text=True, check=True)
    return [(reject["line"], reject["code"]) for reject in map(json.loads, exported.stdout.splitlines())]


def main():
    chunkmill = sys.argv[1]
    missing = [variable for variable, _ in ADDRESSES.values() if variable not in os.environ]
    if missing:
        print(f"SKIPPED: {', '.join(missing)} not set; `./dev servers start; eval \"$(./dev servers env)\"` sets them")
        sys.exit(77)
    for kind in KINDS:
        if rest(kind) != rest("sqlite"):
            fail(f"{kind}.yaml and sqlite.yaml differ in more than the sink's type and connection")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name) / "example"
        shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns(".chunkmill", "*.db*"))
        tables, rejects = {}, {}
        for kind in KINDS:
            variable, make = ADDRESSES.get(kind, ("", None))
            database = make(os.environ[variable]) if make else Sqlite(folder)
            try:
                if kind == "sqlite":
                    database.path = folder / "invoices.db"
                rejects[kind] = run(chunkmill, folder, kind, {variable: database.url()} if make else {})
                tables[kind] = [[name for name, _ in database.columns("invoices")], *database.dump("invoices")]
            finally:
                database.remove()
    for kind in KINDS:
        for mine, theirs in zip(tables[kind], tables["sqlite"]):
            if mine != theirs:
                fail(f"{kind} and sqlite differ:\n{mine}\n{theirs}")
        if len(tables[kind]) != len(tables["sqlite"]):
            fail(f"{kind} has {len(tables[kind])} rows, sqlite {len(tables['sqlite'])}")
        if rejects[kind] != REJECTS:
            fail(f"{kind}: rejects {rejects[kind]}")
    if len(tables["sqlite"]) != ROWS + 1:  # the first is the columns' names
        fail(f"{len(tables['sqlite']) - 1} rows instead of {ROWS}")
    print(f"{ROWS} rows, the same in {', '.join(KINDS)}")


if __name__ == "__main__":
    main()
