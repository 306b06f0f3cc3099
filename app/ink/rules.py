"""The printed lines of ruled and squared paper, taken out of ink."""

import numpy as np
from numpy.typing import NDArray

from app.ink.morphology import reduced, widened

Shade = NDArray[np.float32]  # (height, width)
Mask = NDArray[np.bool_]

SIDE = 120  # pixels of the reduced picture in which lines are sought
TURNS = np.tan(np.deg2rad(np.arange(-18, 19)))  # slopes that are tried
VISIBLE = 0.04  # of the ink's strength, on average over a pixel of that picture
WHOLE = 0.75  # of a straight way across the picture that a printed line covers at least
FEWEST = 3  # parallel lines; fewer may be strokes


def without_rules(ink: Shade) -> Shade:
    """Return ink (0..1) without printed lines: three or more in parallel, from edge to edge.

    Where a stroke crosses a line it stays whole.
    """
    border = np.concatenate([ink[0], ink[-1], ink[:, 0], ink[:, -1]])
    if np.count_nonzero(border) < 2 * FEWEST:  # every line ends at two edges
        return ink
    factor = max(1, round(max(ink.shape) / SIDE))
    drawn = reduced(ink, factor) > VISIBLE
    lines = _lines_across(drawn, FEWEST) | _lines_across(drawn.T, FEWEST).T
    if not lines.any():
        return ink
    strokes = drawn & ~lines
    on_line = np.kron(lines & ~widened(strokes, 2), np.ones((factor, factor), bool))
    margins = [
        (0, max(0, side - found)) for side, found in zip(ink.shape, on_line.shape, strict=True)
    ]
    on_line = np.pad(on_line, margins, mode="edge")[: ink.shape[0], : ink.shape[1]]
    return np.where(on_line, np.float32(0), ink)


def _lines_across(drawn: Mask, fewest: int) -> Mask:
    """Return which pixels lie on lines that run from the left edge to the right."""
    height, width = drawn.shape
    columns = np.arange(width)
    best, lines = 0, np.zeros_like(drawn)
    for slope in TURNS:
        lean = np.round(slope * (columns - width / 2)).astype(np.int64)
        rows = np.arange(-height // 4, height + height // 4)[:, None] + lean
        inside = (rows >= 0) & (rows < height)
        hits = drawn[np.clip(rows, 0, height - 1), columns] & inside
        length = inside.sum(axis=1)
        full = (length > width / 2) & (hits.sum(axis=1) > WHOLE * length)
        count = int(np.count_nonzero(np.diff(full.astype(np.int8), prepend=0) == 1))
        score = int(hits[full].sum())
        if count >= fewest and score > best:
            best = score
            lines = np.zeros_like(drawn)
            chosen = np.broadcast_to(full[:, None], rows.shape) & inside
            lines[rows[chosen], np.broadcast_to(columns, rows.shape)[chosen]] = True
    return widened(lines, 1) & drawn if best else lines
