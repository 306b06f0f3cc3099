"""The real server mirrors to the sheet by itself; `flask sheets` says how it is."""

import time
from collections.abc import Callable
from pathlib import Path

import requests
from apiflask import APIFlask
from flask_migrate import upgrade

from app import create_app
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


def told(app: APIFlask, command: str, status: int = 0) -> str:
    result = app.test_cli_runner().invoke(args=["sheets", command])
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
