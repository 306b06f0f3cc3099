"""A whole personal retraining: try it out, tune, publish for one person alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.errors import TooFew
from app.ink.labelled import LabelledInk
from app.recognition.card import MODEL_FILE, Kind, ModelCard
from app.recognition.hands import hand_of
from app.recognition.promotion import promote
from app.recognition.recognizer import Aids, Recognizer
from app.recognition.registry import Registry
from app.training.publishing import draft_card, keras_files, network_files, publish
from app.training.retraining.hands import STEPS, CharacterTuner, Trial, Tuner, WordTuner, try_out
from app.training.retraining.sources import AnyMaterial
from app.training.words import Material as WordMaterial

AT_LEAST = 20  # corrections of one person
BY = "app.training.retraining.hand_run"


@dataclass(frozen=True)
class Hand:
    """Whose hand is learned, and where the result goes if it is kept."""

    person: str  # id
    kind: Kind
    models: Path
    command: str


def learn_hand(
    hand: Hand, rows: Sequence[LabelledInk], champion: Recognizer, tuner: Tuner, aids: Aids
) -> Trial:
    """Tune the champion to one person's corrections; it serves them from now on, if it is better.

    Where it is not, a model of theirs that was kept before stays. aids are what the server has to
    read with. Shows its progress.

    Raises:
        TooFew: there is not enough to learn from.
    """
    expect_enough(rows)
    trial = try_out(tuner, rows, champion, aids)
    if trial.is_better:
        tuner.tune(rows, "all of them")
        _publish(hand, rows, champion.card, tuner, trial)
    return trial


def expect_enough(rows: Sequence[LabelledInk]) -> None:
    """Do nothing where there is enough to learn from.

    Raises:
        TooFew: there is not.
    """
    if len(rows) < AT_LEAST:
        there = f"There are {len(rows)} corrections of this person"
        raise TooFew(f"{there}, and {AT_LEAST} are needed.")


def tuner_of(
    material: AnyMaterial, kind: Kind, version: str, folders: Sequence[Path], steps: int = STEPS
) -> Tuner:
    """Return what tunes a champion, in so many steps.

    Raises:
        TrainingError: its networks are in none of the folders.
    """
    files = network_files(kind, version, folders)
    if isinstance(material, WordMaterial):
        return WordTuner(material, files, steps)
    return CharacterTuner(material, files, steps)


def _publish(
    hand: Hand, rows: Sequence[LabelledInk], champion: ModelCard, tuner: Tuner, trial: Trial
) -> None:
    registry = hand_of(hand.models, hand.person)
    networks = tuner.networks()
    card = draft_card(
        kind=hand.kind,
        version=_next(registry, hand.kind, champion.version),
        decoder=champion.decoder,
        labels=champion.labels,
        rejects=champion.rejects,
        raster=champion.raster,
        trajectory=champion.trajectory,
        picture=champion.picture,
        temperature=champion.temperature,
        sure_above=champion.sure_above,
        parent=champion.version,
        command=hand.command,
        data={"corrections": {"trained": [row.id for row in rows]}},
        metrics={},
        attribution=champion.attribution,
        verdict={"passed": True, "sentence": trial.sentence, "champion": champion.version},
    )
    kept = keras_files({name: networks[name] for name in tuner.tuned})
    publish(registry.folders[0], card, {MODEL_FILE: tuner.served(networks), **kept})
    promote(registry, hand.kind, card.version, BY)


def _next(registry: Registry, kind: Kind, champion: str) -> str:
    """Return the name of a person's next version, grown from a champion."""
    taken = [int(name.partition("p")[2] or 0) for name in registry.versions(kind)]
    return f"{champion}p{max(taken, default=0) + 1}"
