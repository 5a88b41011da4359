"""Every call of the ABI that answers with a code that means nothing there, or gives what it must not give: the run ends with exit 70 and
names the plugin, its version and the call; and no ledger or message calls it finished."""

import unittest

from harness import FaultTest, Job


def copying(folder, source=None, calculator=None, sink=None, **extra):
    """100 rows in chunks of 10 through the plugins of these tests."""
    calculators = [] if calculator is None else [{"type": "faulty", **calculator}]
    return Job(folder, {
        "job": "contract", "source": {"type": "faulty", "rows": 100, **(source or {})}, "calculators": calculators,
        "sinks": [{"type": "faulty", "path": "out.txt", **(sink or {})}], "chunk": {"rows": 10}, "workers": 1,
        "retry": {"attempts": 2, "initial_delay": "1ms"}, "errors": {"max_failed_percent": 100}, **extra})


# Codes that mean something elsewhere, by the calls that have no meaning for them.
PLACES = {
    ("source", "open"): ("end", "fenced", "commit_unknown", "cancelled", "unknown", "internal"),
    ("source", "next"): ("fenced", "commit_unknown", "cancelled", "unknown", "internal"),
    ("calculator", "process"): ("end", "data", "too_large", "fenced", "commit_unknown", "cancelled", "unknown", "internal"),
    ("sink", "open"): ("end", "commit_unknown", "cancelled", "unknown", "internal"),
    ("sink", "begin"): ("commit_unknown", "cancelled", "unknown", "internal"),
    ("sink", "write"): ("end", "commit_unknown", "cancelled", "unknown", "internal"),
    ("sink", "commit"): ("end", "cancelled", "unknown", "internal"),
    ("sink", "committed"): ("end", "cancelled", "unknown", "internal"),
}

# Other ways to break it: what does it, and words of the message.
BREAKS = {
    "a record is reported twice": ({"source": {"breaks": "twice"}}, ("source", "next()", "reported record 0", "twice")),
    "a record outside the chunk is reported": ({"source": {"breaks": "outside"}}, ("source", "next()", "reported row 2")),
    "the position does not move": ({"source": {"breaks": "position"}}, ("source", "position()", "stays at")),
    "two splits have one id": ({"source": {"breaks": "split"}}, ("source", "plan()", "two splits the id")),
    "a row is missing on a row-for-row stream": ({"calculator": {"short_at": 2}}, ("calculator", "process()", "put out 9 rows")),
    "a parent is not a row of the batch": ({"calculator": {"totals": True, "stray_at": 2}, "main": True},
                                           ("calculator", "process()", "with parent 10 of 10")),
    "a failed write names a row that is not there": (
        {"sink": {"refuse_column": "id", "refuse": ["15"], "names_row": True, "stray_row": True}},
        ("sink", "write()", "names row 10")),
    "bad rows are reported with success": (
        {"sink": {"refuse_column": "id", "refuse": ["15"], "reports_on": True}}, ("sink", "write()", "reported bad rows")),
    "a chunk is lost behind a success": ({"sink": {"lose_at": 3}}, ("sink", "do not agree", "read 90", "counted read 100")),
}


class Contract(FaultTest):
    def assert_broken(self, outcome, kind, *words):
        self.assertEqual(outcome.code, 70, outcome)
        message = outcome.summary["message"] if outcome.summary else outcome.err
        for word in (f'{kind} "faulty" 1.2.3', *words):
            self.assertIn(word, message, outcome)
        self.assertNotEqual("success", (outcome.summary or {}).get("status"))

    def test_a_code_without_meaning_for_the_call_ends_with_70(self):
        for (kind, call), codes in PLACES.items():
            for code in codes:
                with self.subTest(plugin=kind, call=call, code=code):
                    faults = {kind: {f"fail_{call}": {"at": 2 if call in ("next", "process", "write", "commit") else 1,
                                                      "code": code}}}
                    job = copying(self.folder / f"{kind}-{call}-{code}", **faults)
                    words = {"cancelled": ("CM_CANCELLED",), "unknown": ("4711",), "internal": ("failed with code 14",)}
                    self.assert_broken(job.run(), kind, *words.get(code, (f"{call}()", "CM_" + code.upper())))

    def test_what_a_plugin_must_not_give_ends_with_70(self):
        for name, (settings, words) in BREAKS.items():
            with self.subTest(name):
                settings = dict(settings)
                settings.pop("main", None)
                job = copying(self.folder / name.replace(" ", "-"), **settings)
                kind, *said = words
                self.assert_broken(job.run(), kind, *said)

    def test_records_that_are_reported_out_of_order_are_counted_and_kept(self):
        outcome = copying(self.folder, source={"breaks": "backwards", "rows": 6}).run()
        self.assert_ended(outcome, 3)
        self.assertEqual({"read": 6, "written": 0, "rejected": 6, "filtered": 0, "pending": 0}, outcome.rows)

    def test_a_sink_that_lost_a_chunk_is_not_called_finished_and_adds_up_is_false(self):
        job = copying(self.folder, sink={"lose_at": 3})
        outcome = job.run()
        self.assertEqual(70, outcome.code, outcome)
        self.assertFalse(outcome.summary["rows"]["adds_up"], outcome)
        self.assertEqual([False], [sink["agrees"] for sink in outcome.summary["sinks"]], outcome)
        self.assertNotIn("finish", (self.folder / "out.txt").read_text())

    def test_a_sink_that_kept_all_says_so_in_the_summary(self):
        outcome = copying(self.folder).run()
        self.assert_ended(outcome, 0)
        self.assertEqual([{"sink": 'sink "faulty" 1.2.3', "splits": 1, "read": 100, "written": 100, "rejected": 0, "filtered": 0,
                           "agrees": True}], outcome.summary["sinks"])


if __name__ == "__main__":
    unittest.main()
