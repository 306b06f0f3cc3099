"""Models of one character: what the digit and the character model have in common."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.ink.raster import RasterSpec
from app.ink.trajectory import TrajectorySpec, can_follow, follow
from app.recognition.card import SCRIBBLE, Kind, ModelCard
from app.recognition.recognizer import Recognizer
from app.recognition.registry import VerifiedModel
from app.training import datasets
from app.training.augmentation import SCANNED, in_a_row
from app.training.datasets import NO_INK, OTHER, REJECTS, Drawn, Labelled, Scanned
from app.training.evaluation import (
    Figures,
    Refusals,
    Scores,
    figures,
    fit_temperature,
    refusals,
    run,
    score,
)
from app.training.feeding import Mixture, TrajectoryMixture
from app.training.photographs import STUDIO, Studio, photographed_views
from app.training.prepared import kept_photographs
from app.training.recipes import Recipe, expect_network
from app.training.scribbles import scribble, unseen_scribbles

PHOTOGRAPHER = 1  # seeds of what a model is measured on; training has others
SCRIBBLER = 1
SCRIBBLES = 1_000  # of each sort
EXAMPLES = 400  # of each sort, from which the int8 ranges are taken
UNIPEN = (
    "UNIPEN train_r01_v07 by the International Unipen Foundation, CC BY 4.0, "
    "doi 10.5281/zenodo.1195803; I. Guyon et al., ICPR 1994, doi 10.1109/ICPR.1994.576870"
)

Inputs = NDArray[np.float32]  # (n, size, size, channels) of frames, (n, points, features) of ways


@dataclass(frozen=True)
class Task:
    """What is to be read, and how much ink of which sort teaches it."""

    kind: Kind
    labels: str
    spec: RasterSpec
    photographs: float  # of each drawn ink, to learn from
    others_share: float  # see Mixture
    in_a_row_share: float
    scribbles_share: float
    others_log_odds: float  # by which other writing is rarer in life than in training
    fit_sure: Callable[[Scores, float], float]  # scores, temperature → least sure confidence
    strangers: str  # what the other writing is called
    strangers_in_a_word: int  # of the other writing, put together to overlay words
    attribution: tuple[str, ...] = (UNIPEN,)
    trajectory: TrajectorySpec | None = None  # of a network that follows the pen
    studio: Studio = STUDIO  # of the photographs to learn from; all are judged on the same
    photographed: int = 2_000  # of a part, to measure on

    @property
    def outputs(self) -> list[str]:
        """Return what the model's outputs stand for: the labels, then the rejects."""
        return [*self.labels, *REJECTS]


@dataclass(frozen=True)
class Material:
    """What a model learns from and is judged on, by part: ink with its labels, and other writing.

    others holds no ink that looks like one of the labels; folder keeps what takes minutes to make.
    cut are characters cut out of words and lines, which strokes learn from beside drawn.
    """

    task: Task
    drawn: dict[str, Drawn]
    scanned: dict[str, Scanned]
    others: dict[str, Drawn]
    folder: Path | None = None
    cut: Drawn = NO_INK

    def describe(self) -> dict[str, Any]:
        """Return counts and sha256 of every part, for the card."""
        scanned = {
            part: {"samples": len(s.labels), "sha256": s.digest()}
            for part, s in self.scanned.items()
        }
        found = {
            f"UNIPEN {self.task.kind}s": datasets.describe(self.drawn),
            "UNIPEN, other writing": datasets.describe(self.others),
        }
        if len(self.cut):
            found["UNIPEN characters cut out of lines"] = datasets.describe({"train": self.cut})
        return found | ({"MNIST": scanned} if scanned else {})

    def rarer(self) -> dict[int, float]:
        """Return by how much outputs are rarer in life than in training, in log odds.

        Other writing is as the task says. Lines are full of the letters of English, so characters
        that were cut out of them bring the labels out of the proportion of those drawn alone.
        """
        found = {self.task.outputs.index(OTHER): self.task.others_log_odds}
        if not len(self.cut):
            return found
        alone, cut = Counter(self.drawn["train"].labels), Counter(self.cut.labels)
        life = {label: alone[label] + 1 for label in self.task.labels}  # 1: some may lack
        shown = {label: count + cut[label] for label, count in life.items()}
        more = np.log(sum(shown.values()) / sum(life.values()))
        logs = [float(np.log(shown[label] / life[label]) - more) for label in self.task.labels]
        return found | dict(enumerate(logs))

    def held_out(self, part: str) -> dict[str, Labelled]:
        """Return what there is of a part to read, strokes as pictures and photographs too."""
        sets: dict[str, Labelled] = {}
        drawn, scanned = self.drawn[part], self.scanned.get(part)
        if len(drawn):
            views = datasets.drawn_views(drawn.inks, self.task.spec)
            pictures = list(map(datasets.as_picture, views))
            sets[f"UNIPEN {part}, strokes"] = views, drawn.labels
            sets[f"UNIPEN {part}, pictures"] = pictures, drawn.labels
            some = datasets.some(drawn, self.task.photographed)
            seen = photographed_views(some.inks, self.task.spec, PHOTOGRAPHER)
            sets[f"UNIPEN {part}, photographs"] = seen, some.labels
        if scanned is not None:
            sets[f"MNIST {part}"] = datasets.picture_views(scanned.inks), scanned.labels
        return sets


