"""The thread of a worker that tells the sheet. All workers have one; the lease lets one work."""

import logging
import threading
from functools import partial

from flask import Flask

from app.extensions import db
from app.feedback.sheets import Sheet, open_sheet
from app.feedback.writer import Writer
from app.settings import Settings

_log = logging.getLogger(__name__)


def start(app: Flask, settings: Settings) -> threading.Thread:
    """Start the thread; it ends with the process."""
    thread = threading.Thread(target=_run, args=(app, settings), name="sheet", daemon=True)
    thread.start()
    return thread


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
    )


def _run(app: Flask, settings: Settings) -> None:
    with app.app_context():
        _log.info("corrections are mirrored to the sheet")
        Writer(partial(sheet_of, settings)).run(threading.Event())
        db.session.remove()
