"""The shipped word model on ink that was written for tests."""

import itertools

import numpy as np
import pytest

from app.errors import InkError, ModelError
from app.ink.raster import render
from app.ink.strokes import Strokes, parse_strokes
from app.ink.trajectory import TrajectorySpec
from app.recognition.lexicon import load_lexicon
from app.recognition.reader import Reader
from app.recognition.recognizer import Recognizer
from app.recognition.registry import SHIPPED, Registry, VerifiedModel
from app.recognition.swapping import load_reader

from ..inks import strokes, written
from ..threads import four_times_at_once

NUMBERS = ["27", "314", "1618", "2718", "40", "90210", "653589", "8", "1999", "733"]
WORDS = ["HAM", "MAKE", "WREAK", "HARE", "REMARK"]


@pytest.fixture(scope="module")
def reader() -> Reader:
    return load_reader(Registry(SHIPPED), load_lexicon())


def test_numbers_and_words_are_read(reader: Reader) -> None:
    readings = [reader.read(written(text), "word").text for text in NUMBERS + WORDS]
    right = sum(a == b for a, b in zip(readings, NUMBERS + WORDS, strict=True))
    assert right >= 13, readings


def test_every_character_has_its_confidence(reader: Reader) -> None:
    reading = reader.read(written("1618"), "word")
    assert "".join(character.text for character in reading.characters) == reading.text
    assert all(0 < character.confidence <= 1 for character in reading.characters)
    assert 0 < reading.confidence <= min(c.confidence for c in reading.characters) + 1e-9
    assert reading.alternatives[0].text == reading.text


def test_characters_stand_in_order_across_the_ink(reader: Reader) -> None:
    characters = reader.read(written("1618"), "word").characters
    assert characters[0].start == 0.0
    assert characters[-1].end == 1.0
    assert all(one.start < one.end for one in characters)
    assert all(a.end == b.start for a, b in itertools.pairwise(characters))
    middles = [(one.start + one.end) / 2 for one in characters]
    assert middles == pytest.approx([0.125, 0.375, 0.625, 0.875], abs=0.12)


def test_the_ink_alone_is_told_beside_the_lexicon(reader: Reader) -> None:
    reading = reader.read(written("MAKE"), "word")
    assert reading.without_lexicon is not None
    assert reading.without_lexicon.text in [one.text for one in reading.alternatives]
    assert reader.read(parse_strokes(strokes("3")), "digit").without_lexicon is None


@pytest.mark.parametrize("text", NUMBERS)
def test_size_and_place_play_no_part(reader: Reader, text: str) -> None:
    here = reader.read(written(text), "word")
    moved = Strokes(tuple(path * 37.5 - 400 for path in written(text).paths))
    there = reader.read(moved, "word")
    assert there.text == here.text
    assert there.confidence == pytest.approx(here.confidence, abs=0.02)


def test_a_picture_is_read_without_its_strokes(reader: Reader) -> None:
    readings = [reader.read(render(written(text), 400), "word").text for text in NUMBERS]
    assert sum(a == b for a, b in zip(readings, NUMBERS, strict=True)) >= 7, readings


def test_what_was_read_before_plays_no_part(reader: Reader) -> None:
    """The interpreter is resized between inks of different widths."""
    alone = {text: reader.read(written(text), "word").text for text in NUMBERS}
    order = [*NUMBERS, *reversed(NUMBERS)]
    assert [reader.read(written(text), "word").text for text in order] == [alone[t] for t in order]


def test_threads_with_lines_of_many_widths_take_turns(reader: Reader) -> None:
    alone = {text: reader.read(written(text), "word").text for text in NUMBERS}
    wrong: list[str] = []

    def read_all() -> None:
        for _ in range(5):
            wrong.extend(t for t in NUMBERS if reader.read(written(t), "word").text != alone[t])

    four_times_at_once(read_all)
    assert wrong == []


def test_blank_ink_has_an_empty_reading(reader: Reader) -> None:
    reading = reader.read(parse_strokes([]), "word")
    assert (reading.text, reading.sure, reading.characters) == ("", False, [])


@pytest.mark.parametrize("label", ["Zurich", "two words", "c/o", "3.50"])
def test_any_text_of_its_characters_is_a_label(reader: Reader, label: str) -> None:
    assert reader.kind_for(label) == "word"


@pytest.mark.parametrize("label", ["Zürich", " padded", "padded ", ""])
def test_other_texts_are_no_label(reader: Reader, label: str) -> None:
    with pytest.raises(InkError, match="label"):
        reader.kind_for(label, "word")


def test_a_card_that_promises_a_network_along_the_pen_is_held_to_it() -> None:
    model = Registry(SHIPPED).load("digit", Registry(SHIPPED).champion("digit"))
    card = model.card.model_copy(update={"trajectory": TrajectorySpec()})
    with pytest.raises(ModelError, match="no trajectory network"):
        Recognizer(VerifiedModel(card, model.content))


def test_further_looks_are_along_the_pen_then_leaning_or_at_the_picture_in_two_ways() -> None:
    registry = Registry(SHIPPED)
    recognizer = Recognizer(registry.load("word", registry.champion("word")))
    ink = written("1618")
    second, third = recognizer.again(recognizer.view(ink))
    (along,) = second()
    np.testing.assert_array_equal(along, recognizer.scores_of_pen(ink))
    to_the_left, to_the_right = third()
    left, right = recognizer.frame(ink.leaning(-0.2)), ink.leaning(0.2)
    np.testing.assert_array_equal(to_the_left, recognizer.scores(left))
    np.testing.assert_array_equal(to_the_right, recognizer.scores_of_pen(right))
    seen = recognizer.view(render(ink, 400))
    (look,) = recognizer.again(seen)
    leaning, alone = look()
    assert not np.array_equal(leaning, recognizer.scores(seen.frame))
    np.testing.assert_array_equal(alone, recognizer.scores_of_picture(seen.frame))


def test_a_picture_that_is_not_level_is_looked_at_level_by_both() -> None:
    registry = Registry(SHIPPED)
    recognizer = Recognizer(registry.load("word", registry.champion("word")))
    turn = np.array([[0.99, 0.14], [-0.14, 0.99]])
    uphill = Strokes(tuple(path @ turn for path in written("1618").paths))
    seen = recognizer.view(render(uphill, 400))
    assert seen.level is not None
    (look,) = recognizer.again(seen)
    again, alone = look()
    np.testing.assert_array_equal(again, recognizer.scores(seen.level))
    np.testing.assert_array_equal(alone, recognizer.scores_of_picture(seen.level))
