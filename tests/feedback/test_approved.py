"""What may be trained on, out of the database and out of the sheet."""

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import update

from app.extensions import db
from app.feedback import approved, review, service
from app.feedback.service import NewCorrection
from app.feedback.sheet.google import Sheet
from app.feedback.sheet.rows import DUMMIES
from app.feedback.sheet.writer import Writer
from app.feedback.tables import Correction, Source, Status
from app.ink.labelled import LabelledInk, Unusable
from app.ink.pictures import Picture
from app.ink.strokes import Strokes

from ..databases import BOTH_DATABASES
from ..inks import picture, png
from ..sheets.server import Book
from .telling import give, work

pytestmark = [BOTH_DATABASES, pytest.mark.usefixtures("no_open_transaction")]


def change(found: str, **values: object) -> None:
    db.session.execute(update(Correction).where(Correction.id == found).values(**values))
    db.session.commit()


def usable(rows: approved.Rows) -> dict[str, LabelledInk]:
    return {row.id: row for row in rows if isinstance(row, LabelledInk)}


def test_only_what_was_approved_is_trained_on(app: APIFlask, client: FlaskClient) -> None:
    _pending, rejected, drawn, seen, dummy = (give(client, d, kind="digit") for d in "12345")
    review.approve([drawn, seen], "anna")
    review.reject([rejected], "anna")
    change(seen, strokes=None, picture=png(picture("4")))
    change(dummy, source=Source.DUMMY, status=Status.APPROVED)
    found = usable(approved.from_database())
    assert found.keys() == {drawn, seen}
    assert isinstance(found[drawn].ink, Strokes)
    assert isinstance(found[seen].ink, Picture)
    assert (found[drawn].label, found[drawn].kind, found[drawn].is_reviewed) == ("3", "digit", True)
    assert usable(approved.from_database(DUMMIES)).keys() == {dummy}
    assert not usable(approved.from_database("Word"))


def test_a_damaged_row_is_named_and_the_others_are_trained_on(
    app: APIFlask, client: FlaskClient
) -> None:
    ids = [give(client, d) for d in "1234"]
    review.approve(ids, "anna")
    change(ids[0], strokes="[[")
    change(ids[1], strokes=None, picture=b"no picture")
    change(ids[2], strokes=None, picture=None)
    rows = list(approved.from_database())
    assert {row.id for row in rows if isinstance(row, Unusable)} == set(ids[:3])
    assert usable(iter(rows)).keys() == {ids[3]}


def test_what_nobody_reviewed_is_sent_back_and_what_was_stays(
    app: APIFlask, client: FlaskClient
) -> None:
    trusted, reviewed = give(client, "1"), give(client, "2")
    change(trusted, status=Status.APPROVED)
    review.approve([reviewed], "anna")
    assert review.send_back([trusted, reviewed]) == 1
    assert usable(approved.from_database()).keys() == {reviewed}
    assert [found.id for found in review.listed()] == [trusted]


def test_the_sheet_has_the_same_rows(
    client: FlaskClient, book: Book, sheet: Sheet, writer: Writer
) -> None:
    kept, edited, _, dummy = (give(client, d) for d in "1234")
    review.approve([kept, edited], "anna")
    change(dummy, source=Source.DUMMY)
    work(writer)
    row = next(row for row in book.tab("Digit").rows if row[0] == edited)
    row[4] = "9"
    rows = list(approved.from_sheet(sheet))
    assert usable(iter(rows)).keys() == {kept}
    assert [row.why for row in rows if isinstance(row, Unusable)] == ["It was edited by hand."]
    assert isinstance(usable(iter(rows))[kept].ink, Picture)


def test_dummies_are_read_from_their_worksheet_where_that_is_asked_for(
    client: FlaskClient, sheet: Sheet, writer: Writer
) -> None:
    give(client, "1")
    picture_of_one = NewCorrection(
        "digit", "4", "0" * 64, None, png(picture("4")), source=Source.DUMMY
    )
    service.keep_all([picture_of_one])
    work(writer)
    found = usable(approved.from_sheet(sheet, DUMMIES))
    assert [row.label for row in found.values()] == ["4"]
    assert not usable(approved.from_sheet(sheet))
