"""The spreadsheet: the one place that speaks to Google, by gspread.

Every failure comes out as one of four kinds (app.errors), by what is known of the spreadsheet
afterwards: unchanged, unclear, never to be changed so, or not to be reached until somebody acts.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import gspread
from google.auth.exceptions import GoogleAuthError, RefreshError
from google.oauth2.service_account import Credentials
from gspread.exceptions import APIError, GSpreadException, SpreadsheetNotFound
from gspread.utils import ValueInputOption
from requests import RequestException, Response

from app.errors import SheetBusy, SheetError, SheetMisconfigured, SheetRefused, SheetUnclear
from app.feedback.sheet.failures import of_answer, of_connection

GOOGLE = ("https://sheets.googleapis.com", "https://www.googleapis.com")
SHEETS_SCOPE = "https://www.googleapis.com/auth/spreadsheets"
DRIVE_SCOPE = "https://www.googleapis.com/auth/drive"  # to find a spreadsheet by its title
PATIENCE_S = (5.0, 40.0)  # to connect, to answer; the lease (outbox.py) is longer
OUTSIDE = "exceeds grid limits"
NO_SUCH_RANGE = "Unable to parse range"
EXISTS_ALREADY = "already exists"
A_PAGE = 1000  # rows of a request

Cells = list[list[Any]]


class Wire(gspread.HTTPClient):
    """gspread's way to Google, or to base_url in its place, with failures told apart."""

    def __init__(
        self,
        auth: Credentials,
        session: Any = None,
        *,
        base_url: str,
        patience_s: tuple[float, float],
    ) -> None:
        super().__init__(auth, session)
        self.account = auth
        self.base_url = base_url
        self.set_timeout(patience_s)

    def request(self, method: str, endpoint: str, *args: Any, **kwargs: Any) -> Response:
        """Send one request, once.

        Raises:
            SheetError: of the kind that says what is known of the spreadsheet now.
        """
        for host in GOOGLE if self.base_url else ():
            endpoint = endpoint.replace(host, self.base_url)
        try:
            response = super().request(method, endpoint, *args, **kwargs)
            response.json()  # half an answer is none
        except APIError as error:
            raise of_answer(error.response, self.account.service_account_email) from error
        except GoogleAuthError as error:
            raise _of_sign_in(error) from error
        except RequestException as error:
            raise of_connection(error) from error
        return response


class Sheet:
    """One spreadsheet, opened with a service account's key."""

    def __init__(self, book: gspread.Spreadsheet) -> None:
        self._book = book
        self._tabs: dict[str, gspread.Worksheet] = {}
        self._headed: set[str] = set()

    @property
    def url(self) -> str:
        """Return where a person can look at it."""
        return str(self._book.url)

    @property
    def title(self) -> str:
        """Return its title."""
        return str(self._book.title)

    def append(self, tab: str, rows: Cells, header: Sequence[str]) -> None:
        """Write rows below the last, as they are; make the worksheet where it is missing.

        Raises:
            SheetError: of the kind that says what is known of the spreadsheet now.
        """
        try:
            self._append(tab, rows, header)
        except SheetRefused as error:
            if NO_SUCH_RANGE not in str(error):
                raise
            self.forget(tab)  # somebody deleted it
            self._append(tab, rows, header)

    def titles(self) -> list[str]:
        """Return the titles of all worksheets.

        Raises:
            SheetError: of the kind that says what is known of the spreadsheet now.
        """
        return [worksheet.title for worksheet in self._book.worksheets()]

    def column(self, tab: str, number: int = 1) -> list[str]:
        """Return a column's cells below the header; none where there is no such worksheet.

        Raises:
            SheetError: of the kind that says what is known of the spreadsheet now.
        """
        letter = gspread.utils.rowcol_to_a1(1, number).rstrip("1")
        return [row[0] if row else "" for row in self._read(tab, f"{letter}2:{letter}")]

    def rows(self, tab: str, first: int = 2, count: int = A_PAGE) -> list[list[str]]:
        """Return some rows, as they are written; row 1 is the header.

        Raises:
            SheetError: of the kind that says what is known of the spreadsheet now.
        """
        return self._read(tab, f"{first}:{first + count - 1}")

    def remove(self, tab: str, ids: frozenset[str], *, keep_first: bool = False) -> int:
        """Delete the rows whose first cell is one of ids; return how many there were.

        They are looked up anew each time: rows may have been sorted by hand. All go in one request,
        or none does.

        Raises:
            SheetError: of the kind that says what is known of the spreadsheet now.
        """
        kept: set[str] = set()
        found = []
        for at, cell in enumerate(self.column(tab), 1):
            if cell in ids and keep_first and cell not in kept:
                kept.add(cell)
            elif cell in ids:
                found.append(at)
        if found:
            number = self._tab(tab).id
            self._book.batch_update({"requests": [_deletion(number, at) for at in reversed(found)]})
        return len(found)

    def rewrite(self, tab: str, rows: Mapping[str, list[str]]) -> None:
        """Write rows anew where rows with these ids are; those that are gone stay so.

        Raises:
            SheetError: of the kind that says what is known of the spreadsheet now.
        """
        found = [
            {"range": f"A{number}", "values": [rows[cell]]}
            for number, cell in enumerate(self.column(tab), 2)
            if cell in rows
        ]
        if found:
            self._known(tab).batch_update(found, value_input_option=ValueInputOption.raw)

    def forget(self, tab: str) -> None:
        """Look at a worksheet and its header anew before the next row: somebody emptied it."""
        self._tabs.pop(tab, None)
        self._headed.discard(tab)

    def _append(self, tab: str, rows: Cells, header: Sequence[str]) -> None:
        worksheet = self._known(tab) if tab in self._headed else self._made(tab, header)
        raw = ValueInputOption.raw  # or a label "=1" would be a formula
        worksheet.append_rows(rows, value_input_option=raw, table_range="A1")
        self._tabs[tab] = worksheet
        self._headed.add(tab)

    def _made(self, tab: str, header: Sequence[str]) -> gspread.Worksheet:
        """Return the worksheet with its header, made where they are missing."""
        try:
            worksheet = self._tab(tab)
        except gspread.WorksheetNotFound:
            worksheet = self._new(tab, len(header))
        first = worksheet.get("A1:Z1")
        if first and first[0]:
            check_header(tab, first[0], header)
        else:
            worksheet.update([list(header)], "A1", value_input_option=ValueInputOption.raw)
        return worksheet

    def _new(self, tab: str, columns: int) -> gspread.Worksheet:
        try:  # a tight grid: every empty cell counts among the ten million
            return self._book.add_worksheet(tab, rows=1, cols=columns)
        except SheetRefused as error:
            if EXISTS_ALREADY not in str(error):
                raise
            return self._tab(tab)  # an earlier try came through late

    def _tab(self, tab: str) -> gspread.Worksheet:
        return self._book.worksheet(tab)  # this asks for all of them each time

    def _known(self, tab: str) -> gspread.Worksheet:
        if tab not in self._tabs:
            self._tabs[tab] = self._tab(tab)
        return self._tabs[tab]

    def _read(self, tab: str, area: str) -> list[list[str]]:
        try:
            rows = [list(row) for row in self._known(tab).get(area)]
            return rows if any(rows) else []  # gspread gives an empty row for no rows
        except gspread.WorksheetNotFound:
            return []
        except SheetRefused as error:
            if NO_SUCH_RANGE in str(error):
                self.forget(tab)  # somebody deleted it
            elif OUTSIDE not in str(error):
                raise
            return []  # there is a header and nothing else


