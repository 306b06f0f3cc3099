"""Clients that send corrections while the server, or something that it needs, is killed.

KILLS sets how often; `make faults` takes 100.
"""

import os
import random
import signal
import threading
import time
from dataclasses import dataclass, field
from typing import Self

from ..servers import Server
from .history import Client, Told, Verdict, check

KILLS = int(os.environ.get("KILLS", "10"))
CLIENTS = 4
PATIENCE_S = 60


def kill_a_worker(server: Server, luck: random.Random) -> bool:
    workers = server.workers()
    if not workers:
        return False
    try:
        os.kill(luck.choice(workers), signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def wait_for_more(clients: list[Client], corrections: int) -> None:
    """Wait until so many more corrections have been acknowledged."""
    until = time.monotonic() + PATIENCE_S
    wanted = sum(len(client.history) for client in clients) + corrections
    while sum(len(client.history) for client in clients) < wanted:
        assert time.monotonic() < until, "the server stopped acknowledging"
        time.sleep(0.002)


@dataclass
class Crowd:
    """Clients that send corrections until they are stopped."""

    url: str
    labels: str = "0123456789"
    clients: list[Client] = field(default_factory=list)

    def __enter__(self) -> Self:
        self.stopped = threading.Event()
        self.clients = [Client(self.url, self.stopped, self.labels) for _ in range(CLIENTS)]
        self.threads = [threading.Thread(target=client.run) for client in self.clients]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        for thread in self.threads:
            thread.join()

    def history(self) -> list[Told]:
        return [told for client in self.clients for told in client.history]

    def verdict(self, database: str, killed: int) -> Verdict:
        found = check(database, self.history())
        print(
            f"\n{killed} kills, {sum(client.retries for client in self.clients)} retries, {found}"
        )
        return found
