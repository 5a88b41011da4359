"""A job over two files into one target, and the mark that makes a function a promise."""

import json
import pathlib
import signal

from harness import Job, wait_until

ROWS = 400
POINTS = ("run.begun:1", "chunk.read:3", "chunk.written:2", "chunk.rejects_stored:2", "chunk.committed:3", "run.finishing:1")
PROMISES = {}


def promise(of=lambda target: True, workers=(2,)):
    """The function is tested over each target that `of` takes, with each of these numbers of workers."""
    def mark(function):
        function.of, function.workers = of, workers
        PROMISES[function.__name__] = function
        return function
    return mark


def lines(first, rows):
    return "id,name\n" + "".join(f"{i},name {i}\n" for i in range(first, first + rows))


def expected(rows=2 * ROWS):
    return [(i, f"name {i}") for i in range(rows)]


class VerbJob(Job):
    """A job that is started with other verbs than `run`, too."""

    verb = ("run",)

    def command(self, *arguments):
        command = super().command(*arguments)
        return command[:1] + list(self.verb) + command[2:]

    def say(self, *verb, failpoint=None):
        self.verb = verb
        outcome = self.run(failpoint=failpoint)
        self.verb = ("run",)
        return outcome

    def frozen(self, point, do):
        """`do` is done while the run stands at a point."""
        process = self.start(failpoint=point + ":STOP")
        status = pathlib.Path(f"/proc/{process.pid}/status")
        try:
            wait_until(lambda: "State:\tT" in status.read_text() or process.poll() is not None, f"{point} of the run")
            assert process.poll() is None, f"{point} was never passed: {self.wait(process)}"
            do()
        finally:
            process.send_signal(signal.SIGCONT)
        return self.wait(process)


class Place:
    """`self.job` reads in-0.csv and in-1.csv in chunks of 50 rows."""

    def __init__(self, test, name, target, number, sink=None, source=None, **extra):
        self.test = test
        self.name = name
        folder = test.folder / f"{name}-{number}"
        folder.mkdir()
        self.target = target.open(test, folder)
        for i in range(2):
            (folder / f"in-{i}.csv").write_text(lines(i * ROWS, ROWS))
        self.job = VerbJob(folder, {
            "job": "promise", "source": {"type": "csv", "path": "in-*.csv", "columns": {"id": "int64"}, **(source or {})},
            "sinks": [{**self.target.block(), **(sink or {})}], "chunk": {"rows": 50}, "workers": 2,
            "errors": {"max_failed_percent": 100}, **extra})

    def change(self, part=None, **changes):
        """Other keys of the job, or of a part of it."""
        spec = json.loads(json.dumps(self.job.spec))
        (spec if part is None else spec[part][0] if isinstance(spec[part], list) else spec[part]).update(changes)
        self.job.write(spec)

    def another(self):
        """The same in another folder, with a target that nobody has written to."""
        return self.test.place(self.name)

    def file(self, name):
        return self.job.folder / name

    def finish(self, code=0):
        outcome = self.job.run()
        assert outcome.code == code, outcome
        return outcome

    def refuses(self, *words):
        """The run ends with an error that has these words, and the target stays."""
        before = self.target.rows()
        outcome = self.job.run()
        assert outcome.code not in (0, 3), outcome
        for word in words:
            assert word in outcome.text + outcome.err, outcome
        assert self.target.rows() == before, outcome

    def holds(self, rows):
        found = self.target.rows()
        assert sorted(found) == rows, f"{self.name}: {len(found)} rows, {len(set(found))} distinct, of {len(rows)}"
