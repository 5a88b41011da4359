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


@promise()
def a_long_record_is_replayed_whole(place):
    place.file("in-2.csv").write_text(f"id,name\n1'000,{LONG}\n")
    place.finish(code=3)
    place.change("source", thousands="'")
    outcome = place.job.say("rejects", "replay")
    assert outcome.code == 0, outcome
    place.holds(sorted(expected() + [(1000, LONG)]))
