"""The server as `make run` starts it, with a port and a folder of its own, for measuring."""

import os
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path
from types import TracebackType
from typing import Self


def migrate(folder: Path) -> None:
    """Make the database of a folder."""
    subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app:create_app", "db", "upgrade"],
        env=_environment(folder),
        check=True,
        capture_output=True,
    )


class Served:
    """gunicorn from its start to its end; seconds is what it took to be ready."""

    def __init__(self, folder: Path, workers: int, threads: int) -> None:
        """Keep what the server is to be started with."""
        self._folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._settings = {
            "PORT": str(self.port),
            "WEB_CONCURRENCY": str(workers),
            "WEB_THREADS": str(threads),
        }

    def __enter__(self) -> Self:
        """Start the server and wait until it is ready."""
        start = time.perf_counter()
        with (self._folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn"],
                env=_environment(self._folder) | self._settings,
                stdout=log,
                stderr=log,
            )
        while not self._is_ready():
            if self._process.poll() is not None:
                raise SystemExit((self._folder / "log").read_text())
            time.sleep(0.01)
        self.seconds = time.perf_counter() - start
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the server."""
        self._process.terminate()
        self._process.wait()

    def worker_megabytes(self) -> float:
        """Return the resident memory of the largest worker."""
        return max(_resident_bytes(pid) for pid in self._worker_pids()) / 1e6

    def cpu_seconds(self) -> float:
        """Return the processor time that the workers took so far."""
        return sum(_cpu_seconds(pid) for pid in self._worker_pids())

    def _worker_pids(self) -> list[int]:
        master = self._process.pid
        return [int(pid) for pid in _proc(master, f"task/{master}/children").split()]

    def _is_ready(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/ready")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()


def _environment(folder: Path) -> dict[str, str]:
    return os.environ | {"INKLOOP_VAR": str(folder), "RATELIMIT_ENABLED": "false"}


def _proc(pid: int, name: str) -> str:
    return Path(f"/proc/{pid}/{name}").read_text()


def _resident_bytes(pid: int) -> int:
    lines = _proc(pid, "status").splitlines()
    return 1024 * int(next(line for line in lines if line.startswith("VmRSS")).split()[1])


def _cpu_seconds(pid: int) -> float:
    user, system = _proc(pid, "stat").rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
