"""A picture of a line that rises or falls → the same, level.

Seen along its slope, a line of writing has the most uneven rows: full ones between the base line
and the height of small letters, empty ones beside them (W. Postl, "Detection of linear oblique
structures and skew scan in digitized documents", ICPR 1986).
"""

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from app.ink.pictures import Picture

LEVEL = 0.05  # slope; what rises or falls less is level
SLOPES = np.tan(np.deg2rad(np.arange(-12, 13)))  # that are tried; down to the right is positive
LONG = 1.2  # heights that a line is wide, at least: shorter writing has no slope to see
WIDE = 200  # pixels of width that are enough to see it
INK = 0.3
SHARPNESS = 16  # power of unevenness by which slopes are weighed


def levelled(ink: Picture) -> Picture | None:
    """Return a picture of a line turned until it is level; None where it is so already."""
    is_ink = ink.pixels > INK
    rows, columns = np.flatnonzero(is_ink.any(axis=1)), np.flatnonzero(is_ink.any(axis=0))
    if len(rows) == 0 or np.ptp(columns) < LONG * np.ptp(rows):
        return None
    written = ink.pixels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    slope = slope_of(written)
    if abs(slope) < LEVEL:
        return None
    turned = Image.fromarray(written).rotate(
        math.degrees(math.atan(slope)), Image.Resampling.BILINEAR, expand=True
    )
    return Picture(np.asarray(turned))


def slope_of(pixels: NDArray[np.float32]) -> float:
    """Return how steeply a line (height, width) falls to the right; 0 where nothing says so."""
    factor = max(1, pixels.shape[1] // WIDE)
    small = np.asarray(Image.fromarray(pixels).reduce(factor)) if factor > 1 else pixels
    rows, columns = np.nonzero(small > INK)
    if len(rows) == 0:
        return 0.0
    ink = small[rows, columns]
    heights = rows - SLOPES[:, None] * columns  # (slopes, pixels)
    heights = np.round(heights - heights.min(axis=1, keepdims=True)).astype(np.int64)
    uneven = np.array([(np.bincount(along, ink) ** 2).sum() for along in heights])
    weights = (uneven / uneven.max()) ** SHARPNESS
    return float(SLOPES @ weights / weights.sum())
