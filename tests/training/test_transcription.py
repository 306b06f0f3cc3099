import numpy as np
import pytest

from app.recognition.lexicon import Lexicon, Words
from app.recognition.lines import weigh
from app.training.transcription import Transcripts, confusions, error_rates, fit_temperature

LABELS = "abc"


def test_error_rates_of_a_known_case() -> None:
    found = error_rates(["abcd", "Ef gh"], ["abed", "ef gh"])
    assert (found.samples, found.exact) == (2, 0.0)
    assert found.characters == pytest.approx(2 / 9)
    assert found.words == pytest.approx(2 / 3)
    assert found.caseless_characters == pytest.approx(1 / 9)
    assert found.caseless_words == pytest.approx(1 / 3)


def test_an_empty_reading_is_all_deletions() -> None:
    assert error_rates(["abc"], [""]).characters == 1.0


def test_confusions_are_counted() -> None:
    found = confusions(["abc", "abc", "abc"], ["abd", "abd", "ab"], 5)
    assert found == [("c", "d", 2), ("c", "", 1)]


def test_the_fitted_temperature_makes_confidence_true() -> None:
    """Texts of one letter, drawn from what the logits say, and the logits made too sharp."""
    rng = np.random.default_rng(0)
    true = rng.normal(size=(4_000, 3)) * 2
    texts = [LABELS[i] for i in (true + rng.gumbel(size=true.shape)).argmax(axis=1)]
    blank = np.full((4_000, 1), -50.0)
    logits = np.concatenate([true * 3, blank], axis=1).astype(np.float32)[:, None]
    lines = [weigh(scores, LABELS, None) for scores in logits]
    assert fit_temperature(Transcripts(list(logits), lines, texts, LABELS)) == pytest.approx(
        3.0, rel=0.1
    )


def test_what_a_lexicon_changes_is_told_apart() -> None:
    """Ink that is "ab" by a little, where only "ac" is a word."""
    scores = np.full((4, 4), -9.0, np.float32)
    scores[[0, 1, 3], [0, 3, 3]] = 9.0
    scores[2, 1:3] = 3.0, 2.5
    lines = [weigh(scores, LABELS, Lexicon({"": Words({"ac": 1, "abbabba": 1})}))]
    read = Transcripts([scores], lines, ["ac"], LABELS)
    assert (read.greedy(), read.free(), read.readings()) == (["ab"], ["ab"], ["ac"])
