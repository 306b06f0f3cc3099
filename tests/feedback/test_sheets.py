"""gspread against a Sheets server: what is written, and what every failure is called."""

from pathlib import Path

import pytest

from app.errors import SheetBusy, SheetError, SheetMisconfigured, SheetRefused, SheetUnclear
from app.feedback.sheet.google import Sheet, open_sheet

from ..servers import free_port
from ..sheets.server import EMAIL, Book, Call, Fault, SheetsServer

HEADER = ("ID", "Label")
WRITES = {"values.append", "values.update", "batchUpdate"}
KINDS = {
    Fault.BUSY: (SheetBusy, 0),
    Fault.REFUSED: (SheetRefused, 0),
    Fault.ERROR: (SheetUnclear, 0),
    Fault.UNAVAILABLE: (SheetUnclear, 0),
    Fault.HTML: (SheetUnclear, 0),
    Fault.ERROR_AFTER: (SheetUnclear, 1),
    Fault.SILENT: (SheetUnclear, 0),
    Fault.SILENT_AFTER: (SheetUnclear, 1),
    Fault.RESET: (SheetUnclear, 0),
    Fault.RESET_AFTER: (SheetUnclear, 1),
    Fault.CUT: (SheetUnclear, 1),
    Fault.NONSENSE: (SheetUnclear, 1),
}


def fail_once(google: SheetsServer, fault: Fault, name: str = "values.append") -> None:
    def fail(call: Call) -> Fault | None:
        if call.name != name:
            return None
        google.google.fault = lambda _call: None
        return fault

    google.google.fault = fail


def test_a_spreadsheet_is_found_by_its_key_and_by_its_title(
    google: SheetsServer, book: Book, credentials: Path
) -> None:
    google.google.add("Another")
    for where in ({"key": book.key}, {"title": "Handwriting-recognition"}):
        sheet = open_sheet(credentials, base_url=google.url, **where)
        assert (sheet.title, book.key in sheet.url) == (book.title, True)


def test_the_first_row_makes_its_worksheet_as_small_as_can_be(sheet: Sheet, book: Book) -> None:
    sheet.append("Digit", [["a", "7"]], HEADER)
    tab = book.tab("Digit")
    assert tab.rows == [["ID", "Label"], ["a", "7"]]
    assert (tab.row_count, tab.column_count) == (2, 2)


def test_a_label_is_written_as_it_is(sheet: Sheet, book: Book) -> None:
    labels = [
        "=1+1",
        "+1",
        "-1",
        "@x",
        "'7",
        "007",
        "TRUE",
        "1e5",
        "2026-11-21",
        " x ",
        '"',
        "é",
        "😀",
        '=IMAGE("x")',
    ]
    sheet.append("Word", [[str(number), label] for number, label in enumerate(labels)], HEADER)
    assert sheet.column("Word", 2) == labels
    assert sheet.rows("Word") == [[str(number), label] for number, label in enumerate(labels)]


def test_rows_stand_in_the_first_columns_whatever_stands_above(sheet: Sheet, book: Book) -> None:
    sheet.append("Digit", [["a", ""]], HEADER)
    sheet.append("Digit", [["b", "7"], ["c", ""]], HEADER)
    assert sheet.column("Digit") == ["a", "b", "c"]


def test_what_is_not_there_has_no_rows(sheet: Sheet) -> None:
    assert (sheet.rows("Digit"), sheet.column("Digit"), sheet.remove("Digit", frozenset("a"))) == (
        [],
        [],
        0,
    )


@pytest.mark.parametrize("fault", KINDS, ids=lambda fault: fault.name)
def test_a_failure_says_what_is_known_of_the_spreadsheet(
    google: SheetsServer, sheet: Sheet, book: Book, fault: Fault
) -> None:
    sheet.append("Digit", [["a", "7"]], HEADER)
    fail_once(google, fault)
    kind, applied = KINDS[fault]
    with pytest.raises(SheetError) as failed:
        sheet.append("Digit", [["b", "7"]], HEADER)
    assert type(failed.value) is kind
    assert len(book.tab("Digit").rows) == 2 + applied
    sheet.append("Digit", [["c", "7"]], HEADER)  # the connection is as good as new
    assert sheet.column("Digit")[-1] == "c"


@pytest.mark.parametrize("fault", [Fault.SILENT, Fault.SILENT_AFTER, Fault.LATE])
def test_after_silence_a_write_may_come_late(
    google: SheetsServer, sheet: Sheet, fault: Fault
) -> None:
    fail_once(google, fault)
    with pytest.raises(SheetUnclear) as failed:
        sheet.append("Digit", [["a", "7"]], HEADER)
    assert failed.value.is_late


def test_a_slow_answer_is_an_answer(google: SheetsServer, sheet: Sheet) -> None:
    fail_once(google, Fault.SLOW)
    sheet.append("Digit", [["a", "7"]], HEADER)
    assert sheet.column("Digit") == ["a"]


