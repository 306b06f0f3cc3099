"""Lines are parted into words where the word model sees their spaces."""

from itertools import pairwise

import numpy as np
import pytest

from app.ink.strokes import Strokes
from app.recognition.recognizer import Recognizer
from app.recognition.registry import SHIPPED, Registry
from app.training.datasets import Drawn
from app.training.lines import words as parted_by_gaps
from app.training.parting import in_one_row, parted

from ..inks import written

TEXT = "MARK 1984 HAM"


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    registry = Registry(SHIPPED)
    return Recognizer(registry.load("word", registry.champions("word")[0]))


def line(gap: float, *words: str) -> Strokes:
    """Words beside each other; a letter is about as wide as 0.7 heights."""
    paths, right = [], 0.0
    for word in words:
        its = written(word).paths
        left, top = np.concatenate(its).min(axis=0)
        height = float(np.ptp(np.concatenate(its)[:, 1]))
        paths += [(path - [left, top]) / height + [right, 0.0] for path in its]
        right = max(float(path[:, 0].max()) for path in paths) + gap
    return Strokes(tuple(paths))


def part(ink: Strokes, text: str, recognizer: Recognizer) -> list[tuple[str, int]]:
    """What was cut: texts, and how many strokes each has."""
    found = parted(Drawn([ink], [text], ["anna"]), recognizer)
    assert set(found.writers) <= {"anna"}
    return [(text, len(ink.paths)) for ink, text in zip(found.inks, found.labels, strict=True)]


def strokes_of(*words: str) -> list[tuple[str, int]]:
    return [(word, len(written(word).paths)) for word in words]


def test_a_line_whose_gaps_say_too_little_is_parted(recognizer: Recognizer) -> None:
    ink = line(0.55, *TEXT.split())
    far = Strokes((*ink.paths[:-1], ink.paths[-1] + [0.7, 0.0]))  # within a word, as wide a gap
    assert parted_by_gaps(far, TEXT) == []
    assert part(ink, TEXT, recognizer) == strokes_of(*TEXT.split())


def test_words_that_a_stroke_connects_stay_together(recognizer: Recognizer) -> None:
    ink = line(0.55, *TEXT.split())
    place = len(written("MARK").paths)
    connected = np.concatenate(ink.paths[place - 1 : place + 1])
    paths = (*ink.paths[: place - 1], connected, *ink.paths[place + 1 :])
    found = part(Strokes(paths), TEXT, recognizer)
    assert [text for text, _ in found][-1] == "HAM"
    assert "MARK" not in dict(found)


def test_what_the_model_finds_unlikely_is_left_out(recognizer: Recognizer) -> None:
    assert part(line(0.55, *TEXT.split()), "zoo it qqqq", recognizer) == []
    assert part(line(0.55, *TEXT.split()), "MARK €€€ HAM", recognizer) == []


def test_rows_are_put_behind_each_other(recognizer: Recognizer) -> None:
    below = [path + np.array([0.0, 3.0]) for path in line(0.55, "HAM", "27").paths]
    ink = Strokes((*line(0.55, "MARK", "1984").paths, *below))
    row = in_one_row(ink)
    assert len(row.paths) == len(ink.paths)
    assert np.ptp(np.concatenate(row.paths)[:, 1]) < 1.5
    lefts = [float(path[:, 0].min()) for path in row.paths]
    assert max(a - b for a, b in pairwise(lefts)) < 1.0
    assert part(ink, "MARK 1984 HAM 27", recognizer) == strokes_of("MARK", "1984", "HAM", "27")


def test_one_stroke_is_one_row() -> None:
    ink = Strokes((np.array([[0.0, 0.0], [1.0, 1.0]]),))
    assert in_one_row(ink) == ink
