"""Class scores → text with calibrated confidence."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.recognition.card import SCRIBBLE


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
    """Return every label of one character, the most probable first.

    scores are (classes,): those of the labels and then of the rejects, whose probability no
    label gets.
    """
    probabilities = softmax(scores, temperature)
    order = np.argsort(-probabilities[: len(labels)], kind="stable")
    return [Candidate(labels[i], float(probabilities[i])) for i in order]


def is_scribble(scores: NDArray[np.float32], labels: Sequence[str], rejects: Sequence[str]) -> bool:
    """Say whether the ink is likelier no writing at all than any label or other writing."""
    return SCRIBBLE in rejects and int(scores.argmax()) == len(labels) + rejects.index(SCRIBBLE)
