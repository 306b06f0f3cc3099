"""CTC's most probable texts: a beam search over prefixes."""

import math
from collections.abc import Callable, Hashable
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from app.recognition.likelihood import NEVER, Text

LEAST = -7.0  # log-probability; less likely labels of a step are passed over
MOST = 6  # labels of a step, so that ink which could be anything takes 16 ms, not 470

State = TypeVar("State", bound=Hashable)
Follow = Callable[[State, int], State | None]


def beam_search(
    logs: NDArray[np.float64], width: int, follow: Follow[State], start: State
) -> list[tuple[Text, State]]:
    """Return at most width texts, the most probable first, each with the state it leads to.

    logs are (steps, labels and the blank). follow(state, label) gives the state after one more
    label, or None where a text may not go on like that; every text begins in the state start. Of
    each step only the MOST likely labels above LEAST are looked at. A. Hannun et al., "First-pass
    large vocabulary continuous speech recognition using bi-directional recurrent DNNs", 2014.
    """
    beams: dict[Text, _Beam[State]] = {(): (0.0, NEVER, start)}
    likely = logs[:, :-1] > LEAST
    is_any = np.any(likely, axis=1).tolist()
    for step, blank, said, is_said in zip(logs, logs[:, -1].tolist(), likely, is_any, strict=True):
        if not is_said:  # as between any two letters: all texts stay, in their order
            beams = {t: (_add(b, n) + blank, NEVER, state) for t, (b, n, state) in beams.items()}
            continue
        labels = np.flatnonzero(said)
        if len(labels) > MOST:
            labels = labels[np.argpartition(step[labels], -MOST)[-MOST:]]
        chances = list(zip(labels.tolist(), step[labels].tolist(), strict=True))
        grown: dict[Text, _Beam[State]] = {}
        for text, (in_blank, in_label, state) in beams.items():
            either = _add(in_blank, in_label)
            _gain(grown, text, either + blank, NEVER, state)
            for label, chance in chances:
                before = either
                if text and label == text[-1]:
                    _gain(grown, text, NEVER, in_label + chance, state)
                    before = in_blank
                following = follow(state, label) if before > NEVER else None
                if following is not None:
                    _gain(grown, (*text, label), NEVER, before + chance, following)
        beams = dict(sorted(grown.items(), key=_rank)[:width])
    return [(text, state) for text, (_, _, state) in beams.items()]


_Beam = tuple[float, float, State]  # log-probability of ending in a blank, in a label; the state


def _gain(
    beams: dict[Text, _Beam[State]], text: Text, in_blank: float, in_label: float, state: State
) -> None:
    before = beams.get(text)
    if before is not None:
        in_blank, in_label = _add(before[0], in_blank), _add(before[1], in_label)
    beams[text] = in_blank, in_label, state


def _rank(entry: tuple[Text, _Beam[State]]) -> float:
    in_blank, in_label, _ = entry[1]
    return -_add(in_blank, in_label)


def _add(one: float, other: float) -> float:
    """Return the log of the sum of two probabilities that are given as logs."""
    high, low = (one, other) if one > other else (other, one)
    return high if low == NEVER else high + math.log1p(math.exp(low - high))
