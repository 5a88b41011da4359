"""A password that is searched for everywhere: it is in no log, state, reject, metric, message, or process list."""

import base64
import os
import pathlib
import subprocess
import urllib.parse

from cases import CaseTest, expand, for_each, main
from databases import SERVERS
from harness import CHUNKMILL, PLUGINS, Job

# With all that has to be escaped somewhere: addresses, shells, JSON, YAML, libpq's own strings.
PASSWORD = "C4nary pä'ss\\w\"o@rd/:%41$&=?#"
USER = "canary_user"


def shapes(password):
    """The forms in which it could come out."""
    quoted = urllib.parse.quote(password, safe="")
    raw = password.encode()
    escaped = password.replace("\\", "\\\\").replace('"', '\\"')
    return {raw, quoted.encode(), quoted.lower().encode(), base64.b64encode(raw), escaped.encode(), password.replace("'", "\\'").encode(),
            b"C4nary"}


class Secrets(CaseTest):
    def prepare(self, kind):
        """A database whose owner has the canary for a password."""
        database = self.database(kind)
        user = f"{USER}_{os.getpid()}"
        escaped = PASSWORD.replace("'", "''")
        if kind == "postgres":
            database.run(f"CREATE ROLE {user} LOGIN PASSWORD '{escaped}'; GRANT ALL ON SCHEMA public TO {user}; "
                         f"GRANT ALL ON DATABASE {database.database} TO {user}")
        else:
            escaped = escaped.replace("\\", "\\\\")
            database.run(f"CREATE USER {user}@'127.0.0.1' IDENTIFIED BY '{escaped}'; "
                         "GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX, REFERENCES "
                         f"ON {database.database}.* TO {user}@'127.0.0.1'")
        self.user = user
        self.addCleanup(database.run, f"DROP ROLE {user}" if kind == "postgres" else f"DROP USER {user}@'127.0.0.1'")
        self.addCleanup(database.remove)  # before its user
        database.create("results", {"id": "integer", "v": "integer"}, "CHECK (v >= 0)")
        if kind == "postgres":
            database.run(f"GRANT ALL ON results TO {user}")
        self.database_with_canary = database
        return database

    def parts(self, **replaced):
        database = self.database_with_canary
        return {"type": database.kind, "host": database.server.hostname, "port": database.server.port, "database": database.database,
                "user": self.user, "table": "results", "timeout": "5s", "connect_timeout": "2s", **replaced}

    def ways(self):
        """Every way to give it: name, the sink's block, variables."""
        database = self.database_with_canary
        url = database.url(user=self.user, password=PASSWORD)
        file = self.folder / "password.txt"
        file.write_text(PASSWORD + "\n")
        file.chmod(0o600)
        yield "url", {"type": database.kind, "url": url, "table": "results"}, {}
        yield "url-in-the-environment", {"type": database.kind, "url": "${CANARY_URL}", "table": "results"}, {"CANARY_URL": url}
        yield "password", self.parts(password="${CANARY}"), {"CANARY": PASSWORD}
        yield "password-file", self.parts(password_file=str(file)), {}

    def everything(self, block, variables, name, failing=True):
        """Runs every verb over a job with this sink, and gives all that came out of it, by where."""
        folder = self.folder / name
        folder.mkdir()
        (folder / "in.csv").write_text("id,v\n" + "".join(f"{i},{-1 if i % 97 == 5 else i}\n" for i in range(2000)) + "much,1\n")
        job = Job(folder, {"job": "canary", "source": {"type": "csv", "path": "in.csv", "columns": {"id": "int64", "v": "int64"}},
                           "sinks": [block], "hooks": [{"type": "jsonl", "path": "events.jsonl"}],
                           "rate": {"rows_per_second": 4000}, "retry": {"attempts": 2, "initial_delay": "1ms"}})
        environment = {**os.environ, **variables}
        found = {}

        def run(verb, *arguments):
            command = [CHUNKMILL, *verb.split(), str(job.path), *arguments, "--plugin-dir", PLUGINS]
            process = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            if verb == "run":
                found["process list"] = b""
                for _ in range(50):
                    found["process list"] += b"".join(file.read_bytes() for file in pathlib.Path("/proc").glob("[0-9]*/cmdline")
                                                      if self.ours(file, process.pid))
            out, err = process.communicate(timeout=60)
            found[f"{verb} {' '.join(arguments)}"] = out + err
            return process.returncode

        for arguments in ((), ("--format", "json")):
            run("validate", "--connect", *arguments)
            run("plan", *arguments)
        run("preview")
        code = run("run", "--log-level", "debug", "--log-format", "json")
        run("run", "--restart", "--format", "json")
        for verb in ("rejects list", "rejects export", "runs list", "runs show"):
            run(verb)
        for file in folder.rglob("*"):
            if file.is_file() and file != job.path:
                found[str(file.relative_to(folder))] = file.read_bytes()
        return code, found

    @staticmethod
    def ours(file, pid):
        # Other tests of this machine have lists of their own.
        return file.parent.name == str(pid)

    def search(self, found):
        return sorted({where for where, data in found.items() for shape in shapes(PASSWORD) if shape in data})


