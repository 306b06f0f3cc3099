"""Spreadsheets of all ages come in, by key, URL or title."""

import base64
from collections.abc import Callable
from pathlib import Path

import pytest

from app.feedback.sheet.google import Sheet
from app.feedback.sheet.rows import COLUMNS, row_of, worksheet_of
from app.feedback.sheet.writer import Writer
from app.feedback.tables import Source
from app.feedback.transfer import workbook
from app.settings import Settings

from ..inks import data_url, drawn, picture, png, strokes
from ..sheets.book import Tab
from ..sheets.server import Book, Call, Fault, SheetsServer
from .telling import QUICK, work
from .transferring import Place, content, make_place

PNG = png(picture("7"))
OLD = ["Data", "Predicted_Label", "Confidence_Score", "User_Corrected_Label", "Timestamp"]


@pytest.fixture
def here(
    make_settings: Callable[..., Settings], google: SheetsServer, credentials: Path, book: Book
) -> Place:
    own = {"google_credentials": credentials, "sheets_base_url": google.url, "sheet_key": book.key}
    return make_place(make_settings, **own)


@pytest.fixture
def elsewhere(
    make_settings: Callable[..., Settings], google: SheetsServer, credentials: Path, tmp_path: Path
) -> Place:
    own = {"google_credentials": credentials, "sheets_base_url": google.url}
    return make_place(make_settings, **own, inkloop_var=tmp_path / "elsewhere")


def fill(book: Book, title: str, header: list[str], *rows: list[str]) -> None:
    book.tabs.append(Tab(title, len(book.tabs) + 100, rows=[header, *rows]))


def old_row(label: str, time: str = "2024-01-31 23:59:59", data: str = data_url(PNG)) -> list[str]:
    return [data, "1", "93.5%", label, time]


def give_three(here: Place) -> None:
    inks = {"7": {"strokes": strokes("7")}, "A": {"image": data_url(PNG)}, "=11": {"image": data_url(png(drawn("11")))}}  # fmt: skip
    for label, ink in inks.items():
        answer = here.app.test_client().post("/api/feedback", json={"label": label} | ink)
        assert answer.status_code == 201


def mirror(here: Place, book: Book) -> None:
    """Give three corrections, and put them on the sheet as the writer does."""
    give_three(here)
    for row in here.rows():
        fill(book, worksheet_of(row.label or ""), list(COLUMNS), row_of(row))


def test_a_sheet_of_an_older_project_comes_in(here: Place, book: Book) -> None:
    bare = base64.b64encode(PNG).decode()
    fill(book, "Digit", OLD, old_row("7"), [], old_row("8", "31/01/2024"), old_row("9", "1706745599.5", bare))  # fmt: skip
    fill(book, "Word", ["User_Corrected_Label", "Data"], ["seven", data_url(png(drawn("77")))])
    fill(book, "Notes", ["Data", "Remark"], [data_url(PNG), "nothing of ours"])
    fill(book, "Digit_dummy", OLD, old_row("7"))
    assert "4 imported, 0 there already, 0 skipped." in here.brought(book.key)
    found = {row.label: row for row in here.rows()}
    assert {label: row.kind for label, row in found.items()} == dict.fromkeys("789", "digit") | {"seven": "word"}  # fmt: skip
    assert found["7"].created_at.isoformat() == "2024-01-31T23:59:59+00:00"
    assert found["9"].created_at.timestamp() == 1706745599.5
    assert (found["7"].result, found["7"].confidence) == ("1", pytest.approx(0.935))
    assert {row.source for row in here.rows()} == {Source.IMPORT}
    assert "0 imported, 4 there already, 0 skipped." in here.brought(book.key)
    assert len(here.rows()) == len(here.errands()) == 4


def test_rows_that_cannot_be_used_are_skipped_and_told(here: Place, book: Book) -> None:
    fill(
        book, "Digit", OLD, old_row("7"), old_row(""), old_row("7", data="data:image/png;base64,x"), old_row("é"),
        old_row("7", data=data_url(PNG[:200])), ["", "", "", "7"],
    )  # fmt: skip
    output = here.brought(book.key)
    assert "1 imported, 0 there already, 5 skipped." in output
    for row, why in ((3, "1 to 64"), (4, "base64"), (5, "No model"), (6, "damaged"), (7, "no PNG")):
        (line,) = [line for line in output.splitlines() if f"skipped Digit, row {row}:" in line]
        assert why in line


