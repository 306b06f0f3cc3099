"""A whole retraining: choose corrections, train a challenger, prove it, write it down."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app.errors import TooFew
from app.ink.labelled import LabelledInk
from app.recognition.card import Kind, ModelCard
from app.recognition.recognizer import NO_AIDS, Aids, Recognizer
from app.recognition.registry import Registry
from app.training.corrections import Corrections
from app.training.publishing import write_card
from app.training.retraining import sources
from app.training.retraining.choosing import Chosen, Rules, choose
from app.training.retraining.proof import InkSet, Proof, prove
from app.training.retraining.sources import AnyMaterial, AnyRecipe


@dataclass(frozen=True)
class Plan:
    """What is retrained, of what, and where."""

    kind: Kind
    registry: Registry  # its first folder gets the challenger
    material: AnyMaterial
    recipe: AnyRecipe
    work: Path
    command: str
    max_share: float = 0.01  # of all that trains in an epoch: what one person may be
    max_class_share: float = 0.1  # of a class of it: what corrections may be
    most_repeats: int = 20  # of one correction in an epoch


@dataclass(frozen=True)
class Retrained:
    """What came of it."""

    card: ModelCard  # of the challenger, with the gate's verdict
    champion: ModelCard
    chosen: Chosen
    proof: Proof


def chosen_from(rows: Sequence[LabelledInk], champion: Recognizer, rules: Rules) -> Chosen:
    """Choose what trains and what judges.

    Raises:
        TooFew: there is not enough to learn from.
    """
    chosen = choose(rows, champion, rules)
    if len(chosen.train) < rules.at_least:
        raise TooFew(_too_few(chosen, rules.at_least))
    return chosen


def retrain(plan: Plan, champion: Recognizer, chosen: Chosen) -> Retrained:
    """Train a challenger on corrections of its kind among the base data, and judge it.

    The challenger is published with its verdict; the champion stays what it is. A run that was cut
    short goes on from its last epoch. Shows its progress.

    Raises:
        TrainingError: the champion's network is missing.
    """
    version = champion.card.version
    corrections = Corrections(
        chosen.train, chosen.kept_out, plan.max_share, plan.max_class_share, plan.most_repeats
    )
    models, *beside = plan.registry.folders
    recipe = replace(plan.recipe, parent=version)
    work = plan.work / _digest(chosen)
    folder = sources.train(plan.kind)(
        plan.material, recipe, work, models, plan.command, tuple(beside), corrections
    )
    challenger = Recognizer(plan.registry.load(plan.kind, folder.name))
    proof = prove(
        champion,
        challenger,
        _first(plan, version, folder.name),
        sources.frozen_sets(plan.kind, plan.material),
        _ink_set(plan.kind, chosen.kept_out, challenger),
        Aids.of(plan.registry) if plan.kind == "word" else NO_AIDS,
    )
    judged = challenger.card.model_copy(update={"verdict": proof.described(version)})
    return Retrained(write_card(folder, judged), champion.card, chosen, proof)


def _first(plan: Plan, champion: str, challenger: str) -> Recognizer | None:
    """Return the first version that there is, unless it is one of the two."""
    version = plan.registry.versions(plan.kind)[0]
    if version in (champion, challenger):
        return None
    return Recognizer(plan.registry.load(plan.kind, version))


def _ink_set(kind: Kind, rows: Sequence[LabelledInk], reader: Recognizer) -> InkSet:
    views = [reader.view(row.ink) for row in rows]
    return InkSet("corrections kept out", kind, views, [row.label for row in rows])


def _digest(chosen: Chosen) -> str:
    """Return a name for what trains, so that a run only goes on with the very same."""
    ids = "\n".join(sorted(row.id + row.label for row in chosen.train))
    return hashlib.sha256(ids.encode()).hexdigest()[:12]


def _too_few(chosen: Chosen, needed: int) -> str:
    there = f"There are {len(chosen.train)} corrections to learn from, and {needed} are needed."
    others = [f"{len(ids)} left out: {why}" for why, ids in chosen.left_out.items()]
    return " ".join([there, *others, "Approve more with `flask feedback approve`."])
