"""A whole training run of the word model: fit, export, calibrate, publish."""

import json
import shutil
from pathlib import Path

from app.recognition.card import MODEL_FILE
from app.recognition.registry import VerifiedModel
from app.training import datasets, words
from app.training.export import to_tflite_of_any_width
from app.training.publishing import (
    KERAS_FILE,
    WRITERS_FILE,
    draft_card,
    keras_content,
    keras_file,
    next_version,
    publish,
)
from app.training.recipes import WordRecipe
from app.training.word_feeding import WordMixture
from app.training.word_fitting import fit_words
from app.training.words import Material


def train_words(
    material: Material,
    recipe: WordRecipe,
    work: Path,
    models: Path,
    command: str,
    beside: tuple[Path, ...] = (),
) -> Path:
    """Fit the word CRNN and publish it as a new version; return its folder.

    work, models and beside are as in train_classifier.

    Raises:
        TrainingError: work holds a run of another recipe, or there is no such parent.
    """
    parent = keras_file("word", recipe.parent, (models, *beside))
    mixture = WordMixture.of(material, steps=recipe.steps)
    development = material.held_out("development")
    watched = {name: words.some(labelled, words.WATCHED) for name, labelled in development.items()}
    model = fit_words(mixture, watched, recipe, work, parent)
    content = to_tflite_of_any_width(model)
    card = draft_card(
        kind="word",
        version=next_version((models, *beside), "word"),
        decoder="ctc",
        labels=list(words.LABELS),
        raster=words.SPEC,
        temperature=1.0,
        sure_above=0.5,
        parent=recipe.parent,
        command=command,
        data=material.describe(),
        metrics={},
        attribution=words.ATTRIBUTION,
    )
    manifests = {name: datasets.manifest(parts) for name, parts in material.by_name().items()}
    contents = {
        MODEL_FILE: content,
        KERAS_FILE: keras_content(model),
        WRITERS_FILE: json.dumps(manifests, indent=0).encode(),
    }
    folder = publish(models, words.calibrated(VerifiedModel(card, content), development), contents)
    shutil.rmtree(work)
    return folder
