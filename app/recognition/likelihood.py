"""Exact likelihoods of texts under CTC."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

NEVER = -np.inf
RESCALED = 8  # steps; probabilities of more might be too small for a float

Text = tuple[int, ...]  # classes of labels


def log_softmax(scores: NDArray[np.float32], temperature: float = 1.0) -> NDArray[np.float64]:
    """Return log-probabilities (…, outputs) of logits, softened by a temperature."""
    scaled = scores.astype(np.float64) / temperature
    shifted = scaled - scaled.max(axis=-1, keepdims=True)
    logs: NDArray[np.float64] = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return logs


def log_likelihoods(logs: NDArray[np.float64], texts: Sequence[Text]) -> NDArray[np.float64]:
    """Return the log-probability (texts,) of each text over all its paths.

    It is -inf where there are too few steps to spell one. A. Graves et al., "Connectionist
    temporal classification", ICML 2006: the forward variables, of all texts at once, rescaled
    on their way (L. Rabiner, "A tutorial on hidden Markov models", 1989).
    """
    blank = logs.shape[1] - 1
    lengths = np.array([2 * len(text) + 1 for text in texts])
    states = np.full((len(texts), lengths.max(initial=1)), blank)
    for row, text in zip(states, texts, strict=True):
        row[1 : 2 * len(text) : 2] = text
    may_skip = np.zeros(states.shape)  # the blank between two different labels
    may_skip[:, 3::2] = states[:, 3::2] != states[:, 1:-2:2]
    emitted = np.exp(logs)[:, states]  # (steps, texts, states)
    forward = np.zeros((len(texts), states.shape[1] + 2))  # two in front, out of reach
    forward[:, 2:4] = emitted[0, :, :2]
    lost = np.zeros(len(texts))  # log of what was divided out
    stay, go_on, skip = forward[:, 2:], forward[:, 1:-1], forward[:, :-2]
    arrived = np.empty(states.shape)
    for number, step in enumerate(emitted[1:], 1):
        np.multiply(skip, may_skip, arrived)
        np.add(arrived, go_on, arrived)
        np.add(arrived, stay, arrived)
        np.multiply(arrived, step, stay)
        if number % RESCALED == 0:
            most = forward.max(axis=1)
            most[most == 0.0] = 1.0
            forward /= most[:, None]
            lost += np.log(most)
    rows = np.arange(len(texts))
    with np.errstate(divide="ignore"):
        ends: NDArray[np.float64] = np.log(forward[rows, lengths + 1] + forward[rows, lengths])
    return ends + lost


def align(logs: NDArray[np.float64], text: Text) -> list[tuple[int, int]]:
    """Return the first step and the one after the last of each label, along a text's best path.

    The text must be possible: log_likelihoods says so.
    """
    blank = logs.shape[1] - 1
    states = np.full(2 * len(text) + 1, blank)
    states[1::2] = text
    skip = np.full(len(states), NEVER)
    skip[3::2] = np.where(states[3::2] != states[1:-2:2], 0.0, NEVER)
    emitted = logs[:, states]
    best = np.full(len(states) + 2, NEVER)  # two in front, out of reach
    best[2:4] = emitted[0, :2]
    came_from = np.zeros(emitted.shape, np.int64)  # how many states back
    for step in range(1, len(logs)):
        ways = np.stack([best[2:], best[1:-1], best[:-2] + skip])
        came_from[step] = ways.argmax(axis=0)
        best[2:] = ways.max(axis=0) + emitted[step]
    state = len(states) - 1 if best[-1] >= best[-2] else len(states) - 2
    spans = [(0, 0)] * len(text)
    end = len(logs)
    for step in range(len(logs) - 1, -1, -1):
        before = state - came_from[step, state]
        if step == 0 or before != state:
            if state % 2:
                spans[state // 2] = step, end
            state, end = before, step
    return spans
