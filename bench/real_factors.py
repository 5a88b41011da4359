"""All factors of DESNZ and EPA in the shared data as records of a factor table: for measuring memory, not for an inventory.

What a sheet covers is guessed from its name here; an import job says it properly.
"""
import csv
import shutil

FIELDS = ("set", "set_version", "activity_code", "technology", "region", "year", "gas", "value", "unit", "boundary", "gwp_set")
# The beginning of a sheet's name -> what its factors cover.
BOUNDARIES = (("WTT", "upstream"), ("Waste", "end_of_life"), ("Material", "cradle_to_gate"), ("Transmission", "td_losses"),
              ("UK electricity T&D", "td_losses"), ("Fuels", "combustion"), ("Bioenergy", "combustion"), ("Delivery", "combustion"),
              ("Passenger", "combustion"), ("UK electricity", "combustion"), ("Heat", "combustion"), ("SECR", "combustion"))
EPA_TREATED, EPA_ENERGY = "9", "6"


def boundary_of(sheet):
    return next((boundary for start, boundary in BOUNDARIES if sheet.startswith(start)), "life_cycle")


def desnz(path, year, columns):
    """CO2e as printed, where there is a unit and a number."""
    sheet, levels, technology, unit, of, value = columns
    with path.open(newline="", encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            per = row[unit].removeprefix("per ")
            if row[of] != "kg CO2e" or not row[value] or not per or per == "kWh (net)":
                continue
            code = "/".join(part for part in [row[sheet]] + [row[level] for level in levels] if part)
            yield ("desnz", year, code, row[technology], "GB", year, "", row[value].replace(",", ""), f"kg CO2e/{per}",
                   boundary_of(row[sheet]), "AR5")


def epa_supply_chain(path, version, code):
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            gas = "" if row["GHG"] == "All GHGs" or row["Unit"].startswith("kg CO2e") else row["GHG"]
            yield ("epa_supply_chain", version, row[code], "", "US", "", gas, row["Supply Chain Emission Factors with Margins"],
                   row["Unit"], "cradle_to_gate", "AR5")


def epa_hub(path):
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            gas = "" if row["gas"] == "CO2e" else row["gas"]
            boundary = {EPA_TREATED: "end_of_life", EPA_ENERGY: "combustion"}.get(row["table"], "life_cycle")
            unit = row["unit"].replace("metric ton CO2e", "t CO2e").replace("/ton-mile", "/short ton-mile")
            yield ("epa_hub", row["hub_year"], f"epa/{row['table']}/{row['item']}", row["treatment_or_basis"], "US",
                   row["hub_year"], gas, row["value"], unit, boundary, "AR5")


def write_factors(shared, own, path):
    """Writes them below the factors of `own`, so that the same ledger can be calculated; how many they are."""
    records = []
    records += desnz(shared / "desnz/desnz_2024_flat_extracted.csv", "2024",
                     ("sheet", ("level_1", "level_2", "level_3", "level_4"), "column_text", "unit", "ghg_unit", "factor_2024"))
    records += desnz(shared / "desnz/desnz_2025_scope3_flat.csv", "2025",
                     ("Level 1", ("Level 2", "Level 3", "Level 4"), "Column Text", "UOM", "GHG/Unit", "GHG Conversion Factor 2025"))
    folder = shared / "epa_supply_chain"
    name = "SupplyChainGHGEmissionFactors_v1.{}.csv"
    records += epa_supply_chain(folder / name.format("2_NAICS_CO2e_USD2021"), "1.2", "NAICS Code 2017")
    records += epa_supply_chain(folder / name.format("3.0_NAICS_CO2e_USD2022"), "1.3.0", "2017 NAICS Code")
    records += epa_supply_chain(folder / name.format("3.0_NAICS_byGHG_USD2022"), "1.3.0 by gas", "2017 NAICS Code")
    records += epa_hub(shared / "epa_hub/epa_hub_scope3_tidy_2023_2024.csv")
    shutil.copyfile(own, path)
    with own.open(newline="") as file:
        header = next(csv.reader(file))
    with path.open("a", newline="") as file:
        out = csv.DictWriter(file, header, restval="", lineterminator="\n")
        out.writerows(dict(zip(FIELDS, record)) for record in records)
    return len(records)
