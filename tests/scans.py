"""Digits of our own in MNIST's file and place, for tests: nobody downloads anything.

`python -m tests.scans` is gunicorn that takes them for MNIST.
"""

import hashlib
from functools import cache
from pathlib import Path

import numpy as np

from app.corpora import mnist
from app.generation.hands import write_number
from app.ink.raster import RasterSpec, rasterise

COUNTS = {"train": 200, "test": 50}
Arrays = dict[str, np.ndarray]


@cache
def arrays() -> Arrays:
    found: Arrays = {}
    for part, count in COUNTS.items():
        labels = np.arange(count, dtype=np.uint8) % 10
        rng = np.random.default_rng(count)
        inks = [write_number(str(label), {}, int(rng.integers(2**32)), 0.3) for label in labels]
        frames = np.stack([rasterise(ink, RasterSpec())[..., 0] for ink in inks])
        found[f"x_{part}"] = np.round(frames * 255).astype(np.uint8)
        found[f"y_{part}"] = labels
    return found


def hashes() -> dict[str, str]:
    return {name: hashlib.sha256(array.tobytes()).hexdigest() for name, array in arrays().items()}


def write(data: Path) -> Path:
    path = data / mnist.FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, **arrays())
    return path


if __name__ == "__main__":
    from gunicorn.app.wsgiapp import run

    mnist.SHA256.update(hashes())
    run()
