"""Ink that costs nothing: digits of straight lines, so that whole runs can be tried in seconds."""

from dataclasses import replace

import numpy as np

from app.corpora.mnist import Digits
from app.ink.raster import RasterSpec
from app.ink.strokes import Strokes
from app.training.augmentation import Strength, Warp, in_a_row
from app.training.classifiers import Task
from app.training.datasets import CHARACTERS, DIGITS, PARTS, Drawn, Scanned, scan

# the corners of two stacked squares, and the path of each digit over them
CORNERS = {"a": (0, 0), "b": (1, 0), "c": (1, 1), "d": (1, 2), "e": (0, 2), "f": (0, 1)}
PATHS = [
    "abdea",
    "bd",
    "abcfed",
    "abcfcde",
    "afcbd",
    "bafcde",
    "bafedcf",
    "abe",
    "abcfabedef",
    "cfabcd",
]
WRITERS = 5
PHOTOGRAPHS = 0.2  # of each drawn ink, to learn from
PHOTOGRAPHED = 6  # of a part, to measure on; of lines, to learn from, too
LETTERS = str.maketrans(DIGITS, "OlzEhSbtBg")


def eased(task: Task) -> Task:
    """Return a task with few photographs: each takes 50 ms."""
    photographs = min(task.photographs, PHOTOGRAPHS)
    return replace(task, photographs=photographs, photographed=PHOTOGRAPHED)


def drawn(samples: int, seed: int) -> dict[str, Drawn]:
    """Return made-up strokes of every digit in every part of a split."""
    parts = {}
    for number, part in enumerate(PARTS):
        rng = np.random.default_rng((seed, number))
        labels = [DIGITS[i % 10] for i in range(samples)]
        writers = [f"{part}-{i % WRITERS}" for i in range(samples)]
        parts[part] = Drawn([_digit(label, rng) for label in labels], labels, writers)
    return parts


def others(samples: int, seed: int) -> dict[str, Drawn]:
    """Return made-up digits lying on their backs, as characters that are none."""
    return {
        part: Drawn([_fallen(ink) for ink in found.inks], ["x"] * samples, found.writers)
        for part, found in drawn(samples, seed + 2).items()
    }


def characters(samples: int, seed: int) -> dict[str, Drawn]:
    """Return made-up strokes of every character: two digits of straight lines for each."""
    parts = {}
    for number, part in enumerate(PARTS):
        rng = np.random.default_rng((seed, number))
        labels = [CHARACTERS[i % len(CHARACTERS)] for i in range(samples)]
        inks = [_written(f"{CHARACTERS.index(label):02}", rng) for label in labels]
        parts[part] = Drawn(inks, labels, [f"{part}-{i % WRITERS}" for i in range(samples)])
    return parts


def words(samples: int, seed: int) -> dict[str, Drawn]:
    """Return made-up words of the ten letters that a digit's straight lines stand for."""
    parts = {}
    for number, part in enumerate(PARTS):
        rng = np.random.default_rng((seed, number))
        written = ["".join(rng.choice(list(DIGITS), rng.integers(3, 7))) for _ in range(samples)]
        inks = [_written(digits, rng) for digits in written]
        labels = [digits.translate(LETTERS) for digits in written]
        parts[part] = Drawn(inks, labels, [f"{part}-{i % WRITERS}" for i in range(samples)])
    return parts


def scanned(samples: int, seed: int, spec: RasterSpec) -> dict[str, Scanned]:
    """Return pictures of made-up digits in the parts that MNIST has."""
    found = {}
    for part in ("train", "development", "test"):
        source = drawn(samples, seed + 1)[part]
        found[part] = Scanned(np.stack([scan(ink, spec) for ink in source.inks]), source.labels)
    return found


def images(samples: int, seed: int) -> dict[str, Digits]:
    """Return the same pictures as MNIST's files have them: 28 × 28 levels, labels as numbers."""
    return {
        part: Digits(found.inks, np.array(found.labels, np.uint8))
        for part, found in scanned(samples, seed, RasterSpec()).items()
    }


def _written(number: str, rng: np.random.Generator) -> Strokes:
    return in_a_row([_digit(digit, rng) for digit in number], rng)


def _fallen(ink: Strokes) -> Strokes:
    return Strokes(tuple(path[:, ::-1] * (1, -1) for path in ink.paths))


def _digit(label: str, rng: np.random.Generator) -> Strokes:
    corners = np.array([CORNERS[name] for name in PATHS[int(label)]], dtype=np.float64)
    warp = Warp(rng, Strength(rotation=0.08, slant=0.1, elastic=0.02))
    return Strokes((warp(corners - [0.5, 1.0]) + rng.normal(scale=0.04, size=corners.shape),))
