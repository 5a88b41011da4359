"""The EPA publishes its supply chain factors as CO2e, and gas by gas: from the gases we get to the same CO2e."""
import csv
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from harness import BINARY, shared

CODE = "2017 NAICS Code"
VALUE = "Supply Chain Emission Factors with Margins"
FOLDER = "factors/epa_supply_chain/SupplyChainGHGEmissionFactors_v1.3.0_NAICS_"
# The gases have three significant figures: 998 of the 1,016 codes are within the thousandth in which CO2e is printed, the worst
# (327310, cement) is 0.0043 away.
CLOSE = 0.001
WORST = 0.0044
CLOSE_CODES = 998

JOB = """
job: epa-by-gas
lookups:
  gases: {{type: csv, path: "{shared}/{folder}byGHG_USD2022.csv"}}
  gwp: {{type: csv, path: "{shared}/factors/gwp/globalwarmingpotentials.csv", comment: "#"}}
source: {{type: csv, path: ledger.csv}}
calculators:
  - type: scope3.purchased_goods
    factors: gases
    factor_columns: {{activity_code: {code}, activity: 2017 NAICS Title, value: {value}, unit: Unit, gas: GHG}}
    factor_defaults: {{set: epa_supply_chain, set_version: 1.3.0, region: US, boundary: cradle_to_gate, gwp_set: AR5}}
    gwp_set: {gwp_set}
    gwp: gwp
    currency: USD
    detail: full
sinks:
  - {{type: csv, path: results.csv}}
"""


def calculated(published, gwp_set):
    """CO2e of a dollar by code, from the gases."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lines = "".join(f"{code},{code},1,2022-07-01,US\n" for code in published)
        (folder / "ledger.csv").write_text("id,activity,spend,date,region\n" + lines)
        (folder / "job.yaml").write_text(
            JOB.format(shared=shared(), folder=FOLDER, code=CODE, value=VALUE, gwp_set=gwp_set))
        done = subprocess.run([BINARY, "run", "--quiet", folder / "job.yaml"], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise AssertionError(f"exit code {done.returncode}\n{done.stderr}")
        with open(folder / "results.csv", newline="", encoding="utf-8") as file:
            return {row["id"]: float(row["emissions_kgco2e"]) for row in csv.DictReader(file)}


class ByGas(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with open(shared() / f"{FOLDER}CO2e_USD2022.csv", newline="", encoding="utf-8-sig") as file:
            cls.published = {row[CODE]: float(row[VALUE]) for row in csv.DictReader(file)}

    def close(self, found):
        self.assertEqual(set(found), set(self.published))
        away = {code: abs(found[code] - value) for code, value in self.published.items()}
        return sum(one <= CLOSE + 1e-12 for one in away.values()), max(away.values())

    def test_by_the_published_potentials_it_is_the_published_co2e(self):
        close, worst = self.close(calculated(self.published, "AR5"))
        self.assertGreaterEqual(close, CLOSE_CODES)
        self.assertLessEqual(worst, WORST)

    def test_by_those_of_another_report_it_is_not(self):
        close, _ = self.close(calculated(self.published, "AR4"))
        self.assertLess(close, 800)


if __name__ == "__main__":
    if shared() is None or not (shared() / f"{FOLDER}byGHG_USD2022.csv").exists():
        print("SKIPPED: the shared factors are not there (CHUNKMILL_SHARED says where they lie)")
        sys.exit(77)
    unittest.main()
