"""What the sheet is still to be told: errands, stored in the transaction of what they tell of."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from app.database import now
from app.extensions import database_or, db
from app.feedback.sheet.rows import worksheet_of
from app.feedback.tables import Action, Correction, Errand, Lease, State, Status

AT_ONCE = 100  # rows of a request
UNFINISHED = (State.WAITING, State.SENDING)
LEASE = "sheet"
LEASE_S = 50.0
FRESH = 0.92  # of a lease is left, or more, when a request is made: it lasts longer than that
LONGEST_ERROR = 255
OTHERWISE = "The outbox cannot be read just now."


@dataclass(frozen=True)
class Batch:
    """Errands of one sort for one worksheet, in their order; is_sent: they may have arrived."""

    worksheet: str
    action: str
    errands: Sequence[Errand]
    is_sent: bool = False

    @property
    def ids(self) -> frozenset[str]:
        """Return the ids of their corrections."""
        return frozenset(errand.correction_id for errand in self.errands)

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
    for correction_id, worksheet in _where(correction_ids):
        where = {"correction_id": correction_id, "worksheet": worksheet}
        db.session.add(Errand(action=Action.REMOVE, **where))


def change(correction: Correction) -> None:
    """Have a correction's row changed, or moved, in the transaction that is under way."""
    wanted = worksheet_of(correction.label or "", correction.source)
    for _, worksheet in _where([correction.id]):
        if worksheet == wanted:
            update = {"correction_id": correction.id, "worksheet": worksheet}
            db.session.add(Errand(action=Action.UPDATE, **update))
            return
    take_back([correction.id])
    add(correction)


def _where(correction_ids: Sequence[str]) -> set[tuple[str, str]]:
    """Return corrections and worksheets that have, or are to have, a row of them."""
    acts = Errand.action.in_((Action.APPEND, Action.REMOVE))
    told = select(Errand.correction_id, Errand.worksheet, Errand.action)
    theirs = told.where(Errand.correction_id.in_(correction_ids), acts).order_by(Errand.id)
    last = {(row.correction_id, row.worksheet): row.action for row in db.session.execute(theirs)}
    return {where for where, action in last.items() if action == Action.APPEND}


def again(correction_ids: Iterable[str], action: Action, worksheet: str) -> None:
    """Have more done about corrections, as a look at the sheet found necessary.

    Raises:
        Unavailable: the database cannot answer; nothing was changed.
    """
    with database_or(OTHERWISE):
        for some in in_parts(sorted(correction_ids), AT_ONCE):
            told = [{"correction_id": i, "action": action, "worksheet": worksheet} for i in some]
            db.session.execute(insert(Errand), told)
        db.session.commit()


def next_batch(held: Collection[str] = ()) -> Batch | None:
    """Return what is to be done next, or None; nothing of the worksheets that are held.

    A worksheet of which something is under way gets nothing new before that is settled; others do.

    Raises:
        Unavailable: the database cannot answer.
    """
    with database_or(OTHERWISE):
        sent = _sent(held)
        settled = [batch for batch in sent if batch.wait_s() <= 0]
        busy = {batch.worksheet for batch in sent} | {*held}
        return (
            next(iter(settled), None) or _waiting(busy) or min(sent, key=Batch.wait_s, default=None)
        )


def _sent(held: Collection[str]) -> list[Batch]:
    found = select(Errand).where(Errand.state == State.SENDING, Errand.worksheet.not_in(held))
    alike: dict[tuple[str, str], list[Errand]] = {}
    for errand in db.session.scalars(found.order_by(Errand.id)):
        alike.setdefault((errand.worksheet, errand.action), []).append(errand)
    return [Batch(*key, errands, is_sent=True) for key, errands in alike.items()]


def _waiting(busy: Collection[str]) -> Batch | None:
    """Return the errands that wait longest, as many of one sort as no other sort stands between.

    What is done about one correction is so done in its order.
    """
    free = select(Errand).where(Errand.state == State.WAITING, Errand.worksheet.not_in(busy))
    first = db.session.scalars(free.order_by(Errand.id).limit(1)).one_or_none()
    if first is None:
        return None
    there = free.filter_by(worksheet=first.worksheet).order_by(Errand.id).limit(AT_ONCE)
    alike = takewhile(lambda errand: errand.action == first.action, db.session.scalars(there))
    return Batch(first.worksheet, first.action, list(alike))


def corrections_of(batch: Batch) -> dict[str, Correction]:
    """Return the corrections that are to be told; those withdrawn meanwhile are not.

    Raises:
        Unavailable: the database cannot answer.
    """
    with database_or(OTHERWISE):
        found = select(Correction).where(Correction.id.in_(batch.ids))
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
        counted = select(Errand.state, func.count(), func.min(Errand.id)).group_by(Errand.state)
        counted = counted.where(Errand.state.in_((*UNFINISHED, State.DEAD)))
        found = {state: (count, first) for state, count, first in db.session.execute(counted)}
        waiting = [found[state] for state in UNFINISHED if state in found]
        first = min((first for _, first in waiting), default=None)
        oldest = db.session.scalar(select(Errand.made_at).where(Errand.id == first))
    age_s = (now() - oldest).total_seconds() if oldest else 0.0
    dead, _ = found.get(State.DEAD, (0, None))
    return Queue(sum(count for count, _ in waiting), max(age_s, 0.0), dead)


def dead_letters(limit: int = AT_ONCE) -> Sequence[Errand]:
    """Return what the sheet refused for good, the latest first.

    Raises:
        Unavailable: the database cannot answer.
    """
    with database_or(OTHERWISE):
        dead = select(Errand).where(Errand.state == State.DEAD)
        return db.session.scalars(dead.order_by(Errand.id.desc()).limit(limit)).all()


def revive() -> int:
    """Have what was refused for good told once more; return how much it is.

    Raises:
        Unavailable: the database cannot answer; nothing was changed.
    """
    with database_or(OTHERWISE):
        dead = update(Errand).where(Errand.state == State.DEAD)
        revived = db.session.execute(dead.values(state=State.WAITING, done_at=None))
        db.session.commit()
    return int(revived.rowcount)  # type: ignore[attr-defined]


def hold_lease(holder: str, seconds: float = LEASE_S) -> bool:
    """Take the lease, or hold it longer; say no while another has it.

    Nothing is written while it is fresh, nor by those who wait for it.

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
            and lease.until > moment + timedelta(seconds=seconds * FRESH)
        ):
            return True
        return _take_lease(holder, moment, moment + timedelta(seconds=seconds))


def release_lease(holder: str) -> None:
    """Let another have the lease at once.

    Raises:
        Unavailable: the database cannot answer; the lease ends by itself.
    """
    with database_or(OTHERWISE):
        db.session.execute(delete(Lease).where(Lease.name == LEASE, Lease.holder == holder))
        db.session.commit()


def in_parts(items: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """Yield items in parts of one size; the last may be smaller."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


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
