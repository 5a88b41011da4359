"""The source's order in a file: the same lines, whatever the number of workers over files of several splits each."""

import gzip

from cases import main
from order_test import Order


class FileOrderTest(Order):
    def test_a_file_has_the_same_bytes_whatever_the_workers(self):
        self.write_input()
        for kind, name in (("csv", "out.csv"), ("csv", "out.csv.gz"), ("jsonl", "out.jsonl")):
            seen = {}
            for workers in (1, 2, 4):
                outcome = self.job({"type": kind, "path": name}, workers).run("--restart")
                self.assert_ended(outcome, 0)
                data = (self.folder / name).read_bytes()
                seen[workers] = gzip.decompress(data) if name.endswith(".gz") else data
            with self.subTest(name=name):
                self.assertTrue(seen[1] == seen[2] == seen[4], "the bytes differ")


if __name__ == "__main__":
    main()
