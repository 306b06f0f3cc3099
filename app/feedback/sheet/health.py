"""How the sheet is, told by the writer to everybody: one row of the database."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.database import now
from app.extensions import database_or, db
from app.feedback.tables import SheetState

if TYPE_CHECKING:
    from app.feedback.sheet.comparing import Findings  # which brings gspread along

NAME = "sheet"
OTHERWISE = "How the sheet is cannot be told just now: the database does not answer."
LONGEST_TROUBLE = 1000


@dataclass(frozen=True)
class Counts:
    """In how many rows the sheet differs from what it was told."""

    missing: int = 0
    doubled: int = 0
    edited: int = 0
    unknown: int = 0

    @classmethod
    def of(cls, findings: "Iterable[Findings]") -> "Counts":
        """Return the sums over worksheets."""
        every = list(findings)
        return cls(*(sum(len(getattr(f, name)) for f in every) for name in cls.__annotations__))


def last() -> SheetState | None:
    """Return how the sheet was when the writer looked last; None before the first time.

    Raises:
        Unavailable: the database cannot answer.
    """
    with database_or(OTHERWISE):
        return db.session.get(SheetState, NAME)


def tell_trouble(trouble: str | None) -> None:
    """Store what somebody must mend, or that all is well.

    Raises:
        Unavailable: the database cannot answer.
    """
    with database_or(OTHERWISE):
        state = _state()
        told = trouble and trouble[:LONGEST_TROUBLE]
        if state.trouble != told:
            state.trouble, state.since = told, now()
        db.session.commit()


def tell_look(title: str, url: str, counts: Counts) -> bool:
    """Store what a look found; say whether it is other than the one before.

    Raises:
        Unavailable: the database cannot answer.
    """
    with database_or(OTHERWISE):
        state = _state()
        before = Counts(state.missing, state.doubled, state.edited, state.unknown)
        state.title, state.url, state.looked_at = title[:255], url[:255], now()
        for name, count in vars(counts).items():
            setattr(state, name, count)
        db.session.commit()
    return before != counts


def _state() -> SheetState:
    found = db.session.get(SheetState, NAME)
    if found is None:
        found = SheetState(name=NAME, since=now(), missing=0, doubled=0, edited=0, unknown=0)
        db.session.add(found)
    return found
