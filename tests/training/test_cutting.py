"""Characters are cut out of words by the model that ships."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.errors import TrainingError
from app.recognition.recognizer import Recognizer
from app.recognition.registry import SHIPPED, Registry
from app.training import characters, cutting
from app.training.classifiers import mixture_of
from app.training.cutting import cut_out
from app.training.datasets import OTHER, Drawn
from app.training.recipes import Recipe

from ..inks import written


@pytest.fixture(scope="module")
def judge() -> Recognizer:
    registry = Registry(SHIPPED)
    return Recognizer(registry.load("word", registry.champion("word")))


def lines(**texts: str) -> list[Drawn]:
    """A line of each writer."""
    return [Drawn([written(text)], [text], [writer]) for writer, text in texts.items()]


def test_characters_are_cut_out_of_words_with_their_writers(judge: Recognizer) -> None:
    found = cut_out(lines(anna="1984", bert="MARK"), judge)
    written = {*(("anna", digit) for digit in "1984"), *(("bert", letter) for letter in "MARK")}
    pairs = list(zip(found.writers, found.labels, strict=True))
    assert set(pairs) <= written
    assert len(pairs) == len(set(pairs)) >= 6  # some may stand too near for a cut
    assert all(ink.paths for ink in found.inks)


def test_of_one_label_there_are_not_too_many(
    judge: Recognizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cutting, "MOST", 2)
    many = lines(a="1984", b="1984", c="1984", d="MARK")
    counts = Counter(cut_out(many, judge).labels)
    assert counts["8"] == 2
    assert counts["A"] == 1
    monkeypatch.setattr(cutting, "MOST", 3)
    assert Counter(cut_out(many, judge).labels)["8"] == 3


def test_words_that_are_misread_yield_nothing(judge: Recognizer) -> None:
    assert not len(cut_out([Drawn([written("1984")], ["mnop"], ["anna"])], judge))


def test_what_is_cut_out_trains_beside_what_was_written_alone(
    judge: Recognizer, tmp_path: Path
) -> None:
    material = characters.smoke_material()
    cut = cut_out(lines(anna="MARK"), judge)
    recipe = Recipe("character", drawn_repeats=1, network="trajectory")
    with_cut = mixture_of(replace(material, cut=cut), recipe, tmp_path)
    assert len(with_cut.drawn) == len(mixture_of(material, recipe, tmp_path).drawn) + 4
    told = replace(material, cut=cut).describe()
    assert told["UNIPEN characters cut out of lines"]["train"]["samples"] == 4
    assert "UNIPEN characters cut out of lines" not in material.describe()


def test_what_lines_are_full_of_is_told_to_be_rarer_alone(judge: Recognizer) -> None:
    material = characters.smoke_material()
    other = material.task.outputs.index(OTHER)
    assert material.rarer() == {other: material.task.others_log_odds}
    cut = cut_out(lines(anna="MARK", bert="MARK"), judge)
    rarer = replace(material, cut=cut).rarer()
    assert rarer.keys() == {*range(len(material.task.labels)), other}
    log_odds = {label: rarer[output] for output, label in enumerate(material.task.labels)}
    assert min(log_odds[letter] for letter in "MARK") > max(
        odds for label, odds in log_odds.items() if label not in "MARK"
    )
    alone = Counter(material.drawn["train"].labels)
    shown = sum(np.exp(log_odds[label]) * (alone[label] + 1) for label in log_odds)
    assert shown == pytest.approx(sum(alone[label] + 1 for label in log_odds))


def test_pictures_of_characters_have_no_network_of_their_own(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="choose frames or trajectory"):
        mixture_of(characters.smoke_material(), Recipe("character", network="picture"), tmp_path)
