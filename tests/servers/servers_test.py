"""The servers that tests and examples use: started twice, killed, started again, stopped, on addresses that stay."""

import os
import pathlib
import shlex
import signal
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
PACKAGE_MISSING = 77


class ServersTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="chunkmill-servers-test-")
        self.addCleanup(folder.cleanup)
        self.owner = folder.name
        self.addCleanup(self.servers, "stop")

    def servers(self, *verb, **environment):
        return subprocess.run([HERE / "servers", "--of", self.owner, *verb], text=True, capture_output=True,
                              env={**os.environ, **environment})

    def start(self):
        started = self.servers("start")
        if started.returncode == PACKAGE_MISSING:
            print(started.stderr, file=sys.stderr)
            self.skipTest(started.stderr)
        self.assertEqual(started.returncode, 0, started)
        return self.variables()

    def variables(self):
        lines = self.servers("env").stdout.splitlines()
        return dict(shlex.split(line)[1].split("=", 1) for line in lines)

    def ask(self, variables, sql):
        """The same statement at both."""
        environment = {**os.environ, **variables}
        commands = (["psql", "-XqAt", "service=chunkmill", "-c", sql],
                    ["mariadb", f"--defaults-file={variables['CHUNKMILL_TEST_MYSQL_CNF']}", "-BN", "etl", "-e", sql])
        return [subprocess.run(command, env=environment, text=True, capture_output=True, check=True).stdout for command in commands]

    def processes(self):
        status = self.servers("status").stdout
        return [int(line.split()[-1]) for line in status.splitlines() if "process" in line]

    def test_started_twice_killed_mended_and_gone(self):
        variables = self.start()
        processes = self.processes()
        self.assertEqual(len(processes), 2)
        self.ask(variables, "CREATE TABLE t (id integer); INSERT INTO t VALUES (7)")

        self.assertEqual(self.start(), variables)
        self.assertEqual(self.processes(), processes)

        for process in processes:
            os.kill(process, signal.SIGKILL)
        self.assertEqual(self.servers("status").returncode, 1)
        self.assertEqual(self.start(), variables)
        self.assertEqual(self.ask(variables, "SELECT id FROM t"), ["7\n", "7\n"])

        folder = pathlib.Path(variables["PGPASSFILE"]).parent
        for file in folder.iterdir():
            self.assertEqual(file.stat().st_mode & 0o077, 0, file)
        processes = self.processes()
        self.assertEqual(self.servers("stop").returncode, 0)
        self.assertFalse(folder.exists())
        for process in processes:
            self.assertFalse(os.path.exists(f"/proc/{process}/exe"))
        self.assertEqual(self.servers("stop").returncode, 0)
        self.assertNotEqual(self.servers("env").returncode, 0)

    def test_a_start_that_was_cut_off_is_begun_anew(self):
        variables = self.start()
        settings = pathlib.Path(variables["PGPASSFILE"]).parent / "settings.json"
        settings.write_text(settings.read_text().replace('"ready": true', '"ready": false'))
        variables = self.start()
        self.assertEqual(self.ask(variables, "SELECT 1"), ["1\n", "1\n"])

    def test_without_servers_a_command_runs_and_says_so(self):
        command = [HERE / "with_servers", "--of", self.owner, "sh", "-c", "echo found ${CHUNKMILL_TEST_MYSQL:-none}"]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("CHUNKMILL_TEST_")}
        without = subprocess.run(command, text=True, capture_output=True, env=environment)
        self.assertEqual((without.returncode, without.stdout), (0, "found none\n"))
        self.assertIn("SKIPPED", without.stderr)
        self.start()
        having = subprocess.run(command, text=True, capture_output=True, env=environment)
        self.assertIn("found mysql://etl:", having.stdout)

    def test_a_missing_package_is_named(self):
        tools = pathlib.Path(self.owner) / "bin"
        tools.mkdir()
        for name in ("python3", "env"):
            (tools / name).symlink_to(sys.executable if name == "python3" else "/usr/bin/env")
        started = self.servers("start", PATH=str(tools))
        self.assertEqual(started.returncode, PACKAGE_MISSING, started)
        self.assertIn("postgresql-client", started.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
