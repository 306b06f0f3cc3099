"""A whole training run of the word model: fit one of its networks, export, calibrate, publish."""

import shutil
from dataclasses import replace
from pathlib import Path

from app.recognition.card import ModelCard
from app.recognition.recognizer import Aids, Recognizer
from app.recognition.registry import Registry, VerifiedModel
from app.training import datasets, words
from app.training.cleaning import without_doubtful
from app.training.corrections import NONE, Corrections
from app.training.export import to_tflite
from app.training.fitting import expect_frames, with_inherited
from app.training.parting import parted
from app.training.publishing import (
    contents_of,
    crown_the_first,
    draft_card,
    network_files,
    next_version,
    publish,
)
from app.training.recipes import WordRecipe
from app.training.recutting import cut_up
from app.training.word_feeding import MIXTURES, WordMixture
from app.training.word_fitting import fit_words, inputs_of
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
    """Fit the network that a recipe is for, and publish it as a new version; return its folder.

    The other networks are the parent's. work, models, beside and corrections are as in
    train_classifier.

    Raises:
        TrainingError: work holds a run of another recipe, or there is no such parent.
    """
    inherited = network_files("word", recipe.parent, (models, *beside))
    expect_frames(recipe.network, inherited)
    mixture = corrections.among_lines(_mixture(material, recipe, (models, *beside)))
    development = material.held_out("development")
    some = {name: words.some(labelled, words.WATCHED) for name, labelled in development.items()}
    watched = {
        name: (inputs, texts)
        for name, (views, texts) in some.items()
        if (inputs := inputs_of(views, recipe.network))
    }
    model, curve = fit_words(mixture, watched, recipe, work, inherited.get(recipe.network))
    networks = with_inherited(model, recipe.network, inherited)
    content = to_tflite(*networks.values())
    card = _card(material, next_version((models, *beside), "word"), recipe.parent, command)
    has = {
        "trajectory": words.TRAJECTORY if "trajectory" in networks else None,
        "picture": "picture" in networks,
    }
    data = card.data | corrections.describe()
    card = card.model_copy(update={"data": data, "curve": curve} | has)
    manifests = {name: datasets.manifest(parts) for name, parts in material.by_name().items()}
    registry = Registry(models, *beside)
    card = words.calibrated(VerifiedModel(card, content), development, Aids.of(registry))
    folder = publish(models, card, contents_of(content, networks, manifests))
    crown_the_first(folder, registry)
    shutil.rmtree(work)
    return folder


def _mixture(material: Material, recipe: WordRecipe, folders: tuple[Path, ...]) -> WordMixture:
    """Return all that trains.

    Where the recipe says so, that is with the lines that the parent parts, without what it doubts,
    and with the words joined of fragments that it cuts.
    """
    mixture = MIXTURES[recipe.network].of(material, steps=recipe.steps)
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
