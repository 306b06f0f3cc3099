"""The digit model: from data to a published version, and its figures."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.ink.raster import RasterSpec
from app.ink.strokes import Strokes
from app.recognition.card import SCRIBBLE, ModelCard
from app.recognition.recognizer import Recognizer
from app.recognition.registry import VerifiedModel
from app.training import datasets, smoke
from app.training.augmentation import in_a_row
from app.training.datasets import DIGIT_LOOK_ALIKES, OTHER, Drawn, Scanned
from app.training.evaluation import (
    Figures,
    Refusals,
    Scores,
    figures,
    fit_sure_threshold,
    fit_temperature,
    refusals,
    run,
    score,
)
from app.training.photographs import photographed
from app.training.scribbles import scribble, unseen_scribbles

SPEC = RasterSpec()
WRITERS_FILE = "writers.json"
SMOKE_SAMPLES = 100
COST = 0.005  # share of right readings that may become unsure, for the sake of what is no digit
PHOTOGRAPHER = 1  # seeds of what a model is measured on; training has others
SCRIBBLER = 1
SCRIBBLES = 1_000  # of each sort
PHOTOGRAPHS = 2  # of each digit
EXAMPLES = 400  # of each sort, from which the int8 ranges are taken
ATTRIBUTION = [
    "MNIST by Y. LeCun, C. Cortes and C. J. C. Burges, CC BY-SA 3.0",
    "UNIPEN train_r01_v07 by the International Unipen Foundation, CC BY 4.0, "
    "doi 10.5281/zenodo.1195803; I. Guyon et al., ICPR 1994, doi 10.1109/ICPR.1994.576870",
]

Frames = NDArray[np.float32]


@dataclass(frozen=True)
class Material:
    """Drawn and scanned digits and drawn characters that are none, by part."""

    drawn: dict[str, Drawn]
    scanned: dict[str, Scanned]
    others: dict[str, Drawn]

    def describe(self) -> dict[str, Any]:
        """Return counts and sha256 of every part, for the card."""
        drawn = {
            part: {"samples": len(d.labels), "writers": len(set(d.writers)), "sha256": d.digest()}
            for part, d in self.drawn.items()
        }
        scanned = {
            part: {"samples": len(s.labels), "sha256": s.digest()}
            for part, s in self.scanned.items()
        }
        return {"UNIPEN digits": drawn, "MNIST": scanned}

    def held_out(self, part: str) -> dict[str, tuple[Frames, list[str]]]:
        """Return the frames and labels of a part, strokes as pictures and photographs too."""
        sets: dict[str, tuple[Frames, list[str]]] = {}
        drawn, scanned = self.drawn[part], self.scanned.get(part)
        if drawn.labels:
            frames = datasets.drawn_frames(drawn, SPEC)
            pictures = frames.copy()
            pictures[..., 1:] = 0.0
            sets[f"UNIPEN {part}, strokes"] = frames, drawn.labels
            sets[f"UNIPEN {part}, pictures"] = pictures, drawn.labels
            photographs = datasets.picture_frames(photographed(drawn.inks, SPEC, PHOTOGRAPHER))
            sets[f"UNIPEN {part}, photographs"] = photographs, drawn.labels
        if scanned is not None:
            sets[f"MNIST {part}"] = datasets.picture_frames(scanned.inks), scanned.labels
        return sets


def training_pictures(material: Material, cache: Path) -> Scanned:
    """Return the scanned digits, and photographs of drawn ink of every sort; cache keeps these.

    Every digit is photographed twice. It takes minutes, so a run that is resumed finds the
    photographs again.
    """
    drawn, scanned = material.drawn["train"], material.scanned["train"]
    rng = np.random.default_rng(0)
    others = plain_others(material.others["train"])
    some = rng.permutation(len(others.labels))[: len(drawn.labels) // 3]
    scribbles = [scribble(rng) for _ in range(len(drawn.labels) // 6)]
    inks = [*drawn.inks * PHOTOGRAPHS, *(others.inks[i] for i in some), *scribbles]
    labels = [*drawn.labels * PHOTOGRAPHS, *[OTHER] * len(some), *[SCRIBBLE] * len(scribbles)]
    if cache.exists():
        frames = np.load(cache)
    else:
        frames = photographed(inks, SPEC, seed=0)
        cache.parent.mkdir(parents=True, exist_ok=True)
        np.save(cache, frames)
    is_seen = frames.any(axis=(1, 2))
    kept = [label for label, seen in zip(labels, is_seen, strict=True) if seen]
    return Scanned(np.concatenate([scanned.inks, frames[is_seen]]), [*scanned.labels, *kept])


def plain_others(drawn: Drawn) -> Drawn:
    """Return the characters that nobody takes for a digit."""
    keep = [i for i, label in enumerate(drawn.labels) if label not in DIGIT_LOOK_ALIKES]
    return Drawn(
        [drawn.inks[i] for i in keep],
        [drawn.labels[i] for i in keep],
        [drawn.writers[i] for i in keep],
    )


def load_material(data: Path) -> Material:
    """Load UNIPEN's digits and MNIST from a data folder.

    Raises:
        CorpusError: one of them is missing or damaged.
    """
    drawn, others = datasets.drawn_characters(data)
    return Material(drawn, datasets.scanned_digits(data, SPEC), others)


def smoke_material() -> Material:
    """Make up a little ink, for a whole run in seconds."""
    drawn, scanned = smoke.drawn(SMOKE_SAMPLES, 1), smoke.scanned(SMOKE_SAMPLES, 1, SPEC)
    return Material(drawn, scanned, smoke.others(SMOKE_SAMPLES, 1))


def calibrated(model: VerifiedModel, material: Material) -> ModelCard:
    """Return the card with temperature and threshold fitted to the .tflite's own outputs."""
    card, recognizer = model.card, Recognizer(model)
    scored = [
        score(recognizer, frames, labels, name)
        for name, (frames, labels) in material.held_out("development").items()
    ]
    together = Scores(
        np.concatenate([s.logits for s in scored]), np.concatenate([s.classes for s in scored])
    )
    temperature = fit_temperature(together)
    sure = fit_sure_threshold(together, temperature, COST)
    return card.model_copy(update={"temperature": temperature, "sure_above": sure})


