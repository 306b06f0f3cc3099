"""The champion tuned to one person's hand, and whether it reads that hand better.

A few corrections are too few to keep some out for good. So the network is tuned several times, each
time without a part of them, and reads that part; then once more, with all of them.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count, islice
from pathlib import Path
from typing import Any

import keras
import numpy as np
from rapidfuzz.distance import Levenshtein
from tqdm import tqdm

from app.ink.labelled import LabelledInk
from app.ink.raster import RasterSpec
from app.recognition.card import ModelCard
from app.recognition.recognizer import Aids, Recognizer
from app.recognition.registry import VerifiedModel
from app.training import classifiers, datasets, fitting, word_fitting, words
from app.training.augmentation import SCANNED, augment_ink
from app.training.datasets import Scanned
from app.training.export import to_tflite
from app.training.feeding import DRAWN, Mixture
from app.training.publishing import NETWORK_FILES
from app.training.recipes import RECIPES, WordRecipe
from app.training.word_feeding import WordMixture

FOLDS = 3
STEPS = 60
BATCH = 48
COLUMNS = 3_584  # of a batch of lines
SHARE = 0.6  # of a batch that is theirs: the rest keeps what the champion knew
RATE = 3e-4
SCANNED_INKS = 5_000
LEAST_GAIN = 0.1  # of the champion's errors


@dataclass(frozen=True)
class Trial:
    """Edits in a person's corrections that trained neither model, and how many of them turned."""

    samples: int
    characters: int
    before: int  # edits of the champion's readings
    after: int
    better: int  # samples with fewer edits than before
    worse: int

    @property
    def is_better(self) -> bool:
        """Say whether the person is to have a model of their own."""
        return self.after <= (1 - LEAST_GAIN) * self.before and self.better > self.worse

    @property
    def sentence(self) -> str:
        """Return what was found, for people."""
        before, after = (edits / max(1, self.characters) for edits in (self.before, self.after))
        turned = f"{self.better} better, {self.worse} worse of {self.samples}"
        told = f"error rate {before:.2%} before, {after:.2%} after tuning ({turned})"
        return f"{'Kept' if self.is_better else 'Refused'}: on corrections kept out, {told}."


class Tuner(ABC):
    """A network that is tuned again and again, each time from the champion's weights."""

    def __init__(self, model: keras.Model, champion: Path, steps: int) -> None:
        """Tune a compiled model that has the weights of a .keras file, in so many steps."""
        self._model = model
        files = {name: champion.with_name(file) for name, file in NETWORK_FILES.items()}
        self._others = [path for name, path in files.items() if name != "frames" and path.is_file()]
        self._steps = steps
        self._champion = model.get_weights()
        model.optimizer.build(model.trainable_variables)

    def tune(self, rows: Sequence[LabelledInk], name: str) -> None:
        """Tune to corrections; shows its progress under a name."""
        self._model.set_weights(self._champion)
        for variable in self._model.optimizer.variables:
            variable.assign(np.zeros(variable.shape, variable.dtype))
        for x, y in tqdm(islice(self._batches(rows), self._steps), name, self._steps, unit=""):
            self._model.train_on_batch(x, y)

    def recognizer(self, champion: ModelCard) -> Recognizer:
        """Return what serves the network as it is now, and those beside it, as the champion is."""
        return Recognizer(VerifiedModel(champion, self.content()[1]))

    @abstractmethod
    def content(self) -> tuple[keras.Model, bytes]:
        """Return the network in float32, and the .tflite of it and of those beside it."""

    def _beside(self) -> list[keras.Model]:
        """Return the champion's other networks: they stay as they are."""
        return [keras.saving.load_model(path, compile=False) for path in self._others]

    @abstractmethod
    def _batches(self, rows: Sequence[LabelledInk]) -> Iterator[tuple[Any, Any]]:
        """Yield as many batches as there are steps, corrections for a good part."""


