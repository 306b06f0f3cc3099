"""A Sheets server, a spreadsheet on it, and a service account that may use it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from apiflask import APIFlask

from app.extensions import db
from app.feedback.sheet.google import Sheet, open_sheet
from app.feedback.sheet.writer import Writer

from ..sheets.server import Book, SheetsServer
from .telling import QUICK

PATIENCE_S = (1.0, 0.5)


@pytest.fixture
def google() -> Iterator[SheetsServer]:
    with SheetsServer() as server:
        server.google.silence_s = 1.0
        yield server


@pytest.fixture
def book(google: SheetsServer) -> Book:
    return google.google.add()


@pytest.fixture
def credentials(google: SheetsServer, tmp_path: Path) -> Path:
    return google.write_credentials(tmp_path / "token.json")


@pytest.fixture
def sheet(google: SheetsServer, book: Book, credentials: Path) -> Sheet:
    return open_sheet(credentials, key=book.key, base_url=google.url, patience_s=PATIENCE_S)


@pytest.fixture
def writer(app: APIFlask, google: SheetsServer, book: Book, credentials: Path) -> Writer:
    where = {"key": book.key, "base_url": google.url, "patience_s": PATIENCE_S}
    writer = Writer(lambda: open_sheet(credentials, **where), QUICK)
    writer.step()  # the first is a look
    return writer


@pytest.fixture
def no_open_transaction(app: APIFlask) -> Iterator[None]:
    yield
    db.session.remove()
