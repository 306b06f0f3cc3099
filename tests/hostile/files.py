"""PNG and JPEG files put together by hand, for what Pillow does not write."""

import io
import os
import struct
import zlib
from typing import Any

import numpy as np
from PIL import Image, ImageCms

from ..inks import png

ORIENTATION = 0x0112
PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
UNDONE = {  # what EXIF's orientation undoes
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def unbounded(image: Image.Image, **options: Any) -> bytes:
    """A JPEG that takes its encoder more memory than our decoder is allowed."""
    allowed = os.environ.pop("JPEGMEM", None)
    try:
        return png(image, "JPEG", **options)
    finally:
        if allowed is not None:
            os.environ["JPEGMEM"] = allowed


def exif(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    return exif


def srgb() -> bytes:
    profile: bytes = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile


def on_a_strip(drawn: Image.Image) -> Image.Image:
    strip = Image.new("RGB", (2_400, 280), "white")
    strip.paste(drawn, (1_000, 0))
    return strip


def without(jpeg: bytes, marker: int) -> bytes:
    at = jpeg.index(bytes([0xFF, marker]))
    (length,) = struct.unpack(">H", jpeg[at + 2 : at + 4])
    return jpeg[:at] + jpeg[at + 2 + length :]


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png_of(chunks: list[tuple[bytes, bytes]]) -> bytes:
    return PNG_MAGIC + b"".join(chunk(name, body) for name, body in chunks)


def with_chunk(content: bytes, name: bytes, body: bytes) -> bytes:
    return content[:33] + chunk(name, body) + content[33:]


def split_idat(content: bytes, size: int) -> bytes:
    at = content.index(b"IDAT") - 4
    (length,) = struct.unpack(">I", content[at : at + 4])
    data = content[at + 8 : at + 8 + length]
    parts = b"".join(chunk(b"IDAT", data[i : i + size]) for i in range(0, length, size))
    return content[:at] + parts + content[at + 12 + length :]


def grey_png(levels: Any, bits: int) -> bytes:
    height, width = levels.shape
    per = 8 // bits
    padded = np.pad(levels, ((0, 0), (0, -width % per)))
    packed = sum(padded[:, i::per].astype(np.uint8) << (8 - bits * (i + 1)) for i in range(per))
    rows = b"".join(b"\x00" + row.tobytes() for row in np.asarray(packed, np.uint8))
    head = struct.pack(">IIBBBBB", width, height, bits, 0, 0, 0, 0)
    return png_of([(b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")])


def deep_png(grey: Any, colour: int, channels: int, level: int = 6) -> bytes:
    """16 bits a channel; the last of two or four channels is alpha, opaque."""
    height, width = grey.shape
    deep = np.repeat((grey.astype(np.uint16) * 257)[..., None], channels, axis=2)
    if channels in (2, 4):
        deep[..., -1] = 65_535
    file = io.BytesIO()
    pack = zlib.compressobj(level)
    for row in deep.astype(">u2"):
        file.write(pack.compress(b"\x00" + row.tobytes()))
    file.write(pack.flush())
    head = struct.pack(">IIBBBBB", width, height, 16, colour, 0, 0, 0)
    return png_of([(b"IHDR", head), (b"IDAT", file.getvalue()), (b"IEND", b"")])


def interlaced(grey: Any) -> bytes:
    """Adam7: seven small pictures in a row."""
    height, width = grey.shape
    rows = b""
    for x, y, dx, dy in (
        (0, 0, 8, 8),
        (4, 0, 8, 8),
        (0, 4, 4, 8),
        (2, 0, 4, 4),
        (0, 2, 2, 4),
        (1, 0, 2, 2),
        (0, 1, 1, 2),
    ):
        rows += b"".join(b"\x00" + row.tobytes() for row in grey[y::dy, x::dx])
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 1)
    return png_of([(b"IHDR", head), (b"IDAT", zlib.compress(rows, 1)), (b"IEND", b"")])
