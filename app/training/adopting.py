"""A network that was trained elsewhere → one that takes our frames and gives our logits."""

import math
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
from keras import layers, ops

from app.errors import TrainingError
from app.ink.raster import CHANNELS

TRIED = 8  # frames, to see what a network's outputs are
LEAST = 1e-7  # a probability, before its logarithm is taken


@dataclass(frozen=True)
class Taken:
    """What a network takes: ink times a scale, or paper where it was trained on dark ink."""

    scale: float = 1.0
    is_dark_on_light: bool = False


def load_network(path: Path) -> keras.Model:
    """Load a .keras or .h5 file.

    Raises:
        TrainingError: it is none, or needs code that is not here.
    """
    try:
        return keras.saving.load_model(path, compile=False)
    except (OSError, ValueError, TypeError, ImportError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else "it is damaged"
        raise TrainingError(f"{path} cannot be loaded as a Keras model: {reason}") from error


def adopted(network: keras.Model, classes: int, taken: Taken) -> keras.Model:
    """Return a network over our frames (1, side, side, 4) with logits (1, classes).

    It may take (side, side, 1), (side, side) or (side * side,), and give logits or probabilities.

    Raises:
        TrainingError: it takes or gives anything else.
    """
    shape, given = network.input_shape[1:], network.output_shape[1:]
    side = _side(shape)
    if side is None:
        raise TrainingError(f"It takes {shape}; a square picture of one channel is needed.")
    if given != (classes,):
        raise TrainingError(f"It has {given} outputs, and there are {classes} classes.")
    frames = keras.Input((side, side, len(CHANNELS)), batch_size=1, name="frames")
    ink = frames[..., :1]
    if taken.is_dark_on_light:
        ink = 1.0 - ink
    outputs = network(layers.Reshape(shape)(ink * taken.scale))
    if _are_probabilities(network, shape):
        outputs = ops.log(ops.maximum(outputs, LEAST))
    return keras.Model(frames, outputs, name="adopted")


def _side(shape: tuple[int | None, ...]) -> int | None:
    """Return the side of the square pictures that a network takes, if it takes any."""
    pixels = math.prod(side or 0 for side in shape)
    side = math.isqrt(pixels)
    return side if side and shape in ((side, side), (side, side, 1), (side * side,)) else None


def _are_probabilities(network: keras.Model, shape: tuple[int, ...]) -> bool:
    tried = np.random.default_rng(0).random((TRIED, *shape), np.float32)
    found = np.asarray(network.predict_on_batch(tried))
    return bool((found >= 0).all() and np.allclose(found.sum(axis=1), 1, atol=1e-3))
