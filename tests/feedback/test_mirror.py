"""The real server mirrors to the sheet by itself; `flask sheets` says how it is."""

import csv
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
from apiflask import APIFlask
from flask_migrate import upgrade
from sqlalchemy import select, update

from app import create_app
from app.extensions import db
from app.feedback.tables import Errand, State
from app.settings import Settings

from ..inks import strokes
from ..servers import Server
from ..sheets.server import EMAIL, Book, SheetsServer

BODY = {"strokes": strokes("7"), "label": "7", "kind": "digit"}
PATIENCE_S = 30


def test_two_workers_tell_the_sheet_once(
    tmp_path: Path, google: SheetsServer, book: Book, credentials: Path
) -> None:
    settings = {
        "GOOGLE_CREDENTIALS": str(credentials),
        "SHEET_KEY": book.key,
        "SHEETS_BASE_URL": google.url,
    }
    server = Server(tmp_path, settings | {"WEB_CONCURRENCY": "2"}).migrate().start()
    try:
        given = {
            requests.post(f"{server.url}/api/feedback", json=BODY, timeout=5).json()["id"]
            for _ in range(5)
        }
        until = time.monotonic() + PATIENCE_S
        while "Digit" not in [tab.title for tab in book.tabs] or len(book.tab("Digit").rows) < 6:
            assert time.monotonic() < until, server.log
            time.sleep(0.2)
        while "sheet_up 1.0" not in requests.get(f"{server.url}/metrics", timeout=5).text:
            assert time.monotonic() < until, server.log
            time.sleep(0.2)
    finally:
        assert server.stop() == 0
    assert {row[0] for row in book.tab("Digit").rows[1:]} == given
    assert len(book.tab("Digit").rows) == 6


def make_app(make_settings: Callable[..., Settings], **changes: object) -> APIFlask:
    app = create_app(make_settings(**changes))
    with app.app_context():
        upgrade("migrations")
    return app


def told(app: APIFlask, *command: str, status: int = 0) -> str:
    result = app.test_cli_runner().invoke(args=["sheets", *command])
    assert result.exit_code == status, result.output
    return result.output


def test_check_says_where_it_is_and_sync_brings_it_up_to_date(
    make_settings: Callable[..., Settings], google: SheetsServer, book: Book, credentials: Path
) -> None:
    app = make_app(make_settings, google_credentials=credentials, sheets_base_url=google.url)
    for _ in range(3):
        assert app.test_client().post("/api/feedback", json=BODY).status_code == 201
    assert f"{book.title}: " in told(app, "check")
    assert "3 to be told" in told(app, "check")
    assert "has everything" in told(app, "sync")
    assert len(book.tab("Digit").rows) == 4
    assert "0 to be told" in told(app, "check")


def test_what_is_missing_is_told(
    make_settings: Callable[..., Settings], google: SheetsServer, credentials: Path, tmp_path: Path
) -> None:
    nothing = make_app(make_settings, google_credentials=tmp_path / "none.json")
    assert "docs/sheets.md" in told(nothing, "check", status=1)
    lost = make_app(
        make_settings,
        google_credentials=credentials,
        sheets_base_url=google.url,
        sheet_title="Lost",
    )
    assert EMAIL in told(lost, "check", status=1)
    lost.test_client().post("/api/feedback", json=BODY)
    assert "cannot be told" in told(lost, "sync", status=1)


@pytest.fixture
def synced(
    make_settings: Callable[..., Settings], google: SheetsServer, book: Book, credentials: Path
) -> APIFlask:
    """An app that told its sheet of five digits and a formula."""
    app = make_app(make_settings, google_credentials=credentials, sheets_base_url=google.url)
    for label in ("0", "1", "2", "3", "4", "=1+1"):
        body = BODY | {"label": label, "kind": "auto"}
        assert app.test_client().post("/api/feedback", json=body).status_code == 201
    told(app, "sync")
    return app


def test_reconcile_names_every_difference_and_mends_what_it_can(
    synced: APIFlask, book: Book
) -> None:
    tab = book.tab("Digit")
    first, gone, doubled, edited, last = (row[0] for row in tab.rows[1:])
    tab.rows[4][4] = "9"
    book.append(tab, [list(tab.rows[3]), ["somebody", "wrote", "this"]])
    del tab.rows[2]
    found = told(synced, "reconcile")
    for line in (
        f"Digit: {gone} is missing",
        f"Digit: {doubled} is there twice",
        "Digit, row 4: User_Corrected_Label edited by hand",
        "Digit, row 7: not from here",
        "2 rows to mend",
    ):
        assert line in found
    assert [row[0] for row in tab.rows[1:]] == [first, doubled, edited, last, "somebody", gone]
    assert tab.rows[3][4] == "9"
    assert "0 rows to mend" in told(synced, "reconcile")


def test_export_writes_what_the_sheet_has_and_no_formula(synced: APIFlask, tmp_path: Path) -> None:
    file = tmp_path / "sheet.csv"
    told(synced, "export", str(file))
    with file.open(newline="") as written:
        rows = list(csv.DictReader(written))
    assert [row["Worksheet"] for row in rows] == ["Digit"] * 5 + ["Word"]
    assert rows[5]["User_Corrected_Label"] == "'=1+1"
    assert "exists" in told(synced, "export", str(file), status=1)


def test_what_was_refused_is_told_once_more(synced: APIFlask, book: Book) -> None:
    with synced.app_context():
        found = db.session.scalars(select(Errand)).first()
        db.session.execute(update(Errand).values(state=State.DEAD, error="too long"))
        db.session.commit()
    assert f"refused: {found.correction_id if found else ''}: too long" in told(synced, "check")
    book.tabs.remove(book.tab("Digit"))
    assert "6 refused ones" in told(synced, "sync", "--refused")
    assert len(book.tab("Digit").rows) == 6
