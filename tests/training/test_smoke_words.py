"""Train and evaluate the word model as a person would, on made-up ink."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import scripts.train
from app.errors import ModelError, TrainingError
from app.recognition.recognizer import Recognizer
from app.recognition.registry import Registry
from app.training import words
from app.training.recipes import WordRecipe
from app.training.word_runs import train_words

from ..inks import written
from .trials import script, train


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return train(tmp_path_factory.mktemp("models"), ["word"])


def test_evaluating_prints_figures_and_writes_them_to_the_card(
    models: Path, tmp_path: Path
) -> None:
    options = ("--smoke", "--models", str(models), "--report", str(tmp_path))
    run = script("scripts.evaluate", "word", *options)
    assert run.returncode == 0, run.stderr
    for row in ("MNIST test", "strokes, words that no list has", "strokes, the same, expected"):
        assert row in run.stdout
    folder = models / "word" / "v1"
    found = json.loads((folder / "card.json").read_text())["metrics"]["UNIPEN test, strokes"]
    assert found["rates"]["samples"] == words.SMOKE_SAMPLES
    share = found["rates"]["exact"]
    assert 0 <= share <= 1
    pages = ((folder / "MODEL_CARD.md").read_text(), (tmp_path / "word.md").read_text())
    for shown in (run.stdout, *pages):
        assert f"{share:.2%}" in shown
    Registry(models).load("word", "v1")  # the rewritten card still verifies
    with Image.open(tmp_path / "word-errors.png") as sheet:
        assert sheet.width > 100


def test_one_part_can_be_measured_alone(models: Path, tmp_path: Path) -> None:
    card = models / "word" / "v1" / "card.json"
    before = card.read_bytes()
    command = ("scripts.evaluate", "word", "--smoke", "--models", str(models))
    run = script(*command, "--part", "development")
    assert run.returncode == 0, run.stderr
    assert "UNIPEN development, strokes" in run.stdout
    assert "UNIPEN test" not in run.stdout
    assert card.read_bytes() == before
    refused = script(*command, "--part", "development", "--report", str(tmp_path))
    assert refused.returncode == 2
    assert "--part or --report" in refused.stderr


def test_telling_kinds_apart_is_measured(models: Path, tmp_path: Path) -> None:
    run = script(
        "scripts.evaluate", "auto", "--smoke", "--models", str(models), "--report", str(tmp_path)
    )
    assert run.returncode == 0, run.stderr
    for name in ("UNIPEN test, digits, strokes", "UNIPEN contributors, words, pictures", "spirals"):
        assert name in run.stdout
    assert run.stdout.strip() in (tmp_path / "auto.md").read_text()


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # of Keras
def test_a_word_model_goes_on_from_its_parent_network_by_network(
    models: Path, tmp_path: Path
) -> None:
    """In one process, because Keras is slow to import."""
    shutil.copytree(models / "word", tmp_path / "word")
    brief = ("--smoke", "--epochs", "1", "--steps", "1")
    choice = ("--doubtful", "0.1", "--parted", "--soup")
    for more in (
        ("--network", "trajectory", "--parent", "v1"),
        ("--parent", "v2", "--steps", "2", *choice),  # the rate begins at nothing
        ("--network", "picture", "--parent", "v3"),
    ):
        assert not scripts.train.main(["word", *brief, "--models", str(tmp_path), *more])
    first, second, third, fourth = (
        Recognizer(Registry(tmp_path).load("word", version)) for version in ("v1", "v2", "v3", "v4")
    )
    assert [one.card.parent for one in (second, third, fourth)] == ["v1", "v2", "v3"]
    assert (tmp_path / "word" / "CURRENT").read_text().strip() == "v1"  # no champion without proof
    ink = written("27")
    seen = [one.scores(one.frame(ink)) for one in (first, second, third)]
    np.testing.assert_allclose(seen[0], seen[1], atol=1e-4)
    assert not np.allclose(seen[1], seen[2], atol=1e-4)
    with pytest.raises(ModelError, match="no network that follows the pen"):
        first.scores_of_pen(ink)
    assert second.scores_of_pen(ink).shape[1] == second.card.outputs
    np.testing.assert_allclose(second.scores_of_pen(ink), third.scores_of_pen(ink), atol=1e-4)
    frame = fourth.frame(ink)
    np.testing.assert_allclose(third.scores(frame), fourth.scores(frame), atol=1e-4)
    np.testing.assert_allclose(third.scores_of_pen(ink), fourth.scores_of_pen(ink), atol=1e-4)
    assert fourth.scores_of_picture(frame).shape == fourth.scores(frame).shape
    with pytest.raises(ModelError, match="no network for pictures"):
        third.scores_of_picture(frame)


def test_what_follows_the_pen_needs_a_parent(tmp_path: Path) -> None:
    recipe = WordRecipe(network="trajectory")
    with pytest.raises(TrainingError, match="--parent"):
        train_words(words.smoke_material(), recipe, tmp_path, tmp_path, "")


def test_a_kind_without_a_model_cannot_be_measured(tmp_path: Path) -> None:
    run = script(
        "scripts.evaluate", "word", "--smoke", "--models", str(tmp_path), "--version", "v9999"
    )
    assert run.returncode == 1
    assert "There is no word v9999" in run.stderr


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # of Keras
def test_a_soup_is_the_mean_of_two_networks() -> None:
    from app.training.word_fitting import mix_in, network

    recipe = WordRecipe(width=8, units=8)
    child, parent = network(recipe), network(recipe)
    weights = [one.get_weights() for one in (child, parent)]
    mix_in(child, parent)
    for mean, *two in zip(child.get_weights(), *weights, strict=True):
        np.testing.assert_allclose(mean, np.mean(two, axis=0), atol=1e-6)
