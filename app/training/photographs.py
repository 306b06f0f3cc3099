"""Made-up photographs and scans of ink: paper, lines, light, lens and JPEG. Needs no Keras."""

import io
import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Self, TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter
from tqdm import tqdm

from app.ink.pictures import Picture, decode_picture
from app.ink.raster import RasterSpec
from app.ink.strokes import Strokes
from app.ink.views import View, view
from app.training.datasets import scan
from app.training.pens import draw_strokes
from app.training.tabletops import on_table

Shade = NDArray[np.float32]  # (height, width), 0 dark to 1 light
Seen = TypeVar("Seen")  # what is made of a picture
Seeded = tuple[tuple[int, int], Strokes]  # an ink, and what its photograph is drawn by
Colour = NDArray[np.float32]  # (3,) or (height, width, 3), 0 dark to 1 light

FEW = 200  # inks are photographed before other processes have started
OVERSAMPLING = 2
PENS = ((20, 20, 25), (25, 35, 110), (30, 60, 170), (170, 30, 40), (20, 110, 60), (80, 80, 85))
CHALKS = ((235, 235, 230), (240, 230, 150), (250, 190, 200))
PAPERS = ((250, 250, 248), (244, 238, 222), (228, 230, 226), (250, 245, 180), (200, 215, 235))
BOARDS = ((35, 40, 38), (30, 60, 45), (25, 30, 60))
LINES = ((120, 150, 200), (170, 185, 205), (205, 150, 150), (150, 150, 150))


@dataclass(frozen=True)
class Studio:
    """How bad the photographs are; every one is drawn from these, uniformly where not said."""

    width: tuple[int, int] = (160, 420)  # pixels
    height: tuple[int, int] = (160, 420)
    fills: tuple[float, float] = (0.25, 0.8)  # of the side that limits it, the ink's extent
    turn: float = 15.0  # degrees, either way
    pen: tuple[float, float] = (0.025, 0.13)  # of the ink's longer side; of a line's height
    is_line: bool = False
    board: float = 0.12  # share of light ink on dark ground
    ruled: float = 0.55  # share with ruled or squared paper
    gradient: float = 0.45  # of the light that may be missing at one end
    shadow: float = 0.5  # share with a shadow
    quality: tuple[int, int] = (30, 92)  # of JPEG
    fibres: float = 1.0  # of the paper
    noise: float = 0.025  # of the sensor, sigma at most
    blur: float = 1.4  # pixels
    table: float = 0.0  # share of sheets around which a table is seen

    def at(self, strength: float) -> Self:
        """Return a studio where all that makes reading harder has a share of its strength."""
        worst, best = self.quality
        return replace(
            self,
            turn=strength * self.turn,
            board=strength * self.board,
            ruled=strength * self.ruled,
            gradient=strength * self.gradient,
            shadow=strength * self.shadow,
            quality=(round(best - strength * (best - worst)), best),
            fibres=strength * self.fibres,
            noise=strength * self.noise,
            blur=strength * self.blur,
            table=strength * self.table,
        )


STUDIO = Studio()
LINES_STUDIO = Studio(
    width=(260, 900), height=(110, 420), fills=(0.4, 0.9), turn=10.0, pen=(0.03, 0.12), is_line=True
)
LINES_STUDIOS = {  # that lines are judged in
    "photographs": LINES_STUDIO,
    "milder photographs": LINES_STUDIO.at(2 / 3),
    "photographs of tables": replace(LINES_STUDIO, fills=(0.3, 0.75), board=0.0, table=1.0),
}


def photographed(
    inks: Sequence[Strokes], spec: RasterSpec, seed: int, studio: Studio | None = None
) -> list[NDArray[np.uint8]]:
    """Photograph every ink and return its picture as a model sees it: (height, width), 0..255.

    All processors take part; the same seed gives the same photographs. Shows its progress.
    """
    return list(photographed_one_by_one(seeded(inks, seed), spec, studio))


def photographed_one_by_one(
    inks: Sequence[Seeded], spec: RasterSpec, studio: Studio | None = None
) -> Iterator[NDArray[np.uint8]]:
    """Yield the same of inks that each have a seed, while others are still being photographed."""
    return _developed(inks, partial(scan, spec=spec), studio)


