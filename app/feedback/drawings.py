"""A person's own drawings: to be looked at and taken along."""

import csv
import io
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import Select, func, select

from app.errors import NotFound
from app.extensions import database_or, db
from app.feedback.tables import Correction, Status

OTHERWISE = "Your drawings cannot be read just now. Try again in a moment."
A_PAGE = 60
IN_MEMORY_BYTES = 1024 * 1024  # of an export; what is longer goes to disk
FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
COLUMNS = ("id", "created_at", "kind", "label", "result", "confidence", "model_version", "status")


def of_user(user_id: str, page: int = 1) -> tuple[Sequence[Correction], int]:
    """Return a page of what a user gave, the latest first, and how many there are in all.

    Raises:
        Unavailable: the database cannot answer.
    """
    with database_or(OTHERWISE):
        theirs = _of(user_id).order_by(Correction.created_at.desc(), Correction.id)
        some = theirs.offset((page - 1) * A_PAGE).limit(A_PAGE)
        count = select(func.count()).select_from(_of(user_id).subquery())
        return db.session.scalars(some).all(), db.session.scalar(count) or 0


def picture(correction_id: str, user_id: str) -> bytes:
    """Return the PNG of a user's own drawing.

    Raises:
        NotFound: there is no such drawing, or it is somebody else's.
        Unavailable: the database cannot answer.
    """
    with database_or(OTHERWISE):
        found = db.session.scalars(_of(user_id).where(Correction.id == correction_id)).one_or_none()
    if found is None or found.picture is None:
        raise NotFound("There is no such drawing.")
    return found.picture


def export(user_id: str, form: str) -> IO[bytes]:
    """Return all that a user gave, as an open file: csv, strokes (JSON) or pictures (a zip file).

    Raises:
        Unavailable: the database cannot answer.
    """
    file = tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES)  # noqa: SIM115  # the answer closes it
    with database_or(OTHERWISE):
        theirs = _of(user_id).order_by(Correction.created_at, Correction.id)
        WRITERS[form](file, db.session.scalars(theirs.execution_options(yield_per=A_PAGE)))
    file.seek(0)
    return file


def as_text(cell: object) -> str:
    """Return a cell of a CSV file that no spreadsheet takes for a formula."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _of(user_id: str) -> Select[Correction]:
    kept = Correction.status != Status.WITHDRAWN
    return select(Correction).where(Correction.user_id == user_id, kept)


def _write_csv(file: IO[bytes], found: Iterator[Correction]) -> None:
    text = io.TextIOWrapper(file, "utf-8", newline="")
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    for correction in found:
        rows.writerow([as_text(getattr(correction, column)) for column in COLUMNS])
    text.detach()


def _write_strokes(file: IO[bytes], found: Iterator[Correction]) -> None:
    for number, correction in enumerate(found):
        told = {column: str(getattr(correction, column)) for column in ("id", "created_at")}
        told |= {"kind": correction.kind, "label": correction.label or ""}
        strokes = json.loads(correction.strokes) if correction.strokes else None
        line = json.dumps(told | {"strokes": strokes}, ensure_ascii=False)
        file.write((",\n" if number else "[\n").encode() + line.encode())
    file.write(b"\n]\n" if file.tell() else b"[]\n")


def _write_pictures(file: IO[bytes], found: Iterator[Correction]) -> None:
    labels = io.StringIO(newline="")
    rows = csv.writer(labels)
    rows.writerow(("file", "label", "kind"))
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for correction in found:
            name = f"{correction.id}.png"
            archive.writestr(name, correction.picture or b"")
            rows.writerow((name, as_text(correction.label), correction.kind))
        archive.writestr("labels.csv", labels.getvalue())


WRITERS: dict[str, Callable[[IO[bytes], Iterator[Correction]], None]] = {
    "csv": _write_csv,
    "strokes": _write_strokes,
    "pictures": _write_pictures,
}
