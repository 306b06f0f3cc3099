import numpy as np
import pytest

from app.corpora.mnist import Digits
from app.generation.distortions import NONE, Chances
from app.generation.numbers import NumberWriter

BLOCKS = np.zeros((20, 28, 28), np.uint8)  # digit d is 4 + d columns wide, in two shades
for index in range(20):
    BLOCKS[index, 4:24, 6 : 10 + index % 10] = 100 + 100 * (index // 10)
WRITER = NumberWriter(Digits(BLOCKS, np.arange(20, dtype=np.uint8) % 10))


def widths(picture: np.ndarray) -> tuple[list[int], list[int]]:
    """The widths of inked runs, and of the gaps between them."""
    changes = np.flatnonzero(np.diff(np.pad(picture.any(axis=0), 1).astype(int)))
    runs = np.diff(changes)
    return runs[::2].tolist(), runs[1::2].tolist()


def natural(digits: list[int], gap: int) -> int:
    return sum(4 + digit for digit in digits) + gap * (len(digits) - 1)


def test_empty_columns_are_cropped_and_gaps_lie_between_digits_only() -> None:
    digits = [0, 3, 3, 9]
    picture = WRITER.write(digits, (7, 7), natural(digits, 7), np.random.default_rng(1))
    assert widths(picture) == ([4, 7, 7, 13], [7, 7, 7])


def test_gaps_are_uniform_with_both_ends() -> None:
    rng, found = np.random.default_rng(1), []
    shade = np.minimum(BLOCKS, 100)[:10]
    writer = NumberWriter(Digits(shade, np.arange(10, dtype=np.uint8)))
    for _ in range(400):
        picture = writer.write([0, 0], (2, 5), 300, rng)  # four columns, a gap, four columns
        [gap] = widths(picture > 50)[1]
        found.append(round(8 * gap / (300 - gap)))
    gaps, counts = np.unique(found, return_counts=True)
    assert gaps.tolist() == [2, 3, 4, 5]
    assert counts.min() > 70


def test_touching_digits_are_allowed() -> None:
    assert widths(WRITER.write([1, 2], (0, 0), 11, np.random.default_rng(1)))[1] == []


def test_every_image_of_a_class_is_chosen_alike() -> None:
    rng = np.random.default_rng(1)
    shades = [int(WRITER.write([5], (0, 0), 9, rng).max()) for _ in range(400)]
    assert 150 < shades.count(100) < 250
    assert set(shades) == {100, 200}


@pytest.mark.parametrize("width", [9, 5, 40])
def test_the_row_is_fitted_to_the_width(width: int) -> None:
    picture = WRITER.write([5], (0, 0), width, np.random.default_rng(1))
    assert picture.shape == (28, width)
    assert picture.any(axis=0).all()


def test_what_changes_leaves_digits_and_gaps_as_they_were_chosen() -> None:
    shades = []
    for chances in (NONE, Chances.these(["rotate", "shift"])):
        pictures = [
            WRITER.write([5] * 3, (20, 20), 300, np.random.default_rng(s), chances)
            for s in range(20)
        ]
        thirds = [third for picture in pictures for third in np.array_split(picture, 3, axis=1)]
        shades.append([third.max() > 150 for third in thirds])
    assert shades[0] == shades[1]


def test_an_image_without_ink_keeps_its_width() -> None:
    writer = NumberWriter(Digits(np.zeros((10, 28, 28), np.uint8), np.arange(10, dtype=np.uint8)))
    assert writer.write([1, 2], (0, 0), 56, np.random.default_rng(1)).shape == (28, 56)