def photographed_views(
    inks: Sequence[Strokes], spec: RasterSpec, seed: int, studio: Studio | None = None
) -> list[View]:
    """Photograph every ink and return all that a model sees of it.

    All processors take part; the same seed gives the same photographs. Shows its progress.
    """
    return list(_developed(seeded(inks, seed), partial(view, spec=spec), studio))


def seeded(inks: Sequence[Strokes], seed: int) -> list[Seeded]:
    """Return inks with a seed each, which all follow from one."""
    return [((seed, number), ink) for number, ink in enumerate(inks)]


def _developed(
    inks: Sequence[Seeded], see: Callable[[Picture], Seen], studio: Studio | None
) -> Iterator[Seen]:
    take = partial(_taken_of, see=see, studio=studio or STUDIO)
    bar = partial(tqdm, desc="photographs", unit="", total=len(inks))
    if len(inks) <= FEW:
        yield from bar(map(take, inks))
        return
    with multiprocessing.get_context("spawn").Pool() as pool:
        yield from bar(pool.imap(take, inks, chunksize=32))


def photograph(ink: Strokes, rng: np.random.Generator, studio: Studio | None = None) -> bytes:
    """Return a JPEG file of what a camera might have seen of an ink on paper."""
    studio = studio or STUDIO
    width = int(rng.integers(*studio.width, endpoint=True))
    height = int(rng.integers(*studio.height, endpoint=True))
    dark_ground = rng.random() < studio.board
    paper, pen = _colours(rng, dark_ground)
    scene = paper + studio.fibres * _fibres(rng, height, width)[..., None]
    turn = np.deg2rad(rng.uniform(-studio.turn, studio.turn))
    if rng.random() < studio.ruled and not dark_ground:
        lines, colour = _rules(rng, height, width, turn)
        scene = _blend(scene, colour, lines * rng.uniform(0.25, 1.0))
    cover = _written(ink, rng, (height, width), turn, studio)
    scene = _blend(scene, pen, cover * rng.uniform(0.75, 1.0) * _flow(rng, cover.shape))
    if studio.table and rng.random() < studio.table:
        scene = on_table(scene, rng)
    scene = scene * _light(rng, scene.shape[0], scene.shape[1], studio)[..., None]
    return _taken(scene, rng, studio)


def _taken_of(one: Seeded, see: Callable[[Picture], Seen], studio: Studio) -> Seen:
    seed, ink = one
    return see(decode_picture(photograph(ink, np.random.default_rng(seed), studio)))


def _colours(rng: np.random.Generator, dark_ground: bool) -> tuple[Colour, Colour]:
    grounds, pens = (BOARDS, CHALKS) if dark_ground else (PAPERS, PENS)
    ground, pen = (np.array(some[rng.integers(len(some))]) for some in (grounds, pens))
    ground, pen = (np.clip(colour + rng.normal(0, 6, 3), 0, 255) for colour in (ground, pen))
    return (ground / 255).astype(np.float32), (pen / 255).astype(np.float32)


