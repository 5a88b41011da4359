"""What becomes of a job that is started again, when its place, its input or its target has changed."""

import os
import shutil

from place import ROWS, expected, lines, promise


def nothing_to_do(outcome):
    return "nothing to do" in outcome.text + outcome.err or (outcome.summary or {}).get("nothing_to_do")


@promise()
def nothing_to_do_after_a_touch(place):
    place.finish()
    before = place.target.rows()
    os.utime(place.file("in-0.csv"), (1, 1))
    os.utime(place.job.path, (1, 1))
    outcome = place.finish()
    assert nothing_to_do(outcome), outcome
    assert place.target.rows() == before


@promise(of=lambda target: target.moves)
def nothing_to_do_after_a_move(place):
    place.finish()
    old = place.job.folder
    moved = old.with_name(old.name + "-moved")
    shutil.move(old, moved)
    link = old.with_name(old.name + "-link")
    link.symlink_to(moved)
    for folder in (moved, link):
        place.job.folder, place.job.path = folder, folder / "job.yaml"
        outcome = place.finish()
        assert nothing_to_do(outcome), outcome
    shutil.move(moved, old)


@promise()
def removed_output_is_written_anew(place):
    place.finish()
    place.target.remove()
    place.finish()
    place.holds(expected())


@promise()
def an_output_that_is_removed_in_between_is_no_loss(place):
    assert place.job.run(failpoint="chunk.committed:3").code == -9
    place.target.remove()
    outcome = place.job.run()
    if outcome.code != 0:
        assert "--restart" in outcome.text + outcome.err, outcome
        assert place.job.run("--restart").code == 0
    place.holds(expected())


@promise()
def one_output_of_two_that_is_removed_is_named(place):
    place.job.write({**place.job.spec, "sinks": [*place.job.spec["sinks"], {"type": "csv", "path": "other.csv"}]})
    place.finish()
    other = place.file("other.csv").read_bytes()
    place.target.remove()
    outcome = place.job.run()
    assert outcome.code != 0, outcome
    assert place.file("other.csv").read_bytes() == other


@promise(of=lambda target: target.adds)
def a_new_file_adds_its_rows_alone(place):
    place.finish()
    place.file("in-2.csv").write_text(lines(2 * ROWS, 50))
    place.finish()
    place.holds(expected(2 * ROWS + 50))


@promise()
def a_file_that_grew_never_doubles_its_rows(place):
    place.finish()
    with open(place.file("in-1.csv"), "a") as file:
        file.write(f"{2 * ROWS},name {2 * ROWS}\n")
    if place.target.adds:
        place.refuses("in-1.csv")
    else:
        place.finish()
        place.holds(expected(2 * ROWS + 1))


@promise()
def a_file_with_two_names_is_read_once(place):
    os.link(place.file("in-0.csv"), place.file("in-5.csv"))
    outcome = place.job.run()
    if outcome.code == 0:
        place.holds(expected())
    else:
        assert "in-5.csv" in outcome.text + outcome.err, outcome
        assert not place.target.exists() or place.target.rows() == []


@promise(of=lambda target: not target.adds)
def an_input_is_never_written(place):
    before = place.file("in-0.csv").read_bytes()
    place.change("sinks", path="in-0.csv", compression="none")
    outcome = place.job.run()
    assert outcome.code == 78 and "in-0.csv" in outcome.text + outcome.err, outcome
    assert place.file("in-0.csv").read_bytes() == before


@promise()
def a_lost_state_is_no_loss(place):
    assert place.job.run(failpoint="chunk.committed:3").code == -9
    shutil.rmtree(place.file(".chunkmill"))
    place.finish()
    place.holds(expected())


@promise()
def an_input_that_changes_between_runs_is_named(place):
    assert place.job.run(failpoint="chunk.committed:3").code == -9
    place.file("in-1.csv").write_text(lines(5000, ROWS))
    outcome = place.job.run()
    assert outcome.code not in (0, 3) and "in-1.csv" in outcome.text + outcome.err, outcome
    place.file("in-1.csv").write_text(lines(ROWS, ROWS))
    place.finish()
    place.holds(expected())
