"""Texts of CTC, held against the sum over every path that there is."""

import itertools

import numpy as np
import pytest

from app.recognition.likelihood import log_likelihoods, log_softmax

LABELS = "ab"


def made(steps: int, seed: int) -> np.ndarray:
    return log_softmax(np.random.default_rng(seed).normal(size=(steps, 3)).astype(np.float32) * 2)


def enumerated(logs: np.ndarray) -> dict[tuple[int, ...], float]:
    """The probability of every text, summed over its paths."""
    found: dict[tuple[int, ...], float] = {}
    for path in itertools.product(range(logs.shape[1]), repeat=len(logs)):
        text = tuple(i for i, _ in itertools.groupby(path) if i < len(LABELS))
        chance = float(np.exp(sum(logs[t, i] for t, i in enumerate(path))))
        found[text] = found.get(text, 0.0) + chance
    return found


@pytest.mark.parametrize("seed", range(5))
def test_likelihoods_sum_over_all_paths(seed: int) -> None:
    logs = made(5, seed)
    truth = enumerated(logs)
    texts = [text for text in truth if text]
    found = np.exp(log_likelihoods(logs, texts))
    np.testing.assert_allclose(found, [truth[text] for text in texts], rtol=1e-9)


def test_a_text_that_needs_more_steps_is_impossible() -> None:
    assert list(log_likelihoods(made(2, 0), [(0, 0), (0, 1)]) == -np.inf) == [True, False]


def test_a_temperature_softens() -> None:
    scores = np.array([[3.0, 0.0, 1.0]], np.float32)
    assert log_softmax(scores, 3.0)[0, 0] < log_softmax(scores)[0, 0]
    assert np.exp(log_softmax(scores)).sum() == pytest.approx(1.0)
