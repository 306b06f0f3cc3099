"""Ink as other hands, pens and devices would have written it. Needs no Keras.

A Warp is one random smooth map of the plane: slant, rotation, stretch and an elastic part after
P. Simard et al., "Best practices for convolutional neural networks applied to visual document
analysis", ICDAR 2003, made of a few long waves in place of smoothed noise. The same map moves
the points of strokes and the pixels of pictures.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.ink.lines import core
from app.ink.raster import Ink, RasterSpec, rasterise
from app.ink.sampling import sample
from app.ink.strokes import Strokes
from app.ink.trajectory import TrajectorySpec, follow

WAVES = 3
FLATTEST = 8  # a line that is longer, by its height, is warped as if it were higher
COARSE = (0.04, 0.2)  # length of straight lines, by the height


@dataclass(frozen=True)
class Strength:
    """Spread of the random changes; 1 sigma where not said otherwise."""

    rotation: float = 0.12  # radians
    slant: float = 0.18  # horizontal shift by height
    stretch: float = 0.12  # log of the ratio of the sides
    elastic: float = 0.035  # of the ink's extent
    scale: float = 0.07  # log; pictures only, strokes are scaled to the box anyway
    shift: float = 1.0  # pixels; pictures only
    pen_change: tuple[float, float] = (-0.5, 0.8)  # thinner to thicker, uniform; pictures only
    pen_drawn: tuple[float, float] = (0.7, 1.33)  # of the width, with directions; uniform
    pen_picture: tuple[float, float] = (0.3, 2.5)  # of the width, without; uniform in their log
    as_picture: float = 0.35  # share of strokes shown without direction and order
    box: tuple[float, float] = (0.85, 1.05)  # of the box that the ink is scaled to, uniform
    loose: float = 0.0  # displacement of each stroke, of half the ink's extent
    shuffled: float = 0.0  # share with strokes in any order, each in any direction
    limbs: float = 0.0  # log of the length of what rises above small letters, and of what hangs
    coarse: float = 0.0  # share drawn with straight lines, as slow devices record them
    spacing: tuple[float, float] = (1.0, 1.0)  # of the least that tight lines get, uniform
    step: tuple[float, float] = (0.85, 1.15)  # of a trajectory's, uniform

    def times(self, factor: float) -> "Strength":
        """Return the same changes, stronger or weaker; pens of strokes stay."""
        names = ("rotation", "slant", "stretch", "elastic", "scale", "shift")
        thinner, thicker = self.pen_change
        return replace(
            self,
            **{name: getattr(self, name) * factor for name in names},
            pen_change=(thinner * factor, thicker * factor),
        )


LINE = Strength(
    rotation=0.05,
    slant=0.25,
    stretch=0.18,
    elastic=0.04,
    pen_drawn=(0.5, 1.5),
    pen_picture=(0.5, 1.8),
    as_picture=0.45,  # of strokes; they have the network along the pen, too
    box=(0.78, 1.05),
    loose=0.03,
    shuffled=0.04,
    limbs=0.2,
    coarse=0.1,
    spacing=(0.8, 1.3),
)
SCANNED = Strength(rotation=0.1, slant=0.1, stretch=0.08, elastic=0.03)  # MNIST varies by itself


class Warp:
    """A random smooth map of the square -1..1 onto about itself."""

    def __init__(self, rng: np.random.Generator, strength: Strength) -> None:
        """Draw the map; the same generator state gives the same map."""
        angle, slant, stretch = rng.normal(size=3) * (
            strength.rotation,
            strength.slant,
            strength.stretch,
        )
        cos, sin, wide = np.cos(angle), np.sin(angle), np.exp(stretch / 2)
        turn = np.array([[cos, -sin], [sin, cos]])
        self.matrix = turn @ np.array([[wide, slant], [0.0, 1 / wide]])
        self.amplitude = rng.normal(size=(WAVES, 2)) * (2 * strength.elastic / np.sqrt(WAVES))
        self.frequency = rng.normal(size=(2, WAVES)) * 2.2  # radians over half the extent
        self.phase = rng.uniform(0, 2 * np.pi, WAVES)

    def __call__(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Move points (n, 2), x and y in -1..1."""
        waves = np.sin(points @ self.frequency + self.phase)  # (n, WAVES)
        moved: NDArray[np.float64] = points @ self.matrix.T + waves @ self.amplitude
        return moved


def augment_strokes(
    ink: Strokes, spec: RasterSpec, rng: np.random.Generator, strength: Strength
) -> NDArray[np.float32]:
    """Return warped strokes as (height, width, channels), drawn with a random pen.

    A share of them comes without pen direction and order, as a picture would.
    """
    warped = _warped(ink, spec, rng, strength)
    as_picture = rng.random() < strength.as_picture
    pen = rng.uniform(*strength.pen_drawn)
    if as_picture:
        pen = float(np.exp(rng.uniform(*np.log(strength.pen_picture))))
    frame = rasterise(warped, replace(_resized(spec, rng, strength), pen=pen * spec.pen))
    if as_picture:
        frame[..., 1:] = 0.0
    return frame


def augment_trajectory(
    ink: Strokes,
    spec: RasterSpec,
    way: TrajectorySpec,
    rng: np.random.Generator,
    strength: Strength,
) -> NDArray[np.float32]:
    """Return the way of the pen of warped strokes, (points, features), in steps of another size."""
    longer = replace(way, step=way.step * rng.uniform(*strength.step))
    return follow(_warped(ink, spec, rng, strength), _resized(spec, rng, strength), longer)


