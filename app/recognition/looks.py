"""Looks at one line: what each spells by itself, and how likely texts are in all of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from app.recognition.beam import beam_search
from app.recognition.likelihood import NEVER, log_likelihoods, log_softmax

BEAMS = 8
LEAST = 1e-12  # probability

Scores = NDArray[np.float32]  # (steps, labels and CTC's blank)
Logs = NDArray[np.float64]  # of probabilities, in the same shape


class Look:
    """One look at a line: log-probabilities, and how likely texts are that were asked for."""

    def __init__(self, scores: Scores, labels: Mapping[str, int]) -> None:
        """Look at scores; labels have the class of each sign."""
        self.logs: Logs = log_softmax(scores)
        self._labels = labels
        self._known: dict[str, float] = {}

    def spelled(self) -> list[str]:
        """Return the likeliest texts, whatever they spell."""
        signs = list(self._labels)
        found = beam_search(self.logs, BEAMS, lambda state, _label: state, start=0)
        texts = ("".join(signs[i] for i in text).strip() for text, _ in found)
        return [text for text in texts if text]

    def likelihoods(self, texts: Sequence[str]) -> list[float]:
        """Return the log-probability of each text over all its paths."""
        new = [text for text in texts if text not in self._known]
        if new:
            classes = [tuple(self._labels[sign] for sign in text) for text in new]
            self._known |= zip(new, log_likelihoods(self.logs, classes).tolist(), strict=True)
        return [self._known[text] for text in texts]


@dataclass(frozen=True)
class Looks:
    """Looks at a line, and texts that are found without a lexicon.

    free has the log-probability of each by the ink, the mean over looks; nothing where the line
    shows no writing. rest is that of all other texts together, the mean over looks, too.
    """

    labels: Sequence[str]
    all: Sequence[Look] = ()
    free: dict[str, float] = field(default_factory=dict)
    rest: float = 0.0

    @property
    def best(self) -> str:
        """Return the likeliest free text."""
        return max(self.free, key=self.free.__getitem__)

    def and_at(self, scores: Iterable[Scores]) -> Self:
        """Return these looks and further ones; these alone where those leave no text possible."""
        classes = {sign: number for number, sign in enumerate(self.labels)}
        further = [Look(look, classes) for look in scores]
        both = replace(self, all=[*self.all, *further])
        spelled = (text for look in further for text in look.spelled())
        texts = list(dict.fromkeys([*self.free, *spelled]))
        found = both._likelihoods(texts)
        rest = np.log(np.maximum(1.0 - np.exp(found).sum(axis=1), LEAST))
        free = _means(texts, found)
        return replace(both, free=free, rest=float(rest.mean())) if free else self

    def likelihoods(self, texts: Sequence[str]) -> dict[str, float]:
        """Return the log-probability, the mean over looks, of texts that are possible."""
        return _means(texts, self._likelihoods(texts))

    def _likelihoods(self, texts: Sequence[str]) -> Logs:
        """Return the log-probability of each text in each look, (looks, texts)."""
        return np.array([look.likelihoods(texts) for look in self.all])


def _means(texts: Sequence[str], found: Logs) -> dict[str, float]:
    means = found.mean(axis=0).tolist()
    return {text: log for text, log in zip(texts, means, strict=True) if log > NEVER}
