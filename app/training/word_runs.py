"""A whole training run of the word model: fit, export, calibrate, publish."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

from app.recognition.card import MODEL_FILE, ModelCard
from app.recognition.lexicon import load_lexicon
from app.recognition.recognizer import Recognizer
from app.recognition.registry import Registry, VerifiedModel
from app.training import datasets, words
from app.training.cleaning import without_doubtful
from app.training.corrections import NONE, Corrections
from app.training.export import to_tflite_of_any_width
from app.training.parting import parted
from app.training.publishing import (
    KERAS_FILE,
    WRITERS_FILE,
    crown_the_first,
    draft_card,
    keras_content,
    keras_file,
    next_version,
    publish,
)
from app.training.recipes import WordRecipe
from app.training.recutting import cut_up
from app.training.word_feeding import WordMixture
from app.training.word_fitting import fit_words
from app.training.words import Material

PIECES_OF_ALL_LINES = 0.26  # share of what trains where the parent parts lines, too


def train_words(
    material: Material,
    recipe: WordRecipe,
    work: Path,
    models: Path,
    command: str,
    beside: tuple[Path, ...] = (),
    corrections: Corrections = NONE,
) -> Path:
    """Fit the word CRNN and publish it as a new version; return its folder.

    work, models, beside and corrections are as in train_classifier.

    Raises:
        TrainingError: work holds a run of another recipe, or there is no such parent.
    """
    parent = keras_file("word", recipe.parent, (models, *beside))
    mixture = corrections.among_lines(_mixture(material, recipe, (models, *beside)))
    development = material.held_out("development")
    watched = {name: words.some(labelled, words.WATCHED) for name, labelled in development.items()}
    model, curve = fit_words(mixture, watched, recipe, work, parent)
    content = to_tflite_of_any_width(model)
    card = _card(material, next_version((models, *beside), "word"), recipe.parent, command)
    card = card.model_copy(update={"data": card.data | corrections.describe(), "curve": curve})
    manifests = {name: datasets.manifest(parts) for name, parts in material.by_name().items()}
    contents = {
        MODEL_FILE: content,
        KERAS_FILE: keras_content(model),
        WRITERS_FILE: json.dumps(manifests, indent=0).encode(),
    }
    calibrated = words.calibrated(VerifiedModel(card, content), development, load_lexicon())
    folder = publish(models, calibrated, contents)
    crown_the_first(folder, Registry(models, *beside))
    shutil.rmtree(work)
    return folder


def _mixture(material: Material, recipe: WordRecipe, folders: tuple[Path, ...]) -> WordMixture:
    """Return all that trains.

    Where the recipe says so, that is with the lines that the parent parts, without what it doubts,
    and with the words joined of fragments that it cuts.
    """
    mixture = WordMixture.of(material, steps=recipe.steps)
    if not recipe.parent:
        return mixture
    judge = Recognizer(Registry(*folders).load("word", recipe.parent))
    if recipe.parted:
        pieces = mixture.pieces.joined(parted(material.uncut["train"], judge))
        mixture = replace(mixture, pieces=pieces, pieces_share=PIECES_OF_ALL_LINES)
    if recipe.doubtful:
        mixture = replace(
            mixture,
            words=without_doubtful(mixture.words, judge, recipe.doubtful, "words"),
            pieces=without_doubtful(mixture.pieces, judge, recipe.doubtful, "pieces"),
        )
    return replace(mixture, fragments=cut_up(mixture.words, judge)) if recipe.joined else mixture


def _card(material: Material, version: str, parent: str | None, command: str) -> ModelCard:
    return draft_card(
        kind="word",
        version=version,
        decoder="ctc",
        labels=list(words.LABELS),
        raster=words.SPEC,
        temperature=1.0,
        sure_above=0.5,
        parent=parent,
        command=command,
        data=material.describe(),
        metrics={},
        attribution=words.ATTRIBUTION,
    )
