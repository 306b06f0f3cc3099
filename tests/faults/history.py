"""A client that writes down what it was told, and a checker that holds it against the database."""

import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from uuid import uuid4

import requests
from sqlalchemy import create_engine, text

from ..inks import strokes

PATIENCE_S = 60
INTACT = {
    "sqlite": ("PRAGMA integrity_check", 0, "ok"),
    "mysql": ("CHECK TABLE corrections", 3, "OK"),
}  # what to ask, and which column of the answer says what


@dataclass(frozen=True)
class Told:
    """One correction and the id under which the server said that it was kept."""

    key: str
    label: str
    id: str


@dataclass
class Client:
    """Sends corrections one after another, each until it is acknowledged, always with one key."""

    url: str
    stopped: threading.Event
    labels: str = "0123456789"
    history: list[Told] = field(default_factory=list)
    retries: int = 0

    def run(self) -> None:
        number = 0
        while not self.stopped.is_set():
            self.send(self.labels[number % len(self.labels)])
            number += 1

    def send(self, label: str) -> None:
        key, until = str(uuid4()), time.monotonic() + PATIENCE_S
        ink = strokes(label if label.isdigit() else "7")
        body = {"strokes": ink, "label": label * 2 if label == "w" else label, "kind": "auto"}
        while time.monotonic() < until:
            try:
                answer = requests.post(
                    f"{self.url}/api/feedback",
                    json=body,
                    headers={"Idempotency-Key": key},
                    timeout=10,
                )
            except requests.RequestException:
                self.retries += 1
                time.sleep(0.05)
                continue
            if answer.status_code == 503:  # the database is away; nothing was kept
                self.retries += 1
                time.sleep(0.05)
                continue
            assert answer.status_code == 201, answer.text
            self.history.append(Told(key, body["label"], answer.json()["id"]))
            return
        raise AssertionError(f"no answer in {PATIENCE_S} s")


@dataclass(frozen=True)
class Verdict:
    """What became of acknowledged corrections."""

    acknowledged: int
    lost: int
    doubled: int
    altered: int
    intact: bool


def check(url: str, history: list[Told]) -> Verdict:
    """Hold a history against a database."""
    engine = create_engine(url)
    with engine.connect() as connection:
        rows = list(connection.execute(text("SELECT idempotency_key, label, id FROM corrections")))
        question, column, fine = INTACT[engine.dialect.name]
        intact = [row[column] for row in connection.execute(text(question))] == [fine]
    engine.dispose()
    kept = {key: (label, row_id) for key, label, row_id in rows}
    return Verdict(
        acknowledged=len(history),
        lost=sum(told.key not in kept for told in history),
        doubled=sum(n - 1 for n in Counter(key for key, _, _ in rows).values()),
        altered=sum(
            kept.get(told.key, (told.label, told.id)) != (told.label, told.id) for told in history
        ),
        intact=intact,
    )
