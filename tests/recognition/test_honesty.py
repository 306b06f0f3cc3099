"""A model that says when it is not sure, on ink that never trained it."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

from app.ink.pictures import decode_picture
from app.ink.strokes import Strokes, parse_strokes
from app.recognition.reader import Reader
from app.recognition.registry import SHIPPED, Registry
from app.recognition.swapping import load_reader

from ..hand import LETTERS
from ..inks import SIDE, png, strokes

COUNT = 200
SURE_OF_NOTHING = 0.01  # of one sort of scribble at most


@pytest.fixture(scope="module")
def reader() -> Reader:
    return load_reader(Registry(SHIPPED))


def walk(rng: np.random.Generator) -> Strokes:
    return Strokes((np.cumsum(rng.normal(0, 5, (200, 2)), axis=0),))


def coil(rng: np.random.Generator) -> Strokes:
    """Loops that move along, as one tries a pen."""
    t = np.linspace(0, rng.uniform(5, 12) * 2 * np.pi, 400)
    x = t * rng.uniform(0.2, 0.6) + 3 * np.cos(t)
    return Strokes((np.stack([x, 3 * np.sin(t)], axis=1),))


def over_each_other(rng: np.random.Generator) -> Strokes:
    """Four digits written in one place."""
    chosen = rng.choice(list("0123456789"), 4, replace=False)
    paths = [path for digit in chosen for path in parse_strokes(strokes(digit)).paths]
    return Strokes(tuple(path + rng.normal(0, 15, 2) for path in paths))


@pytest.mark.parametrize("scribbled", [walk, coil, over_each_other])
def test_scribbles_are_not_sure(reader: Reader, scribbled: object) -> None:
    rng = np.random.default_rng(0)
    readings = [reader.read(scribbled(rng), "digit") for _ in range(COUNT)]  # type: ignore[operator]
    assert np.mean([reading.sure for reading in readings]) <= SURE_OF_NOTHING


def test_most_scribbles_have_an_empty_reading_and_no_alternatives(reader: Reader) -> None:
    rng = np.random.default_rng(1)
    readings = [reader.read(walk(rng), "digit") for _ in range(COUNT)]
    empty = [reading for reading in readings if not reading.text]
    assert len(empty) > 0.8 * COUNT
    assert all((r.sure, r.alternatives, r.confidence) == (False, [], 0.0) for r in empty)


@pytest.mark.parametrize("letter", [letter for letter in LETTERS if letter.isupper()])
def test_letters_are_not_sure_and_keep_their_likest_digit(reader: Reader, letter: str) -> None:
    reading = reader.read(parse_strokes(strokes(letter)), "digit", top=10)
    assert not reading.sure
    assert reading.text == "" or len(reading.alternatives) == 10


@pytest.mark.parametrize(
    "dots",
    [[(140, 140)], [(60, 70), (200, 220)], [(50, 60), (140, 150), (230, 90)]],
    ids=["one", "two", "three"],
)
@pytest.mark.parametrize("radius", [2, 9, 20])
def test_dots_are_not_sure(reader: Reader, dots: list[tuple[int, int]], radius: int) -> None:
    image = Image.new("L", (SIDE, SIDE), "white")
    for x, y in dots:
        ImageDraw.Draw(image).ellipse([x - radius, y - radius, x + radius, y + radius], fill=0)
    assert not reader.read(decode_picture(png(image)), "digit").sure
    taps = parse_strokes([[[x, y], [x + 1, y]] for x, y in dots])
    assert not reader.read(taps, "digit").sure


def test_a_photograph_of_an_empty_sheet_is_blank(reader: Reader) -> None:
    light = 230 - 120 * np.linspace(0, 1, SIDE)[None, :] * np.ones((SIDE, 1))
    noisy = light + np.random.default_rng(0).normal(0, 3, light.shape)
    file = io.BytesIO()
    Image.fromarray(noisy.astype(np.uint8)).save(file, "JPEG", quality=50)
    reading = reader.read(decode_picture(file.getvalue()), "digit")
    assert (reading.text, reading.sure) == ("", False)
