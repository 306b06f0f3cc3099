"""What a model gets to see of an ink."""

from dataclasses import dataclass

from app.ink.level import levelled
from app.ink.raster import Array, Ink, RasterSpec, rasterise
from app.ink.strokes import Strokes


@dataclass(frozen=True)
class View:
    """An ink as a frame (height, width, channels), and its strokes where it is no picture.

    level is the frame of a picture whose line is not level, turned until it is.
    """

    frame: Array
    strokes: Strokes | None = None
    level: Array | None = None


def view(ink: Ink, spec: RasterSpec) -> View:
    """Return an ink as a model sees it."""
    frame = rasterise(ink, spec)
    if isinstance(ink, Strokes):
        return View(frame, ink)
    turned = levelled(ink) if spec.widest else None
    return View(frame, level=None if turned is None else rasterise(turned, spec))
