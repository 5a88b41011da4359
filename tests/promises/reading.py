"""What becomes of a run whose input is changed, cut or replaced while it reads, and whose output is one of its inputs."""

import os

from place import expected, lines, promise
from targets import sources

# More than a source reads at once.
MANY = 100_000


def replaced(path):
    other = path.with_name("other")
    other.write_bytes(path.read_bytes().replace(b"name", b"NAME"))
    other.rename(path)


def edited(path):
    with open(path, "r+b") as file:
        data = file.read()
        file.seek(0)
        file.write(data.replace(b"name", b"NAME"))


def cut(path):
    os.truncate(path, path.stat().st_size // 2)


def grown(path):
    with open(path, "ab") as file:
        file.write(path.read_bytes()[-20:])


@promise()
def an_input_that_changes_while_it_is_read_is_never_spliced(place):
    """Each row is of the version that the run began with, or the run ends with an error that names the file."""
    for source in sources():
        for change in (replaced, edited, cut, grown):
            changed = place.another()
            path = source.into(changed, "in-0", lines(0, MANY))
            changed.change(chunk={"rows": 5_000})
            before = path.read_bytes()
            outcome = changed.job.frozen("chunk.committed:2", lambda: change(path))
            if outcome.code == 0:
                changed.holds(expected(MANY))
                continue
            assert path.name in outcome.text + outcome.err, f"{source.kind}, {change.__name__}: {outcome}"
            path.write_bytes(before)
            changed.finish()
            changed.holds(expected(MANY))


def writes_to(place, path):
    place.change("sinks", path=path)
    spec = dict(place.job.spec["sinks"][0])
    if not place.target.adds:
        spec["compression"] = "none"
    place.job.write({**place.job.spec, "sinks": [spec]})


def other_names(place, name):
    """The same file by other paths."""
    folder = place.job.folder
    os.symlink(name, folder / "link")
    os.link(folder / name, folder / "second-name")
    return (name, f"./{name}", f"../{folder.name}/{name}", str(folder / name), "link", "second-name")


@promise(of=lambda target: target.has_path)
def validate_refuses_an_output_that_is_an_input(place):
    """By whatever path: the file of the source, or of a lookup."""
    place.file("table.csv").write_text("id,name\n1,one\n")
    place.change(lookups={"table": {"type": "csv", "path": "table.csv"}})
    for name in ("in-0.csv", "table.csv"):
        before = place.file(name).read_bytes()
        for path in other_names(place, name):
            writes_to(place, path)
            for verb in ("validate", "run"):
                outcome = place.job.say(verb)
                assert outcome.code == 78, f"{verb} with {path}: {outcome}"
                assert "is an input" in outcome.text + outcome.err, outcome
            assert place.file(name).read_bytes() == before
        for link in ("link", "second-name"):
            place.file(link).unlink()
