"""What the sheet is still to be told: errands, stored in the transaction of what they tell of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError

from app.database import now
from app.extensions import database_or, db
from app.feedback.rows import worksheet_of
from app.feedback.tables import Action, Correction, Errand, Lease, State, Status

AT_ONCE = 100  # rows of a request
UNFINISHED = (State.WAITING, State.SENDING)
LEASE = "sheet"
LEASE_S = 90.0  # longer than any request takes: the next holder finds nothing under way
LONGEST_ERROR = 255
OTHERWISE = "The outbox cannot be read just now."


@dataclass(frozen=True)
class Batch:
    """Errands of one sort for one worksheet, in their order."""

    worksheet: str
    action: str
    errands: Sequence[Errand]

    @property
    def may_have_arrived(self) -> bool:
        """Say whether one of them was under way when it was last heard of."""
        return any(errand.state == State.SENDING for errand in self.errands)

    def wait_s(self) -> float:
        """Return how long what is under way may still arrive late."""
        moments = [errand.not_before for errand in self.errands if errand.not_before]
        return (max(moments) - now()).total_seconds() if moments else 0.0


@dataclass(frozen=True)
class Queue:
    """How much waits, since when, and how much was given up."""

    pending: int
    oldest_s: float
    dead: int


def add(correction: Correction) -> None:
    """Have a new correction told, in the transaction that is under way."""
    worksheet = worksheet_of(correction.label or "", correction.source)
    db.session.add(Errand(correction_id=correction.id, action=Action.APPEND, worksheet=worksheet))


def take_back(correction_ids: Sequence[str]) -> None:
    """Have corrections removed, in the transaction that is under way."""
    theirs = select(Errand).where(Errand.correction_id.in_(correction_ids))
    errands = db.session.scalars(theirs).all()
    removed = {e.correction_id for e in errands if e.action == Action.REMOVE}
    for errand in errands:
        if errand.correction_id not in removed:
            again = {"correction_id": errand.correction_id, "worksheet": errand.worksheet}
            db.session.add(Errand(action=Action.REMOVE, **again))


def next_batch() -> Batch | None:
    """Return what is to be told next, or None.

    Appends for one worksheet go together past others; a removal comes after all that is older.

    Raises:
        Unavailable: the database cannot answer.
    """
    with database_or(OTHERWISE):
        waiting = select(Errand).where(Errand.state.in_(UNFINISHED)).order_by(Errand.id)
        first = db.session.scalars(waiting.limit(1)).one_or_none()
        if first is None:
            return None
        alike = waiting.filter_by(action=first.action, worksheet=first.worksheet).limit(AT_ONCE)
        if first.action == Action.REMOVE:
            alike = alike.limit(1)
        return Batch(first.worksheet, first.action, db.session.scalars(alike).all())


def corrections_of(batch: Batch) -> dict[str, Correction]:
    """Return the corrections that are to be told; those withdrawn meanwhile are not.

    Raises:
        Unavailable: the database cannot answer.
    """
    ids = [errand.correction_id for errand in batch.errands]
    with database_or(OTHERWISE):
        found = select(Correction).where(Correction.id.in_(ids))
        kept = db.session.scalars(found.where(Correction.status != Status.WITHDRAWN))
        return {correction.id: correction for correction in kept}


def mark(
    errands: Iterable[Errand], state: State, error: str | None = None, wait_s: float = 0.0
) -> None:
    """Store how far errands are; what is done or given up stays so.

    wait_s is how long nobody may send them again.

    Raises:
        Unavailable: the database cannot answer; it is as it was.
    """
    ids = [errand.id for errand in errands]
    if not ids:
        return
    moment = now()
    values = {
        "state": state,
        "error": error and error[:LONGEST_ERROR],
        "done_at": moment if state in (State.DONE, State.DEAD) else None,
        "not_before": moment + timedelta(seconds=wait_s) if wait_s else None,
    }
    unfinished = Errand.id.in_(ids) & Errand.state.in_(UNFINISHED)
    with database_or(OTHERWISE):
        db.session.execute(update(Errand).where(unfinished).values(**values))
        db.session.commit()


def queue() -> Queue:
    """Return how much waits.

    Raises:
        Unavailable: the database cannot answer.
    """
    with database_or(OTHERWISE):
        unfinished = Errand.state.in_(UNFINISHED)
        counted = select(func.count(), func.min(Errand.made_at)).where(unfinished)
        pending, oldest = db.session.execute(counted).one()
        dead = db.session.scalar(select(func.count()).where(Errand.state == State.DEAD)) or 0
    age_s = (now() - oldest).total_seconds() if oldest else 0.0
    return Queue(pending, max(age_s, 0.0), dead)


def hold_lease(holder: str, seconds: float = LEASE_S) -> bool:
    """Take the lease, or hold it longer; say no while another has it.

    Nothing is written while it is not half over, nor by those who wait for it.

    Raises:
        Unavailable: the database cannot answer.
    """
    moment = now()
    with database_or(OTHERWISE):
        lease = db.session.get(Lease, LEASE)
        if lease and lease.until > moment and lease.holder != holder:
            return False
        if (
            lease
            and lease.holder == holder
            and lease.until > moment + timedelta(seconds=seconds / 2)
        ):
            return True
        return _take_lease(holder, moment, moment + timedelta(seconds=seconds))


def _take_lease(holder: str, moment: datetime, until: datetime) -> bool:
    free = (Lease.holder == holder) | (Lease.until <= moment)
    taken = update(Lease).where(Lease.name == LEASE, free).values(holder=holder, until=until)
    if not db.session.execute(taken).rowcount:  # type: ignore[attr-defined]
        db.session.execute(insert(Lease).values(name=LEASE, holder=holder, until=until))
    try:
        db.session.commit()
    except IntegrityError:  # another was quicker
        return False
    return True