def _resized(spec: RasterSpec, rng: np.random.Generator, strength: Strength) -> RasterSpec:
    """Return a spec with a box of another size, and tight lines stretched otherwise."""
    changed = replace(spec, box=spec.box * rng.uniform(*strength.box))
    if not spec.least_spacing:
        return changed
    return replace(changed, least_spacing=spec.least_spacing * rng.uniform(*strength.spacing))


def _warped(
    ink: Strokes, spec: RasterSpec, rng: np.random.Generator, strength: Strength
) -> Strokes:
    if strength.limbs:
        ink = _with_limbs(ink, np.exp(rng.normal(0, strength.limbs, 2)))
    everything = np.concatenate(ink.paths)
    low, high = everything.min(axis=0), everything.max(axis=0)
    width, height = high - low
    if strength.coarse and rng.random() < strength.coarse:
        ink = _coarsened(ink, height * rng.uniform(*COARSE))
    half = max(height, width / FLATTEST) / 2 if spec.widest else max(width, height) / 2
    warp = Warp(rng, strength)
    paths = [warp((path - (low + high) / 2) / max(float(half), 1e-9)) for path in ink.paths]
    if strength.loose:
        paths = [path + rng.normal(0, strength.loose, 2) for path in paths]
    if rng.random() < strength.shuffled:
        paths = [paths[i][:: rng.choice((-1, 1))] for i in rng.permutation(len(paths))]
    return Strokes(tuple(paths))


def _with_limbs(ink: Strokes, factors: NDArray[np.float64]) -> Strokes:
    """Lengthen what rises above small letters by the first factor, what hangs by the second."""
    heights = [path[:, 1] for path in ink.paths]
    low, high = min(map(np.min, heights)), max(map(np.max, heights))
    top, bottom = (low + (high - low) * share for share in core(ink))
    paths = []
    for path in ink.paths:
        x, y = path.T
        above, below = np.minimum(y - top, 0.0), np.maximum(y - bottom, 0.0)
        paths.append(np.stack([x, y + (factors[0] - 1) * above + (factors[1] - 1) * below], axis=1))
    return Strokes(tuple(paths))


def _coarsened(ink: Strokes, length: float) -> Strokes:
    """Keep one point of each length of a path, and its ends."""
    paths = []
    for path in ink.paths:
        along = np.cumsum(np.hypot(*np.diff(path, axis=0, prepend=path[:1]).T))
        piece = (along / max(length, 1e-9)).astype(np.int64)
        is_kept = np.diff(piece, prepend=-1) > 0
        is_kept[-1] = True
        paths.append(path[is_kept])
    return Strokes(tuple(paths))


def augment_ink(
    ink: Ink, spec: RasterSpec, rng: np.random.Generator, drawn: Strength, seen: Strength
) -> NDArray[np.float32]:
    """Return warped ink (height, width, channels); strokes and pictures by their own strength."""
    if isinstance(ink, Strokes):
        return augment_strokes(ink, spec, rng, drawn)
    return augment_picture(rasterise(ink, spec), rng, seen)


def in_a_row(inks: Sequence[Strokes], rng: np.random.Generator) -> Strokes:
    """Return inks written beside each other, at about the same height."""
    paths, x = [], 0.0
    for ink in inks:
        everything = np.concatenate(ink.paths)
        low, size = everything.min(axis=0), np.ptp(everything, axis=0)
        scale = np.exp(rng.normal(0, 0.2)) / max(float(size.max()), 1e-9)
        place = np.array([x, rng.normal(0, 0.1) - scale * float(size[1]) / 2])
        paths += [(path - low) * scale + place for path in ink.paths]
        x += scale * float(size[0]) + rng.uniform(0.02, 0.4)
    return Strokes(tuple(paths))


def augment_picture(
    frame: NDArray[np.float32], rng: np.random.Generator, strength: Strength
) -> NDArray[np.float32]:
    """Return a warped copy of a picture's frame (height, width, channels), pen changed too."""
    height, width = frame.shape[:2]
    middle = np.array([width, height]) / 2
    grid = (np.indices((height, width))[::-1].reshape(2, -1).T + 0.5 - middle) / (height / 2)
    zoom, shift = np.exp(rng.normal() * strength.scale), rng.normal(size=2) * strength.shift
    source = Warp(rng, strength)(grid * zoom) * height / 2 + middle - 0.5 + shift
    ink = sample(frame[..., 0], source).reshape(height, width)
    warped = np.zeros_like(frame)
    warped[..., 0] = _change_pen(ink, rng.uniform(*strength.pen_change))
    return warped


def _change_pen(ink: NDArray[np.float32], amount: float) -> NDArray[np.float32]:
    """Thicken (0..1) or thin (-1..0) a drawing by blending in its neighbours' extremes."""
    padded = np.pad(ink, 1)
    crosses = [padded[1:-1, :-2], padded[1:-1, 2:], padded[:-2, 1:-1], padded[2:, 1:-1], ink]
    extreme = np.max(crosses, axis=0) if amount > 0 else np.min(crosses, axis=0)
    changed: NDArray[np.float32] = ink + np.float32(abs(amount)) * (extreme - ink)
    return changed
