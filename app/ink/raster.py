"""Ink → the exact array a model takes. Training and serving share this one function.

Ink is cropped to what was drawn, scaled so that its longer side fills a box, and moved so that
its centre of mass is the centre of the frame: the protocol of MNIST (LeCun et al., "Gradient-based
learning applied to document recognition", 1998), so that size, place and canvas play no part.
Strokes are drawn with a pen of fixed width in the box and carry, as further channels, the
direction and the order of the pen; a picture leaves those channels at zero.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from app.ink.pictures import Picture
from app.ink.strokes import Strokes

Ink = Strokes | Picture
Array = NDArray[np.float32]

CHANNELS = ("ink", "right", "down", "order")
STEP = 0.5  # pixels between two dabs of the pen
MAX_DABS = 4_000  # of one ink, however long its path: longer ones get longer steps
INK_THRESHOLD = 0.05  # of full ink; below it a picture's pixel is paper


@dataclass(frozen=True)
class RasterSpec:
    """What a model's card says of its input; lengths are pixels of the frame."""

    size: int = 28
    box: float = 20.0
    pen: float = 2.4


def rasterise(ink: Ink, spec: RasterSpec) -> Array:
    """Return ink as (size, size, 4) float32: ink 0..1, pen right and down -1..1, order 0..1."""
    if isinstance(ink, Picture):
        return _rasterise_picture(ink, spec)
    return _rasterise_strokes(ink, spec)


def render(ink: Ink, side: int) -> Picture:
    """Return ink as people like to look at it: a square picture with side pixels."""
    spec = RasterSpec(size=side, box=0.9 * side, pen=0.06 * side)
    return Picture(rasterise(ink, spec)[..., 0])


def _rasterise_strokes(ink: Strokes, spec: RasterSpec) -> Array:
    if not ink.paths:
        return np.zeros((spec.size, spec.size, len(CHANNELS)), np.float32)
    paths, length = _fit(ink, spec)
    step = max(STEP, length / MAX_DABS)
    dabs = [_resample(path, step) for path in paths]
    points = np.concatenate(dabs)  # (dabs, 2)
    heading = np.concatenate([_heading(path) for path in dabs])  # (dabs, 2)
    points += _centring(points, spec)
    return _dab(points, heading, spec)


def _fit(ink: Strokes, spec: RasterSpec) -> tuple[list[NDArray[np.float64]], float]:
    """Scale the paths so that the inked box is spec.box long; return them and their length."""
    everything = np.concatenate(ink.paths)
    low = everything.min(axis=0)
    extent = float((everything.max(axis=0) - low).max())
    scale = (spec.box - spec.pen) / extent if extent > 0 else 0.0
    paths = [(path - low) * scale for path in ink.paths]
    return paths, sum(float(_lengths(path).sum()) for path in paths)


def _lengths(path: NDArray[np.float64]) -> NDArray[np.float64]:
    steps = np.diff(path, axis=0)
    return np.hypot(steps[:, 0], steps[:, 1])


def _resample(path: NDArray[np.float64], step: float) -> NDArray[np.float64]:
    """Walk a path in equal steps, so that a device's sampling rate plays no part."""
    along = np.concatenate([[0.0], np.cumsum(_lengths(path))])
    count = int(np.ceil(along[-1] / step)) + 1
    at = np.linspace(0.0, along[-1], count)
    return np.stack([np.interp(at, along, path[:, 0]), np.interp(at, along, path[:, 1])], axis=1)


def _heading(path: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return unit vectors of the pen's movement, each over two steps to both sides."""
    index = np.arange(len(path))
    ahead = path[np.minimum(index + 2, len(path) - 1)] - path[np.maximum(index - 2, 0)]
    norm = np.hypot(ahead[:, 0], ahead[:, 1])[:, None]
    return np.divide(ahead, norm, out=np.zeros_like(ahead), where=norm > 0)


def _centring(points: NDArray[np.float64], spec: RasterSpec) -> NDArray[np.float64]:
    """Return the shift that puts the mass in the middle and leaves all ink in the frame."""
    margin = spec.pen / 2
    shift = spec.size / 2 - points.mean(axis=0)
    clipped: NDArray[np.float64] = np.clip(
        shift, margin - points.min(axis=0), spec.size - margin - points.max(axis=0)
    )
    return clipped


def _dab(points: NDArray[np.float64], heading: NDArray[np.float64], spec: RasterSpec) -> Array:
    """Press a round, antialiased pen at every point (pixel i covers i..i+1)."""
    radius = spec.pen / 2
    reach = int(radius + 1)
    around = np.arange(-reach, reach + 1)
    near = np.floor(points).astype(np.int64)
    columns = near[:, 0, None, None] + around[None, None, :]  # (dabs, 1, patch)
    rows = near[:, 1, None, None] + around[None, :, None]  # (dabs, patch, 1)
    distance = np.hypot(
        columns + 0.5 - points[:, 0, None, None], rows + 0.5 - points[:, 1, None, None]
    )
    cover = np.clip(radius + 0.5 - distance, 0.0, 1.0)
    inside = (cover > 0) & (columns >= 0) & (columns < spec.size) & (rows >= 0) & (rows < spec.size)
    pixel = (rows * spec.size + columns)[inside]
    weight = cover[inside]
    which = np.broadcast_to(np.arange(len(points))[:, None, None], cover.shape)[inside]

    ink = np.zeros(spec.size**2)
    np.maximum.at(ink, pixel, weight)
    total = np.bincount(pixel, weight, spec.size**2)
    order = np.linspace(0.0, 1.0, len(points))
    carried = [heading[:, 0], heading[:, 1], order]
    sums = [np.bincount(pixel, weight * value[which], spec.size**2) for value in carried]
    means = [np.divide(s, total, out=np.zeros_like(s), where=total > 0) * ink for s in sums]
    frame = np.stack([ink, *means], axis=1).astype(np.float32)
    return frame.reshape(spec.size, spec.size, len(CHANNELS))


def _rasterise_picture(ink: Picture, spec: RasterSpec) -> Array:
    frame = np.zeros((spec.size, spec.size, len(CHANNELS)), np.float32)
    rows = np.flatnonzero((ink.pixels > INK_THRESHOLD).any(axis=1))
    columns = np.flatnonzero((ink.pixels > INK_THRESHOLD).any(axis=0))
    if len(rows):
        drawn = ink.pixels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        fitted = _resize(drawn, spec.box / max(drawn.shape))
        fitted = fitted / fitted.max()  # a thin pen pales as it shrinks
        frame[..., 0] = _slide(_slide(fitted, 0, spec.size), 1, spec.size)
    return frame


def _resize(pixels: Array, scale: float) -> Array:
    height, width = (max(1, round(side * scale)) for side in pixels.shape)
    resized = Image.fromarray(pixels).resize((width, height), Image.Resampling.BILINEAR)
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
