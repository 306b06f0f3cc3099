"""Ink for tests, written for them."""

import base64
import io
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from app.generation.composer import Hand, compose
from app.ink.strokes import Strokes, parse_strokes

from .hand import strokes_of

SIDE = 280


def strokes(digit: str, scale: float = 200.0, at: tuple[float, float] = (40.0, 40.0)) -> list[Any]:
    """A digit's strokes as the API takes them."""
    return [[[at[0] + x * scale, at[1] + y * scale] for x, y in path] for path in strokes_of(digit)]


def written(text: str) -> Strokes:
    """Digits and capitals beside each other."""
    inks = [parse_strokes(strokes(character)) for character in text]
    return compose(inks, text, np.random.default_rng(0), Hand(gap=0.4))


def shaken(ink: Strokes, much: float, seed: int = 0) -> Strokes:
    """Ink of a hand that trembles by so much of the ink's height."""
    rng = np.random.default_rng(seed)
    height = np.ptp(np.concatenate(ink.paths)[:, 1])
    return Strokes(tuple(path + rng.normal(0, much * height, path.shape) for path in ink.paths))


def picture(digit: str, ink: str = "black", paper: str = "white", width: int = 18) -> Image.Image:
    """A digit drawn with a round pen."""
    image = Image.new("RGB", (SIDE, SIDE), paper)
    _draw(image, strokes(digit), ink, width)
    return image


def drawn(text: str, width: int = 6, height: int = 100) -> Image.Image:
    """Digits and letters drawn beside each other with a round pen, on paper of their size."""
    paths = written(text).paths
    low, extent = (f(np.concatenate(paths), axis=0) for f in (np.min, np.ptp))
    scale, margin = height / extent[1], 2 * width
    size = tuple(int(side) for side in extent * scale + 2 * margin)
    image = Image.new("RGB", size, "white")
    _draw(image, [(path - low) * scale + margin for path in paths], "black", width)
    return image


def _draw(image: Image.Image, paths: Any, ink: str, width: int) -> None:
    draw = ImageDraw.Draw(image)
    for path in paths:
        points = [(float(x), float(y)) for x, y in path]
        draw.line(points, fill=ink, width=width, joint="curve")
        for x, y in points:
            draw.ellipse([x - width / 2, y - width / 2, x + width / 2, y + width / 2], fill=ink)


def png(image: Image.Image, file_format: str = "PNG", **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, file_format, **options)
    return file.getvalue()


def data_url(content: bytes, kind: str = "png") -> str:
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


def noise(shape: tuple[int, ...], seed: int = 0) -> Any:
    return np.random.default_rng(seed).random(shape)
