"""What is measured of a line of writing before it is drawn: strays, and how tight it is."""

import numpy as np
from numpy.typing import NDArray

from app.ink.strokes import Strokes

Counts = NDArray[np.int64]

LEVELS = 24  # heights at which crossings are counted
REACHED = 3  # levels that have at least as many crossings as a line is said to have
OVERDRAWN = 1.4  # crossings for each run of ink in a picture: pens go over a place more than once
SMALL = 0.3  # of the largest stroke's extent, and of the height of the rest
ASIDE, ABOVE = 1.0, 0.3  # heights of the rest that a stray is away, to the side and up or down
CORE = 0.5  # of the most crossings: so many have the levels that small letters reach


def without_strays(ink: Strokes) -> Strokes:
    """Leave out small strokes far to the side of all else, above it or below.

    A tap beside the sheet would otherwise shrink what was written to a fraction. Dots of i and full
    stops are nearer, or on the line.
    """
    if len(ink.paths) < 2:
        return ink
    low, high = (np.array([end(path, axis=0) for path in ink.paths]) for end in (np.min, np.max))
    extents = (high - low).max(axis=1)
    is_large = extents >= SMALL * extents.max()
    first, last = low[is_large].min(axis=0), high[is_large].max(axis=0)
    height = last[1] - first[1]
    away = np.maximum(first - high, low - last)
    is_stray = (extents < SMALL * height) & (away > np.array([ASIDE, ABOVE]) * height).all(axis=1)
    return Strokes(tuple(ink.paths[i] for i in np.flatnonzero(~is_stray)))


def reach_without_strays(ink: Strokes) -> tuple[float, float]:
    """Return where what is no stray begins and ends, in shares of the width of all ink."""
    everything = np.concatenate(ink.paths)[:, 0]
    kept = np.concatenate(without_strays(ink).paths)[:, 0]
    width = max(float(np.ptp(everything)), 1e-9)
    start = float(kept.min() - everything.min()) / width
    return start, start + float(np.ptp(kept)) / width


def crossings(ink: Strokes) -> float:
    """Return how often the pen crosses a height.

    Letters are crossed two or three times, however wide they are written: a line's width for each
    crossing says how tight it is (M. Liwicki and H. Bunke, "HMM-based on-line recognition of
    handwritten whiteboard notes", IWFHR 2006, count them at half the height of small letters).
    """
    return float(_reached(crossings_by_level(ink)))


def crossings_in_picture(ink: NDArray[np.bool_]) -> float:
    """Return about how often the pen of a picture (height, width) crossed a height."""
    rows = ink[(_shares() * len(ink)).astype(np.int64)]
    return OVERDRAWN * _reached(rows[:, 0] + (rows[:, 1:] & ~rows[:, :-1]).sum(axis=1))


def crossings_by_level(ink: Strokes) -> Counts:
    """Count how often the pen crosses each of LEVELS heights, from the top to the bottom."""
    starts = np.concatenate([path[:-1, 1] for path in ink.paths])
    ends = np.concatenate([path[1:, 1] for path in ink.paths])
    low, high = (end([end(path[:, 1]) for path in ink.paths]) for end in (np.min, np.max))
    levels = (low + (high - low) * _shares())[:, None]
    counts: Counts = ((starts <= levels) != (ends <= levels)).sum(axis=1)
    return counts


def core(ink: Strokes) -> tuple[float, float]:
    """Return where small letters begin and end, in shares of the height from the top."""
    counts = crossings_by_level(ink)
    is_busy = np.flatnonzero(counts >= CORE * counts.max())
    return float(is_busy[0]) / LEVELS, float(is_busy[-1] + 1) / LEVELS


def _reached(counts: Counts) -> int:
    return int(np.sort(counts)[-REACHED])


def _shares() -> NDArray[np.float64]:
    return (np.arange(LEVELS) + 0.5) / LEVELS


def leaning(frame: NDArray[np.float32], share: float) -> NDArray[np.float32]:
    """Return a frame (height, width, channels) that leans to the right by a share of its height.

    Rows move by whole pixels, and what leaves the frame is lost.
    """
    height, width = frame.shape[:2]
    shifts = np.round(share * (height / 2 - 0.5 - np.arange(height))).astype(np.int64)
    columns = np.arange(width) - shifts[:, None]  # where each pixel comes from
    inside = (columns >= 0) & (columns < width)
    moved = frame[np.arange(height)[:, None], np.clip(columns, 0, width - 1)]
    leant: NDArray[np.float32] = moved * inside[..., None]
    return leant
