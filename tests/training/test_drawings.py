import io

import numpy as np
import pytest
from PIL import Image

from app.ink.pictures import decode_picture
from app.ink.strokes import parse_strokes
from app.training.drawings import CANVASES, SIDE, Canvas, draw, enlarged

from ..inks import strokes

INK = parse_strokes(strokes("3"))


def dark(content: bytes) -> np.ndarray:
    return np.argwhere(np.asarray(Image.open(io.BytesIO(content))) < 128)  # y, x


@pytest.mark.parametrize("name", CANVASES)
def test_the_ink_fills_its_extent_and_stays_on_the_canvas(name: str) -> None:
    canvas = CANVASES[name]
    content = draw(INK, canvas)
    found = np.argwhere(decode_picture(content).pixels > 0.5)
    assert np.ptp(found, axis=0).max() + 1 == pytest.approx(canvas.extent, abs=3)
    assert found.min() >= 0
    assert found.max() < SIDE


def test_place_pen_and_inversion_are_what_was_asked_for() -> None:
    corner = dark(draw(INK, Canvas(extent=100, place=(0.0, 1.0))))
    assert corner[:, 0].max() >= SIDE - 3
    assert corner[:, 1].min() <= 2
    thin, thick = (len(dark(draw(INK, Canvas(pen=pen)))) for pen in (4, 40))
    assert 6 < thick / thin < 12
    inverted = draw(INK, Canvas(inverted=True))
    assert len(dark(inverted)) > SIDE * SIDE / 2


def test_a_small_picture_is_enlarged() -> None:
    image = Image.open(io.BytesIO(enlarged(np.eye(28, dtype=np.uint8) * 255)))
    assert image.size == (SIDE, SIDE)
