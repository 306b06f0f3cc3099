"""What the word model learns from and is judged on, by part."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from app.corpora.mnist import Digits
from app.generation.composer import Hand, compose
from app.generation.distortions import NONE, USUAL, Chances
from app.generation.numbers import NumberWriter
from app.ink.paper import separate_ink
from app.ink.pictures import Picture
from app.ink.raster import RasterSpec
from app.ink.strokes import Strokes
from app.ink.trajectory import TrajectorySpec
from app.ink.views import view
from app.recognition.card import ModelCard
from app.recognition.recognizer import Aids, Recognizer
from app.recognition.registry import VerifiedModel
from app.training import datasets, smoke
from app.training.classifiers import UNIPEN
from app.training.datasets import CHARACTERS, DIGITS, PARTS, Drawn, Labelled
from app.training.evaluation import sure_from
from app.training.lines import pieces
from app.training.lines import words as parted_by_gaps
from app.training.photographs import (
    LINES_STUDIO,
    LINES_STUDIOS,
    photographed,
    photographed_views,
)
from app.training.prepared import Frames, kept, kept_photographs
from app.training.transcription import Transcripts, fit_temperature, transcribe

SPEC = RasterSpec(size=40, box=32.0, pen=2.4, step=1.0, widest=512, least_spacing=5.5)
TRAJECTORY = TrajectorySpec()
LABELS = CHARACTERS + " "
STRIDE = 4  # pixels of a frame's width, or points of a trajectory, for each step that is read
LONGEST_PIECE = 3  # words of a line
PHOTOGRAPHS = 24_000  # to learn from
PHOTOGRAPHED = 1_000  # of a part, to measure on
PHOTOGRAPHER = 1  # seeds of what is measured on; training has others
NUMBERS = 1_000  # of a part
NUMBER_DIGITS = 4
NUMBER_SPACING = (5, 10)  # pixels between scanned digits
NUMBER_WIDTH = 112  # pixels
PRECISION = 0.95  # of readings that are sure
WATCHED = 3_000  # frames of each sort that are read after every epoch, and to calibrate
SMOKE_SAMPLES = 24
ATTRIBUTION = [UNIPEN]


@dataclass(frozen=True)
class Pictures:
    """Ink of pictures as rasterised, (height, width) uint8 0..255 each, with its texts."""

    inks: Frames
    labels: list[str]


@dataclass(frozen=True)
class Material:
    """Words, pieces of lines, characters and scanned digits by part; what else is to learn from.

    uncut are the lines that their gaps do not part into words.
    """

    words: dict[str, Drawn]
    pieces: dict[str, Drawn]
    characters: dict[str, Drawn]
    photographs: Pictures
    digits: dict[str, Digits]
    uncut: dict[str, Drawn]
    photographed: int = PHOTOGRAPHED  # of a part, to measure on

    def by_name(self) -> dict[str, dict[str, Drawn]]:
        """Return what there is of UNIPEN, by name and part."""
        return {
            "words": self.words,
            "pieces": self.pieces,
            "uncut lines": self.uncut,
            "characters": self.characters,
        }

    def describe(self) -> dict[str, Any]:
        """Return counts and sha256 of every part, for the card."""
        unipen = {f"UNIPEN {n}": datasets.describe(parts) for n, parts in self.by_name().items()}
        return unipen | {"MNIST": {part: found.describe() for part, found in self.digits.items()}}

    def held_out(self, part: str) -> dict[str, Labelled]:
        """Return what there is of a part to read: strokes, pictures, photographs, numbers."""
        return self._written(part) | (self._scanned(part) if part in self.digits else {})

    def _scanned(self, part: str) -> dict[str, Labelled]:
        """Return generated numbers of scanned digits, as they are and augmented."""
        writer, count = NumberWriter(self.digits[part]), self._numbers_of(part)
        return {
            f"MNIST {part}, {name}": generated(writer, count, NUMBER_DIGITS, chances)
            for name, chances in (("numbers", NONE), ("augmented numbers", USUAL))
        }

    def _numbers_of(self, part: str) -> int:
        return min(NUMBERS, len(self.words[part]))  # made-up ink is for trials that take seconds

    def _written(self, part: str) -> dict[str, Labelled]:
        words = self.words[part]
        views = datasets.drawn_views(words.inks, SPEC)
        some = datasets.some(words, self.photographed)
        taken = {
            f"UNIPEN {part}, {name}": photographed_views(some.inks, SPEC, PHOTOGRAPHER, studio)
            for name, studio in LINES_STUDIOS.items()
        }
        composed = numbers(self.characters[part], self._numbers_of(part), NUMBER_DIGITS)
        return {
            f"UNIPEN {part}, strokes": (views, words.labels),
            f"UNIPEN {part}, pictures": (list(map(datasets.as_picture, views)), words.labels),
            **{name: (seen, some.labels) for name, seen in taken.items()},
            f"UNIPEN {part}, numbers": (datasets.drawn_views(composed.inks, SPEC), composed.labels),
        }


def load_material(data: Path, folder: Path, photographs: int = 0) -> Material:
    """Load UNIPEN's words, lines and characters; folder keeps what takes minutes to make.

    Those who train say how many photographs there are to be, and have the uncut lines, too. Shows
    its progress, and goes on where an earlier call was cut short.

    Raises:
        CorpusError: the data are missing or damaged.
    """
    words, cut = _kept_words(data, folder), _kept_pieces(data, folder)
    path = folder / datasets.SPLIT / "characters.npz"
    characters = kept(path, lambda: datasets.drawn(data, "2"))
    taken, uncut = Pictures([], []), {}
    if photographs:
        taken = _photographs(words["train"], cut["train"], photographs, folder / "photographs")
        uncut = _kept_uncut(data, folder)
    return Material(words, cut, characters, taken, datasets.mnist_parts(data), uncut)


def lines_to_train(data: Path, folder: Path) -> tuple[Drawn, Drawn, Drawn]:
    """Return the words that train, the pieces of lines, and the lines that gaps do not part.

    Raises:
        CorpusError: the data are missing or damaged.
    """
    sources = (_kept_words, _kept_pieces, _kept_uncut)
    words, cut, uncut = (source(data, folder)["train"] for source in sources)
    return words, cut, uncut


def smoke_material() -> Material:
    """Make up a little ink, for a whole run in seconds."""
    words = smoke.words(SMOKE_SAMPLES, 1)
    characters = smoke.characters(3 * len(CHARACTERS), 1)
    few = words["train"].some(range(smoke.PHOTOGRAPHED))
    photographs = Pictures(photographed(few.inks, SPEC, 0, LINES_STUDIO), few.labels)
    pieces = smoke.words(SMOKE_SAMPLES, 2)
    digits = smoke.images(SMOKE_SAMPLES, 1)
    uncut = {"train": words["train"]}
    return Material(words, pieces, characters, photographs, digits, uncut, smoke.PHOTOGRAPHED)


def calibrated(model: VerifiedModel, development: Mapping[str, Labelled], aids: Aids) -> ModelCard:
    """Return the card with temperature and threshold fitted to the .tflite's own outputs."""
    recognizer = Recognizer(model)
    found = [
        transcribe(recognizer, *some(labelled, WATCHED), name, aids)
        for name, labelled in development.items()
    ]
    together = Transcripts.joined(found)
    temperature = fit_temperature(together)
    sure = sure_from(*together.confidences(temperature), PRECISION)
    return model.card.model_copy(update={"temperature": temperature, "sure_above": sure})