def evaluate(recognizer: Recognizer, material: Material, parts: list[str]) -> dict[str, Figures]:
    """Return the figures of a model on parts that did not train it."""
    sets = [material.held_out(part) for part in parts]
    return evaluate_sets(recognizer, {name: one for found in sets for name, one in found.items()})


def evaluate_sets(
    recognizer: Recognizer, sets: Mapping[str, tuple[Frames, list[str]]]
) -> dict[str, Figures]:
    """Return the figures of a model on sets of frames and labels."""
    card = recognizer.card
    return {
        name: figures(
            score(recognizer, frames, labels, name),
            card.labels,
            card.temperature,
            card.sure_above,
        )
        for name, (frames, labels) in sets.items()
    }


def refuse(recognizer: Recognizer, material: Material, parts: list[str]) -> dict[str, Refusals]:
    """Return how a model takes what is no digit: letters, and scribbles of sorts new to it."""
    sets = {f"UNIPEN {part}, letters": letters(material.others[part]) for part in parts}
    rng = np.random.default_rng(SCRIBBLER)
    alone = sets[f"UNIPEN {parts[0]}, letters"]
    words = [in_a_row([alone[i] for i in rng.integers(len(alone), size=6)], rng) for _ in range(99)]
    sets |= unseen_scribbles(min(SCRIBBLES, len(alone)), SCRIBBLER, words)
    found = {}
    for name, inks in sets.items():
        frames = datasets.drawn_frames(Drawn(inks, [], []), SPEC)
        found[f"{name}, strokes"] = refusals(run(recognizer, frames, name), recognizer.card)
        frames[..., 1:] = 0.0
        found[f"{name}, pictures"] = refusals(run(recognizer, frames, name), recognizer.card)
    return found


def letters(others: Drawn) -> list[Strokes]:
    """Return the letters that nobody takes for a digit."""
    plain = plain_others(others)
    return [ink for ink, label in zip(plain.inks, plain.labels, strict=True) if label.isalpha()]


def examples(material: Material) -> Frames:
    """Return training frames of every sort, from which the ranges of int8 activations are taken."""
    rng = np.random.default_rng(0)
    drawn, scanned = material.drawn["train"], material.scanned["train"]
    others = material.others["train"]
    inks = [
        *_some(drawn.inks, rng),
        *_some(others.inks, rng),
        *(scribble(rng) for _ in range(EXAMPLES)),
    ]
    frames = datasets.drawn_frames(Drawn(inks, [], []), SPEC)
    as_pictures = frames.copy()
    as_pictures[..., 1:] = 0.0
    pictures = datasets.picture_frames(np.stack(_some(list(scanned.inks), rng)))
    return np.concatenate([frames, as_pictures, pictures])


def _some(inks: list[Any], rng: np.random.Generator) -> list[Any]:
    chosen = rng.choice(len(inks), min(EXAMPLES, len(inks)), replace=False)
    return [inks[i] for i in chosen]


def metrics_of(found: Mapping[str, Figures | Refusals]) -> dict[str, Any]:
    """Return figures as the card keeps them."""
    return {name: asdict(one) for name, one in found.items()}
