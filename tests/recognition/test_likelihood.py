import math

import numpy as np
import pytest

from app.recognition.likelihood import align, log_likelihoods, log_softmax

from .paths import enumerated, made, paths, spelled


@pytest.mark.parametrize("seed", range(5))
def test_likelihoods_sum_over_all_paths(seed: int) -> None:
    logs = made(5, seed)
    truth = enumerated(logs)
    texts = [text for text in truth if text]
    found = np.exp(log_likelihoods(logs, texts))
    np.testing.assert_allclose(found, [truth[text] for text in texts], rtol=1e-9)


@pytest.mark.parametrize(("steps", "length"), [(2, 1), (5, 3), (64, 20), (900, 40)])
def test_of_long_lines_no_probability_is_lost(steps: int, length: int) -> None:
    """Where all outputs are alike, paths need but be counted."""
    text = tuple(number % 2 for number in range(length))
    paths_there_are = math.log(math.comb(steps + length, steps - length))
    expected = paths_there_are - steps * math.log(95)
    assert log_likelihoods(np.full((steps, 95), -math.log(95)), [text, (0,)])[0] == pytest.approx(
        expected
    )


def test_a_text_that_needs_more_steps_is_impossible() -> None:
    assert list(log_likelihoods(made(2, 0), [(0, 0), (0, 1)]) == -np.inf) == [True, False]


@pytest.mark.parametrize("text", [(0,), (0, 1), (1, 1), (0, 1, 0)])
@pytest.mark.parametrize("seed", range(5))
def test_labels_stand_where_the_best_path_has_them(text: tuple[int, ...], seed: int) -> None:
    logs = made(6, seed)
    best = max((p for p in paths(logs).items() if spelled(p[0]) == text), key=lambda p: p[1])[0]
    spans = align(logs, text)
    assert [best[first] for first, _ in spans] == list(text)
    drawn = [2] * len(logs)
    for label, (first, after) in zip(text, spans, strict=True):
        drawn[first:after] = [label] * (after - first)
    assert tuple(drawn) == best


def test_a_temperature_softens() -> None:
    scores = np.array([[3.0, 0.0, 1.0]], np.float32)
    assert log_softmax(scores, 3.0)[0, 0] < log_softmax(scores)[0, 0]
    assert np.exp(log_softmax(scores)).sum() == pytest.approx(1.0)
