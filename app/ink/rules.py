"""The printed lines of ruled and squared paper, taken out of ink."""

import numpy as np

from app.ink.morphology import Mask, Shade, border_of, reduced, widened

SIDE = 120  # pixels of the reduced picture in which lines are sought
TURNS = np.tan(np.deg2rad(np.arange(-18, 19)))  # slopes that are tried
VISIBLE = 0.04  # of the ink's strength, on average over a pixel of that picture
WHOLE = 0.75  # of a straight way across the picture that a printed line covers at least
FEWEST = 3  # parallel lines; fewer may be strokes


def without_rules(ink: Shade) -> Shade:
    """Return ink (0..1) without printed lines: three or more in parallel, from edge to edge.

    Where a stroke crosses a line it stays whole.
    """
    if np.count_nonzero(border_of(ink)) < 2 * FEWEST:  # every line ends at two edges
        return ink
    factor = max(1, round(max(ink.shape) / SIDE))
    drawn = reduced(ink, factor) > VISIBLE
    lines = _lines_across(drawn) | _lines_across(drawn.T).T
    if not lines.any():
        return ink
    strokes = drawn & ~lines
    on_line = np.kron(lines & ~widened(strokes, 2), np.ones((factor, factor), bool))
    margins = [
        (0, max(0, side - found)) for side, found in zip(ink.shape, on_line.shape, strict=True)
    ]
    on_line = np.pad(on_line, margins, mode="edge")[: ink.shape[0], : ink.shape[1]]
    return np.where(on_line, np.float32(0), ink)


def _lines_across(drawn: Mask) -> Mask:
    """Return which pixels lie on lines that run from the left edge to the right."""
    height, width = drawn.shape
    margin = height // 4  # rows beyond the edges where a slanting line may pass the middle
    reach = margin + int(np.ceil(abs(TURNS[0]) * width / 2))
    inside = np.pad(np.ones_like(drawn), ((reach, reach), (0, 0))).view(np.uint8)
    inked = np.pad(drawn, ((reach, reach), (0, 0))).view(np.uint8)
    columns = np.arange(0, width, 2)  # every second one tells enough
    rows = np.arange(reach - margin, reach + height + margin)[:, None]
    best, lines = 0, np.zeros(inked.shape, np.uint8)
    for slope in TURNS:
        way = (rows + np.round(slope * (columns - width / 2)).astype(np.int64)) * width + columns
        length = inside.ravel()[way].sum(axis=1, dtype=np.int64)
        hits = inked.ravel()[way].sum(axis=1, dtype=np.int64)
        full = (2 * length > width / 2) & (hits > WHOLE * length)
        count = np.count_nonzero(np.diff(full, prepend=False)) / 2  # runs of rows
        if count >= FEWEST and hits[full].sum() > best:
            best = int(hits[full].sum())
            lines = np.zeros(inked.shape, np.uint8)
            lines.ravel()[way[full]] = 1
    return widened(lines[reach : reach + height].astype(bool), 1) & drawn
