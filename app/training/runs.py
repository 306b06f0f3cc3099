"""A whole training run: fit, export, calibrate, publish."""

import shutil
from pathlib import Path

import numpy as np

from app.recognition.card import ModelCard
from app.recognition.registry import Registry, VerifiedModel
from app.training import classifiers, datasets
from app.training.classifiers import Material
from app.training.corrections import NONE, Corrections
from app.training.export import to_tflite
from app.training.fitting import expect_frames, fit_classifier, with_inherited
from app.training.publishing import (
    contents_of,
    crown_the_first,
    draft_card,
    network_files,
    next_version,
    publish,
)
from app.training.recipes import Recipe


def train_classifier(
    material: Material,
    recipe: Recipe,
    work: Path,
    models: Path,
    command: str,
    beside: tuple[Path, ...] = (),
    corrections: Corrections = NONE,
) -> Path:
    """Fit a network over single characters, publish it as a new version, return its folder.

    The other network, where there is one, is the parent's. work holds the checkpoint from which a
    run that was cut short goes on; it is removed once the version is published. beside are further
    folders of models: the parent may lie there, and the new version shares its name with none of
    theirs. Corrections train among the material.

    Raises:
        TrainingError: work holds a run of another recipe, or there is no such parent.
    """
    task = material.task
    inherited = network_files(task.kind, recipe.parent, (models, *beside))
    expect_frames(recipe.network, inherited)
    photographs = (material.folder or work) / "photographs"
    mixture = classifiers.mixture_of(material, recipe, photographs)
    mixture = corrections.among(mixture)
    way = task.trajectory if recipe.network == "trajectory" else None
    development = material.held_out("development")
    watched = {
        name: (np.stack(inputs), datasets.classes(labels, task.outputs))
        for name, (views, labels) in development.items()
        if (inputs := datasets.inputs_of(views, task.spec, way))
    }
    start = inherited.get(recipe.network)
    model, curve = fit_classifier(mixture, watched, recipe, work, start, material.rarer())
    networks = with_inherited(model, recipe.network, inherited)
    content = to_tflite(*networks.values(), examples=classifiers.examples(material))
    card = _card(material, next_version((models, *beside), task.kind), recipe.parent, command)
    data = card.data | corrections.describe()
    follows = task.trajectory if "trajectory" in networks else None
    card = card.model_copy(update={"data": data, "curve": curve, "trajectory": follows})
    card = classifiers.calibrated(VerifiedModel(card, content), development, task)
    contents = contents_of(content, networks, datasets.manifest(material.drawn))
    folder = publish(models, card, contents)
    crown_the_first(folder, Registry(models, *beside))
    shutil.rmtree(work)
    return folder


def _card(material: Material, version: str, parent: str | None, command: str) -> ModelCard:
    task = material.task
    return draft_card(
        kind=task.kind,
        version=version,
        decoder="classes",
        labels=list(task.labels),
        rejects=list(datasets.REJECTS),
        raster=task.spec,
        temperature=1.0,
        sure_above=0.5,
        parent=parent,
        command=command,
        data=material.describe(),
        metrics={},
        attribution=list(task.attribution),
    )
