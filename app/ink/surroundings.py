"""A sheet of paper in a photograph, cut out of the table that it lies on.

A table darker than the paper would be taken for the ground, and the sheet for ink. A sheet is known
by its outline, which is convex and has four straight sides, along each of which it is much lighter
than what is beside it. A shadow may leave such a piece of a larger sheet in the light; but shadows
are not as dark as tables, or do not go round all sides.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from app.ink.morphology import Mask, components, otsu
from app.ink.polygons import Points, area_of, hull_of, perspective, quadrilateral_around

SIDE = 128  # pixels of the reduced picture in which a sheet is sought
STEPS = 3  # thresholds that are tried between light and dark
LARGE = 0.06  # of the picture, that a sheet covers at least
WHOLE = 0.96  # of the picture; a sheet that covers more has nothing around it
PLAIN = 0.8  # of a sheet, at least, that nothing is written on; of a thick letter it is less
BROAD = 0.18  # of the picture's shorter side, that a sheet's sides are at least
SQUARE = 0.95  # of the least quadrilateral around a sheet, at least, that it fills
SEEN = 3, 0.2  # pixels from the border, and of the shorter side: a sheet's side that is seen
ASIDE = 2.0  # pixels from a side: where inside and outside are compared
LIGHTER = 1.2  # times as light is a sheet as what is there outside
CLEAR = 0.6  # of each side that is seen, at least, along which it is
LIGHT = (np.inf, 2.5, 2.5, 1.5, 1.15)  # times as light as all around, by how many sides are seen
DOUBT = 6  # power by which sides that are not clear everywhere count against a sheet
EDGE = 1.5  # pixels along a sheet's sides that are left out
WHITE = 245 / 255  # of the range, that a sheet is lit to


class Sheet(NamedTuple):
    """A sheet that was found: its pixels, and its corners in shares of the picture's sides."""

    levels: NDArray[np.uint8]
    corners: Points  # four, the upper left one first


class _Sheet(NamedTuple):
    corners: Points  # four
    worth: float  # the more plain paper between clear sides the better


def sheet_in(levels: NDArray[np.uint8]) -> Sheet | None:
    """Return the sheet in a picture, seen from above and lit as white paper is, if there is one.

    levels are grey (height, width) or colour (height, width, 3), and so is the sheet.
    """
    image = Image.fromarray(levels)
    factor = max(1, round(max(image.size) / SIDE))
    small = np.asarray(image.reduce(factor))
    sheets = [sheet for shade in _shades(small) for sheet in _sheets(shade)]
    if not sheets:
        return None
    corners = factor * max(sheets, key=lambda sheet: sheet.worth).corners
    corners = np.roll(corners, -int(np.argmin(corners.sum(axis=1))), axis=0)
    seen = _lit(_from_above(image, corners, EDGE * factor), factor)
    return Sheet(np.asarray(seen), corners / image.size)


def _shades(levels: NDArray[np.uint8]) -> list[NDArray[np.uint8]]:
    """Return the most and the least of a picture's colours, where it has some."""
    if levels.ndim == 2:
        return [levels]
    most, least = levels.max(axis=2), levels.min(axis=2)
    return [most] if np.array_equal(most, least) else [most, least]


def _sheets(shade: NDArray[np.uint8]) -> Iterator[_Sheet]:
    """Yield what may be a sheet that is lighter than all around it.

    The threshold between light and dark is lowered step by step, because paper in the shadow may be
    darker than a table in the light, but not than the table beside it.
    """
    darker = shade
    for _ in range(STEPS):
        threshold = otsu(darker)
        if sheet := _sheet(shade, shade > threshold):
            yield sheet
        darker = shade[shade <= threshold]
        if not darker.size:
            break


