import numpy as np
import pytest

from app.training.evaluation import (
    Scores,
    calibration_error,
    figures,
    fit_sure_precision,
    fit_sure_threshold,
    fit_temperature,
)

LABELS = ["a", "b", "c"]


def made(n: int = 4_000, heat: float = 2.0) -> Scores:
    """Classes drawn from the probabilities of logits, and the logits made too sharp by heat."""
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(n, 3)).astype(np.float32) * 2
    classes = (logits + rng.gumbel(size=(n, 3))).argmax(axis=1)
    return Scores(logits * heat, classes)


def test_the_fitted_temperature_undoes_overconfidence() -> None:
    assert fit_temperature(made(heat=2.0)) == pytest.approx(2.0, rel=0.1)
    assert fit_temperature(made(heat=0.5)) == pytest.approx(0.5, rel=0.1)


def test_calibration_error_is_small_when_confidence_is_true_and_large_when_not() -> None:
    assert figures(made(), LABELS, 2.0, 0.5).calibration_error < 0.03
    assert figures(made(), LABELS, 0.5, 0.5).calibration_error > 0.08


def test_calibration_error_of_a_known_case() -> None:
    confidence, right = np.array([0.9, 0.9, 0.9, 0.9]), np.array([True, True, True, False])
    assert calibration_error(confidence, right) == pytest.approx(0.15)


def test_figures_count_errors_and_name_confusions() -> None:
    logits = np.eye(3, dtype=np.float32)[[0, 0, 1, 2, 2]] * 5
    found = figures(Scores(logits, np.array([0, 1, 1, 2, 1])), LABELS, 1.0, 0.5)
    assert (found.samples, found.errors, found.accuracy) == (5, 2, 0.6)
    assert dict(found.class_accuracy) == {"a": 1.0, "b": pytest.approx(1 / 3), "c": 1.0}
    assert set(found.confusions) == {("b", "a", 1), ("b", "c", 1)}


def test_the_threshold_keeps_the_share_of_right_readings_that_was_asked_for() -> None:
    scores = made()
    threshold = fit_sure_threshold(scores, 2.0, cost=0.1)
    probabilities = figures(scores, LABELS, 2.0, threshold)
    assert 0.6 < probabilities.sure_share < 0.95
    assert probabilities.sure_accuracy > probabilities.accuracy


def test_figures_merge_what_cannot_be_told_apart() -> None:
    logits = np.eye(5, dtype=np.float32)[[0, 1, 2, 3, 4]] * 5
    found = figures(Scores(logits, np.array([1, 0, 3, 2, 0])), list("aAI|x"), 1.0, 0.5)
    assert (found.accuracy, found.caseless_accuracy, found.look_alike_accuracy) == (0.0, 0.4, 0.4)


def test_figures_count_what_is_among_the_first_three() -> None:
    logits = np.array([[4.0, 3.0, 2.0, 1.0]] * 4, np.float32)
    assert figures(Scores(logits, np.arange(4)), list("abcd"), 1.0, 0.5).top3_accuracy == 0.75


def test_the_threshold_reaches_the_precision_that_was_asked_for() -> None:
    scores = made()
    threshold = fit_sure_precision(scores, 2.0, precision=0.95)
    found = figures(scores, LABELS, 2.0, threshold)
    assert found.sure_accuracy == pytest.approx(0.95, abs=0.002)
    assert found.accuracy < 0.9
    assert fit_sure_precision(Scores(scores.logits, (scores.classes + 1) % 3), 2.0, 0.99) == 1.0


def test_probability_of_what_is_rejected_is_no_confidence() -> None:
    logits = np.array([[4.0, 0.0, 0.0, 0.0], [4.0, 0.0, 0.0, 4.0]], np.float32)
    found = figures(Scores(logits, np.array([0, 0])), LABELS, 1.0, sure=0.9)
    assert (found.errors, found.sure_share) == (0, 0.5)
