"""A contact sheet of what each distortion does to a digit, in digits of a hand of our own."""

import numpy as np
from PIL import Image, ImageDraw

from app.generation.distortions import ALL, Pixels
from app.generation.hands import our_digits
from app.ink.raster import RasterSpec, rasterise

SHOWN = 8  # of each distortion, after the digit as it was
TIMES = 3  # larger than 28 pixels
NAMED = 156  # pixels for a name
GAP = 6


def distortion_sheet() -> Image.Image:
    """Return a row for each distortion: its name, a digit as it was, and the digit changed."""
    side = 28 * TIMES + GAP
    sheet = Image.new("L", (NAMED + side * (SHOWN + 1), side * len(ALL)), "white")
    brush = ImageDraw.Draw(sheet)
    for row, (name, distortion) in enumerate(ALL.items()):
        rng = np.random.default_rng(row)
        digit = _digit(str(row % 10))
        brush.text((GAP, row * side + side // 2), name, "black", anchor="lm", font_size=16)
        for column, pixels in enumerate([digit, *(distortion(digit, rng) for _ in range(SHOWN))]):
            tile = Image.fromarray(pixels).resize((28 * TIMES,) * 2, Image.Resampling.NEAREST)
            sheet.paste(tile, (NAMED + column * side + (GAP if column else 0), row * side))
    return sheet


def _digit(text: str) -> Pixels:
    """Return a digit as MNIST would have it."""
    frame = rasterise(our_digits()[text][0], RasterSpec())
    return np.round(frame[..., 0] * 255).astype(np.uint8)
