"""Digits and whole numbers as other hands, pens and scanners would have left them.

Each function takes a picture (height, width) uint8 of light ink on black and returns a new one of
the same shape. Those of SHAPES bend one digit; those of SURFACES change what a whole number was
written and scanned with. distorted() applies each with its probability.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Self

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from app.ink.sampling import sample

Pixels = NDArray[np.uint8]  # (height, width), 0 paper to 255 ink
Distortion = Callable[[Pixels, np.random.Generator], Pixels]

SHIFT = 2.0  # pixels, either way
SCALE = (0.85, 1.15)
ROTATION = 15.0  # degrees, either way
SIGMA, ALPHA = 4.0, 34.0  # of the elastic field, in pixels (Simard et al. 2003, for 29 × 29)
CELLS = 5  # of the distorted grid, each way
CELL_CHANGE = 0.3  # of a cell's side
LENS = 0.25  # radial distortion at the middle of the sides
LENS_SHIFT = 0.1  # of the lens's centre, of half the side
BLUR = (0.3, 1.0)  # pixels, sigma
NOISE = (3.0, 12.0)  # levels of 255, sigma
BRIGHTNESS, CONTRAST = 0.2, 0.2
EMBOSS_BLEND, EMBOSS_DEPTH = (0.2, 0.5), (0.2, 0.7)


def shift(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """Move by up to two pixels each way."""
    x, y = rng.uniform(-SHIFT, SHIFT, 2)
    return _affine(pixels, (1, 0, x, 0, 1, y))


def scale(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """Enlarge or reduce by up to 15 percent about the middle."""
    by = 1 / rng.uniform(*SCALE)
    height, width = pixels.shape
    return _affine(pixels, (by, 0, (1 - by) * width / 2, 0, by, (1 - by) * height / 2))


def rotate(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """Turn by up to 15 degrees about the middle."""
    return turn(pixels, rng.uniform(-ROTATION, ROTATION))


def turn(pixels: Pixels, degrees: float) -> Pixels:
    """Return a picture turned counterclockwise about its middle, in the same frame (bilinear)."""
    return np.asarray(Image.fromarray(pixels).rotate(degrees, Image.Resampling.BILINEAR))


def elastic_transform(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """Move every pixel by a smooth random field.

    P. Simard, D. Steinkraus, J. Platt, "Best practices for convolutional neural networks applied
    to visual document analysis", ICDAR 2003: uniform noise, smoothed with a Gaussian, times alpha.
    """
    height, width = pixels.shape
    noise = rng.uniform(-ALPHA, ALPHA, (2, height, width))
    dx, dy = _smoothing(height) @ noise @ _smoothing(width).T
    rows, columns = np.indices(pixels.shape)
    return _looked_up(pixels, columns + dx, rows + dy)


def grid_distortion(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """Widen some columns and rows of a grid and narrow others."""
    y, x = (_uneven(side, rng) for side in pixels.shape)
    return _looked_up(pixels, *np.meshgrid(x, y))


def optical_distortion(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """See through a lens with barrel or pincushion distortion (one radial term)."""
    bend = rng.uniform(-LENS, LENS)
    height, width = pixels.shape
    middle = (np.array([width, height]) - 1) / 2
    middle = middle * (1 + rng.uniform(-LENS_SHIFT, LENS_SHIFT, 2))
    rows, columns = np.indices(pixels.shape)
    x, y = (columns - middle[0]) / (width / 2), (rows - middle[1]) / (height / 2)
    by = 1 + bend * (x**2 + y**2 - 0.5)
    return _looked_up(pixels, x * by * width / 2 + middle[0], y * by * height / 2 + middle[1])


def blur(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """See out of focus: a Gaussian."""
    return _filtered(pixels, ImageFilter.GaussianBlur(rng.uniform(*BLUR)))


def median_blur(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """Take the median of each pixel's 3 × 3."""
    return _filtered(pixels, ImageFilter.MedianFilter(3))


