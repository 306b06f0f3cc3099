"""The thread of a worker that tells the sheet. All workers have one; the lease lets one work."""

import logging
import threading
from dataclasses import dataclass
from functools import partial

from flask import Flask

from app.extensions import db
from app.feedback.sheet.google import PATIENCE_S, Sheet, open_sheet
from app.feedback.sheet.writer import Pace, Writer
from app.settings import Settings

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Mirror:
    """The thread, and how to end it."""

    thread: threading.Thread
    stopping: threading.Event

    def stop(self, patience_s: float = 2.0) -> None:
        """End it after what it is doing, if that does not take longer: it can be gone on with."""
        self.stopping.set()
        self.thread.join(patience_s)


def start(app: Flask, settings: Settings) -> Mirror:
    """Start the thread; it ends with the process."""
    stopping = threading.Event()
    where = app, settings, stopping
    mirror = Mirror(threading.Thread(target=_run, args=where, name="sheet", daemon=True), stopping)
    mirror.thread.start()
    return mirror


def sheet_of(settings: Settings) -> Sheet:
    """Open the spreadsheet that the settings name.

    Raises:
        SheetError: it cannot be used, or not now.
    """
    return open_sheet(
        settings.google_credentials,
        key=settings.sheet_key,
        title=settings.sheet_title,
        base_url=settings.sheets_base_url,
        patience_s=(PATIENCE_S[0], PATIENCE_S[1] / haste(settings)),
    )


def haste(settings: Settings) -> float:
    """Return how many times as quick to be: Google itself is never asked more than it allows."""
    return settings.sheets_haste if settings.sheets_base_url else 1.0


def _run(app: Flask, settings: Settings, stopping: threading.Event) -> None:
    with app.app_context():
        _log.info("corrections are mirrored to the sheet")
        pace = Pace().hastened(haste(settings))
        Writer(partial(sheet_of, settings), pace).run(stopping)
        db.session.remove()
