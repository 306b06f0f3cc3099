"""Pictures of lines that rise or fall."""

import numpy as np
import pytest
from PIL import Image

from app.ink.level import LEVEL, levelled, slope_of
from app.ink.pictures import Picture
from app.ink.raster import RasterSpec, rasterise
from app.ink.views import view

from ..inks import written

PAPER = RasterSpec(size=72, box=64.0, pen=4.0, step=1.0, widest=1_024)
LINE = RasterSpec(size=40, box=32.0, pen=2.4, step=1.0, widest=512, least_spacing=5.5)
ONE = RasterSpec()


def turned(degrees: float, text: str = "314159") -> Picture:
    """A line as a picture, turned clockwise."""
    pixels = rasterise(written(text), PAPER)[..., 0]
    image = Image.fromarray(pixels).rotate(-degrees, Image.Resampling.BICUBIC, expand=True)
    return Picture(np.clip(np.asarray(image), 0.0, 1.0))


@pytest.mark.parametrize("degrees", [-10.0, -5.0, 5.0, 10.0])
def test_a_line_is_turned_until_it_is_level(degrees: float) -> None:
    assert slope_of(turned(degrees).pixels) == pytest.approx(np.tan(np.deg2rad(degrees)), abs=0.04)
    level = levelled(turned(degrees))
    assert level is not None
    assert abs(slope_of(level.pixels)) < LEVEL


def test_a_level_line_stays_as_it_is() -> None:
    assert levelled(turned(0.0)) is None
    assert view(turned(0.0), LINE).level is None


@pytest.mark.parametrize(
    "pixels", [np.zeros((40, 90)), np.full((40, 90), 0.2), np.ones((1, 1)), np.ones((90, 40))]
)
def test_what_has_no_slope_is_level(pixels: np.ndarray) -> None:
    assert levelled(Picture(pixels.astype(np.float32))) is None


def test_lines_are_seen_level_too_and_single_characters_and_strokes_are_not() -> None:
    seen = view(turned(8.0), LINE)
    assert seen.level is not None
    assert seen.level.shape[0] == LINE.size
    assert not seen.level[..., 1:].any()
    tall = [
        np.ptp(np.flatnonzero((frame[..., 0] > 0.5).any(axis=0)))
        for frame in (seen.frame, seen.level)
    ]
    assert tall[1] > tall[0]  # letters get more of the height
    assert view(turned(8.0), ONE).level is None
    assert view(written("27"), LINE).level is None
