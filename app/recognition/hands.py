"""Models of one person's hand, each served to that person alone.

They lie as versions do, in people/<id>/ among the new models. One stays in use only as long as the
champion that it grew from does: against another it was never proved.
"""

import logging
import re
import shutil
import threading
from collections import OrderedDict
from pathlib import Path

from app import metrics
from app.errors import ModelError
from app.files import PEOPLE
from app.recognition.card import Kind, ModelCard
from app.recognition.recognizer import Recognizer
from app.recognition.registry import Mark, Registry
from app.recognition.trial import expect_to_work

KEPT = 4  # recognizers in a worker's memory, 20 MB each
PERSON = re.compile("[0-9a-zA-Z-]{1,36}")

_log = logging.getLogger(__name__)


class Hands:
    """The recognizers of people who have a model of their own, as they are asked for."""

    def __init__(self, models: Path) -> None:
        """Look in this folder of new models."""
        self._models = models
        self._kept: OrderedDict[tuple[str, Kind], tuple[Mark, Recognizer | None]] = OrderedDict()
        self._lock = threading.Lock()

    def __bool__(self) -> bool:
        """Say whether anybody has a model of their own."""
        return (self._models / PEOPLE).is_dir()

    def recognizer(self, person: str, champion: ModelCard) -> Recognizer | None:
        """Return a person's own recognizer in a champion's place, or None where there is none."""
        registry = hand_of(self._models, person)
        if not registry.folders[0].is_dir():
            return None
        kind = champion.kind
        mark = registry.mark(kind)
        with self._lock:
            seen, found = self._kept.get((person, kind), (None, None))
            if seen != mark:
                found = _load(registry, kind)
                self._kept[person, kind] = mark, found
            self._kept.move_to_end((person, kind))
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return found if found and found.card.parent == champion.version else None


def hand_of(models: Path, person: str) -> Registry:
    """Return the versions of one person's hand.

    Raises:
        ModelError: that is no person's id.
    """
    if not PERSON.fullmatch(person):
        raise ModelError(f"{person!r} is no person's id.")
    return Registry(models / PEOPLE / person)


def forget_hand(models: Path, person: str) -> None:
    """Delete all models of one person's hand."""
    shutil.rmtree(hand_of(models, person).folders[0], ignore_errors=True)


def _load(registry: Registry, kind: Kind) -> Recognizer | None:
    try:
        for version in registry.champions(kind):
            model = registry.load(kind, version)
            expect_to_work(model, registry.folders[0])
            return Recognizer(model)
    except ModelError as error:
        metrics.model_load_failures_total.labels(kind).inc()
        _log.error("refused one person's model: %s", error)
    return None
