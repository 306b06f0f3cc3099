"""A MariaDB of the tests' own: on a free port, in a temporary folder, as empty as wanted."""

import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

import pymysql
import pytest
from sqlalchemy import make_url

from .programs import program
from .servers import free_port

BOTH_DATABASES = pytest.mark.parametrize("database_url", ["sqlite", "mariadb"], indirect=True)
HOW = "apt-get install mariadb-server"
PASSWORD = "x7Pq-93kd_fLw2Vb"  # production takes no plain one
PATIENCE_S = 60
QUICKER = ("--innodb-buffer-pool-size=32M", "--innodb-log-file-size=8M", "--skip-name-resolve")


@dataclass
class MariaDB:
    """The server, started anew as often as it is killed; what it was told stays in the folder."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"mysql+pymysql://inkloop:{PASSWORD}@127.0.0.1:{self.port}/"

    def install(self) -> "MariaDB":
        program("mariadbd", HOW)
        subprocess.run(
            [program("mariadb-install-db", HOW), *self._where(), "--auth-root-authentication-method=normal"],
            check=True,
            capture_output=True,
        )  # fmt: skip
        return self

    def start(self) -> "MariaDB":
        path = self.folder / "mariadb.log"
        with path.open("ab") as log:
            told = log.tell()
            self.process = subprocess.Popen(
                [program("mariadbd", HOW), *self._where(), f"--port={self.port}", "--bind-address=127.0.0.1",
                 f"--socket={self.folder}/socket", f"--pid-file={self.folder}/pid", *QUICKER],
                stdout=log,
                stderr=log,
            )  # fmt: skip
        until = time.monotonic() + PATIENCE_S
        while b"ready for connections" not in path.read_bytes()[told:]:
            assert self.process.poll() is None, path.read_text()
            assert time.monotonic() < until, path.read_text()
            time.sleep(0.05)
        return self

    def root(self, *statements: str) -> None:
        socket = str(self.folder / "socket")
        with pymysql.connect(user="root", unix_socket=socket, autocommit=True) as connection:
            for statement in statements:
                connection.cursor().execute(statement)

    def allow(self) -> "MariaDB":
        """Let the tests' user do everything, as one who owns a database may in it."""
        self.root(
            f"CREATE USER IF NOT EXISTS inkloop@'%' IDENTIFIED BY '{PASSWORD}'",
            "GRANT ALL ON *.* TO inkloop@'%'",
        )
        return self

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self.process:
            self.process.send_signal(how)
            self.process.wait(timeout=PATIENCE_S)
            self.process = None

    def _where(self) -> list[str]:
        folder, user = self.folder, ["--user=root"] if os.getuid() == 0 else []
        return ["--no-defaults", f"--datadir={folder}/data", *user]


def new_database(url: str, name: str) -> str:
    """Make an empty database on a server; return its URL."""
    server = make_url(url)
    with pymysql.connect(
        host=server.host, port=server.port or 3306, user=server.username or "",
        password=server.password or "", autocommit=True,
    ) as connection:  # fmt: skip
        connection.cursor().execute(f"DROP DATABASE IF EXISTS {name}")
        connection.cursor().execute(f"CREATE DATABASE {name}")
    return server.set(database=name).render_as_string(hide_password=False)
