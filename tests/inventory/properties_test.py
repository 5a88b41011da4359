"""What must hold of any inventory: amounts scale, lines can be split, and their order does not matter."""
import random
import unittest

from harness import kilograms, ledger, results_of

PURCHASE = ["quantity", "spend", "tax_amount", "recharge", "supplier_scope12", "material_mass"]
ENERGY = ["quantity", "fuel", "electricity"]
# What of a line is its amount; all else says of what kind it is.
AMOUNTS = {
    1: PURCHASE,
    2: PURCHASE,
    3: ["quantity"],
    5: ["quantity", "supplier_scope12"],
    7: ["employees"],
    8: ENERGY + ["lessor_scope12"],
    10: ENERGY,
    11: ["quantity"],
    12: ["quantity", "packaging_mass", "refrigerant_charge"],
    13: ENERGY + ["lessee_scope12"],
    14: ENERGY + ["franchise_scope12"],
    15: ["reported_emissions", "revenue", "construction_cost", "quantity", "assets"],
}
# Of transport and travel an amount times another would scale twice: the first that a line has.
FIRST_OF = {
    4: [["fuel"], ["mass", "packaging_mass"], ["teu"], ["stored"], ["spend"]],
    9: [["fuel"], ["mass", "packaging_mass"], ["stored"], ["distance"], ["spend"]],
    6: [["fuel"], ["nights"], ["spend"], ["passengers"], ["distance"]],
}


def amounts(row):
    category = row["category"]
    if category in AMOUNTS:
        return AMOUNTS[category]
    return next(names for names in FIRST_OF[category] if names[0] in row)


def times(row, factor):
    row = dict(row)
    if "from_airport" in row:
        row.setdefault("passengers", 1)
    for name in amounts(row):
        if name in row:
            row[name] *= factor
    return row


def blocks(rows):
    """Lines of one item, which stay together; each other line by itself."""
    out = []
    for row in rows:
        if row.get("item") and out and out[-1][0].get("item") == row["item"]:
            out[-1].append(row)
        else:
            out.append([row])
    return out


class Properties(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        rows = [row for row in ledger() if row.get("category") in range(1, 16)]
        cls.results = results_of(rows)
        # Without those that are wrong.
        cls.rows = [row for block in blocks(rows) if block[0]["line"] in cls.results for row in block]

    def test_there_is_something_of_each_category(self):
        self.assertEqual({int(row["category"]) for row in self.results.values()}, set(range(1, 16)))
        self.assertGreater(len(self.results), 80)

    def test_four_times_the_amount_is_exactly_four_times_the_emissions(self):
        scaled = results_of([times(row, 4) for row in self.rows])
        for line, result in self.results.items():
            self.assertEqual(kilograms(scaled[line]), 4 * kilograms(result), line)
            self.assertEqual(scaled[line]["method"], result["method"], line)
            self.assertEqual(scaled[line]["factor_hash"], result["factor_hash"], line)

    def test_a_third_of_the_amount_is_a_third_of_the_emissions(self):
        scaled = results_of([times(row, 1 / 3) for row in self.rows])
        for line, result in self.results.items():
            self.assertAlmostEqual(3 * kilograms(scaled[line]) / kilograms(result), 1, 12, line)

    def test_a_line_split_in_two_has_the_emissions_of_the_whole(self):
        split = []
        for block in blocks(self.rows):
            for part, share in (("a", 0.3), ("b", 0.7)):
                for row in block:
                    half = dict(times(row, share), line=row["line"] + part)
                    if "item" in half:
                        half["item"] += part
                    split.append(half)
        halves = results_of(split)
        self.assertEqual(len(halves), 2 * len(self.results))
        for line, result in self.results.items():
            whole = kilograms(halves[line + "a"]) + kilograms(halves[line + "b"])
            self.assertAlmostEqual(whole / kilograms(result), 1, 12, line)

    def test_the_order_of_the_lines_changes_no_byte_of_any_result(self):
        shuffled = blocks(self.rows)
        random.Random(30).shuffle(shuffled)
        results = results_of([row for block in shuffled for row in block], "chunk.rows=7")
        self.assertEqual(results, self.results)


if __name__ == "__main__":
    unittest.main()
