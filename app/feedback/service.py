"""Keep corrections and take them back, each in one transaction."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from uuid import uuid4

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from app.database import now
from app.errors import KeyReused, NotFound, Withdrawn
from app.extensions import database_or, db
from app.feedback.sheet import outbox
from app.feedback.tables import Correction, Source, Status

CONTENT = ("label", "strokes", "picture", "ink_sha256", "result", "confidence", "model_version")
EMPTIED = dict.fromkeys((*CONTENT, "content_sha256", "given_label"))


@dataclass(frozen=True)
class NewCorrection:
    """A label for an ink, and what had been read, where a receipt proves it.

    strokes is JSON; picture is a PNG rendering of the strokes, or of the picture sent. What trusted
    people give is approved at once.
    """

    kind: str
    label: str
    ink_sha256: str
    strokes: str | None
    picture: bytes
    user_id: str | None = None
    result: str | None = None
    confidence: float | None = None
    model_version: str | None = None
    source: Source = Source.PERSON
    status: Status = Status.PENDING
    created_at: datetime = field(default_factory=now)
    id: str = field(default_factory=lambda: str(uuid4()))

    def fingerprint(self) -> str:
        """Return the sha256 of what was said, and by whom: ink, kind and label."""
        whose = [self.user_id] if self.user_id else []
        content = json.dumps([self.ink_sha256, self.kind, self.label, *whose])
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
        NotFound: its user's account is gone.
        Unavailable: the database cannot answer; nothing was kept.
    """
    correction = Correction(idempotency_key=key, content_sha256=new.fingerprint(), **asdict(new))
    with database_or("The correction could not be kept. Send it again in a moment."):
        try:
            db.session.add(correction)
            db.session.flush()
            outbox.add(correction)
            db.session.commit()
        except IntegrityError:
            db.session.rollback()
            return _answer_again(new, key)
        return Kept(correction.id, new.status)


def keep_all(new: Sequence[NewCorrection]) -> None:
    """Store corrections that no key tells apart, in one transaction.

    Raises:
        Unavailable: the database cannot answer; nothing was kept.
    """
    corrections = [Correction(content_sha256=one.fingerprint(), **asdict(one)) for one in new]
    with database_or("The corrections could not be kept. Is the database there, and migrated?"):
        db.session.add_all(corrections)
        db.session.flush()
        for correction in corrections:
            outbox.add(correction)
        db.session.commit()


def status_of(correction_id: str) -> str | None:
    """Return what has become of a correction, or None where there is none.

    Raises:
        Unavailable: the database cannot answer.
    """
    with database_or("Corrections cannot be looked up just now."):
        status = select(Correction.status).where(Correction.id == correction_id)
        return db.session.scalar(status)


def count() -> dict[str, int]:
    """Return how many corrections of people and imports there are, by status.

    Raises:
        Unavailable: the database cannot answer.
    """
    with database_or("Corrections cannot be counted just now."):
        real = Correction.source != Source.DUMMY, Correction.status != Status.WITHDRAWN
        counted = select(Correction.status, func.count()).where(*real).group_by(Correction.status)
        return {row[0]: row[1] for row in db.session.execute(counted)}


def withdraw(correction_id: str, owner: str | None, *, anybodys: bool = False) -> Kept:
    """Empty a correction of all content, for good. Withdrawing twice is no error.

    A guest's correction is withdrawn by whoever has its id, a user's by its owner alone.

    Raises:
        NotFound: there is no such correction, or it is somebody else's.
        Unavailable: the database cannot answer; nothing was changed.
    """
    statement = update(Correction).where(Correction.id == correction_id)
    if not anybodys:
        guests = Correction.user_id.is_(None)
        statement = statement.where(guests | (Correction.user_id == owner) if owner else guests)
    with database_or("Nothing could be withdrawn. Try again in a moment."):
        found = db.session.execute(statement.values(status=Status.WITHDRAWN, **EMPTIED))
        outbox.take_back([correction_id] if found.rowcount else [])  # type: ignore[attr-defined]
        db.session.commit()
    if found.rowcount == 0:  # type: ignore[attr-defined]
        raise NotFound("There is no such correction.")
    return Kept(correction_id, Status.WITHDRAWN)


def withdraw_all(owner: str) -> int:
    """Empty all corrections of a user; return how many there were.

    Raises:
        Unavailable: the database cannot answer; nothing was changed.
    """
    with database_or("Nothing could be withdrawn. Try again in a moment."):
        found = empty_all_of(owner)
        db.session.commit()
    return found


def empty_all_of(user_id: str, *, forget_whose: bool = False) -> int:
    """Empty all corrections of a user, in the transaction that is under way; return how many."""
    theirs = update(Correction).where(Correction.user_id == user_id)
    kept = Correction.status != Status.WITHDRAWN
    ids = db.session.scalars(select(Correction.id).where(Correction.user_id == user_id, kept)).all()
    emptied = db.session.execute(theirs.where(kept).values(status=Status.WITHDRAWN, **EMPTIED))
    outbox.take_back(ids)
    if forget_whose:
        db.session.execute(theirs.values(user_id=None))
    return int(emptied.rowcount)  # type: ignore[attr-defined]


def _answer_again(new: NewCorrection, key: str | None) -> Kept:
    same_key = select(Correction).filter_by(idempotency_key=key)
    kept = db.session.scalars(same_key).one_or_none() if key else None
    if kept is None:  # it was not the key that was refused
        raise NotFound("The account was deleted meanwhile. Nothing was kept.")
    if kept.status == Status.WITHDRAWN:
        raise Withdrawn("This correction was withdrawn. Send a new one with a new key.")
    if kept.content_sha256 != new.fingerprint():
        raise KeyReused("This Idempotency-Key was used for other content. Take a new key.")
    return Kept(kept.id, new.status, repeated=True)
