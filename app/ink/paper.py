"""Ink separated from the paper of a photograph, a scan or a canvas.

Even paper, as of a canvas or a clean scan, is one shade, and its ink keeps every grey. Any other
picture is taken for a photograph: its paper is what remains when all that is narrower than a
window is closed (the black top-hat; J. Serra, "Image analysis and mathematical morphology",
1982), and ink is measured against the light that falls beside it. The window is wide at first,
to find how wide the strokes are, then little wider than they, so that shadows stay paper.
"""

from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from app.ink.dirt import without_dirt, without_things
from app.ink.morphology import (
    Shade,
    blurred,
    border_of,
    closed,
    otsu,
    pen_width,
    reduced,
    resized,
)
from app.ink.polygons import Points
from app.ink.rules import without_rules
from app.ink.surroundings import sheet_in

MIN_CONTRAST = 0.1  # of the range from black to white; fainter pictures are blank
MIN_STRENGTH = 0.15  # of the light, that ink takes; less is a shadow's edge on empty paper
EVEN = 0.02  # difference in shade that is still the same paper
ALIKE = 1e-3  # difference in shade that is none
EVEN_SHARE = 0.6  # of a picture on even paper is plain paper or full ink
FRAME = 0.2  # of a picture, at most, that a frame along its border covers
FRAME_SHADE = 0.1  # difference in shade that is still the same frame
EDGE_SHARE = 0.1  # of the border may be ink; beyond that it is a shadow
SCAN_NOISE = 8.0  # times the paper's spread is paper still
CROP_SIDE = 48  # pixels; what is lower or narrower was cut out of a scan, close to its ink
PHOTOGRAPH_SIDE = 640  # pixels; larger photographs are reduced
MARGIN = 0.04  # of each side, in which nothing is written
PAPER_SIDE = 192  # pixels of the reduced picture in which paper is found
SURROUNDINGS = 43, 0.5  # pixels of it, and of its shorter side, at most
WIDE_WINDOW = 0.3, 0.6  # of the longer side and of the shorter, at most
FAINT = 0.3  # of the ink's strength; below it lie printed lines and what shines through
FULL = 0.9  # of the ink's strength is a whole pixel of ink


class Separated(NamedTuple):
    """How much ink lies on each pixel, 0 paper to 1 ink, (height, width).

    corners are those of the sheet that the pixels are of, in shares of the picture's sides, the
    upper left one first; None where the pixels are of the whole picture.
    """

    ink: Shade
    corners: Points | None = None


def separate_ink(levels: NDArray[np.uint8]) -> Shade:
    """Return how much ink lies on each pixel, 0 paper to 1 ink: (height, width)."""
    return separate(levels).ink


def separate(levels: NDArray[np.uint8]) -> Separated:
    """Separate ink from its paper, and the paper from what it lies on.

    levels are grey (height, width) or colour (height, width, 3). Dark ink on light paper and
    light ink on dark paper come out alike. Of a large photograph the ink is smaller.
    """
    grey = _most_telling(levels)
    counts = np.bincount(grey.ravel(), minlength=256)
    border = border_of(grey)
    difference = (np.arange(256) - _level_of_paper(grey)) / 255  # of each level from paper
    seen = difference[counts > 0]
    sign = 1.0 if seen.max() > -seen.min() else -1.0
    ink = np.maximum(sign * difference, 0.0)  # of each level
    full = float(ink[counts > 0].max())
    if full < MIN_CONTRAST:
        return Separated(np.zeros(grey.shape, np.float32))
    is_paper = np.abs(difference) < EVEN
    noise = SCAN_NOISE * _quantile(np.abs(difference[is_paper]), counts[is_paper], 0.9)
    is_even = counts[is_paper].sum() + counts[ink > full - EVEN].sum() > EVEN_SHARE * grey.size
    if min(grey.shape) <= CROP_SIDE:
        signed = (sign * difference / full).astype(np.float32).take(grey)
        is_exact = is_even and noise == 0
        return Separated(np.maximum(signed, 0.0) if is_exact else _from_crop(signed))
    is_even &= (ink[border] > FAINT / 2 * full).mean() < EDGE_SHARE
    if not is_even or (sign > 0 and noise > 0):  # a table has some grain, a canvas has none
        found = _from_sheet(levels)
        if found is not None:
            return found
    if is_even:
        return Separated(_from_even_paper((ink / full).astype(np.float32).take(grey), noise))
    return Separated(_from_photograph(levels))


def _level_of_paper(grey: NDArray[np.uint8]) -> float:
    """Return the level along the border, or the usual one within what is but a frame."""
    level = float(np.median(border_of(grey)))
    if min(grey.shape) > CROP_SIDE and (np.abs(grey - level) < 255 * FRAME_SHADE).mean() < FRAME:
        return float(np.median(grey))
    return level


def _from_sheet(levels: NDArray[np.uint8]) -> Separated | None:
    """Return what is written on a sheet with something darker around it, if there is one.

    A light thing that nothing is written on may be a stroke.
    """
    sheet = sheet_in(levels)
    if sheet is None:
        return None
    ink = _from_photograph(sheet.levels)
    return Separated(ink, sheet.corners) if ink.any() else None


def _from_even_paper(ink: Shade, noise: float) -> Shade:
    ink = without_things(ink)
    if noise == 0:
        plain = without_rules(ink)
        return without_dirt(ink if plain is ink else _without_faint(plain), framed=False)
    return _cleaned(ink, min(noise, FAINT), FULL * _strength(ink), framed=False)


