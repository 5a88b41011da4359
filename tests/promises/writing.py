"""What a run leaves, disturbed or not."""

from place import POINTS, ROWS, expected, lines, promise


@promise()
def written_is_held(place):
    outcome = place.finish()
    assert outcome.summary["rows"]["adds_up"], outcome
    assert outcome.rows["written"] == len(place.target.rows()) == 2 * ROWS, outcome
    place.holds(expected())


@promise()
def killed_and_resumed_is_exact(place):
    killed = sum(place.job.run(failpoint=point).code == -9 for point in POINTS)
    assert killed >= 3, f"only {killed} runs were killed"
    place.finish()
    place.holds(expected())


@promise(workers=(1,))
def two_processes_leave_each_row_once(place):
    """The first one stands still while the second one does everything, or is told that it must wait; then the first one wakes up."""
    place.change("sinks", **place.target.lease())
    place.job.frozen("chunk.read:3", place.job.run)
    place.finish()
    place.holds(expected())


@promise(of=lambda target: target.ordered, workers=(1, 2, 4))
def order_is_kept(place):
    place.finish()
    assert place.target.rows() == expected(), f"{place.name}: the rows are in another order"


@promise()
def no_more_is_rejected_than_the_limit_says(place):
    bad = "".join(f"x{i},bad\n" for i in range(30))
    place.file("in-2.csv").write_text(lines(2 * ROWS, 20) + bad)
    place.change("errors", max_rejects=10)
    stopped = place.finish(code=4)
    assert stopped.rows["rejected"] <= 10, stopped
    place.change("errors", max_rejects=30)
    place.finish(code=3)
    place.holds(expected(2 * ROWS + 20))
    assert len(place.job.rejects()) == 30, "the rejects of the resumed run cannot be looked at"


@promise(of=lambda target: target.adds, workers=(1, 2, 4))
def the_last_row_of_a_key_stands(place):
    place.target.key("id")
    place.change("sinks", mode="upsert", key=["id"])
    place.change("source", split_bytes=2048)
    # Each key comes in both files, and at both ends of the second one.
    place.file("in-1.csv").write_text(lines(0, ROWS) + "".join(f"{i},last {i}\n" for i in range(ROWS)))
    place.finish()
    place.holds([(i, f"last {i}") for i in range(ROWS)])


@promise(of=lambda target: target.adds)
def an_empty_delivery_keeps_the_table(place):
    place.change("sinks", mode="replace")
    place.finish()
    for i in range(2):
        place.file(f"in-{i}.csv").write_text("id,name\n")
    place.refuses("allow_empty")
    place.holds(expected())
    place.change("sinks", allow_empty=True)
    place.job.run("--restart")
    place.holds([])
