"""The package's two functions: pictures of numbers for whoever wants some, and MNIST itself."""

import operator
import os
import random
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.corpora import mnist
from app.generation.distortions import NONE, USUAL, Chances, Pixels
from app.generation.numbers import NumberWriter

TO_FETCH = mnist.COMMAND
MAX_DIGITS = 1_000
MAX_SPACING = 1_000  # pixels
MAX_WIDTH = 30_000  # pixels
MAX_SEED = 2**64 - 1
Part = Literal["train", "test", "all"]
_loading = Lock()
AUGMENTS: dict[object, bool] = {None: True, True: True, False: False}
AUGMENTS |= {"true": True, "false": False, "1": True, "0": False}


def generate_numbers_sequence(
    digits: Sequence[int] | str,
    spacing_range: Sequence[int],
    image_width: int,
    augment_flag: str | bool | None = None,
    seed: int | None = None,
) -> NDArray[np.float32]:
    """Return a picture of a number in MNIST's digits: (28, image_width) float32, 0 paper to 1 ink.

    Each digit is a random image of its class without its empty columns; the gaps between them are
    uniform in spacing_range, both ends possible; the row is stretched or squeezed to image_width.

    Args:
        digits: from left to right, leading zeros too: [4, 2], (4, 2) or "42"; at most 1,000.
        spacing_range: least and greatest gap in pixels, before the row is fitted.
        image_width: pixels, at most 30,000.
        augment_flag: "false" (or False) leaves the digits as they are; otherwise shapes and
            surfaces change by chance, as app.generation.distortions has them.
        seed: gives the same picture again; without one random.seed() does.

    Raises:
        TypeError: an argument is of the wrong type; the message names it.
        ValueError: an argument is empty or out of range; the message names it.
        CorpusError: MNIST is missing or damaged; the message says how to fetch it.
    """
    chances = USUAL if _flag(augment_flag) else NONE
    chance = random.getrandbits(64) if seed is None else seed
    pixels = picture_of(_data(), digits, spacing_range, image_width, chances, chance)
    return pixels.astype(np.float32) / np.float32(255)


def get_mnist_data(part: Part = "train") -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return MNIST's images (n, 28, 28), 0..255, and labels (n,); read once, not to be changed.

    The part is "train" (60,000), "test" (10,000) or "all". Models are measured on the test part:
    pictures made of it are for measuring alone.

    Raises:
        ValueError: there is no such part.
        CorpusError: MNIST is missing or damaged; the message says how to fetch it.
    """
    if part not in ("train", "test", "all"):
        raise ValueError(f'part must be "train", "test" or "all", not {part!r:.40}')
    with _loading:
        found = _loaded(_data().resolve(), part)
    return found.images, found.labels


def picture_of(
    data: Path,
    digits: Sequence[int] | str,
    spacing_range: Sequence[int],
    image_width: int,
    chances: Chances,
    seed: int,
) -> Pixels:
    """Return a picture (28, image_width) of a number in the training digits of a data folder.

    Raises:
        TypeError, ValueError, CorpusError: as generate_numbers_sequence.
    """
    wanted, spacing = _digits(digits), _spacing(spacing_range)
    width = _whole(image_width, "image_width", 1, MAX_WIDTH)
    rng = np.random.default_rng(_whole(seed, "seed", 0, MAX_SEED))
    with _loading:
        writer = _writer(data.resolve())
    return writer.write(wanted, spacing, width, rng, chances)


@cache
def _writer(data: Path) -> NumberWriter:
    return NumberWriter(_loaded(data, "train"))


@cache
def _loaded(data: Path, part: Part) -> mnist.Digits:
    if part == "all":
        both = [_loaded(data, "train"), _loaded(data, "test")]
        found = mnist.Digits(
            np.concatenate([one.images for one in both]),
            np.concatenate([one.labels for one in both]),
        )
    else:
        found = mnist.load(data, part)
    found.images.flags.writeable = found.labels.flags.writeable = False
    return found


def _data() -> Path:
    return Path(os.environ.get("INKLOOP_DATA") or "data")


def _digits(digits: Sequence[int] | str) -> list[int]:
    if isinstance(digits, np.ndarray):
        digits = digits.tolist()
    if not isinstance(digits, str | list | tuple):
        raise TypeError(f"digits must be a list, a tuple or a text, not {_type(digits)}")
    if not 1 <= len(digits) <= MAX_DIGITS:
        raise ValueError(f"digits must be 1 to {MAX_DIGITS:,}, not {len(digits):,}")
    if isinstance(digits, str):
        if not (digits.isascii() and digits.isdigit()):
            raise ValueError("digits must be 0 to 9 only, without signs and spaces")
        return [int(digit) for digit in digits]
    return [_whole(digit, "digits", 0, 9) for digit in digits]


def _spacing(spacing: Sequence[int]) -> tuple[int, int]:
    if not isinstance(spacing, list | tuple):
        raise TypeError(f"spacing_range must be a list or a tuple of two, not {_type(spacing)}")
    if len(spacing) != 2:
        raise ValueError(f"spacing_range must be two numbers, least and greatest: {len(spacing)}")
    least, greatest = (_whole(gap, "spacing_range", 0, MAX_SPACING) for gap in spacing)
    if least > greatest:
        raise ValueError("spacing_range must begin with the least gap, not the greatest")
    return least, greatest


def _flag(flag: object) -> bool:
    if flag is not None and not isinstance(flag, str | bool | int):
        raise TypeError(f'augment_flag must be "true", "false" or None, not {_type(flag)}')
    known = flag.lower() if isinstance(flag, str) else flag
    if known not in AUGMENTS:
        raise ValueError(f'augment_flag must be "true", "false" or None, not {flag!r:.40}')
    return AUGMENTS[known]


def _whole(value: object, name: str, least: int, most: int) -> int:
    if isinstance(value, bool | np.bool_) or not hasattr(value, "__index__"):
        raise TypeError(f"{name} must be a whole number, not {_type(value)}")
    found = operator.index(value)
    if not least <= found <= most:
        raise ValueError(f"{name} must be {least:,} to {most:,}")
    return found


def _type(value: object) -> str:
    return type(value).__name__
