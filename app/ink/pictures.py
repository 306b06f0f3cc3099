"""Pictures of ink: safe decoding of PNG and JPEG."""

import base64
import binascii
import hashlib
import io
from contextlib import ExitStack
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError
from PIL.JpegImagePlugin import JpegImageFile

from app.errors import InkError
from app.ink.paper import separate
from app.ink.polygons import Points, images_of, perspective
from app.ink.shrinking import DAMAGE, shrink
from app.ink.turns import turns

FORMATS = ("PNG", "JPEG")
MAX_PIXELS = {"PNG": 8_000_000, "JPEG": 24_000_000}
MAX_LENGTH = 65_500  # of a side, as JPEG has it; a PNG of 8,000,000 rows takes a second
LARGE_PIXELS = 500_000  # from here on, and of such bytes, pictures are decoded one at a time
LARGE_BYTES = 64 * 1024
MAX_KEPT_BYTES = 28_000_000  # of the coefficients of a progressive JPEG, all held at once
MAX_SCANS = 100  # of a JPEG; encoders write about ten, and every scan costs a walk over all blocks
MAX_PNG_BYTES = 36_000  # of a picture kept: in base64 it still fits a spreadsheet's cell
INK_THRESHOLD = 0.05  # of full ink; below it a pixel is paper
UNIT = np.array([(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)])  # corners, the upper left first
PREFIXES = tuple(f"data:image/{name};base64," for name in ("png", "jpeg", "jpg"))


class Extent(NamedTuple):
    """A part of a picture, in shares of its width and of its height."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Picture:
    """How much ink lies on each pixel: (height, width) float32, 0 paper to 1 ink.

    corners are those of the part of the picture that these pixels are of, in shares of its sides.
    """

    pixels: NDArray[np.float32]
    corners: Points | None = None  # four, the upper left one first; None: it is the whole

    def digest(self) -> str:
        """Return the sha256 of the pixels, in hex."""
        content = hashlib.sha256("x".join(map(str, self.pixels.shape)).encode())
        content.update(self.pixels.tobytes())
        return content.hexdigest()

    def is_blank(self) -> bool:
        """Say whether there is no ink at all."""
        return not bool((self.pixels > 0.5).any())

    def extent(self) -> Extent | None:
        """Return where in the picture its ink lies; None where there is none."""
        is_ink = self.pixels > INK_THRESHOLD
        rows, columns = (np.flatnonzero(is_ink.any(axis=axis)) for axis in (1, 0))
        if not len(rows):
            return None
        low = np.array([columns[0], rows[0]]) / self.pixels.shape[::-1]
        high = np.array([columns[-1] + 1, rows[-1] + 1]) / self.pixels.shape[::-1]
        if self.corners is not None:
            box = np.array([low, (high[0], low[1]), high, (low[0], high[1])])
            seen = np.clip(images_of(box, perspective(UNIT, self.corners)), 0, 1)
            low, high = seen.min(axis=0), seen.max(axis=0)
        return Extent(*low.tolist(), *high.tolist())


def parse_data_url(url: str) -> Picture:
    """Decode "data:image/png;base64,…" (or jpeg).

    Raises:
        InkError: it is no such URL, or no picture that can be read.
        Unavailable: too many large pictures are being decoded.
    """
    if not url.startswith(PREFIXES):
        raise InkError("A picture comes as data:image/png;base64,… or data:image/jpeg;base64,…")
    try:  # b64decode would make two more copies
        content = binascii.a2b_base64(url[url.index(",") + 1 :], strict_mode=True)
    except ValueError as error:
        raise InkError("The picture's base64 is damaged. Send it again.") from error
    return decode_picture(content)


def decode_picture(content: bytes) -> Picture:
    """Decode the bytes of a PNG or JPEG file and separate its ink from its paper.

    Raises:
        InkError: the bytes are no PNG or JPEG, too large, or damaged.
        Unavailable: too many large pictures are being decoded.
    """
    with ExitStack() as stack:
        try:
            levels = _levels(content, stack)
        except UnidentifiedImageError as error:
            raise InkError("That is no PNG or JPEG picture. Send one of these.") from error
        except DAMAGE as error:
            raise InkError("The picture is damaged or too large. Save it again.") from error
        return Picture(*separate(levels))


def encode_png(picture: Picture, max_bytes: int = MAX_PNG_BYTES) -> bytes:
    """Return dark ink on white paper as a PNG, made smaller until it fits into max_bytes."""
    image = Image.fromarray(np.round(255 * (1 - np.clip(picture.pixels, 0, 1))).astype(np.uint8))
    while len(content := _png(image)) > max_bytes:
        image = image.reduce(2)
    return content


def data_url(picture: Picture) -> str:
    """Return dark ink on white paper as a PNG data URL."""
    return "data:image/png;base64," + base64.b64encode(encode_png(picture)).decode()


def _levels(content: bytes, stack: ExitStack) -> NDArray[np.uint8]:
    """Return a picture's pixels, bounded; a large one takes its turn until the stack is closed.

    The decoded whole is gone on return, before ink is separated in as much memory again.
    """
    with Image.open(io.BytesIO(content), formats=FORMATS) as image:
        _check_size(image)
        _check_jpeg(image, content)
        if image.width * image.height > LARGE_PIXELS or len(content) > LARGE_BYTES:
            stack.enter_context(turns.take())
        return np.asarray(shrink(image))


def _check_size(image: Image.Image) -> None:
    """Refuse what would take too much to decode; nothing but the header was read so far."""
    limit = MAX_PIXELS["PNG" if image.format == "PNG" else "JPEG"]  # or MPO, JPEGs in a row
    if max(image.size) > MAX_LENGTH:
        raise InkError(f"The picture has a side of over {MAX_LENGTH:,} pixels. Send a smaller one.")
    if image.width * image.height > limit:
        raise InkError(
            f"The picture has more than {limit // 1_000_000} megapixels. Send a smaller one."
        )


def _check_jpeg(image: Image.Image, content: bytes) -> None:
    """Refuse a JPEG whose decoder would keep too much, or walk over it too often."""
    if not isinstance(image, JpegImageFile):
        return
    if "progressive" in image.info and _kept_bytes(image) > MAX_KEPT_BYTES:
        raise InkError("The progressive JPEG is too large. Save it as a baseline JPEG.")
    if content.count(b"\xff\xda") > MAX_SCANS:  # never occurs in a scan's own data
        raise InkError("The JPEG has too many scans. Save it again.")


def _kept_bytes(image: JpegImageFile) -> int:
    """Return the size of all coefficients, two bytes each."""
    cells = [h * v for _, h, v, _ in image.layer]  # of each channel's sampling
    return 2 * image.width * image.height * sum(cells) // max(1, *cells)


def _png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()
