"""Measure how fast Inkloop reads and starts, and what memory it takes, on this machine.

python -m scripts.bench                # everything; a minute
python -m scripts.bench --rounds 50    # a quick look
python -m scripts.bench --no-keras     # without TensorFlow installed
"""

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import numpy as np
from tqdm import tqdm

from app.ink.strokes import parse_strokes
from app.recognition.reader import Reader
from app.recognition.recognizer import Recognizer
from app.recognition.registry import SHIPPED, Registry

WARM_UP = 20
STARTS = 5
# a 3 as a mouse leaves it: 60 points
INK = [[[150 - 60 * np.cos(t) * (t < 9), 60 + 9 * t] for t in np.linspace(0, 12, 60)]]


def main(arguments: list[str]) -> int:
    """Parse arguments, measure, print a table."""
    options = _parser().parse_args(arguments)
    registry = Registry(SHIPPED)
    version = registry.champions("digit")[0]
    recognizer = Recognizer(registry.load("digit", version))
    ink = parse_strokes(INK)
    frame, reader = recognizer.frame(ink), Reader([recognizer])
    rows = {
        "model alone (LiteRT)": timed(lambda: recognizer.scores(frame), options.rounds),
        "ink to reading": timed(lambda: reader.read(ink), options.rounds),
    }
    if not options.no_keras:
        rows["Keras model.predict"] = timed(_keras(version, frame), max(options.rounds // 10, 20))
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [sys.executable, "-m", "flask", "--app", "app:create_app", "db", "upgrade"],
            env=_environment(folder),
            check=True,
            capture_output=True,
        )
        starts = []
        for _ in tqdm(range(STARTS), desc="starts", unit=""):
            with _server(folder) as (process, port, seconds):
                starts.append(seconds)
                rows["POST /api/predict"] = timed(_poster(port), options.rounds)
                megabytes = _worker_megabytes(process.pid)
    for name, milliseconds in rows.items():
        p50, p95 = np.percentile(milliseconds, [50, 95])
        print(f"{name:24} p50 {p50:8.3f} ms   p95 {p95:8.3f} ms")
    if not options.no_keras:
        ratio = np.median(rows["Keras model.predict"]) / np.median(rows["ink to reading"])
        print(f"{'ink to reading':24} {ratio:.0f} times faster than model.predict")
    print(f"{'start to /ready':24} {statistics.median(starts):.2f} s, median of {STARTS}")
    print(f"{'memory of a worker':24} {megabytes:.0f} MB resident")
    return 0


def timed(call: Callable[[], object], rounds: int) -> list[float]:
    """Return the milliseconds of each of so many calls, after some that do not count."""
    for _ in range(WARM_UP):
        call()
    milliseconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        call()
        milliseconds.append((time.perf_counter() - start) * 1e3)
    return milliseconds


def _keras(
    version: str, frame: np.ndarray[tuple[int, ...], np.dtype[np.float32]]
) -> Callable[[], object]:
    import keras

    model = keras.saving.load_model(SHIPPED / "digit" / version / "model.keras")
    return lambda: model.predict(frame[np.newaxis], verbose=0)


def _environment(folder: str) -> dict[str, str]:
    return os.environ | {
        "INKLOOP_VAR": folder,
        "RATELIMIT_ENABLED": "false",
        "WEB_CONCURRENCY": "1",
    }


@contextmanager
def _server(folder: str) -> Iterator[tuple[subprocess.Popen[bytes], int, float]]:
    """Start gunicorn; give its process, its port and the seconds until /ready."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    start = time.perf_counter()
    with Path(folder, "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn"],
            env=_environment(folder) | {"PORT": str(port)},
            stdout=log,
            stderr=log,
        )
    try:
        while not _is_ready(port):
            if process.poll() is not None:
                raise SystemExit(Path(folder, "log").read_text())
            time.sleep(0.01)
        yield process, port, time.perf_counter() - start
    finally:
        process.terminate()
        process.wait()


def _is_ready(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/ready")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _poster(port: int) -> Callable[[], object]:
    """Return what sends one reading over a connection that is kept alive."""
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    body = json.dumps({"strokes": INK, "kind": "digit"})

    def post() -> bytes:
        connection.request("POST", "/api/predict", body, {"Content-Type": "application/json"})
        return connection.getresponse().read()

    return post


def _worker_megabytes(master: int) -> float:
    """Return the resident memory of gunicorn's first worker."""
    worker = Path(f"/proc/{master}/task/{master}/children").read_text().split()[0]
    status = Path(f"/proc/{worker}/status").read_text()
    kibibytes = next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]
    return int(kibibytes) * 1024 / 1e6


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m scripts.bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--rounds", type=int, default=500, help="calls of each kind")
    parser.add_argument("--no-keras", action="store_true", help="leave model.predict out")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
