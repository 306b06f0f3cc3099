"""Characters that were written one by one → strokes of a number, a word or a line."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.ink.strokes import Strokes

Path = NDArray[np.float64]  # (points, x y)

WIDEST = 1.8  # of one character, in x-heights
DASH = 0.6  # length of what has hardly any height

# how far characters reach below and above the base line, in x-heights
_REACHES = {
    "acemnorsuvwxz": (0.0, 1.0),
    "bdfhkl": (0.0, 1.7),
    "it": (0.0, 1.5),
    "gpqy": (-0.7, 1.0),
    "j": (-0.7, 1.5),
    "()[]{}/\\|": (-0.2, 1.7),
    ".": (0.0, 0.12),
    ",": (-0.3, 0.12),
    ":": (0.0, 0.9),
    ";": (-0.3, 0.9),
    "'\"`^": (1.2, 1.6),
    "*": (0.8, 1.6),
    "+<>": (0.1, 1.1),
    "=~": (0.35, 0.75),
    "-": (0.5, 0.6),
    "_": (-0.1, 0.0),
}
_REACH_OF = {character: reach for some, reach in _REACHES.items() for character in some}
_TALL = (0.0, 1.6)  # capitals, digits and the rest


@dataclass(frozen=True)
class Hand:
    """How evenly a hand writes; lengths are x-heights."""

    gap: float = 0.3  # between two characters
    gap_spread: float = 0.1  # sigma
    space: float = 0.9  # further gap for each space between words
    size_spread: float = 0.06  # sigma of the log of a character's size
    line_spread: float = 0.05  # sigma of a character's height above the line


def compose(
    inks: Sequence[Strokes], text: str, rng: np.random.Generator, hand: Hand | None = None
) -> Strokes:
    """Write characters beside each other on one base line: x-height 1, y downwards.

    text says what they are; inks has one ink for each character that is no space.

    Raises:
        ValueError: there are more or fewer inks than characters.
    """
    hand = hand or Hand()
    if len(inks) != len(text) - text.count(" "):
        raise ValueError(f"{len(inks)} inks for {text!r}")
    left = iter(inks)
    paths: list[Path] = []
    x = 0.0
    for character in text:
        if character == " ":
            x += hand.space * rng.uniform(0.7, 1.3)
            continue
        placed = _placed(next(left), character, rng, hand)
        paths += [path + np.array([x, 0.0]) for path in placed]
        x += max(float(path[:, 0].max()) for path in placed)
        x += max(0.02, rng.normal(hand.gap, hand.gap_spread))
    return Strokes(tuple(paths))


def _placed(ink: Strokes, character: str, rng: np.random.Generator, hand: Hand) -> list[Path]:
    """Return a character's paths in its size and height, beginning at x = 0."""
    below, above = _REACH_OF.get(character, _TALL)
    everything = np.concatenate(ink.paths)
    low = everything.min(axis=0)
    width, height = np.maximum(np.ptp(everything, axis=0), 1e-9)
    widest = DASH if above - below < DASH else WIDEST
    scale = min((above - below) / height, widest / width) * np.exp(rng.normal(0, hand.size_spread))
    middle = -(above + below) / 2 + rng.normal(0, hand.line_spread)
    corner = np.array([0.0, middle - height * scale / 2])
    return [(path - low) * scale + corner for path in ink.paths]
