"""Pictures moved smoothly: each new pixel is looked up where it came from."""

import numpy as np
from numpy.typing import NDArray


def sample(pixels: NDArray[np.float32], at: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return the ink (n,) of a picture (height, width) at places (n, x y), bilinearly.

    The middle of the first pixel is at (0, 0). Outside lies paper: 0.
    """
    padded = np.pad(pixels, 1)
    height, width = pixels.shape
    x, y = np.clip(at[:, 0] + 1, 0, width), np.clip(at[:, 1] + 1, 0, height)
    left, top = x.astype(np.int64), y.astype(np.int64)
    right, low = (x - left).astype(np.float32), (y - top).astype(np.float32)
    upper = padded[top, left] * (1 - right) + padded[top, left + 1] * right
    lower = padded[top + 1, left] * (1 - right) + padded[top + 1, left + 1] * right
    return (upper * (1 - low) + lower * low).astype(np.float32)