def test_our_own_sheet_comes_into_another_database(here: Place, elsewhere: Place, book: Book) -> None:  # fmt: skip
    give_three(here)
    result = here.app.test_cli_runner().invoke(args=["sheets", "sync"])
    assert result.exit_code == 0, result.output
    assert "3 imported, 0 there already, 0 skipped." in elsewhere.brought(book.key)
    assert {row.id for row in elsewhere.rows()} == {row.id for row in here.rows()}
    for ours, theirs in zip(here.rows(), elsewhere.rows(), strict=True):
        assert (ours.label, ours.kind, ours.picture) == (theirs.label, theirs.kind, theirs.picture)
    assert "0 imported, 3 there already" in elsewhere.brought(book.key)
    assert "0 imported, 3 there already" in here.brought(book.key)


def test_a_lost_database_is_filled_from_its_own_sheet(here: Place, elsewhere: Place, sheet: Sheet, book: Book) -> None:  # fmt: skip
    mirror(here, book)
    elsewhere.brought(book.key)
    with elsewhere.app.app_context():
        writer = Writer(lambda: sheet, QUICK)
        work(writer)
        assert len(book.tab("Digit").rows) == 3
        writer.next_look = 0.0
        writer.step()
        work(writer)
    for title in ("Digit", "Character", "Word"):
        assert len(book.tab(title).rows) == 2


def test_it_comes_in_once_from_the_sheet_and_a_folder(here: Place, elsewhere: Place, book: Book, tmp_path: Path) -> None:  # fmt: skip
    mirror(here, book)
    here.told("export", str(tmp_path / "folder"))
    elsewhere.brought(tmp_path / "folder")
    before = list(map(content, elsewhere.rows()))
    assert "0 imported, 3 there already" in elsewhere.brought(book.key)
    assert list(map(content, elsewhere.rows())) == before


@pytest.mark.parametrize("column", ["User_Corrected_Label", "Data", "Timestamp", "Row_SHA256", "ID"])  # fmt: skip
def test_a_row_that_was_edited_by_hand_is_refused(
    here: Place, elsewhere: Place, book: Book, column: str
) -> None:
    mirror(here, book)
    book.tab("Digit").rows[1][COLUMNS.index(column)] = ""
    output = elsewhere.brought(book.key)
    assert "skipped Digit, row 2: It was edited by hand." in output
    assert "2 imported, 0 there already, 1 skipped." in output


def test_a_row_that_somebody_added_is_one_of_an_older_project(here: Place, elsewhere: Place, book: Book) -> None:  # fmt: skip
    mirror(here, book)
    book.tab("Digit").rows.append(["", data_url(PNG), "", "", "8"])
    assert "4 imported" in elsewhere.brought(book.key)
    assert "8" in {row.label for row in elsewhere.rows()}


def test_a_spreadsheet_has_several_names(here: Place, book: Book) -> None:
    fill(book, "Digit", OLD, old_row("7"))
    url = f"https://docs.google.com/spreadsheets/d/{book.key}/edit#gid=0"
    for source, told in ((url, "1 imported"), (book.title, "1 there already"), (book.key, "1 there already")):  # fmt: skip
        assert told in here.brought(source)


def test_long_worksheets_come_in_page_by_page(here: Place, book: Book) -> None:
    count = workbook.AT_ONCE + 50
    rows = [old_row("7", f"{1706745599 + number}") for number in range(count)]
    fill(book, "Digit", OLD, *rows)
    assert f"{count} imported, 0 there already, 0 skipped." in here.brought(book.key)


def test_google_may_be_busy_for_a_while(here: Place, google: SheetsServer, book: Book) -> None:
    fill(book, "Digit", OLD, old_row("7"))

    def fail_once(call: Call) -> Fault | None:
        if call.name != "values.get":
            return None
        google.google.fault = lambda _call: None
        return Fault.BUSY

    google.google.fault = fail_once
    assert "1 imported" in here.brought(book.key)


@pytest.mark.parametrize("source", ["Lost", "x" * 44, 'a" or name contains "b', "back\\slash"])
def test_a_spreadsheet_that_is_not_there_is_told(here: Place, source: str) -> None:
    (line,) = here.brought(source, status=1).strip().splitlines()
    assert line.startswith("Error: ")


def test_a_spreadsheet_without_labelled_pictures_is_told(here: Place, book: Book) -> None:
    fill(book, "Digit", OLD)
    fill(book, "Notes", ["Remark"], ["none of ours"])
    assert "can be used" in here.brought(book.key, status=1)
