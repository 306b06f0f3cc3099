"""kill -9 of the workers while corrections come in. KILLS sets how often; `make faults` 100 times."""

import os
import random
import signal
import threading
import time
from pathlib import Path

from ..servers import Server
from .history import Client, check

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


def test_no_acknowledged_correction_is_lost_or_doubled(tmp_path: Path) -> None:
    server = Server(tmp_path, {"WEB_CONCURRENCY": "2"}).migrate().start()
    stopped = threading.Event()
    clients = [Client(server.url, stopped) for _ in range(CLIENTS)]
    threads = [threading.Thread(target=client.run) for client in clients]
    luck = random.Random(1)
    for thread in threads:
        thread.start()
    try:
        killed = 0
        while killed < KILLS:
            wait_for_more(clients, luck.randint(1, 20))
            time.sleep(luck.uniform(0, 0.02))
            killed += kill_a_worker(server, luck)
        wait_for_more(clients, 20)
    finally:
        stopped.set()
        for thread in threads:
            thread.join()
    server.wait_until_ready()
    server.stop()
    verdict = check(server.database, [told for client in clients for told in client.history])
    print(f"\n{killed} kills, {sum(client.retries for client in clients)} retries, {verdict}")
    assert verdict.acknowledged > KILLS
    assert (verdict.lost, verdict.doubled, verdict.altered, verdict.intact) == (0, 0, 0, True)
