"""The champion tuned to one person's hand, and whether it reads that hand better.

A few corrections are too few to keep some out for good. So the networks are tuned several times,
each time without a part of them, and read that part; then once more, with all of them.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
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
from app.ink.strokes import Strokes
from app.recognition.card import ModelCard
from app.recognition.recognizer import Aids, Recognizer
from app.recognition.registry import VerifiedModel
from app.training import classifiers, datasets, fitting, word_fitting, words
from app.training.datasets import Scanned
from app.training.export import to_tflite
from app.training.feeding import Mixture
from app.training.recipes import RECIPES, WORD_RECIPES, Network, Recipe
from app.training.word_feeding import MIXTURES

FOLDS = 3
STEPS = 60
BATCH = 48
COLUMNS: Mapping[Network, int] = {"frames": 3_584, "trajectory": 4_096}  # of a batch of lines
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
    """A champion whose networks are tuned again and again, each time from its weights."""

    def __init__(
        self, tuned: Mapping[Network, keras.Model], files: Mapping[Network, Path], steps: int
    ) -> None:
        """Tune compiled networks, in so many steps each, to be served with those in the files.

        files are the .keras files of all networks that the champion has.
        """
        self.tuned = tuned
        self._files = files
        self._steps = steps
        self._champion = {name: model.get_weights() for name, model in tuned.items()}
        for model in tuned.values():
            model.optimizer.build(model.trainable_variables)

    def tune(self, rows: Sequence[LabelledInk], name: str) -> None:
        """Tune to corrections; shows its progress under a name."""
        for network, model in self.tuned.items():
            model.set_weights(self._champion[network])
            for variable in model.optimizer.variables:
                variable.assign(np.zeros(variable.shape, variable.dtype))
            has_pen = network == "trajectory"
            seen = [row for row in rows if not has_pen or isinstance(row.ink, Strokes)]
            if not seen:
                continue
            batches = islice(self._batches(network, seen), self._steps)
            for x, y in tqdm(batches, f"{name}, {network}", self._steps, unit=""):
                model.train_on_batch(x, y)

    def recognizer(self, champion: ModelCard) -> Recognizer:
        """Return what serves the networks as they are now, as the champion is served."""
        return Recognizer(VerifiedModel(champion, self.served(self.networks())))

    def networks(self) -> dict[Network, keras.Model]:
        """Return all networks in float32: tuned, or as the champion has them."""
        return {
            name: self._in_float32(name)
            if name in self.tuned
            else keras.saving.load_model(path, compile=False)
            for name, path in self._files.items()
        }

    @abstractmethod
    def served(self, networks: Mapping[Network, keras.Model]) -> bytes:
        """Return the .tflite of networks."""

    @abstractmethod
    def _in_float32(self, network: Network) -> keras.Model:
        """Return one of those that are tuned as it is kept."""

    @abstractmethod
    def _batches(self, network: Network, rows: Sequence[LabelledInk]) -> Iterator[tuple[Any, Any]]:
        """Yield batches to tune a network on, a good part of each of corrections that it sees."""


class WordTuner(Tuner):
    """Tunes the networks over words that read strokes: over frames, and along the pen."""

    def __init__(
        self, material: words.Material, files: Mapping[Network, Path], steps: int = STEPS
    ) -> None:
        """Go on from .keras files."""
        self._material = material
        changes: dict[str, Any] = {"steps": steps, "peak_rate": RATE, "warmup_epochs": 0.1}
        self._recipes = {
            name: replace(WORD_RECIPES[name], epochs=1, **changes)
            for name in COLUMNS
            if name in files
        }
        tuned = {}
        for name, recipe in self._recipes.items():
            tuned[name] = word_fitting.compiled(recipe)
            network = keras.saving.load_model(files[name], compile=False)
            tuned[name].set_weights(network.get_weights())
        super().__init__(tuned, files, steps)

    def served(self, networks: Mapping[Network, keras.Model]) -> bytes:
        """Return the .tflite of networks."""
        return to_tflite(*networks.values())

    def _in_float32(self, network: Network) -> keras.Model:
        return word_fitting.in_float32(self.tuned[network], self._recipes[network])

    def _batches(self, network: Network, rows: Sequence[LabelledInk]) -> Iterator[tuple[Any, Any]]:
        theirs = {"given": rows, "given_times": [1] * len(rows), "given_share": SHARE}
        sizes = {"batch_columns": COLUMNS[network], "most": BATCH, "steps": self._steps}
        for inputs, texts in MIXTURES[network].of(self._material, **theirs, **sizes).batches(0):
            yield inputs, [texts, texts]


class CharacterTuner(Tuner):
    """Tunes the networks over single characters: over frames, and along the pen."""

    def __init__(
        self, material: classifiers.Material, files: Mapping[Network, Path], steps: int = STEPS
    ) -> None:
        """Go on from .keras files."""
        task = material.task
        self._rarer = material.rarer()
        self._examples = classifiers.examples(material)
        base = replace(RECIPES[task.kind], epochs=1, peak_rate=RATE, warmup_epochs=0.1)
        pictures = _some(material.scanned.get("train"), task.spec)
        self._recipes: dict[Network, Recipe] = {}
        self._mixtures: dict[Network, Mixture] = {}
        tuned = {}
        for name, path in files.items():
            recipe = replace(base, network=name, drawn_repeats=1)
            mixture = classifiers.mixture_with(material, recipe, pictures, batch_size=BATCH // 2)
            model = fitting.compiled(mixture, recipe, steps)
            fitting.inherit(model, keras.saving.load_model(path, compile=False))
            fitting.expect_more(model, self._rarer)
            self._recipes[name], self._mixtures[name], tuned[name] = recipe, mixture, model
        super().__init__(tuned, files, steps)

    def served(self, networks: Mapping[Network, keras.Model]) -> bytes:
        """Return the .tflite of networks."""
        return to_tflite(*networks.values(), examples=self._examples)

    def _in_float32(self, network: Network) -> keras.Model:
        mixture, recipe = self._mixtures[network], self._recipes[network]
        fitted = fitting.in_float32(self.tuned[network], mixture, recipe)
        fitting.expect_more(fitted, {output: -odds for output, odds in self._rarer.items()})
        return fitted

    def _batches(self, network: Network, rows: Sequence[LabelledInk]) -> Iterator[tuple[Any, Any]]:
        rng, mixture = np.random.default_rng(0), self._mixtures[network]
        one_hot = np.eye(len(mixture.outputs), dtype=np.float32)
        epochs = (mixture.batches(epoch) for epoch in count())
        for x, y in chain.from_iterable(epochs):
            chosen = [rows[i] for i in rng.integers(len(rows), size=BATCH // 2)]
            theirs = np.stack([mixture.see(row.ink, rng) for row in chosen])
            labels = datasets.classes((row.label for row in chosen), mixture.outputs)
            yield np.concatenate([x, theirs]), np.concatenate([y, one_hot[labels]])


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
