"""Champion and challenger on the same ink: what is lost is named, what is as good passes."""

from dataclasses import replace

import numpy as np
import pytest

from app.ink.strokes import parse_strokes
from app.ink.views import View
from app.recognition.lexicon import load_lexicon
from app.recognition.recognizer import NO_AIDS, Aids, Recognizer
from app.recognition.registry import SHIPPED, Registry, VerifiedModel
from app.training.augmentation import Strength, augment_strokes
from app.training.retraining.proof import InkSet, Proof, prove, read, sort_of

from ..inks import strokes, written

TIMES = 25
REGISTRY = Registry(SHIPPED)
SLIGHT = Strength(as_picture=0.0)


def recognizer(version: str = "", **changes: object) -> Recognizer:
    model = REGISTRY.load("digit", version or REGISTRY.champion("digit"))
    return Recognizer(VerifiedModel(model.card.model_copy(update=changes), model.content))


@pytest.fixture(scope="module")
def digits() -> InkSet:
    rng, spec = np.random.default_rng(0), recognizer().card.raster
    texts = [str(n % 10) for n in range(10 * TIMES)]
    inks = [parse_strokes(strokes(text)) for text in texts]
    views = [View(augment_strokes(ink, spec, rng, SLIGHT)) for ink in inks]
    return InkSet("digits", "digit", views, texts)


@pytest.fixture(scope="module")
def none(digits: InkSet) -> InkSet:
    return replace(digits, name="none", views=[], texts=[])


def proof(
    challenger: Recognizer, digits: InkSet, kept_out: InkSet, first: Recognizer | None = None
) -> Proof:
    return prove(recognizer(), challenger, first, [digits], kept_out, NO_AIDS)


def test_the_same_model_passes(digits: InkSet, none: InkSet) -> None:
    found = proof(recognizer(), digits, none)
    assert found.passed
    assert found.sentence.startswith(
        f"Passed: against {recognizer().card.version}, all samples: 0.00 points"
    )


def test_a_class_that_is_read_as_another_is_named(digits: InkSet, none: InkSet) -> None:
    found = proof(
        recognizer(labels=list("0123456789".translate(str.maketrans("17", "71")))), digits, none
    )
    assert not found.passed
    assert "class 7: " in found.sentence
    assert "class 1: " in found.sentence
    assert "class 4: " not in found.sentence
    told = found.described("v6")
    assert told["passed"] is False
    assert told["sets"]["digits"]["challenger"]["accuracy"] == pytest.approx(0.8, abs=0.03)


def test_what_is_worse_on_corrections_alone_is_refused(digits: InkSet) -> None:
    others = replace(
        digits, name="corrections", texts=[{"1": "7", "7": "1"}.get(t, t) for t in digits.texts]
    )
    found = prove(
        recognizer(labels=list("0723456189")), recognizer(), None, [digits], others, NO_AIDS
    )
    assert not found.passed
    assert "on corrections kept out" in found.sentence
    assert "against" not in found.sentence


def test_small_losses_show_against_the_first_version(digits: InkSet, none: InkSet) -> None:
    shuffled = recognizer(labels=list("1032547698"))
    found = prove(shuffled, shuffled, recognizer("v5"), [digits], none, NO_AIDS)
    assert [q.verdict.passed for q in found.questions] == [True, False]
    assert "against v5, the first" in found.sentence


def test_words_are_read_with_the_lexicon_and_sorted() -> None:
    word = Recognizer(REGISTRY.load("word", REGISTRY.champion("word")))
    texts = ["HAM", "1984"]
    ink = InkSet("words", "word", [word.view(written(text)) for text in texts], texts)
    found = read(word, ink, Aids(load_lexicon()))
    assert found.right(ink).all()
    assert found.error_rate(ink) == 0
    assert (found.losses < 1).all()
    assert ink.classes == ["words with capitals", "numbers"]
    assert [sort_of(t) for t in ("pen", "it's", "a b")] == [
        "words in lower case",
        "words with signs",
        "words in lower case",
    ]
