"""Which corrections train, which judge, and which are left out, and why."""

import math
from pathlib import Path

import numpy as np
import pytest

from app.ink.labelled import LabelledInk, Unusable
from app.ink.pictures import Picture
from app.ink.raster import rasterise
from app.ink.strokes import parse_strokes
from app.recognition.card import KINDS, Kind
from app.recognition.recognizer import Recognizer
from app.recognition.registry import SHIPPED, Registry
from app.training import digits, words
from app.training.classifiers import mixture_of
from app.training.corrections import MOST_OF_LINES, Corrections
from app.training.recipes import Recipe
from app.training.retraining.choosing import TO_REVIEW, Chosen, Rules, choose, is_kept_out, of_kind
from app.training.word_feeding import WordMixture

from ..inks import strokes, written

COPY = "It is nearly the same as another."


@pytest.fixture(scope="module")
def champion() -> Recognizer:
    return Recognizer(Registry(SHIPPED).load("digit", Registry(SHIPPED).champion("digit")))


def row(
    number: int, drawn: str = "7", label: str = "", kind: Kind = "digit", **changes: object
) -> LabelledInk:
    """A correction whose ink is another for every number."""
    ink = parse_strokes(strokes(drawn, scale=200 + number, at=(40 + 3 * number, 40)))
    if number:
        bend = np.sin(np.arange(200) * (1 + number))
        ink = type(ink)(tuple(path + 6 * bend[: len(path), None] for path in ink.paths))
    return LabelledInk(str(number), ink, label or drawn, kind, **changes)


def chosen(champion: Recognizer, *rows: LabelledInk, **rules: object) -> Chosen:
    return choose(rows, champion, Rules(**rules))


def test_what_judges_never_changes(champion: Recognizer) -> None:
    rows = [row(n, str(n % 10)) for n in range(60)]
    found = chosen(champion, *rows)
    assert {r.id for r in found.kept_out} <= {r.id for r in rows if is_kept_out(r.id)}
    assert 5 <= len(found.kept_out) <= 20
    assert chosen(champion, *reversed(rows)).left_out.keys() == found.left_out.keys()


def test_the_same_again_is_left_out_and_the_reviewed_one_stays(champion: Recognizer) -> None:
    one, same = row(0), row(0, is_reviewed=True)
    same = LabelledInk("reviewed", same.ink, same.label, same.kind, is_reviewed=True)
    found = chosen(champion, one, same, row(3, "4"))
    assert found.left_out == {COPY: ["0"]}


def test_other_digits_are_no_copies(champion: Recognizer) -> None:
    assert not chosen(champion, *(row(n, str(n)) for n in range(10))).left_out


def test_a_label_that_the_champion_is_sure_is_wrong_is_reviewed_first(champion: Recognizer) -> None:
    rows = [row(1, "7", label="3"), row(2, "4")]
    found = chosen(champion, *rows)
    assert (found.outliers, found.left_out) == (["1"], {TO_REVIEW: ["1"]})


@pytest.mark.parametrize("rules", [{"is_filtered": False}, {}])
def test_what_people_reviewed_is_no_outlier(champion: Recognizer, rules: dict[str, bool]) -> None:
    found = chosen(
        champion, row(1, "7", label="3", is_reviewed=rules != {"is_filtered": False}), **rules
    )
    assert not found.outliers
    assert len(found.train + found.kept_out) == 1


def test_the_same_drawing_with_two_labels_is_looked_at(champion: Recognizer) -> None:
    word = Recognizer(Registry(SHIPPED).load("word", Registry(SHIPPED).champion("word")))
    ink = written("HAM")
    rows = [LabelledInk(label, ink, label, "word") for label in ("HAM", "HUM")]
    assert choose(rows, word, Rules()).outliers == ["HAM", "HUM"]


def test_a_label_goes_to_the_kind_that_can_read_it() -> None:
    registry = Registry(SHIPPED)
    cards = {kind: registry.load(kind, registry.champion(kind)).card for kind in KINDS}
    rows = [
        row(1),
        row(2, label="x"),
        row(3, label="seven"),
        row(4, label="日"),
        Unusable("5", "It is no picture."),
    ]
    kept = {kind: of_kind(rows, kind, cards) for kind in KINDS}
    assert [[r.id for r in kept[kind][0]] for kind in KINDS] == [["1"], ["2"], ["3"]]
    assert kept["digit"][1] == {"No kind can read the label.": ["4"], "It is no picture.": ["5"]}


def test_one_person_is_but_a_share_of_what_trains() -> None:
    anna = [row(n, person="anna") for n in range(50)]
    guests = [row(n) for n in range(50, 60)]
    corrections = Corrections(anna + guests, max_share=0.01, most_repeats=20)
    times = corrections.repeats(10_000)
    assert times[50:] == [20] * 10
    assert sum(times[:50]) == 100
    assert set(times[:50]) == {2}
    assert sum(corrections.repeats(3_000)[:50]) == 30  # not even all of them once


def test_a_class_is_but_a_tenth_corrections() -> None:
    sevens, fours = (
        [row(n, label) for n in range(count)] for label, count in (("7", 500), ("4", 5))
    )
    times = Corrections(sevens + fours).repeats(10_000, classes=10)
    assert sum(times[:500]) == 100
    assert times[500:] == [20] * 5


def test_corrections_are_named_on_the_card() -> None:
    corrections = Corrections([row(1)], [row(2)])
    assert corrections.describe() == {"corrections": {"trained": ["1"], "kept out": ["2"]}}
    assert Corrections().describe() == {}


def test_pictures_and_strokes_are_shown_as_often_as_they_are_to_be(tmp_path: Path) -> None:
    mixture = mixture_of(digits.smoke_material(), Recipe(drawn_repeats=4), tmp_path)
    seen = Picture(rasterise(row(2).ink, digits.TASK.spec)[..., 0])
    rows = [row(1), LabelledInk("picture", seen, "7", "digit")]
    more = Corrections(rows, max_class_share=math.inf, most_repeats=12).among(mixture)
    assert len(more.pictures.labels) - len(mixture.pictures.labels) == 12
    assert (len(more.drawn) - len(mixture.drawn)) * mixture.drawn_repeats == 12


def test_corrections_of_words_are_drawn_by_their_share() -> None:
    mixture = WordMixture.of(words.smoke_material(), steps=3)
    rows = [LabelledInk(str(n), written("HAM"), "HAM", "word") for n in range(500)]
    more = Corrections(rows).among_lines(mixture)
    assert more.given_share == MOST_OF_LINES
    texts = [text for batch in more.batches(0) for _, text in more.shown(batch)]
    assert 0.2 < np.mean([text == "HAM" for text in texts]) < 0.6
    assert Corrections().among_lines(mixture) == mixture
