import numpy as np
import pytest

from app.generation.hands import our_digits, points, write_number
from app.ink.strokes import Strokes, parse_strokes

MINE = parse_strokes([[[0, 0], [0, 10]]])


def test_there_is_a_hand_with_every_digit_in_two_ways() -> None:
    assert {digit: len(ways) for digit, ways in our_digits().items()} == dict.fromkeys(
        "0123456789", 2
    )


def test_a_seed_gives_the_same_number() -> None:
    first, again, other = (write_number("2026", {}, seed, 0.3).digest() for seed in (1, 1, 2))
    assert first == again != other


def test_own_digits_take_the_place_of_ours() -> None:
    written = write_number("171", {"1": [MINE]}, 1, 0.3)
    assert [len(path) for path in (written.paths[0], written.paths[-1])] == [2, 2]
    assert len(written.paths) >= 3


def test_digits_stand_in_their_order_with_room_between() -> None:
    starts = {}
    for gap in (0.0, 1.0):
        written = write_number("11111", {"1": [MINE]}, 1, gap)
        starts[gap] = [float(path[:, 0].min()) for path in written.paths]
        assert starts[gap] == sorted(starts[gap])
    assert np.diff(starts[1.0]).mean() == pytest.approx(np.diff(starts[0.0]).mean() + 1, abs=0.2)


def test_points_are_plain_numbers() -> None:
    assert points(Strokes((np.array([[0.12345, 1.0]]),))) == [[[0.1234, 1.0]]]
