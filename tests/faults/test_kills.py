"""kill -9 of workers, and of the database, while corrections come in.

KILLS sets how often; `make faults` 100 times, the database 20 times.
"""

import random
import signal
import time
from pathlib import Path

from ..databases import MariaDB, new_database
from ..servers import Server
from .crowd import KILLS, Crowd, kill_a_worker, wait_for_more

DATABASE_KILLS = max(2, KILLS // 5)


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