def _from_crop(ink: Shade) -> Shade:
    """Clean a small scan that is evenly lit; paper is 0 and full ink 1.

    Ink may reach the border anywhere, and what is as long as the picture is high is a stroke.
    """
    full = FULL * (_strength(ink) or 1.0)
    noise = min(3 * _noise(ink), FAINT * full)
    return without_dirt(_without_faint((ink - noise) / (full - noise)), framed=False)


def _from_photograph(levels: NDArray[np.uint8]) -> Shade:
    factor = -(-max(levels.shape[:2]) // PHOTOGRAPH_SIDE)
    levels = np.asarray(Image.fromarray(levels).reduce(factor)) if factor > 1 else levels
    grey = _shade(_most_telling(levels))
    factor = max(1, round(float(max(grey.shape)) / PAPER_SIDE))
    is_light = _is_light_on_dark(reduced(grey, factor))
    shades = [grey] if levels.ndim == 2 else [_shade(levels[..., c]) for c in range(3)]
    if is_light:
        shades = [1 - shade for shade in shades]
    papers = [_paper(reduced(shade, factor)) for shade in shades]
    inks = [_darkness(reduced(s, factor), p, is_light) for s, p in zip(shades, papers, strict=True)]
    best = int(np.argmax([_strength(_inner(ink)) / (_noise(ink) + EVEN) for ink in inks]))
    ink = _darkness(shades[best], resized(papers[best], *grey.shape), is_light)
    strength = _strength(_inner(ink))
    if strength < MIN_STRENGTH:
        return np.zeros_like(ink)
    return _cleaned(ink, 3 * _noise(ink), FULL * strength, framed=True)


def _cleaned(ink: Shade, noise: float, full: float, framed: bool) -> Shade:
    """Scale ink to 0..1 without what is no stroke: printed lines, faint things, dirt.

    A photographer frames what is written, so what reaches the border is dirt as well.
    """
    ruled = without_rules(np.maximum(ink - noise, 0) / max(full - noise, 1e-6))
    return without_dirt(_without_faint(ruled), framed)


def _without_faint(ink: Shade) -> Shade:
    left: Shade = np.clip((ink - FAINT) / (1 - FAINT), 0, 1).astype(np.float32)
    return left


def _is_light_on_dark(small: Shade) -> bool:
    """Say whether narrow things are lighter than what surrounds them.

    A shadow's edge is as much darker on one side as it is lighter on the other; a stroke leans
    to one side. Light paper with light ink is rare enough to need better proof.
    """
    most, share = SURROUNDINGS
    window = int(min(most, share * min(small.shape))) | 1
    cubes = (small - blurred(small, window)) ** 3
    lean = float(cubes.sum()) / max(float(np.abs(cubes).sum()), 1e-12)  # -1 dark to 1 light
    return lean > (0.5 if np.median(small) > 0.5 else 0.0)


def _paper(small: Shade) -> Shade:
    """Return the shade of the paper beneath dark ink.

    What is closed keeps a shadow's edge, which blurring alone would turn into ink.
    """
    sides = sorted(small.shape, reverse=True)
    window = int(min(share * side for share, side in zip(WIDE_WINDOW, sides, strict=True))) | 1
    for _ in range(2):
        envelope = closed(small, window)
        paper = np.maximum(np.minimum(envelope, blurred(envelope, window // 3 | 1)), 0.01)
        ink = paper - small
        width = pen_width(ink > 0.5 * np.quantile(ink, 0.995))
        window = min(window, int(3 * width + 3) | 1)
    return paper


def _darkness(shade: Shade, paper: Shade, is_turned: bool) -> Shade:
    """Return how much darker each pixel is than paper, of which the median is.

    That is a share of the light that falls there, unless light ink was turned to dark.
    """
    ink: Shade = paper - shade if is_turned else 1 - shade / paper
    ink -= np.median(ink)
    return ink


def _inner(ink: Shade) -> Shade:
    """Return a picture without its margins, where a table may be seen that is darker than ink."""
    y, x = (round(MARGIN * side) for side in ink.shape)
    return ink[y : ink.shape[0] - y, x : ink.shape[1] - x]


def _strength(ink: Shade) -> float:
    """Return how dark ink is where there is ink: the median above Otsu's threshold.

    What the paper's noise explains is left out, for a small drawing is lost among so much paper.
    """
    marks = ink[ink > 4 * _noise(ink) + EVEN]
    if marks.size == 0:
        return 0.0
    if np.ptp(marks) < ALIKE:  # there is no threshold between them
        return float(np.median(marks))
    is_ink = marks > otsu(marks)
    return float(np.median(marks[is_ink])) if is_ink.any() else 0.0


def _noise(ink: Shade) -> float:
    """Return the paper's standard deviation; the median is paper, and 0."""
    return 1.4826 * float(np.median(np.abs(ink)))


def _most_telling(levels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the grey levels, or the colour in which ink differs much more from paper."""
    if levels.ndim == 2:
        return levels
    image = Image.fromarray(levels)
    grey = image.convert("L")
    spans = [_span(channel) for channel in image.split()]
    best = int(np.argmax(spans))
    return levels[..., best] if spans[best] > 2 * _span(grey) else np.asarray(grey)


def _span(channel: Image.Image) -> int:
    low, high = cast(tuple[int, int], channel.getextrema())
    return high - low


def _quantile(values: NDArray[np.float64], counts: NDArray[np.int64], share: float) -> float:
    """Return the least of the values that, each counted so often, reaches a share of all."""
    order = np.argsort(values)
    reached = np.searchsorted(np.cumsum(counts[order]), share * counts.sum())
    return float(values[order[reached]])


def _shade(levels: NDArray[np.uint8]) -> Shade:
    return (levels / np.float32(255)).astype(np.float32)
