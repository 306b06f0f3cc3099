"""What people gave, looked at by others before anything is trained on it."""

import re
import string
from collections import Counter
from collections.abc import Callable, Sequence

from sqlalchemy import Select, select

from app.database import now
from app.errors import NotFound
from app.extensions import database_or, db
from app.feedback.sheet import outbox
from app.feedback.tables import Correction, Source, Status

LETTERS = re.compile("[a-z]{2}")  # of what is a word rather than a sign or a number
OTHERWISE = "Corrections cannot be reviewed just now. Try again in a moment."


def listed(
    status: Status | None = Status.PENDING, kind: str | None = None, limit: int = 20
) -> Sequence[Correction]:
    """Return corrections to look at, those first whose reading was the least certain.

    Raises:
        Unavailable: the database cannot answer.
    """
    wanted = _reviewable()
    if status:
        wanted = wanted.where(Correction.status == status)
    if kind:
        wanted = wanted.where(Correction.kind == kind)
    doubt = Correction.confidence.is_not(None), Correction.confidence, Correction.created_at
    with database_or(OTHERWISE):
        return db.session.scalars(wanted.order_by(*doubt).limit(limit)).all()


def words() -> Counter[str]:
    """Count the words of approved corrections, as they are written, without punctuation around.

    Raises:
        Unavailable: the database cannot answer.
    """
    approved = _reviewable().where(Correction.status == Status.APPROVED)
    with database_or(OTHERWISE):
        labels = db.session.scalars(approved.with_only_columns(Correction.label)).all()
    parts = (part for label in labels for part in (label or "").split())
    return Counter(word for part in parts if LETTERS.search(word := part.strip(string.punctuation)))


def one(correction_id: str) -> Correction:
    """Return a correction whose id is this, or begins so.

    Raises:
        NotFound: there is none, or more than one.
        Unavailable: the database cannot answer.
    """
    with database_or(OTHERWISE):
        like = Correction.id.startswith(correction_id, autoescape=True)
        found = db.session.scalars(_reviewable().where(like).limit(2)).all()
    if len(found) != 1 or not correction_id:
        how_many = "more than one correction" if found else "no correction to be reviewed"
        raise NotFound(f"There is {how_many} whose id begins with {correction_id!r}.")
    return found[0]


def approve(correction_ids: Sequence[str], reviewer: str) -> None:
    """Let corrections be trained on.

    Raises:
        NotFound: one of them is not there; none was changed.
        Unavailable: the database cannot answer; none was changed.
    """
    _review(correction_ids, reviewer, lambda correction: _set(correction, Status.APPROVED))


def reject(correction_ids: Sequence[str], reviewer: str) -> None:
    """Keep corrections from being trained on.

    Raises:
        NotFound: one of them is not there; none was changed.
        Unavailable: the database cannot answer; none was changed.
    """
    _review(correction_ids, reviewer, lambda correction: _set(correction, Status.REJECTED))


def send_back(correction_ids: Sequence[str]) -> int:
    """Let people look at corrections that nobody reviewed, though they were approved; count them.

    Raises:
        Unavailable: the database cannot answer; nothing was changed.
    """
    doubtful = Correction.id.in_(correction_ids), Correction.reviewed_at.is_(None)
    with database_or(OTHERWISE):
        approved = _reviewable().where(*doubtful, Correction.status == Status.APPROVED)
        found = db.session.scalars(approved).all()
        for correction in found:
            correction.status = Status.PENDING
            outbox.change(correction)
        db.session.commit()
    return len(found)


def relabel(correction_id: str, label: str, kind: str, reviewer: str) -> None:
    """Put the label of a correction right, and let it be trained on; what was given is kept.

    Raises:
        NotFound: it is not there.
        Unavailable: the database cannot answer; nothing was changed.
    """

    def put_right(correction: Correction) -> None:
        if correction.given_label is None:
            correction.given_label = correction.label
        correction.label, correction.kind = label, kind
        _set(correction, Status.APPROVED)

    _review([correction_id], reviewer, put_right)


def _set(correction: Correction, status: Status) -> None:
    correction.status = status


def _review(
    correction_ids: Sequence[str], reviewer: str, decide: Callable[[Correction], None]
) -> None:
    """Decide on corrections, in one transaction with what the sheet is told of it."""
    wanted = {one(correction_id).id for correction_id in correction_ids}
    with database_or(OTHERWISE):
        found = db.session.scalars(_reviewable().where(Correction.id.in_(wanted))).all()
        if len(found) < len(wanted):
            raise NotFound("One of them was withdrawn meanwhile. Nothing was changed.")
        for correction in found:
            decide(correction)
            correction.reviewer, correction.reviewed_at = reviewer, now()
            outbox.change(correction)
        db.session.commit()


def _reviewable() -> Select[Correction]:
    people = Correction.source != Source.DUMMY, Correction.status != Status.WITHDRAWN
    return select(Correction).where(*people)
