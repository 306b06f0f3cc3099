"""The networks, as Keras models over frames from app.ink.raster."""

import keras
from keras import layers

from app.recognition.card import Kind

SERVED = "float32"
ALONG: dict[Kind, tuple[tuple[int, int], ...]] = {  # trajectories: times the width, residual blocks
    "character": ((2, 1), (4, 2), (8, 2)),
    "word": ((1, 1), (2, 2), (4, 2)),
}
STAGES: dict[Kind, tuple[tuple[int, int], ...]] = {  # times the width, convolutions
    "digit": ((1, 2), (2, 2), (4, 2)),
    "character": ((1, 2), (2, 2), (5, 3)),
}


def character_cnn(
    kind: Kind,
    size: int,
    channels: int,
    outputs: int,
    width: int = 32,
    dropout: float = 0.4,
    dtype: str = SERVED,
) -> keras.Model:
    """Build the CNN of a kind: frames (batch, size, size, channels) → logits (batch, outputs).

    Stages of 3×3 convolutions, then one weight for each place of each feature map in place of a
    mean (Chen et al., "MobileFaceNets", 2018), so that place still counts.
    """
    frames = x = keras.Input((size, size, channels), name="frames")
    for stage, (widths, depth) in enumerate(STAGES[kind]):
        if stage:
            x = layers.MaxPooling2D(dtype=dtype)(x)
        for _ in range(depth):
            x = _convolution(x, width * widths, dtype)
    x = layers.DepthwiseConv2D(x.shape[1], use_bias=False, dtype=dtype)(x)  # → (batch, 1, 1, f)
    x = layers.BatchNormalization(dtype=dtype)(x)
    x = layers.Flatten(dtype=dtype)(x)
    x = layers.Dropout(dropout, dtype=dtype)(x)
    logits = layers.Dense(outputs, dtype=SERVED, name="logits")(x)
    return keras.Model(frames, logits, name=f"{kind}_cnn")


def character_along(
    points: int,
    features: int,
    outputs: int,
    width: int = 32,
    dropout: float = 0.4,
    dtype: str = SERVED,
) -> keras.Model:
    """Build what follows the pen of one character: (batch, points, features) → (batch, outputs).

    Convolutions along the way, then the mean and the most of each feature. Beside the CNN over the
    picture for the reason that word_rnn gives.
    """
    way = x = keras.Input((points, features), name="trajectory")
    x = _convolutions_along(x, "character", width, dtype)
    mean, most = layers.GlobalAveragePooling1D(dtype=dtype), layers.GlobalMaxPooling1D(dtype=dtype)
    x = layers.Concatenate(dtype=dtype)([mean(x), most(x)])
    x = layers.Dropout(dropout, dtype=dtype)(x)
    logits = layers.Dense(outputs, dtype=SERVED, name="logits")(x)
    return keras.Model(way, logits, name="character_along")


def word_crnn(
    height: int,
    channels: int,
    outputs: int,
    width: int = 64,
    units: int = 192,
    dropout: float = 0.3,
    dtype: str = SERVED,
    batch: int | None = None,
    name: str = "frames",
) -> keras.Model:
    """Build a word CRNN: frames (batch, height, w, channels) → logits (batch, w / 4, outputs).

    Convolutions bring a frame to height 1, two bidirectional LSTMs read along it; the outputs are
    those of CTC (A. Graves et al., ICML 2006), the blank last. A second output reads the
    convolutions alone: it helps them to learn and is not served (G. Retsinas et al., "Best
    practices for a handwritten text recognition system", DAS 2022).
    """
    frames = x = keras.Input((height, None, channels), batch_size=batch, name=name)
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
    return keras.Model(frames, _read_along(x, outputs, units, dropout, dtype), name="word_crnn")


def word_rnn(
    features: int,
    outputs: int,
    width: int = 64,
    units: int = 192,
    dropout: float = 0.3,
    dtype: str = SERVED,
    batch: int | None = None,
) -> keras.Model:
    """Build the network that follows the pen: (batch, points, features) → (batch, points / 4, …).

    Convolutions along the way, then the same as in word_crnn. Networks along the way and over the
    picture err at different places (A. Vinciarelli and M. P. Perrone, "Combining online and offline
    handwriting recognition", ICDAR 2003).
    """
    way = x = keras.Input((None, features), batch_size=batch, name="trajectory")
    x = _convolutions_along(x, "word", width, dtype)
    return keras.Model(way, _read_along(x, outputs, units, dropout, dtype), name="word_rnn")


def _read_along(
    x: keras.KerasTensor, outputs: int, units: int, dropout: float, dtype: str
) -> list[keras.KerasTensor]:
    """Return the logits of two LSTMs along x (batch, steps, features), and those without them."""
    x = layers.Dropout(dropout, dtype=dtype)(x)
    shortcut = layers.Conv1D(outputs, 3, padding="same", dtype=SERVED, name="shortcut")(x)
    for _ in range(2):
        x = layers.Bidirectional(layers.LSTM(units, return_sequences=True, dtype=SERVED))(x)
        x = layers.Dropout(dropout, dtype=SERVED)(x)
    return [layers.Dense(outputs, dtype=SERVED, name="logits")(x), shortcut]


def _convolutions_along(
    x: keras.KerasTensor, kind: Kind, width: int, dtype: str
) -> keras.KerasTensor:
    """Return (batch, points / 4, features) of a way (batch, points, features)."""
    for stage, (times, depth) in enumerate(ALONG[kind]):
        x = _convolution_along(x, times * width, dtype, stride=2 if stage else 1)
        for _ in range(depth):
            x = layers.Add(dtype=dtype)([x, _convolution_along(x, times * width, dtype)])
    return x


def _convolution_along(
    x: keras.KerasTensor, filters: int, dtype: str, stride: int = 1
) -> keras.KerasTensor:
    x = layers.Conv1D(filters, 5, strides=stride, padding="same", use_bias=False, dtype=dtype)(x)
    x = layers.BatchNormalization(dtype=dtype)(x)
    return layers.ReLU(dtype=dtype)(x)


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
