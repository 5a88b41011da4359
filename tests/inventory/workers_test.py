"""The same ledger gives the same bytes, however many workers calculate it."""
import unittest

from harness import Inventory, ledger


class Workers(unittest.TestCase):
    def test_one_two_and_eight_workers_write_the_same_bytes(self):
        # Many chunks, so that workers overtake each other; groups stay together.
        rows = [dict(row, line=f"{row['line']}-{copy}") for copy in range(40) for row in ledger()]
        with Inventory(rows) as inventory:
            written = []
            for workers in (1, 2, 8):
                inventory.run(f"workers={workers}", "chunk.rows=16", "order=source", "errors.max_failed_percent=100")
                written.append((inventory.bytes_of("results.csv"), inventory.bytes_of("parts.csv")))
            found = list(inventory.results())
        self.assertGreater(len(found), 3000)
        ours = set(found)
        self.assertEqual(found, [row["line"] for row in rows if row["line"] in ours], "not in the order of the ledger")
        for results, parts in written[1:]:
            self.assertEqual(results, written[0][0])
            self.assertEqual(parts, written[0][1])


if __name__ == "__main__":
    unittest.main()
