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


def word_crnn(
    height: int,
    channels: int,
    outputs: int,
    width: int = 64,
    units: int = 192,
    dropout: float = 0.3,
    dtype: str = SERVED,
    batch: int | None = None,
) -> keras.Model:
    """Build the word CRNN: frames (batch, height, w, channels) → logits (batch, w / 4, outputs).

    Convolutions bring a frame to height 1, two bidirectional LSTMs read along it; the outputs are
    those of CTC (A. Graves et al., ICML 2006), the blank last. A second output reads the
    convolutions alone: it helps them to learn and is not served (G. Retsinas et al., "Best
    practices for a handwritten text recognition system", DAS 2022).
    """
    frames = x = keras.Input((height, None, channels), batch_size=batch, name="frames")
    x = _convolution(x, width // 2, dtype, stride=2)
    x = _convolution(x, width, dtype, stride=2)
    for filters, depth in ((width, 2), (2 * width, 4)):
        if filters != width:
            x = layers.MaxPooling2D((2, 1), dtype=dtype)(x)
        for _ in range(depth):
            y = _convolution(x, filters, dtype)
            x = layers.Add(dtype=dtype)([x, y]) if x.shape[-1] == filters else y
    x = _convolution(x, 4 * width, dtype, kernel=(x.shape[1], 1), padding="valid")
    x = layers.Reshape((-1, 4 * width), dtype=dtype)(x)  # (batch, steps, features)
    x = layers.Dropout(dropout, dtype=dtype)(x)
    shortcut = layers.Conv1D(outputs, 3, padding="same", dtype=SERVED, name="shortcut")(x)
    for _ in range(2):
        x = layers.Bidirectional(layers.LSTM(units, return_sequences=True, dtype=SERVED))(x)
        x = layers.Dropout(dropout, dtype=SERVED)(x)
    logits = layers.Dense(outputs, dtype=SERVED, name="logits")(x)
    return keras.Model(frames, [logits, shortcut], name="word_crnn")


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


def _convolution(
    x: keras.KerasTensor,
    filters: int,
    dtype: str,
    kernel: int | tuple[int, int] = 3,
    stride: int = 1,
    padding: str = "same",
) -> keras.KerasTensor:
    x = layers.Conv2D(
        filters, kernel, strides=stride, padding=padding, use_bias=False, dtype=dtype
    )(x)
    x = layers.BatchNormalization(dtype=dtype)(x)
    return layers.ReLU(dtype=dtype)(x)