def gauss_noise(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """Add a sensor's noise."""
    return _levels(pixels + rng.normal(0, rng.uniform(*NOISE), pixels.shape))


def brightness_contrast(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """Change brightness and contrast by up to a fifth."""
    contrast = 1 + rng.uniform(-CONTRAST, CONTRAST)
    return _levels(pixels * contrast + 255 * rng.uniform(-BRIGHTNESS, BRIGHTNESS))


def emboss(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """Blend in a relief that is lit from the upper left."""
    blend, depth = rng.uniform(*EMBOSS_BLEND), rng.uniform(*EMBOSS_DEPTH)
    kernel = np.array([[-1 - depth, -depth, 0], [-depth, 1, depth], [0, depth, 1 + depth]])
    kernel = blend * kernel
    kernel[1, 1] += 1 - blend
    return _filtered(pixels, ImageFilter.Kernel((3, 3), kernel.ravel().tolist(), scale=1))


# how likely each is when a number is augmented
SHAPES: Mapping[Distortion, float] = MappingProxyType(
    {
        shift: 0.4,
        scale: 0.4,
        rotate: 0.5,
        elastic_transform: 0.25,
        grid_distortion: 0.2,
        optical_distortion: 0.2,
    }
)
SURFACES: Mapping[Distortion, float] = MappingProxyType(
    {
        emboss: 0.15,
        blur: 0.2,
        median_blur: 0.1,
        brightness_contrast: 0.4,
        gauss_noise: 0.3,
    }
)


ALL = {distortion.__name__: distortion for distortion in (*SHAPES, *SURFACES)}


@dataclass(frozen=True)
class Chances:
    """How likely each distortion is: of every digit's shape, and of a whole number's surface."""

    shapes: Mapping[Distortion, float]
    surfaces: Mapping[Distortion, float]

    @classmethod
    def these(cls, names: Collection[str]) -> Self:
        """Return certainty for the named ones, in the usual order, and nothing else."""
        shapes, surfaces = (
            {one: 1.0 for one in usual if one.__name__ in names} for usual in (SHAPES, SURFACES)
        )
        return cls(shapes, surfaces)


USUAL = Chances(SHAPES, SURFACES)
NONE = Chances({}, {})


def distorted(
    pixels: Pixels, chances: Mapping[Distortion, float], rng: np.random.Generator
) -> Pixels:
    """Apply every distortion that chance chooses, in their order."""
    for (distortion, chance), drawn in zip(chances.items(), rng.random(len(chances)), strict=True):
        if drawn < chance:
            pixels = distortion(pixels, rng)
    return pixels


@cache
def _smoothing(side: int) -> NDArray[np.float64]:
    """Return the matrix (side, side) that blurs a row; what would lie outside counts as 0."""
    apart = np.subtract.outer(np.arange(side), np.arange(side))
    density = np.exp(-((apart / SIGMA) ** 2) / 2) / (SIGMA * np.sqrt(2 * np.pi))
    return np.asarray(density, np.float64)


def _uneven(side: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return where the pixels of a side come from when the cells of a grid change their sizes."""
    sizes = 1 + rng.uniform(-CELL_CHANGE, CELL_CHANGE, CELLS)
    ends = np.concatenate([[0.0], np.cumsum(sizes)]) / sizes.sum() * (side - 1)
    found = np.interp(np.arange(side), np.linspace(0, side - 1, CELLS + 1), ends)
    return np.asarray(found, np.float64)


def _affine(pixels: Pixels, backwards: tuple[float, ...]) -> Pixels:
    height, width = pixels.shape
    image = Image.fromarray(pixels)
    moved = image.transform(
        (width, height), Image.Transform.AFFINE, backwards, Image.Resampling.BILINEAR
    )
    return np.asarray(moved)


def _looked_up(pixels: Pixels, x: NDArray[np.float64], y: NDArray[np.float64]) -> Pixels:
    places = np.stack([x.ravel(), y.ravel()], axis=1)
    return _levels(sample(pixels.astype(np.float32), places).reshape(pixels.shape))


def _filtered(pixels: Pixels, filtering: ImageFilter.Filter) -> Pixels:
    return np.asarray(Image.fromarray(pixels).filter(filtering))


def _levels(values: NDArray[np.floating]) -> Pixels:
    levels: Pixels = np.clip(np.round(values), 0, 255).astype(np.uint8)
    return levels
