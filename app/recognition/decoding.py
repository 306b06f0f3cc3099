"""Class scores → text with calibrated confidence."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Candidate:
    """A text and the probability that it is the right one."""

    text: str
    confidence: float


def softmax(scores: NDArray[np.float32], temperature: float) -> NDArray[np.float64]:
    """Return probabilities (…, classes) of logits, softened by a temperature.

    Temperature scaling: C. Guo et al., "On calibration of modern neural networks", ICML 2017.
    """
    scaled = scores.astype(np.float64) / temperature
    powers = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    probabilities: NDArray[np.float64] = powers / powers.sum(axis=-1, keepdims=True)
    return probabilities


def decode_classes(
    scores: NDArray[np.float32], labels: Sequence[str], temperature: float
) -> list[Candidate]:
    """Return every label of one character, the most probable first; scores are (classes,)."""
    probabilities = softmax(scores, temperature)
    order = np.argsort(-probabilities, kind="stable")
    return [Candidate(labels[i], float(probabilities[i])) for i in order]
