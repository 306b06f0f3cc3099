"""A spreadsheet as Google keeps it: tabs of cells, a limit on them, and what calls do to both."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

MOST_CHARACTERS = 50_000  # of a cell
RANGE = re.compile(
    r"(?:'((?:[^']|'')+)'|([^'!]+?))?(?:!|^|$)(?:([A-Z]*)(\d*)(?::([A-Z]*)(\d*))?)?$"
)

Row = list[str]


class Refusal(Exception):
    """What Google answers to a call that it does not carry out."""

    def __init__(self, code: int, status: str, message: str) -> None:
        super().__init__(message)
        self.code, self.status, self.message = code, status, message

    def body(self) -> dict[str, Any]:
        return {"error": {"code": self.code, "message": self.message, "status": self.status}}


def invalid(message: str) -> Refusal:
    return Refusal(400, "INVALID_ARGUMENT", message)


@dataclass
class Tab:
    """One worksheet. rows holds what is written; the grid may be larger."""

    title: str
    number: int
    row_count: int = 1000
    column_count: int = 26
    rows: list[Row] = field(default_factory=list)

    def properties(self, index: int) -> dict[str, Any]:
        grid = {"rowCount": self.row_count, "columnCount": self.column_count}
        names = {"sheetId": self.number, "title": self.title, "index": index}
        return {"properties": names | {"sheetType": "GRID", "gridProperties": grid}}

    def read(self, area: "Area") -> list[Row]:
        """What is written there, without what is empty at the ends."""
        found = [row[area.left : area.right] for row in self.rows[area.top : area.bottom]]
        trimmed = [trim(row) for row in found]
        while trimmed and not trimmed[-1]:
            trimmed.pop()
        return trimmed

    def write(self, top: int, left: int, values: list[list[Any]]) -> None:
        for number, new in enumerate(values, top):
            while len(self.rows) <= number:
                self.rows.append([])
            row = self.rows[number]
            row += [""] * (left + len(new) - len(row))
            for at, value in enumerate(new, left):
                if value is not None:  # null leaves a cell as it is
                    row[at] = shown(value)

    def end_of_table(self) -> int:
        """The first row below the table that begins at A1, which ends where a row is empty."""
        return next((at for at, row in enumerate(self.rows) if not any(row)), len(self.rows))


@dataclass(frozen=True)
class Area:
    """Rows and columns from 0, up to but without bottom and right; None: to the end."""

    top: int = 0
    left: int = 0
    bottom: int | None = None
    right: int | None = None


@dataclass
class Book:
    """One spreadsheet."""

    key: str
    title: str
    most_cells: int = 10_000_000
    tabs: list[Tab] = field(default_factory=lambda: [Tab("Sheet1", 0)])
    used: int = 0  # numbers that tabs have had

    def tab(self, title: str) -> Tab:
        for tab in self.tabs:
            if tab.title == title:
                return tab
        raise KeyError(title)

    def metadata(self) -> dict[str, Any]:
        return {
            "spreadsheetId": self.key,
            "properties": {"title": self.title, "locale": "en_US", "timeZone": "Etc/GMT"},
            "sheets": [tab.properties(index) for index, tab in enumerate(self.tabs)],
            "spreadsheetUrl": f"https://docs.google.com/spreadsheets/d/{self.key}/edit",
        }

    def locate(self, text: str) -> tuple[Tab, Area]:
        """Return what a range in A1 notation means."""
        found = RANGE.fullmatch(text)
        title = found and (found[1] or found[2] or self.tabs[0].title).replace("''", "'")
        titles = [tab.title for tab in self.tabs]
        if not found or title not in titles:
            raise invalid(f"Unable to parse range: {text}")
        _, _, first, top, last, bottom = found.groups()
        if not (first or top):
            return self.tab(title), Area()
        one = last is None and bottom is None
        left, up = column(first) if first else 0, int(top) - 1 if top else 0
        down = up + 1 if one and top else int(bottom) if bottom else None
        right = left + 1 if one and first else column(last) + 1 if last else None
        return self.tab(title), Area(up, left, down, right)

    def make_room(self, tab: Tab, rows: int, columns: int) -> None:
        """Let the grid of a tab grow, unless the book would have too many cells."""
        rows, columns = max(rows, tab.row_count), max(columns, tab.column_count)
        others = sum(
            other.row_count * other.column_count for other in self.tabs if other is not tab
        )
        if others + rows * columns > self.most_cells:
            raise invalid(
                "This action would increase the number of cells in the workbook above the limit of "
                f"{self.most_cells} cells."
            )
        tab.row_count, tab.column_count = rows, columns

    def put(self, tab: Tab, area: Area, values: list[list[Any]]) -> dict[str, Any]:
        """Write values from the corner of an area on; say where they are."""
        for value in cells(values):
            if len(shown(value)) > MOST_CHARACTERS:
                raise invalid(f"Your input contains more than the maximum of {MOST_CHARACTERS} characters in a single cell.")  # fmt: skip
        width = max((len(row) for row in values), default=0)
        self.make_room(tab, area.top + len(values), area.left + width)
        tab.write(area.top, area.left, values)
        last = f"{letters(area.left + width - 1)}{area.top + len(values)}"
        where = f"'{tab.title}'!{letters(area.left)}{area.top + 1}:{last}"
        return {
            "spreadsheetId": self.key,
            "updatedRange": where,
            "updatedRows": len(values),
            "updatedColumns": width,
            "updatedCells": sum(map(len, values)),
        }

    def append(self, tab: Tab, values: list[list[Any]]) -> dict[str, Any]:
        end = tab.end_of_table()
        before = {"tableRange": f"'{tab.title}'!A1:A{end}"} if end else {}
        updates = self.put(tab, Area(top=end), values)
        return {"spreadsheetId": self.key, **before, "updates": updates}

    def change(self, request: dict[str, Any]) -> dict[str, Any]:
        """Carry out one request of a batchUpdate."""
        if wanted := request.get("addSheet"):
            return self._add(wanted["properties"])
        if wanted := request.get("deleteDimension"):
            self._delete_rows(wanted["range"])
            return {}
        raise invalid(f"Invalid requests: {[*request]}")

    def _add(self, wanted: dict[str, Any]) -> dict[str, Any]:
        if wanted["title"] in [tab.title for tab in self.tabs]:
            raise invalid(f'Invalid requests[0].addSheet: A sheet with the name "{wanted["title"]}" already exists. Please enter another name.')  # fmt: skip
        self.used += 1
        grid = wanted.get("gridProperties", {})
        tab = Tab(wanted["title"], self.used, 0, 0)
        self.make_room(tab, grid.get("rowCount", 1000), grid.get("columnCount", 26))
        self.tabs.append(tab)
        return {"addSheet": tab.properties(len(self.tabs) - 1)}

    def _delete_rows(self, wanted: dict[str, Any]) -> None:
        (tab,) = [tab for tab in self.tabs if tab.number == wanted["sheetId"]]
        first, last = wanted["startIndex"], wanted["endIndex"]
        if not 0 <= first < last <= tab.row_count:
            raise invalid("Invalid requests[0].deleteDimension: the range is outside of the grid.")
        if last - first >= tab.row_count:
            raise invalid("Invalid requests[0].deleteDimension: You can't delete all the rows on the sheet.")  # fmt: skip
        del tab.rows[first:last]
        tab.row_count -= last - first


def shown(value: Any) -> str:
    """A value as it is read back."""
    return str(value).upper() if isinstance(value, bool) else str(value)


def cells(values: list[list[Any]]) -> Iterator[Any]:
    for row in values:
        for value in row:
            if isinstance(value, list | dict):
                raise invalid("Invalid values: a cell holds a list.")
            yield value


def trim(row: Row) -> Row:
    end = len(row)
    while end and row[end - 1] == "":
        end -= 1
    return row[:end]


def column(name: str) -> int:
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def letters(number: int) -> str:
    name = ""
    number += 1
    while number > 0:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
