"""The printed lines of ruled and squared paper, taken out of ink."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.ink.morphology import Mask, Shade, border_of, reduced, widened

SIDE = 120  # pixels of the reduced picture in which lines are sought
TURNS = np.deg2rad(np.arange(-18, 19))  # that are tried, then finer ones beside the best
FINER = np.deg2rad(np.array([-0.67, -0.33, 0.0, 0.33, 0.67]))
VISIBLE = 0.04  # of the ink's strength, on average over a pixel of that picture
STROKE = 0.15  # the same where something is written, and no mere speck
WHOLE = 0.75  # of a straight way across the picture that a printed line covers at least
FEWEST = 3  # parallel lines; fewer may be strokes
THICK = 3  # rows of that picture; what is thicker was written
TYPICAL = 0.6  # quantile of the ink on printed lines
DARKER = 2.0  # times that; what is darker was written over a line
PALER = 0.8  # of strokes' ink; with less, lines are told from strokes by their ink alone
SOLID = 0.9  # of strokes' ink; with more, what lies on such a line is a stroke
MARKED = 0.5  # of the ink's strength, that is a stroke's off the lines


class _Found(NamedTuple):
    """Straight ways (ways, columns) through a flattened mask, and those that lines cover."""

    ways: NDArray[np.int64]
    full: Mask  # (ways,)
    covered: int  # pixels of the full ones


def without_rules(ink: Shade) -> Shade:
    """Return ink (0..1) without printed lines: three or more in parallel, from edge to edge.

    One line across these, as of a margin, is printed, too. Where a stroke crosses a line it stays
    whole. What had no lines is returned as it is.
    """
    if np.count_nonzero(border_of(ink)) < 2 * FEWEST:  # every line ends at two edges
        return ink
    factor = max(1, round(max(ink.shape) / SIDE))
    small = reduced(ink, factor)
    drawn = small > VISIBLE
    lines = _lines_both_ways(drawn)
    alone = lines & ~widened((small > STROKE) & ~lines, 2)
    on_line = _enlarged(alone, factor, ink.shape)
    if not on_line.any():
        return ink
    printed = float(np.quantile(ink[on_line & (ink > VISIBLE)], TYPICAL))
    along_line = _enlarged(widened(lines, 1), factor, ink.shape)
    strokes = ink[(ink > MARKED) & ~along_line]
    written = float(np.median(strokes)) if strokes.size else 1.0
    taken = on_line & (ink <= DARKER * printed)
    if printed < PALER * written:
        taken &= ink <= SOLID * written
        taken |= along_line & (ink <= (printed + written) / 2)
    return np.where(taken, np.float32(0), ink)


def _lines_both_ways(drawn: Mask) -> Mask:
    """Return which pixels lie on printed lines, flat or steep."""
    flat, steep = _lines_across(drawn, FEWEST), _lines_across(drawn.T, FEWEST).T
    if flat.any() and not steep.any():
        steep = _lines_across(drawn.T, 1).T
    elif steep.any() and not flat.any():
        flat = _lines_across(drawn, 1)
    return flat | steep


def _enlarged(mask: Mask, factor: int, shape: tuple[int, ...]) -> Mask:
    """Return a mask of the reduced picture as one of the picture."""
    large = np.kron(mask, np.ones((factor, factor), bool))
    margins = [(0, max(0, side - found)) for side, found in zip(shape, large.shape, strict=True)]
    return np.pad(large, margins, mode="edge")[: shape[0], : shape[1]]


def _lines_across(drawn: Mask, fewest: int) -> Mask:
    """Return which pixels lie on lines from the left edge to the right, where so many are."""
    height, width = drawn.shape
    margin = height // 4  # rows beyond the edges where a slanting line may pass the middle
    reach = margin + int(np.ceil(np.tan(TURNS[-1] + FINER[-1]) * width / 2)) + 1
    inside, inked = (
        np.pad(mask, ((reach, reach), (0, 0))) for mask in (np.ones_like(drawn), drawn)
    )
    passed = np.arange(reach - margin, reach + height + margin)  # rows, in the middle

    def find(mask: Mask, turn: float, step: int) -> _Found:
        columns = np.arange(0, width, step)
        aside = np.round(np.tan(turn) * (columns - width / 2)).astype(np.int64)
        ways = (passed[:, None] + aside) * width + columns
        length, hits = (
            whole.ravel().view(np.uint8)[ways].sum(axis=1, dtype=np.int64)
            for whole in (inside, mask)
        )
        full = (2 * length > len(columns)) & (hits > WHOLE * length)
        return _Found(ways, full, int(hits[full].sum()))

    best, best_turn = 0, 0.0
    for turn in TURNS:  # every second column tells enough
        found = find(inked, turn, step=2)
        if found.covered > best and len(_runs(found.full)) >= fewest:
            best, best_turn = found.covered, turn
    lines = np.zeros(inked.shape, bool)
    if best:
        near = inked | np.roll(inked, -1, axis=0)  # a line between two rows has a part in each
        tried = (find(near, best_turn + finer, step=1) for finer in FINER)
        found = max(tried, key=lambda found: found.covered)
        lines.ravel()[found.ways[found.full & ~_in_long_runs(found.full)]] = True
        lines |= np.roll(lines, 1, axis=0)
    return lines[reach : reach + height] & drawn


def _runs(full: Mask) -> NDArray[np.int64]:
    """Return where runs of rows begin and end, (runs, 2)."""
    return np.flatnonzero(np.diff(full, prepend=False, append=False)).reshape(-1, 2)


def _in_long_runs(full: Mask) -> Mask:
    """Say which rows belong to runs of more than THICK."""
    long = np.zeros_like(full)
    for begin, end in _runs(full):
        long[begin:end] = end - begin > THICK
    return long
