"""A private MariaDB: loopback only, a user `etl` that may make databases and users but administers nothing."""

import os
import subprocess
import time

from place import LONGEST_START, Server, Trouble, last_lines, write_private

# Read at each start before the first connection is taken: there is no moment without passwords.
ACCOUNTS = """\
CREATE OR REPLACE USER 'root'@'localhost' IDENTIFIED BY '{admin}';
GRANT ALL ON *.* TO 'root'@'localhost' WITH GRANT OPTION;
DELETE FROM mysql.global_priv WHERE User IN ('', 'root') AND Host <> 'localhost';
FLUSH PRIVILEGES;
CREATE USER IF NOT EXISTS 'etl'@'127.0.0.1' IDENTIFIED BY '{password}';
GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, REFERENCES, INDEX, ALTER, CREATE TEMPORARY TABLES, LOCK TABLES, CREATE VIEW, SHOW VIEW, TRIGGER, EXECUTE, CREATE ROUTINE, ALTER ROUTINE, CREATE USER ON *.* TO 'etl'@'127.0.0.1' WITH GRANT OPTION;
CREATE DATABASE IF NOT EXISTS etl CHARACTER SET utf8mb4;
"""


class MariaDb(Server):
    name = "mysql"
    packages = {"mariadb-install-db": "mariadb-server", "mariadbd": "mariadb-server", "mariadb": "mariadb-client"}
    user = "mysql"

    def program(self, name):
        # The server's program lies in sbin, which ordinary users' PATH leaves out.
        return super().program(name) or next((path for path in (f"/usr/sbin/{name}", f"/usr/bin/{name}") if os.path.exists(path)), None)

    def pid_file(self):
        return self.folder / "pid"

    def why(self):
        return last_lines(self.folder / "log")

    def create(self):
        made = self.ask([self.program("mariadb-install-db"), "--no-defaults", f"--datadir={self.folder / 'data'}",
                         f"--tmpdir={self.folder}",
                         "--auth-root-authentication-method=normal", "--skip-test-db", "--skip-log-bin"], **self.as_user())
        if made.returncode != 0:
            raise Trouble(f"mariadb-install-db failed:\n{made.stdout}")
        accounts = self.folder / "accounts.sql"
        write_private(accounts, ACCOUNTS.format(**self.settings))
        self.own(accounts)

    def launch(self):
        self.pid_file().unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [self.program("mariadbd"), "--no-defaults", f"--datadir={self.folder / 'data'}", "--socket=socket", "--bind-address=127.0.0.1",
             f"--port={self.settings['port']}", f"--pid-file={self.pid_file()}", f"--init-file={self.folder / 'accounts.sql'}",
             "--innodb-buffer-pool-size=128M", "--innodb-log-file-size=64M", "--skip-name-resolve", "--skip-log-bin",
             # TMPDIR may be a folder that its user must not write to.
             "--max-connections=200", f"--tmpdir={self.folder}", f"--log-error={self.folder / 'log'}"],
            cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
            **self.as_user())
        end = time.monotonic() + LONGEST_START
        while self.process.poll() is None and not self.pid() and time.monotonic() < end:
            time.sleep(0.01)

    def answers(self):
        return self.ask([self.program("mariadb"), "--no-defaults", "--protocol=tcp", "--connect-timeout=3", "-h", "127.0.0.1",
                         "-P", str(self.settings["port"]), "-u", "etl", "-e", "SELECT 1", "etl"],
                        env={**os.environ, "MYSQL_PWD": self.settings["password"]}).returncode == 0

    def stop(self):
        self.end()  # nothing of it is kept, and a clean stop takes a second

    def files(self):
        port, password = self.settings["port"], self.settings["password"]
        return {"mariadb.cnf": f"[client]\nprotocol=tcp\nhost=127.0.0.1\nport={port}\nuser=etl\npassword={password}\n"}

    def variables(self):
        return {"CHUNKMILL_TEST_MYSQL": f"mysql://etl:{self.settings['password']}@127.0.0.1:{self.settings['port']}/etl",
                "CHUNKMILL_TEST_MYSQL_CNF": str(self.folder.parent / "mariadb.cnf")}
