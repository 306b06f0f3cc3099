"""Batches of augmented ink, made in a second process while the first one trains."""

import multiprocessing
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from multiprocessing.queues import Queue
from queue import Full
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from app.ink.raster import Ink, RasterSpec
from app.ink.strokes import Strokes
from app.ink.trajectory import TrajectorySpec
from app.recognition.card import SCRIBBLE
from app.training.augmentation import (
    SCANNED,
    Strength,
    augment_ink,
    augment_picture,
    augment_trajectory,
    in_a_row,
)
from app.training.datasets import OTHER, Drawn, Scanned, classes, picture_frames
from app.training.scribbles import scribble

Input = NDArray[np.float32]  # a frame, or a trajectory
Batch = tuple[NDArray[np.float32], NDArray[np.float32]]
Sample = tuple[Input, str]
AnyBatch = TypeVar("AnyBatch", covariant=True)  # noqa: PLC0105
DRAWN = Strength()
REJECTED = Strength(as_picture=0.5)  # without direction and order they are harder to tell
LOOSE, SHUFFLED, COARSE = 0.02, 0.04, 0.1  # of trajectories; see Strength
AHEAD = 16  # batches kept ready
PATIENCE_S = 10.0  # until it is asked whether training still goes on


@dataclass(frozen=True)
class Mixture:
    """An epoch: every picture once, all drawn ink several times, and ink that has no label.

    pictures are scanned and photographed ink, drawn has the labels among the outputs, others is
    writing that has none of them; scribbles are made as they are needed.
    """

    outputs: Sequence[str]
    drawn: Drawn
    pictures: Scanned
    others: Drawn
    spec: RasterSpec
    batch_size: int = 128
    drawn_repeats: int = 4
    others_share: float = 0.4  # of the number of drawn inks
    in_a_row_share: float = 0.15  # of the others: several of them side by side
    scribbles_share: float = 0.25  # of the number of drawn inks
    picture_strength: Strength = SCANNED
    seed: int = 1

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """Return how many pictures, drawn digits, others and scribbles an epoch has."""
        drawn = self.drawn_repeats * len(self.drawn)
        others = round(self.others_share * drawn) if self.others.labels else 0
        return len(self.pictures.labels), drawn, others, round(self.scribbles_share * drawn)

    @property
    def steps(self) -> int:
        """Return the number of whole batches in an epoch."""
        return sum(self.counts) // self.batch_size

    def batches(self, epoch: int) -> Iterator[Batch]:
        """Yield an epoch's batches: frames (batch, size, size, 4), one-hot (batch, outputs)."""
        one_hot = np.eye(len(self.outputs), dtype=np.float32)
        rng = np.random.default_rng((self.seed, epoch))
        order = rng.permutation(sum(self.counts))
        for start in range(0, self.steps * self.batch_size, self.batch_size):
            samples = [self._sample(i, rng) for i in order[start : start + self.batch_size]]
            x = np.stack([frame for frame, _ in samples])
            yield x, one_hot[classes((label for _, label in samples), self.outputs)]

    def see(self, ink: Ink, rng: np.random.Generator, strength: Strength = DRAWN) -> Input:
        """Return an ink, augmented, as the network takes it; the strength is for strokes."""
        return augment_ink(ink, self.spec, rng, strength, self.picture_strength)

    def _sample(self, index: int, rng: np.random.Generator) -> Sample:
        pictures, drawn, others, _ = self.counts
        if index < pictures:
            frame = picture_frames(self.pictures.inks[index])
            return augment_picture(frame, rng, self.picture_strength), self.pictures.labels[index]
        index -= pictures
        if index < drawn:
            index %= len(self.drawn)
            return self.see(self.drawn.inks[index], rng), self.drawn.labels[index]
        if index < drawn + others:
            return self.see(self._other(rng), rng, REJECTED), OTHER
        return self.see(scribble(rng), rng, REJECTED), SCRIBBLE

    def _other(self, rng: np.random.Generator) -> Strokes:
        if rng.random() < self.in_a_row_share:
            several = [*self.others.inks, *self.drawn.inks]
            chosen = rng.integers(len(several), size=rng.integers(2, 5))
            return in_a_row([several[i] for i in chosen], rng)
        return self.others.inks[rng.integers(len(self.others.inks))]


@dataclass(frozen=True, kw_only=True)
class TrajectoryMixture(Mixture):
    """The same of what was drawn with a pen, as trajectories (points, features)."""

    way: TrajectorySpec

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """Return the same counts; pictures have no pen."""
        return (0, *super().counts[1:])

    def see(self, ink: Ink, rng: np.random.Generator, strength: Strength = DRAWN) -> Input:
        """Return strokes, augmented, as the network takes them."""
        if not isinstance(ink, Strokes):
            raise TypeError("a picture has no pen to follow")
        ink = Strokes(ink.paths[: self.way.most_strokes])
        strength = replace(strength, loose=LOOSE, shuffled=SHUFFLED, coarse=COARSE)
        return augment_trajectory(ink, self.spec, self.way, rng, strength)


class Feed(Protocol[AnyBatch]):
    """What batches come from."""

    @property
    def steps(self) -> int:
        """Return the number of batches in an epoch."""

    def batches(self, epoch: int) -> Iterator[AnyBatch]:
        """Yield an epoch's batches."""


def feed(mixture: Feed[AnyBatch], first_epoch: int, last_epoch: int) -> Iterator[AnyBatch]:
    """Yield the batches of the epochs first..last-1 from a background process."""
    context = multiprocessing.get_context("spawn")
    queue: Queue[AnyBatch] = context.Queue(AHEAD)
    arguments = (mixture, first_epoch, last_epoch, queue)
    process = context.Process(target=_produce, args=arguments, daemon=True)
    process.start()
    try:
        for _ in range((last_epoch - first_epoch) * mixture.steps):
            yield queue.get()
    finally:
        process.terminate()


def _produce(mixture: Feed[AnyBatch], first: int, last: int, queue: "Queue[AnyBatch]") -> None:
    for epoch in range(first, last):
        for batch in mixture.batches(epoch):
            while not _put(batch, queue):
                pass


def _put(batch: object, queue: "Queue[Any]") -> bool:
    """Hand a batch over and say whether that was done; end where nobody is left to take it."""
    try:
        queue.put(batch, timeout=PATIENCE_S)
    except Full:
        parent = multiprocessing.parent_process()
        if parent is None or not parent.is_alive():
            queue.cancel_join_thread()  # or exit would wait until somebody takes what is there
            sys.exit()
        return False
    return True
