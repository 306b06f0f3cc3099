"""Dummies: digits that somebody wrote, turned by chance, to try things with."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.corpora.mnist import Digits
from app.generation.distortions import turn
from app.ink.pictures import Picture


@dataclass(frozen=True)
class Dummy:
    """A digit's picture as it was and as it is now, its label, and by how many degrees it turned.

    Positive degrees are counterclockwise.
    """

    label: str
    before: Picture
    after: Picture
    degrees: float


def make(digits: Digits, count: int, rotation: float, seed: int) -> Iterator[Dummy]:
    """Yield digits turned by up to rotation degrees to either side; a seed gives the same ones."""
    rng = np.random.default_rng(seed)
    for _ in range(count):
        chosen = int(rng.integers(len(digits.labels)))
        degrees = float(rng.uniform(-rotation, rotation))
        image = digits.images[chosen]
        turned = turn(image, degrees)
        yield Dummy(str(digits.labels[chosen]), _picture(image), _picture(turned), degrees)


def _picture(image: NDArray[np.uint8]) -> Picture:
    return Picture(image.astype(np.float32) / np.float32(255))