class WordTuner(Tuner):
    """Tunes the network over words."""

    def __init__(self, material: words.Material, champion: Path, steps: int = STEPS) -> None:
        """Go on from a .keras file."""
        self._recipe = replace(
            WordRecipe(), epochs=1, steps=steps, peak_rate=RATE, warmup_epochs=0.1
        )
        self._material = material
        network = keras.saving.load_model(champion, compile=False)
        model = word_fitting.compiled(self._recipe)
        model.set_weights(network.get_weights())
        super().__init__(model, champion, steps)

    def content(self) -> tuple[keras.Model, bytes]:
        """Return the network in float32, and the .tflite of it and of those beside it."""
        fitted = word_fitting.in_float32(self._model, self._recipe)
        return fitted, to_tflite(fitted, *self._beside())

    def _batches(self, rows: Sequence[LabelledInk]) -> Iterator[tuple[Any, Any]]:
        theirs = {"given": rows, "given_times": [1] * len(rows), "given_share": SHARE}
        sizes = {"batch_columns": COLUMNS, "most": BATCH, "steps": self._steps}
        for frames, texts in WordMixture.of(self._material, **theirs, **sizes).batches(0):
            yield frames, [texts, texts]


class CharacterTuner(Tuner):
    """Tunes a network over single characters."""

    def __init__(self, material: classifiers.Material, champion: Path, steps: int = STEPS) -> None:
        """Go on from a .keras file."""
        task = material.task
        self._material = material
        self._rarer = material.rarer()
        self._recipe = replace(RECIPES[task.kind], epochs=1, peak_rate=RATE, warmup_epochs=0.1)
        self._base = Mixture(
            task.outputs,
            material.drawn["train"],
            _some(material.scanned.get("train"), task.spec),
            material.others["train"],
            task.spec,
            batch_size=BATCH // 2,
            drawn_repeats=1,
            others_share=task.others_share,
            in_a_row_share=task.in_a_row_share,
            scribbles_share=task.scribbles_share,
        )
        model = fitting.compiled(self._base, self._recipe, steps)
        fitting.inherit(model, keras.saving.load_model(champion, compile=False))
        fitting.expect_more(model, self._rarer)
        super().__init__(model, champion, steps)

    def content(self) -> tuple[keras.Model, bytes]:
        """Return the network in float32, and the .tflite of it and of those beside it."""
        fitted = fitting.in_float32(self._model, self._base, self._recipe)
        fitting.expect_more(fitted, {output: -odds for output, odds in self._rarer.items()})
        examples = classifiers.examples(self._material)
        return fitted, to_tflite(fitted, *self._beside(), examples=examples)

    def _batches(self, rows: Sequence[LabelledInk]) -> Iterator[tuple[Any, Any]]:
        rng, spec = np.random.default_rng(0), self._base.spec
        one_hot = np.eye(len(self._base.outputs), dtype=np.float32)
        epochs = (self._base.batches(epoch) for epoch in count())
        for frames, targets in chain.from_iterable(epochs):
            chosen = [rows[i] for i in rng.integers(len(rows), size=BATCH // 2)]
            theirs = np.stack([augment_ink(row.ink, spec, rng, DRAWN, SCANNED) for row in chosen])
            labels = datasets.classes((row.label for row in chosen), self._base.outputs)
            yield np.concatenate([frames, theirs]), np.concatenate([targets, one_hot[labels]])


def try_out(tuner: Tuner, rows: Sequence[LabelledInk], champion: Recognizer, aids: Aids) -> Trial:
    """Tune without each part of a person's corrections in turn, and read that part as served."""
    order = np.random.default_rng(0).permutation(len(rows))
    before = np.array([edits(champion, row, aids) for row in rows])
    after = np.zeros(len(rows), np.int64)
    for fold in range(FOLDS):
        out = order[fold::FOLDS]
        tuner.tune([rows[i] for i in order if i not in set(out.tolist())], f"part {fold + 1}")
        tuned = tuner.recognizer(champion.card)
        after[out] = [edits(tuned, rows[i], aids) for i in out]
    return Trial(
        samples=len(rows),
        characters=sum(len(row.label) for row in rows),
        before=int(before.sum()),
        after=int(after.sum()),
        better=int((after < before).sum()),
        worse=int((after > before).sum()),
    )


def edits(recognizer: Recognizer, row: LabelledInk, aids: Aids) -> int:
    """Return the edits that make of what a model reads, as it is served, what is right."""
    text = recognizer.read(recognizer.view(row.ink), aids).text
    return Levenshtein.distance(text, row.label)


def _some(scanned: Scanned | None, spec: RasterSpec) -> Scanned:
    """Return some of the scanned ink, enough for the champion not to forget it."""
    if scanned is None:
        return datasets.no_pictures(spec)
    chosen = np.random.default_rng(0).permutation(len(scanned.labels))[:SCANNED_INKS]
    return Scanned(scanned.inks[chosen], [scanned.labels[i] for i in chosen])
