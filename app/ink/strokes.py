"""Pen strokes: the truth about an ink, of which every picture is a rendering."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.errors import InkError

MAX_STROKES = 1_000
MAX_POINTS = 20_000
MAX_COORDINATE = 1e6
DOT = 3  # steps of a grid of whole numbers
MIN_COORDINATE = 1e-9  # less is 0: scaling an ink of that extent up would overflow


@dataclass(frozen=True)
class Strokes:
    """Pen-down point lists, each (n, 2) float64, x to the right and y downwards, in any unit."""

    paths: tuple[NDArray[np.float64], ...]

    def digest(self) -> str:
        """Return the sha256 of the coordinates, in hex; times play no part."""
        content = hashlib.sha256(b"strokes")
        for path in self.paths:
            content.update(len(path).to_bytes(4, "little") + path.astype("<f8").tobytes())
        return content.hexdigest()

    def leaning(self, share: float) -> "Strokes":
        """Return strokes that lean to the right by a share of their height."""
        turn = np.array([[1.0, 0.0], [-share, 1.0]])
        return Strokes(tuple(path @ turn for path in self.paths))

    def is_blank(self) -> bool:
        """Say whether nothing was drawn but a dot.

        Coordinates have no unit, but where all are whole numbers they lie on a device's grid,
        and no character fits between a few of its points.
        """
        points = np.concatenate(self.paths) if self.paths else np.zeros((1, 2))
        extent = float(np.ptp(points, axis=0).max())
        return extent == 0 or (extent <= DOT and not (points % 1).any())

    def is_dot(self) -> bool:
        """Say whether all that was drawn is a dot."""
        return bool(self.paths) and self.is_blank()


def parse_strokes(payload: Sequence[Sequence[Sequence[float]]]) -> Strokes:
    """Build Strokes from lists of [x, y] or [x, y, t]; strokes without points are dropped.

    Raises:
        InkError: a point is not two or three finite numbers, or there are too many of them.
    """
    if len(payload) > MAX_STROKES or sum(map(len, payload)) > MAX_POINTS:
        raise InkError(
            f"Too much ink for one reading: at most {MAX_STROKES:,} strokes "
            f"and {MAX_POINTS:,} points. Send fewer points."
        )
    return Strokes(tuple(_path(points) for points in payload if len(points)))


def _path(points: Sequence[Sequence[float]]) -> NDArray[np.float64]:
    try:
        path = np.array([(point[0], point[1]) for point in points], dtype=np.float64)
    except (IndexError, TypeError, ValueError, OverflowError) as error:
        raise InkError("A point is [x, y] or [x, y, t], in numbers.") from error
    if not (np.abs(path) <= MAX_COORDINATE).all():  # NaN fails too
        raise InkError(f"Coordinates are finite and at most {MAX_COORDINATE:,.0f} in size.")
    path[np.abs(path) < MIN_COORDINATE] = 0.0
    return path
