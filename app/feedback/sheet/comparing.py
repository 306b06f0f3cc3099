"""What the sheet has, held against what the database says that it was told.

What is missing, doubled or astray can be mended by errands. What was edited by hand, or is no
row of ours, is told and left alone: the sheet is a copy, and nothing is read back from it.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import load_only

from app.database import now
from app.extensions import database_or, db
from app.feedback.sheet import outbox
from app.feedback.sheet.google import A_PAGE, Sheet, check_header
from app.feedback.sheet.outbox import AT_ONCE, UNFINISHED, in_parts
from app.feedback.sheet.reading import Page
from app.feedback.sheet.rows import COLUMNS, TOLD, seal, told_of
from app.feedback.tables import Action, Correction, Errand, State, Status

OTHERWISE = "The sheet cannot be compared just now: the database does not answer."
SAID = {
    "missing": "missing",
    "doubled": "there twice",
    "astray": "withdrawn, or of another worksheet",
}
WITHOUT_INK = load_only(
    *(Correction.id, Correction.result, Correction.confidence, Correction.label),
    *(Correction.created_at, Correction.kind, Correction.model_version, Correction.status),
)


@dataclass(frozen=True)
class Edit:
    """A row of which cells are not as they were written."""

    row: int
    id: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Findings:
    """How one worksheet differs from what it was told: ids of corrections, and rows."""

    worksheet: str
    missing: frozenset[str] = frozenset()
    doubled: frozenset[str] = frozenset()
    astray: frozenset[str] = frozenset()  # withdrawn, or of another worksheet
    unknown: tuple[int, ...] = ()  # rows that hold no correction of this database
    edited: tuple[Edit, ...] = ()

    def lines(self) -> Iterator[str]:
        """Yield what was found, as lines for people."""
        for name, said in SAID.items():
            yield from (f"{self.worksheet}: {i} is {said}" for i in sorted(getattr(self, name)))
        for edit in self.edited:
            yield f"{self.worksheet}, row {edit.row}: {', '.join(edit.columns)} edited by hand"
        yield from (f"{self.worksheet}, row {row}: not from here" for row in self.unknown)

    def mend(self) -> int:
        """Have done what brings the sheet back to the database; return how many rows it is about.

        Raises:
            Unavailable: the database cannot answer; some may have been mended.
        """
        outbox.again(self.missing, Action.APPEND, self.worksheet)
        outbox.again(self.doubled, Action.SINGLE, self.worksheet)
        outbox.again(self.astray, Action.REMOVE, self.worksheet)
        return len(self.missing) + len(self.doubled) + len(self.astray)


@dataclass
class Watch:
    """Looks at a sheet again and again, at a page of each worksheet's rows at a time."""

    most_rows: int = 20_000  # of which all ids are compared each time; `reconcile` takes any number
    _next_row: dict[str, int] = field(default_factory=dict)
    _edits: dict[str, dict[int, Edit]] = field(default_factory=dict)

    def look(self, sheet: Sheet, worksheet: str) -> Findings:
        """Compare a worksheet's ids, and a page of its rows.

        Raises:
            SheetError: of the kind that says why it could not be looked at.
            Unavailable: the database cannot answer.
        """
        before = now()
        if told_count(worksheet) > self.most_rows:
            return Findings(worksheet, edited=self._edited(sheet, worksheet))
        ids = sheet.column(worksheet)
        found = compare_ids(worksheet, ids, before)
        return replace(found, edited=self._edited(sheet, worksheet))

    def _edited(self, sheet: Sheet, worksheet: str) -> tuple[Edit, ...]:
        first = self._next_row.get(worksheet, 1)
        rows = sheet.rows(worksheet, first)
        if not rows:
            sheet.forget(worksheet)
        elif first == 1:
            check_header(worksheet, rows[0], COLUMNS)
        last = first + A_PAGE if len(rows) == A_PAGE else sys.maxsize
        known = self._edits.get(worksheet, {}).items()
        found = {edit.row: edit for edit in compare_rows(worksheet, rows, first)}
        found |= {row: edit for row, edit in known if not first <= row < last}
        self._edits[worksheet] = found
        self._next_row[worksheet] = 1 if last == sys.maxsize else last
        return tuple(found.values())


