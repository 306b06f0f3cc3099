"""Corrections that are given, and a writer that tells them, in a test's own time."""

import time

from flask.testing import FlaskClient

from app.feedback.sheet import health, outbox
from app.feedback.sheet.writer import Pace, Writer

from ..inks import strokes
from ..sheets.server import Book

QUICK = Pace(idle=0, between=0, longest=0, mended=0, late=0.7, poll=0.1, count=0, look=3600, away=0)
ROUNDS = 400


def give(
    client: FlaskClient, label: str = "7", headers: dict[str, str] | None = None, **fields: object
) -> str:
    kind = "digit" if label.isdigit() and len(label) == 1 else "word"
    body = {"strokes": strokes("7"), "label": label, "kind": kind} | fields
    answer = client.post("/api/feedback", json=body, headers=headers or {})
    assert answer.status_code == 201, answer.get_json()
    return str(answer.get_json()["id"])


def work(writer: Writer) -> None:
    """Let the writer go on until nothing is left to be told."""
    for _ in range(ROUNDS):
        time.sleep(min(writer.step(), 1.0))
        if outbox.queue().pending == 0:
            return
    raise AssertionError(outbox.queue())


def ids(book: Book, title: str) -> list[str]:
    return (
        [row[0] for row in book.tab(title).rows[1:]]
        if title in [t.title for t in book.tabs]
        else []
    )


def look(writer: Writer) -> None:
    writer.next_look = 0.0
    writer.step()


def trouble() -> str | None:
    state = health.last()
    return state and state.trouble
