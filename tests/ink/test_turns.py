import multiprocessing
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from app.errors import Unavailable
from app.ink.turns import Turns


def test_one_works_while_others_wait(tmp_path: Path) -> None:
    turns, at_work, most = Turns(tmp_path / "gate", at_once=9, patience_s=20), [], 0

    def work(number: int) -> int:
        with turns.take():
            at_work.append(number)
            time.sleep(0.005)
            seen = len(at_work)
            at_work.remove(number)
        return seen

    with ThreadPoolExecutor(8) as pool:
        most = max(pool.map(work, range(16)))
    assert most == 1


def test_who_holds_the_turn_may_take_it_again(tmp_path: Path) -> None:
    turns = Turns(tmp_path / "gate", at_once=1, patience_s=0)
    for _ in range(3):
        with turns.take(), turns.take():
            pass


def test_more_than_may_wait_are_refused_at_once(tmp_path: Path) -> None:
    turns = Turns(tmp_path / "gate", at_once=2, patience_s=0.5)

    def seconds_to_refusal(_: int) -> float:
        start = time.monotonic()
        with pytest.raises(Unavailable), turns.take():
            pass
        return time.monotonic() - start

    with turns.take(), ThreadPoolExecutor(4) as pool:
        waited = sorted(pool.map(seconds_to_refusal, range(4)))
    assert waited[0] < 0.4
    assert waited[-1] >= 0.5


def test_patience_ends_and_a_place_is_given_back(tmp_path: Path) -> None:
    turns = Turns(tmp_path / "gate", at_once=2, patience_s=0.01)
    with turns.take(), ThreadPoolExecutor(1) as pool:
        for _ in range(3):
            with pytest.raises(Unavailable, match="Try again"):
                pool.submit(lambda: turns.take().__enter__()).result()
    with turns.take():
        pass


def hold(gate: Path, held: Event) -> None:
    with Turns(gate).take():
        held.set()
        time.sleep(60)


def test_other_workers_wait_too_and_not_for_one_that_was_killed(tmp_path: Path) -> None:
    gate, context = tmp_path / "gate", multiprocessing.get_context("spawn")
    held = context.Event()
    other = context.Process(target=hold, args=(gate, held))
    other.start()
    assert held.wait(30)
    turns = Turns(gate, patience_s=0.05)
    with pytest.raises(Unavailable), turns.take():
        pass
    other.kill()
    other.join()
    for _ in range(2):
        with turns.take():
            pass
