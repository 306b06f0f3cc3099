"""CTC's most probable texts: a beam search over prefixes, and exact likelihoods."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

LEAST = -7.0  # log-probability; less likely symbols of a step are passed over
NEVER = -math.inf

Text = tuple[int, ...]  # classes of labels


def log_softmax(scores: NDArray[np.float32], temperature: float = 1.0) -> NDArray[np.float64]:
    """Return log-probabilities (…, outputs) of logits, softened by a temperature."""
    scaled = scores.astype(np.float64) / temperature
    shifted = scaled - scaled.max(axis=-1, keepdims=True)
    logs: NDArray[np.float64] = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return logs


def beam_search(logs: NDArray[np.float64], width: int) -> list[tuple[Text, float]]:
    """Return texts with their log-probabilities, the most probable first: at most width of them.

    logs are (steps, labels and the blank). Of each step, only symbols above LEAST are followed, so
    a probability is that of the paths that were. A. Hannun et al., "First-pass large vocabulary
    continuous speech recognition using bi-directional recurrent DNNs", 2014, without its lexicon.
    """
    beams: dict[Text, tuple[float, float]] = {(): (0.0, NEVER)}  # ends in a blank, in a label
    for step in logs:
        blank = float(step[-1])
        symbols = [(int(i), float(step[i])) for i in np.flatnonzero(step[:-1] > LEAST)]
        grown: dict[Text, tuple[float, float]] = {}
        for text, (in_blank, in_label) in beams.items():
            either = _add(in_blank, in_label)
            _gain(grown, text, either + blank, NEVER)
            last = text[-1] if text else -1
            for symbol, chance in symbols:
                if symbol == last:
                    _gain(grown, text, NEVER, in_label + chance)
                    _gain(grown, (*text, symbol), NEVER, in_blank + chance)
                else:
                    _gain(grown, (*text, symbol), NEVER, either + chance)
        best = sorted(grown.items(), key=lambda beam: -_add(*beam[1]))[:width]
        beams = dict(best)
    return [(text, _add(*ends)) for text, ends in beams.items()]


def log_likelihoods(logs: NDArray[np.float64], texts: Sequence[Text]) -> NDArray[np.float64]:
    """Return the log-probability (texts,) of each text over all its paths.

    It is -inf where there are too few steps to spell one. A. Graves et al., "Connectionist
    temporal classification", ICML 2006: the forward variables, of all texts at once.
    """
    blank = logs.shape[1] - 1
    lengths = np.array([2 * len(text) + 1 for text in texts])
    states = np.full((len(texts), lengths.max(initial=1)), blank)
    for row, text in zip(states, texts, strict=True):
        row[1 : 2 * len(text) : 2] = text
    may_skip = np.zeros(states.shape, bool)  # the blank between two different labels
    may_skip[:, 3::2] = states[:, 3::2] != states[:, 1:-2:2]
    skip = np.where(may_skip, 0.0, NEVER)
    emitted = logs[:, states]  # (steps, texts, states)
    forward = np.full((len(texts), states.shape[1] + 2), NEVER)  # two in front, out of reach
    forward[:, 2:4] = emitted[0, :, :2]
    for step in emitted[1:]:
        arrived = np.logaddexp(forward[:, 2:], forward[:, 1:-1])
        forward[:, 2:] = np.logaddexp(arrived, forward[:, :-2] + skip) + step
    rows = np.arange(len(texts))
    ends: NDArray[np.float64] = np.logaddexp(forward[rows, lengths + 1], forward[rows, lengths])
    return ends


def _gain(
    beams: dict[Text, tuple[float, float]], text: Text, in_blank: float, in_label: float
) -> None:
    before = beams.get(text)
    if before is None:
        beams[text] = in_blank, in_label
    else:
        beams[text] = _add(before[0], in_blank), _add(before[1], in_label)


def _add(one: float, other: float) -> float:
    """Return the log of the sum of two probabilities that are given as logs."""
    high, low = (one, other) if one > other else (other, one)
    return high if low == NEVER else high + math.log1p(math.exp(low - high))
