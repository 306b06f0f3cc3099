"""Words cut where the pen was lifted between two letters, and their fragments joined to new words.

What a network learns of a few thousand words' spelling misleads it on others. Fragments of words
in one writer's own hand, in any order, spell what no vocabulary has.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from app.ink.strokes import Strokes
from app.recognition.recognizer import Recognizer
from app.training.alignment import seen
from app.training.datasets import Drawn

OVERLAP = 0.05  # heights that strokes on both sides of a cut may share
INTO = 0.4  # usual widths of a character, from where it is seen to its middle
CLEAR = 0.3  # usual widths of a character, from a cut to the middle of the next character
LONGEST = 14  # characters of a joined word
FLAT = 0.15  # of a word's height; a letter is higher, or it is but the dot of one

Points = NDArray[np.float64]


@dataclass(frozen=True)
class Fragment:
    """Strokes that spell a text; x begins at 0, y is 0 at half the height of small letters.

    gap is how far the next letter was when it was written, or None at the end of a word.
    """

    ink: Strokes
    text: str
    gap: float | None


def fragments(ink: Strokes, text: str, places: Sequence[float] | Points) -> list[Fragment]:
    """Cut a word wherever the pen was lifted between two letters.

    places is where a network saw each of its characters, in shares of the ink's width: ours do so
    where a letter begins.
    """
    everything = np.concatenate(ink.paths)
    low, size = everything.min(axis=0), np.maximum(np.ptp(everything, axis=0), 1e-9)
    line = float(np.median(everything[:, 1]))
    order = sorted(range(len(ink.paths)), key=lambda i: float(ink.paths[i][:, 0].min()))
    middles = np.array(places) + INTO / len(text)
    cuts = list(_cuts([ink.paths[i] for i in order], low[0] + middles * size[0], size))
    starts = [(0, 0), *((place, letter) for place, letter, _ in cuts)]
    ends = [*starts[1:], (len(order), len(text))]
    gaps = [*(gap for _, _, gap in cuts), None]
    found = []
    for (first, letter), (end, next_letter), gap in zip(starts, ends, gaps, strict=True):
        paths = [ink.paths[i] for i in sorted(order[first:end])]
        corner = np.array([min(float(path[:, 0].min()) for path in paths), line])
        moved = Strokes(tuple(path - corner for path in paths))
        part = text[letter:next_letter].strip()
        height = np.ptp(np.concatenate(moved.paths)[:, 1])
        if part and (not part.isalnum() or height > FLAT * size[1]):
            found.append(Fragment(moved, part, gap))
    return found


def _cuts(
    paths: Sequence[Points], middles: Points, size: Points
) -> Iterator[tuple[int, int, float]]:
    """Yield where strokes, from left to right, can be parted: before which stroke and letter.

    The third is the gap. Letters whose middle is too near leave it open on which side they are.
    """
    clear = CLEAR * size[0] / len(middles)
    right, last = -np.inf, 0
    for place, path in enumerate(paths):
        left = float(path[:, 0].min())
        if place and right - left <= OVERLAP * size[1]:
            distances = middles - (left + right) / 2
            letter = int((distances < 0).sum())
            if last < letter < len(middles) and np.abs(distances).min() >= clear:
                yield place, letter, left - right
                last = letter
        right = max(right, float(path[:, 0].max()))


def cut_up(drawn: Drawn, recognizer: Recognizer) -> dict[str, list[Fragment]]:
    """Return the fragments of all words that can be cut, by writer; shows its progress.

    Words and fragments whose text the recognizer finds unlikely are left out.
    """
    found: dict[str, list[Fragment]] = defaultdict(list)
    rows = zip(drawn.inks, drawn.labels, drawn.writers, strict=True)
    for ink, text, writer in tqdm(rows, "fragments", len(drawn), unit=""):
        places = seen(ink, text, recognizer) if len(ink.paths) > 1 < len(text) else None
        if places is None or len(cut := fragments(ink, text, places)) == 1:
            continue
        found[writer] += [one for one in cut if seen(one.ink, one.text, recognizer) is not None]
    return {writer: theirs for writer, theirs in found.items() if theirs}


def joined(known: Sequence[Fragment], rng: np.random.Generator) -> tuple[Strokes, str]:
    """Join fragments of one writer to a word that nobody wrote."""
    gaps = [fragment.gap for fragment in known if fragment.gap is not None] or [0.0]
    paths, text, x = [], "", 0.0
    for fragment in _drawn(known, rng):
        if text and len(text) + len(fragment.text) > LONGEST:
            break
        paths += [path + np.array([x, 0.0]) for path in fragment.ink.paths]
        gap = gaps[rng.integers(len(gaps))] if fragment.gap is None else fragment.gap
        x = max(float(path[:, 0].max()) for path in paths) + gap
        text += fragment.text
    return Strokes(tuple(paths)), text


def _drawn(known: Sequence[Fragment], rng: np.random.Generator) -> Iterator[Fragment]:
    for _ in range(rng.integers(2, 5)):
        yield known[int(rng.integers(len(known)))]
