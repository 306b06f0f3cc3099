"""The one that tells the sheet: batch after batch, whatever happens to the sheet meanwhile.

Each batch is marked before it is sent. Where nobody knows what came of it, the sheet is asked which
of its rows are there before the rest is sent again, so that a row is told once.
"""

import logging
import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
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
from app.feedback.sheet import health, outbox
from app.feedback.sheet.comparing import Findings, Watch
from app.feedback.sheet.health import Counts
from app.feedback.sheet.outbox import Batch
from app.feedback.sheet.rows import COLUMNS, WORKSHEETS, row_of
from app.feedback.sheet.troubles import EVERYWHERE, Troubles
from app.feedback.tables import Action, Errand, State

if TYPE_CHECKING:
    from app.feedback.sheet.google import Sheet

LOOKED_FOR = 9  # times as long as a look takes, something else is done
REFUSALS = 3  # of one row alone, until it is given up: Google may have meant something else
PATIENCE = 3  # failures in a row, until it counts as trouble
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Pace:
    """How long to wait for what; seconds."""

    idle: float = 1.0
    between: float = 1.35  # from request to request: 44 a minute, of the 60 that Google allows
    longest: float = 64.0  # between tries that fail
    mended: float = 30.0  # until somebody may have done what it takes
    late: float = 200.0  # until no write without an answer can be carried out any more
    lease: float = outbox.LEASE_S  # until another takes over from a writer that is gone
    poll: float = 10.0  # between looks for what may have arrived; the lease must be held, too
    count: float = 5.0  # between counts of what waits: a day's outage is long to count
    look: float = 30.0  # between looks for what was changed by hand
    away: float = 5.0  # while the database does not answer

    def hastened(self, by: float) -> "Pace":
        """Return a pace so many times as quick."""
        return Pace(**{name: seconds / by for name, seconds in vars(self).items()})


