"""Start an image without an engine, as one would start it, and see what it does.

It runs by chroot in mounts of its own: the root read-only, /tmp and the data folder writable, the
image's own user, no capabilities.
"""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MAX_MEGABYTES = 400
PATIENCE_S = 60
SEVEN = [[[10, 12], [60, 12], [30, 90]]]
NOT_SERVED = ("tensorflow", "keras", "pytest", "pip")
NOT_COPIED = (".env", ".git", "data", "scripts/train.py", "tests", "var", "app/training")
MOUNTS = """
set -eu
root=$1 data=$2
shift 2
mount --make-rprivate /
mount --bind "$root" "$root"
mount -o remount,bind,ro "$root"
mount -t tmpfs -o mode=1777,size=64m,noexec,nosuid,nodev tmpfs "$root/tmp"
mount -t proc proc "$root/proc"
mount -t tmpfs tmpfs "$root/dev"
for device in null urandom; do
    touch "$root/dev/$device"
    mount --bind "/dev/$device" "$root/dev/$device"
done
mount --bind "$data" "$root/var/lib/inkloop"
exec chroot "$root" "$@"
"""


@dataclass(frozen=True)
class Image:
    """An image's files, and what it says of itself in Docker's words."""

    tree: Path
    config: dict[str, Any]

    def command(self, data: Path, inside: list[str], settings: dict[str, str]) -> list[str]:
        """Return what runs a command inside as the image wants it."""
        user, group = self.config["User"].split(":")
        environment = [*self.config["Env"], *(f"{name}={text}" for name, text in settings.items())]
        mounts = ["unshare", "--mount", "sh", "-c", MOUNTS, "sh", str(self.tree), str(data)]
        rights = [f"--reuid={user}", f"--regid={group}", "--clear-groups", "--bounding-set=-all"]
        start = ["env", "-i", f"--chdir={self.config['WorkingDir']}", *environment]
        return [*mounts, "setpriv", *rights, "--no-new-privs", *start, *inside]


class Trial:
    """Runs commands of one image on one data folder."""

    def __init__(self, image: Image, folder: Path) -> None:
        """Make the data folder as an engine makes a volume: with the image's owner and mode."""
        self.image = image
        self.data = folder / "data"
        self.data.mkdir(mode=0o700)
        user, group = map(int, image.config["User"].split(":"))
        os.chown(self.data, user, group)
        self.port, metrics_port = _free_port(), _free_port()
        self.settings = {"PORT": str(self.port), "METRICS_PORT": str(metrics_port)}
        self.log = folder / "log"

    def run(self, *inside: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        command = self.image.command(self.data, list(inside), self.settings | settings)
        return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603

    def healthy(self) -> bool:
        """Run the image's HEALTHCHECK."""
        return self.run(*self.image.config["Healthcheck"]["Test"][1:]).returncode == 0

    @contextmanager
    def serving(self) -> Iterator[subprocess.Popen[bytes]]:
        """Run the image's CMD until the block ends."""
        command = self.image.command(self.data, self.image.config["Cmd"], self.settings)
        with self.log.open("wb") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log)  # noqa: S603
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def ask(self, path: str, body: Any = None, port: str = "PORT") -> tuple[int, str]:
        """Return status and text of an answer; status 0 where there is none."""
        url = f"http://127.0.0.1:{self.settings[port]}{path}"
        content = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        try:
            with urllib.request.urlopen(
                urllib.request.Request(url, content, headers), timeout=10
            ) as answer:
                return answer.status, answer.read().decode()
        except OSError as error:
            return getattr(error, "code", 0), str(error)


def try_image(image: Image, base: Path, folder: Path) -> int:
    """Print what holds and what does not; return 0 if everything holds."""
    trial = Trial(image, folder)
    holds = {**_at_rest(trial), **_in_use(trial), **_sizes(image, base)}
    for what, held in holds.items():
        print(f"{'ok    ' if held else 'FAILED'}  {what}")
    if not all(holds.values()):
        print(trial.log.read_text())
    return int(not all(holds.values()))


def _at_rest(trial: Trial) -> dict[str, bool]:
    """Try commands beside the server."""
    find = (
        "import sys; from importlib.util import find_spec as f; sys.exit(any(map(f, sys.argv[1:])))"
    )
    unsafe = trial.run(*trial.image.config["Cmd"], APP_ENV="production")
    home = trial.image.tree / trial.image.config["WorkingDir"].lstrip("/")
    return {
        "its user is a number, not root": trial.run("id", "-u").stdout.strip() == "10001",
        "its root is read-only": "Read-only" in trial.run("touch", "/srv/inkloop/x").stderr,
        "its folder of data is writable": trial.run("touch", "/var/lib/inkloop/x").returncode == 0,
        f"no {', '.join(NOT_SERVED)}": trial.run("python", "-c", find, *NOT_SERVED).returncode == 0,
        f"no {', '.join(NOT_COPIED)}": not any((home / name).exists() for name in NOT_COPIED),
        "it can fetch MNIST, to make numbers of": trial.run(
            "python", "-m", "scripts.prepare", "mnist", "--help"
        ).returncode
        == 0,
        "production without a secret is refused": "SECRET_KEY" in unsafe.stderr
        and unsafe.returncode != 0,
        "without a server it is not healthy": not trial.healthy(),
    }


def _in_use(trial: Trial) -> dict[str, bool]:
    """Start the server, use it, end it."""
    start = time.monotonic()
    with trial.serving() as process:
        while trial.ask("/ready")[0] != 200 and time.monotonic() < start + PATIENCE_S:
            time.sleep(0.05)
        seconds = time.monotonic() - start
        status, text = trial.ask("/api/predict", {"strokes": SEVEN})
        reading = json.loads(text) if status == 200 else {}
        correction = {"strokes": SEVEN, "label": "7", "id": reading.get("id", "")}
        holds = {
            f"ready {seconds:.1f} s after its start, database made": trial.ask("/ready")[0] == 200,
            "it reads a 7": reading.get("result") == "7",
            "it keeps a correction": trial.ask("/api/feedback", correction)[0] == 201,
            "it serves its page": "<html" in trial.ask("/")[1],
            "its metrics have a port": "total_predictions_total 1.0"
            in trial.ask("/metrics", port="METRICS_PORT")[1],
            "its health check passes": trial.healthy(),
        }
        process.send_signal(signal.Signals[trial.image.config["StopSignal"]])
        return holds | {"its stop signal ends it cleanly": _ends(process)}


def _ends(process: subprocess.Popen[bytes]) -> bool:
    try:
        return process.wait(PATIENCE_S) == 0
    except subprocess.TimeoutExpired:
        return False


def _sizes(image: Image, base: Path) -> dict[str, bool]:
    whole, below = _megabytes(image.tree), _megabytes(base)
    parts = f"{whole - below:.0f} of our own on a base of {below:.0f}"
    return {f"{whole:.0f} MB of {MAX_MEGABYTES}: {parts}": whole <= MAX_MEGABYTES}


def _megabytes(tree: Path) -> float:
    """Return the size of all files, each counted once."""
    found = {
        (status.st_ino, status.st_dev): status.st_size
        for path in tree.rglob("*")
        if path.is_file() and not path.is_symlink() and (status := path.stat())
    }
    return sum(found.values()) / 1e6


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
