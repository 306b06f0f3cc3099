"""Fit a network, with a checkpoint after every epoch, so that it can be resumed."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Self

import keras
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from app.errors import TrainingError
from app.files import write_whole
from app.ink.raster import CHANNELS
from app.training.architectures import SERVED, character_along, character_cnn
from app.training.feeding import Mixture, TrajectoryMixture, feed
from app.training.processors import quickest_type
from app.training.recipes import Network, Recipe, WordRecipe

Measured = tuple[NDArray[np.float32], NDArray[np.int64]]  # what a network takes, and the classes
Curve = list[dict[str, float]]  # a row an epoch
NOTHING: Mapping[int, float] = MappingProxyType({})
BRIEF = 12  # batches that are fitted step by step in the time that a graph takes to be made


@dataclass
class Progress:
    """How far a run has come, kept in its folder: a checkpoint and one row an epoch."""

    folder: Path
    recipe: Recipe | WordRecipe
    curve: Curve

    @classmethod
    def of(cls, folder: Path, recipe: Recipe | WordRecipe) -> Self:
        """Return the progress of the run in a folder; of none, where it has none.

        Raises:
            TrainingError: the folder holds a run of another recipe.
        """
        folder.mkdir(parents=True, exist_ok=True)
        progress = cls(folder, recipe, [])
        if progress.file.exists():
            found = json.loads(progress.file.read_text())
            if asdict(type(recipe)()) | found["recipe"] != asdict(recipe):
                raise TrainingError(
                    f"{folder} holds a run of another recipe, {found['recipe']}. "
                    "Go on with that one, or delete the folder."
                )
            progress.curve = found["curve"]
        return progress

    @property
    def file(self) -> Path:
        """Return where recipe and curve are kept."""
        return self.folder / "progress.json"

    @property
    def checkpoint(self) -> Path:
        """Return where the network and its optimizer are kept."""
        return self.folder / "checkpoint.keras"

    def note(self, row: dict[str, float]) -> None:
        """Add an epoch's row."""
        self.curve.append(row)
        told = {"recipe": asdict(self.recipe), "curve": self.curve}
        write_whole(self.file, json.dumps(told).encode())


def fit_classifier(
    mixture: Mixture,
    development: dict[str, Measured],
    recipe: Recipe,
    folder: Path,
    parent: Path | None = None,
    rarer: Mapping[int, float] = NOTHING,
) -> tuple[keras.Model, Curve]:
    """Fit a network over single characters, going on from the folder's checkpoint.

    The network comes back in float32, with the learning curve. development names sets that are
    measured after every epoch; parent is the .keras file whose weights to start from; rarer are
    outputs that training shows more often than life does, by which log odds.

    Raises:
        TrainingError: the folder holds a run of another recipe.
    """
    progress = Progress.of(folder, recipe)
    done = len(progress.curve)
    if done:
        model = keras.saving.load_model(progress.checkpoint)
    else:
        model = compiled(mixture, recipe, mixture.steps)
        if parent:
            inherit(model, keras.saving.load_model(parent, compile=False))
            expect_more(model, rarer)
    if done < recipe.epochs:
        model.fit(
            feed(mixture, done, recipe.epochs),
            steps_per_epoch=mixture.steps,
            epochs=recipe.epochs,
            initial_epoch=done,
            callbacks=[_AfterEpoch(development, progress, mixture.steps)],
            shuffle=False,  # the mixture is shuffled already
            verbose=0,
        )
    fitted = in_float32(model, mixture, recipe)
    expect_more(fitted, {output: -log_odds for output, log_odds in rarer.items()})
    return fitted, progress.curve


def with_inherited(
    fitted: keras.Model, name: Network, inherited: Mapping[Network, Path]
) -> dict[Network, keras.Model]:
    """Return a network that was fitted and the others of its parent, that over frames first."""
    others = {n: path for n, path in inherited.items() if n != name}
    loaded = {n: keras.saving.load_model(path, compile=False) for n, path in others.items()}
    return dict(sorted((loaded | {name: fitted}).items()))


def expect_frames(name: Network, inherited: Mapping[Network, Path]) -> None:
    """Do nothing where a network may be fitted: one over frames, or beside a parent's.

    Raises:
        TrainingError: it is another one, and there is none over frames.
    """
    if name != "frames" and "frames" not in inherited:
        raise TrainingError(f"The {name} network stands beside a parent's network: --parent.")


