"""A Sheets server, a spreadsheet on it, and a service account that may use it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.feedback.sheets import Sheet, open_sheet

from ..sheets.server import Book, SheetsServer

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