@expand
class SecretsTest(Secrets):
    @for_each(SERVERS)
    def a_job_that_works(self, kind):
        self.prepare(kind)
        for name, block, variables in self.ways():
            with self.subTest(way=name):
                code, found = self.everything(block, variables, name)
                self.assertEqual(code, 3, found)
                self.assertEqual(self.search(found), [])
                self.assertGreater(len(found), 14)

    @for_each(SERVERS)
    def a_job_that_gets_it_by_set(self, kind):
        database = self.prepare(kind)
        url = database.url(user=self.user, password=PASSWORD)
        (self.folder / "in.csv").write_text("id,v\n" + "".join(f"{i},{i}\n" for i in range(50)) + "much,1\n")
        job = Job(self.folder, {"job": "canary", "source": {"type": "csv", "path": "in.csv", "columns": {"id": "int64", "v": "int64"}},
                                "sinks": [{"type": kind, "url": "${NOWHERE:}", "table": "results"}], "chunk": {"rows": 10}, "workers": 1,
                                "hooks": [{"type": "jsonl", "path": "events.jsonl"}], "retry": {"attempts": 1}})
        found = {}
        # Unreachable, stopped half-way, finished, nothing to do; an option that is no secret to its plugin.
        unreachable = database.url(user=self.user, password=PASSWORD, port=1)
        for address, more in ((unreachable, ()), (url, ("--limit", "20")), (url, ()), (url, ()), (url, ("--set", f"sinks.0.tabel={url}"))):
            for form in ("text", "json"):
                command = [CHUNKMILL, "run", str(job.path), "--set", f"sinks.0.url={address}", *more, "--format", form, "--log-level", "debug"]
                done = subprocess.run(command, cwd=self.folder, capture_output=True, timeout=60)
                found[f"{len(found)}: {more} {form}"] = done.stdout + done.stderr
        for file in self.folder.rglob("*"):
            if file.is_file() and file != job.path:
                found[str(file.relative_to(self.folder))] = file.read_bytes()
        self.assertEqual(self.search(found), [], {where: found[where] for where in self.search(found)})
        stopped = found["2: ('--limit', '20') text"].decode()
        self.assertIn("--set 'sinks.0.url=***'", stopped)
        self.assertIn("*** stands for a secret", stopped)

    @for_each(SERVERS)
    def a_job_that_fails(self, kind):
        database = self.prepare(kind)
        server = database.server
        wrong = PASSWORD + "!"
        url = database.url(user=self.user, password=PASSWORD)
        blocks = {
            "wrong-password": {"type": kind, "url": database.url(user=self.user, password=wrong), "table": "results"},
            "unknown-user": {"type": kind, "url": database.url(user="nobody_at_all", password=PASSWORD), "table": "results"},
            "unknown-host": {"type": kind, "table": "results",
                             "url": database.url(user=self.user, password=PASSWORD, host="no.such.host.invalid")},
            "refused": {"type": kind, "url": database.url(user=self.user, password=PASSWORD, port=1), "table": "results"},
            "unknown-database": {"type": kind, "url": url.rsplit("/", 1)[0] + "/no_such_database", "table": "results"},
            "no-such-scheme": {"type": kind, "url": url.replace("://", "x://", 1), "table": "results"},
            "broken-url": {"type": kind, "url": url.replace("@", " @", 1), "table": "results"},
            "unknown-setting": {"type": kind, "url": url + "?no_such_setting=1", "table": "results"},
            "port-no-number": {"type": kind, "url": url.replace(f":{server.port}/", ":port/"), "table": "results"},
            "not-allowed": {"type": kind, "url": url, "table": "elsewhere"},
            "unknown-option": {"type": kind, "url": url, "table": "results", "passwort": PASSWORD},
        }
        if kind == "postgres":
            database.run(f"REVOKE ALL ON SCHEMA public FROM {self.user}")
            database.run("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        for name, block in blocks.items():
            with self.subTest(fault=name):
                code, found = self.everything(block, {}, name)
                # The job's own line is shown for an unknown option: it is not known to be a secret.
                self.assertNotIn(code, (0, 3) if name not in ("not-allowed",) else (), found)
                if name != "unknown-option":
                    self.assertEqual(self.search(found), [], {where: found[where] for where in self.search(found)})


@expand
class NegativeControl(Secrets):
    @for_each(SERVERS)
    def where_it_is_no_secret_it_is_found(self, kind):
        self.prepare(kind)
        block = next(self.ways())[1]
        _, found = self.everything({**block, "table": PASSWORD[:6]}, {}, "control")
        self.assertNotEqual(self.search(found), [])


if __name__ == "__main__":
    main()
