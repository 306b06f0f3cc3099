"""Every worker serves a new champion within seconds, without a restart."""

import logging
import math
import threading
import time
from pathlib import Path

from app import metrics
from app.errors import ModelError
from app.recognition.card import KINDS, Kind
from app.recognition.hands import Hands
from app.recognition.lexicon import Lexicon
from app.recognition.reader import Reader
from app.recognition.recognizer import Recognizer
from app.recognition.registry import SHIPPED, Mark, Registry
from app.recognition.trial import expect_to_work

EVERY_S = 1.0
AGAIN_S = 60.0  # after a champion was refused: what it lacked may have been of the moment

_log = logging.getLogger(__name__)


class Swapper:
    """Gives a reader the champion of every kind, and another one when there is another."""

    def __init__(self, reader: Reader, registry: Registry) -> None:
        """Serve this reader with what the registry calls current."""
        self.reader = reader
        self.registry = registry
        self._seen: dict[Kind, tuple[Mark, float]] = {}  # and when to look again anyhow

    def look(self) -> None:
        """Load each champion that may be new; one that cannot be trusted changes nothing."""
        for kind in KINDS:
            mark = self.registry.mark(kind)
            seen, again = self._seen.get(kind, (None, 0.0))
            if seen != mark or time.monotonic() >= again:
                is_well = self._load_champion(kind)
                self._seen[kind] = mark, math.inf if is_well else time.monotonic() + AGAIN_S

    def run(self, stopping: threading.Event) -> None:
        """Look again and again, until it is to stop."""
        while not stopping.wait(EVERY_S):
            try:
                self.look()
            except Exception:  # noqa: BLE001  # a thread that ended would leave an old model for good
                _log.exception("could not look for new models")

    def _load_champion(self, kind: Kind) -> bool:
        """Load a kind's champion, and say whether it can be trusted.

        Where it cannot, the one in use stays; where none is, the next folder's is loaded.
        """
        is_well = True
        for version in self.registry.champions(kind):
            try:
                self._put(kind, version)
            except ModelError as error:
                is_well = False
                metrics.model_load_failures_total.labels(kind).inc()
                _log.error("refused a model: %s", error)
            if kind in self.reader.versions:
                break
        return is_well

    def _put(self, kind: Kind, version: str) -> None:
        model = self.registry.load(kind, version)
        if self.reader.uses(model.card):
            return
        expect_to_work(model, self.registry.folders[0])
        before = self.reader.versions.get(kind)
        self.reader.put(Recognizer(model))
        metrics.observe_model(kind, version, before)
        if before:
            _log.info("%s %s takes the place of %s", kind, version, before)


def load_reader(registry: Registry, lexicon: Lexicon | None = None) -> Reader:
    """Build the reader of every kind that has a champion which can be trusted."""
    reader = Reader((), lexicon)
    Swapper(reader, registry).look()
    return reader


def serve(models: Path, lexicon: Lexicon | None) -> Swapper:
    """Serve the champions of a folder of new models, or those that ship, and people's own hands."""
    swapper = Swapper(Reader((), lexicon, Hands(models)), Registry(models, SHIPPED))
    swapper.look()
    return swapper


def start(swapper: Swapper) -> None:
    """Look for new champions in a thread that ends with the process."""
    threading.Thread(
        target=swapper.run, args=(threading.Event(),), name="models", daemon=True
    ).start()