def mixture_of(material: Material, recipe: Recipe, cache: Path) -> Mixture:
    """Return what a network is to be fed with; cache is a folder that keeps photographs.

    Raises:
        TrainingError: the kind has no such network.
    """
    task = material.task
    expect_network(task.kind, recipe.network)
    has_pen = recipe.network == "trajectory"
    nothing = datasets.no_pictures(task.spec)
    return mixture_with(
        material, recipe, nothing if has_pen else training_pictures(material, cache)
    )


def mixture_with(material: Material, recipe: Recipe, pictures: Scanned, **sizes: int) -> Mixture:
    """Return what a network is to be fed with, these pictures among it, in batches of a size."""
    task = material.task
    make: Callable[..., Mixture] = Mixture
    if recipe.network == "trajectory" and task.trajectory:
        make = partial(TrajectoryMixture, way=task.trajectory)
    return make(
        task.outputs,
        material.drawn["train"].joined(material.cut),
        pictures,
        material.others["train"],
        task.spec,
        drawn_repeats=recipe.drawn_repeats,
        others_share=task.others_share,
        in_a_row_share=task.in_a_row_share,
        scribbles_share=task.scribbles_share,
        picture_strength=SCANNED.times(recipe.strength),
        **sizes,
    )


def training_pictures(material: Material, cache: Path) -> Scanned:
    """Return scanned ink, and photographs of drawn ink of every sort; cache keeps these.

    Photographs take minutes, so a run that is resumed finds them again.
    """
    drawn, task = material.drawn["train"], material.task
    count = round(task.photographs * len(drawn))
    rng = np.random.default_rng(0)
    order = np.concatenate([rng.permutation(len(drawn)) for _ in range(count // len(drawn) + 1)])
    others = datasets.some(material.others["train"], count // 6)
    scribbles = [scribble(rng) for _ in range(count // 12)]
    inks = [*(drawn.inks[i] for i in order[:count]), *others.inks, *scribbles]
    labels = [drawn.labels[i] for i in order[:count]]
    labels += [OTHER] * len(others) + [SCRIBBLE] * len(scribbles)
    photographs = kept_photographs(cache, inks, task.spec, task.studio)
    seen = [i for i, frame in enumerate(photographs) if frame.any()]
    frames, kept = np.stack([photographs[i] for i in seen]), [labels[i] for i in seen]
    if scanned := material.scanned.get("train"):
        return Scanned(np.concatenate([scanned.inks, frames]), [*scanned.labels, *kept])
    return Scanned(frames, kept)


def calibrated(model: VerifiedModel, development: Mapping[str, Labelled], task: Task) -> ModelCard:
    """Return the card with temperature and threshold fitted to the .tflite's own outputs."""
    card, recognizer = model.card, Recognizer(model)
    scored = [
        score(recognizer, views, labels, name) for name, (views, labels) in development.items()
    ]
    together = Scores(
        np.concatenate([s.logits for s in scored]), np.concatenate([s.classes for s in scored])
    )
    temperature = fit_temperature(together)
    sure = task.fit_sure(together, temperature)
    return card.model_copy(update={"temperature": temperature, "sure_above": sure})


def evaluate(recognizer: Recognizer, sets: Mapping[str, Labelled]) -> dict[str, Figures]:
    """Return the figures of a model on sets of inks and labels."""
    card = recognizer.card
    return {
        name: figures(
            score(recognizer, views, labels, name),
            card.labels,
            card.temperature,
            card.sure_above,
        )
        for name, (views, labels) in sets.items()
    }


def refuse(recognizer: Recognizer, material: Material, parts: list[str]) -> dict[str, Refusals]:
    """Return how a model takes what has no label: other words or letters, and new scribbles."""
    task = material.task
    strangers = {part: material.others[part].where(str.isalpha) for part in parts}
    sets = {f"UNIPEN {part}, {task.strangers}": found.inks for part, found in strangers.items()}
    alone, rng = strangers[parts[0]].inks, np.random.default_rng(SCRIBBLER)
    size = (99, task.strangers_in_a_word)
    words = [in_a_row([alone[i] for i in row], rng) for row in rng.integers(len(alone), size=size)]
    sets |= unseen_scribbles(min(SCRIBBLES, len(alone)), SCRIBBLER, words)
    found = {}
    for name, inks in sets.items():
        views = datasets.drawn_views(inks, task.spec)
        found[f"{name}, strokes"] = refusals(run(recognizer, views, name), recognizer.card)
        views = list(map(datasets.as_picture, views))
        found[f"{name}, pictures"] = refusals(run(recognizer, views, name), recognizer.card)
    return found


def examples(material: Material) -> dict[str, Inputs]:
    """Return what networks see of training ink of every sort: int8 takes its ranges from them."""
    task, rng = material.task, np.random.default_rng(0)
    inks = [
        *datasets.some(material.drawn["train"], EXAMPLES).inks,
        *datasets.some(material.others["train"], EXAMPLES).inks,
        *(scribble(rng) for _ in range(EXAMPLES)),
    ]
    views = datasets.drawn_views(inks, task.spec)
    views += [datasets.as_picture(seen) for seen in views]
    if scanned := material.scanned.get("train"):
        chosen = rng.permutation(len(scanned.labels))[:EXAMPLES]
        views += datasets.picture_views(scanned.inks[chosen])
    seen_by = {"frames": np.stack([seen.frame for seen in views])}
    if way := task.trajectory:
        ways = [follow(ink, task.spec, way) for ink in inks if can_follow(ink, way)]
        seen_by["trajectory"] = np.stack(ways)
    return seen_by
