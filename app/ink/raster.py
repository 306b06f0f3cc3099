"""Ink → the exact array a model takes. Training and serving share this one function.

Ink of one character is cropped to what was drawn, scaled so that its longer side fills a box, and
moved so that its centre of mass is the centre of the frame: the protocol of MNIST (LeCun et al.,
"Gradient-based learning applied to document recognition", 1998), so that size, place and canvas
play no part. A line of writing is scaled to the box's height and gets a frame as wide as it needs;
one that is written tight is stretched, so that each of its letters gets some columns of the frame.
Strokes are drawn with a pen of fixed width in the box and carry, as further channels, the
direction and the order of the pen; a picture leaves those channels at zero.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from app.ink.lines import crossings, crossings_in_picture, without_strays
from app.ink.pictures import INK_THRESHOLD, Picture
from app.ink.strokes import Strokes

Ink = Strokes | Picture
Array = NDArray[np.float32]
Points = NDArray[np.float64]  # (n, x y)

CHANNELS = ("ink", "right", "down", "order")
MAX_DABS = 4_000  # of one ink, however long its path: longer ones get longer steps
WIDTHS = (*range(32, 160, 16), *range(160, 320, 32), *range(320, 513, 64))  # of lines' frames
MOST_STRETCH = 4.0
IN_INK = 0.5  # of the darkest ink: what a row of a picture crosses


@dataclass(frozen=True)
class RasterSpec:
    """What a model's card says of its input; lengths are pixels of the frame.

    Frames are squares unless widest is set: then they are size high and have the first of the
    WIDTHS that the ink fits in, so that batches in training have the very padding of serving.
    """

    size: int = 28
    box: float = 20.0
    pen: float = 2.4
    step: float = 0.5  # between two dabs of the pen
    widest: int = 0
    least_spacing: float = (
        0.0  # of lines, for each crossing of a height; tighter ones are stretched
    )

    @property
    def margin(self) -> float:
        """Return how much paper is left above and below a box, and beside a line."""
        return (self.size - self.box) / 2

    def width_for(self, width: float) -> int:
        """Return how wide the frame of an ink is that is so wide."""
        if not self.widest:
            return self.size
        needed = width + 2 * self.margin - 1e-6
        return next((fit for fit in WIDTHS if needed <= fit < self.widest), self.widest)

    def scale_for(self, width: float, height: float, pen: float = 0.0) -> float:
        """Return the scale at which an extent and a pen fill the box; 0 for a mere dot."""
        across = self.widest - 2 * self.margin if self.widest else self.box
        extents = ((across, width), (self.box, height))
        return min(((room - pen) / extent for room, extent in extents if extent > 0), default=0.0)

    def stretch_for(self, width: float, crossed: float, pen: float = 0.0) -> float:
        """Return the factor by which a line that is so wide is to be wider; 1 where it may stay.

        crossed says how often its pen crosses a height.
        """
        if width <= 0:
            return 1.0
        room = (self.widest - 2 * self.margin - pen) / width
        return max(1.0, min(self.least_spacing * crossed / width, room, MOST_STRETCH))


def rasterise(ink: Ink, spec: RasterSpec) -> Array:
    """Return ink as (height, width, 4) float32: ink 0..1, pen right and down -1..1, order 0..1."""
    if isinstance(ink, Picture):
        return _rasterise_picture(ink, spec)
    return _rasterise_strokes(ink, spec)


def render(ink: Ink, side: int) -> Picture:
    """Return ink as people like to look at it: a square picture with side pixels."""
    spec = RasterSpec(size=side, box=0.9 * side, pen=0.06 * side)
    return Picture(rasterise(ink, spec)[..., 0])


def _rasterise_strokes(ink: Strokes, spec: RasterSpec) -> Array:
    if not ink.paths:
        return np.zeros((spec.size, spec.width_for(0.0), len(CHANNELS)), np.float32)
    walked = walk(ink, spec, spec.step)
    shape = spec.size, spec.width_for(float(np.ptp(walked.points[:, 0])) + spec.pen)
    return _dab(walked.points + _placing(walked.points, spec), walked.heading, spec.pen, shape)


@dataclass(frozen=True)
class Walk:
    """A pen's way in equal steps: places and, as unit vectors, its movement there, (n, 2) each.

    starts and ends are the indices of the first point of each stroke and of the last.
    """

    points: Points
    heading: Points
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]


def walk(ink: Strokes, spec: RasterSpec, step: float) -> Walk:
    """Scale ink as it is drawn, and walk its strokes in steps of so many pixels."""
    ink = without_strays(ink) if spec.widest else ink
    corners = np.concatenate(ink.paths)
    width, height = np.ptp(corners, axis=0)
    scale, stretch = spec.scale_for(width, height, spec.pen), 1.0
    if spec.least_spacing:
        stretch = spec.stretch_for(width * scale, crossings(ink), spec.pen)
    ends = np.cumsum([len(path) for path in ink.paths])
    return _walk(corners * [scale * stretch, scale], ends, step)


def _walk(corners: Points, ends: NDArray[np.int64], step: float) -> Walk:
    """Walk paths in equal steps, so that a device's sampling rate plays no part.

    corners (n, 2) are of all paths, ends the index after the last of each. The movement of the pen
    is that over two steps to both sides.
    """
    starts = np.concatenate([[0], ends[:-1]])
    along = np.hypot(*np.diff(corners, axis=0, prepend=corners[:1]).T)
    along[starts] = 0.0  # a pen that is up leaves nothing
    along = np.cumsum(along)
    lengths = along[ends - 1] - along[starts]
    step = max(step, float(along[-1]) / MAX_DABS)
    counts = np.ceil(lengths / step).astype(np.int64) + 1
    after = np.cumsum(counts)
    path = np.repeat(np.arange(len(ends)), counts)  # of each dab
    first, last = (after - counts)[path], (after - 1)[path]
    dab = np.arange(after[-1])
    at = along[starts][path] + (dab - first) * (lengths / np.maximum(counts - 1, 1))[path]
    lifted = np.repeat(np.arange(len(ends)), np.diff(ends, prepend=0))  # keeps paths apart
    points = np.stack([np.interp(at + path, along + lifted, axis) for axis in corners.T], axis=1)
    ahead = points[np.minimum(dab + 2, last)] - points[np.maximum(dab - 2, first)]
    norm = np.hypot(ahead[:, 0], ahead[:, 1])[:, None]
    heading = np.divide(ahead, norm, out=np.zeros_like(ahead), where=norm > 0)
    return Walk(points, heading, after - counts, after - 1)


def _placing(points: Points, spec: RasterSpec) -> Points:
    """Return the shift that puts the mass in the middle and leaves all ink in the frame.

    A line begins at the left margin and is centred between its highest and its lowest point.
    """
    margin, low, high = spec.pen / 2, points.min(axis=0), points.max(axis=0)
    if spec.widest:
        return np.array([spec.margin + margin - low[0], (spec.size - low[1] - high[1]) / 2])
    shift = spec.size / 2 - points.mean(axis=0)
    clipped: Points = np.clip(shift, margin - low, spec.size - margin - high)
    return clipped


def _dab(points: Points, heading: Points, pen: float, shape: tuple[int, int]) -> Array:
    """Press a round, antialiased pen at every point (pixel i covers i..i+1)."""
    height, width = shape
    radius = pen / 2
    reach = int(radius + 1)
    around = np.arange(-reach, reach + 1)
    near = np.floor(points).astype(np.int64)
    columns = near[:, 0, None, None] + around[None, None, :]  # (dabs, 1, patch)
    rows = near[:, 1, None, None] + around[None, :, None]  # (dabs, patch, 1)
    distance = np.hypot(
        columns + 0.5 - points[:, 0, None, None], rows + 0.5 - points[:, 1, None, None]
    )
    cover = np.clip(radius + 0.5 - distance, 0.0, 1.0)
    inside = (cover > 0) & (columns >= 0) & (columns < width) & (rows >= 0) & (rows < height)
    pixel = (rows * width + columns)[inside]
    weight = cover[inside]
    which = np.broadcast_to(np.arange(len(points))[:, None, None], cover.shape)[inside]

    ink = np.zeros(height * width)
    np.maximum.at(ink, pixel, weight)
    total = np.bincount(pixel, weight, height * width)
    order = np.linspace(0.0, 1.0, len(points))
    carried = [heading[:, 0], heading[:, 1], order]
    sums = [np.bincount(pixel, weight * value[which], height * width) for value in carried]
    means = [np.divide(s, total, out=np.zeros_like(s), where=total > 0) * ink for s in sums]
    frame = np.stack([ink, *means], axis=1).astype(np.float32)
    return frame.reshape(height, width, len(CHANNELS))


def _rasterise_picture(ink: Picture, spec: RasterSpec) -> Array:
    rows = np.flatnonzero((ink.pixels > INK_THRESHOLD).any(axis=1))
    columns = np.flatnonzero((ink.pixels > INK_THRESHOLD).any(axis=0))
    if not len(rows):
        return np.zeros((spec.size, spec.width_for(0.0), len(CHANNELS)), np.float32)
    drawn = ink.pixels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    height, width = drawn.shape
    scale, stretch = spec.scale_for(width, height), 1.0
    if spec.least_spacing:
        crossed = crossings_in_picture(drawn > IN_INK * drawn.max())
        stretch = spec.stretch_for(width * scale, crossed)
    fitted = _resize(drawn, scale * stretch, scale)
    fitted = fitted / fitted.max()  # a thin pen pales as it shrinks
    frame = np.zeros((spec.size, spec.width_for(fitted.shape[1]), len(CHANNELS)), np.float32)
    if spec.widest:
        top, left = (spec.size - fitted.shape[0]) // 2, int(spec.margin)
        frame[top : top + fitted.shape[0], left : left + fitted.shape[1], 0] = fitted
    else:
        frame[..., 0] = _slide(_slide(fitted, 0, spec.size), 1, spec.size)
    return frame


def _resize(pixels: Array, across: float, down: float) -> Array:
    height, width = pixels.shape
    sides = max(1, round(width * across)), max(1, round(height * down))
    resized = Image.fromarray(pixels).resize(sides, Image.Resampling.BILINEAR)
    return np.asarray(resized)


def _slide(pixels: Array, axis: int, size: int) -> Array:
    """Lengthen an axis to size, with the mass in its middle to a fraction of a pixel.

    To whole pixels would be sharper than anything that training saw, for training warps every
    picture: of MNIST 43 digits were misread that way and 29 are this way.
    """
    mass = pixels.sum(axis=1 - axis, dtype=np.float64)
    centre = float((np.arange(len(mass)) + 0.5) @ mass) / max(float(mass.sum()), 1e-9)
    offset = min(max(size / 2 - centre, 0.0), float(size - len(mass)))
    before = int(offset)
    share = np.float32(offset - before)
    margins = [(0, 0), (0, 0)]
    margins[axis] = (before, size - len(mass) - before)
    here = np.pad(pixels, margins)
    further = np.roll(here, 1, axis)  # a full axis has share 0: nothing comes round
    slid: Array = here + share * (further - here)
    return slid
