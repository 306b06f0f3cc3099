import numpy as np
import pytest

from app.recognition.decoding import (
    Decoded,
    best_path,
    decode_classes,
    is_scribble,
    settle,
    softmax,
)
from app.recognition.lines import weigh


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


def steps(path: str, labels: str = "ab ", sharp: float = 9.0) -> np.ndarray:
    """Scores of steps that say the characters of a path; "-" is the blank."""
    outputs = labels + "-"
    return sharp * np.eye(len(outputs), dtype=np.float32)[[outputs.index(c) for c in path]]


def read(scores: np.ndarray, labels: str, temperature: float = 1.0) -> Decoded:
    return settle(weigh(scores, labels, None), scores, labels, temperature)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("aab", "ab"),
        ("a-ab", "aab"),
        ("--a-b--", "ab"),
        ("a- -b", "a b"),
        (" a  ", "a"),
        ("----", ""),
        (" - ", ""),
    ],
)
def test_both_decoders_spell_a_text(path: str, text: str) -> None:
    assert best_path(steps(path), "ab ") == text
    decoded = read(steps(path), "ab ")
    assert decoded.text == text
    assert "".join(character.text for character in decoded.characters) == text


def test_characters_stand_where_their_steps_are() -> None:
    first, second = read(steps("--aa----b-"), "ab ").characters
    assert (first.middle, second.middle) == pytest.approx((0.3, 0.85))


def test_a_character_is_no_less_certain_than_its_text() -> None:
    scores = np.log(np.array([[0.6, 0.3, 0.1], [0.9, 0.05, 0.05], [0.2, 0.7, 0.1]], np.float32))
    decoded = read(scores, "bc")  # none of them is common alone
    assert decoded.text == "bc"
    assert [c.confidence for c in decoded.characters] == pytest.approx([0.9, 0.7], abs=0.02)
    assert decoded.candidates[0].confidence <= min(c.confidence for c in decoded.characters)
    softer = read(scores, "bc", 3.0)
    assert softer.candidates[0].confidence < decoded.candidates[0].confidence


def test_what_else_a_character_may_be_divides_the_rest() -> None:
    scores = np.log(np.array([[0.6, 0.3, 0.1]], np.float32))
    (character,) = read(scores, "ab").characters
    assert [other.text for other in character.alternatives] == ["b"]
    assert character.confidence + character.alternatives[0].confidence < 1
