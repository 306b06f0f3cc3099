"""A decoded picture → one of bounded size: on white, upright, in little memory."""

import os
import struct
import zlib
from typing import Any

import numpy as np
from PIL import Image, PngImagePlugin

MAX_SIDE = 1_024  # pixels kept; larger pictures are reduced
MAX_DECODED_SIDE = 2_048  # of a JPEG, which decodes smaller for free
STRIP_PIXELS = 65_536  # converted at once
ORIENTATION = 0x0112
DAMAGE = (  # what Pillow raises over damaged files
    ArithmeticError,
    AttributeError,
    EOFError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
    LookupError,
    OSError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
GREY = ("1", "L", "I", "I;16", "I;16B", "I;16L", "F")

# libjpeg keeps every coefficient of a progressive JPEG: 144 MB for 24 megapixels. It reads this
# whenever it opens a file, and refuses to keep more.
os.environ.setdefault("JPEGMEM", "30M")
PngImagePlugin.MAX_TEXT_CHUNK = 256 * 1024
PngImagePlugin.MAX_TEXT_MEMORY = 1024 * 1024
Image.MAX_IMAGE_PIXELS = 24_000_000


def shrink(image: Image.Image) -> Image.Image:
    """Decode an image, close it, and return it upright as L or RGB on white, within MAX_SIDE.

    It goes strip by strip: to convert and composite the whole would take its memory four times.
    """
    _draft(image)
    image.load()
    turn = TURNS.get(_orientation(image))
    width, height = image.size
    factor = max(1, max(width, height) // MAX_SIDE)
    rows = factor * max(1, STRIP_PIXELS // (width * factor))
    small = Image.new("L", (1, 1))
    for top in range(0, height, rows):
        strip = on_white(image.crop((0, top, width, min(top + rows, height)))).reduce(factor)
        if top == 0:
            small = Image.new(strip.mode, (strip.width, -(-height // factor)))
        small.paste(strip, (0, top // factor))
    image.close()
    small.thumbnail((MAX_SIDE, MAX_SIDE))
    return small if turn is None else small.transpose(turn)


def on_white(image: Image.Image) -> Image.Image:
    """Return an image of any mode as L or RGB, white where it was transparent."""
    if image.mode in GREY[2:]:
        image = _in_256_levels(image)
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        layer = image.convert("RGBA")
        paper = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(paper, layer).convert("RGB")
    return image.convert("L" if image.mode in GREY else "RGB")


def _draft(image: Image.Image) -> None:
    """Let a JPEG decode at the eighth, quarter or half that fits into MAX_DECODED_SIDE."""
    longer = max(image.size)
    shares = (share for share in (1, 2, 4, 8) if longer <= share * MAX_DECODED_SIDE)
    share = next(shares, 8)
    image.draft(None, (max(1, image.width // share), max(1, image.height // share)))


def _orientation(image: Image.Image) -> Any:
    try:
        return image.getexif().get(ORIENTATION)
    except DAMAGE:
        return None


def _in_256_levels(image: Image.Image) -> Image.Image:
    """Keep the upper 8 of 16 bits; Pillow's own conversion clips."""
    return Image.fromarray((np.asarray(image).astype(np.int64) >> 8).clip(0, 255).astype(np.uint8))