def rate_of(
    peak: float, warmup_epochs: float, epochs: int, steps: int
) -> keras.optimizers.schedules.LearningRateSchedule:
    """Return a rate of learning that rises to its peak and falls to nothing as a cosine does.

    It rises for half of the epochs at most.
    """
    warmup_epochs = min(warmup_epochs, epochs / 2)
    return keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=0.0,
        decay_steps=max(1, round((epochs - warmup_epochs) * steps)),
        warmup_target=peak,
        warmup_steps=round(warmup_epochs * steps),
    )


def expect_more(model: keras.Model, log_odds: Mapping[int, float]) -> None:
    """Raise the biases of outputs by log odds; a network is kept as life is, not as training is.

    A. Menon et al., "Long-tail learning via logit adjustment", ICLR 2021.
    """
    bias = model.get_layer("logits").bias
    for output, more in log_odds.items():
        bias.assign(bias + more * np.eye(*bias.shape, dtype=np.float32)[output])


def in_float32(model: keras.Model, mixture: Mixture, recipe: Recipe) -> keras.Model:
    """Return the same network computing in float32, without optimizer state."""
    copy = network(mixture, recipe)
    copy.set_weights(model.get_weights())
    return copy


def network(mixture: Mixture, recipe: Recipe, dtype: str = SERVED) -> keras.Model:
    """Return the network that learns from a mixture, its weights drawn by chance."""
    size = len(mixture.outputs), recipe.width, recipe.dropout, dtype
    if isinstance(mixture, TrajectoryMixture):
        return character_along(mixture.way.points, len(mixture.way.features), *size)
    return character_cnn(recipe.kind, mixture.spec.size, len(CHANNELS), *size)


def inherit(model: keras.Model, parent: keras.Model) -> None:
    """Take over a parent's weights; outputs that it lacks begin at zero."""
    weights = parent.get_weights()
    *_, kernel, bias = model.get_weights()
    missing = len(bias) - len(weights[-1])
    weights[-2] = np.pad(weights[-2], ((0, 0), (0, missing)))
    weights[-1] = np.pad(weights[-1], (0, missing))
    if weights[-2].shape != kernel.shape:
        raise TrainingError("The parent has another width: choose the same --width.")
    model.set_weights(weights)


def compiled(mixture: Mixture, recipe: Recipe, steps: int) -> keras.Model:
    """Return a network that is ready to learn from a mixture, in epochs of so many steps."""
    model = network(mixture, recipe, quickest_type())
    rate = rate_of(recipe.peak_rate, recipe.warmup_epochs, recipe.epochs, steps)
    optimizer = keras.optimizers.AdamW(rate, weight_decay=recipe.weight_decay)
    loss = keras.losses.CategoricalCrossentropy(
        from_logits=True, label_smoothing=recipe.label_smoothing
    )
    brief = is_brief(recipe.epochs * steps)
    model.compile(optimizer, loss, metrics=["accuracy"], run_eagerly=brief)
    return model


def is_brief(batches: int) -> bool:
    """Say whether a training is over sooner step by step than as a graph, as smoke runs are."""
    return batches < BRIEF


class _AfterEpoch(keras.callbacks.Callback):  # type: ignore[misc]
    """Show each epoch; after it measure, save, and only then note it as done."""

    def __init__(self, development: dict[str, Measured], progress: Progress, steps: int) -> None:
        super().__init__()
        self.development = development
        self.progress = progress
        self.steps = steps

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Begin a bar."""
        self.bar = tqdm(total=self.steps, desc=f"epoch {epoch + 1}", unit="")

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        """Go on with the bar."""
        self.bar.set_postfix({k: f"{v:.4f}" for k, v in (logs or {}).items()}, refresh=False)
        self.bar.update()

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Write checkpoint and learning curve."""
        self.bar.close()
        row = {"epoch": epoch + 1, **{key: float(value) for key, value in (logs or {}).items()}}
        for name, (x, y) in self.development.items():
            classes = self.model.predict(x, batch_size=512, verbose=0).argmax(axis=1)
            row[name] = float((classes == y).mean())
        partial = self.progress.checkpoint.with_name("partial.keras")
        self.model.save(partial)
        os.replace(partial, self.progress.checkpoint)
        self.progress.note(row)
