"""Lines of text cut into words."""

import numpy as np
import pytest

from app.ink.strokes import Strokes
from app.training.lines import pieces, words

HEIGHT = 10.0


def stroke(left: float, right: float, top: float = 0.0) -> np.ndarray:
    return np.array([[left, top], [right, top + HEIGHT]])


def line(*lengths: int, gap: float = 12.0, top: float = 0.0) -> list[np.ndarray]:
    """Words of so many letters, a stroke for each."""
    paths, x = [], 0.0
    for length in lengths:
        for _ in range(length):
            paths.append(stroke(x, x + 6, top))
            x += 8
        x += gap
    return paths


def cut(paths: list[np.ndarray], label: str) -> list[tuple[str, int]]:
    """What was cut: texts, and how many strokes each has."""
    return [(word.text, len(word.ink.paths)) for word in words(Strokes(tuple(paths)), label)]


def test_words_are_cut_at_the_widest_gaps() -> None:
    assert cut(line(3, 2, 4), "the ox runs") == [("the", 3), ("ox", 2), ("runs", 4)]


def test_a_dot_that_is_set_later_does_not_cut_its_word() -> None:
    paths = line(3, 4)
    paths.insert(3, stroke(9, 10, -4))  # back over the second letter
    assert cut(paths, "thi runs") == [("thi", 4), ("runs", 4)]


def test_a_full_stop_belongs_to_its_word() -> None:
    paths = [*line(3, 4), stroke(69, 70, 9)]
    assert cut(paths, "the runs .") == [("the", 3), ("runs.", 5)]


def test_a_text_goes_on_in_the_next_row() -> None:
    paths = line(3, 4) + line(4, top=2 * HEIGHT)
    found = words(Strokes(tuple(paths)), "the cart runs")
    assert [(word.text, word.row) for word in found] == [("the", 0), ("cart", 0), ("runs", 1)]


@pytest.mark.parametrize(
    ("paths", "label"),
    [
        (line(4, 4, gap=0.2), "tell them"),  # gaps that could be within a word
        (line(2), "a b c"),  # fewer strokes than words
        (line(1, 9), "elephants a"),  # the wrong gap: letters of very different widths
    ],
    ids=["no clear gap", "too few strokes", "uneven"],
)
def test_doubtful_lines_yield_nothing(paths: list[np.ndarray], label: str) -> None:
    assert cut(paths, label) == []


def test_one_word_is_taken_whole() -> None:
    assert cut(line(5), "hello") == [("hello", 5)]


def test_pieces_are_neighbouring_words_of_one_row() -> None:
    ink = Strokes((*line(3, 4, 3, 4), *line(4, 4, top=2 * HEIGHT)))
    label = "the cart ran away from them"
    rng = np.random.default_rng(0)
    for _ in range(20):
        found = list(pieces(ink, label, rng, longest=3))
        assert " ".join(piece.text for piece in found) == label
        assert all(len(piece.text.split()) <= 3 for piece in found)
        assert not any("away from" in piece.text for piece in found)
