"""What becomes of an error: every class of docs/engine.md, with plugins that fail on order."""

import unittest

from harness import FaultTest, Job

ROWS = 400


def sink(**options):
    return {"type": "faulty", "path": "out.txt", **options}


class ErrorTest(FaultTest):
    def job(self, the_sink=None, source=None, calculators=(), name="job", **extra):
        spec = {"job": name, "source": {"type": "faulty", "rows": ROWS, **(source or {})},
                "calculators": list(calculators), "sinks": [the_sink or sink()], "chunk": {"rows": 50}, "workers": 2,
                "retry": {"attempts": 4, "initial_delay": "1ms", "max_delay": "20ms"}}
        spec.update(extra)
        return Job(self.folder / name, {key: value for key, value in spec.items() if value != []})

    def ids(self, job, path="out.txt"):
        """The ids that are in the sink, a row for each time it is there."""
        lines = (job.folder / path).read_text().splitlines()
        return sorted(int(line.split("\t")[2]) for line in lines if line.startswith("row\t"))

    def assert_exact(self, job, rejected=()):
        self.assertEqual(self.ids(job), [i for i in range(ROWS) if i not in set(rejected)])

    def fault(self, call, **options):
        return sink(**{f"fail_{call}": {"at": 3, **options}})


class Transient(ErrorTest):
    def test_it_is_tried_again_and_no_row_is_lost_doubled_or_rejected(self):
        for call in ("begin", "write", "commit"):
            with self.subTest(call=call):
                job = self.job(self.fault(call, times=2, retryable=True), name=f"retry-{call}")
                outcome = job.run()
                self.assert_ended(outcome, 0)
                self.assertEqual(outcome.summary["retries"], 2, outcome)
                self.assertEqual(outcome.rows["rejected"], 0)
                self.assert_exact(job)

    def test_a_lane_that_does_not_open_is_asked_again(self):
        job = self.job(sink(fail_open={"at": 1, "retryable": True}))
        self.assert_ended(job.run(), 0)
        self.assert_exact(job)

    def test_the_source_is_read_again_from_where_the_chunk_began(self):
        for call in ("next", "open"):
            with self.subTest(call=call):
                job = self.job(source={f"fail_{call}": {"at": 1 if call == "open" else 4, "times": 2, "retryable": True},
                                       "most": 7}, name=f"source-{call}")
                outcome = job.run()
                self.assert_ended(outcome, 0)
                self.assertGreaterEqual(outcome.summary["retries"], 2)
                self.assert_exact(job)

    def test_a_calculator_that_fails_for_a_while_is_tried_again(self):
        job = self.job(calculators=[{"type": "faulty", "fail_process": {"at": 2, "times": 2, "retryable": True}}])
        outcome = job.run()
        self.assert_ended(outcome, 0)
        self.assertEqual(outcome.summary["retries"], 2)
        self.assertAlmostEqual(outcome.summary["sums"]["amount_sum"], sum(i + 0.25 for i in range(ROWS)))
        self.assert_exact(job)

    def test_retry_after_is_honoured(self):
        job = self.job(self.fault("write", retryable=True, retry_after="400ms"))
        outcome = job.run()
        self.assert_ended(outcome, 0)
        self.assertGreaterEqual(outcome.summary["time_seconds"], 0.4)

    def test_used_up_retries_end_resumable_and_the_same_command_makes_it_exact(self):
        job = self.job(self.fault("write", times=4, retryable=True), workers=1)
        outcome = job.run()
        self.assert_ended(outcome, 69)
        self.assertEqual(outcome.summary["status"], "stopped")
        self.assertEqual(outcome.rows["rejected"], 0)
        self.assertIn("chunkmill run", outcome.summary["resume_command"])
        job.write({**job.spec, "sinks": [sink()], "retry": {"attempts": 2}})
        # The fault is an option of the sink, hence another job: say so, as a person would have to.
        self.assertEqual(job.run().code, 78)

    def test_retries_used_up_at_a_commit_resume_without_a_change(self):
        # Each process counts its own calls: two of the nine chunks (the last is empty) go in each time.
        job = self.job(self.fault("commit", times=99, retryable=True), workers=1)
        for _ in range(4):
            self.assert_ended(job.run(), 69)
        self.assert_ended(job.run(), 0)
        self.assert_exact(job)

    def test_rows_refused_before_a_lost_connection_are_not_rejected_when_they_go_in_afterwards(self):
        job = self.job(sink(result="per_row", refuse_column="id", refuse=["7"], refuse_once=True,
                            fail_commit={"at": 1, "retryable": True}), workers=1)
        outcome = job.run()
        self.assert_ended(outcome, 0)
        self.assert_exact(job)


class CommitUnknown(ErrorTest):
    def test_the_ledger_is_asked_and_nothing_is_written_blindly(self):
        for when, retries in (("before", 1), ("after", 0)):
            with self.subTest(lost=when):
                job = self.job(sink(lose_answer=when, lose_answer_at=3), name=f"lost-{when}")
                outcome = job.run()
                self.assert_ended(outcome, 0)
                self.assertEqual(outcome.summary["retries"], retries)
                self.assert_exact(job)

    def test_the_question_itself_may_fail_for_a_while(self):
        # Calls before: one a split, when the run looks where it stands.
        job = self.job(sink(lose_answer="after", fail_committed={"at": 2, "times": 2, "retryable": True}))
        outcome = job.run()
        self.assert_ended(outcome, 0)
        self.assert_exact(job)


