import numpy as np
import pytest

from app.recognition.decoding import decode_classes, is_scribble, softmax


def test_candidates_come_most_probable_first_and_sum_to_one() -> None:
    found = decode_classes(np.array([0.0, 3.0, 1.0], np.float32), "abc", temperature=1.0)
    assert [candidate.text for candidate in found] == ["b", "c", "a"]
    assert sum(candidate.confidence for candidate in found) == pytest.approx(1)


def test_what_is_rejected_takes_confidence_from_every_label() -> None:
    scores = np.array([0.0, 3.0, 1.0, 3.0], np.float32)
    found = decode_classes(scores, "abc", temperature=1.0)
    assert [candidate.text for candidate in found] == ["b", "c", "a"]
    assert sum(candidate.confidence for candidate in found) == pytest.approx(0.542, abs=0.001)


def test_only_the_likeliest_output_makes_a_scribble() -> None:
    rejects = ["other", "scribble"]
    assert is_scribble(np.array([0, 1, 1, 2], np.float32), "ab", rejects)
    assert not is_scribble(np.array([0, 1, 3, 2], np.float32), "ab", rejects)
    assert not is_scribble(np.array([0, 3, 1, 2], np.float32), "ab", rejects)
    assert not is_scribble(np.array([0, 3], np.float32), "ab", [])


def test_temperature_softens_and_keeps_the_order() -> None:
    scores = np.array([0.0, 3.0, 1.0], np.float32)
    sharp, soft = (decode_classes(scores, "abc", temperature) for temperature in (0.5, 5.0))
    assert sharp[0].confidence > soft[0].confidence
    assert [c.text for c in sharp] == [c.text for c in soft]


def test_softmax_of_great_scores_is_finite() -> None:
    assert softmax(np.array([1e5, -1e5], np.float32), 0.1).tolist() == [1, 0]