def _sheet(shade: NDArray[np.uint8], is_light: Mask) -> _Sheet | None:
    """Return the largest light part of a picture, if that is a sheet with something around it."""
    numbers = components(is_light)
    area = np.bincount(numbers.ravel(), minlength=2)
    area[0] = 0
    plain = int(area.max())
    light = numbers == int(np.argmax(area))
    if plain < LARGE * shade.size or plain < PLAIN * _extent(light):
        return None
    outline = hull_of(light)
    size = area_of(outline)
    if size > WHOLE * shade.size or plain < PLAIN * size:
        return None
    corners = quadrilateral_around(outline)
    if len(corners) > 4 or size < SQUARE * area_of(corners):
        return None
    if _sides(corners).min() < BROAD * min(shade.shape):
        return None
    clear = _clear(shade, corners)
    if (clear < CLEAR).any() or _lightness(shade, outline) < LIGHT[len(clear)]:
        return None
    return _Sheet(corners, plain * float(clear.mean()) ** DOUBT)


def _extent(mask: Mask) -> int:
    """Return how many pixels lie between the first and the last of a mask in every row."""
    rows = mask[mask.any(axis=1)]
    return int((rows.shape[1] - rows[:, ::-1].argmax(axis=1) - rows.argmax(axis=1)).sum())


def _lightness(shade: NDArray[np.uint8], outline: Points) -> float:
    """Return how many times as light it is inside an outline as outside."""
    mask = Image.new("1", (shade.shape[1], shade.shape[0]))
    ImageDraw.Draw(mask).polygon([(x, y) for x, y in outline.tolist()], fill=1)
    inside = np.asarray(mask)
    return float(np.median(shade[inside])) / max(float(np.median(shade[~inside])), 1.0)


def _clear(shade: NDArray[np.uint8], corners: Points) -> NDArray[np.float64]:
    """Return the share of every side that is seen along which it is much lighter inside.

    What lies along the picture's border is no side of a sheet that goes on beyond it.
    """
    size = np.array(shade.shape[::-1])
    (margin, share), middle = SEEN, corners.mean(axis=0)
    shares = []
    for begin, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        centre, length = (begin + end) / 2, float(np.hypot(*(end - begin)))
        if (np.minimum(centre, size - centre) < margin).any() or length < share * size.min():
            continue
        across = (end - begin)[::-1] * (1, -1) / length
        outwards = across * np.sign(across @ (centre - middle))
        points = begin + np.linspace(0.1, 0.9, 40)[:, None] * (end - begin)
        outer, inner = (
            shade[tuple(np.clip(points + way, 0, size - 1).astype(np.int64).T[::-1])]
            for way in (ASIDE * outwards, -ASIDE * outwards)
        )
        shares.append(float((inner > LIGHTER * outer).mean()))
    return np.array(shares)


def _sides(corners: Points) -> NDArray[np.float64]:
    """Return the length of every side, beginning with that behind the first corner."""
    length: NDArray[np.float64] = np.hypot(*(np.roll(corners, -1, axis=0) - corners).T)
    return length


def _from_above(image: Image.Image, corners: Points, edge: float) -> Image.Image:
    """Return what is between four corners, the upper left one first, but for an edge (pixels)."""
    sides = _sides(corners)
    width, height = (sides[:2] + sides[2:]) / 2
    rectangle = np.array([(0, 0), (width, 0), (width, height), (0, height)]) - edge
    return image.transform(
        (max(1, round(width - 2 * edge)), max(1, round(height - 2 * edge))),
        Image.Transform.PERSPECTIVE,
        perspective(rectangle, corners),
        Image.Resampling.BILINEAR,
    )


def _lit(sheet: Image.Image, factor: int) -> Image.Image:
    """Return a sheet brighter, every colour so that its lightest tenth is nearly white."""
    small = np.asarray(sheet.reduce(factor))
    brightest = np.maximum(np.quantile(small, 0.9, axis=(0, 1)), 1).ravel()
    levels = np.outer(255 * WHITE / brightest, np.arange(256))
    return sheet.point(np.minimum(np.round(levels), 255).astype(int).ravel().tolist())
