"""The contests that need database servers: private ones, started for the benchmark and stopped after it."""
import atexit
import json
import os
import pathlib
import shutil
import subprocess
import urllib.parse

from contests import against, contest

BENCH = pathlib.Path(__file__).resolve().parent
SERVERS = BENCH.parent / "tests" / "servers" / "servers"
TABLE = "emission_results"
OURS = (TABLE, "chunkmill_run", "chunkmill_split", "chunkmill_worker", "suppliers")


class Databases:
    """The servers' addresses, and what the contests do with them."""

    def __init__(self, bench):
        self.bench = bench
        subprocess.run([SERVERS, "--of", bench.build, "start"], check=True, stdout=subprocess.DEVNULL)
        atexit.register(subprocess.run, [SERVERS, "--of", bench.build, "stop"], stdout=subprocess.DEVNULL)
        answer = subprocess.run([SERVERS, "--of", bench.build, "env"], check=True, capture_output=True, text=True).stdout
        self.environment = dict(line.removeprefix("export ").split("=", 1) for line in answer.splitlines())
        self.postgres = self.environment["CHUNKMILL_TEST_POSTGRES"]
        self.mysql = self.environment["CHUNKMILL_TEST_MYSQL"]

    def psql(self, sql):
        subprocess.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", self.postgres, "-c", "SET client_min_messages = warning", "-c", sql],
                       check=True, stdout=subprocess.DEVNULL)

    def mariadb(self, sql):
        file = self.environment["CHUNKMILL_TEST_MYSQL_CNF"]
        subprocess.run(["mariadb", f"--defaults-file={file}", "etl", "-e", sql], check=True, stdout=subprocess.DEVNULL)

    def clear(self, database):
        drop = f"DROP TABLE IF EXISTS {', '.join(OURS)}"
        self.psql(drop) if database == "postgres" else self.mariadb(drop)

    def run(self, database, job, rows, **variables):
        """One run into empty tables: (seconds, peak KiB)."""
        self.clear(database)
        url = self.postgres if database == "postgres" else self.mysql
        return self.bench.chunkmill(job, rows, BENCH_TYPE=database, BENCH_URL=url, **variables)

    def probe(self, program, *arguments):
        command = [self.bench.build / "bench" / program, *arguments]
        return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)["seconds"]

    def copy(self, how):
        return self.probe("copy_ceiling", self.postgres, TABLE, how, "supplier_id,category")

    def arrays(self):
        at = urllib.parse.urlsplit(self.mysql)
        return self.probe("array_ceiling", at.hostname, str(at.port), at.username, at.password, at.path.lstrip("/"), TABLE)

    def pgloader(self, rows):
        """The input file alone, seven columns, into a table with the same key: nothing is calculated."""
        if not shutil.which("pgloader"):
            return None
        self.psql("DROP TABLE IF EXISTS suppliers; CREATE TABLE suppliers (supplier_id text PRIMARY KEY, supplier_name text, "
                  "country text, naics_code text, spend double precision, currency text, spend_date date)")
        script = self.bench.work / "pgloader.load"
        script.write_text(f"""LOAD CSV FROM '{self.bench.suppliers(rows)}'
            INTO {self.postgres} TARGET TABLE suppliers
            WITH skip header = 1, fields terminated by ',', batch rows = 10000;\n""")
        return self.bench.timed(["pgloader", "--quiet", script])[0]

    def psql_copy(self):
        path = self.bench.output("psql").with_suffix(".csv")
        command = ["psql", "-X", "-q", self.postgres, "-c",
                   f"\\copy (SELECT * FROM {TABLE} ORDER BY supplier_id, category) TO '{path}' WITH (FORMAT csv, HEADER)"]
        return self.bench.timed(command)[0]


def of(bench):
    if not hasattr(bench, "databases"):
        bench.databases = Databases(bench)
    return bench.databases


def rows_of(bench):
    return min(bench.rows, 1_000_000)


def postgres(bench, rounds):
    servers, rows = of(bench), rows_of(bench)
    wanted = {"bare libpq COPY loop, text": 0.85, "bare libpq COPY loop, binary": 0.85, "pgloader, the input file alone": 4.0}
    times = contest(rounds, lambda: servers.run("postgres", "to_database", rows, BENCH_MODE="insert")[0], {
        "bare libpq COPY loop, text": lambda: servers.copy("text"),
        "bare libpq COPY loop, binary": lambda: servers.copy("binary"),
        "pgloader, the input file alone": lambda: servers.pgloader(rows)})
    yield from against("csv -> purchased_goods -> postgres, primary key", rows, times, wanted)
    times = contest(rounds, lambda: servers.run("postgres", "to_database", rows, BENCH_MODE="upsert")[0],
                    {"bare COPY to a temporary table + INSERT ON CONFLICT": lambda: servers.copy("upsert")})
    yield from against("the same, upsert", rows, times, {"bare COPY to a temporary table + INSERT ON CONFLICT": 1.5})


def mysql(bench, rounds):
    servers, rows = of(bench), rows_of(bench)
    times = contest(rounds, lambda: servers.run("mysql", "to_database", rows, BENCH_MODE="insert")[0],
                    {"bare array binding": servers.arrays})
    yield from against("csv -> purchased_goods -> mysql, primary key", rows, times, {"bare array binding": 0.8})


def export(bench, rounds):
    servers, rows = of(bench), rows_of(bench)
    servers.run("postgres", "to_database", rows, BENCH_MODE="insert")
    ours = lambda: bench.chunkmill("from_postgres", rows, "export", BENCH_URL=servers.postgres)[0]
    times = contest(rounds, ours, {"psql \\copy (query) to a file": servers.psql_copy})
    yield from against("postgres -> csv", rows, times, {"psql \\copy (query) to a file": 0.8})


def bad_rows(bench, rounds):
    """10 rows in 10,000 that a CHECK refuses: found by bisection, or row by row."""
    servers, rows = of(bench), 20_000
    path = bench.data / "bad_rows.csv"
    path.write_text("id,amount\n" + "".join(f"{i},{-1 if i % 1000 == 500 else i}\n" for i in range(rows)))

    def once(fallback):
        servers.clear("postgres")
        servers.psql(f"CREATE TABLE {TABLE} (id bigint PRIMARY KEY, amount double precision CHECK (amount >= 0))")
        return bench.chunkmill("bad_rows", 100, BENCH_CSV=path, BENCH_URL=servers.postgres, BENCH_FALLBACK=fallback, accepted=(3,))[0]

    times = contest(rounds, lambda: once("bisect"), {"row by row (fallback: sequential)": lambda: once("sequential")})
    yield from against("10 bad rows in 10,000, bisect, postgres", rows, times, {"row by row (fallback: sequential)": 10.0})


def database_memory(bench, rounds):
    servers = of(bench)
    for database in ("postgres", "mysql", "sqlite"):
        peaks = []
        for rows in (1_000_000, 10_000_000):
            run = (bench.chunkmill("to_sqlite", rows, "memory") if database == "sqlite"
                   else servers.run(database, "to_database", rows, BENCH_MODE="insert"))
            peaks.append(run[1] / 1024)
        good = max(peaks) < 96 and peaks[1] / peaks[0] <= 1.1
        yield f"peak memory into {database}, 1M and 10M rows", f"{peaks[0]:.1f} and {peaks[1]:.1f} MiB", "", \
            f"{peaks[1] / peaks[0]:.2f} x", "flat, under 96 MiB", "yes" if good else "NO"


CONTESTS = {run.__name__: run for run in (postgres, mysql, export, bad_rows, database_memory)}
