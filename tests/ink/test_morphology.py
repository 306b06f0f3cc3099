import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from app.ink.morphology import blurred, boxes_of, closed, components, pen_width, reduced, widened

MASKS = npst.arrays(np.bool_, st.tuples(st.integers(1, 14), st.integers(1, 14)))


def flooded(mask: np.ndarray) -> list[set[tuple[int, int]]]:
    """The 8-connected parts, pixel by pixel."""
    left = {(int(y), int(x)) for y, x in np.argwhere(mask)}
    parts = []
    while left:
        part, edge = set(), [left.pop()]
        while edge:
            y, x = edge.pop()
            part.add((y, x))
            near = {(y + i, x + j) for i in (-1, 0, 1) for j in (-1, 0, 1)} & left
            left -= near
            edge += near
        parts.append(part)
    return parts


@settings(max_examples=300, deadline=None)
@given(MASKS)
def test_components_are_those_of_a_flood(mask: np.ndarray) -> None:
    numbers = components(mask)
    assert not numbers[~mask].any()
    found = [
        {(int(y), int(x)) for y, x in np.argwhere(numbers == n)}
        for n in range(1, numbers.max() + 1)
    ]
    assert sorted(map(sorted, found)) == sorted(map(sorted, flooded(mask)))


def extreme(shade: np.ndarray, window: int, pick: np.ufunc) -> np.ndarray:
    half = window // 2
    found = np.empty_like(shade)
    for y, x in np.ndindex(shade.shape):
        found[y, x] = pick.reduce(
            shade[max(0, y - half) : y + half + 1, max(0, x - half) : x + half + 1], axis=None
        )
    return found


@pytest.mark.parametrize("window", [1, 3, 5, 9, 31])
def test_closing_is_the_greatest_then_the_least_of_the_window(window: int) -> None:
    shade = np.random.default_rng(0).random((13, 17)).astype(np.float32)
    expected = extreme(extreme(shade, window, np.maximum), window, np.minimum)
    np.testing.assert_array_equal(closed(shade, window), expected)


def test_closing_takes_narrow_dark_things_and_leaves_an_edge() -> None:
    shade = np.ones((30, 30), np.float32)
    shade[:, 20:] = 0.4  # a shadow
    shade[5:25, 8:11] = 0.0  # a stroke
    without = closed(shade, 7)
    assert (without[:, :20] == 1).all()
    assert (without[:, 20:] == np.float32(0.4)).all()


def test_a_mask_grows_to_all_sides() -> None:
    mask = np.zeros((7, 7), bool)
    mask[3, 3] = True
    assert np.argwhere(widened(mask, 2)).tolist() == [
        [y, x] for y in range(1, 6) for x in range(1, 6)
    ]


def test_blurring_keeps_an_even_shade_and_means_over_the_window() -> None:
    np.testing.assert_allclose(blurred(np.full((9, 4), 0.3, np.float32), 5), 0.3, atol=1e-6)
    dot = np.zeros((9, 9), np.float32)
    dot[4, 4] = 1
    np.testing.assert_allclose(blurred(dot, 3)[3:6, 3:6], 1 / 9, atol=1e-6)


@pytest.mark.parametrize("width", [2, 5, 12])
def test_the_width_of_a_stroke_is_found(width: int) -> None:
    mask = np.zeros((100, 100), bool)
    mask[10:90, 40 : 40 + width] = True
    assert pen_width(mask) == pytest.approx(width, rel=0.3)


def test_reducing_means_over_squares() -> None:
    shade = np.arange(16, dtype=np.float32).reshape(4, 4)
    np.testing.assert_allclose(reduced(shade, 2), [[2.5, 4.5], [10.5, 12.5]])


def test_boxes_reach_from_the_first_to_the_last_pixel_of_each_part() -> None:
    numbers = np.zeros((9, 7), np.int32)
    numbers[2:5, 1] = 1
    numbers[8, 3:6] = 2
    assert boxes_of(numbers)[1:].tolist() == [[[2, 4], [1, 1]], [[8, 8], [3, 5]]]
