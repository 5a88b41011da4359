"""What somebody does to a target that a ledger knows: its rows are whole again, or the run ends with an error that names it."""

from place import expected, promise


def whole_or_named(place, harm):
    outcome = place.job.run()
    if outcome.code == 0:
        place.holds(expected())
    else:
        assert place.target.called in outcome.text + outcome.err, f"{harm}: {outcome}"


@promise()
def a_finished_target_that_is_harmed_is_whole_or_named(place):
    for harm in place.target.harms():
        harmed = place.another()
        harmed.finish()
        harmed.target.harms()[harm]()
        whole_or_named(harmed, harm)


@promise()
def a_target_that_is_harmed_in_an_unfinished_run_is_whole_or_named(place):
    for harm in place.target.harms():
        harmed = place.another()
        assert harmed.job.run(failpoint="chunk.committed:3").code == -9
        harmed.target.harms()[harm]()
        whole_or_named(harmed, harm)


# One worker: another one's open transaction would keep a table from being dropped, or its file locked.
@promise(workers=(1,))
def a_target_that_is_harmed_while_a_run_writes_is_whole_or_named(place):
    for harm in place.target.harms():
        harmed = place.another()
        harmed.change(workers=1)
        outcome = harmed.job.frozen("chunk.recorded:3", harmed.target.harms()[harm])
        if outcome.code == 0:
            harmed.holds(expected())
        else:
            assert harmed.target.called in outcome.text + outcome.err, f"{harm}: {outcome}"
            whole_or_named(harmed, harm)


@promise()
def one_output_of_two_that_is_removed_in_an_unfinished_run_is_no_loss(place):
    """The other one keeps what it has, or both are written anew: never is a row there twice, or missing at exit 0."""
    place.job.write({**place.job.spec, "sinks": [*place.job.spec["sinks"], {"type": "csv", "path": "other.csv"}]})
    assert place.job.run(failpoint="chunk.committed:5").code == -9
    place.target.remove()
    outcome = place.job.run()
    if outcome.code != 0:
        assert f"sink 0 ({place.target.kind})" in outcome.text + outcome.err or place.target.called in outcome.text + outcome.err, outcome
        assert "--restart" in outcome.text + outcome.err, outcome
        assert place.job.run("--restart").code == 0
    place.holds(expected())
    lines = place.file("other.csv").read_text().splitlines()[1:]
    assert sorted(lines) == sorted(f"{key},{name}" for key, name in expected()), f"{len(lines)} lines in the other output"
