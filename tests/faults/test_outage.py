"""A day without Google, at five corrections a second, and how long it takes to tell them all.

Time is compressed: HASTE minutes of Google's quota are one here. ROWS sets how many corrections
waited; `make faults` takes a whole day's 432,000.
"""

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from apiflask import APIFlask
from sqlalchemy import insert

from app.database import now
from app.extensions import db
from app.feedback.sheet import outbox
from app.feedback.sheet.google import open_sheet
from app.feedback.sheet.rows import worksheet_of
from app.feedback.sheet.writer import Pace, Writer
from app.feedback.tables import Action, Correction, Errand

from ..sheets.server import Book, Call, SheetsServer

ROWS = int(os.environ.get("ROWS", "3000"))
HASTE = 5
A_DAY = 24 * 3600 * 5  # corrections
TWO_HOURS_S = 7200
GOOGLES_QUOTA = 60  # writes, and reads, a minute
LABELS = ("0", "1", "7", "a", "=", "ab", "word")
AT_ONCE = 10_000


@pytest.fixture
def google() -> Iterator[SheetsServer]:
    with SheetsServer() as server:
        server.google.quota, server.google.minute_s = GOOGLES_QUOTA, 60 / HASTE
        yield server


@pytest.fixture
def book(google: SheetsServer) -> Book:
    return google.google.add()


def fill() -> None:
    for start in range(0, ROWS, AT_ONCE):
        corrections, errands = [], []
        for number in range(start, min(start + AT_ONCE, ROWS)):
            label, name = LABELS[number % len(LABELS)], f"{number:036}"
            corrections.append(
                {"id": name, "kind": "word", "label": label, "picture": b"x" * 700, "created_at": now()}
            )  # fmt: skip
            worksheet = worksheet_of(label)
            errands.append({"correction_id": name, "action": Action.APPEND, "worksheet": worksheet})
        db.session.execute(insert(Correction), corrections)
        db.session.execute(insert(Errand), errands)
        db.session.commit()


def test_a_days_corrections_are_told_within_two_hours_and_within_the_quota(
    app: APIFlask, google: SheetsServer, book: Book, tmp_path: Path
) -> None:
    fill()
    credentials = google.write_credentials(tmp_path / "token.json")
    pace = replace(Pace().hastened(HASTE), look=Pace().look)  # a look is work, not waiting
    writer = Writer(lambda: open_sheet(credentials, key=book.key, base_url=google.url), pace)
    appended: list[float] = []

    def note(call: Call) -> None:
        if call.name == "values.append":
            appended.append(time.monotonic())

    google.google.fault = note
    start = time.monotonic()
    while outbox.next_batch():
        time.sleep(writer.step())
    minutes = (time.monotonic() - start) * HASTE / 60
    a_batch_s = (appended[-1] - appended[0]) * HASTE / (len(appended) - 1)
    for_a_day_s = a_batch_s * A_DAY / outbox.AT_ONCE
    print(f"\n{ROWS:,} rows in {minutes:,.1f} minutes of compressed time, one batch in {a_batch_s:.2f} s: "
          f"a day's in {for_a_day_s / 60:,.0f} minutes; {dict(google.google.calls)}")  # fmt: skip
    assert writer.failures == 0, "more was asked than the quota allows"
    assert sum(len(tab.rows) - 1 for tab in book.tabs if tab.title != "Sheet1") == ROWS
    assert for_a_day_s <= TWO_HOURS_S
