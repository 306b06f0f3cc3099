"""Texts of CTC, held against the sum over every path that there is."""

import itertools

import numpy as np
import pytest

from app.recognition.beam import beam_search, log_likelihoods, log_softmax

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


@pytest.mark.parametrize("seed", range(5))
def test_a_wide_beam_finds_every_text_and_its_probability(seed: int) -> None:
    logs = made(5, seed)
    truth = sorted(enumerated(logs).items(), key=lambda one: -one[1])
    found = beam_search(logs, width=1_000)
    assert [text for text, _ in found[:5]] == [text for text, _ in truth[:5]]
    np.testing.assert_allclose(
        np.exp([chance for _, chance in found[:5]]), [chance for _, chance in truth[:5]], rtol=0.02
    )


def test_a_narrow_beam_beats_the_best_path() -> None:
    """Two paths of "a" outweigh the single likeliest path, which is blank."""
    logs = np.log(np.array([[0.4, 1e-9, 0.6], [0.4, 1e-9, 0.6]]))
    assert list(logs.argmax(axis=1)) == [2, 2]
    assert beam_search(logs, width=2)[0][0] == (0,)


def test_a_temperature_softens() -> None:
    scores = np.array([[3.0, 0.0, 1.0]], np.float32)
    assert log_softmax(scores, 3.0)[0, 0] < log_softmax(scores)[0, 0]
    assert np.exp(log_softmax(scores)).sum() == pytest.approx(1.0)
