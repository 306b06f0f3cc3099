"""Pictures of ink: safe decoding of PNG and JPEG."""

import base64
import binascii
import hashlib
import io
import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from app.errors import InkError
from app.ink.paper import separate_ink

FORMATS = ("PNG", "JPEG")
MAX_PIXELS = {"PNG": 8_000_000, "JPEG": 24_000_000}
MAX_SIDE = 1_024  # pixels kept; larger pictures are reduced
MAX_PNG_BYTES = 36_000  # of a picture kept: in base64 it still fits a spreadsheet's cell

_DATA_URL = re.compile(r"data:image/(?:png|jpeg|jpg);base64,(.*)\Z", re.DOTALL)


@dataclass(frozen=True)
class Picture:
    """How much ink lies on each pixel: (height, width) float32, 0 paper to 1 ink."""

    pixels: NDArray[np.float32]

    def digest(self) -> str:
        """Return the sha256 of the pixels, in hex."""
        shape = "x".join(map(str, self.pixels.shape))
        return hashlib.sha256(shape.encode() + self.pixels.tobytes()).hexdigest()

    def is_blank(self) -> bool:
        """Say whether there is no ink at all."""
        return not bool((self.pixels > 0.5).any())


def parse_data_url(url: str) -> Picture:
    """Decode "data:image/png;base64,…" (or jpeg).

    Raises:
        InkError: it is no such URL, or no picture that can be read.
    """
    match = _DATA_URL.match(url)
    if match is None:
        raise InkError("A picture comes as data:image/png;base64,… or data:image/jpeg;base64,…")
    try:
        content = base64.b64decode(match.group(1), validate=True)
    except (binascii.Error, ValueError) as error:
        raise InkError("The picture's base64 is damaged. Send it again.") from error
    return decode_picture(content)


def decode_picture(content: bytes) -> Picture:
    """Decode the bytes of a PNG or JPEG file and separate its ink from its paper.

    Raises:
        InkError: the bytes are no PNG or JPEG, too large, or damaged.
    """
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            _check_size(image)
            image.draft("RGB", (2 * MAX_SIDE, 2 * MAX_SIDE))  # JPEG decodes smaller, for free
            upright = ImageOps.exif_transpose(image)
            return Picture(separate_ink(_on_white(upright)))
    except UnidentifiedImageError as error:
        raise InkError("That is no PNG or JPEG picture. Send one of these.") from error
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise InkError("The picture is damaged or too large. Save it again and resend.") from error


def encode_png(picture: Picture, max_bytes: int = MAX_PNG_BYTES) -> bytes:
    """Return dark ink on white paper as a PNG, made smaller until it fits into max_bytes."""
    image = Image.fromarray(np.round(255 * (1 - np.clip(picture.pixels, 0, 1))).astype(np.uint8))
    while len(content := _png(image)) > max_bytes:
        image = image.reduce(2)
    return content


def data_url(picture: Picture) -> str:
    """Return dark ink on white paper as a PNG data URL."""
    return "data:image/png;base64," + base64.b64encode(encode_png(picture)).decode()


def _check_size(image: Image.Image) -> None:
    limit = MAX_PIXELS[image.format or "PNG"]
    if image.width * image.height > limit:
        raise InkError(
            f"The picture has more than {limit // 1_000_000} megapixels. Send a smaller one."
        )


def _on_white(image: Image.Image) -> NDArray[np.uint8]:
    image.thumbnail((MAX_SIDE, MAX_SIDE))
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layer = image.convert("RGBA")
        paper = Image.new("RGBA", layer.size, "white")
        image = Image.alpha_composite(paper, layer)
    return np.asarray(image if image.mode == "L" else image.convert("RGB"))


def _png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()
