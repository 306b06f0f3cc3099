"""A line of ink cut where its gaps are widest."""

import itertools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.ink.pictures import INK_THRESHOLD, Picture
from app.ink.raster import Ink
from app.ink.strokes import Strokes


def cut_at_gaps(ink: Ink, count: int) -> list[Ink] | None:
    """Cut ink into so many parts, from left to right; None where it has fewer.

    Strokes stay whole, and in their order; where all overlap, ink is cut where they do so least.
    """
    if isinstance(ink, Picture):
        return _cut_picture(ink.pixels, count)
    return _cut_strokes(ink, count)


def _cut_strokes(ink: Strokes, count: int) -> list[Ink] | None:
    if len(ink.paths) < count:
        return None
    reaches = np.array([[path[:, 0].min(), path[:, 0].max()] for path in ink.paths])
    order = np.argsort(reaches[:, 0], kind="stable")
    gaps = reaches[order[1:], 0] - np.maximum.accumulate(reaches[order[:-1], 1])
    ends = [*_widest(gaps, count - 1), len(order)]
    return [
        Strokes(tuple(ink.paths[i] for i in sorted(order[start:end])))
        for start, end in itertools.pairwise([0, *ends])
    ]


def _cut_picture(pixels: NDArray[np.float32], count: int) -> list[Ink] | None:
    columns = np.flatnonzero((pixels > INK_THRESHOLD).any(axis=0))
    gaps = np.diff(columns)
    if (gaps > 1).sum() < count - 1:
        return None
    middles = [int(columns[i - 1] + columns[i] + 1) // 2 for i in _widest(gaps, count - 1)]
    edges = [0, *middles, pixels.shape[1]]
    return [Picture(pixels[:, start:end]) for start, end in itertools.pairwise(edges)]


def _widest(gaps: Sequence[float] | NDArray[np.float64], count: int) -> list[int]:
    """Return before which parts the widest gaps are, in order."""
    widest = np.sort(np.argsort(-np.asarray(gaps), kind="stable")[:count])
    return [int(place) + 1 for place in widest]
