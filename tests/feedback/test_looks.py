"""What people do to the sheet is noticed, told and, where the database knows better, mended."""

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete as delete_rows

from app.extensions import db
from app.feedback.sheet import health, outbox
from app.feedback.sheet.google import Sheet, open_sheet
from app.feedback.sheet.health import Counts
from app.feedback.sheet.rows import COLUMNS
from app.feedback.sheet.writer import Writer
from app.feedback.tables import Action, Correction, Lease

from ..sheets.server import Book, Fault, SheetsServer
from .telling import QUICK, give, ids, look, trouble, work

pytestmark = pytest.mark.usefixtures("no_open_transaction")
LABEL = COLUMNS.index("User_Corrected_Label")


@pytest.fixture
def given(client: FlaskClient, writer: Writer) -> list[str]:
    """Five digits that the sheet was told."""
    found = [give(client, str(number)) for number in range(5)]
    work(writer)
    return found


def counts() -> Counts:
    state = health.last()
    assert state is not None
    return Counts(state.missing, state.doubled, state.edited, state.unknown)


def test_rows_that_were_sorted_are_as_good(given: list[str], writer: Writer, book: Book) -> None:
    book.tab("Digit").rows[1:] = reversed(book.tab("Digit").rows[1:])
    look(writer)
    assert (counts(), outbox.queue().pending) == (Counts(), 0)


@pytest.mark.parametrize("column", range(1, len(COLUMNS)))
def test_an_edited_cell_is_told_and_left_alone(
    given: list[str], writer: Writer, book: Book, column: int, caplog: pytest.LogCaptureFixture
) -> None:
    row = book.tab("Digit").rows[2]
    before, row[column] = row[column], "edited"
    look(writer)
    assert counts() == Counts(edited=1)
    assert "edited=1" in caplog.text
    assert db.session.get(Correction, given[1]).label == "1"  # type: ignore[union-attr]
    work(writer)
    assert row[column] == "edited"
    row[column] = before
    look(writer)
    assert counts() == Counts()


def test_a_row_that_was_deleted_comes_back_once(
    given: list[str], writer: Writer, book: Book
) -> None:
    del book.tab("Digit").rows[2]
    look(writer)
    assert counts() == Counts(missing=1)
    for _ in range(2):
        work(writer)
        look(writer)
    assert counts() == Counts()
    assert Counter(ids(book, "Digit")) == Counter(given)


def test_a_row_with_another_id_is_nobodys_and_its_own_comes_back(
    given: list[str], writer: Writer, book: Book
) -> None:
    book.tab("Digit").rows[3][0] = "mine"
    look(writer)
    assert counts() == Counts(missing=1, unknown=1)
    work(writer)
    assert Counter(ids(book, "Digit")) == Counter([*given, "mine"])


def delete(book: Book) -> None:
    book.tabs.remove(book.tab("Digit"))


def rename(book: Book) -> None:
    book.tab("Digit").title = "Old"


def empty(book: Book) -> None:
    book.tab("Digit").rows.clear()


@pytest.mark.parametrize("harm", [delete, rename, empty])
def test_a_worksheet_that_is_gone_is_made_again(
    given: list[str], writer: Writer, book: Book, harm: Callable[[Book], None]
) -> None:
    harm(book)
    look(writer)
    assert counts() == Counts(missing=5)
    work(writer)
    assert tuple(book.tab("Digit").rows[0]) == COLUMNS
    assert Counter(ids(book, "Digit")) == Counter(given)


def test_another_header_holds_up_its_worksheet_alone_until_it_is_put_right(
    client: FlaskClient, given: list[str], writer: Writer, book: Book
) -> None:
    writer.pace = replace(QUICK, mended=0.3)
    book.tab("Digit").rows[0][4] = "Label"
    look(writer)
    assert "worksheet Digit has another header" in (trouble() or "")
    digit, word = give(client, "8"), give(client, "ab")
    for _ in range(8):
        writer.step()
    assert (ids(book, "Digit"), ids(book, "Word")) == (given, [word])
    book.tab("Digit").rows[0][4] = COLUMNS[4]
    work(writer)
    look(writer)
    assert (ids(book, "Digit"), trouble()) == ([*given, digit], None)


def test_what_arrives_after_all_is_counted_and_one_copy_taken_out(
    given: list[str], writer: Writer, book: Book
) -> None:
    tab = book.tab("Digit")
    book.append(tab, [tab.rows[2], tab.rows[4]])
    look(writer)
    assert counts() == Counts(doubled=2)
    outbox.again(given[1:4:2], Action.SINGLE, "Digit")
    work(writer)
    look(writer)
    assert (ids(book, "Digit"), counts()) == (given, Counts())


def test_what_was_withdrawn_and_arrives_late_is_taken_out(
    client: FlaskClient, given: list[str], writer: Writer, book: Book
) -> None:
    row = list(book.tab("Digit").rows[2])
    client.delete(f"/api/feedback/{given[1]}")
    work(writer)
    book.append(book.tab("Digit"), [row])
    look(writer)
    work(writer)
    assert ids(book, "Digit") == [*given[:1], *given[2:]]


