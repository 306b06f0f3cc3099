"""Words are cut where the pen was lifted between letters, and their fragments make other words."""

import numpy as np
import pytest

from app.ink.strokes import Strokes
from app.recognition.recognizer import Recognizer
from app.recognition.registry import SHIPPED, Registry
from app.training.datasets import Drawn
from app.training.recutting import LONGEST, Fragment, cut_up, fragments, joined

from ..inks import written


def box(x: float, y: float = 0.0, width: float = 8.0, height: float = 10.0) -> np.ndarray:
    return np.array([[x, y], [x + width, y], [x + width, y + height], [x, y + height]])


def test_letters_apart_are_cut_apart() -> None:
    ink = Strokes((box(0), box(10), box(20)))
    found = fragments(ink, "abc", [0 / 28, 10 / 28, 20 / 28])
    assert [(one.text, one.gap) for one in found] == [("a", 2.0), ("b", 2.0), ("c", None)]
    for one in found:
        assert one.ink.paths[0][:, 0].min() == 0


def test_strokes_keep_their_order_and_their_height() -> None:
    cross, stem = box(2, y=2, width=4, height=1), box(0)
    found = fragments(Strokes((stem, box(12, y=4, height=6), cross)), "tn", [0.0, 0.6])
    assert [one.text for one in found] == ["t", "n"]
    assert len(found[0].ink.paths) == 2
    assert np.ptp(found[0].ink.paths[1][:, 1]) == 1
    assert found[1].ink.paths[0][:, 1].min() - found[0].ink.paths[0][:, 1].min() == 4


@pytest.mark.parametrize(
    ("paths", "middles"),
    [
        ((box(0), box(6)), [0.0, 0.6]),  # they overlap
        ((box(0), box(10)), [0.0, 0.3]),  # the second may be on either side
        ((box(0), box(10)), [0.5, 0.7]),  # both are on one side
    ],
)
def test_what_is_not_clear_is_not_cut(paths: tuple[np.ndarray, ...], middles: list[float]) -> None:
    (whole,) = fragments(Strokes(paths), "ab", middles)
    assert (whole.text, whole.gap) == ("ab", None)


def test_a_dot_alone_is_no_letter() -> None:
    found = fragments(Strokes((box(0, height=0.5), box(10))), "ib", [0.0, 0.6])
    assert [one.text for one in found] == ["b"]


def test_fragments_follow_each_other_at_their_gaps() -> None:
    known = [
        Fragment(Strokes((box(0, y=-5),)), "a", 3.0),
        Fragment(Strokes((box(0, y=-5),)), "b", None),
    ]
    for seed in range(20):
        ink, text = joined(known, np.random.default_rng(seed))
        assert 2 <= len(text) <= LONGEST
        lefts = [path[:, 0].min() for path in ink.paths]
        assert np.diff(lefts) == pytest.approx(np.full(len(text) - 1, 11.0))


def test_long_fragments_are_not_joined_without_end() -> None:
    known = [Fragment(Strokes((box(0),)), "a" * 10, None)]
    assert joined(known, np.random.default_rng(0))[1] == "a" * 10


def test_the_word_model_says_where_letters_are() -> None:
    registry = Registry(SHIPPED)
    recognizer = Recognizer(registry.load("word", registry.champion("word")))
    texts = ["1984", "MARK"]
    found = cut_up(Drawn([written(t) for t in texts], texts, ["anna", "bert"]), recognizer)
    assert {writer: "".join(one.text for one in known) for writer, known in found.items()} == {
        "anna": "1984",
        "bert": "MARK",
    }
    assert [one.text for one in found["bert"]] == [*"MARK"]
    wrong = cut_up(Drawn([written("HAM")], ["zzz"], ["anna"]), recognizer)
    assert wrong == {}