@dataclass
class Writer:
    """Empties the outbox into a sheet. Only the holder of the lease does anything."""

    open_sheet: "Callable[[], Sheet]"
    pace: Pace = field(default_factory=Pace)
    name: str = field(default_factory=lambda: str(uuid4()))
    failures: int = 0  # in a row
    has_lease: bool = False
    troubles: Troubles = field(default_factory=Troubles)
    next_look: float = 0.0  # when, by the monotonic clock
    _watch: Watch = field(default_factory=Watch)
    _findings: dict[str, Findings] = field(default_factory=dict)
    _sheet: "Sheet | None" = None
    _next_request: float = 0.0
    _next_count: float = 0.0

    def run(self, stop: threading.Event) -> None:
        """Work until told to stop, then let another have the lease. Nothing ends it before."""
        while not stop.is_set():
            try:
                wait_s = self.step()
            except Exception:  # noqa: BLE001  # the thread must go on
                _log.exception("unexpected error while the sheet was told")
                wait_s = self.pace.longest
            stop.wait(wait_s)
        with suppress(Unavailable):
            outbox.release_lease(self.name)

    def step(self) -> float:
        """Do one thing, if there is one to do; return how long to wait before the next step."""
        try:
            self.has_lease = outbox.hold_lease(self.name, self.pace.lease)
            if not self.has_lease:
                return self.pace.idle
            self._observe()
            if self.troubles.is_resting(EVERYWHERE):
                return self.pace.idle
            if time.monotonic() >= self.next_look:
                return self._look()
            return self._go_on()
        except Unavailable:
            return self.pace.away

    def _go_on(self) -> float:
        """Deliver the next batch, or see what came of the last, if there is one."""
        batch = outbox.next_batch(self.troubles.resting())
        if batch is None:
            return self.pace.idle
        wait_s = batch.wait_s()
        if wait_s <= 0:
            return self._try(lambda: self._deliver(batch), batch.worksheet)
        waited = self._try(lambda: self._settle(self._opened(), batch), batch.worksheet)
        return max(waited, min(wait_s, self.pace.poll))

    def _try(self, work: Callable[[], object], worksheet: str) -> float:
        """Do it; return how long to wait after it, longer and by chance after each failure.

        What may still arrive late was marked so when it was sent, for whoever goes on.
        """
        try:
            work()
        except SheetMisconfigured as error:
            self._hold(error.worksheet, error)
        except SheetRefused as error:
            self._hold(worksheet, error)
        except SheetError as error:
            return self._wait_after(error)
        else:
            self.failures = 0
            self.troubles.end(worksheet)
        return max(self._next_request - time.monotonic(), 0.0)

    def _wait_after(self, error: SheetError) -> float:
        """Return how long to wait; who runs Inkloop is told when it lasts."""
        self.failures += 1
        _log.info("the sheet did not answer as it should: %s", error)
        if self.failures == PATIENCE:
            self.troubles.note(EVERYWHERE, error)
        longest = min(self.pace.longest, self.pace.between * 2.0**self.failures)
        return max(random.uniform(0, longest), self.pace.between)  # noqa: S311

    def _hold(self, worksheet: str, error: SheetError) -> None:
        """Leave a worksheet alone until somebody may have mended it."""
        if worksheet == EVERYWHERE:
            self._sheet = None
        elif self._sheet:
            self._sheet.forget(worksheet)
        self.troubles.note(worksheet, error, self.pace.mended)

    def _opened(self) -> "Sheet":
        if self._sheet is None:
            self._sheet = self.open_sheet()
        return self._sheet

    def _look(self) -> float:
        """Look for what people did to the sheet; return how long to wait before the next step.

        Where that takes long, because Google is in trouble, it is done more seldom.
        """
        start = time.monotonic()
        wait_s = self._look_at_all()
        end = time.monotonic()
        self.next_look = end + max(self.pace.look, LOOKED_FOR * (end - start))
        return wait_s

    def _look_at_all(self) -> float:
        wait_s = 0.0
        for worksheet in WORKSHEETS:
            if not self.troubles.is_resting(worksheet):
                wait_s = self._try(partial(self._look_at, worksheet), worksheet)
            if self._sheet is None:  # it cannot be opened, or not any more
                return wait_s
        self.troubles.tell()  # another writer may have had some
        counts = Counts.of(self._findings.values())
        metrics.observe_sheet_rows(**vars(counts))
        sheet = self._opened()
        if health.tell_look(sheet.title, sheet.url, counts):
            _log.warning("the sheet differs from what it was told: %s", counts)
        return wait_s

    def _look_at(self, worksheet: str) -> None:
        self._hold_lease()
        found = self._watch.look(self._opened(), worksheet)
        self._hold_lease()
        found.mend()
        self._findings[worksheet] = found

    def _deliver(self, batch: Batch) -> None:
        sheet = self._opened()
        errands = self._settle(sheet, batch) if batch.is_sent else batch.errands
        if batch.action in (Action.REMOVE, Action.SINGLE):
            if errands:
                self._send(errands, lambda: _remove(sheet, batch))
            return
        found = outbox.corrections_of(batch)
        rows = {e: row_of(found[e.correction_id]) for e in errands if e.correction_id in found}
        outbox.mark([e for e in errands if e not in rows], State.DONE)  # withdrawn meanwhile
        if rows and batch.action == Action.APPEND:
            self._append(sheet, batch.worksheet, rows)
        elif rows:
            told = {row[0]: row for row in rows.values()}
            self._send([*rows], lambda: sheet.rewrite(batch.worksheet, told))

    def _settle(self, sheet: "Sheet", batch: Batch) -> Sequence[Errand]:
        """Mark what has arrived of what was sent; return the errands that have not."""
        if batch.action in (Action.UPDATE, Action.SINGLE):
            return batch.errands  # to be done again: it changes nothing that is done
        there = set(sheet.column(batch.worksheet))
        wanted = batch.action == Action.APPEND
        arrived = [errand for errand in batch.errands if (errand.correction_id in there) == wanted]
        outbox.mark(arrived, State.DONE)
        return [errand for errand in batch.errands if errand not in arrived]

    def _append(self, sheet: "Sheet", worksheet: str, rows: Mapping[Errand, list[str]]) -> None:
        """Append rows; one that is refused is found by halving, and given up."""
        for _ in range(REFUSALS if len(rows) == 1 else 1):
            try:
                self._send([*rows], lambda: sheet.append(worksheet, [*rows.values()], COLUMNS))
            except SheetRefused as error:
                refused = error
            else:
                return
        if len(rows) == 1:
            self._give_up(next(iter(rows)), refused)
            return
        for half in _halves(rows):
            self._append(sheet, worksheet, half)

    def _send(self, errands: Sequence[Errand], request: Callable[[], object]) -> None:
        """Make a request that writes, at its time; mark before and after how far its errands are.

        Raises:
            SheetError: as the request raised it.
        """
        self._wait_for_turn()
        outbox.mark(errands, State.SENDING, wait_s=self.pace.late)
        try:
            request()
        except SheetUnclear as error:
            outbox.mark(errands, State.SENDING, wait_s=self.pace.late if error.is_late else 0.0)
            raise
        except SheetError as error:
            outbox.mark(errands, State.WAITING, str(error))
            raise
        outbox.mark(errands, State.DONE)

    def _wait_for_turn(self) -> None:
        time.sleep(max(self._next_request - time.monotonic(), 0.0))
        self._next_request = time.monotonic() + self.pace.between
        self._hold_lease()

    def _hold_lease(self) -> None:
        if not outbox.hold_lease(self.name, self.pace.lease):
            raise SheetBusy("Another writer has taken over.")

    def _give_up(self, errand: Errand, error: SheetError) -> None:
        outbox.mark([errand], State.DEAD, str(error))
        metrics.outbox_dead_total.inc()
        _log.error("correction %s is refused by the sheet: %s", errand.correction_id, error)

    def _observe(self) -> None:
        if time.monotonic() < self._next_count:
            return
        self._next_count = time.monotonic() + self.pace.count
        queue = outbox.queue()
        metrics.outbox_pending.set(queue.pending)
        metrics.outbox_oldest_seconds.set(queue.oldest_s)


def _remove(sheet: "Sheet", batch: Batch) -> None:
    sheet.remove(batch.worksheet, batch.ids, keep_first=batch.action == Action.SINGLE)


def _halves(rows: Mapping[Errand, list[str]]) -> Iterator[dict[Errand, list[str]]]:
    pairs = list(rows.items())
    middle = len(pairs) // 2
    yield dict(pairs[:middle])
    yield dict(pairs[middle:])
