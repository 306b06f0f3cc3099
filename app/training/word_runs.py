"""A whole training run of the word model: fit, export, calibrate, publish."""

import json
import shutil
from pathlib import Path

import numpy as np

from app.recognition.card import MODEL_FILE, ModelCard
from app.recognition.recognizer import Recognizer
from app.recognition.registry import VerifiedModel
from app.training import datasets, words
from app.training.evaluation import sure_from
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
from app.training.transcription import (
    LineFigures,
    Transcripts,
    figures,
    fit_temperature,
    transcribe,
)
from app.training.word_feeding import WordMixture
from app.training.word_fitting import fit_words
from app.training.words import Labelled, Material

WATCHED = 3_000  # frames of each sort that are read after every epoch


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
    mixture = WordMixture(
        material.words["train"],
        material.pieces["train"],
        material.characters["train"],
        material.photographs,
        steps=recipe.steps,
    )
    development = material.held_out("development")
    watched = {name: _every(labelled, WATCHED) for name, labelled in development.items()}
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
    writers = {
        "words": material.words,
        "pieces": material.pieces,
        "characters": material.characters,
    }
    manifests = {name: datasets.manifest(parts) for name, parts in writers.items()}
    contents = {
        MODEL_FILE: content,
        KERAS_FILE: keras_content(model),
        WRITERS_FILE: json.dumps(manifests, indent=0).encode(),
    }
    folder = publish(models, calibrated(VerifiedModel(card, content), development), contents)
    shutil.rmtree(work)
    return folder


def calibrated(model: VerifiedModel, development: dict[str, Labelled]) -> ModelCard:
    """Return the card with temperature and threshold fitted to the .tflite's own outputs."""
    recognizer = Recognizer(model)
    found = [
        transcribe(recognizer, *_every(labelled, WATCHED), name)
        for name, labelled in development.items()
    ]
    together = Transcripts.joined(found)
    temperature = fit_temperature(together)
    sure = sure_from(*together.confidences(temperature), words.PRECISION)
    return model.card.model_copy(update={"temperature": temperature, "sure_above": sure})


def evaluate(
    recognizer: Recognizer, material: Material, parts: list[str]
) -> dict[str, LineFigures]:
    """Return the figures of a model on parts that did not train it.

    Words that training had among its labels are counted on their own, too.
    """
    known = set(material.words["train"].labels)
    found = {}
    for part in parts:
        for name, (frames, texts) in material.held_out(part).items():
            read = transcribe(recognizer, frames, texts, name)
            found[name] = figures(read, recognizer.card)
            if name.endswith("strokes"):
                for is_known, which in ((True, "known"), (False, "new")):
                    some = read.where([(text in known) == is_known for text in texts])
                    found[f"{name}, {which} words"] = figures(some, recognizer.card)
    return found


def _every(labelled: Labelled, count: int) -> Labelled:
    """Return at most count frames and texts, at random, always the same ones."""
    frames, texts = labelled
    chosen = np.random.default_rng(0).permutation(len(texts))[:count]
    return [frames[i] for i in chosen], [texts[i] for i in chosen]
