"""Shapes in pictures: windows, components and widths, over (height, width) arrays."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Shade = NDArray[np.float32]
Mask = NDArray[np.bool_]


def reduced(shade: Shade, factor: int) -> Shade:
    """Return the means of squares of factor × factor pixels."""
    return shade if factor == 1 else np.asarray(Image.fromarray(shade).reduce(factor))


def resized(shade: Shade, height: int, width: int) -> Shade:
    """Return a picture resampled bilinearly."""
    return np.asarray(Image.fromarray(shade).resize((width, height), Image.Resampling.BILINEAR))


def border_of(values: NDArray[Any]) -> NDArray[Any]:
    """Return what lies along the four edges."""
    return np.concatenate([values[0], values[-1], values[:, 0], values[:, -1]])


def closed(shade: Shade, window: int) -> Shade:
    """Return a picture without what is dark and narrower than a square window (odd)."""
    for axis in (0, 1):
        shade = _extreme(shade, window, axis, np.maximum, -np.inf)
    for axis in (0, 1):
        shade = _extreme(shade, window, axis, np.minimum, np.inf)
    return shade


def widened(mask: Mask, reach: int) -> Mask:
    """Return a mask grown by reach pixels to every side, corners included."""
    for axis in (0, 1):
        mask = _extreme(mask, 2 * reach + 1, axis, np.maximum, False)
    return mask


def blurred(shade: Shade, window: int) -> Shade:
    """Return the means over a square window (odd); beyond the border, it repeats."""
    for axis in (0, 1):
        margins = [(0, 0), (0, 0)]
        margins[axis] = (window // 2 + 1, window // 2)
        total = np.cumsum(np.pad(shade, margins, mode="edge"), axis, dtype=np.float64)
        size = shade.shape[axis]
        upper = np.take(total, np.arange(window, window + size), axis)
        shade = ((upper - np.take(total, np.arange(size), axis)) / window).astype(np.float32)
    return shade


def pen_width(mask: Mask) -> float:
    """Return about how wide the strokes of a drawing are, in pixels: area over half outline."""
    steps = sum(np.count_nonzero(np.diff(mask, axis=axis)) for axis in (0, 1))
    return 2 * float(mask.sum()) / max(0.8 * steps, 1.0)  # 0.8: outlines count corners twice


def otsu(values: NDArray[Any], bins: int = 64) -> float:
    """Return the threshold between the lower and the upper of two kinds of values.

    N. Otsu, "A threshold selection method from gray-level histograms", 1979.
    """
    count, edges = np.histogram(values, bins)
    middle = (edges[:-1] + edges[1:]) / 2
    below, mass = np.cumsum(count), np.cumsum(count * middle)
    above = np.maximum(below[-1] - below, 1)
    between = (mass[-1] * below / below[-1] - mass) ** 2 / np.maximum(below * above, 1)
    return float(edges[1 + int(np.argmax(between[:-1]))])


def boxes_of(numbers: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return the first and last row and column of numbered parts: (parts, y or x, 2)."""
    places = np.nonzero(numbers)
    which = numbers[places]
    boxes = np.zeros((int(numbers.max(initial=0)) + 1, 2, 2), np.int64)
    boxes[..., 0] = max(numbers.shape)
    for axis, at in enumerate(places):
        np.minimum.at(boxes[:, axis, 0], which, at)
        np.maximum.at(boxes[:, axis, 1], which, at)
    return boxes


def components(mask: Mask) -> NDArray[np.int32]:
    """Number the 8-connected parts of a mask from 1; 0 is outside.

    Runs of pixels in rows are joined with the runs they touch in the row above until every run
    knows the first run of its part (pointer jumping).
    """
    stride = mask.shape[1] + 1  # with a pixel between a row's end and the next one's begin
    rowed = np.pad(mask, ((0, 0), (1, 0))).ravel()
    steps = np.flatnonzero(np.diff(rowed, append=False)).reshape(-1, 2)
    rows, (starts, ends) = steps[:, 0] // stride, steps.T % stride
    upper, lower = _touching(rows, starts, ends, mask.shape[1])
    first = np.arange(len(rows))
    while True:
        best = np.minimum(first[upper], first[lower])
        joined = first.copy()
        np.minimum.at(joined, first[upper], best)
        np.minimum.at(joined, first[lower], best)
        joined = joined[joined]
        if np.array_equal(joined, first):
            break
        first = joined
    numbers = np.unique(first, return_inverse=True)[1] + 1
    numbered = np.zeros(mask.shape, np.int32)
    numbered[mask] = np.repeat(numbers, ends - starts)
    return numbered


def _touching(
    rows: NDArray[np.int64], starts: NDArray[np.int64], ends: NDArray[np.int64], width: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return pairs of runs that touch, the upper one's row next above the lower one's."""
    stride = width + 3  # rows one after another, with a gap that no diagonal bridges
    begin, end = rows * stride + starts, rows * stride + ends
    low = np.searchsorted(end, begin - stride, side="left")  # runs above that end at or after
    high = np.searchsorted(begin, end - stride, side="right")  # … and start at or before
    count = np.maximum(high - low, 0)
    lower = np.repeat(np.arange(len(rows)), count)
    upper = np.arange(len(lower)) - np.repeat(np.cumsum(count) - count, count) + low[lower]
    return upper, lower


def _extreme(values: Any, window: int, axis: int, pick: np.ufunc, beyond: float | bool) -> Any:
    """Slide a window along an axis, doubling what each step covers; the border cuts it off."""
    margins = [(0, 0), (0, 0)]
    margins[axis] = (window // 2, window // 2)
    found = np.moveaxis(np.pad(values, margins, constant_values=beyond), axis, 0)
    covered = 1
    while covered < window:
        step = min(covered, window - covered)
        found = pick(found[:-step], found[step:])
        covered += step
    return np.moveaxis(found, 0, axis)
