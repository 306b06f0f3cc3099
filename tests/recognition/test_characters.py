"""The shipped character model on ink that was written for tests."""

import pytest

from app.ink.raster import render
from app.ink.strokes import parse_strokes
from app.recognition.lookalikes import group_of
from app.recognition.reader import Reader
from app.recognition.registry import SHIPPED, Registry
from app.recognition.swapping import load_reader

from ..hand import CORNERS, LETTERS
from ..inks import strokes

CHARACTERS = [*CORNERS, *LETTERS]


@pytest.fixture(scope="module")
def reader() -> Reader:
    return load_reader(Registry(SHIPPED))


@pytest.mark.parametrize("form", ["strokes", "pictures"])
def test_characters_are_read_up_to_their_look_alikes(reader: Reader, form: str) -> None:
    wrong = []
    for character in CHARACTERS:
        ink = parse_strokes(strokes(character))
        text = reader.read(render(ink, 200) if form == "pictures" else ink, "character").text
        if not text or group_of(text).lower() != group_of(character).lower():
            wrong.append((character, text))
    assert len(wrong) <= len(CHARACTERS) // 6, wrong


def test_alternatives_are_all_there_is_to_choose(reader: Reader) -> None:
    reading = reader.read(parse_strokes(strokes("A")), "character", top=10)
    assert len(reading.alternatives) == 10
    assert reading.alternatives[0].text == reading.text
    (character,) = reading.characters
    assert [other.text for other in character.alternatives] == [
        other.text for other in reading.alternatives[1:4]
    ]


@pytest.mark.parametrize("label", ["A", "~", "!", "7"])
def test_any_printable_character_is_a_label(reader: Reader, label: str) -> None:
    assert reader.kind_for(label, "character") == "character"
