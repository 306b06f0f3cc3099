"""Convex outlines of what is seen in pictures, and the perspective they are seen in."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from app.ink.morphology import Mask

Points = NDArray[np.float64]  # (points, x and y), clockwise as a screen has it


def hull_of(mask: Mask) -> Points:
    """Return the convex hull of a mask's pixels, their corners included: four points or more.

    A. Andrew, "Another efficient algorithm for convex hulls in two dimensions", 1979.
    """
    rows = np.flatnonzero(mask.any(axis=1))
    first = mask[rows].argmax(axis=1)
    behind = mask.shape[1] - mask[rows, ::-1].argmax(axis=1)
    edges = np.concatenate([rows, rows + 1])
    right, left = (sorted(zip(edges, np.tile(x, 2), strict=True)) for x in (behind, first))
    return np.array([*_turning((x, y) for y, x in right), *_turning((x, y) for y, x in left[::-1])])


def quadrilateral_around(outline: Points) -> Points:
    """Return four corners around a convex outline, or more where no four go around it.

    Side after side goes, its neighbours meeting beyond it, always the one that adds least.
    """
    while len(outline) > 4:
        before, begin, end, after = (np.roll(outline, shift, axis=0) for shift in (1, 0, -1, -2))
        ahead, back, side = begin - before, end - after, end - begin
        turn = _cross(ahead, back)
        meets = turn < 0
        if not meets.any():
            break
        met = begin + ahead * (_cross(side, back) / np.where(meets, turn, 1))[:, None]
        added = np.where(meets, np.abs(_cross(met - begin, side)), np.inf)
        least = int(np.argmin(added))
        others = np.roll(outline, -least, axis=0)[2:]
        outline = np.concatenate([met[least : least + 1], others])
    return outline


def area_of(outline: Points) -> float:
    """Return the area of a polygon."""
    return abs(float(_cross(outline, np.roll(outline, -1, axis=0)).sum())) / 2


def perspective(points: Points, images: Points) -> list[float]:
    """Return (a, …, h) of the perspective that takes four points to their images.

    x' = (a x + b y + c) / (g x + h y + 1), y' = (d x + e y + f) / (g x + h y + 1)
    """
    rows = []
    for (x, y), (to_x, to_y) in zip(points.tolist(), images.tolist(), strict=True):
        rows.append([x, y, 1, 0, 0, 0, -to_x * x, -to_x * y])
        rows.append([0, 0, 0, x, y, 1, -to_y * x, -to_y * y])
    found: list[float] = np.linalg.solve(np.array(rows), images.ravel()).tolist()
    return found


def images_of(points: Points, seen: list[float]) -> Points:
    """Return where points are seen in the perspective (a, …, h)."""
    a, b, c, d, e, f, g, h = seen
    x, y = points.T
    images: Points = np.stack([a * x + b * y + c, d * x + e * y + f]) / (g * x + h * y + 1)
    return images.T


def _turning(points: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the points of a chain between which it turns to the right only."""
    kept: list[tuple[int, int]] = []
    for x, y in points:
        while len(kept) > 1:
            (x0, y0), (x1, y1) = kept[-2:]
            if (x1 - x0) * (y - y0) > (y1 - y0) * (x - x0):
                break
            kept.pop()
        kept.append((x, y))
    return kept


def _cross(one: Points, other: Points) -> NDArray[np.float64]:
    product: NDArray[np.float64] = one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0]
    return product
