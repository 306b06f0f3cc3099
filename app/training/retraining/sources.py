"""Every kind's material, and how a challenger of it is trained."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Protocol, cast

from app.ink.labelled import LabelledInk
from app.recognition.card import Kind
from app.training import characters, classifiers, digits, smoke, words
from app.training.corrections import Corrections
from app.training.datasets import Drawn
from app.training.recipes import Recipe, WordRecipe
from app.training.retraining.proof import InkSet

AnyRecipe = Recipe | WordRecipe
AnyMaterial = classifiers.Material | words.Material
PARTS = ("test", "contributors")
SMOKE_SEED = 9
PHOTOGRAPHS = 0.5  # of each drawn ink: the champion has learned of more
LINES_PHOTOGRAPHED = 3_000  # for the same reason


class Train(Protocol):
    """How a version is trained: train_classifier, train_words."""

    def __call__(
        self,
        material: AnyMaterial,
        recipe: AnyRecipe,
        work: Path,
        models: Path,
        command: str,
        beside: tuple[Path, ...],
        corrections: Corrections,
    ) -> Path:
        """Train, publish, return the folder."""


def load_material(kind: Kind, data: Path, prepared: Path) -> AnyMaterial:
    """Load a kind's base data; prepared keeps what takes minutes to make.

    Raises:
        CorpusError: the data are missing or damaged.
    """
    if kind == "word":
        return words.load_material(data, prepared, LINES_PHOTOGRAPHED)
    source = digits if kind == "digit" else characters
    material: classifiers.Material = source.load_material(data, prepared)
    fewer = replace(material.task, photographs=min(material.task.photographs, PHOTOGRAPHS))
    return replace(material, task=fewer)


def drawn(material: AnyMaterial) -> dict[str, Drawn]:
    """Return what people drew of a kind's labels, by part."""
    return material.words if isinstance(material, words.Material) else material.drawn


def smoke_material(kind: Kind) -> AnyMaterial:
    """Make up a little ink, for a whole run in seconds."""
    if kind == "word":
        return words.smoke_material()
    return digits.smoke_material() if kind == "digit" else characters.smoke_material()


def smoke_corrections(kind: Kind, count: int) -> list[LabelledInk]:
    """Make up corrections, other ink than that of smoke_material."""
    makers = {"digit": smoke.drawn, "character": smoke.characters, "word": smoke.words}
    made = makers[kind](count, SMOKE_SEED)["train"]
    rows = enumerate(zip(made.inks, made.labels, strict=True))
    return [LabelledInk(f"made-up-{i}", ink, label, kind) for i, (ink, label) in rows]


def frozen_sets(kind: Kind, material: AnyMaterial) -> Iterator[InkSet]:
    """Yield the ink that no model trains on and that holds no correction, with its texts."""
    for part in PARTS:
        for name, (views, texts) in material.held_out(part).items():
            if texts:
                yield InkSet(name, kind, views, texts)


def train(kind: Kind) -> Train:
    """Return what trains a kind; Keras takes seconds to come."""
    if kind == "word":
        from app.training.word_runs import train_words  # noqa: PLC0415

        return cast(Train, train_words)
    from app.training.runs import train_classifier  # noqa: PLC0415

    return cast(Train, train_classifier)
