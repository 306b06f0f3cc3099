"""Champion and challenger read the same ink, and the gate says whether one may follow the other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein
from tqdm import tqdm

from app.ink.views import View
from app.recognition.card import Kind
from app.recognition.decoding import softmax
from app.recognition.likelihood import log_likelihoods, log_softmax
from app.recognition.recognizer import Aids, Recognizer
from app.training.gate import Paired, Verdict, judge

MOST = {"classes": 10_000, "ctc": 4_000}  # samples of a set: lines take twenty times as long
NEVER = 50.0  # the loss of a text that a model cannot spell at all


@dataclass(frozen=True)
class InkSet:
    """Ink of a kind whose texts are known: a name for people, what is seen, texts."""

    name: str
    kind: Kind
    views: Sequence[View]
    texts: Sequence[str]

    @property
    def classes(self) -> list[str]:
        """Return the class of each: a character is its own, words are sorted by what they hold."""
        return [sort_of(text) if self.kind == "word" else text for text in self.texts]

    def some(self, most: int) -> "InkSet":
        """Return at most so many, at random, always the same ones."""
        chosen = np.random.default_rng(0).permutation(len(self.texts))[:most]
        views, texts = [self.views[i] for i in chosen], [self.texts[i] for i in chosen]
        return InkSet(self.name, self.kind, views, texts)


@dataclass(frozen=True)
class Readings:
    """What a model read of a set: texts, how certain it was, and the loss of what is right (n,)."""

    texts: list[str]
    confidences: NDArray[np.float64]
    losses: NDArray[np.float64]

    def right(self, ink: InkSet) -> NDArray[np.bool_]:
        """Return which of them are right."""
        return np.array([a == b for a, b in zip(self.texts, ink.texts, strict=True)], bool)

    def error_rate(self, ink: InkSet) -> float:
        """Return the edits for each character, as shares."""
        edits = sum(Levenshtein.distance(a, b) for a, b in zip(self.texts, ink.texts, strict=True))
        return edits / max(1, sum(map(len, ink.texts)))


@dataclass(frozen=True)
class Compared:
    """One set of ink as champion and challenger read it."""

    ink: InkSet
    champion: Readings
    challenger: Readings

    def paired(self) -> Paired:
        """Return it as the gate takes it."""
        right = self.champion.right(self.ink), self.challenger.right(self.ink)
        return Paired(self.ink.classes, *right)

    def described(self) -> dict[str, Any]:
        """Return its figures, for the card."""
        both = {"champion": self.champion, "challenger": self.challenger}
        return {"samples": len(self.ink.texts)} | {
            who: {
                "accuracy": float(read.right(self.ink).mean()),
                "loss": float(read.losses.mean()),
                "CER": read.error_rate(self.ink),
            }
            for who, read in both.items()
        }


@dataclass(frozen=True)
class Question:
    """One comparison that a challenger has to pass, and how it did."""

    name: str
    verdict: Verdict


@dataclass(frozen=True)
class Proof:
    """Whether a challenger may take the champion's place, and everything that was compared."""

    questions: list[Question]
    sets: list[Compared]

    @property
    def passed(self) -> bool:
        """Say whether every comparison was passed."""
        return all(question.verdict.passed for question in self.questions)

    @property
    def sentence(self) -> str:
        """Return what decided."""
        refused = [q for q in self.questions if not q.verdict.passed]
        told = "; ".join(f"{q.name}, {q.verdict.why}" for q in refused or self.questions[:1])
        return f"{'Passed' if self.passed else 'Refused'}: {told}."

    def described(self, champion: str) -> dict[str, Any]:
        """Return it for the card."""
        return {
            "passed": self.passed,
            "sentence": self.sentence,
            "champion": champion,
            "questions": {q.name: q.verdict.sentence for q in self.questions},
            "sets": {one.ink.name: one.described() for one in self.sets},
        }


def prove(
    champion: Recognizer,
    challenger: Recognizer,
    first: Recognizer | None,
    frozen: Iterable[InkSet],
    kept_out: InkSet,
    aids: Aids,
) -> Proof:
    """Let all read the frozen sets and the corrections that trained none of them.

    first is the first version that there is, so that many small losses show; None where the
    champion is the first. Shows its progress.
    """
    sets = [ink.some(MOST[champion.card.decoder]) for ink in frozen]
    known = [_compare(ink, champion, challenger, aids) for ink in sets]
    questions = [Question(f"against {champion.card.version}", judge(_joined(known)))]
    if first:
        early = [Compared(c.ink, read(first, c.ink, aids), c.challenger) for c in known]
        questions.append(
            Question(f"against {first.card.version}, the first", judge(_joined(early)))
        )
    if kept_out.texts:
        new = _compare(kept_out, champion, challenger, aids)
        questions.append(Question("on corrections kept out", judge(_as_one(new.paired()))))
        known.append(new)
    return Proof(questions, known)


def read(recognizer: Recognizer, ink: InkSet, aids: Aids) -> Readings:
    """Return what a model reads of a set, as the server would."""
    card, texts, confidences, losses = recognizer.card, [], [], []
    name = f"{card.version}, {ink.name}"
    for seen, text in zip(tqdm(ink.views, name, unit=""), ink.texts, strict=True):
        scores = recognizer.scores_of(seen)
        decoded = recognizer.read(seen, aids, scores)
        texts.append(decoded.text)
        confidences.append(decoded.candidates[0].confidence if decoded.candidates else 0.0)
        losses.append(_loss(scores, recognizer, text))
    return Readings(texts, np.array(confidences), np.array(losses))


def sort_of(text: str) -> str:
    """Return what sort of word a text is: the gate tells these apart."""
    if text.isdigit():
        return "numbers"
    if not text.isascii() or not text.replace(" ", "").isalpha():
        return "words with signs"
    return "words in lower case" if text.islower() else "words with capitals"


def _compare(ink: InkSet, champion: Recognizer, challenger: Recognizer, aids: Aids) -> Compared:
    return Compared(ink, read(champion, ink, aids), read(challenger, ink, aids))


def _joined(sets: Sequence[Compared]) -> Paired:
    pairs = [one.paired() for one in sets]
    return Paired(
        [name for pair in pairs for name in pair.classes],
        np.concatenate([pair.champion for pair in pairs]),
        np.concatenate([pair.challenger for pair in pairs]),
    )


def _as_one(paired: Paired) -> Paired:
    """Return it without classes: of corrections there are too few of each."""
    return Paired(["corrections"] * len(paired.classes), paired.champion, paired.challenger)


def _loss(scores: NDArray[np.float32], recognizer: Recognizer, text: str) -> float:
    """Return the negative log-likelihood of a text, for each of its characters."""
    card = recognizer.card
    if not card.can_read(text):
        return NEVER
    if card.decoder == "classes":
        chance = softmax(scores, card.temperature)[card.labels.index(text)]
        return float(-np.log(max(chance, np.exp(-NEVER))))
    classes = tuple(card.labels.index(character) for character in text)
    likelihood = log_likelihoods(log_softmax(scores), [classes])[0]
    return min(NEVER, -float(likelihood) / len(text))
