"""Looks at one line: what each spells by itself, and how likely texts are in all of them."""

from collections.abc import Iterable, Iterator, Sequence
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


@dataclass(frozen=True)
class Looks:
    """Log-probabilities of a line, look by look, and texts that are found without a lexicon.

    free has the log-probability of each by the ink, the mean over looks; nothing where the line
    shows no writing. rest is that of all other texts together, the mean over looks, too.
    """

    labels: Sequence[str]
    logs: Sequence[Logs] = ()
    free: dict[str, float] = field(default_factory=dict)
    rest: float = 0.0

    @property
    def best(self) -> str:
        """Return the likeliest free text."""
        return max(self.free, key=self.free.__getitem__)

    def and_at(self, scores: Iterable[Scores]) -> Self:
        """Return these looks and further ones; these alone where those leave no text possible."""
        further = [log_softmax(look) for look in scores]
        both = replace(self, logs=[*self.logs, *further])
        spelled = (text for logs in further for text in self._spelled(logs))
        texts = list(dict.fromkeys([*self.free, *spelled]))
        found = both._likelihoods(texts)
        rest = np.log(np.maximum(1.0 - np.exp(found).sum(axis=1), LEAST))
        free = _means(texts, found)
        return replace(both, free=free, rest=float(rest.mean())) if free else self

    def likelihoods(self, texts: Sequence[str]) -> dict[str, float]:
        """Return the log-probability, the mean over looks, of texts that are possible."""
        return _means(texts, self._likelihoods(texts))

    def _spelled(self, logs: Logs) -> Iterator[str]:
        """Return the likeliest texts of a look, whatever they spell."""
        for text, _ in beam_search(logs, BEAMS, lambda state, _label: state, start=0):
            if stripped := "".join(self.labels[i] for i in text).strip():
                yield stripped

    def _likelihoods(self, texts: Sequence[str]) -> Logs:
        """Return the log-probability of each text in each look, (looks, texts)."""
        classes = [tuple(self.labels.index(sign) for sign in text) for text in texts]
        if not classes:
            return np.empty((len(self.logs), 0))
        return np.stack([log_likelihoods(logs, classes) for logs in self.logs])


def _means(texts: Sequence[str], found: Logs) -> dict[str, float]:
    means = found.mean(axis=0).tolist()
    return {text: log for text, log in zip(texts, means, strict=True) if log > NEVER}
