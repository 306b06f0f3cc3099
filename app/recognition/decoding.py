"""Class scores → text with calibrated confidence."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.recognition.card import SCRIBBLE, ModelCard
from app.recognition.lexicon import Lexicon
from app.recognition.likelihood import align, log_softmax
from app.recognition.lines import Again, Line, weigh
from app.recognition.lookalikes import group_of
from app.recognition.signs import OneByOne

FAINT = 0.005  # of a letter's probability: a digit of its shape that is rather the letter
CHOICES = 3  # other characters that each character of a line might be


@dataclass(frozen=True)
class Candidate:
    """A text and the probability that it is the right one."""

    text: str
    confidence: float


@dataclass(frozen=True)
class Character(Candidate):
    """One character of a text, and where on the frame it was seen, in shares of the width.

    alternatives are other characters that it might be, the most probable first.
    """

    middle: float
    alternatives: list[Candidate]


@dataclass(frozen=True)
class Decoded:
    """Texts, the most probable first, and the characters of the first one.

    There are none where the ink is no writing. without_lexicon is what a line says by itself.
    """

    candidates: list[Candidate]
    characters: list[Character]
    without_lexicon: Candidate | None = None

    @property
    def text(self) -> str:
        """Return the most probable text; an empty one where the ink is no writing."""
        return self.candidates[0].text if self.candidates else ""


def decode(
    scores: NDArray[np.float32],
    card: ModelCard,
    lexicon: Lexicon | None = None,
    again: Sequence[Again] = (),
    one_by_one: OneByOne | None = None,
) -> Decoded:
    """Return what a model's scores say: (outputs,) of one character, (steps, outputs) of a line.

    Readings of lines are weighed against the words of a lexicon; again gives the scores of further
    looks at a line that is uncertain, one_by_one looks at single signs.
    """
    if card.decoder == "ctc":
        line = weigh(scores, card.labels, lexicon, again, one_by_one)
        return settle(line, scores, card.labels, card.temperature)
    if is_scribble(scores, card.labels, card.rejects):
        return Decoded([], [])
    return decode_writing(scores, card)


def decode_writing(scores: NDArray[np.float32], card: ModelCard) -> Decoded:
    """Return what a model's scores (outputs,) say of one character that is no scribble."""
    found = decode_classes(scores, card.labels, card.temperature)
    best = found[0]
    return Decoded(found, [Character(best.text, best.confidence, 0.5, found[1 : CHOICES + 1])])


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


def settle(
    line: Line | None, scores: NDArray[np.float32], labels: Sequence[str], temperature: float
) -> Decoded:
    """Return the texts of a line that was weighed, with their confidence at a temperature."""
    if line is None:
        return Decoded([], [])
    shares = line.confidences(temperature)
    found = [Candidate(one.text, share) for one, share in zip(line.texts, shares, strict=True)]
    free = next(one for one in found if one.text == line.free.text)
    return Decoded(found, _characters(scores, labels, temperature, found[0]), free)


def best_path(scores: NDArray[np.float32], labels: Sequence[str]) -> str:
    """Return the text along the likeliest output of every step: CTC's greedy decoding.

    scores are (steps, labels and the blank). A. Graves et al., "Connectionist temporal
    classification", ICML 2006.
    """
    path = scores.argmax(axis=1)
    starts = np.flatnonzero(np.diff(path, prepend=-1))
    return "".join(labels[i] for i in path[starts] if i < len(labels)).strip()


def _characters(
    scores: NDArray[np.float32], labels: Sequence[str], temperature: float, text: Candidate
) -> list[Character]:
    """Return the characters of a text where the ink has them.

    One is as certain as the surest of its steps, and no less than the whole text; on writers who
    did not train, that is how often it is right.
    """
    logs = log_softmax(scores, temperature)
    spans = align(logs, tuple(labels.index(sign) for sign in text.text))
    found = []
    for sign, (first, after) in zip(text.text, spans, strict=True):
        peak = np.exp(logs[first:after].max(axis=0))
        confidence = max(text.confidence, float(peak[labels.index(sign)]))
        others = _others(peak, labels, sign, 1.0 - confidence)
        found.append(Character(sign, confidence, (first + after) / 2 / len(logs), others))
    return found


def _others(
    peak: NDArray[np.float64], labels: Sequence[str], sign: str, share: float
) -> list[Candidate]:
    """Return what else a character might be; they divide a share by how likely they were."""
    order = [i for i in np.argsort(-peak) if i < len(labels) and labels[i] not in (sign, " ")]
    rest = max(1e-12, float(peak.sum()) - float(peak[labels.index(sign)]))
    return [Candidate(labels[i], share * float(peak[i]) / rest) for i in order[:CHOICES]]


def is_scribble(scores: NDArray[np.float32], labels: Sequence[str], rejects: Sequence[str]) -> bool:
    """Say whether the ink is likelier no writing at all than any label or other writing."""
    return SCRIBBLE in rejects and int(scores.argmax()) == len(labels) + rejects.index(SCRIBBLE)


def is_digit(digit: Decoded, character: Decoded) -> bool:
    """Say whether one character, read as a digit and as any, is better called a digit.

    It is where the character's model says so, or calls it a letter of the digit's very shape, and
    thinks the digit not FAINT beside it.
    """
    if not (digit.candidates and character.candidates):
        return not character.candidates
    if character.text.isdigit() or digit.text not in group_of(character.text):
        return character.text.isdigit()
    shares = {one.text: one.confidence for one in character.candidates}
    return shares.get(digit.text, 0.0) >= FAINT * shares[character.text]
