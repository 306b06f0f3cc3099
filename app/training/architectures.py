"""The networks, as Keras models over frames from app.ink.raster."""

import keras
from keras import layers

SERVED = "float32"


def digit_cnn(
    size: int,
    channels: int,
    classes: int,
    width: int = 32,
    dropout: float = 0.4,
    dtype: str = SERVED,
) -> keras.Model:
    """Build the digit CNN: frames (batch, size, size, channels) → logits (batch, classes).

    Three stages of two 3×3 convolutions, then one weight for each place of each feature
    map in place of a mean (Chen et al., "MobileFaceNets", 2018), so that place still counts.
    """
    frames = x = keras.Input((size, size, channels), name="frames")
    for stage in range(3):
        if stage:
            x = layers.MaxPooling2D(dtype=dtype)(x)
        for _ in range(2):
            x = _convolution(x, width * 2**stage, dtype)
    x = layers.DepthwiseConv2D(x.shape[1], use_bias=False, dtype=dtype)(x)  # → (batch, 1, 1, f)
    x = layers.BatchNormalization(dtype=dtype)(x)
    x = layers.Flatten(dtype=dtype)(x)
    x = layers.Dropout(dropout, dtype=dtype)(x)
    logits = layers.Dense(classes, dtype=SERVED, name="logits")(x)
    return keras.Model(frames, logits, name="digit_cnn")


def _convolution(x: keras.KerasTensor, filters: int, dtype: str) -> keras.KerasTensor:
    x = layers.Conv2D(filters, 3, padding="same", use_bias=False, dtype=dtype)(x)
    x = layers.BatchNormalization(dtype=dtype)(x)
    return layers.ReLU(dtype=dtype)(x)
