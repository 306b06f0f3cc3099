"""Tries to sign in slow an account down, over all workers, and never lock its owner out.

Who tries from where they have signed in before has a count of their own, so that a stranger's
tries do not hold them up.
"""

import hashlib
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from app.accounts.tables import Tries
from app.database import now
from app.errors import TooSoon
from app.extensions import database_or, db

FREE = 5  # tries without a delay
LONGEST_S = 900
FORGOTTEN = timedelta(hours=1)
KEPT = timedelta(days=1)
ROUNDS = 5  # of a race with other workers
OTHERWISE = "Nobody can sign in just now. Try again in a moment."


def key_of(name_key: str, device: str | None) -> str:
    """Return what tries are counted by: a name, or a name on a device known to be its owner's."""
    return hashlib.sha256(f"{device or ''}\n{name_key}".encode()).hexdigest()


def count(key: str) -> None:
    """Count a try, before it is known how it ends: of many at once only so many are looked at.

    Raises:
        TooSoon: it may be made later only.
        Unavailable: the database cannot answer.
    """
    with database_or(OTHERWISE):
        for _ in range(ROUNDS):
            if _counted(key):
                return
    raise TooSoon("Too many tries at once. Try again in a second.", 1)


def forget(key: str) -> None:
    """Forget the tries, because the last one was right."""
    with database_or(OTHERWISE):
        db.session.execute(delete(Tries).where(Tries.key == key))
        db.session.commit()


def delay_s(tries: int) -> int:
    """Return how long to wait after so many tries in a row."""
    return 0 if tries < FREE else min(2 ** (tries - FREE), LONGEST_S)


def _counted(key: str) -> bool:
    """Count, unless another worker has just done so."""
    moment = now()
    made = db.session.execute(select(Tries.number, Tries.last_at, Tries.next_at).filter_by(key=key))
    found = made.one_or_none()
    if found is None:
        return _first(key)
    wait_s = (found.next_at - moment).total_seconds()
    if wait_s > 0:
        seconds = int(wait_s) + 1
        raise TooSoon(f"Too many tries for this account. Try again in {seconds} s.", seconds)
    tries = 1 if moment - found.last_at > FORGOTTEN else found.number + 1
    unchanged = update(Tries).where(Tries.key == key, Tries.last_at == found.last_at)
    next_at = moment + timedelta(seconds=delay_s(tries))
    done = db.session.execute(unchanged.values(number=tries, last_at=moment, next_at=next_at))
    db.session.commit()
    return bool(done.rowcount)  # type: ignore[attr-defined]


def _first(key: str) -> bool:
    moment = now()
    db.session.execute(delete(Tries).where(Tries.last_at < moment - KEPT))
    db.session.add(Tries(key=key, number=1, last_at=moment, next_at=moment))
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        return False
    return True
