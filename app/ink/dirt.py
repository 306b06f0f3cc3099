"""What lies in a picture beside the ink: specks, shadows, fingers, a scanner's edges."""

import numpy as np
from numpy.typing import NDArray

from app.ink.morphology import Mask, Shade, border_of, boxes_of, components, pen_width, widened

SPECK = 0.4  # of a dab of the pen; smaller parts are dirt
STROKE = 3.0  # dabs; a part of that size is surely written
LARGE = 0.15  # of the largest part; smaller ones belong to the writing if they are beside it
BESIDE = 0.35  # of the longest side of a large part
MANY = 64  # large parts; beyond that nothing is written
THING = 0.12, 3.0  # of the shorter side, and of the pen: what is as wide was not written
SLIVER = 0.06, 3.0  # of the shorter side, that dirt along a border is wide at most, and its length
MARKED = 0.3  # of full ink, that counts for what lies over a border
WRITTEN = 0.1  # of what lies over a border, at least, is written elsewhere; else it is the writing
DEEP = 0.6  # ink that a part must have somewhere to be no shadow


def without_dirt(ink: Shade, framed: bool) -> Shade:
    """Drop parts that are smaller than a dab of the pen, pale throughout, or at the border.

    Where nothing is written but at the border, what reaches it stays.
    """
    if framed:
        inner = _without_reaching(ink)
        numbers, area, is_deep = _parts(inner)
        dab = pen_width((inner > 0.5) & is_deep[numbers]) ** 2
        if (area[is_deep] > STROKE * dab).any():
            keep = is_deep & (area >= SPECK * dab)
            keep &= _close_to_writing(numbers, np.where(keep, area, 0))
            return np.where(keep[numbers], inner, np.float32(0))
    numbers, area, is_deep = _parts(ink)
    keep = is_deep & (area >= SPECK * pen_width(ink > 0.5) ** 2)
    return np.where(keep[numbers], ink, np.float32(0))


def without_things(ink: Shade) -> Shade:
    """Drop what lies over the border and is wide as a finger is, or low as a scanner's edge.

    Where hardly anything else is there, it is what was written.
    """
    if not (border_of(ink) > MARKED).any():
        return ink
    reaching = _at_border(ink > MARKED)
    written = (ink > MARKED) & ~reaching
    if np.count_nonzero(written) <= WRITTEN * np.count_nonzero(reaching):
        return ink
    share, pens = THING
    reach = int(max(share * min(ink.shape), pens * pen_width(written)) / 2) + 1
    inmost = ~widened(~reaching, reach)
    thing = widened(inmost, reach + reach // 2 + 1) | widened(_slivers(reaching), 1)
    return np.where(thing, np.float32(0), ink)


def _slivers(reaching: Mask) -> Mask:
    """Return the parts that lie along a border, and reach little into the picture."""
    numbers, (most, ratio) = components(reaching), SLIVER
    boxes = boxes_of(numbers)
    extent = np.ptp(boxes, axis=2)
    is_sliver = np.zeros(len(boxes), bool)
    for axis, size in enumerate(reaching.shape):
        low, long = extent[:, axis], extent[:, 1 - axis]
        touches = (boxes[:, axis, 0] == 0) | (boxes[:, axis, 1] == size - 1)
        is_sliver |= touches & (low < most * min(reaching.shape)) & (long > ratio * low)
    is_sliver[0] = False
    return is_sliver[numbers]


def _parts(ink: Shade) -> tuple[NDArray[np.int32], NDArray[np.int64], Mask]:
    """Number connected ink; return each part's area, and whether it is dark somewhere."""
    numbers = components(ink > 0)
    area = np.bincount(numbers.ravel())
    is_deep = np.bincount(numbers[ink >= DEEP], minlength=len(area)) > 0
    is_deep[0] = False
    return numbers, area, is_deep


def _without_reaching(ink: Shade) -> Shade:
    """Drop what reaches the border; dark strokes that something pale joins to it stay."""
    reaching = _at_border(ink > 0)
    dark = reaching & (ink >= DEEP)
    strokes = widened(dark & ~_at_border(dark), 1)
    return np.where(reaching & ~strokes, np.float32(0), ink)


def _at_border(mask: Mask) -> Mask:
    """Return the parts of a mask that reach the border."""
    numbers = components(mask)
    reaches = np.zeros(int(numbers.max(initial=0)) + 1, bool)
    reaches[border_of(numbers)] = True
    reaches[0] = False
    return reaches[numbers]


def _close_to_writing(numbers: NDArray[np.int32], area: NDArray[np.int64]) -> Mask:
    """Say which parts are large, or stand beside a large one as a dot does."""
    boxes = boxes_of(numbers)
    near: Mask = area > LARGE * area[1:].max(initial=0)
    large = np.argsort(-area)[:MANY]
    large = large[near[large]]
    reach = BESIDE * int(np.ptp(boxes[large], axis=2).max())
    for box in boxes[large]:
        gaps = np.maximum(box[:, 0] - boxes[..., 1], boxes[..., 0] - box[:, 1])  # (parts, y or x)
        near |= gaps.max(axis=1) <= reach
    return near
