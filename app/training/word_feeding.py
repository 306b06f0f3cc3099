"""Batches of augmented lines of one length each, with the texts they are to be read as."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from app.generation.composer import Hand, compose
from app.generation.distortions import NONE, USUAL
from app.generation.numbers import HEIGHT, NumberWriter
from app.ink.labelled import LabelledInk
from app.ink.paper import separate_ink
from app.ink.pictures import Picture
from app.ink.raster import Ink, rasterise
from app.ink.strokes import Strokes
from app.training.augmentation import (
    LINE,
    Strength,
    augment_ink,
    augment_picture,
    augment_strokes,
    augment_trajectory,
)
from app.training.datasets import DIGITS, Drawn, picture_frames
from app.training.recipes import Network
from app.training.recutting import Fragment, joined
from app.training.words import LABELS, SPEC, STRIDE, TRAJECTORY, Material, Pictures

NO_LABEL = -1  # pads texts in a batch
PHOTOGRAPHED = Strength(rotation=0.03, slant=0.15, stretch=0.05, elastic=0.02, scale=0.04)
WITHOUT_PEN = replace(LINE, as_picture=1.0)
AUGMENTED_NUMBERS = 0.6  # share of the numbers of scanned digits
WIDER = 0.25  # sigma of the log of their width
CLASS_OF = {label: index for index, label in enumerate(LABELS)}

Sample = tuple[NDArray[np.float32], str]  # a frame or a trajectory, and its text
Source = Callable[[np.random.Generator], Sample]
Batch = tuple[NDArray[np.float32], NDArray[np.int32]]  # frames, classes of texts


@dataclass(frozen=True)
class WordMixture:
    """An endless stream of ink of several sorts, each by its share, in batches of one width.

    The axis before the last, that of a frame's width, is the one that the network reads along.
    """

    words: Drawn
    pieces: Drawn
    characters: Drawn
    photographs: Pictures
    scanned: NumberWriter
    fragments: Mapping[str, Sequence[Fragment]] = field(default_factory=dict)  # by writer
    batch_columns: int = 7_168  # pixels of width in a batch: 64 frames of 112
    most: int = 128  # frames in a batch
    pieces_share: float = 0.18
    characters_share: float = 0.06
    numbers_share: float = 0.07
    scanned_share: float = 0.07
    strings_share: float = 0.06
    photographs_share: float = 0.2
    joined_share: float = 0.13
    given: Sequence[LabelledInk] = ()  # people's corrections, and how often each is shown
    given_times: Sequence[int] = ()
    given_share: float = 0.0
    evenness: float = 0.5  # 0: every ink is as likely as any other, 1: every writer is
    strength: Strength = LINE
    steps: int = 1_000  # batches in what is called an epoch
    seed: int = 1

    @classmethod
    def of(cls, material: Material, **changes: Any) -> Self:
        """Return the mixture of all that trains."""
        words, pieces = material.words["train"], material.pieces["train"]
        characters = material.characters["train"]
        scanned = NumberWriter(material.digits["train"])
        return cls(words, pieces, characters, material.photographs, scanned, **changes)

    @staticmethod
    def shown(batch: Batch) -> list[Sample]:
        """Return a batch's frames with their texts."""
        frames, classes = batch
        texts = ("".join(LABELS[i] for i in row if i != NO_LABEL) for row in classes)
        return list(zip(frames, texts, strict=True))

    def batches(self, epoch: int) -> Iterator[Batch]:
        """Yield an epoch's batches: frames (batch, height, width, 4), texts (batch, longest).

        Texts are classes, padded with NO_LABEL.
        """
        rng = np.random.default_rng((self.seed, epoch))
        waiting: dict[int, list[Sample]] = defaultdict(list)
        left = self.steps
        for frame, text in self._samples(rng):
            width = frame.shape[-2]
            waiting[width].append((frame, text))
            if len(waiting[width]) >= min(self.most, self.batch_columns // width):
                yield _batch(waiting.pop(width))
                left -= 1
                if not left:
                    return

    def _samples(self, rng: np.random.Generator) -> Iterator[Sample]:
        """Yield frames and texts that fit into the steps the network reads, endlessly."""
        digits = self.characters.where(DIGITS.__contains__)
        sources: list[tuple[float, Source]] = [
            (self.pieces_share * bool(len(self.pieces)), self._drawn(self.pieces)),
            (self.characters_share, self._drawn(self.characters)),
            (self.numbers_share * bool(len(digits)), self._numbers(digits)),
            (self.strings_share, self._strings()),
            (self.scanned_share, self._scanned_number),
            (self.photographs_share * bool(self.photographs.labels), self._photograph),
            (self.joined_share * bool(self.fragments), self._joined()),
        ]
        rest = 1 - sum(share for share, _ in sources)
        sources.append((rest, self._drawn(self.words)))
        shares = [share * (1 - self.given_share) for share, _ in sources]
        sources.append((self.given_share, self._given))
        shares.append(self.given_share)
        while True:
            _, source = sources[rng.choice(len(sources), p=shares)]
            frame, text = source(rng)
            if steps_needed(text) <= frame.shape[-2] // STRIDE:
                yield frame, text

    def _see(self, ink: Strokes, rng: np.random.Generator) -> NDArray[np.float32]:
        """Return strokes, augmented, as the network takes them."""
        return augment_strokes(ink, SPEC, rng, self.strength)

    def _drawn(self, drawn: Drawn) -> Source:
        odds = _odds(drawn.writers, self.evenness)

        def source(rng: np.random.Generator) -> Sample:
            i = int(np.searchsorted(odds, rng.random()))
            return self._see(drawn.inks[i], rng), drawn.labels[i]

        return source

    def _numbers(self, digits: Drawn) -> Source:
        writers = _by_writer(digits)
        return lambda rng: self._composed(*_number(writers, rng), rng)

    def _strings(self) -> Source:
        writers = _by_writer(self.characters)
        return lambda rng: self._composed(*_string(writers, self.words.labels, rng), rng)

    def _joined(self) -> Source:
        known = [self.fragments[writer] for writer in sorted(self.fragments)]
        odds = _odds([str(i) for i, some in enumerate(known) for _ in some], self.evenness)
        owners = np.repeat(np.arange(len(known)), [len(some) for some in known])

        def source(rng: np.random.Generator) -> Sample:
            ink, text = joined(known[owners[np.searchsorted(odds, rng.random())]], rng)
            return self._see(ink, rng), text

        return source

    def _composed(self, inks: list[Strokes], text: str, rng: np.random.Generator) -> Sample:
        hand = Hand(gap=rng.uniform(0.05, 0.7), space=rng.uniform(0.6, 1.6))
        return self._see(compose(inks, text, rng, hand), rng), text

    def _given(self, rng: np.random.Generator) -> Sample:
        chosen = self.given[rng.choice(len(self.given), p=self._given_odds)]
        return self._see_given(chosen.ink, rng), chosen.label

    def _see_given(self, ink: Ink, rng: np.random.Generator) -> NDArray[np.float32]:
        return augment_ink(ink, SPEC, rng, self.strength, PHOTOGRAPHED)

    @cached_property
    def _given_odds(self) -> NDArray[np.float64]:
        odds: NDArray[np.float64] = np.array(self.given_times) / sum(self.given_times)
        return odds

    def _scanned_number(self, rng: np.random.Generator) -> Sample:
        digits = rng.integers(0, 10, rng.integers(1, 8, endpoint=True)).tolist()
        least = int(rng.integers(0, 12))
        spacing = (least, least + int(rng.integers(0, 12)))
        width = int(len(digits) * HEIGHT * np.exp(rng.normal(0, WIDER)))
        chances = USUAL if rng.random() < AUGMENTED_NUMBERS else NONE
        pixels = self.scanned.write(digits, spacing, width, rng, chances)
        frame = rasterise(Picture(separate_ink(pixels)), SPEC)
        return augment_picture(frame, rng, PHOTOGRAPHED), "".join(map(str, digits))

    def _photograph(self, rng: np.random.Generator) -> Sample:
        i = rng.integers(len(self.photographs.labels))
        frame = picture_frames(self.photographs.inks[i])
        return augment_picture(frame, rng, PHOTOGRAPHED), self.photographs.labels[i]


@dataclass(frozen=True)
class TrajectoryMixture(WordMixture):
    """The same of what was drawn with a pen, as trajectories of one length in a batch."""

    batch_columns: int = 8_192  # points in a batch
    photographs_share: float = 0.0
    scanned_share: float = 0.0

    def _see(self, ink: Strokes, rng: np.random.Generator) -> NDArray[np.float32]:
        return augment_trajectory(ink, SPEC, TRAJECTORY, rng, self.strength)

    def _see_given(self, ink: Ink, rng: np.random.Generator) -> NDArray[np.float32]:
        if not isinstance(ink, Strokes):
            raise TypeError("a picture has no pen to follow")
        return self._see(ink, rng)


@dataclass(frozen=True)
class PictureMixture(WordMixture):
    """The same without a pen, as frames (height, width, 1) of ink alone: more of photographs."""

    photographs_share: float = 0.35
    strength: Strength = WITHOUT_PEN

    def _samples(self, rng: np.random.Generator) -> Iterator[Sample]:
        for frame, text in super()._samples(rng):
            yield frame[..., :1], text


MIXTURES: Mapping[Network, type[WordMixture]] = {
    "frames": WordMixture,
    "trajectory": TrajectoryMixture,
    "picture": PictureMixture,
}


def steps_needed(text: str) -> int:
    """Return the least steps in which CTC can spell a text: doubled letters need one between."""
    return len(text) + sum(a == b for a, b in pairwise(text))


def _odds(writers: Sequence[str], evenness: float) -> NDArray[np.float64]:
    """Return the chance that an ink or one before it is drawn; those of busy writers have less."""
    counts = Counter(writers)
    weights = np.array([counts[writer] ** -evenness for writer in writers])
    odds: NDArray[np.float64] = np.cumsum(weights) / max(weights.sum(), 1e-9)
    return odds


def _by_writer(characters: Drawn) -> list[dict[str, list[Strokes]]]:
    """Return the inks of every writer by label."""
    found: dict[str, dict[str, list[Strokes]]] = defaultdict(lambda: defaultdict(list))
    for ink, label, writer in zip(
        characters.inks, characters.labels, characters.writers, strict=True
    ):
        found[writer][label].append(ink)
    return [dict(found[writer]) for writer in sorted(found)]


def _number(
    writers: list[dict[str, list[Strokes]]], rng: np.random.Generator
) -> tuple[list[Strokes], str]:
    """Return digits of one writer and the number they make."""
    known = writers[rng.integers(len(writers))]
    text = "".join(rng.choice(sorted(known), rng.integers(2, 8)))
    return _pick(known, text, rng), text


def _string(
    writers: list[dict[str, list[Strokes]]], texts: list[str], rng: np.random.Generator
) -> tuple[list[Strokes], str]:
    """Return characters of one writer that stand together as nowhere else.

    Half are halves of two words, so that letters follow as they do in words; half are anything.
    """
    known = writers[rng.integers(len(writers))]
    if rng.random() < 0.5:
        one, other = (texts[i] for i in rng.integers(len(texts), size=2))
        text = one[: (len(one) + 1) // 2] + other[len(other) // 2 :]
    else:
        text = "".join(rng.choice(sorted(known), rng.integers(2, 7)))
    text = "".join(c for c in text if c in known)
    if not text:
        text = str(rng.choice(sorted(known)))
    return _pick(known, text, rng), text


def _pick(known: dict[str, list[Strokes]], text: str, rng: np.random.Generator) -> list[Strokes]:
    return [known[c][rng.integers(len(known[c]))] for c in text if c != " "]


def _batch(samples: list[Sample]) -> Batch:
    longest = max(len(text) for _, text in samples)
    classes = np.full((len(samples), longest), NO_LABEL, np.int32)
    for row, (_, text) in zip(classes, samples, strict=True):
        row[: len(text)] = [CLASS_OF[character] for character in text]
    return np.stack([frame for frame, _ in samples]), classes