@pytest.mark.parametrize("name", ["batchUpdate", "values.update", "values.get", "get"])
@pytest.mark.parametrize("fault", [Fault.ERROR_AFTER, Fault.BUSY], ids=lambda fault: fault.name)
def test_a_worksheet_that_was_half_made_is_made_whole(
    google: SheetsServer, sheet: Sheet, name: str, fault: Fault
) -> None:
    fail_once(google, fault, name)
    for _ in range(3):
        try:
            sheet.append("Digit", [["a", "7"]], HEADER)
        except SheetError:
            continue
        break
    assert sheet.rows("Digit") == [["a", "7"]]


def test_a_worksheet_that_was_deleted_is_made_anew(sheet: Sheet, book: Book) -> None:
    sheet.append("Digit", [["a", "7"]], HEADER)
    book.tabs = [tab for tab in book.tabs if tab.title != "Digit"]
    sheet.append("Digit", [["b", "7"]], HEADER)
    assert book.tab("Digit").rows == [["ID", "Label"], ["b", "7"]]


def test_a_worksheet_with_another_header_is_left_alone(sheet: Sheet, book: Book) -> None:
    sheet.append("Digit", [["a", "7"]], HEADER)
    book.tab("Digit").rows[0] = ["Name", "Price"]
    again = Sheet(sheet._book)
    with pytest.raises(SheetMisconfigured, match="another header"):
        again.append("Digit", [["b", "7"]], HEADER)
    assert len(book.tab("Digit").rows) == 2


def test_rows_are_removed_by_their_id_wherever_they_are(sheet: Sheet, book: Book) -> None:
    sheet.append("Digit", [[name, "7"] for name in "abcdefg"], HEADER)
    tab = book.tab("Digit")
    tab.rows[1:] = sorted(tab.rows[1:], reverse=True)
    assert sheet.remove("Digit", frozenset("bgx")) == 2
    assert sheet.column("Digit") == list("fedca")


def test_what_is_too_much_for_a_cell_or_a_spreadsheet_is_refused(
    google: SheetsServer, credentials: Path
) -> None:
    book = google.google.add("Small", most_cells=26 * 1000 + 2 * 4)
    sheet = open_sheet(credentials, key=book.key, base_url=google.url)
    with pytest.raises(SheetRefused, match="50000 characters"):
        sheet.append("Digit", [["a", "x" * 50_001]], HEADER)
    sheet.append("Digit", [["a", "x" * 50_000]], HEADER)
    with pytest.raises(SheetMisconfigured, match="full"):
        sheet.append("Digit", [["b", "7"]] * 3, HEADER)
    assert sheet.column("Digit") == ["a"]


def test_a_spent_quota_is_waited_for(google: SheetsServer, sheet: Sheet) -> None:
    sheet.append("Digit", [["a", "7"]], HEADER)
    google.google.quota = 4  # the worksheet took three
    sheet.append("Digit", [["b", "7"]], HEADER)
    with pytest.raises(SheetBusy, match="Write requests per minute per user"):
        sheet.append("Digit", [["c", "7"]], HEADER)


def test_a_token_that_ends_is_replaced(google: SheetsServer, sheet: Sheet) -> None:
    sheet.append("Digit", [["a", "7"]], HEADER)
    google.google.tokens.clear()  # as after an hour
    sheet.append("Digit", [["b", "7"]], HEADER)
    assert sheet.column("Digit") == ["a", "b"]


def test_what_somebody_must_mend_is_said_and_works_once_it_is_mended(
    google: SheetsServer, sheet: Sheet
) -> None:
    sheet.append("Digit", [["a", "7"]], HEADER)
    google.google.shared = False
    with pytest.raises(SheetMisconfigured, match="does not have permission"):
        sheet.append("Digit", [["b", "7"]], HEADER)
    google.google.shared, google.google.key_is_valid = True, False
    google.google.tokens.clear()
    with pytest.raises(SheetMisconfigured, match="service account's key"):
        sheet.append("Digit", [["b", "7"]], HEADER)
    google.google.key_is_valid = True
    sheet.append("Digit", [["b", "7"]], HEADER)
    assert sheet.column("Digit") == ["a", "b"]


def test_a_spreadsheet_that_is_not_there_is_said_with_the_address_to_share_it_with(
    google: SheetsServer, credentials: Path
) -> None:
    for where in ({"key": "nothing"}, {"title": "Nothing"}):
        with pytest.raises(SheetMisconfigured, match=EMAIL):
            open_sheet(credentials, base_url=google.url, **where)


@pytest.mark.parametrize(
    "content", [None, "", "{}", "[]", '{"type": "authorized_user"}', "not json"]
)
def test_a_key_that_is_none_is_told(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "token.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(SheetMisconfigured, match=r"token\.json"):
        open_sheet(path, key="x")


def test_where_nobody_answers_nothing_was_changed(
    google: SheetsServer, sheet: Sheet, credentials: Path
) -> None:
    sheet._book.client.base_url = f"http://127.0.0.1:{free_port()}"  # type: ignore[attr-defined]
    with pytest.raises(SheetBusy, match="cannot be reached"):
        sheet.append("Digit", [["a", "7"]], HEADER)
    google.shutdown()
    google.server_close()
    with pytest.raises(SheetBusy):
        open_sheet(credentials, key="x", base_url=google.url)
