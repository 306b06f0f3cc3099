"""Lines of text parted into words where a network sees their spaces.

The gaps between strokes part only what stands well apart (app.training.lines). A network that reads
parts most of what is left, and the lines that go on in a next row, too.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from app.ink.strokes import Strokes
from app.recognition.recognizer import Recognizer
from app.training.alignment import seen
from app.training.datasets import Drawn
from app.training.lines import gaps_and_rows, split_label

WIDEST = 4_096  # pixels of a frame that a whole line is read from
ROOM = 1.3  # of the width a line has by its height, so that tight ones can be stretched
PLACES = 25  # tried between two words
SHARED = 0.15  # heights that strokes may reach over a cut
NEXT_ROW = 0.5  # heights between a row and the next, once that stands behind it
MOST_WORDS = 3  # that may stay in a piece, because strokes reach from one to the other


def parted(lines: Drawn, recognizer: Recognizer) -> Drawn:
    """Return the words of lines; shows its progress.

    What the recognizer finds unlikely is left out: lines, and words that were cut wrongly.
    """
    found = Drawn([], [], [])
    rows = zip(lines.inks, lines.labels, lines.writers, strict=True)
    for ink, label, writer in tqdm(rows, "words of lines", len(lines), unit=""):
        for part, text in words(in_one_row(ink), " ".join(split_label(label)), recognizer):
            found.inks.append(part)
            found.labels.append(text)
            found.writers.append(writer)
    return found


def words(ink: Strokes, text: str, recognizer: Recognizer) -> Iterator[tuple[Strokes, str]]:
    """Yield the words of a row, those that strokes connect together."""
    low, high = _corners(ink.paths)
    width, height = high - low
    spec = recognizer.card.raster
    needed = ROOM * spec.size * width / max(height, 1e-9)
    places = seen(
        ink, text, recognizer, replace(spec, widest=int(np.clip(needed, spec.widest, WIDEST)))
    )
    if places is None:
        return
    cuts = _cuts(ink, text, low[0] + places * width, SHARED * height)
    middles = np.array([(path[:, 0].min() + path[:, 0].max()) / 2 for path in ink.paths])
    start, first = -np.inf, 0
    for end, after in [*cuts, (np.inf, len(text))]:
        chosen = np.flatnonzero((middles > start) & (middles <= end))
        part, its_text = Strokes(tuple(ink.paths[i] for i in chosen)), text[first:after].strip()
        start, first = end, after
        is_short = len(chosen) > 0 and its_text.count(" ") < MOST_WORDS
        if is_short and seen(part, its_text, recognizer) is not None:
            yield part, its_text


def in_one_row(ink: Strokes) -> Strokes:
    """Return the ink with each row behind the one before it."""
    if len(ink.paths) == 1:
        return ink
    rows = gaps_and_rows(ink)[1]
    paths: list[NDArray[np.float64]] = []
    for row in range(rows.max() + 1):
        its = [ink.paths[i] for i in np.flatnonzero(rows == row)]
        low, high = _corners(its)
        if paths:
            left, right = _corners(paths)
            gap = NEXT_ROW * (high[1] - low[1])
            shift = np.array([right[0] + gap - low[0], (left + right - low - high)[1] / 2])
            its = [path + shift for path in its]
        paths += its
    return Strokes(tuple(paths))


def _cuts(
    ink: Strokes, text: str, places: NDArray[np.float64], shared: float
) -> Iterator[tuple[float, int]]:
    """Yield where words end that strokes do not connect, and after which characters.

    Of the places between the letters on both sides of a space, the cut is the one that strokes
    reach over least.
    """
    lefts, rights = (np.array([end(path[:, 0]) for path in ink.paths]) for end in (np.min, np.max))
    for i in (i for i, character in enumerate(text) if character == " "):
        tried = np.linspace(places[i - 1], places[i + 1], PLACES)[:, None]
        over = np.minimum(rights - tried, tried - lefts).clip(0.0).sum(axis=1)
        least = np.flatnonzero(over <= over.min() + 1e-9)
        if over.min() < shared:
            yield float(tried[least[len(least) // 2], 0]), i


def _corners(paths: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    points = np.concatenate(paths)
    return np.array([points.min(axis=0), points.max(axis=0)])
