"""Batches of augmented ink, made in a second process while the first one trains."""

import multiprocessing
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.queues import Queue

import numpy as np
from numpy.typing import NDArray

from app.ink.raster import RasterSpec
from app.training.augmentation import SCANNED, Strength, augment_picture, augment_strokes
from app.training.datasets import DIGITS, Drawn, Scanned, picture_frames

Batch = tuple[NDArray[np.float32], NDArray[np.float32]]
ONE_HOT = np.eye(len(DIGITS), dtype=np.float32)
AHEAD = 16  # batches kept ready


@dataclass(frozen=True)
class Mixture:
    """An epoch: every scanned digit once and every drawn one several times, shuffled."""

    drawn: Drawn
    scanned: Scanned
    spec: RasterSpec
    batch_size: int = 128
    drawn_repeats: int = 4
    scanned_strength: Strength = SCANNED
    seed: int = 1

    @property
    def steps(self) -> int:
        """Return the number of whole batches in an epoch."""
        total = len(self.scanned.labels) + self.drawn_repeats * len(self.drawn.labels)
        return total // self.batch_size

    def batches(self, epoch: int) -> Iterator[Batch]:
        """Yield an epoch's batches: frames (batch, size, size, channels), one-hot (batch, 10)."""
        rng = np.random.default_rng((self.seed, epoch))
        total = len(self.scanned.labels) + self.drawn_repeats * len(self.drawn.labels)
        order = rng.permutation(total)
        for start in range(0, self.steps * self.batch_size, self.batch_size):
            samples = [self._sample(i, rng) for i in order[start : start + self.batch_size]]
            x = np.stack([frame for frame, _ in samples])
            yield x, ONE_HOT[[DIGITS.index(label) for _, label in samples]]

    def _sample(self, index: int, rng: np.random.Generator) -> tuple[NDArray[np.float32], str]:
        if index < len(self.scanned.labels):
            frame = picture_frames(self.scanned.inks[index])
            warped = augment_picture(frame, rng, self.scanned_strength)
            return warped, self.scanned.labels[index]
        index = (index - len(self.scanned.labels)) % len(self.drawn.labels)
        frame = augment_strokes(self.drawn.inks[index], self.spec, rng, Strength())
        return frame, self.drawn.labels[index]


def feed(mixture: Mixture, first_epoch: int, last_epoch: int) -> Iterator[Batch]:
    """Yield the batches of the epochs first..last-1 from a background process."""
    context = multiprocessing.get_context("spawn")
    queue: Queue[Batch] = context.Queue(AHEAD)
    arguments = (mixture, first_epoch, last_epoch, queue)
    process = context.Process(target=_produce, args=arguments, daemon=True)
    process.start()
    try:
        for _ in range((last_epoch - first_epoch) * mixture.steps):
            yield queue.get()
    finally:
        process.terminate()


def _produce(mixture: Mixture, first: int, last: int, queue: "Queue[Batch]") -> None:
    for epoch in range(first, last):
        for batch in mixture.batches(epoch):
            queue.put(batch)
