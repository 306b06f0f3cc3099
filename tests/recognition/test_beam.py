"""Texts of CTC, held against the sum over every path that there is."""

import numpy as np
import pytest

from app.recognition.beam import beam_search
from app.recognition.likelihood import Text, log_likelihoods, log_softmax

from .paths import enumerated, made


def anything(state: int, _label: int) -> int:
    return state


def free_texts(logs: np.ndarray, width: int) -> list[Text]:
    return [text for text, _ in beam_search(logs, width, anything, 0)]


@pytest.mark.parametrize("seed", range(8))
def test_a_wide_beam_finds_every_text_in_order(seed: int) -> None:
    logs = made(5, seed, spread=1.0)  # nothing is so unlikely that it is passed over
    truth = enumerated(logs)
    found = free_texts(logs, width=1_000)
    assert sorted(found) == sorted(truth)
    chances = log_likelihoods(logs, found)
    assert list(chances) == sorted(chances, reverse=True)


def test_a_narrow_beam_beats_the_best_path() -> None:
    """Two paths of "a" outweigh the single likeliest path, which is blank."""
    logs = np.log(np.array([[0.4, 1e-9, 0.6], [0.4, 1e-9, 0.6]]))
    assert list(logs.argmax(axis=1)) == [2, 2]
    assert free_texts(logs, width=2)[0] == (0,)


def test_a_doubled_label_needs_a_blank_between() -> None:
    a, blank = [9.0, 0.0, 0.0], [0.0, 0.0, 9.0]
    doubled = log_softmax(np.array([a, blank, a], np.float32))
    held = log_softmax(np.array([a, a, a], np.float32))
    assert free_texts(doubled, width=4)[0] == (0, 0)
    assert free_texts(held, width=4)[0] == (0,)


def test_only_texts_that_may_go_on_are_followed() -> None:
    def one_of_each(state: frozenset[int], label: int) -> frozenset[int] | None:
        return None if label in state else state | {label}

    found = beam_search(made(6, 1), 1_000, one_of_each, frozenset())
    assert {text for text, _ in found} == {(), (0,), (1,), (0, 1), (1, 0)}
    assert all(set(text) == state for text, state in found)


def test_a_step_that_could_be_anything_takes_no_longer() -> None:
    """Every label at every step would be 96 times the work."""
    asked = 0

    def count(state: int, _label: int) -> int:
        nonlocal asked
        asked += 1
        return state

    beam_search(log_softmax(np.zeros((128, 96), np.float32)), 16, count, 0)
    assert asked <= 128 * 16 * 6
