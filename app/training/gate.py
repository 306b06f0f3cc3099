"""May a challenger take the champion's place? Decided on the same samples, read by both.

An equally good challenger passes at least nine times of ten; one that has lost something is refused
with a sentence that names what.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import comb

import numpy as np
from numpy.typing import NDArray

ALPHA = 0.018  # how often an equally good challenger may be refused by each of five tests
MOST_LOST = 0.002  # of all samples
MOST_LOST_OF_CLASS = 0.01  # of a class that has enough samples
ENOUGH = 1_000


@dataclass(frozen=True)
class Paired:
    """Which of the same samples champion and challenger read right, and the class of each (n,)."""

    classes: Sequence[str]
    champion: NDArray[np.bool_]
    challenger: NDArray[np.bool_]


@dataclass(frozen=True)
class Loss:
    """What a challenger lost and gained against the champion, overall or in a class.

    p is how likely at least so many of the changed samples would be lost by chance.
    """

    name: str
    samples: int
    lost: int
    gained: int
    p: float

    @property
    def share(self) -> float:
        """Return the share of the samples that is lost; less than none where some is gained."""
        return (self.lost - self.gained) / self.samples

    def __str__(self) -> str:
        """Return it as words for people."""
        points = 100 * abs(self.share)
        turn = "worse" if self.share > 0 else "better"
        counts = f"{self.lost:,} lost, {self.gained:,} gained of {self.samples:,}"
        return f"{self.name}: {points:.2f} points {turn} ({counts}; p = {self.p:.2g})"


@dataclass(frozen=True)
class Verdict:
    """Whether a challenger passed, why, and what it was judged on."""

    passed: bool
    why: str
    overall: Loss
    classes: Sequence[Loss]

    @property
    def sentence(self) -> str:
        """Return the verdict for people."""
        return f"{'Passed' if self.passed else 'Refused'}: {self.why}."


def judge(paired: Paired, alpha: float = ALPHA) -> Verdict:
    """Compare a challenger with the champion.

    It is refused where a one-sided exact McNemar test shows a loss, overall or, by Holm's method,
    in a class; or where more is lost than may ever be, and that is no chance of a small set.

    Q. McNemar, "Note on the sampling error of the difference between correlated proportions",
    Psychometrika 1947; S. Holm, "A simple sequentially rejective multiple test procedure", 1979.

    Raises:
        ValueError: there is no sample.
    """
    if not len(paired.classes):
        raise ValueError("nothing can be judged without samples")
    everything = np.ones(len(paired.classes), bool)
    overall = _loss("all samples", paired, everything)
    names = np.array(paired.classes)
    classes = [_loss(str(name), paired, names == name) for name in np.unique(names)]
    found = list(_refusals(overall, classes, alpha))
    return Verdict(not found, "; ".join(found) or str(overall), overall, classes)


def mcnemar(lost: int, gained: int) -> float:
    """Return how likely it is that, of so many changed samples, at least so many are lost."""
    changed = lost + gained
    return float(sum(comb(changed, k) for k in range(lost, changed + 1)) / 2**changed)


def holm(losses: Sequence[Loss], alpha: float = ALPHA) -> list[Loss]:
    """Return the losses that are no chance, though many were looked at."""
    ordered = sorted(losses, key=lambda loss: loss.p)
    found = []
    for rank, loss in enumerate(ordered):
        if loss.p > alpha / (len(ordered) - rank):
            break
        found.append(loss)
    return found


def _refusals(overall: Loss, classes: Sequence[Loss], alpha: float) -> Iterator[str]:
    if overall.p <= alpha or _is_large(overall, MOST_LOST):
        yield str(overall)
    large = [c for c in classes if c.samples >= ENOUGH and _is_large(c, MOST_LOST_OF_CLASS)]
    for loss in {id(loss): loss for loss in [*holm(classes, alpha), *large]}.values():
        yield f"class {loss}"


def _is_large(loss: Loss, most: float) -> bool:
    """Say whether a loss is larger than allowed by more than two of its standard errors."""
    error = np.sqrt(loss.lost + loss.gained) / loss.samples
    return bool(loss.share - 2 * error > most)


def _loss(name: str, paired: Paired, chosen: NDArray[np.bool_]) -> Loss:
    champion, challenger = paired.champion[chosen], paired.challenger[chosen]
    lost = int((champion & ~challenger).sum())
    gained = int((~champion & challenger).sum())
    return Loss(name, int(chosen.sum()), lost, gained, mcnemar(lost, gained))
