import pytest

from app.ink.strokes import parse_strokes
from app.recognition.lexicon import load_lexicon
from app.recognition.reader import Reader
from app.recognition.registry import SHIPPED, Registry
from app.recognition.swapping import load_reader
from app.training.kinds import is_right_kind

from ..inks import strokes, written


@pytest.fixture(scope="module")
def reader() -> Reader:
    return load_reader(Registry(SHIPPED), load_lexicon())


@pytest.mark.parametrize(
    ("label", "kind", "is_right"),
    [
        ("7", "digit", True),
        ("7", "word", False),
        ("l", "character", True),
        ("T", "character", False),
    ],
)
def test_a_shape_of_two_kinds_is_right_as_either(
    reader: Reader, label: str, kind: str, is_right: bool
) -> None:
    reading = reader.read(parse_strokes(strokes("7")), "digit")
    assert is_right_kind(reading, label, kind) is is_right  # type: ignore[arg-type]


def test_a_word_is_no_character(reader: Reader) -> None:
    reading = reader.read(written("27"), "word")
    assert not is_right_kind(reading, "l", "character")
    assert is_right_kind(reading, "27", "word")
