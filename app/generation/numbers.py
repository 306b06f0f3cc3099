"""Pictures of numbers: digits that people wrote one by one, beside each other."""

from collections.abc import Sequence

import numpy as np
from PIL import Image

from app.corpora.mnist import Digits
from app.generation.distortions import NONE, Chances, Pixels, distorted

HEIGHT = 28  # pixels, of a digit and of a number


class NumberWriter:
    """Writes numbers with the digits of a collection, each image chosen by chance."""

    def __init__(self, digits: Digits) -> None:
        """Take images (n, 28, 28) with labels (n,) of which every digit occurs."""
        self._images = digits.images
        self._order = np.argsort(digits.labels, kind="stable")
        self._ends = np.searchsorted(digits.labels[self._order], np.arange(11))

    def write(
        self,
        digits: Sequence[int],
        spacing: tuple[int, int],
        width: int,
        rng: np.random.Generator,
        chances: Chances = NONE,
    ) -> Pixels:
        """Return a picture (28, width) of light ink on black.

        Empty columns around each digit are cropped, gaps are drawn from spacing (both ends
        included), and the whole is stretched or squeezed to the width. Every digit's shape changes
        for itself, and then the surface of all of them together. Which digits and gaps chance
        chooses does not depend on what changes.
        """
        known = np.asarray(digits)
        chosen = self._order[rng.integers(self._ends[known], self._ends[known + 1])]
        gaps = rng.integers(*spacing, len(known), endpoint=True)  # one more than is needed
        parts = []
        for image, gap in zip(self._images[chosen], gaps, strict=True):
            parts.append(_cropped(distorted(image, chances.shapes, rng)))
            parts.append(np.zeros((HEIGHT, gap), np.uint8))
        row = Image.fromarray(np.concatenate(parts[:-1], axis=1))
        fitted = np.asarray(row.resize((width, HEIGHT), Image.Resampling.BILINEAR))
        return distorted(fitted, chances.surfaces, rng)


def _cropped(image: Pixels) -> Pixels:
    inked = np.flatnonzero(image.any(axis=0))
    return image[:, inked[0] : inked[-1] + 1] if len(inked) else image
