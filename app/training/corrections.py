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

    max_share is what one person may be of all that trains in an epoch, max_class_share what
    corrections may be of a class of it; each is shown at most most_repeats times.
    """

    rows: Sequence[LabelledInk] = ()
    kept_out: Sequence[LabelledInk] = ()
    max_share: float = 0.01
    max_class_share: float = 0.1
    most_repeats: int = 20

    def repeats(self, base: int, classes: int = 0) -> list[int]:
        """Return how often each is shown in an epoch of base other samples of so many classes.

        One person's corrections, and those of one class, are shown less often the more there are,
        and some of them not at all where even once is too much. Lines have no classes.
        """
        limits = {"person": max(1, int(self.max_share * base))}
        if classes:
            limits["label"] = max(1, int(min(self.max_class_share * base / classes, base)))
        groups = [[(n, getattr(row, n)) for n in limits if getattr(row, n)] for row in self.rows]
        sizes = Counter(group for those in groups for group in those)
        shown: Counter[tuple[str, str]] = Counter()
        found = []
        for those in groups:
            times = self.most_repeats
            for group in those:
                fair = max(1, limits[group[0]] // sizes[group])
                times = min(times, fair, limits[group[0]] - shown[group])
            shown.update(dict.fromkeys(those, times))
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
        times = self.repeats(sum(mixture.counts), len(mixture.outputs))
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
