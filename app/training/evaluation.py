"""Figures of a model, measured on the very path that serves: ink → recognizer → decoding."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from app.ink.views import View
from app.recognition.card import ModelCard
from app.recognition.decoding import decode_classes, is_scribble, softmax
from app.recognition.lookalikes import group_of
from app.recognition.recognizer import Recognizer

BINS = 15


@dataclass(frozen=True)
class Scores:
    """The logits (n, outputs) that a model gave, and the classes (n,) that were right."""

    logits: NDArray[np.float32]
    classes: NDArray[np.int64]


@dataclass(frozen=True)
class Figures:
    """What is said of a model on one set of ink."""

    samples: int
    errors: int
    accuracy: float
    top3_accuracy: float
    caseless_accuracy: float
    look_alike_accuracy: float  # look-alikes of what is right count as right
    calibration_error: float
    sure_share: float
    sure_accuracy: float
    class_accuracy: dict[str, float]
    confusions: list[tuple[str, str, int]]


@dataclass(frozen=True)
class Refusals:
    """What is said of ink that is none of a model's labels."""

    samples: int
    unsure_share: float
    empty_share: float


def run(recognizer: Recognizer, views: Sequence[View], name: str) -> NDArray[np.float32]:
    """Return the logits (n, outputs) of inks, with a progress bar of that name."""
    return np.stack([recognizer.scores_of(seen) for seen in tqdm(views, desc=name, unit="")])


def score(
    recognizer: Recognizer, views: Sequence[View], labels: Sequence[str], name: str
) -> Scores:
    """Run a recognizer over inks whose labels are known."""
    known = {label: index for index, label in enumerate(recognizer.card.labels)}
    return Scores(run(recognizer, views, name), np.array([known[label] for label in labels]))


def refusals(logits: NDArray[np.float32], card: ModelCard) -> Refusals:
    """Sum up how often a model is not sure, and how often it takes ink for no writing at all."""
    candidates = [decode_classes(row, card.labels, card.temperature)[0] for row in logits]
    empty = np.array([is_scribble(row, card.labels, card.rejects) for row in logits])
    unsure = np.array([best.confidence < card.sure_above for best in candidates])
    return Refusals(len(logits), float((unsure | empty).mean()), float(empty.mean()))


def figures(scores: Scores, labels: Sequence[str], temperature: float, sure: float) -> Figures:
    """Sum scores up; labels name the classes."""
    probabilities = softmax(scores.logits, temperature)[:, : len(labels)]
    predicted = probabilities.argmax(axis=1)
    confidence, right = probabilities.max(axis=1), predicted == scores.classes
    is_sure = confidence >= sure
    pairs: dict[tuple[str, str], int] = {}
    for truth, guess in zip(scores.classes[~right], predicted[~right], strict=True):
        pair = (labels[truth], labels[guess])
        pairs[pair] = pairs.get(pair, 0) + 1
    present = np.unique(scores.classes)
    three = np.argsort(-probabilities, axis=1)[:, :3]
    return Figures(
        samples=len(right),
        errors=int((~right).sum()),
        accuracy=float(right.mean()),
        top3_accuracy=float((three == scores.classes[:, None]).any(axis=1).mean()),
        caseless_accuracy=_accuracy_as(str.lower, labels, scores.classes, predicted),
        look_alike_accuracy=_accuracy_as(group_of, labels, scores.classes, predicted),
        calibration_error=calibration_error(confidence, right),
        sure_share=float(is_sure.mean()),
        sure_accuracy=float(right[is_sure].mean()) if is_sure.any() else 0.0,
        class_accuracy={labels[c]: float(right[scores.classes == c].mean()) for c in present},
        confusions=[(*pair, n) for pair, n in sorted(pairs.items(), key=lambda p: -p[1])[:10]],
    )


def calibration_error(confidence: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """Return the expected calibration error over 15 bins of equal width.

    M. Naeini et al., "Obtaining well calibrated probabilities using Bayesian binning", AAAI 2015.
    """
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gaps = [
        abs(confidence[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean()
        for b in np.unique(bins)
    ]
    return float(np.sum(gaps))


def fit_temperature(scores: Scores) -> float:
    """Return the temperature of least negative log-likelihood."""

    def loss(log_temperature: float) -> float:
        probabilities = softmax(scores.logits, float(np.exp(log_temperature)))
        likelihood = probabilities[np.arange(len(scores.classes)), scores.classes]
        return float(-np.log(np.maximum(likelihood, 1e-12)).mean())

    return golden_section(loss)


def golden_section(loss: Callable[[float], float], precision: float = 1e-4) -> float:
    """Return the temperature, between 0.05 and 20, whose logarithm has the least loss."""
    low, high, golden = np.log(0.05), np.log(20.0), (np.sqrt(5) - 1) / 2
    while high - low > precision:
        left, right = high - golden * (high - low), low + golden * (high - low)
        if loss(left) < loss(right):
            high = right
        else:
            low = left
    return float(np.exp((low + high) / 2))


def fit_sure_threshold(scores: Scores, temperature: float, cost: float) -> float:
    """Return the confidence below which that share of right readings lies."""
    probabilities = softmax(scores.logits, temperature)
    right = probabilities.argmax(axis=1) == scores.classes
    return float(np.quantile(probabilities.max(axis=1)[right], cost)) if right.any() else 1.0


def fit_sure_precision(scores: Scores, temperature: float, precision: float) -> float:
    """Return the least confidence from which on that share of readings is right.

    Where no confidence is enough, it is 1.
    """
    probabilities = softmax(scores.logits, temperature)
    right = probabilities.argmax(axis=1) == scores.classes
    return sure_from(probabilities.max(axis=1), right, precision)


def sure_from(confidence: NDArray[np.float64], right: NDArray[np.bool_], precision: float) -> float:
    """Return the least confidence from which on that share of readings is right, or 1."""
    order = np.argsort(-confidence)
    shares = np.cumsum(right[order]) / np.arange(1, len(right) + 1)
    reached = np.flatnonzero(shares >= precision)
    return float(confidence[order[reached[-1]]]) if len(reached) else 1.0


def _accuracy_as(
    same: Callable[[str], str],
    labels: Sequence[str],
    truth: NDArray[np.int64],
    guess: NDArray[np.int64],
) -> float:
    """Return the share of right guesses where labels that become the same count as one."""
    numbers = {name: number for number, name in enumerate(sorted(map(same, labels)))}
    merged = np.array([numbers[same(label)] for label in labels])
    return float((merged[truth] == merged[guess]).mean())
