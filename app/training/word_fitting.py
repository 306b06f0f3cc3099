"""Fit the word network with CTC, with a checkpoint after every epoch, so that it can be resumed."""

import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from tqdm import tqdm

from app.ink.raster import CHANNELS
from app.ink.trajectory import FEATURES
from app.ink.views import View
from app.recognition.decoding import best_path
from app.training import datasets
from app.training.architectures import SERVED, word_crnn, word_rnn
from app.training.feeding import feed
from app.training.fitting import Curve, Progress, is_brief, rate_of
from app.training.processors import quickest_type
from app.training.recipes import Network, WordRecipe
from app.training.transcription import error_rates
from app.training.word_feeding import NO_LABEL, Batch, WordMixture
from app.training.words import LABELS, SPEC, TRAJECTORY

Input = NDArray[np.float32]  # a frame (height, width, channels), or a trajectory
Scorer = Callable[[Input], Sequence[tf.Tensor]]  # a batch of these → logits (batch, steps, outputs)
OUTPUTS = len(LABELS) + 1  # the last one is CTC's blank
LINES_AT_ONCE = 64


def ctc_loss(texts: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
    """Return the loss (batch,) of texts (batch, longest), padded with NO_LABEL, for logits.

    Sparse texts choose TensorFlow's fast kernel.
    """
    texts = tf.cast(texts, tf.int32)  # Keras hands them on as floats
    at = tf.where(texts != NO_LABEL)
    sparse = tf.SparseTensor(at, tf.gather_nd(texts, at), tf.shape(texts, tf.int64))
    steps = tf.fill([tf.shape(logits)[0]], tf.shape(logits)[1])
    return tf.nn.ctc_loss(sparse, logits, None, steps, logits_time_major=False, blank_index=-1)


def fit_words(
    mixture: WordMixture,
    development: Mapping[str, tuple[list[Input], list[str]]],
    recipe: WordRecipe,
    folder: Path,
    parent: Path | None = None,
) -> tuple[keras.Model, Curve]:
    """Fit a network over words, going on from the folder's checkpoint.

    It comes back in float32, batch 1, with the learning curve.

    development names sets that are read after every epoch; parent is the .keras file whose
    weights to start from. Shows its progress.

    Raises:
        TrainingError: the folder holds a run of another recipe.
    """
    progress = Progress.of(folder, recipe)
    done = len(progress.curve)
    model = compiled(recipe)
    if done:
        model = keras.saving.load_model(progress.checkpoint, custom_objects={"ctc_loss": ctc_loss})
    elif parent:
        model.set_weights(keras.saving.load_model(parent, compile=False).get_weights())
    batches = feed(mixture, done, recipe.epochs)
    as_graph = tf.function(lambda batch: model(batch, training=False), reduce_retracing=True)
    for epoch in range(done, recipe.epochs):
        row = {"epoch": epoch + 1.0, "loss": _fit_epoch(model, batches, recipe, epoch)}
        for name, (inputs, texts) in development.items():
            row[name] = error_rates(texts, read(as_graph, inputs)).characters
        partial = progress.checkpoint.with_name("partial.keras")
        model.save(partial)
        os.replace(partial, progress.checkpoint)
        progress.note(row)
        tqdm.write(", ".join(f"{name} {value:.4f}" for name, value in row.items()))
    fitted = in_float32(model, recipe)
    if recipe.soup and parent:
        mix_in(fitted, keras.saving.load_model(parent, compile=False))
    return fitted, progress.curve


def inputs_of(views: Sequence[View], network: Network) -> list[Input]:
    """Return lines as a network takes them; none where it follows the pen and one has no strokes.

    They are frames (height, width, channels), trajectories (points, features), or of pictures
    alone (height, width, 1).
    """
    if network == "picture":
        return [seen.frame[..., :1] for seen in views]
    return datasets.inputs_of(views, SPEC, TRAJECTORY if network == "trajectory" else None)


def mix_in(model: keras.Model, parent: keras.Model) -> None:
    """Make a network's weights their mean with those of the parent that it went on from.

    Its best path tends to be better than either's (M. Wortsman et al., "Model soups: averaging
    weights of multiple fine-tuned models improves accuracy without increasing inference time",
    ICML 2022).
    """
    pairs = zip(model.get_weights(), parent.get_weights(), strict=True)
    model.set_weights([(one + other) / 2 for one, other in pairs])


def in_float32(model: keras.Model, recipe: WordRecipe) -> keras.Model:
    """Return the same network computing in float32 on one line, without optimizer state."""
    copy = network(recipe, batch=1)
    copy.set_weights(model.get_weights())
    return copy


def read(scorer: Scorer, inputs: list[Input]) -> list[str]:
    """Return what a network reads by its best path, many lines of one length at once."""
    by_length: dict[int, list[int]] = defaultdict(list)
    for index, one in enumerate(inputs):
        by_length[one.shape[-2]].append(index)
    texts = [""] * len(inputs)
    for indices in by_length.values():
        for start in range(0, len(indices), LINES_AT_ONCE):
            some = indices[start : start + LINES_AT_ONCE]
            logits, *_ = scorer(np.stack([inputs[i] for i in some]))
            for index, scores in zip(some, logits.numpy(), strict=True):
                texts[index] = best_path(scores, LABELS)
    return texts


def _fit_epoch(
    model: keras.Model, batches: Iterator[Batch], recipe: WordRecipe, epoch: int
) -> float:
    bar = tqdm(islice(batches, recipe.steps), f"epoch {epoch + 1}", recipe.steps, unit="")
    losses = []
    for inputs, texts in bar:
        total, loss, _ = model.train_on_batch(inputs, [texts, texts])
        losses.append(float(loss))
        bar.set_postfix_str(f"loss {np.mean(losses[-200:]):.3f}", refresh=False)
        if not np.isfinite(total):
            raise FloatingPointError("the loss is no number")
        model.reset_metrics()
    return float(np.mean(losses[-200:]))


def network(recipe: WordRecipe, dtype: str = SERVED, batch: int | None = None) -> keras.Model:
    """Return the network that a recipe is for, its weights drawn by chance."""
    size = recipe.width, recipe.units, recipe.dropout, dtype, batch
    if recipe.network == "trajectory":
        return word_rnn(len(FEATURES), OUTPUTS, *size)
    channels = 1 if recipe.network == "picture" else len(CHANNELS)
    return word_crnn(SPEC.size, channels, OUTPUTS, *size, name=recipe.network)


def compiled(recipe: WordRecipe) -> keras.Model:
    """Return a network that is ready to learn."""
    model = network(recipe, quickest_type())
    rate = rate_of(recipe.peak_rate, recipe.warmup_epochs, recipe.epochs, recipe.steps)
    optimizer = keras.optimizers.AdamW(
        rate, weight_decay=recipe.weight_decay, global_clipnorm=recipe.clip_norm
    )
    weights, brief = [1.0, recipe.shortcut_weight], is_brief(recipe.epochs * recipe.steps)
    model.compile(optimizer, [ctc_loss, ctc_loss], loss_weights=weights, run_eagerly=brief)
    return model
