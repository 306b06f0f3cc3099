"""Words cut where the pen was lifted between two letters, and their fragments joined to new words.

What a network learns of a few thousand words' spelling misleads it on others. Fragments of words
in one writer's own hand, in any order, spell what no vocabulary has.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from tqdm import tqdm

from app.ink.raster import rasterise
from app.ink.strokes import Strokes
from app.recognition.likelihood import align, log_likelihoods, log_softmax
from app.recognition.recognizer import Recognizer
from app.training.datasets import Drawn

OVERLAP = 0.05  # heights that strokes on both sides of a cut may share
CLEAR = 0.3  # usual widths of a character, from a cut to the middle of the next character
DOUBTED = -2.0  # log-likelihood for each character; less likely words are not cut
LONGEST = 14  # characters of a joined word
FLAT = 0.15  # of a word's height; a letter is higher, or it is but the dot of one


@dataclass(frozen=True)
class Fragment:
    """Strokes that spell a text; x begins at 0, y is 0 at half the height of small letters.

    gap is how far the next letter was when it was written, or None at the end of a word.
    """

    ink: Strokes
    text: str
    gap: float | None


def fragments(ink: Strokes, text: str, middles: Sequence[float]) -> list[Fragment]:
    """Cut a word wherever the pen was lifted between two letters.

    middles are where each of its characters was seen, in shares of the ink's width.
    """
    everything = np.concatenate(ink.paths)
    left, width = everything[:, 0].min(), max(float(np.ptp(everything[:, 0])), 1e-9)
    height = float(np.ptp(everything[:, 1]))
    usual = width / len(text)
    anchor = np.array([0.0, float(np.median(everything[:, 1]))])
    paths = sorted(ink.paths, key=lambda path: float(path[:, 0].min()))
    ends = np.maximum.accumulate([float(path[:, 0].max()) for path in paths])
    cuts, gaps = [0], []
    letters = [0]
    for i, (end, path) in enumerate(zip(ends[:-1], paths[1:], strict=True), start=1):
        start = float(path[:, 0].min())
        if end - start > OVERLAP * height:
            continue
        cut = (start + end) / 2
        distances = left + np.array(middles) * width - cut
        before = int((distances < 0).sum())
        if letters[-1] < before < len(text) and np.abs(distances).min() >= CLEAR * usual:
            cuts.append(i)
            gaps.append(start - float(end))
            letters.append(before)
    cuts.append(len(paths))
    letters.append(len(text))
    order = {id(path): place for place, path in enumerate(ink.paths)}
    found = []
    for (a, b), (k, n), gap in zip(pairwise(cuts), pairwise(letters), [*gaps, None], strict=True):
        some = sorted(paths[a:b], key=lambda path: order[id(path)])
        corner = anchor + np.array([min(float(path[:, 0].min()) for path in some), 0.0])
        ink = Strokes(tuple(path - corner for path in some))
        if not text[k:n].isalnum() or np.ptp(np.concatenate(ink.paths)[:, 1]) > FLAT * height:
            found.append(Fragment(ink, text[k:n], gap))
    return found


def cut_up(drawn: Drawn, recognizer: Recognizer) -> dict[str, list[Fragment]]:
    """Return the fragments of all words that can be cut, by writer; shows its progress."""
    class_of = {label: index for index, label in enumerate(recognizer.card.labels)}
    found: dict[str, list[Fragment]] = defaultdict(list)
    rows = zip(drawn.inks, drawn.labels, drawn.writers, strict=True)
    for ink, text, writer in tqdm(rows, "fragments", len(drawn), unit=""):
        if len(ink.paths) < 2 or len(text) < 2:
            continue
        frame = rasterise(ink, recognizer.card.raster)
        logs = log_softmax(recognizer.scores(frame))
        classes = tuple(class_of[character] for character in text)
        if log_likelihoods(logs, [classes])[0] < DOUBTED * len(text):
            continue
        columns = np.flatnonzero(frame[..., 0].sum(axis=0))
        pixels = frame.shape[1] / len(logs)
        middles = [(a + b) / 2 * pixels for a, b in align(logs, classes)]
        shares = (np.array(middles) - columns[0]) / max(1, columns[-1] + 1 - columns[0])
        if len(cut := fragments(ink, text, shares.tolist())) > 1:
            found[writer] += cut
    return dict(found)


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
