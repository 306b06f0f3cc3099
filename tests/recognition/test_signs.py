"""Numbers and single signs that other models look at, sign by sign."""

import numpy as np
import pytest

from app.ink.pictures import decode_picture
from app.ink.raster import Ink
from app.recognition.card import KINDS
from app.recognition.lines import Line, weigh
from app.recognition.reader import Reader
from app.recognition.recognizer import NO_AIDS, Aids, Recognizer
from app.recognition.registry import SHIPPED, Registry
from app.recognition.signs import Shares, is_odd, likeliest, shared_out, to_look_at

from ..inks import drawn, png, written
from .test_lines import LABELS, LEXICON, scores


def said(text: str, share: float = 0.91, signs: str = "0123456789") -> list[dict[str, float]]:
    """What is said of each sign: the text's has a share, all others the rest."""
    rest = np.log((1 - share) / (len(signs) - 1))
    return [{sign: np.log(share) if sign == own else rest for sign in signs} for own in text]


def read(*alternatives: str, sees: str = "", sharp: float = 0.0) -> Line:
    """Read a line of which somebody sees other signs where the text is as long."""
    line = weigh(
        scores(*alternatives, sharp=sharp),
        LABELS,
        LEXICON,
        one_by_one=lambda text: said(sees, signs=LABELS) if len(text) == len(sees) else None,
    )
    assert line is not None
    return line


def test_digits_that_were_looked_at_one_by_one_decide_where_the_line_is_in_doubt() -> None:
    assert read("274", "279").texts[0].text == "274"
    assert read("274", "279", sees="279").texts[0].text == "279"


def test_a_sign_that_stands_alone_is_looked_at_as_one() -> None:
    assert read("x", "y").texts[0].text == "x"
    assert read("x", "y", sees="y").texts[0].text == "y"


def test_words_are_not_looked_at_sign_by_sign() -> None:
    assert read("xyz", "xyv", sees="xyv").texts[0].text == "xyz"


def test_a_number_may_be_what_no_beam_found() -> None:
    assert "958" not in [one.text for one in read("274", sharp=3.0).texts]
    line = weigh(scores("274", sharp=3.0), LABELS, None, one_by_one=lambda _: said("958", 1 - 1e-9))
    assert line is not None
    assert line.texts[0].text == "958"


def test_a_line_that_is_certain_is_not_looked_at_digit_by_digit() -> None:
    def look(text: str) -> list[dict[str, float]]:
        raise AssertionError(f"looked at {text}")

    for text in ("274", "caf"):
        line = weigh(scores(text, sharp=12.0), LABELS, LEXICON, one_by_one=look)
        assert line is not None
        assert line.texts[0].text == text
    assert weigh(scores("caf", "cat", sharp=0.0), LABELS, LEXICON, one_by_one=look)


def test_digits_that_cannot_be_parted_leave_the_line_as_it_is() -> None:
    seen = read("274", "279", sees="27")
    assert seen.confidences(1.0) == read("274", "279").confidences(1.0)


def test_half_a_bracket_is_rather_a_digit() -> None:
    assert read("20)", "203").texts[0].text == "203"
    assert read("(20)", "1203").texts[0].text == "(20)"


def test_a_full_stop_is_commoner_alone_than_a_slash() -> None:
    assert read("(", ".").texts[0].text == "."
    assert read("(", sharp=12.0).texts[0].text == "("


def test_texts_that_are_alike_share_what_they_had() -> None:
    before = {"27": np.log(0.5), "21": np.log(0.3)}
    after = shared_out(before, said("21"))
    assert after["21"] > after["27"]
    assert np.exp(list(after.values())).sum() == pytest.approx(0.8)


def test_what_is_looked_at_is_a_number_not_far_from_the_best_or_one_sign_that_is_best() -> None:
    assert to_look_at({"l0": -0.5, "10": -2.0, "16": -3.0, "8": -1.0}) == "10"
    assert to_look_at({"in": -0.1, "10": -9.0}) == ""
    assert to_look_at({"in": -0.1, "i": -0.3}) == ""
    assert to_look_at({"8": -0.1}) == "8"
    assert likeliest(said("90210")) == "90210"


@pytest.mark.parametrize(
    ("text", "odd"),
    [
        ("1999", False),
        ("12:30", False),
        ("(202)", False),
        ("7th", False),
        ("the 1920s", False),
        ("in 1999", False),
        ("3G1G", True),
        ("l0", True),
        ("20)", True),
        ("[3", True),
        (":)", False),
        ("word", False),
    ],
)
def test_digits_among_letters_and_by_half_of_a_bracket_are_odd(text: str, odd: bool) -> None:
    assert is_odd(text) is odd


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry(SHIPPED)


@pytest.fixture(scope="module")
def aids(registry: Registry) -> Aids:
    return Aids.of(registry)


@pytest.fixture(scope="module")
def word(registry: Registry) -> Recognizer:
    return Recognizer(registry.load("word", registry.champion("word")))


@pytest.mark.parametrize("text", ["27", "314", "90210", "A", "5"])
def test_models_of_one_sign_look_at_strokes_and_pictures(
    word: Recognizer, aids: Aids, text: str
) -> None:
    for ink in (written(text), decode_picture(png(drawn(text)))):
        found = aids.one_by_one(word.view(ink))(text)
        assert found is not None
        assert likeliest(found) == text
        assert aids.one_by_one(word.view(ink))("1234567890") is None


def test_without_models_of_one_sign_nobody_looks(word: Recognizer) -> None:
    look = NO_AIDS.one_by_one(word.view(written("27")))
    assert look("27") is look("2") is None


def test_the_reader_asks_its_models_of_one_sign(registry: Registry) -> None:
    asked: set[str] = set()

    class Asked(Recognizer):
        def shares(self, ink: Ink, trust: float = 1.0) -> Shares:
            asked.add(self.card.kind)
            return super().shares(ink, trust)

    reader = Reader([Asked(registry.load(kind, registry.champion(kind))) for kind in KINDS])
    texts = ["27", "314", "1618", "2718", "90210", "653589", "733", "1999", "A", "K", "0"]
    readings = [reader.read(written(text), "word").text for text in texts]
    assert asked == {"digit", "character"}
    assert sum(a == b for a, b in zip(readings[:8], texts[:8], strict=True)) >= 7


def test_a_reader_of_words_alone_reads_numbers_too(word: Recognizer) -> None:
    assert Reader([word]).read(written("314"), "word").text == "314"
