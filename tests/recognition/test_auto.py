"""What an ink is, where nobody said."""

import numpy as np
import pytest

from app.ink.raster import render
from app.ink.strokes import Strokes, parse_strokes
from app.recognition.decoding import Candidate, Decoded, is_digit
from app.recognition.lexicon import load_lexicon
from app.recognition.reader import Reader
from app.recognition.recognizer import Recognizer
from app.recognition.registry import SHIPPED, Registry
from app.recognition.swapping import load_reader
from app.training.scribbles import unseen_scribbles

from ..inks import strokes, written

WORDS = ["hand", "letter", "house", "water", "1618", "27", "HAM"]


@pytest.fixture(scope="module")
def reader() -> Reader:
    return load_reader(Registry(SHIPPED), load_lexicon())


@pytest.mark.parametrize("text", WORDS)
def test_two_characters_or_more_are_a_word(reader: Reader, text: str) -> None:
    for ink in (written(text), render(written(text), 400)):
        assert reader.read(ink).kind == "word"
    assert reader.read(written(text)).text == text


@pytest.mark.parametrize("digit", "0123456789")
def test_one_digit_is_a_digit(reader: Reader, digit: str) -> None:
    reading = reader.read(parse_strokes(strokes(digit)))
    assert (reading.kind, reading.text) == ("digit", digit)


def test_blank_ink_is_nothing(reader: Reader) -> None:
    reading = reader.read(parse_strokes([]))
    assert (reading.text, reading.sure) == ("", False)


def test_scribbles_are_never_sure(reader: Reader) -> None:
    words = [written(text) for text in WORDS]
    for name, inks in unseen_scribbles(40, seed=5, words=words).items():
        readings = [reader.read(ink) for ink in inks]
        assert sum(reading.sure for reading in readings) <= 1, name
    overlaid = Strokes(tuple(np.concatenate([path]) for ink in words for path in ink.paths))
    assert not reader.read(overlaid).sure


def test_any_models_will_do() -> None:
    registry = Registry(SHIPPED)

    def only(kind: str) -> Reader:
        return Reader([Recognizer(registry.load(kind, registry.champion(kind)))])  # type: ignore[arg-type]

    assert only("digit").read(written("27")).kind == "digit"
    assert only("word").read(parse_strokes(strokes("2"))).kind == "word"


@pytest.mark.parametrize(
    ("digit", "character", "share", "is_one"),
    [
        ("7", "7", 0.9, True),
        ("1", "4", 0.0, True),
        ("7", "T", 0.08, False),
        ("0", "O", 0.08, True),  # nobody can tell, and most who draw one sign draw digits
        ("0", "O", 0.0001, False),
        ("", "A", 0.0, False),
    ],
)
def test_a_digit_is_what_both_models_may_call_one(
    digit: str, character: str, share: float, is_one: bool
) -> None:
    """Share is what the model of characters has left for that digit."""
    as_digit = Decoded([Candidate(digit, 0.9)] if digit else [], [])
    as_any = Decoded([Candidate(character, 0.9), Candidate(digit, share)], [])
    assert is_digit(as_digit, as_any) is is_one
