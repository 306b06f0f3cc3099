"""A whole training run: fit, export, calibrate, publish."""

import json
import shutil
import tempfile
from pathlib import Path

import keras

from app.errors import TrainingError
from app.recognition.card import MODEL_FILE, SCRIBBLE, ModelCard
from app.recognition.registry import VerifiedModel
from app.training import datasets, digits
from app.training.augmentation import SCANNED
from app.training.export import to_tflite
from app.training.feeding import Mixture
from app.training.fitting import Recipe, expect_fewer, fit_digit
from app.training.publishing import KERAS_FILE, draft_card, next_version, publish

OTHERS_LOG_ODDS = 3.0  # by which characters that are no digits are rarer where digits are meant
SMOKE_RECIPE = Recipe(epochs=2, width=8)


def train_digit(
    material: digits.Material,
    recipe: Recipe,
    work: Path,
    models: Path,
    command: str,
    beside: tuple[Path, ...] = (),
) -> Path:
    """Fit the digit CNN and publish it as a new version; return the version's folder.

    work holds the checkpoint from which a run that was cut short goes on; it is removed once the
    version is published. beside are further folders of models: the parent may lie there, and the
    new version shares its name with none of theirs.

    Raises:
        TrainingError: work holds a run of another recipe, or there is no such parent.
    """
    parent = _keras_file_of(recipe.parent, (models, *beside)) if recipe.parent else None
    mixture = Mixture(
        material.drawn["train"],
        digits.training_pictures(material, work / "photographs.npy"),
        digits.plain_others(material.others["train"]),
        digits.SPEC,
        drawn_repeats=recipe.drawn_repeats,
        picture_strength=SCANNED.times(recipe.strength),
    )
    development = {
        name: (frames, datasets.classes(labels))
        for name, (frames, labels) in material.held_out("development").items()
    }
    model = fit_digit(mixture, development, recipe, work, parent)
    expect_fewer(model, datasets.OUTPUTS.index(datasets.OTHER), OTHERS_LOG_ODDS)
    content = to_tflite(model, digits.examples(material))
    card = _card(material, next_version((models, *beside), "digit"), recipe.parent, command)
    contents = {
        MODEL_FILE: content,
        KERAS_FILE: _keras_file(model),
        digits.WRITERS_FILE: json.dumps(datasets.manifest(material.drawn), indent=0).encode(),
    }
    folder = publish(models, digits.calibrated(VerifiedModel(card, content), material), contents)
    shutil.rmtree(work)
    return folder


def _card(material: digits.Material, version: str, parent: str | None, command: str) -> ModelCard:
    return draft_card(
        kind="digit",
        version=version,
        decoder="classes",
        labels=list(datasets.DIGITS),
        rejects=[datasets.OTHER, SCRIBBLE],
        raster=digits.SPEC,
        temperature=1.0,
        sure_above=0.5,
        parent=parent,
        command=command,
        data=material.describe(),
        metrics={},
        attribution=digits.ATTRIBUTION,
    )


def _keras_file_of(version: str, folders: tuple[Path, ...]) -> Path:
    for folder in folders:
        path = folder / "digit" / version / KERAS_FILE
        if path.is_file():
            return path
    raise TrainingError(f"There is no digit {version} to start from.")


def _keras_file(model: keras.Model) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / KERAS_FILE
        model.save(path)
        return path.read_bytes()
