"""Corrections as files: a picture each, and all that is known of them in corrections.jsonl."""

import json
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from sqlalchemy import ColumnElement, func, select

from app.extensions import database_or, db
from app.feedback.tables import Correction, Source, Status
from app.feedback.transfer.names import file_name

LIST = "corrections.jsonl"
AT_ONCE = 60  # corrections in memory
OTHERWISE = "The corrections cannot be read just now; what was written so far is not all."


def count() -> int:
    """Return how many corrections there are to export.

    Raises:
        Unavailable: the database cannot answer.
    """
    with database_or(OTHERWISE):
        return db.session.scalar(select(func.count(Correction.id)).where(*_exported())) or 0


def export(folder: Path) -> Iterator[str]:
    """Write all corrections that people gave into a folder, the oldest first; yield the names.

    Withdrawn ones have no content, and dummies are of no use elsewhere.

    Raises:
        OSError: the folder cannot be written.
        Unavailable: the database cannot answer.
    """
    wanted = select(Correction).where(*_exported()).execution_options(yield_per=AT_ONCE)
    with database_or(OTHERWISE), (folder / LIST).open("w", encoding="utf-8") as told:
        found = db.session.scalars(wanted.order_by(Correction.created_at, Correction.id))
        for correction, name in _named(found):
            (folder / name).write_bytes(correction.picture or b"")
            told.write(_line(correction, name))
            yield name


def _exported() -> tuple[ColumnElement[bool], ...]:
    return Correction.status != Status.WITHDRAWN, Correction.source != Source.DUMMY


def _named(found: Iterator[Correction]) -> Iterator[tuple[Correction, str]]:
    """Yield corrections, ordered by time, with names that differ even where case plays no part."""
    for moment, alike in groupby(found, lambda correction: correction.created_at):
        taken = Counter[str]()
        for correction in alike:
            label = correction.label or ""
            plain = file_name(moment, label).casefold()
            taken[plain] += 1
            yield correction, file_name(moment, label, taken[plain])


def _line(correction: Correction, name: str) -> str:
    told = {
        "id": correction.id,
        "file": name,
        "kind": correction.kind,
        "label": correction.label,
        "time": correction.created_at.isoformat(),
        "strokes": json.loads(correction.strokes) if correction.strokes else None,
        "result": correction.result,
        "confidence": correction.confidence,
        "model_version": correction.model_version,
        "status": correction.status,
        "source": correction.source,
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n"
