"""What a model gets to see of an ink."""

from dataclasses import dataclass

from app.ink.raster import Array, Ink, RasterSpec, rasterise
from app.ink.strokes import Strokes


@dataclass(frozen=True)
class View:
    """An ink as a frame (height, width, channels), and its strokes where it is no picture."""

    frame: Array
    strokes: Strokes | None = None


def view(ink: Ink, spec: RasterSpec) -> View:
    """Return an ink as a model sees it."""
    return View(rasterise(ink, spec), ink if isinstance(ink, Strokes) else None)
