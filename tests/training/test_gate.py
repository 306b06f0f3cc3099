"""The gate lets equally good challengers pass, and names what worse ones have lost."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.training.gate import Paired, judge, mcnemar

TIMES = 300
ALPHABET = [chr(code) for code in range(33, 127)]


def reading(
    rng: np.random.Generator, labels: list[str], samples: int, accuracy: float, changed: float
) -> Paired:
    """A champion, and a challenger as good, that reads a share of the samples otherwise."""
    champion = rng.random(samples) < accuracy
    others = rng.random(samples) < accuracy
    challenger = np.where(rng.random(samples) < changed, others, champion)
    return Paired(
        [labels[i] for i in rng.integers(len(labels), size=samples)], champion, challenger
    )


@pytest.mark.parametrize(
    ("labels", "samples", "accuracy", "changed"),
    [
        (list("0123456789"), 2_456, 0.989, 0.5),
        (list("0123456789"), 10_000, 0.997, 0.5),
        (ALPHABET, 8_755, 0.75, 0.3),
        (["word"], 5_835, 0.75, 0.4),
        (list("0123456789"), 60, 0.95, 1.0),
    ],
)
def test_an_equally_good_challenger_passes_nine_times_of_ten(
    labels: list[str], samples: int, accuracy: float, changed: float
) -> None:
    rng = np.random.default_rng(1)
    passed = [judge(reading(rng, labels, samples, accuracy, changed)).passed for _ in range(TIMES)]
    assert np.mean(passed) >= 0.9


def test_an_equally_good_challenger_passes_all_that_it_is_asked_nine_times_of_ten() -> None:
    """Against the champion, against a first version as good as it, and on corrections kept out."""
    rng, digits = np.random.default_rng(4), list("0123456789")
    passed = []
    for _ in range(TIMES):
        asked = [reading(rng, digits, 11_368, 0.994, 0.5) for _ in range(2)]
        asked.append(reading(rng, ["corrections"], 60, 0.9, 1.0))
        passed.append(all(judge(paired).passed for paired in asked))
    assert np.mean(passed) >= 0.9


def test_a_class_that_is_lost_is_named() -> None:
    rng = np.random.default_rng(2)
    paired = reading(rng, list("0123456789"), 2_456, 0.99, 0.2)
    spoilt = np.array([label == "4" for label in paired.classes]) & (rng.random(2_456) < 0.1)
    paired.challenger[spoilt] = False
    verdict = judge(paired)
    assert not verdict.passed
    assert "class 4: " in verdict.sentence
    assert "class 5" not in verdict.sentence


def test_two_points_lost_everywhere_are_refused() -> None:
    rng = np.random.default_rng(3)
    refused = []
    for _ in range(TIMES):
        paired = reading(rng, list("0123456789"), 2_456, 0.99, 0.2)
        paired.challenger[rng.random(2_456) < 0.02] = False
        refused.append(not judge(paired).passed)
    assert np.mean(refused) == 1


def test_a_small_loss_in_a_large_set_is_refused() -> None:
    champion = np.ones(100_000, bool)
    challenger = champion.copy()
    challenger[:300] = False
    verdict = judge(Paired(["7"] * 100_000, champion, challenger))
    assert verdict.sentence.startswith(
        "Refused: all samples: 0.30 points worse (300 lost, 0 gained of 100,000"
    )


def test_one_that_is_better_passes_and_one_that_is_the_same() -> None:
    champion = np.arange(1000) % 10 > 0
    for challenger in (champion, np.ones(1000, bool)):
        verdict = judge(Paired(["a"] * 1000, champion, challenger))
        assert verdict.passed
        assert verdict.sentence.startswith("Passed: all samples: ")


def test_without_samples_nothing_is_judged() -> None:
    with pytest.raises(ValueError, match="without samples"):
        judge(Paired([], np.zeros(0, bool), np.zeros(0, bool)))


@given(st.integers(0, 60), st.integers(0, 60))
def test_the_chance_is_that_of_tossing_a_coin(lost: int, gained: int) -> None:
    chance = mcnemar(lost, gained)
    assert 0 < chance <= 1
    fewer = mcnemar(gained + 1, lost - 1) if lost else 0.0  # as many heads as there are tails
    assert chance + fewer == pytest.approx(1)
