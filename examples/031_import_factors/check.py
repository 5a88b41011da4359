#!/usr/bin/env python3
"""Runs the example in a folder of its own.

    check.py CHUNKMILL EXAMPLE            over its own small files; the store and the inventory are compared with expected/
    check.py CHUNKMILL EXAMPLE --real     over the published files of the shared data; the store is compared with what Python
                                          reads from them. Ends with 77, which CTest shows as skipped, where they are not there.
UPDATE=1 in the environment writes expected/ anew.
"""
import csv
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile

JOBS = ["epa_supply_chain", "epa_supply_chain_v1_2", "epa_supply_chain_gases", "epa_hub", "epa_hub_waste", "epa_hub_electricity",
        "desnz", "desnz_2025", "gwp", "fx", "prices"]
KEYS = {"factors": '"set", set_version, factor_id, gas', "gwp": "Species", "rates": "currency, date", "prices": "bea_code"}

REAL = {
    "epa_supply_chain": ["epa_supply_chain/SupplyChainGHGEmissionFactors_v1.3.0_NAICS_CO2e_USD2022.csv"],
    "epa_supply_chain_v1_2": ["epa_supply_chain/SupplyChainGHGEmissionFactors_v1.2_NAICS_CO2e_USD2021.csv"],
    "epa_supply_chain_gases": ["epa_supply_chain/SupplyChainGHGEmissionFactors_v1.3.0_NAICS_byGHG_USD2022.csv"],
    "epa_hub": ["epa_hub/2024/scope3_cat4_cat9_transport.csv", "epa_hub/2024/scope3_cat6_cat7_travel_commuting.csv"],
    "epa_hub_waste": ["epa_hub/2024/scope3_cat5_cat12_waste.csv"],
    "epa_hub_electricity": ["epa_hub/2024/electricity.csv"],
    "desnz": ["desnz/desnz_2024_flat_extracted.csv"],
    "desnz_2025": ["desnz/desnz_2025_scope3_flat.csv"],
    "gwp": ["gwp/globalwarmingpotentials.csv"],
    "fx": ["fx/monthly.csv"],
    "prices": ["deflators/bea_chain_price_index_detail_2017schema_1997_2023.csv"],
}


class Check:
    def __init__(self, chunkmill, example):
        self.chunkmill = chunkmill
        self.example = pathlib.Path(example).resolve()
        self.work = pathlib.Path(tempfile.mkdtemp()) / "example"
        shutil.copytree(self.example, self.work)
        for left in list(self.work.glob("*.db*")):
            left.unlink()
        shutil.rmtree(self.work / ".chunkmill", ignore_errors=True)  # what a run by hand left

    def run(self, job, *arguments, code=0):
        done = subprocess.run([self.chunkmill, "run", str(self.work / f"{job}.yaml"), *arguments], capture_output=True, text=True)
        if done.returncode != code:
            sys.exit(f"{job}: exit code {done.returncode} where {code} was expected\n{done.stderr}")

    def rows(self, database, query):
        with sqlite3.connect(self.work / database) as db:
            cursor = db.execute(query)
            return [[column[0] for column in cursor.description]] + [list(row) for row in cursor]

    def store(self):
        return {table: self.rows("factors.db", f"SELECT * FROM {table} ORDER BY {key}") for table, key in KEYS.items()}

    def compare(self, name, rows):
        expected = self.example / "expected" / f"{name}.csv"
        found = self.work / f"{name}.csv"
        with open(found, "w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
        if os.environ.get("UPDATE"):
            shutil.copy(found, expected)
        elif subprocess.run(["diff", "-u", expected, found], check=False).returncode != 0:
            sys.exit(f"{name} differs from {expected}")


def same(what, expected, found):
    if expected != found:
        sys.exit(f"{what}: {found} where {expected} was expected")


def check_small(check):
    for job in JOBS:
        check.run(job)
    first = check.store()
    for name, rows in first.items():
        check.compare(name, rows)
    for job in JOBS:
        check.run(job, "--restart")
    same("the store after a second import", first, check.store())
    check.run("inventory", code=3)  # one line's factor is NA, which is not zero but not there
    check.compare("inventory", check.rows("inventory.db", """
        SELECT id, category, method, activity_amount, activity_unit, factor_set, factor_id, factor_value, factor_unit, match_level,
               gwp_set, emissions_kgco2e, flags FROM emission_results ORDER BY id"""))


def published(path, comment=None):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(line for line in file if not (comment and line.startswith(comment))))


