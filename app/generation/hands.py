"""Digits of a hand, as strokes, from which numbers are composed."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np

from app.generation.composer import Hand, compose
from app.ink.strokes import Strokes, parse_strokes

Digits = Mapping[str, Sequence[Strokes]]  # how a hand writes each digit, one way or several
OURS = Path(__file__).with_name("hand.json")


def write_number(number: str, digits: Digits, seed: int, gap: float) -> Strokes:
    """Compose a number of a hand's digits; where it has none, of ours: x-height 1, y downwards.

    gap is the usual room between two digits, in x-heights. A seed gives the same number again.
    """
    rng = np.random.default_rng(seed)
    ways = [digits.get(digit) or our_digits()[digit] for digit in number]
    inks = [some[int(rng.integers(len(some)))] for some in ways]
    return compose(inks, number, rng, Hand(gap=gap))


def points(ink: Strokes) -> list[list[list[float]]]:
    """Return strokes as lists of [x, y], to four decimals."""
    return [np.round(path, 4).tolist() for path in ink.paths]


@cache
def our_digits() -> Digits:
    """Return the digits of a hand of our own."""
    known = json.loads(OURS.read_text())
    return {digit: [parse_strokes(strokes) for strokes in ways] for digit, ways in known.items()}
