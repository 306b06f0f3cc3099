from itertools import pairwise

import numpy as np
import pytest

from app.generation.composer import Hand, compose
from app.ink.strokes import Strokes

EVEN = Hand(gap=0.3, gap_spread=0.0, size_spread=0.0, line_spread=0.0)


def block(width: float, height: float) -> Strokes:
    return Strokes((np.array([[7.0, 7.0], [7.0 + width, 7.0 + height]]),))


def boxes(ink: Strokes) -> list[tuple[float, float, float, float]]:
    """Left, right, top and bottom of every path."""
    return [(*path[:, 0][[0, -1]], *path[:, 1][[0, -1]]) for path in ink.paths]


def written(text: str, hand: Hand = EVEN) -> Strokes:
    inks = [block(30, 50) for _ in text.replace(" ", "")]
    return compose(inks, text, np.random.default_rng(0), hand)


def test_digits_stand_on_one_line_in_one_size_and_in_order() -> None:
    found = boxes(written("2718"))
    assert all(box[2:] == pytest.approx((-1.6, 0.0)) for box in found)
    gaps = [after[0] - before[1] for before, after in pairwise(found)]
    assert gaps == pytest.approx([0.3] * 3)


@pytest.mark.parametrize(
    ("character", "top", "bottom"), [("x", -1.0, 0.0), ("d", -1.7, 0.0), ("p", -1.0, 0.7)]
)
def test_letters_reach_as_high_and_low_as_letters_do(
    character: str, top: float, bottom: float
) -> None:
    assert boxes(written(character))[0][2:] == pytest.approx((top, bottom))


def test_flat_characters_keep_their_shape() -> None:
    ink = compose([block(500, 1)], "-", np.random.default_rng(0), EVEN)
    left, right, top, bottom = boxes(ink)[0]
    assert right - left == pytest.approx(0.6)
    assert -0.6 < top < bottom < -0.5


def test_a_space_parts_words() -> None:
    one, two = (boxes(written(text))[1][0] for text in ("12", "1 2"))
    assert two - one > 0.5


def test_one_seed_gives_one_ink_and_hands_differ() -> None:
    for one, other in zip(written("345").paths, written("345").paths, strict=True):
        np.testing.assert_array_equal(one, other)
    assert boxes(written("345", Hand())) != boxes(written("345"))


def test_every_character_needs_its_ink() -> None:
    with pytest.raises(ValueError, match="1 inks for '12'"):
        compose([block(1, 1)], "12", np.random.default_rng(0))
