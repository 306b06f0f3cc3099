"""Corrections reach the sheet once, whatever happens to it meanwhile."""

import random
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app.extensions import db
from app.feedback.sheet import outbox
from app.feedback.sheet.google import Sheet, open_sheet
from app.feedback.sheet.rows import COLUMNS, seal
from app.feedback.sheet.writer import Writer
from app.feedback.tables import Errand, Lease, State

from ..databases import BOTH_DATABASES
from ..inks import strokes
from ..people import PASSWORD, bearer
from ..sheets.server import Book, Call, Fault, SheetsServer
from .telling import QUICK, give, ids, trouble, work

pytestmark = [BOTH_DATABASES, pytest.mark.usefixtures("no_open_transaction")]
FAULTY = 0.3  # of calls


def test_a_correction_becomes_a_row_of_its_worksheet(
    client: FlaskClient, writer: Writer, book: Book
) -> None:
    reading = client.post(
        "/api/predict", json={"strokes": strokes("7"), "kind": "digit"}
    ).get_json()
    given = {
        "Digit": give(client, "1", id=reading["id"]),
        "Character": give(client, "=", kind="character"),
        "Word": give(client, "=1+1"),
    }
    work(writer)
    for title, found in given.items():
        header, row = book.tab(title).rows
        assert tuple(header) == COLUMNS
        assert row[0] == found
        assert row[-1] == seal(row[:-1])
    row = dict(zip(COLUMNS, book.tab("Digit").rows[1], strict=True))
    assert row["Data"].startswith("data:image/png;base64,iVBOR")
    assert (row["Predicted_Label"], row["User_Corrected_Label"], row["Kind"], row["Status"]) == ("7", "1", "digit", "pending")  # fmt: skip
    assert float(row["Confidence_Score"]) == pytest.approx(reading["confidence"], abs=1e-4)
    assert row["Timestamp"].endswith("+00:00")
    assert book.tab("Word").rows[1][4] == "=1+1"


def test_a_hundred_rows_go_in_one_request(
    client: FlaskClient, writer: Writer, google: SheetsServer, book: Book
) -> None:
    given = [give(client, str(number % 10)) for number in range(130)]
    work(writer)
    assert ids(book, "Digit") == given
    assert google.google.calls["values.append"] == 2


def test_what_is_withdrawn_before_it_was_told_is_never_told(
    client: FlaskClient, writer: Writer, book: Book
) -> None:
    found = give(client)
    client.delete(f"/api/feedback/{found}")
    work(writer)
    assert ids(book, "Digit") == []


def test_what_is_withdrawn_is_taken_out_of_the_sheet(
    client: FlaskClient, writer: Writer, book: Book
) -> None:
    headers = bearer("ada")
    given = [give(client, label) for label in ("1", "2", "word")]
    hers = [give(client, label, headers) for label in ("3", "hers")]
    work(writer)
    for _ in range(2):
        client.delete(f"/api/feedback/{given[0]}")
    work(writer)
    assert (ids(book, "Digit"), ids(book, "Word")) == ([given[1], hers[0]], [given[2], hers[1]])
    client.delete("/api/me", json={"password": PASSWORD}, headers=headers)
    work(writer)
    assert (ids(book, "Digit"), ids(book, "Word")) == ([given[1]], [given[2]])


@pytest.mark.parametrize("fault", list(Fault), ids=lambda fault: fault.name)
def test_whatever_goes_wrong_once_each_row_is_there_once(
    client: FlaskClient, writer: Writer, google: SheetsServer, book: Book, fault: Fault
) -> None:
    give(client, "0")
    work(writer)
    given = [give(client, str(number)) for number in range(5)]
    faults = iter([fault])
    google.google.fault = lambda call: next(faults, None) if call.name == "values.append" else None
    work(writer)
    assert ids(book, "Digit")[1:] == given


def test_under_thirty_in_a_hundred_faults_nothing_is_lost_and_nothing_doubled(
    client: FlaskClient, writer: Writer, google: SheetsServer, book: Book
) -> None:
    luck = random.Random(7)
    left_out = (Fault.SILENT, Fault.SILENT_AFTER, Fault.REFUSED)  # two are slow, one is for good
    kinds = [fault for fault in Fault if fault not in left_out]

    def fail(_call: Call) -> Fault | None:
        return luck.choice(kinds) if luck.random() < FAULTY else None

    google.google.fault = fail
    google.google.silence_s = 0.6
    given = []
    for _ in range(6):
        given += [
            give(client, luck.choice(["1", "2", "a b", "x y", "="]), kind="auto") for _ in range(10)
        ]
        for _ in range(4):
            writer.step()
    work(writer)
    google.google.fault = lambda _call: None
    told = Counter(ids(book, "Digit") + ids(book, "Word") + ids(book, "Character"))
    assert told == Counter(given)


