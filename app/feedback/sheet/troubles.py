"""What somebody must mend before the sheet can be told: one worksheet, or the whole spreadsheet."""

import logging
import time
from dataclasses import dataclass, field

from app import metrics
from app.errors import SheetError
from app.feedback.sheet import health

EVERYWHERE = ""  # what is wrong with the spreadsheet, not with one of its worksheets
_log = logging.getLogger(__name__)


@dataclass
class Troubles:
    """Troubles by worksheet, told in the log, as a metric and in the database.

    A worksheet is left alone for a while, until somebody may have mended it.
    """

    _texts: dict[str, str] = field(default_factory=dict)
    _until: dict[str, float] = field(default_factory=dict)  # left alone, by the monotonic clock

    def __bool__(self) -> bool:
        """Say whether there is any."""
        return bool(self._texts)

    def note(self, worksheet: str, error: SheetError, rest_s: float = 0.0) -> None:
        """Tell of a trouble; leave the worksheet alone for so long.

        Raises:
            Unavailable: the database cannot answer.
        """
        _log.warning("the sheet cannot be told: %s", error)
        self._texts[worksheet] = str(error)
        self._until[worksheet] = time.monotonic() + rest_s
        self.tell()

    def end(self, worksheet: str) -> None:
        """Tell that a worksheet, and so the spreadsheet, does what it should.

        Raises:
            Unavailable: the database cannot answer.
        """
        ended = {worksheet, EVERYWHERE} & self._texts.keys()
        for mended in ended:
            del self._texts[mended], self._until[mended]
        metrics.sheet_up.set(not self._texts)
        if ended:
            _log.info("the sheet can be told again")
            self.tell()

    def tell(self) -> None:
        """Say how it is to everybody.

        Raises:
            Unavailable: the database cannot answer.
        """
        metrics.sheet_up.set(not self._texts)
        health.tell_trouble(next(iter(self._texts.values()), None))

    def resting(self) -> list[str]:
        """Return the worksheets that are left alone now."""
        return [worksheet for worksheet in self._until if self.is_resting(worksheet)]

    def is_resting(self, worksheet: str) -> bool:
        """Say whether a worksheet is left alone now."""
        return time.monotonic() < self._until.get(worksheet, 0.0)