def some(labelled: Labelled, count: int) -> Labelled:
    """Return at most count inks and texts, at random, always the same ones."""
    views, texts = labelled
    chosen = np.random.default_rng(0).permutation(len(texts))[:count]
    return [views[i] for i in chosen], [texts[i] for i in chosen]


def numbers(characters: Drawn, count: int, digits: int) -> Drawn:
    """Return numbers composed of digits that one writer wrote: always the same ones."""
    by_writer: dict[str, dict[str, list[Strokes]]] = defaultdict(lambda: defaultdict(list))
    for ink, label, writer in zip(
        characters.inks, characters.labels, characters.writers, strict=True
    ):
        if label in DIGITS:
            by_writer[writer][label].append(ink)
    rng = np.random.default_rng(0)
    writers = sorted(by_writer)
    found = Drawn([], [], [])
    for _ in range(count if writers else 0):
        writer = writers[rng.integers(len(writers))]
        known = sorted(by_writer[writer])
        text = "".join(rng.choice(known, digits))
        inks = [by_writer[writer][d][rng.integers(len(by_writer[writer][d]))] for d in text]
        found.inks.append(compose(inks, text, rng, Hand(gap=rng.uniform(0.1, 0.6))))
        found.labels.append(text)
        found.writers.append(writer)
    return found


def generated(writer: NumberWriter, count: int, digits: int, chances: Chances) -> Labelled:
    """Return numbers of scanned digits, as serving sees their pictures: always the same ones."""
    rng = np.random.default_rng(0)
    chosen = rng.integers(0, 10, (count, digits)).tolist()
    pictures = [
        writer.write(number, NUMBER_SPACING, NUMBER_WIDTH, rng, chances) for number in chosen
    ]
    views = [view(Picture(separate_ink(picture)), SPEC) for picture in pictures]
    return views, ["".join(map(str, number)) for number in chosen]


def _kept_words(data: Path, folder: Path) -> dict[str, Drawn]:
    path = folder / datasets.SPLIT / "words.npz"  # what was kept of another would mix its writers
    return kept(path, lambda: datasets.drawn(data, "7"))


def _kept_pieces(data: Path, folder: Path) -> dict[str, Drawn]:
    path = folder / datasets.SPLIT / "pieces.npz"
    return kept(path, lambda: _all_pieces(datasets.drawn(data, "8")))


def _kept_uncut(data: Path, folder: Path) -> dict[str, Drawn]:
    path = folder / datasets.SPLIT / "uncut.npz"
    return kept(path, lambda: _uncut(datasets.drawn(data, "8")))


def _all_pieces(lines: dict[str, Drawn]) -> dict[str, Drawn]:
    rng = np.random.default_rng(0)
    cut = {part: Drawn([], [], []) for part in PARTS}
    for part, found in lines.items():
        for ink, label, writer in zip(found.inks, found.labels, found.writers, strict=True):
            for piece in pieces(ink, label, rng, LONGEST_PIECE):
                cut[part].inks.append(piece.ink)
                cut[part].labels.append(piece.text)
                cut[part].writers.append(writer)
    return cut


def _uncut(lines: dict[str, Drawn]) -> dict[str, Drawn]:
    train = lines["train"]
    known = zip(train.inks, train.labels, strict=True)
    chosen = [i for i, (ink, label) in enumerate(known) if not parted_by_gaps(ink, label)]
    return {"train": train.some(chosen)}


def _photographs(words: Drawn, cut: Drawn, count: int, folder: Path) -> Pictures:
    some_words, some_pieces = datasets.some(words, 4 * count // 5), datasets.some(cut, count // 5)
    inks, labels = some_words.inks + some_pieces.inks, some_words.labels + some_pieces.labels
    return Pictures(kept_photographs(folder, inks, SPEC, LINES_STUDIO), labels)
