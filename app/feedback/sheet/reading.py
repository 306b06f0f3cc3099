"""Worksheets read as a whole, page by page, by those who have time."""

import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import TypeVar

from app.errors import SheetBusy, SheetUnclear
from app.feedback.sheet.google import A_PAGE, Sheet

Answer = TypeVar("Answer")
Page = tuple[int, list[list[str]]]  # the first row's number, and the rows

WAITS_S = (2.0, 8.0, 32.0, 64.0)  # reads are counted by the minute


def pages(sheet: Sheet, tab: str, size: int = A_PAGE, until: int = 2) -> Iterator[Page]:
    """Yield the rows below the header, up to the row until, and on for as long as there are any.

    Raises:
        SheetError: the spreadsheet cannot be read.
    """
    first = 2
    while True:
        rows = patiently(partial(sheet.rows, tab, first, size))
        if rows:
            yield first, rows
        first += size
        if len(rows) < size and first > until:
            return


def patiently(ask: Callable[[], Answer]) -> Answer:
    """Ask until there is an answer; asking changes nothing.

    Raises:
        SheetError: the spreadsheet cannot be read.
    """
    for wait_s in WAITS_S:
        try:
            return ask()
        except (SheetBusy, SheetUnclear):
            time.sleep(wait_s)
    return ask()