class Permanent(ErrorTest):
    def test_it_stops_with_one_message_without_retry_or_reject(self):
        for code, exit_code in (("permission", 69), ("full", 69), ("fenced", 69), ("not_found", 78)):
            with self.subTest(code=code):
                job = self.job(self.fault("write", code=code), name=f"permanent-{code}")
                outcome = job.run()
                self.assert_ended(outcome, exit_code)
                self.assertEqual((outcome.summary["retries"], outcome.rows["rejected"]), (0, 0))
                self.assertIn('sink "faulty" 1.2.3: write failed, as call 3 was told to', outcome.summary["message"])

    def test_what_was_committed_stays_and_is_not_written_again(self):
        job = self.job(self.fault("commit", code="full", times=99), workers=1)
        for _ in range(4):
            self.assert_ended(job.run(), 69)
        self.assert_ended(job.run(), 0)
        self.assert_exact(job)


class PluginFault(ErrorTest):
    def assert_names(self, outcome, plugin):
        self.assert_ended(outcome, 70)
        self.assertIn(f'{plugin} "faulty" 1.2.3', outcome.summary["message"])

    def test_a_plugin_that_throws_is_named_with_its_version(self):
        thrown = {"at": 2, "code": "throw"}
        self.assert_names(self.job(sink(fail_write=thrown), name="sink").run(), "sink")
        self.assert_names(self.job(source={"fail_next": thrown}, name="source").run(), "source")
        self.assert_names(self.job(calculators=[{"type": "faulty", "fail_process": thrown}], name="calc").run(), "calculator")

    def test_an_output_that_is_a_row_short_is_no_output(self):
        job = self.job(calculators=[{"type": "faulty", "short_at": 2}], workers=1)
        outcome = job.run()
        self.assert_names(outcome, "calculator")
        self.assertEqual(self.ids(job), list(range(50)))


class Rows(ErrorTest):
    def test_a_row_that_the_host_cannot_cast_is_rejected_and_the_rest_goes_on(self):
        job = self.job(source={"bad_every": 40}, calculators=[{"type": "faulty"}])
        outcome = job.run()
        self.assert_ended(outcome, 3)
        bad = range(0, ROWS, 40)
        self.assertEqual(outcome.rows["rejected"], len(bad))
        self.assert_exact(job, bad)
        self.assertEqual({row[8] for row in job.rejects()}, {"amount"})

    def test_rows_that_are_left_out_count_as_filtered(self):
        job = self.job(calculators=[{"type": "faulty", "skip_every": 10, "reject_every": 33}])
        outcome = job.run()
        self.assert_ended(outcome, 3)
        skipped = set(range(0, ROWS, 10))
        rejected = set(range(0, ROWS, 33)) - skipped
        self.assertEqual((outcome.rows["filtered"], outcome.rows["rejected"]), (len(skipped), len(rejected)))
        self.assert_exact(job, skipped | rejected)

    def test_totals_agree_with_the_rows_that_were_written(self):
        for where, extra in (("calculator", {"reject_every": 33}), ("sink", {})):
            with self.subTest(rejected_by=where):
                refuse = {"refuse_column": "id", "refuse_every": 33} if where == "sink" else {}
                job = self.job(calculators=[{"type": "faulty", "totals": True, **extra}], name=f"totals-{where}",
                               sinks=[sink(**refuse), {"type": "faulty", "path": "totals.txt", "from": "totals"}])
                outcome = job.run()
                self.assert_ended(outcome, 3)
                self.assert_exact(job, range(0, ROWS, 33))
                lines = (job.folder / "totals.txt").read_text().splitlines()
                totals = [line.split("\t") for line in lines if line.startswith("row\t")]
                written = self.ids(job)
                self.assertEqual(sum(int(row[2]) for row in totals), len(written))
                self.assertAlmostEqual(sum(float(row[3]) for row in totals), sum(i + 0.25 for i in written))
                self.assertAlmostEqual(outcome.summary["sums"]["amount_sum"], sum(i + 0.25 for i in written))

    def test_a_row_that_one_of_two_sinks_refuses_is_in_neither(self):
        for first in (True, False):
            with self.subTest(first=first):
                strict = sink(refuse_column="id", refuse_every=9)
                plain = {"type": "faulty", "path": "other.txt"}
                job = self.job(name=f"two-{first}", sinks=[strict, plain] if first else [plain, strict])
                self.assert_ended(job.run(), 3)
                bad = set(range(0, ROWS, 9))
                self.assert_exact(job, bad)
                self.assertEqual(self.ids(job, "other.txt"), [i for i in range(ROWS) if i not in bad])

    def test_rows_come_in_order_to_a_calculator_that_asks_for_it(self):
        job = self.job(source={"splits": 5, "rows": 80, "most": 13}, calculators=[{"type": "ordered"}], workers=4)
        self.assert_ended(job.run(), 0)
        self.assert_exact(job)

    def test_order_source_gives_the_same_file_for_any_number_of_workers(self):
        texts = set()
        for workers in (1, 4):
            job = self.job(source={"splits": 5, "rows": 80}, order="source", workers=workers, name=f"workers-{workers}")
            self.assert_ended(job.run(), 0)
            rows = [line for line in (job.folder / "out.txt").read_text().splitlines() if line.startswith("row\t")]
            texts.add("\n".join(rows))
        self.assertEqual(len(texts), 1)

    def test_a_group_is_kept_together_whatever_the_source_gives_at_a_time(self):
        job = self.job(source={"group": 17, "most": 5}, chunk={"rows": 30, "keep_together": "part"})
        self.assert_ended(job.run(), 0)
        self.assert_exact(job)
        parts = [set()]
        for line in (job.folder / "out.txt").read_text().splitlines():
            fields = line.split("\t")
            if fields[0] == "chunk":
                parts.append(set())
            elif fields[0] == "row":
                parts[-1].add(fields[4])
        self.assertEqual(sum(len(one) for one in parts), len(set().union(*parts)))


if __name__ == "__main__":
    unittest.main(verbosity=2)
