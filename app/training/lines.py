"""Lines of text → their words, by the gaps between strokes."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from app.ink.strokes import Strokes

CLOSING = frozenset(".,;:!?")  # labels part them from their word, hands do not
CLEARER = 1.15  # by which the narrowest gap between words is wider than the widest within one
UNEVEN = 2.5  # times the usual width of a character: then the cuts are wrong
NEXT_LINE = 0.8  # heights further down


@dataclass(frozen=True)
class Word:
    """A word of a line; row counts the lines of a text that goes on below."""

    ink: Strokes
    text: str
    row: int


def pieces(ink: Strokes, label: str, rng: np.random.Generator, longest: int) -> Iterator[Word]:
    """Cut a line of text into pieces of 1 to longest words, parted by one space each.

    A line whose gaps do not say clearly where its words end yields nothing.
    """
    for _, row in groupby(words(ink, label), key=lambda word: word.row):
        left = list(row)
        while left:
            count = int(rng.integers(1, longest + 1))
            taken, left = left[:count], left[count:]
            paths = tuple(path for word in taken for path in word.ink.paths)
            yield Word(Strokes(paths), " ".join(word.text for word in taken), taken[0].row)


def words(ink: Strokes, label: str) -> list[Word]:
    """Return the words of a line; none where its gaps do not say clearly where they end."""
    parts = split_label(label)
    if len(parts) == 1:
        return [Word(ink, parts[0], 0)]
    gaps, rows = gaps_and_rows(ink)
    order = np.argsort(-gaps)
    inner, outer = order[len(parts) - 1 :], order[: len(parts) - 1]
    if len(outer) < len(parts) - 1 or gaps[outer].min() <= 0:
        return []
    if len(inner) and gaps[outer].min() < CLEARER * gaps[inner].max():
        return []
    ends = [*(np.sort(outer) + 1), len(ink.paths)]
    starts = [0, *ends[:-1]]
    found = [
        Word(Strokes(ink.paths[start:end]), text, int(rows[start]))
        for start, end, text in zip(starts, ends, parts, strict=True)
    ]
    return found if _is_even(found) else []


def split_label(label: str) -> list[str]:
    """Return the words of a label, punctuation with the word before it."""
    texts: list[str] = []
    for text in label.split():
        if texts and text in CLOSING:
            texts[-1] += text
        else:
            texts.append(text)
    return texts


def gaps_and_rows(ink: Strokes) -> tuple[np.ndarray, np.ndarray]:
    """Return the gap after each stroke but the last, in heights, and the row of each stroke.

    Strokes that go back, as dots and crosses do, leave none; a new row leaves an endless one.
    """
    boxes = np.array([[*path.min(axis=0), *path.max(axis=0)] for path in ink.paths])
    height = max(float(np.percentile(boxes[:, 3] - boxes[:, 1], 75)), 1e-9)
    gaps, rows = np.zeros(len(boxes) - 1), np.zeros(len(boxes), np.int64)
    right, bottom = boxes[0, 2], boxes[0, 3]
    for i, (left, top, end, low) in enumerate(boxes[1:]):
        is_new_row = (top + low) / 2 > bottom + (NEXT_LINE - 0.5) * height and left < right
        gaps[i] = np.inf if is_new_row else (left - right) / height
        rows[i + 1] = rows[i] + is_new_row
        right, bottom = (end, low) if is_new_row else (max(right, end), bottom)
    return gaps, rows


def _is_even(found: list[Word]) -> bool:
    """Say whether all longer words have characters of about one width."""
    extents = [np.ptp(np.concatenate(word.ink.paths)[:, 0]) for word in found]
    widths = np.array([e / len(w.text) for e, w in zip(extents, found, strict=True)])
    is_long = np.array([len(word.text) >= 3 for word in found])
    usual = float(np.median(widths))
    long = widths[is_long] if is_long.any() else widths
    return bool(long.max() <= UNEVEN * usual and long.min() >= usual / UNEVEN)
