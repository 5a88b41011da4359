#!/usr/bin/env python3
"""Runs the jobs over real files in a copy of this example, and compares how many rows went where with counts.csv.

    check.py CHUNKMILL [JOB...]      UPDATE=1 in the environment writes what was found

Ends with 77, which CTest shows as skipped, when the real files are not there. Python's standard library alone.
"""
import csv
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
EXAMPLES = HERE.parents[1]
ENDED_WELL = (0, 3)  # 3: with rejects


def counts(binary, job):
    """Rows of a job: read, written, filtered, and rejected by code."""
    def said(*arguments):
        done = subprocess.run([binary, *arguments], capture_output=True, text=True, check=False)
        if done.returncode not in ENDED_WELL:
            sys.exit(f"{job.name}: exit code {done.returncode}\n{done.stderr}")
        return done.stdout + done.stderr

    rows = re.search(r"read ([\d,]+) = written ([\d,]+) \+ rejected [\d,]+ \+ filtered ([\d,]+)", said("run", job))
    out = dict(zip(("read", "written", "filtered"), (int(one.replace(",", "")) for one in rows.groups())))
    causes = said("rejects", "list", job, "--limit", "1").split("\n\n")
    for line in causes[1].splitlines()[1:] if len(causes) > 1 else []:
        count, _, code = line.split()[:3]
        out[code] = out.get(code, 0) + int(count.replace(",", ""))
    return out


def main():
    binary, names = Path(sys.argv[1]).resolve(), sys.argv[2:]
    shared = Path(os.environ.get("CHUNKMILL_SHARED", EXAMPLES.parents[1] / "shared" / "data")).resolve()
    if not (shared / "activities").is_dir():
        print(f"SKIPPED: there is no {shared} (CHUNKMILL_SHARED says where the shared data lie)")
        sys.exit(77)
    os.environ["CHUNKMILL_SHARED"] = str(shared)
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for example in ("011_real_orders", "030_scope3_inventory"):
            shutil.copytree(EXAMPLES / example, Path(folder) / example, ignore=shutil.ignore_patterns("*.db*", ".chunkmill"))
        real = Path(folder) / "030_scope3_inventory" / "real"
        for job in sorted(real.glob("*.yaml")):
            if names and job.stem not in names:
                continue
            for what, rows in counts(binary, job).items():
                found.append([job.stem, what, str(rows)])
    if os.environ.get("UPDATE"):
        with open(HERE / "counts.csv", "w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows([["job", "what", "rows"], *found])
        return
    with open(HERE / "counts.csv", newline="", encoding="utf-8") as file:
        expected = [row for row in list(csv.reader(file))[1:] if not names or row[0] in names]
    for row in sorted(map(tuple, expected)) if sorted(expected) != sorted(found) else []:
        if list(row) not in found:
            print("expected", *row)
    for row in found:
        if row not in expected:
            print("found", *row)
    sys.exit(sorted(expected) != sorted(found))


if __name__ == "__main__":
    main()
