"""Worksheets of labelled pictures: those that Inkloop writes, and those of older projects."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from app.errors import FeedbackError
from app.feedback.sheet.google import Sheet
from app.feedback.sheet.reading import pages, patiently
from app.feedback.sheet.rows import COLUMNS, DUMMIES, seal
from app.feedback.transfer.importing import Claim, Find, claimed
from app.feedback.transfer.names import parse_time
from app.ink.pictures import Picture, parse_data_url

NEEDED = ("Data", "User_Corrected_Label")
AT_ONCE = 200  # rows; the longest pictures make ten megabytes of them


@dataclass(frozen=True)
class _Tab:
    """A worksheet with labelled pictures: its header, and down to which row there are labels."""

    title: str
    header: list[str]
    last: int


class Workbook:
    """The worksheets of a spreadsheet that have labelled pictures; its length is that of all."""

    def __init__(self, sheet: Sheet, only: str | None = None) -> None:
        """Look at every header, or at that of one worksheet; that of dummies must be asked for.

        Raises:
            SheetError: the spreadsheet cannot be read.
        """
        self._sheet = sheet
        titles = [t for t in patiently(sheet.titles) if (t == only if only else t != DUMMIES)]
        self._tabs = [tab for title in titles for tab in self._look(title)]

    def __len__(self) -> int:
        """Return how many rows there are, down to the last that has a label."""
        return sum(tab.last - 1 for tab in self._tabs)

    def __iter__(self) -> Iterator[Find]:
        """Yield every row that has anything in it.

        Raises:
            SheetError: the spreadsheet cannot be read any more.
        """
        for tab in self._tabs:
            for number, cells in self._rows(tab):
                if any(cells):
                    padded = [str(cell) for cell in cells] + [""] * len(tab.header)
                    row = dict(zip(tab.header, padded, strict=False))
                    where = f"{tab.title}, row {number}"
                    yield Find(where, partial(_claim, row), partial(_picture, row))

    def _rows(self, tab: _Tab) -> Iterator[tuple[int, list[str]]]:
        for first, rows in pages(self._sheet, tab.title, AT_ONCE, tab.last):
            yield from enumerate(rows, first)

    def _look(self, title: str) -> Iterator[_Tab]:
        """Yield the worksheet if it has the columns."""
        first = patiently(partial(self._sheet.rows, title, 1, 1))
        header = [str(cell).strip() for cell in first[0]] if first else []
        if set(NEEDED) <= set(header):
            at = header.index(NEEDED[1]) + 1
            labels = patiently(partial(self._sheet.column, title, at))
            yield _Tab(title, header, len(labels) + 1)


def _claim(row: dict[str, str]) -> Claim:
    """Return what a row says.

    Raises:
        FeedbackError: it was edited by hand, or something of it cannot be.
    """
    sealed = {"ID", "Row_SHA256"} <= row.keys()
    if sealed and (row["ID"] or row["Row_SHA256"]) and not _is_as_written(row):
        raise FeedbackError("It was edited by hand.")
    return claimed(
        label=row["User_Corrected_Label"],
        time=parse_time(row.get("Timestamp", "")),
        id=row["ID"] or None if sealed else None,  # older projects number their rows
        kind=row.get("Kind") or None,
        result=row.get("Predicted_Label") or None,
        confidence=_share(row.get("Confidence_Score", "")),
        model_version=row.get("Model_Version") or None,
        status=row.get("Status", ""),
    )


def _is_as_written(row: dict[str, str]) -> bool:
    cells = [row.get(name, "") for name in COLUMNS]
    return seal(cells[:-1]) == cells[-1]


def _picture(row: dict[str, str]) -> Picture:
    data = row["Data"]
    return parse_data_url(data if data.startswith("data:") else f"data:image/png;base64,{data}")


def _share(text: str) -> float | None:
    """Return a confidence as older projects wrote it, or None."""
    try:
        found = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        return None
    return found if 0 <= found <= 1 else None
