"""Digits as canvases of other programs save them: PNG files of many pens, sizes and places."""

import io
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps
from tqdm import tqdm

from app.corpora import mnist
from app.generation import dummies
from app.ink.pictures import decode_picture
from app.ink.raster import RasterSpec
from app.ink.strokes import Strokes
from app.ink.views import View, view
from app.training.datasets import Drawn, Labelled
from app.training.pens import draw_strokes

SIDE = 280  # pixels of the canvas
TURNER = 1  # seed


@dataclass(frozen=True)
class Canvas:
    """How a digit lies on a canvas of SIDE pixels; lengths are pixels."""

    pen: int = 16
    extent: int = 200  # of the digit, pen included
    place: tuple[float, float] = (0.5, 0.5)  # 0 left or top, 1 right or bottom
    inverted: bool = False


CANVASES = {
    "pen of 4": Canvas(pen=4),
    "pen of 16": Canvas(),
    "pen of 40": Canvas(pen=40),
    "half the size, in a corner": Canvas(extent=100, place=(0.02, 0.02)),
    "half the size, in a corner, pen of 4": Canvas(pen=4, extent=100, place=(0.98, 0.02)),
    "inverted": Canvas(inverted=True),
    "off-centre": Canvas(extent=160, place=(0.95, 0.3)),
}


def draw(ink: Strokes, canvas: Canvas) -> bytes:
    """Return a PNG file of an ink on a canvas, black on white unless inverted."""
    everything = np.concatenate(ink.paths)
    low, size = everything.min(axis=0), np.ptp(everything, axis=0)
    scale = (canvas.extent - canvas.pen) / max(float(size.max()), 1e-9)
    free = SIDE - size * scale - canvas.pen
    corner = np.array(canvas.place) * free + canvas.pen / 2
    image = Image.new("L", (SIDE, SIDE), "white")
    paths = ((path - low) * scale + corner for path in ink.paths)
    draw_strokes(image, paths, canvas.pen, shade=0)
    return _png(ImageOps.invert(image) if canvas.inverted else image)


def enlarged(image: NDArray[np.uint8]) -> bytes:
    """Return a grey picture (height, width) as a PNG of SIDE × SIDE pixels."""
    return _png(Image.fromarray(image).resize((SIDE, SIDE), Image.Resampling.BICUBIC))


def file_sets(drawn: Drawn, scanned: mnist.Digits, spec: RasterSpec) -> dict[str, Labelled]:
    """Return what is seen of picture files of every sort, and their labels."""
    sets = {}
    for name, canvas in CANVASES.items():
        files = (draw(ink, canvas) for ink in drawn.inks)
        sets[f"PNG, {name}"] = _seen(files, spec, name), drawn.labels
    name = f"MNIST test as PNG, {SIDE} pixels"
    views = _seen((enlarged(image) for image in scanned.images), spec, name)
    sets[name] = views, [str(label) for label in scanned.labels]
    return sets


def turned_set(scanned: mnist.Digits, degrees: float, spec: RasterSpec) -> Labelled:
    """Return what is seen of digits turned by up to degrees, and their labels."""
    made = dummies.make(scanned, len(scanned.labels), degrees, TURNER)
    found = [(view(one.after, spec), one.label) for one in made]
    return [seen for seen, _ in found], [label for _, label in found]


def _seen(files: Iterable[bytes], spec: RasterSpec, name: str) -> list[View]:
    return [view(decode_picture(f), spec) for f in tqdm(files, desc=name, unit="")]


def _png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()
