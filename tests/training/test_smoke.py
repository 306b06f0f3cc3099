"""Train and evaluate as a person would, on made-up ink."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.errors import TrainingError
from app.ink.views import View
from app.recognition.likelihood import log_softmax
from app.recognition.recognizer import Recognizer
from app.recognition.registry import SHIPPED, Registry
from app.training.publishing import next_version
from app.training.recipes import Recipe
from scripts.evaluate import described

from ..inks import written
from .trials import script, train

KINDS = ["digit", "character"]
SAMPLES = {"digit": 100, "character": 188}  # in each part of the made-up ink


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return train(tmp_path_factory.mktemp("models"), KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_evaluating_prints_figures_and_writes_them_to_the_card(
    models: Path, kind: str, tmp_path: Path
) -> None:
    run = script(
        "scripts.evaluate", kind, "--smoke", "--models", str(models), "--report", str(tmp_path)
    )
    assert run.returncode == 0, run.stderr
    assert ("MNIST test" in run.stdout) == (kind == "digit")
    folder = models / kind / "v1"
    card = json.loads((folder / "card.json").read_text())
    found = card["metrics"]["UNIPEN test, strokes"]
    assert found["samples"] == SAMPLES[kind]
    share = found["accuracy"]
    assert 0 <= share <= 1
    for shown in (run.stdout, (folder / "MODEL_CARD.md").read_text()):
        assert f"{share:.2%}" in shown
    assert set(card["refusals"]["spirals, strokes"]) == {"samples", "unsure_share", "empty_share"}
    assert "spirals, pictures" in run.stdout
    Registry(models).load(kind, "v1")  # type: ignore[arg-type]  # the rewritten card still verifies
    page = (tmp_path / f"{kind}.md").read_text()
    assert f"{share:.2%}" in page
    if f"{kind}-errors.png" in page:  # made-up digits may be too easy for errors
        with Image.open(tmp_path / f"{kind}-errors.png") as sheet:
            assert sheet.width > 100


def test_preparing_counts_the_ink_and_shows_it(tmp_path: Path) -> None:
    run = script("scripts.prepare", "unipen", "--smoke", "--sheet", str(tmp_path / "sheet.png"))
    assert run.returncode == 0, run.stderr
    assert run.stdout.count(" 24 by    5 writers") == 9
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.width > 200


@pytest.mark.parametrize(
    ("name", "kind"), [("train", "digit"), ("train", "word"), ("evaluate", "digit")]
)
def test_missing_data_is_named(tmp_path: Path, name: str, kind: str) -> None:
    run = script(f"scripts.{name}", kind, "--data", str(tmp_path), INKLOOP_VAR=str(tmp_path))
    assert run.returncode == 1
    assert "INKLOOP_DATA" in run.stderr.splitlines()[-1]


def test_a_character_model_gets_a_network_that_follows_the_pen(
    models: Path, tmp_path: Path
) -> None:
    shutil.copytree(models / "character", tmp_path / "character")
    again = ("scripts.train", "character", "--smoke", "--epochs", "1", "--models", str(tmp_path))
    for more in (("--network", "trajectory", "--parent", "v1"), ("--parent", "v2")):
        run = script(*again, *more)
        assert run.returncode == 0, run.stderr
    first, second, third = (
        Recognizer(Registry(tmp_path).load("character", version)) for version in ("v1", "v2", "v3")
    )
    ink = written("7")
    frame, seen = second.frame(ink), second.view(ink)
    picture, pen = second.scores(frame), second.scores_of_pen(ink)
    assert pen.shape == picture.shape
    np.testing.assert_allclose(picture, first.scores(frame), atol=1e-2)  # int8's ranges are new
    np.testing.assert_allclose(pen, third.scores_of_pen(ink), atol=1e-2)
    logs = [log_softmax(scores) for scores in (picture, pen)]
    np.testing.assert_allclose(second.scores_of(seen), np.mean(logs, axis=0), atol=1e-5)
    np.testing.assert_array_equal(second.scores_of(View(frame)), picture)  # a picture has no pen


def test_nothing_follows_the_pen_of_a_digit(models: Path, tmp_path: Path) -> None:
    again = ("scripts.train", "digit", "--smoke", "--models", str(models))
    run = script(*again, "--network", "trajectory", "--parent", "v1")
    assert run.returncode == 1
    assert (
        run.stderr.splitlines()[-1]
        == "A model of a digit has no network trajectory: choose frames."
    )


@pytest.mark.parametrize("others", [("digit",), ("character", "--smoke")])
def test_only_characters_that_people_wrote_are_cut_out(others: tuple[str, ...]) -> None:
    run = script("scripts.train", *others, "--cut", "v9")
    assert run.returncode == 2
    assert "--cut is for characters" in run.stderr


def test_a_new_version_shares_its_name_with_none_of_another_folder(
    models: Path, tmp_path: Path
) -> None:
    assert next_version((tmp_path,), "digit") == "v1"
    assert next_version((tmp_path, models), "digit") == "v2"


@pytest.mark.parametrize("name", ["train", "evaluate"])
def test_help_shows_a_command_for_every_kind(name: str) -> None:
    run = script(f"scripts.{name}", "--help")
    assert run.returncode == 0
    assert all(f"python -m scripts.{name} {kind}" in run.stdout for kind in [*KINDS, "word"])


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # of Keras
def test_a_run_that_was_cut_short_goes_on_and_another_recipe_is_refused(tmp_path: Path) -> None:
    """Fit one epoch of two, then the second one, in one process: Keras is slow to import."""
    from app.training import classifiers, digits, runs
    from app.training.fitting import Progress, fit_classifier

    material = digits.smoke_material()
    recipe = Recipe(epochs=2, width=8)
    mixture = classifiers.mixture_of(material, recipe, tmp_path / "photographs")

    class Cut(Exception):
        pass

    def cut_after_one(progress: Progress, row: dict[str, float]) -> None:
        note(progress, row)
        raise Cut

    note = Progress.note
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Progress, "note", cut_after_one)
        with pytest.raises(Cut):
            fit_classifier(mixture, {}, recipe, tmp_path)
    assert [row["epoch"] for row in Progress.of(tmp_path, recipe).curve] == [1]
    fit_classifier(mixture, {}, recipe, tmp_path)
    assert [row["epoch"] for row in Progress.of(tmp_path, recipe).curve] == [1, 2]
    with pytest.raises(TrainingError, match="another recipe"):
        fit_classifier(mixture, {}, Recipe(epochs=3, width=8), tmp_path)
    with pytest.raises(TrainingError, match="no digit v9"):
        runs.train_classifier(material, Recipe(parent="v9"), tmp_path, tmp_path, "none")


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # of Keras
def test_a_parent_with_fewer_outputs_hands_on_what_it_knows() -> None:
    from app.training.architectures import character_cnn
    from app.training.fitting import inherit

    parent, child = (character_cnn("digit", 28, 4, outputs, width=8) for outputs in (10, 12))
    inherit(child, parent)
    frames = np.random.default_rng(0).random((3, 28, 28, 4)).astype(np.float32)
    known, all_of_them = (model(frames).numpy() for model in (parent, child))
    np.testing.assert_allclose(all_of_them[:, :10], known, atol=1e-5)
    assert not all_of_them[:, 10:].any()
    with pytest.raises(TrainingError, match="width"):
        inherit(character_cnn("digit", 28, 4, 12, width=4), parent)


def test_measuring_leaves_what_trained_a_model_as_its_card_says() -> None:
    """The split of writers may have changed since."""
    registry = Registry(SHIPPED)
    card = registry.load("digit", registry.champions("digit")[0]).card
    trained = card.data["UNIPEN digits"]["train"]
    now = {"UNIPEN digits": {"train": {"samples": 1}, "test": {"samples": 2}}, "new": {"test": {}}}
    found = described(card, now)
    assert found["UNIPEN digits"] == {"train": trained, "test": {"samples": 2}} | {
        "development": card.data["UNIPEN digits"]["development"]
    }
    assert found["MNIST"] == card.data["MNIST"]
    assert found["new"] == {"test": {}}