def compare_all(worksheet: str, pages: Iterable[Page], before: datetime) -> Findings:
    """Compare a whole worksheet, read after before, with what it was told till then.

    Raises:
        SheetError: the pages cannot be read.
        Unavailable: the database cannot answer.
    """
    edits: list[Edit] = []
    ids: list[str] = []
    for first, rows in pages:
        edits += compare_rows(worksheet, rows, first)
        ids += [row[0] if row else "" for row in rows]
    found = compare_ids(worksheet, ids, before)
    return replace(found, edited=tuple(edits))


def told_count(worksheet: str) -> int:
    """Return how many rows a worksheet was told.

    Raises:
        Unavailable: the database cannot answer.
    """
    with database_or(OTHERWISE):
        done = Errand.state == State.DONE, Errand.action == Action.APPEND
        counted = select(func.count()).where(Errand.worksheet == worksheet, *done)
        return db.session.scalar(counted) or 0


def compare_ids(worksheet: str, ids: Sequence[str], before: datetime) -> Findings:
    """Compare the first column of a worksheet, read after before, with what it was told till then.

    Raises:
        Unavailable: the database cannot answer.
    """
    with database_or(OTHERWISE):
        expected, open_ids = _told(worksheet, before), _open(worksheet)
        there = Counter(ids)
        strange = _known([i for i in there if i and i not in expected and i not in open_ids])
    settled = there.keys() - open_ids
    return Findings(
        worksheet,
        missing=frozenset(expected - there.keys() - open_ids),
        doubled=frozenset(i for i in settled if there[i] > 1 and i in expected),
        astray=frozenset(strange),
        unknown=tuple(
            row
            for row, i in enumerate(ids, 2)
            if i not in expected and i not in open_ids and i not in strange
        ),
    )


def compare_rows(worksheet: str, rows: Sequence[Sequence[str]], first: int) -> list[Edit]:
    """Compare whole rows, the first of which has a number, with the corrections of their ids.

    Those that are to be changed are left out.

    Raises:
        Unavailable: the database cannot answer.
    """
    cells = {
        number: [*row, *[""] * (len(COLUMNS) - len(row))] for number, row in enumerate(rows, first)
    }
    with database_or(OTHERWISE):
        ids = {row[0] for row in cells.values() if row[0]} - _open(worksheet)
        kept = _kept(sorted(ids))
    edits = []
    for number, row in cells.items():
        columns = _changed(row, kept[row[0]]) if row[0] in kept else ()
        if columns:
            edits.append(Edit(number, row[0], columns))
    return edits


def _changed(row: Sequence[str], correction: Correction) -> tuple[str, ...]:
    told = zip(TOLD, told_of(correction), strict=True)
    changed = [COLUMNS[at] for at, cell in told if row[at] != cell]
    if not changed and row[-1] != seal([*row[:-1]]):
        changed = [COLUMNS[1]]  # the picture, or the seal itself
    return tuple(changed)


def _told(worksheet: str, before: datetime) -> set[str]:
    """Return the ids that a worksheet was told before a moment, and has not been told to forget."""
    acts = Errand.action.in_((Action.APPEND, Action.REMOVE))
    done = Errand.worksheet == worksheet, acts, Errand.state == State.DONE, Errand.done_at < before
    last = select(func.max(Errand.id)).where(*done).group_by(Errand.correction_id)
    appended = Errand.id.in_(last), Errand.action == Action.APPEND
    kept = select(Errand.correction_id).join(Correction).where(*appended)
    return set(db.session.scalars(kept.where(Correction.status != Status.WITHDRAWN)))


def _open(worksheet: str) -> set[str]:
    """Return the ids that a worksheet is still to be told something about."""
    unfinished = Errand.worksheet == worksheet, Errand.state.in_(UNFINISHED)
    return set(db.session.scalars(select(Errand.correction_id).where(*unfinished)))


def _known(ids: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for some in in_parts(ids, AT_ONCE):
        found |= set(db.session.scalars(select(Correction.id).where(Correction.id.in_(some))))
    return found


def _kept(ids: Sequence[str]) -> dict[str, Correction]:
    found: dict[str, Correction] = {}
    for some in in_parts(ids, AT_ONCE):
        chosen = select(Correction).where(Correction.id.in_(some)).options(WITHOUT_INK)
        kept = chosen.where(Correction.status != Status.WITHDRAWN)
        found |= {correction.id: correction for correction in db.session.scalars(kept)}
    return found
