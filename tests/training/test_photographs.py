import io
from dataclasses import replace

import numpy as np
from PIL import Image

from app.ink.pictures import decode_picture
from app.ink.raster import RasterSpec, rasterise
from app.ink.strokes import parse_strokes
from app.training.photographs import Studio, photograph, photographed

from ..inks import strokes

SPEC = RasterSpec()
INKS = [parse_strokes(strokes(digit)) for digit in "0123456789"]


def test_a_photograph_is_a_jpeg_of_the_size_that_was_asked_for() -> None:
    rng = np.random.default_rng(0)
    for ink in INKS:
        image = Image.open(io.BytesIO(photograph(ink, rng)))
        assert image.format == "JPEG"
        assert all(160 <= side <= 420 for side in image.size)


def test_the_same_seed_gives_the_same_photographs_and_another_one_others() -> None:
    one, same, other = (photographed(INKS, SPEC, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)


STRAIGHT = Studio(turn=0.0, pen=(0.1, 0.12))  # may be compared with the frames of strokes


def likeness(studio: Studio) -> np.ndarray:
    """How much of what was written is found again, photograph by photograph."""
    alike = []
    for seed in range(60):
        ink = INKS[seed % 10]
        picture = decode_picture(photograph(ink, np.random.default_rng(seed), studio))
        seen, drawn = (rasterise(i, SPEC)[..., 0] > 0.5 for i in (picture, ink))
        alike.append((seen & drawn).sum() / (seen | drawn).sum())
    return np.array(alike)


def test_most_of_what_was_written_is_found_again() -> None:
    assert np.mean(likeness(STRAIGHT) > 0.5) > 0.9


def test_a_sheet_is_told_from_the_table_around_it() -> None:
    alone = replace(STRAIGHT, fills=(0.3, 0.75), board=0.0)
    on_table = replace(alone, table=1.0)
    sizes = [
        Image.open(io.BytesIO(photograph(INKS[5], np.random.default_rng(1), studio))).size
        for studio in (alone, on_table)
    ]
    assert all(wider > side for side, wider in zip(*sizes, strict=True))
    assert np.mean(likeness(on_table) > 0.5) > 0.9
    assert on_table.at(0.0).table == 0


def test_less_strength_is_easier_to_read() -> None:
    assert STRAIGHT.at(1.0) == STRAIGHT
    assert np.min(likeness(STRAIGHT.at(0.0))) > 0.6
    assert np.mean(likeness(STRAIGHT.at(0.3))) > np.mean(likeness(STRAIGHT))
