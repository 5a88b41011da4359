"""The contest over all fifteen categories: a mixed ledger, a route, every column of a result."""
import json
import os
import pathlib
import statistics

from contests import contest
from real_factors import write_factors

BENCH = pathlib.Path(__file__).resolve().parent
MADE_UP_FACTORS = 5_000
MANY_FACTORS = 100_000
WANTED_RATE = 1_500_000
WANTED_PART = 0.5
MOST_PROVENANCE = 1.25
MOST_MEMORY = 96


class Scope3:
    """The ledger, its factors, and runs of the jobs over them."""

    def __init__(self, bench):
        self.bench = bench

    def make(self, name, *arguments):
        return self.bench.generate(name, *arguments, maker="make_ledger")

    def ledger(self, rows, category=None):
        if category is None:
            return self.make(f"ledger-{rows}.csv", "ledger", str(rows))
        return self.make(f"ledger-{rows}-category-{category}.csv", "ledger", str(rows), str(category))

    def factors(self, count):
        return self.make(f"ledger-factors-{count}.csv", "factors", str(count))

    def run(self, job, ledger, detail, factors=None):
        """One run: (seconds, peak KiB)."""
        return self.bench.chunkmill(job, 100, BENCH_LEDGER=ledger, BENCH_DETAIL=detail, format="json",
                                    BENCH_FACTORS=factors or self.factors(MADE_UP_FACTORS))

    def calculating(self, factors, ledger, rows):
        """Nanoseconds a row in the calculator, by the run's own report: reading the factors is not in it."""
        self.run("scope3_one", ledger, "full", factors)
        report = json.loads((self.bench.work / "last.log").read_text())
        return report["calculate_seconds"] / rows * 1e9


def scope3(bench, rounds):
    runs, rows = Scope3(bench), bench.rows
    all_of_them, first = runs.ledger(rows), runs.ledger(rows, 1)
    times = contest(rounds, lambda: runs.run("scope3", all_of_them, "full")[0], {
        "lean": lambda: runs.run("scope3", all_of_them, "lean")[0],
        "category 1 alone, the same columns": lambda: runs.run("scope3_one", first, "full")[0],
        "category 1 alone, `discard` above": lambda: bench.chunkmill("to_discard", rows)[0]})
    seconds = {name: statistics.median(one) for name, one in times.items()}
    title = "ledger of 15 categories -> route -> discard, `detail: full`"
    ours = seconds.pop("chunkmill")
    rate = f"{rows / ours:,.0f} rows/s"
    yield title, rate, "", "", f"{WANTED_RATE:,} rows/s", "yes" if rows / ours >= WANTED_RATE else "NO"
    lean = seconds.pop("lean")
    yield title, rate, f"the same, `detail: lean`: {rows / lean:,.0f} rows/s", f"{ours / lean:.2f} x the time", \
        f"under {MOST_PROVENANCE} x", "yes" if ours / lean < MOST_PROVENANCE else "NO"
    for name, one in seconds.items():
        yield title, rate, f"{name}: {rows / one:,.0f} rows/s", f"{one / ours:.2f} x", f"{WANTED_PART} x", \
            "yes" if one / ours >= WANTED_PART else "NO"


def scope3_factors(bench, rounds):
    """What a row costs does not depend on how many factors there are."""
    runs, rows = Scope3(bench), min(bench.rows, 2_000_000)
    ledger = runs.ledger(rows, 1)
    few, many = runs.factors(MADE_UP_FACTORS), runs.factors(MANY_FACTORS)
    costs = {few: [], many: []}
    for _ in range(rounds):
        for factors, nanoseconds in costs.items():
            nanoseconds.append(runs.calculating(factors, ledger, rows))
    costs = {factors: statistics.median(nanoseconds) for factors, nanoseconds in costs.items()}
    ratio = costs[many] / costs[few]
    yield "category 1, `detail: full`, calculating", \
        f"{costs[many]:.0f} ns a row with {MANY_FACTORS:,} factors", \
        f"{costs[few]:.0f} ns a row with {MADE_UP_FACTORS:,} factors", f"{ratio:.2f} x the time", "1.0 x", \
        "yes" if ratio < 1.1 else "NO"


def scope3_memory(bench, rounds):
    """Peak memory with all factors of DESNZ and EPA that the shared data have, beside the ledger's own."""
    runs = Scope3(bench)
    shared = pathlib.Path(os.environ.get("CHUNKMILL_SHARED", bench.root.parent / "shared" / "data")) / "factors"
    if not shared.is_dir():
        yield "peak memory with all factors of DESNZ and EPA", f"not measured: there is no {shared}", "", "", "", ""
        return
    factors = bench.data / "real-factors.csv"
    count = write_factors(shared, runs.factors(MADE_UP_FACTORS), factors)
    job = with_gases(bench, shared)
    peaks = [runs.run(job, runs.ledger(rows), "full", factors)[1] / 1024 for rows in (1_000_000, 5_000_000)]
    yield f"peak memory of the same with all of DESNZ and EPA, {count:,} records, 1M and 5M rows", \
        f"{peaks[0]:.1f} and {peaks[1]:.1f} MiB", "", f"{peaks[1] / peaks[0]:.3f} x", f"under {MOST_MEMORY} MiB, flat", \
        "yes" if max(peaks) < MOST_MEMORY and peaks[1] / peaks[0] <= 1.05 else "NO"


def with_gases(bench, shared):
    """The same job with warming potentials, by which factors that come by gas are counted; its name."""
    lines = (shared / "gwp" / "globalwarmingpotentials.csv").read_text().splitlines(keepends=True)
    potentials = bench.data / "gwp.csv"
    potentials.write_text("".join(line for line in lines if not line.startswith("#")))
    job = (BENCH / "jobs" / "scope3.yaml").read_text()
    job = job.replace("lookups:\n", f"lookups:\n  gwp: {{type: csv, path: {potentials}}}\n")
    job = job.replace("      factors: factors\n", "      factors: factors\n      gwp_set: AR5\n      gwp: gwp\n      ties: factor_id\n")
    (bench.work / "jobs" / "scope3_gases.yaml").write_text(job)
    return "scope3_gases"


CONTESTS = {run.__name__: run for run in (scope3, scope3_factors, scope3_memory)}
