"""The real server in a folder of its own, for tests that need a process."""

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parents[1]
PATIENCE_S = 60


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def clean_environment(**settings: str) -> dict[str, str]:
    """The environment without any of Inkloop's settings, then with these."""
    kept = {
        name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ
    }
    return kept | settings


@dataclass
class Server:
    """`gunicorn` as `make run` starts it."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    program: str = "gunicorn"
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def database(self) -> Path:
        return self.folder / "inkloop.db"

    @property
    def metrics_folder(self) -> Path:
        return self.folder / "metrics"

    @property
    def log(self) -> str:
        return (self.folder / "server.log").read_text()

    def environment(self) -> dict[str, str]:
        fixed = {"INKLOOP_VAR": str(self.folder), "INKLOOP_MODELS": str(self.folder / "models")}
        fixed["PROMETHEUS_MULTIPROC_DIR"] = str(self.metrics_folder)
        return clean_environment(**fixed, PORT=str(self.port), **self.settings)

    def migrate(self) -> "Server":
        command = [sys.executable, "-m", "flask", "--app", "app:create_app", "db", "upgrade"]
        subprocess.run(command, cwd=ROOT, env=self.environment(), check=True, capture_output=True)
        return self

    def start(self) -> "Server":
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", self.program],
                cwd=ROOT,
                env=self.environment(),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            self.wait_until_ready()
        except BaseException:
            self.stop()  # nobody else would
            raise
        return self

    def wait_until_ready(self) -> None:
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            try:
                if requests.get(f"{self.url}/ready", timeout=5).ok:
                    return
            except (requests.ConnectionError, requests.Timeout):
                pass  # it listens before its workers are there
            assert self.process
            assert self.process.poll() is None, self.log
            time.sleep(0.05)
        raise AssertionError(f"not ready after {PATIENCE_S} s:\n{self.log}")

    def workers(self) -> list[int]:
        assert self.process
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in children.split()]

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        if self.process is None:
            return 0
        self.process.send_signal(how)
        status = self.process.wait(timeout=PATIENCE_S)
        self.process = None
        return status
