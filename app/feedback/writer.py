"""The one that tells the sheet: batch after batch, whatever happens to the sheet meanwhile.

Each batch is marked before it is sent. Where nobody knows what came of it, the sheet is asked which
of its rows are there before the rest is sent again, so that a row is told once.
"""

import logging
import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import uuid4

from app import metrics
from app.errors import (
    SheetBusy,
    SheetError,
    SheetMisconfigured,
    SheetRefused,
    SheetUnclear,
    Unavailable,
)
from app.feedback import outbox
from app.feedback.outbox import Batch
from app.feedback.rows import COLUMNS, row_of
from app.feedback.tables import Action, Errand, State

if TYPE_CHECKING:
    from app.feedback.sheets import Sheet

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Pace:
    """How long to wait for what; seconds."""

    idle: float = 1.0
    between: float = 1.4  # requests: 43 a minute, of the 60 that Google allows
    longest: float = 64.0  # between tries that fail
    mended: float = 30.0  # until somebody may have done what it takes
    late: float = 200.0  # until no write without an answer can be carried out any more
    look: float = 10.0  # at most, between steps that wait for that: the lease must be held
    away: float = 5.0  # while the database does not answer


@dataclass
class Writer:
    """Empties the outbox into a sheet. Only the holder of the lease does anything."""

    open_sheet: "Callable[[], Sheet]"
    pace: Pace = field(default_factory=Pace)
    name: str = field(default_factory=lambda: str(uuid4()))
    failures: int = 0  # in a row
    is_well: bool = True  # nobody has to mend anything
    has_lease: bool = False
    _sheet: "Sheet | None" = None
    _sent: set[int] = field(default_factory=set)

    def run(self, stop: threading.Event) -> None:
        """Work until told to stop. Nothing ends it before."""
        while not stop.is_set():
            try:
                wait_s = self.step()
            except Exception:  # noqa: BLE001  # the thread must go on
                _log.exception("unexpected error while the sheet was told")
                wait_s = self.pace.longest
            stop.wait(wait_s)

    def step(self) -> float:
        """Tell one batch, if there is one; return how long to wait before the next step."""
        try:
            self.has_lease = outbox.hold_lease(self.name)
            if not self.has_lease:
                return self.pace.idle
            batch = outbox.next_batch()
            self._observe()
            if batch is None:
                return self.pace.idle
            wait_s = batch.wait_s()
            return min(wait_s, self.pace.look) if wait_s > 0 else self._tell(batch)
        except Unavailable:
            return self.pace.away

    def _tell(self, batch: Batch) -> float:
        try:
            self._deliver(batch)
        except SheetMisconfigured as error:
            self._sheet, self.is_well = None, False
            metrics.sheet_up.set(0)
            _log.warning("the sheet cannot be told: %s", error)
            return self.pace.mended
        except SheetError as error:
            return self._again(batch, error)
        self.failures, self.is_well = 0, True
        metrics.sheet_up.set(1)
        return self.pace.between

    def _again(self, batch: Batch, error: SheetError) -> float:
        """Wait longer after each failure, by chance, as AWS calls it, with full jitter.

        What may still arrive late was marked so when it was sent, for whoever goes on.
        """
        self.failures += 1
        _log.info("the sheet did not answer as it should: %s", error)
        if isinstance(error, SheetBusy):
            outbox.mark(batch.errands, State.WAITING)
        elif not (isinstance(error, SheetUnclear) and error.is_late):
            outbox.mark([e for e in batch.errands if e.id in self._sent], State.SENDING)
        wait_s = random.uniform(0, min(self.pace.longest, 2.0**self.failures))  # noqa: S311
        return max(wait_s, self.pace.between)

    def _deliver(self, batch: Batch) -> None:
        self._sent = {e.id for e in batch.errands if e.state == State.SENDING}
        if self._sheet is None:
            self._sheet = self.open_sheet()
        if batch.action == Action.REMOVE:
            ids = frozenset(errand.correction_id for errand in batch.errands)
            self._sheet.remove(batch.worksheet, ids)
            outbox.mark(batch.errands, State.DONE)
            return
        errands = self._without_arrived(self._sheet, batch)
        outbox.mark(errands, State.SENDING, wait_s=self.pace.late)
        self._sent = {errand.id for errand in errands}
        found = outbox.corrections_of(batch)
        rows = {e: row_of(found[e.correction_id]) for e in errands if e.correction_id in found}
        outbox.mark([e for e in errands if e not in rows], State.DONE)  # withdrawn meanwhile
        self._append(self._sheet, batch.worksheet, rows)

    def _without_arrived(self, sheet: "Sheet", batch: Batch) -> Sequence[Errand]:
        """Return the errands that the sheet does not know of yet; the others are done."""
        if not batch.may_have_arrived:
            return batch.errands
        there = set(sheet.column(batch.worksheet))
        outbox.mark([e for e in batch.errands if e.correction_id in there], State.DONE)
        return [e for e in batch.errands if e.correction_id not in there]

    def _append(self, sheet: "Sheet", worksheet: str, rows: Mapping[Errand, list[str]]) -> None:
        """Append rows; one that is refused is found by halving, and given up."""
        try:
            if rows:
                sheet.append(worksheet, list(rows.values()), COLUMNS)
        except SheetRefused as error:
            if len(rows) == 1:
                self._give_up(list(rows), error)
                return
            for half in _halves(rows):
                time.sleep(self.pace.between)
                if not outbox.hold_lease(self.name):
                    raise SheetBusy("Another writer has taken over.") from error
                self._append(sheet, worksheet, half)
            return
        outbox.mark(rows, State.DONE)

    def _give_up(self, errands: Sequence[Errand], error: SheetError) -> None:
        outbox.mark(errands, State.DEAD, str(error))
        metrics.outbox_dead_total.inc()
        _log.error("correction %s is refused by the sheet: %s", errands[0].correction_id, error)

    def _observe(self) -> None:
        queue = outbox.queue()
        metrics.outbox_pending.set(queue.pending)
        metrics.outbox_oldest_seconds.set(queue.oldest_s)


def _halves(rows: Mapping[Errand, list[str]]) -> Iterator[dict[Errand, list[str]]]:
    pairs = list(rows.items())
    middle = len(pairs) // 2
    yield dict(pairs[:middle])
    yield dict(pairs[middle:])
