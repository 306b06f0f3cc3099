"""Strokes drawn as lines with round ends, as a pen leaves them on a canvas or on paper."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw


def draw_strokes(
    image: Image.Image, paths: Iterable[NDArray[np.float64]], width: float, shade: int
) -> None:
    """Draw paths (points, x y), in pixels, onto a grey image."""
    canvas, radius = ImageDraw.Draw(image), width / 2
    for path in paths:
        points = [(float(x), float(y)) for x, y in path]
        canvas.line(points, fill=shade, width=round(width), joint="curve")
        for x, y in (points[0], points[-1]):
            canvas.ellipse((x - radius, y - radius, x + radius, y + radius), fill=shade)