def check_header(tab: str, written: Sequence[str], header: Sequence[str]) -> None:
    """Check the first row of a worksheet.

    Raises:
        SheetMisconfigured: it is no header of ours.
    """
    if list(written[: len(header)]) != list(header):
        raise SheetMisconfigured(
            f"The worksheet {tab} has another header. Rename the worksheet, and Inkloop makes a "
            f"new one, or put the header right: {', '.join(header)}.",
            tab,
        )


def _deletion(tab: int, row: int) -> dict[str, Any]:
    """Return the request that deletes one row, counted from 0."""
    where = {"sheetId": tab, "dimension": "ROWS", "startIndex": row, "endIndex": row + 1}
    return {"deleteDimension": {"range": where}}


def open_sheet(
    credentials: Path,
    *,
    key: str = "",
    title: str = "",
    base_url: str = "",
    patience_s: tuple[float, float] = PATIENCE_S,
) -> Sheet:
    """Open the spreadsheet of a key, or else of a title; base_url stands in for Google's hosts.

    Raises:
        SheetMisconfigured: the credentials or the spreadsheet cannot be used; it says why.
        SheetError: another kind, where Google could not be asked.
    """
    scopes = [SHEETS_SCOPE] if key else [SHEETS_SCOPE, DRIVE_SCOPE]
    try:
        account = Credentials.from_service_account_file(str(credentials), scopes=scopes)  # type: ignore[no-untyped-call]
    except OSError as error:
        raise SheetMisconfigured(f"{credentials} cannot be read: {error.strerror}.") from error
    except (ValueError, AttributeError, GoogleAuthError) as error:  # what its parser raises
        raise SheetMisconfigured(
            f"{credentials} is no service account's key. Download it as JSON from Google's console."
        ) from error
    wire = partial(Wire, base_url=base_url.rstrip("/"), patience_s=patience_s)
    client = gspread.Client(account, http_client=wire)  # type: ignore[arg-type]
    try:
        return Sheet(client.open_by_key(key) if key else client.open(title))
    except SpreadsheetNotFound as error:
        raise SheetMisconfigured(
            f"There is no spreadsheet {title!r} that {account.service_account_email} may use. Make "
            "it, and share it with that address as an editor."
        ) from error
    except GSpreadException as error:
        raise SheetUnclear(f"gspread: {error}") from error


def _of_sign_in(error: GoogleAuthError) -> SheetError:
    """Return what it means that no token could be had: nothing was sent to the spreadsheet."""
    if isinstance(error, RefreshError) and not error.retryable:
        return SheetMisconfigured(f"Google does not take the service account's key: {error}")
    return SheetBusy(f"Google's sign-in cannot be reached: {error}")
