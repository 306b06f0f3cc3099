"""Fit a network, with a checkpoint after every epoch, so that it can be resumed."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from app.ink.raster import CHANNELS
from app.training.architectures import digit_cnn
from app.training.datasets import DIGITS
from app.training.feeding import Mixture, feed

Measured = tuple[NDArray[np.float32], NDArray[np.int64]]  # frames and their classes
COMPUTE = "mixed_bfloat16"  # weights stay float32; a third faster on processors that know it


@dataclass(frozen=True)
class Recipe:
    """How a network is built and fitted."""

    epochs: int = 40
    width: int = 32
    peak_rate: float = 2e-3
    weight_decay: float = 2e-2
    label_smoothing: float = 0.05
    warmup_epochs: float = 1.0


def fit_digit(
    mixture: Mixture, development: dict[str, Measured], recipe: Recipe, folder: Path
) -> keras.Model:
    """Fit the digit CNN, resuming from the folder's checkpoint, and return it in float32.

    development names sets that are measured after every epoch.
    """
    folder.mkdir(parents=True, exist_ok=True)
    checkpoint, progress = folder / "checkpoint.keras", folder / "progress.json"
    done = json.loads(progress.read_text())["epochs"] if progress.exists() else 0
    model = keras.saving.load_model(checkpoint) if done else _compiled(mixture, recipe)
    log = _EpochLog(development, checkpoint, progress, recipe)
    if done < recipe.epochs:
        batches = feed(mixture, done, recipe.epochs)
        model.fit(
            batches,
            steps_per_epoch=mixture.steps,
            epochs=recipe.epochs,
            initial_epoch=done,
            callbacks=[log],
            verbose="auto",
        )
    return in_float32(model, recipe.width)


def in_float32(model: keras.Model, width: int) -> keras.Model:
    """Return the same digit network computing in float32, without optimizer state."""
    size, _, channels = model.input_shape[1:]
    copy = digit_cnn(size, channels, model.output_shape[-1], width)
    copy.set_weights(model.get_weights())
    return copy


def _compiled(mixture: Mixture, recipe: Recipe) -> keras.Model:
    model = digit_cnn(mixture.spec.size, len(CHANNELS), len(DIGITS), recipe.width, dtype=COMPUTE)
    rate = keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=0.0,
        decay_steps=round((recipe.epochs - recipe.warmup_epochs) * mixture.steps),
        warmup_target=recipe.peak_rate,
        warmup_steps=round(recipe.warmup_epochs * mixture.steps),
    )
    optimizer = keras.optimizers.AdamW(rate, weight_decay=recipe.weight_decay)
    loss = keras.losses.CategoricalCrossentropy(
        from_logits=True, label_smoothing=recipe.label_smoothing
    )
    model.compile(optimizer, loss, metrics=["accuracy"])
    return model


class _EpochLog(keras.callbacks.Callback):  # type: ignore[misc]
    """Measure, save, and only then note the epoch as done."""

    def __init__(
        self, development: dict[str, Measured], checkpoint: Path, progress: Path, recipe: Recipe
    ) -> None:
        super().__init__()
        self.development = development
        self.checkpoint, self.progress, self.recipe = checkpoint, progress, recipe
        self.curve: list[dict[str, float]] = []
        if progress.exists():
            self.curve = json.loads(progress.read_text())["curve"]

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Write checkpoint and learning curve."""
        row = {"epoch": epoch + 1, **{key: float(value) for key, value in (logs or {}).items()}}
        for name, (x, y) in self.development.items():
            classes = self.model.predict(x, batch_size=512, verbose=0).argmax(axis=1)
            row[name] = float((classes == y).mean())
        self.curve.append(row)
        partial = self.checkpoint.with_name("partial.keras")
        self.model.save(partial)
        os.replace(partial, self.checkpoint)
        state = {"epochs": epoch + 1, "recipe": asdict(self.recipe), "curve": self.curve}
        self.progress.write_text(json.dumps(state, indent=1))
