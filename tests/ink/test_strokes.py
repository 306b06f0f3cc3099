import numpy as np
import pytest

from app.errors import InkError
from app.ink.strokes import MAX_POINTS, MAX_STROKES, parse_strokes


def test_times_are_dropped_and_empty_strokes_too() -> None:
    ink = parse_strokes([[[1, 2, 30], [3, 4, 60]], []])
    assert [path.tolist() for path in ink.paths] == [[[1, 2], [3, 4]]]


def test_digest_depends_on_points_and_where_strokes_end() -> None:
    whole = parse_strokes([[[0, 0], [1, 1], [2, 0], [3, 1]]])
    parted = parse_strokes([[[0, 0], [1, 1]], [[2, 0], [3, 1]]])
    assert whole.digest() == parse_strokes([[[0, 0, 9], [1, 1, 9], [2, 0, 9], [3, 1, 9]]]).digest()
    assert whole.digest() != parted.digest()


@pytest.mark.parametrize("payload", [[], [[]], [[[5, 5]]], [[[5, 5], [5, 5]], [[5, 5]]]])
def test_nothing_and_dots_on_one_spot_are_blank(payload: list[list[list[float]]]) -> None:
    assert parse_strokes(payload).is_blank()


def test_strokes_lean_to_the_right_by_a_share_of_their_height() -> None:
    bar = parse_strokes([[[5, 0], [5, 10]], [[7, 10]]])
    (top, foot), (dot,) = (path.tolist() for path in bar.leaning(0.2).paths)
    assert (top[1], foot[1], dot[1]) == (0, 10, 10)
    assert (top[0] - foot[0], dot[0] - foot[0]) == (2, 2)


def test_a_tap_that_slipped_by_a_few_pixels_is_blank() -> None:
    assert parse_strokes([[[5, 5], [6, 5], [6, 8]]]).is_blank()


@pytest.mark.parametrize("path", [[[5, 5], [5, 9]], [[0.5, 0.1], [0.5, 0.9]]])
def test_a_short_line_is_not_blank(path: list[list[float]]) -> None:
    assert not parse_strokes([path]).is_blank()


@pytest.mark.parametrize(
    "payload",
    [
        [[[1]]],
        [[["one", "two"]]],
        [[[float("nan"), 1]]],
        [[[float("inf"), 1]]],
        [[[10**400, 1]]],
        [[[1e7, 1]]],
        [[[0, 0]]] * (MAX_STROKES + 1),
        [[[0, 0]] * (MAX_POINTS + 1)],
    ],
)
def test_other_things_are_refused_with_a_reason(payload: list[list[list[float]]]) -> None:
    with pytest.raises(InkError, match=r"point|Coordinates|ink"):
        parse_strokes(payload)


def test_parsing_keeps_float_coordinates_exactly() -> None:
    point = [0.1 + 0.2, 1e-9]
    assert parse_strokes([[point]]).paths[0].dtype == np.float64
    assert parse_strokes([[point]]).paths[0].tolist() == [point]


@pytest.mark.parametrize("tiny", [5e-324, 1e-310, 1e-200])
def test_coordinates_next_to_nothing_are_nothing(tiny: float) -> None:
    assert parse_strokes([[[0.0, 0.0], [tiny, -tiny]]]).is_blank()
