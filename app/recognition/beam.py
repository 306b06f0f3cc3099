"""CTC's most probable texts: a beam search over prefixes."""

import math
from collections.abc import Callable
from operator import itemgetter
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from app.recognition.likelihood import NEVER, Text

LEAST = -7.0  # log-probability; less likely labels of a step are passed over
MOST = 6  # labels of a step, so that ink which could be anything takes 16 ms, not 470
FAR = 20.0  # log of how much less likely than the best prefix another one may be

State = TypeVar("State")
Follow = Callable[[State, int], State | None]


def beam_search(
    logs: NDArray[np.float64], width: int, follow: Follow[State], start: State
) -> list[tuple[Text, State]]:
    """Return at most width texts, the most probable first, each with the state it leads to.

    logs are (steps, labels and the blank). follow(state, label) gives the state after one more
    label, or None where a text may not go on like that; every text begins in the state start. Of
    each step only the MOST likely labels above LEAST are looked at, and prefixes that are FAR from
    the best are left. A. Hannun et al., "First-pass large vocabulary continuous speech recognition
    using bi-directional recurrent DNNs", 2014.
    """
    beams: list[_Beam[State]] = [(0.0, 0.0, NEVER, (), start)]
    silence = 0.0  # log-probability of blanks alone: all texts stay, in their order
    for blank, chances in zip(logs[:, -1].tolist(), _chances(logs), strict=True):
        if not chances:  # as between any two letters
            silence += blank
            continue
        if silence:
            after = [(both + silence, text, state) for both, _, _, text, state in beams]
            beams = [(both, both, NEVER, text, state) for both, text, state in after]
            silence = 0.0
        beams = _grow(beams, blank, chances, follow)
        beams.sort(key=_probability, reverse=True)
        least = beams[0][0] - FAR
        beams = [beam for beam in beams[:width] if beam[0] >= least]
    return [(text, state) for *_, text, state in beams]


# log-probability: in all, of ending in a blank, of ending in a label; the text and its state
_Beam = tuple[float, float, float, Text, State]
_probability = itemgetter(0)
_Chance = tuple[int, float]  # a label and its log-probability


def _chances(logs: NDArray[np.float64]) -> list[list[_Chance]]:
    """Return the labels of each step that are looked at."""
    found: list[list[_Chance]] = [[] for _ in logs]
    steps, labels = np.nonzero(logs[:, :-1] > LEAST)
    likely = logs[steps, labels].tolist()
    for step, label, chance in zip(steps.tolist(), labels.tolist(), likely, strict=True):
        found[step].append((label, chance))
    most = itemgetter(1)
    return [sorted(one, key=most)[-MOST:] if len(one) > MOST else one for one in found]


def _grow(
    beams: list[_Beam[State]], blank: float, chances: list[_Chance], follow: Follow[State]
) -> list[_Beam[State]]:
    """Return what texts are after one more step: as they were, and with each label more."""
    in_blank: dict[Text, float] = {}
    in_label: dict[Text, float] = {}
    states: dict[Text, State] = {}
    for both, after_blank, after_label, text, state in beams:
        last = text[-1] if text else None
        states[text] = state
        in_blank[text] = both + blank
        for label, chance in chances:
            before = both
            if label == last:
                in_label[text] = _add(in_label.get(text, NEVER), after_label + chance)
                before = after_blank
            following = follow(state, label) if before > NEVER else None
            if following is not None:
                longer = (*text, label)
                states[longer] = following
                in_label[longer] = _add(in_label.get(longer, NEVER), before + chance)
    return [
        (_add(b, n), b, n, text, state)
        for text, state in states.items()
        for b, n in [(in_blank.get(text, NEVER), in_label.get(text, NEVER))]
    ]


def _add(one: float, other: float) -> float:
    """Return the log of the sum of two probabilities that are given as logs."""
    high, low = (one, other) if one > other else (other, one)
    return high if low == NEVER else high + math.log1p(math.exp(low - high))
