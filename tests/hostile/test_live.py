"""Hostile requests to the real server. HOSTILE sets how many; `make hostile` sends 10,000."""

import os
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

import pytest
import requests

from ..inks import data_url, picture, png, strokes
from ..servers import Server
from .bodies import corpus, mutated
from .pictures import pictures
from .wire import Answer, Request, form, send

REQUESTS = int(os.environ.get("HOSTILE", "2500"))
CLIENTS = 4
SLOWEST_S = 1.0
MAX_GROWTH_MB = 64
NOT_IMPLEMENTED = "transfer xchunked"  # gunicorn's 501, as RFC 9112 (6.1) asks
heavy_turn = threading.Lock()  # clients send heavy requests one at a time; crowds are tested apart


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path).migrate().start()
    yield server
    server.stop()


class Memory:
    """The memory of each worker, from a warm start."""

    def __init__(self, server: Server) -> None:
        self.workers = server.workers()
        self.before_mb = self.resident_mb()
        for worker in self.workers:
            Path(f"/proc/{worker}/clear_refs").write_text("5")  # VmHWM starts anew

    def resident_mb(self, name: str = "VmRSS") -> list[float]:
        statuses = [Path(f"/proc/{worker}/status").read_text() for worker in self.workers]
        return [int(re.findall(rf"{name}:\s+(\d+)", status)[0]) / 1024 for status in statuses]

    def growth_mb(self, name: str = "VmHWM") -> list[float]:
        """By how much each worker's peak, or another figure, stands over its start."""
        pairs = zip(self.resident_mb(name), self.before_mb, strict=True)
        return [round(now - before) for now, before in pairs]


def warm_up(server: Server) -> None:
    """Ordinary use by as many clients as there are threads."""

    def use(number: int) -> None:
        digit = str(number % 10)
        photograph = png(picture(digit, paper="ivory").resize((1_000, 1_000)), "JPEG")
        ordinary = [
            {"strokes": strokes(digit)},
            {"image": data_url(png(picture(digit)))},
            {"image": data_url(photograph, "jpeg")},
        ]
        for body in ordinary:
            requests.post(f"{server.url}/api/predict", json=body, timeout=20)
            requests.post(f"{server.url}/api/feedback", json=body | {"label": digit}, timeout=20)
        requests.post(f"{server.url}/api/predict", files={"file": photograph}, timeout=20)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(use, range(160)))


def hostile_requests(count: int) -> list[Request]:
    luck = random.Random(1)
    fixed = corpus()
    files = [Request(case.name, body, headers=headers, is_heavy=True)
             for case in pictures() for headers, body in [form(case.content)]]  # fmt: skip
    chosen = [*fixed, *files]
    chosen += islice(mutated(chosen, luck), max(0, count - len(chosen)))
    luck.shuffle(chosen)
    return chosen


def sent(server: Server, request: Request) -> Answer:
    if not request.is_heavy and len(request.body) < 60_000:
        return send(server.port, request)
    with heavy_turn:
        return send(server.port, request)


def least_seconds(server: Server, request: Request) -> float:
    """What a request costs when the machine does nothing else for us."""
    return min(send(server.port, request).seconds for _ in range(4))


def test_hostile_requests_are_answered_quickly_and_in_little_memory(server: Server) -> None:
    warm_up(server)
    memory = Memory(server)
    hostile = hostile_requests(REQUESTS)
    start = time.monotonic()
    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = list(pool.map(lambda request: sent(server, request), hostile))
    took = time.monotonic() - start
    growth = memory.growth_mb()
    slow = {r.name: least_seconds(server, r) for r, a in zip(hostile, answers, strict=True) if a.seconds > SLOWEST_S}  # fmt: skip
    by_status = Counter(answer.status for answer in answers)
    slowest = max(zip(answers, hostile, strict=True), key=lambda pair: pair[0].seconds)
    print(
        f"\n{len(hostile):,} requests in {took:.0f} s; statuses {dict(sorted(by_status.items()))}"
    )
    print(
        f"slowest {slowest[0].seconds:.2f} s ({slowest[1].name}); over 1 s, sent again alone: {slow}"
    )
    print(f"workers of {memory.before_mb} MB after warm-up: "
          f"{growth} MB more at their peaks, {memory.growth_mb('VmRSS')} MB now")  # fmt: skip

    assert [r.name for r, a in zip(hostile, answers, strict=True) if a.status >= 500 and not r.name.endswith(NOT_IMPLEMENTED)] == []  # fmt: skip
    closed = [r.name for r, a in zip(hostile, answers, strict=True) if not a.status]
    assert all(name.startswith("head") for name in closed)  # no HTTP at all
    assert [name for name, seconds in slow.items() if seconds > SLOWEST_S] == []
    assert max(growth) <= MAX_GROWTH_MB
    assert server.workers() == memory.workers
    answer = requests.post(f"{server.url}/api/predict", json={"strokes": strokes("7")}, timeout=5)
    assert answer.json()["result"] == "7"
    assert "Traceback" not in server.log


def test_a_crowd_of_large_requests_leaves_room_for_ordinary_ones(server: Server) -> None:
    """Sixteen clients send the heaviest at once; one goes on writing digits."""
    warm_up(server)
    memory = Memory(server)
    heaviest = [
        case
        for case in pictures()
        if case.name.startswith("8 megapixels") and len(case.content) < 8_000_000
    ]
    crowd = [Request(case.name, body, headers=headers)
             for case in heaviest * 12 for headers, body in [form(case.content)]]  # fmt: skip
    with ThreadPoolExecutor(16) as pool:
        coming = [pool.submit(send, server.port, request) for request in crowd]
        ordinary = Request("ordinary", b'{"strokes": [[[1, 2], [3, 40]]]}')
        meanwhile = [send(server.port, ordinary) for _ in range(50)]
        answers = [each.result() for each in coming]
    by_status = Counter(answer.status for answer in answers)
    growth = memory.growth_mb()
    slowest = max(answer.seconds for answer in meanwhile)
    print(
        f"\n{dict(by_status)}; {growth} MB more; an ordinary request took {slowest:.2f} s at most"
    )
    assert {answer.status for answer in meanwhile} == {200}
    assert slowest < SLOWEST_S
    assert set(by_status) <= {200, 503}
    assert by_status[200]
    assert all("Retry-After" in answer.text for answer in answers if answer.status == 503)
    assert max(growth) <= MAX_GROWTH_MB
