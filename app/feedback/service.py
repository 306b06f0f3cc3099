"""Keep corrections and take them back, each in one transaction."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

from sqlalchemy import select, update
from sqlalchemy.exc import (
    IntegrityError,
    InterfaceError,
    OperationalError,
    ProgrammingError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.errors import KeyReused, NotFound, Unavailable, Withdrawn
from app.extensions import db
from app.feedback.tables import Correction, Status

CONTENT = ("label", "strokes", "picture", "ink_sha256", "result", "confidence", "model_version")


@dataclass(frozen=True)
class NewCorrection:
    """A label for an ink, and what had been read, where a receipt proves it.

    strokes is JSON; picture is a PNG rendering of the strokes, or of the picture sent.
    """

    kind: str
    label: str
    ink_sha256: str
    strokes: str | None
    picture: bytes
    result: str | None = None
    confidence: float | None = None
    model_version: str | None = None

    def fingerprint(self) -> str:
        """Return the sha256 of what the person said: ink, kind and label."""
        content = json.dumps([self.ink_sha256, self.kind, self.label])
        return hashlib.sha256(content.encode()).hexdigest()


@dataclass(frozen=True)
class Kept:
    """The id by which a correction can be taken back, and its status when it was kept.

    repeated says that this only answers again.
    """

    id: str
    status: str
    repeated: bool = False


def keep(new: NewCorrection, key: str | None) -> Kept:
    """Store a correction and return after the commit; the same key again gives the same answer.

    Raises:
        KeyReused: the key was used for another correction.
        Withdrawn: the key's correction was taken back.
        Unavailable: the database cannot answer; nothing was kept.
    """
    correction = Correction(idempotency_key=key, content_sha256=new.fingerprint(), **asdict(new))
    with _available("The correction could not be kept. Send it again in a moment."):
        try:
            db.session.add(correction)
            db.session.commit()
        except IntegrityError:
            db.session.rollback()
            return _answer_again(new, key)
        return Kept(correction.id, Status.PENDING)


def withdraw(correction_id: str) -> Kept:
    """Empty a correction of all content, for good. Withdrawing twice is no error.

    Raises:
        NotFound: there is no such correction.
        Unavailable: the database cannot answer; nothing was changed.
    """
    emptied = dict.fromkeys((*CONTENT, "content_sha256"), None)
    statement = update(Correction).where(Correction.id == correction_id)
    with _available("Nothing could be withdrawn. Try again in a moment."):
        found = db.session.execute(statement.values(status=Status.WITHDRAWN, **emptied))
        db.session.commit()
    if found.rowcount == 0:  # type: ignore[attr-defined]
        raise NotFound("There is no such correction.")
    return Kept(correction_id, Status.WITHDRAWN)


@contextmanager
def _available(otherwise: str) -> Iterator[None]:
    """Turn a database that is away, or lacks its tables, into Unavailable; nothing was changed.

    No transaction is left behind: its end would fail later, when the answer is already made.
    """
    try:
        yield
    except (OperationalError, ProgrammingError, InterfaceError, PoolTimeout) as error:
        raise Unavailable(otherwise) from error
    finally:
        try:
            db.session.rollback()
        except SQLAlchemyError:  # the connection is gone
            db.session().invalidate()


def _answer_again(new: NewCorrection, key: str | None) -> Kept:
    kept = db.session.scalars(select(Correction).filter_by(idempotency_key=key)).one()
    if kept.status == Status.WITHDRAWN:
        raise Withdrawn("This correction was withdrawn. Send a new one with a new key.")
    if kept.content_sha256 != new.fingerprint():
        raise KeyReused("This Idempotency-Key was used for other content. Take a new key.")
    return Kept(kept.id, Status.PENDING, repeated=True)
