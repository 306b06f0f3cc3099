"""People's corrections among what trains."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from app.ink.labelled import LabelledInk
from app.ink.strokes import Strokes
from app.training.datasets import Drawn, Scanned, scan
from app.training.feeding import Mixture
from app.training.word_feeding import WordMixture

MOST_OF_LINES = 0.4  # of an epoch, corrections of lines


@dataclass(frozen=True)
class Corrections:
    """Corrections that train, and those that are kept out to judge.

    max_share is what one person may be of all that trains in an epoch; each correction is shown at
    most most_repeats times in it.
    """

    rows: Sequence[LabelledInk] = ()
    kept_out: Sequence[LabelledInk] = ()
    max_share: float = 0.01
    most_repeats: int = 20

    def repeats(self, base: int) -> list[int]:
        """Return how often each is shown in an epoch of base other samples.

        One person's corrections are shown less often the more there are, and some of them not at
        all where even once is too much.
        """
        most = max(1, int(self.max_share * base))
        of_person = Counter(row.person for row in self.rows if row.person)
        shown: Counter[str] = Counter()
        found = []
        for row in self.rows:
            times = self.most_repeats
            if row.person:
                times = max(1, min(times, most // of_person[row.person]))
                times = min(times, most - shown[row.person])
                shown[row.person] += times
            found.append(times)
        return found

    def describe(self) -> dict[str, Any]:
        """Return for the card which rows trained and which judged."""
        if not self.rows:
            return {}
        trained, judged = ([row.id for row in rows] for rows in (self.rows, self.kept_out))
        return {"corrections": {"trained": trained, "kept out": judged}}

    def among_lines(self, mixture: WordMixture) -> WordMixture:
        """Return a mixture of lines with these among it."""
        if not self.rows:
            return mixture
        base = mixture.steps * mixture.most // 2
        times = self.repeats(base)
        share = min(MOST_OF_LINES, sum(times) / (base + sum(times)))
        return replace(mixture, given=self.rows, given_times=times, given_share=share)

    def among(self, mixture: Mixture) -> Mixture:
        """Return a mixture of single characters with these among it."""
        if not self.rows:
            return mixture
        times = self.repeats(sum(mixture.counts))
        drawn, pictures = Drawn([], [], []), Scanned(mixture.pictures.inks[:0], [])
        frames = []
        for row, count in zip(self.rows, times, strict=True):
            if isinstance(row.ink, Strokes):
                entries = -(-count // mixture.drawn_repeats)  # each is shown so often
                drawn.inks.extend([row.ink] * entries)
                drawn.labels.extend([row.label] * entries)
                drawn.writers.extend([row.person or row.id] * entries)
            else:
                frames += [scan(row.ink, mixture.spec)] * count
                pictures.labels.extend([row.label] * count)
        if frames:
            pictures = replace(pictures, inks=np.stack(frames))
        return replace(
            mixture,
            drawn=mixture.drawn.joined(drawn),
            pictures=mixture.pictures.joined(pictures),
        )


NONE = Corrections()
