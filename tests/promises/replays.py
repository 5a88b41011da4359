"""Rejects that are replayed, and replays that are ended on purpose."""

from harness import query
from place import ROWS, expected, promise

LONG = "x" * 100_000
MENDED = list(range(2 * ROWS, 2 * ROWS + 120))
REPLAY_POINTS = ("run.begun:1", "chunk.written:1", "chunk.committed:1", "chunk.recorded:2", "run.finishing:1")


def with_rejects(place):
    """A third file whose ids are numbers only once `thousands` is set: 1'000."""
    place.file("in-2.csv").write_text("id,name\n" + "".join(f"1'{i:03},name {i}\n" for i in MENDED))
    place.finish(code=3)
    place.holds(expected())
    place.change("source", thousands="'")


def replayed():
    return sorted(expected() + [(1000 + i, f"name {i}") for i in MENDED])


def states(place):
    return dict(query(place.job.state_file(), "SELECT state, count(*) FROM rejects GROUP BY state"))


@promise()
def a_replay_adds_each_reject_once(place):
    with_rejects(place)
    killed = sum(place.job.say("rejects", "replay", failpoint=point).code == -9 for point in REPLAY_POINTS)
    assert killed >= 2, f"only {killed} replays were killed"
    outcome = place.job.say("rejects", "replay")
    assert outcome.code == 0, outcome
    place.holds(replayed())
    assert states(place) == {"resolved": len(MENDED)}, states(place)
    again = place.job.say("rejects", "replay")
    assert again.code == 0, again
    place.holds(replayed())


def replayed_once(place):
    outcome = place.job.say("rejects", "replay")
    assert outcome.code == 0, outcome
    place.holds(replayed())
    assert states(place) == {"resolved": len(MENDED)}, states(place)


@promise()
def a_replay_that_is_told_to_stop_is_resumed(place):
    with_rejects(place)
    place.change(rate={"rows_per_second": 100}, chunk={"rows": 10})
    stopped = place.job.say("rejects", "replay", failpoint="chunk.committed:1:TERM")
    assert stopped.code == 143, stopped
    place.change(rate={"rows_per_second": 1_000_000})
    replayed_once(place)


@promise(of=lambda target: target.adds)
def a_replay_into_a_locked_table_is_resumed(place):
    with_rejects(place)
    place.change(retry={"attempts": 2, "initial_delay": "1ms"})
    place.change("sinks", **place.target.impatient())
    with place.target.locked():
        stopped = place.job.say("rejects", "replay")
    assert stopped.code not in (0, 3), stopped
    replayed_once(place)


@promise()
def a_target_that_is_harmed_during_a_replay_is_named(place):
    """Exit 0 only with every row of before and of the replay."""
    for harm in place.target.harms():
        harmed = place.another()
        with_rejects(harmed)
        harmed.target.harms()[harm]()
        outcome = harmed.job.say("rejects", "replay")
        if outcome.code == 0:
            harmed.holds(replayed())
        else:
            named = (harmed.target.called, f"sink 0 ({harmed.target.kind})")
            assert any(name in outcome.text + outcome.err for name in named), f"{harm}: {outcome}"


@promise()
def a_long_record_is_replayed_whole(place):
    place.file("in-2.csv").write_text(f"id,name\n1'000,{LONG}\n")
    place.finish(code=3)
    place.change("source", thousands="'")
    outcome = place.job.say("rejects", "replay")
    assert outcome.code == 0, outcome
    place.holds(sorted(expected() + [(1000, LONG)]))
