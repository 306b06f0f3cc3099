"""The networks, as Keras models over frames from app.ink.raster."""

import keras
from keras import layers

SERVED = "float32"


def digit_cnn(
    size: int,
    channels: int,
    outputs: int,
    width: int = 32,
    dropout: float = 0.4,
    dtype: str = SERVED,
) -> keras.Model:
    """Build the digit CNN: frames (batch, size, size, channels) → logits (batch, outputs)."""
    stages = ((width, 2), (2 * width, 2), (4 * width, 2))
    return _cnn("digit_cnn", (size, channels, outputs), stages, dropout, dtype)


def character_cnn(
    size: int,
    channels: int,
    outputs: int,
    width: int = 32,
    dropout: float = 0.4,
    dtype: str = SERVED,
) -> keras.Model:
    """Build the character CNN: frames (batch, size, size, channels) → logits (batch, outputs)."""
    stages = ((width, 2), (2 * width, 2), (5 * width, 3))
    return _cnn("character_cnn", (size, channels, outputs), stages, dropout, dtype)


CLASSIFIERS = {"digit": digit_cnn, "character": character_cnn}


def _cnn(
    name: str,
    shape: tuple[int, int, int],
    stages: tuple[tuple[int, int], ...],
    dropout: float,
    dtype: str,
) -> keras.Model:
    """Build stages of (filters, 3×3 convolutions), then weigh each place of each feature map.

    A weight for each place stands where others take a mean (Chen et al., "MobileFaceNets", 2018),
    so that place still counts.
    """
    size, channels, outputs = shape
    frames = x = keras.Input((size, size, channels), name="frames")
    for stage, (filters, depth) in enumerate(stages):
        if stage:
            x = layers.MaxPooling2D(dtype=dtype)(x)
        for _ in range(depth):
            x = _convolution(x, filters, dtype)
    x = layers.DepthwiseConv2D(x.shape[1], use_bias=False, dtype=dtype)(x)  # → (batch, 1, 1, f)
    x = layers.BatchNormalization(dtype=dtype)(x)
    x = layers.Flatten(dtype=dtype)(x)
    x = layers.Dropout(dropout, dtype=dtype)(x)
    logits = layers.Dense(outputs, dtype=SERVED, name="logits")(x)
    return keras.Model(frames, logits, name=name)


def _convolution(x: keras.KerasTensor, filters: int, dtype: str) -> keras.KerasTensor:
    x = layers.Conv2D(filters, 3, padding="same", use_bias=False, dtype=dtype)(x)
    x = layers.BatchNormalization(dtype=dtype)(x)
    return layers.ReLU(dtype=dtype)(x)