def test_a_long_worksheet_is_looked_at_in_turns(
    client: FlaskClient, writer: Writer, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.feedback.sheet.comparing.A_PAGE", 10)
    monkeypatch.setattr(Sheet.rows, "__defaults__", (2, 10))
    for number in range(35):
        give(client, str(number % 10))
    work(writer)
    for row in (3, 33):
        book.tab("Digit").rows[row][LABEL] = "x"
    found = []
    for _ in range(5):
        look(writer)
        found.append(counts().edited)
    assert found[3:] == [2, 2]


def test_looks_that_take_long_are_taken_more_seldom(
    given: list[str], writer: Writer, google: SheetsServer
) -> None:
    writer.pace = replace(QUICK, look=0.1)
    google.google.fault = lambda _call: Fault.SLOW
    google.google.slow_s = 0.1
    start = time.monotonic()
    look(writer)
    took = time.monotonic() - start
    assert took > 0.4
    assert 8 * took < writer.next_look - time.monotonic() < 10 * took


def test_what_is_unclear_of_one_worksheet_holds_up_no_other(
    client: FlaskClient, sheet: Sheet, google: SheetsServer, book: Book
) -> None:
    writer = Writer(lambda: sheet, replace(QUICK, late=3600))
    give(client, "0"), give(client, "ab")
    work(writer)
    faults = iter([Fault.RESET])
    google.google.fault = lambda call: next(faults, None) if call.name == "values.append" else None
    lost = give(client, "1")
    writer.step()
    words = [give(client, "cd"), give(client, "ef")]
    for _ in range(4):
        writer.step()
    assert ids(book, "Word")[1:] == words
    assert lost not in ids(book, "Digit")


@pytest.mark.parametrize("fault", [Fault.LATE, Fault.RESET_AFTER, Fault.ERROR, Fault.SILENT])
def test_a_removal_without_an_answer_takes_no_other_row_along(
    client: FlaskClient, given: list[str], writer: Writer, google: SheetsServer, book: Book,
    fault: Fault,
) -> None:  # fmt: skip
    faults = iter([fault])
    google.google.fault = lambda call: next(faults, None) if call.name == "batchUpdate" else None
    client.delete(f"/api/feedback/{given[0]}")
    writer.step()
    client.delete(f"/api/feedback/{given[2]}")
    work(writer)
    assert ids(book, "Digit") == [given[1], *given[3:]]


def test_a_hundred_rows_are_removed_in_one_request(
    client: FlaskClient, writer: Writer, google: SheetsServer, book: Book
) -> None:
    given = [give(client, str(number % 10)) for number in range(60)]
    work(writer)
    before = google.google.calls["batchUpdate"]
    for found in given[::2]:
        client.delete(f"/api/feedback/{found}")
    work(writer)
    assert (ids(book, "Digit"), google.google.calls["batchUpdate"] - before) == (given[1::2], 1)


def test_being_told_to_wait_when_asking_what_arrived_doubles_nothing(
    client: FlaskClient, given: list[str], writer: Writer, google: SheetsServer, book: Book
) -> None:
    faults = iter([Fault.ERROR_AFTER, Fault.BUSY, Fault.BUSY])
    google.google.fault = lambda _call: next(faults, None)
    late = give(client, "9")
    work(writer)
    assert ids(book, "Digit") == [*given, late]


def test_a_row_that_is_refused_once_is_not_given_up(
    client: FlaskClient, given: list[str], writer: Writer, google: SheetsServer, book: Book
) -> None:
    faults = iter([Fault.REFUSED] * 2)
    google.google.fault = lambda call: next(faults, None) if call.name == "values.append" else None
    late = give(client, "9")
    work(writer)
    assert (ids(book, "Digit")[-1], outbox.queue().dead) == (late, 0)


def test_another_spreadsheet_is_filled_anew(
    given: list[str], google: SheetsServer, credentials: Path
) -> None:
    other = google.google.add("Other")
    writer = Writer(lambda: open_sheet(credentials, key=other.key, base_url=google.url), QUICK)
    let_go()
    look(writer)
    work(writer)
    assert Counter(ids(other, "Digit")) == Counter(given)


def let_go() -> None:
    db.session.execute(delete_rows(Lease))
    db.session.commit()


def test_whatever_people_do_at_random_all_comes_right(
    client: FlaskClient, given: list[str], writer: Writer, google: SheetsServer, book: Book
) -> None:
    luck = random.Random(3)
    google.google.fault = lambda _call: luck.choice([Fault.BUSY, Fault.ERROR, None, None, None])
    for _ in range(20):
        rows = book.tab("Digit").rows
        if luck.random() < 0.5 and len(rows) > 1:
            del rows[luck.randrange(1, len(rows))]
        given.append(give(client, str(luck.randrange(10))))
        look(writer)
        writer.step()
    google.google.fault = lambda _call: None
    for _ in range(3):
        look(writer)
        work(writer)
    assert Counter(ids(book, "Digit")) == Counter(given)
