"""What schedulers and pipes do to a process: closed streams, readers that leave, file names that are not UTF-8, commands that are pasted."""

import itertools
import json
import os
import re
import shlex
import subprocess
import unittest

from harness import CHUNKMILL, FaultTest, Job


class Operation(FaultTest):
    def job(self, **extra):
        job = Job(self.folder / "a folder", {
            "job": "small", "source": {"type": "csv", "path": "in.csv", "columns": {"id": "int64"}},
            "sinks": [{"type": "csv", "path": "out.csv"}], "errors": {"max_failed_percent": 100}, **extra})
        (job.folder / "in.csv").write_text("id,v\n1,a\nx,the reason of this row is longer than any terminal is wide, and more\n3,c\n")
        return job

    def rows(self, job):
        return (job.folder / "out.csv").read_text().splitlines()[1:]

    def test_closed_streams_are_nobodys(self):
        for count in (1, 2, 3):
            for closed in itertools.combinations((0, 1, 2), count):
                with self.subTest(closed=closed):
                    job = self.job()
                    command = f"exec {CHUNKMILL} run job.yaml --restart {' '.join(f'{stream}>&-' for stream in closed)}"
                    self.assertEqual(subprocess.run(["bash", "-c", command], cwd=job.folder, capture_output=True).returncode, 3)
                    self.assertEqual(self.rows(job), ["1,a", "3,c"])
                    for file in job.folder.rglob("*"):
                        if file.is_file():
                            self.assertNotIn(b"finished  small", file.read_bytes(), file)

    def test_a_reader_of_the_messages_that_leaves_does_not_end_the_run(self):
        job = self.job(rate={"rows_per_second": 20}, chunk={"rows": 1}, retry={"attempts": 1})
        reader, writer = os.pipe()
        process = subprocess.Popen([CHUNKMILL, "run", "job.yaml", "--log-level", "debug"], cwd=job.folder, stdout=writer, stderr=writer)
        os.close(writer)
        os.close(reader)
        self.assertEqual(process.wait(60), 3)
        self.assertEqual(self.rows(job), ["1,a", "3,c"])

    def test_json_is_utf8_whatever_a_file_is_called(self):
        job = self.job(hooks=[{"type": "jsonl", "path": "events.jsonl"}])
        try:
            os.rename(job.folder / "in.csv", os.fsencode(job.folder) + b"/caf\xe9.csv")
        except OSError as fault:
            self.skipTest(f"this file system takes UTF-8 names alone: {fault}")
        job.spec["source"]["path"] = "caf*.csv"
        job.write(job.spec)
        verbs = (("run",), ("run", "--log-format", "json", "--restart"), ("validate", "--connect"), ("plan",), ("preview",), ("rejects list",),
                 ("rejects show", "1"), ("runs list",), ("runs show",))
        for verb, *arguments in verbs:
            with self.subTest(verb=verb):
                done = subprocess.run([CHUNKMILL, *verb.split(), "job.yaml", *arguments, "--format", "json"], cwd=job.folder, capture_output=True)
                self.assertIn(done.returncode, (0, 3), done)
                text = done.stdout.decode("utf-8")
                try:
                    json.loads(text)
                except ValueError:
                    for line in text.splitlines():
                        json.loads(line)
        for line in (job.folder / "events.jsonl").read_bytes().decode("utf-8").splitlines():
            json.loads(line)

    def test_printed_commands_work_when_they_are_pasted(self):
        job = self.job(chunk={"rows": 1}, workers=1)
        (job.folder / "other $(touch ran) 'file'.csv").write_text("id,v\n7,x\ny,z\n9,x\n")
        paths = "source.path=[in.csv, \"other $(touch ran) 'file'.csv\"]"
        done = subprocess.run([CHUNKMILL, "run", str(job.path), "--set", paths, "--limit", "1", "--state", "the state"], cwd=self.folder,
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 5, done)
        commands = [self.printed(done.stderr)]
        done = self.paste(commands[0])
        self.assertEqual(done.returncode, 3, done)
        self.assertIn('"y" is not a whole number', done.stderr)
        self.assertNotIn("…", done.stderr)
        listed = self.paste(self.printed(done.stderr))
        self.assertEqual(listed.returncode, 0, listed)
        self.assertIn("in.csv:3", listed.stdout)
        self.assertFalse((self.folder / "ran").exists() or (job.folder / "ran").exists())

    def printed(self, text):
        return re.search(r"chunkmill ((run|rejects list) .*)", text).group(1)

    def paste(self, command):
        return subprocess.run(["bash", "-c", f"{shlex.quote(CHUNKMILL)} {command}"], cwd=self.folder, capture_output=True, text=True)


if __name__ == "__main__":
    unittest.main()
