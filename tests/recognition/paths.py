"""CTC by brute force: every path of a few steps over two labels and the blank."""

import itertools

import numpy as np

from app.recognition.likelihood import Text, log_softmax

LABELS = "ab"


def made(steps: int, seed: int, spread: float = 2.0) -> np.ndarray:
    normal = np.random.default_rng(seed).normal(size=(steps, 3)).astype(np.float32)
    return log_softmax(spread * normal)


def spelled(path: tuple[int, ...]) -> Text:
    return tuple(i for i, _ in itertools.groupby(path) if i < len(LABELS))


def paths(logs: np.ndarray) -> dict[tuple[int, ...], float]:
    """The log-probability of every path."""
    steps = range(len(logs))
    every = itertools.product(range(logs.shape[1]), repeat=len(logs))
    return {path: float(sum(logs[t, path[t]] for t in steps)) for path in every}


def enumerated(logs: np.ndarray) -> dict[Text, float]:
    """The probability of every text, summed over its paths."""
    found: dict[Text, float] = {}
    for path, chance in paths(logs).items():
        found[spelled(path)] = found.get(spelled(path), 0.0) + float(np.exp(chance))
    return found
