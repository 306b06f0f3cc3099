"""kill -9 of workers, and of the database, while corrections come in.

KILLS sets how often; `make faults` 100 times, the database 20 times.
"""

import os
import random
import signal
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from ..databases import MariaDB, new_database
from ..servers import Server
from .history import Client, Verdict, check

KILLS = int(os.environ.get("KILLS", "10"))
DATABASE_KILLS = max(2, KILLS // 5)
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
    clients: list[Client] = field(default_factory=list)

    def __enter__(self) -> Self:
        self.stopped = threading.Event()
        self.clients = [Client(self.url, self.stopped) for _ in range(CLIENTS)]
        self.threads = [threading.Thread(target=client.run) for client in self.clients]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        for thread in self.threads:
            thread.join()

    def verdict(self, database: str, killed: int) -> Verdict:
        found = check(database, [told for client in self.clients for told in client.history])
        print(
            f"\n{killed} kills, {sum(client.retries for client in self.clients)} retries, {found}"
        )
        return found


def test_no_acknowledged_correction_is_lost_or_doubled(tmp_path: Path) -> None:
    server = Server(tmp_path, {"WEB_CONCURRENCY": "2"}).migrate().start()
    luck = random.Random(1)
    with Crowd(server.url) as crowd:
        killed = 0
        while killed < KILLS:
            wait_for_more(crowd.clients, luck.randint(1, 20))
            time.sleep(luck.uniform(0, 0.02))
            killed += kill_a_worker(server, luck)
        wait_for_more(crowd.clients, 20)
    server.wait_until_ready()
    server.stop()
    verdict = crowd.verdict(f"sqlite:///{server.database}", killed)
    assert verdict.acknowledged > KILLS
    assert (verdict.lost, verdict.doubled, verdict.altered, verdict.intact) == (0, 0, 0, True)


def test_none_is_lost_or_doubled_when_the_database_is_killed(tmp_path: Path) -> None:
    mariadb = MariaDB(tmp_path).install().start().allow()
    database = new_database(mariadb.url, "killed")
    server = Server(tmp_path, {"WEB_CONCURRENCY": "2", "DATABASE_URL": database}).migrate().start()
    luck = random.Random(1)
    try:
        with Crowd(server.url) as crowd:
            for _ in range(DATABASE_KILLS):
                wait_for_more(crowd.clients, luck.randint(5, 40))
                time.sleep(luck.uniform(0, 0.02))
                mariadb.stop(signal.SIGKILL)
                mariadb.start()
            wait_for_more(crowd.clients, 20)
        server.stop()
        verdict = crowd.verdict(database, DATABASE_KILLS)
    finally:
        server.stop()
        mariadb.stop()
    assert verdict.acknowledged > DATABASE_KILLS
    assert (verdict.lost, verdict.doubled, verdict.altered, verdict.intact) == (0, 0, 0, True)
