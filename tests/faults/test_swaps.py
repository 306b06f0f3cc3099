"""Champions change while people draw: nobody notices, and nothing that is damaged ever serves.

SWAPS and DAMAGED say how many of each; `make faults` does 50 and 500.
"""

import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import requests

from app.ink.strokes import parse_strokes
from app.recognition.decoding import decode
from app.recognition.promotion import promote
from app.recognition.recognizer import Recognizer
from app.recognition.registry import Registry

from ..inks import strokes
from ..recognition.versions import PASSED, copy_version, point_to
from ..servers import Server

SWAPS = int(os.environ.get("SWAPS", "4"))
DAMAGED = int(os.environ.get("DAMAGED", "10"))
CLIENTS = 20
WORKERS = 2
NOTICED_S = 5
MOST_GROWN = 1.1
WARM_SWAPS = 3


@dataclass
class Client:
    """Somebody who draws without a pause."""

    url: str
    stopped: threading.Event
    answers: list[tuple[int, str, float]] = field(
        default_factory=list
    )  # status, version, confidence

    def run(self) -> None:
        body = {"strokes": strokes("7"), "kind": "digit"}
        with requests.Session() as session:
            while not self.stopped.is_set():
                answer = session.post(f"{self.url}/api/predict", json=body, timeout=30)
                told = answer.json() if answer.ok else {"model": {"version": ""}, "confidence": 0.0}
                self.answers.append(
                    (answer.status_code, told["model"]["version"], told["confidence"])
                )
                time.sleep(0.02)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path, {"WEB_CONCURRENCY": str(WORKERS)}).migrate().start()
    yield server
    server.stop()


def versions_served(server: Server) -> set[str]:
    """The versions that workers name, asked over connections of their own."""
    return {
        requests.get(f"{server.url}/version", timeout=10).json()["models"]["digit"]
        for _ in range(10)
    }


def memory(server: Server) -> list[int]:
    """KiB that each worker takes."""
    statuses = [Path(f"/proc/{pid}/status").read_text() for pid in server.workers()]
    return [int(status.split("VmRSS:")[1].split()[0]) for status in statuses]


def wait_until(done: Callable[[], bool], most_s: float) -> float:
    began = time.monotonic()
    while not done():
        assert time.monotonic() - began < most_s
        time.sleep(0.05)
    return time.monotonic() - began


@pytest.mark.slow
def test_nobody_notices_that_the_champion_changes(server: Server) -> None:
    models = server.folder / "models"
    names = ["v101", "v102"]
    for name, source in zip(names, ("v5", "v6"), strict=True):
        copy_version(models, name, source=source, verdict=PASSED)
    registry, stopped = Registry(models), threading.Event()
    clients = [Client(server.url, stopped) for _ in range(CLIENTS)]
    threads = [threading.Thread(target=client.run) for client in clients]
    for thread in threads:
        thread.start()
    taken = []
    try:
        for swap in range(SWAPS + WARM_SWAPS):
            if swap == WARM_SWAPS:
                before = memory(server)
            name = names[swap % 2]
            promote(registry, "digit", name, "test")
            taken.append(wait_until(lambda name=name: versions_served(server) == {name}, NOTICED_S))
    finally:
        stopped.set()
        for thread in threads:
            thread.join()
    after = memory(server)
    answers = [answer for client in clients for answer in client.answers]
    print(
        f"\n{SWAPS + WARM_SWAPS} swaps, {len(answers):,} answers; slowest swap {max(taken):.1f} s; workers {before} → {after} KiB"
    )
    assert {status for status, _, _ in answers} == {200}
    made_by = {(version, confidence) for _, version, confidence in answers}
    assert made_by == {(name, certainty_of(registry, name)) for name in names} | {
        ("v6", certainty_of(registry, "v102"))
    }
    assert max(after) <= MOST_GROWN * max(before)


def certainty_of(registry: Registry, version: str) -> float:
    """How certain a version is of the ink that clients send: by this it is known."""
    recognizer = Recognizer(registry.load("digit", version))
    scores = recognizer.scores(recognizer.frame(parse_strokes(strokes("7"))))
    return decode(scores, recognizer.card).candidates[0].confidence


def damages(folder: Path, luck: random.Random) -> str:
    """Damage a version in one of the ways that disks, copies and people do."""
    files = sorted(path for path in folder.iterdir() if path.is_file())
    file = luck.choice(files)
    how = luck.choice(["cut", "flip", "empty", "swap", "missing", "half-written"])
    content = bytearray(file.read_bytes())
    if how == "cut":
        file.write_bytes(content[: luck.randrange(len(content))])
    elif how == "flip":
        at = luck.randrange(len(content))
        content[at] ^= 1 << luck.randrange(7)
        file.write_bytes(content)
    elif how == "empty":
        file.write_bytes(b"")
    elif how == "swap":
        other = luck.choice([path for path in files if path != file])
        file.write_bytes(other.read_bytes())
    elif how == "missing":
        file.unlink()
    else:
        for one in luck.sample(files, luck.randrange(1, len(files))):
            one.unlink()
    return f"{how} {file.name}"


@pytest.mark.slow
def test_nothing_that_is_damaged_ever_serves(server: Server) -> None:
    models, luck = server.folder / "models", random.Random(0)
    workers = server.workers()
    done: list[str] = []
    for number in range(1, DAMAGED + 1):
        kind = luck.choice(["digit", "character"])
        folder = copy_version(models, f"v{100 + number}", kind)
        done.append(damages(folder, luck))
        before = failures(server)
        point_to(models, folder.name, kind)
        wait_until(lambda before=before: failures(server) >= before + WORKERS, 2 * NOTICED_S)
        answer = requests.post(
            f"{server.url}/api/predict", json={"strokes": strokes("7"), "kind": kind}, timeout=10
        ).json()
        assert int(answer["model"]["version"][1:]) < 100, done[-1]
    print(f"\n{len(done)} damaged versions refused: {sorted(set(done))[:8]}…")
    assert server.workers() == workers
    good = copy_version(models, f"v{DAMAGED + 200}")
    point_to(models, good.name)
    wait_until(lambda: versions_served(server) == {good.name}, 2 * NOTICED_S)


def failures(server: Server) -> int:
    lines = requests.get(f"{server.url}/metrics", timeout=10).text.splitlines()
    found = [line for line in lines if line.startswith("model_load_failures_total")]
    return sum(int(float(line.split()[-1])) for line in found)