def _fibres(rng: np.random.Generator, height: int, width: int) -> Shade:
    """Return the paper's unevenness: a fine and a coarse grain."""
    grain = np.zeros((height, width), np.float32)
    for cell, strength in ((2, 0.008), (9, 0.012), (40, 0.02)):
        small = rng.normal(0, rng.uniform(0, strength), (height // cell + 2, width // cell + 2))
        grain += _enlarged(small.astype(np.float32), height, width)
    return grain


def _rules(rng: np.random.Generator, height: int, width: int, turn: float) -> tuple[Shade, Colour]:
    """Return how much line lies on each pixel, and the lines' colour."""
    turn += np.deg2rad(rng.normal(0, 2))
    y, x = np.mgrid[:height, :width].astype(np.float32)
    spacing = rng.uniform(0.07, 0.3) * min(height, width)
    thick = max(0.7, rng.uniform(0.004, 0.012) * min(height, width))
    squared = rng.random() < 0.5
    cover = np.zeros((height, width), np.float32)
    for angle in (turn, turn + np.pi / 2)[: 1 + squared]:
        along = -np.sin(angle) * x + np.cos(angle) * y + rng.uniform(0, spacing)
        away = np.abs((along + spacing / 2) % spacing - spacing / 2)
        cover = np.maximum(cover, np.clip(thick / 2 + 0.5 - away, 0, 1))
    colour = np.array(LINES[rng.integers(len(LINES))]) / 255
    return cover, colour.astype(np.float32)


def _written(
    ink: Strokes, rng: np.random.Generator, shape: tuple[int, int], turn: float, studio: Studio
) -> Shade:
    """Return how much ink lies on each pixel: turned, scaled, put somewhere, drawn with a pen."""
    cos, sin = np.cos(turn), np.sin(turn)
    paths = [path @ np.array([[cos, sin], [-sin, cos]]) for path in ink.paths]
    everything = np.concatenate(paths)
    low, size = everything.min(axis=0), np.ptp(everything, axis=0)
    room, pen = np.array(shape[::-1]) * rng.uniform(*studio.fills), rng.uniform(*studio.pen)
    if studio.is_line:
        scale = float((room / np.maximum(size, 1e-9)).min()) / (1 + pen)
        pen = max(1.5, pen * float(size[1]) * scale)
    else:
        pen = max(1.5, pen * room.min())
        scale = (room.min() - pen) / max(float(size.max()), 1e-9)
    free = np.array(shape[::-1]) - size * scale - 2 * pen
    place = rng.uniform(0.05, 0.95, 2) * np.maximum(free, 0) + pen
    canvas = Image.new("L", (shape[1] * OVERSAMPLING, shape[0] * OVERSAMPLING))
    enlarged = (((path - low) * scale + place) * OVERSAMPLING for path in paths)
    draw_strokes(canvas, enlarged, pen * OVERSAMPLING, shade=255)
    return (np.asarray(canvas.reduce(OVERSAMPLING)) / 255).astype(np.float32)


def _flow(rng: np.random.Generator, shape: tuple[int, ...]) -> Shade:
    """Return how much ink the pen gives from place to place."""
    cells = rng.uniform(1 - rng.uniform(0, 0.35), 1, (12, 12)).astype(np.float32)
    return _enlarged(cells, *shape)


def _light(rng: np.random.Generator, height: int, width: int, studio: Studio) -> Shade:
    y, x = np.mgrid[:height, :width].astype(np.float32)
    x, y = 2 * x / width - 1, 2 * y / height - 1
    angle = rng.uniform(0, 2 * np.pi)
    across = (np.cos(angle) * x + np.sin(angle) * y) / np.sqrt(2)  # -1..1
    light = 1 - rng.uniform(0, studio.gradient) * (across + 1) / 2
    light *= 1 - rng.uniform(0, 0.15) * (x**2 + y**2)
    if rng.random() < studio.shadow:
        edge, angle = rng.uniform(-0.8, 0.8), rng.uniform(0, 2 * np.pi)
        bend = rng.normal(0, 0.3) * (np.sin(angle) * x - np.cos(angle) * y) ** 2
        behind = (np.cos(angle) * x + np.sin(angle) * y + bend - edge) / rng.uniform(0.02, 0.4)
        light = light * (1 - rng.uniform(0.1, 0.5) / (1 + np.exp(-np.clip(behind * 4, -30, 30))))
    lit: Shade = (light * rng.uniform(0.75, 1.05)).astype(np.float32)
    return lit


def _taken(scene: Colour, rng: np.random.Generator, studio: Studio) -> bytes:
    """Return what lens, sensor and JPEG make of a scene."""
    levels = np.clip(scene + rng.normal(0, rng.uniform(0, studio.noise), scene.shape), 0, 1) * 255
    image = Image.fromarray(levels.astype(np.uint8))
    image = image.filter(ImageFilter.GaussianBlur(rng.uniform(0, studio.blur)))
    file = io.BytesIO()
    image.save(file, "JPEG", quality=int(rng.integers(*studio.quality, endpoint=True)))
    return file.getvalue()


def _blend(scene: Colour, colour: Colour, cover: Shade) -> Colour:
    blended: Colour = scene + cover[..., None] * (colour - scene)
    return blended


def _enlarged(cells: Shade, height: int, width: int) -> Shade:
    image = Image.fromarray(cells).resize((width, height), Image.Resampling.BILINEAR)
    return np.array(image, np.float32)
