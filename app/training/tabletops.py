"""Tables that made-up sheets of paper lie on, seen not quite from above."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from app.ink.polygons import perspective

Scene = NDArray[np.float32]  # (height, width, 3), 0 dark to 1 light

TABLES = ((115, 75, 45), (70, 45, 30), (205, 175, 130), (35, 35, 38), (120, 120, 118), (60, 75, 95))
MARGIN = 0.06, 0.3  # of the sheet's longer side, that is seen of the table on each of its sides
LEAN = 0.05  # of each side, that a corner is off a rectangle at most
SHADE = 0.6  # of the light that a sheet takes from the table beside it at most


def on_table(sheet: Scene, rng: np.random.Generator) -> Scene:
    """Return a larger scene: a sheet with a table all around it, wooden or plain."""
    size = np.array(sheet.shape[1::-1])
    left, top, right, bottom = (rng.uniform(*MARGIN, 4) * size.max()).astype(int)
    width, height = int(size[0] + left + right), int(size[1] + top + bottom)
    square = np.array([(0, 0), (1, 0), (1, 1), (0, 1)])
    corners = (square + rng.uniform(-LEAN, LEAN, (4, 2))) * size + (left, top)
    levels = Image.fromarray(np.clip(255 * sheet, 0, 255).astype(np.uint8))
    seen = levels.transform(
        (width, height),
        Image.Transform.PERSPECTIVE,
        perspective(corners, square * size),
        Image.Resampling.BICUBIC,
    )
    cover = Image.new("L", seen.size)
    ImageDraw.Draw(cover).polygon([(x, y) for x, y in corners.tolist()], fill=255)
    aside = Image.new("L", seen.size)
    aside.paste(cover, tuple(rng.integers(-8, 9, 2).tolist()))
    shadow = _share(aside.filter(ImageFilter.GaussianBlur(rng.uniform(2, 9))))
    table = _table(rng, height, width) * (1 - rng.uniform(0, SHADE) * shadow)
    is_sheet = np.asarray(cover)[..., None] > 0
    return np.asarray(np.where(is_sheet, np.asarray(seen) / 255, table), np.float32)


def _table(rng: np.random.Generator, height: int, width: int) -> Scene:
    """Return a table's colour and the grain along it, which plain ones hardly have."""
    strength, grain = rng.uniform(0, 0.08), np.zeros((height, width), np.float32)
    for rows, columns in ((2, 28), (8, 112), (30, 420)):
        cells = rng.normal(0, strength, (height // rows + 2, width // columns + 2))
        image = Image.fromarray(cells.astype(np.float32))
        grain += np.asarray(image.resize((width, height), Image.Resampling.BILINEAR))
    colour = np.array(TABLES[rng.integers(len(TABLES))], np.float32) / 255
    return np.asarray(np.clip(colour * (1 + grain[..., None]), 0, 1), np.float32)


def _share(mask: Image.Image) -> Scene:
    return np.asarray(mask, np.float32)[..., None] / np.float32(255)