def test_a_writer_that_dies_between_sending_and_marking_leaves_no_double(
    client: FlaskClient, writer: Writer, sheet: Sheet, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = [give(client, str(number)) for number in range(3)]
    mark = outbox.mark

    def die(errands: Iterable[Errand], state: State, **more: Any) -> None:
        if state == State.DONE and list(errands):
            raise KeyboardInterrupt
        mark(errands, state, **more)

    monkeypatch.setattr(outbox, "mark", die)
    with pytest.raises(KeyboardInterrupt):
        writer.step()
    monkeypatch.undo()
    let_leases_end()
    another = Writer(lambda: sheet, QUICK)
    another.step()  # the look
    another.step()  # what was sent has arrived
    assert outbox.queue().pending == 0
    work(another)
    assert ids(book, "Digit") == given


def let_leases_end() -> None:
    (lease,) = db.session.scalars(select(Lease))
    db.session.execute(update(Lease).values(until=lease.until - timedelta(hours=1)))
    db.session.commit()


def test_two_writers_never_write_at_once(client: FlaskClient, sheet: Sheet, book: Book) -> None:
    one, two = Writer(lambda: sheet, QUICK), Writer(lambda: sheet, QUICK)
    given = [give(client, str(number)) for number in range(3)]
    for _ in range(2):
        one.step()
    given.append(give(client, "4"))
    for _ in range(3):
        two.step()
    assert ids(book, "Digit") == given[:3]
    let_leases_end()
    for _ in range(2):
        two.step()
    assert ids(book, "Digit") == given
    give(client, "5")
    one.step()
    assert ids(book, "Digit") == given


def test_of_a_hundred_rows_one_is_refused_and_given_up_and_the_others_arrive(
    client: FlaskClient, writer: Writer, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = [give(client, str(number % 10)) for number in range(100)]
    make = outbox.corrections_of

    def poison(batch: outbox.Batch) -> object:
        found = make(batch)
        if given[7] in found:
            found[given[7]].picture = b"x" * 60_000
        return found

    monkeypatch.setattr(outbox, "corrections_of", poison)
    work(writer)
    assert sorted(ids(book, "Digit")) == sorted(set(given) - {given[7]})
    (dead,) = db.session.scalars(select(Errand).where(Errand.state == State.DEAD))
    assert (dead.correction_id, "50000 characters" in (dead.error or "")) == (given[7], True)
    assert outbox.queue().dead == 1


def test_a_spreadsheet_that_is_full_gives_nothing_up(
    client: FlaskClient, writer: Writer, book: Book
) -> None:
    give(client)
    work(writer)
    book.most_cells = sum(tab.row_count * tab.column_count for tab in book.tabs)
    late = give(client)
    writer.step()
    assert (outbox.queue().pending, outbox.queue().dead, bool(writer.troubles)) == (1, 0, True)
    book.most_cells *= 2
    work(writer)
    assert late in ids(book, "Digit")


def unshare(google: SheetsServer, book: Book) -> Callable[[], None]:
    google.google.shared = False
    return lambda: setattr(google.google, "shared", True)


def revoke(google: SheetsServer, book: Book) -> Callable[[], None]:
    google.google.key_is_valid = False
    google.google.tokens.clear()
    return lambda: setattr(google.google, "key_is_valid", True)


def delete_it(google: SheetsServer, book: Book) -> Callable[[], None]:
    del google.google.books[book.key]
    return lambda: google.google.books.update({book.key: book})


@pytest.mark.parametrize("harm", [unshare, revoke, delete_it])
def test_what_somebody_must_mend_keeps_the_queue_and_heals_by_itself(
    client: FlaskClient, google: SheetsServer, book: Book, credentials: Path,
    harm: Callable[[SheetsServer, Book], Callable[[], None]], caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    writer = Writer(lambda: open_sheet(credentials, key=book.key, base_url=google.url), QUICK)
    give(client)
    work(writer)
    mend = harm(google, book)
    given = give(client)
    for _ in range(3):
        writer.step()
    assert outbox.queue().pending == 1
    assert "the sheet cannot be told" in caplog.text
    assert trouble()
    mend()
    work(writer)
    assert given in ids(book, "Digit")
    assert trouble() is None


def test_while_the_database_is_away_the_writer_waits(app: APIFlask, writer: Writer) -> None:
    db.drop_all()
    assert writer.step() == QUICK.away
