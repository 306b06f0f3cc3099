"""Class scores → text with calibrated confidence."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.recognition.card import SCRIBBLE, ModelCard
from app.recognition.likelihood import log_softmax


@dataclass(frozen=True)
class Candidate:
    """A text and the probability that it is the right one."""

    text: str
    confidence: float


@dataclass(frozen=True)
class Decoded:
    """Texts, the most probable first, and the characters of the first one, each by itself.

    There are none where the ink is no writing.
    """

    candidates: list[Candidate]
    characters: list[Candidate]

    @property
    def text(self) -> str:
        """Return the most probable text; an empty one where the ink is no writing."""
        return self.candidates[0].text if self.candidates else ""


def decode(scores: NDArray[np.float32], card: ModelCard) -> Decoded:
    """Return what a model's scores say: (outputs,) of one character, (steps, outputs) of a line."""
    if card.decoder == "ctc":
        return decode_best_path(scores, card.labels, card.temperature)
    if is_scribble(scores, card.labels, card.rejects):
        return Decoded([], [])
    found = decode_classes(scores, card.labels, card.temperature)
    return Decoded(found, found[:1])


def softmax(scores: NDArray[np.float32], temperature: float) -> NDArray[np.float64]:
    """Return probabilities (…, classes) of logits, softened by a temperature.

    Temperature scaling: C. Guo et al., "On calibration of modern neural networks", ICML 2017.
    """
    probabilities: NDArray[np.float64] = np.exp(log_softmax(scores, temperature))
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


def decode_best_path(
    scores: NDArray[np.float32], labels: Sequence[str], temperature: float
) -> Decoded:
    """Return the text along the likeliest output of every step.

    scores are (steps, labels and CTC's blank): A. Graves et al., "Connectionist temporal
    classification", ICML 2006. A character is as certain as the surest of its steps, a text as all
    of its characters together.
    """
    probabilities = softmax(scores, temperature)
    path, surest = scores.argmax(axis=1), probabilities.max(axis=1)
    starts = np.flatnonzero(np.diff(path, prepend=-1))
    runs = np.split(surest, starts[1:])
    characters = [
        Candidate(labels[path[start]], float(run.max()))
        for start, run in zip(starts, runs, strict=True)
        if path[start] < len(labels)
    ]
    while characters and characters[0].text == " ":
        del characters[0]
    while characters and characters[-1].text == " ":
        del characters[-1]
    if not characters:
        return Decoded([], [])
    text = "".join(character.text for character in characters)
    confidence = float(np.prod([character.confidence for character in characters]))
    return Decoded([Candidate(text, confidence)], characters)


def is_scribble(scores: NDArray[np.float32], labels: Sequence[str], rejects: Sequence[str]) -> bool:
    """Say whether the ink is likelier no writing at all than any label or other writing."""
    return SCRIBBLE in rejects and int(scores.argmax()) == len(labels) + rejects.index(SCRIBBLE)