def check_real(check, shared):
    for job in JOBS:
        paths = ", ".join(str(shared / path) for path in REAL[job])
        check.run(job, "--set", f"source.path=[{paths}]")
    files = {job: [row for path in paths for row in published(shared / path, "#")] for job, paths in REAL.items()}
    value = "Supply Chain Emission Factors with Margins"

    def stored(columns, where):
        return sorted(tuple(row) for row in check.rows("factors.db", f"SELECT {columns} FROM factors WHERE {where}")[1:])

    same("v1.3", sorted((row["2017 NAICS Code"], float(row[value])) for row in files["epa_supply_chain"]),
         stored("factor_id, value", "set_version = '1.3.0' AND gas = 'CO2e'"))
    same("v1.2 beside it", sorted((row["NAICS Code 2017"], float(row[value])) for row in files["epa_supply_chain_v1_2"]),
         stored("factor_id, value", "set_version = '1.2'"))
    same("gases", sorted((row["2017 NAICS Code"], row["GHG"], float(row[value])) for row in files["epa_supply_chain_gases"]),
         stored("factor_id, gas, value", "set_version = '1.3.0' AND gas <> 'CO2e'"))
    waste = [(row["Material"].strip(), float(cell)) for row in files["epa_hub_waste"] for column, cell in row.items()
             if "Short Ton" in column and cell]
    same("waste: what is blank is left out", sorted(waste),
         stored("activity, value", "\"set\" = 'epa_hub' AND unit = 't CO2e/short_ton'"))
    names = {row[0] for row in stored("activity", "source LIKE '%tables 8 and 10'")}
    same("vehicles without a footnote's letter", {"Passenger Car", "Light-Duty Truck", "Medium- and Heavy-Duty Truck"},
         {name for name in names if "Car" in name or "Truck" in name})
    electricity = [float(cell.replace(",", "")) for row in files["epa_hub_electricity"] for column, cell in row.items() if "lb " in column]
    same("eGRID", sorted((one,) for one in electricity), stored("value", "activity_code = 'electricity' AND region LIKE 'US-%'"))
    left_out = {"Total emissions including non-Kyoto products", "Emissions including only non-Kyoto products"}
    desnz = [row for row in files["desnz"] if row["ghg_unit"].startswith("kg CO2e") and row["column_text"] not in left_out and
             not (row["level_1"].startswith("Forecourt") and row["unit"] == "kWh") and not row["sheet"].startswith("SECR")]
    same("DESNZ, no factor lost or overwritten", sorted((float(row["factor_2024"]),) for row in desnz),
         stored("value", "\"set\" = 'desnz' AND set_version = '2024'"))
    desnz = [row for row in files["desnz_2025"] if row["GHG Conversion Factor 2025"] and
             not (row["Level 2"].startswith("Forecourt") and row["UOM"] == "kWh")]
    same("DESNZ 2025, blank left out", sorted((float(row["GHG Conversion Factor 2025"]),) for row in desnz),
         stored("value", "\"set\" = 'desnz' AND set_version = '2025'"))
    editions = check.rows("factors.db", """SELECT count(*) FROM factors a JOIN factors b USING ("set", factor_id, gas, unit)
        WHERE a."set" = 'desnz' AND a.set_version = '2024' AND b.set_version = '2025'""")[1][0]
    if editions < 4000:
        sys.exit(f"DESNZ: only {editions} records of 2025 have the id that they had in 2024")
    waste = stored("factor_id", "\"set\" = 'desnz' AND set_version = '2025' AND technology = 'combustion'")
    same("waste renamed to incineration keeps its ids", [], [row for row in stored("factor_id",
         "\"set\" = 'desnz' AND set_version = '2024' AND technology = 'combustion' AND boundary = 'end_of_life'") if row not in waste])
    same("potentials", sorted((row["Species"], float(row["AR6GWP100"] or "nan")) for row in files["gwp"] if row["AR6GWP100"]),
         sorted(tuple(row) for row in check.rows("factors.db", "SELECT Species, AR6GWP100 FROM gwp WHERE AR6GWP100 IS NOT NULL")[1:]))
    pounds = [float(row["Exchange rate"]) for row in files["fx"] if row["Country"] == "United Kingdom" and row["Date"].startswith("2022")]
    same("pounds for a dollar in 2022", sorted(pounds), sorted(
        row[0] for row in check.rows("factors.db", "SELECT rate FROM rates WHERE currency = 'GBP' AND date LIKE '2022%'")[1:]))
    same("price indexes", len(files["prices"]), len(check.rows("factors.db", "SELECT bea_code FROM prices")) - 1)
    with open(check.work / "data/ledger.csv", "w", encoding="utf-8") as file:
        file.write("id,category,date,activity,treatment,region,amount,unit\n"
                   "L1,1,2022-06-01,111110,,,100,USD\nW1,5,2024-05-01,mixed msw,landfill,US,10,short_ton\n")
    check.run("inventory", "--set", "calculators.0.defaults.gwp_set=AR5")
    # As the EPA prints it: 100 USD x 0.532; 10 short tons x 0.58 t.
    same("an inventory", [("L1", 53.2), ("W1", 5800.0)],
         [(row[0], round(row[1], 6)) for row in check.rows("inventory.db", "SELECT id, emissions_kgco2e FROM emission_results ORDER BY id")[1:]])


def main():
    check = Check(sys.argv[1], sys.argv[2])
    try:
        if sys.argv[3:] != ["--real"]:
            return check_small(check)
        shared = pathlib.Path(os.environ.get("CHUNKMILL_SHARED") or check.example.parents[1] / "../shared/data").resolve() / "factors"
        missing = [path for paths in REAL.values() for path in paths if not (shared / path).exists()]
        if missing:
            print(f"SKIPPED: there is no {shared / missing[0]} (CHUNKMILL_SHARED says where the shared data lie)")
            sys.exit(77)
        check_real(check, shared)
    finally:
        shutil.rmtree(check.work.parent)


main()
