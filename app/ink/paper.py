"""Ink separated from the paper of a photograph, a scan or a canvas."""

import numpy as np
from numpy.typing import NDArray

MIN_CONTRAST = 0.1  # of the range from black to white; fainter pictures are blank


def separate_ink(levels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return how much ink lies on each pixel, 0 paper to 1 ink: (height, width).

    levels are grey (height, width) or colour (height, width, 3). Dark ink on light paper and
    light ink on dark paper come out alike.
    """
    grey = levels if levels.ndim == 2 else levels @ np.array([0.299, 0.587, 0.114])
    shades = grey.astype(np.float32) / 255
    border = np.concatenate([shades[0], shades[-1], shades[:, 0], shades[:, -1]])
    paper = float(np.median(border))
    difference = shades - paper
    sign = 1.0 if difference.max() > -difference.min() else -1.0
    ink = np.maximum(sign * difference, 0.0)
    full = float(ink.max())
    if full < MIN_CONTRAST:
        return np.zeros_like(shades)
    return (ink / full).astype(np.float32)
