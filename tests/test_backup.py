"""Copies of the database, from each kind into each."""

import gzip
import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from apiflask import APIFlask
from flask_migrate import upgrade
from sqlalchemy import select

from app import backup, create_app
from app.extensions import db
from app.feedback.tables import Correction, Errand
from app.settings import Settings

from .databases import BOTH_DATABASES, new_database
from .inks import strokes
from .people import account

LABELS = ["7", "é=1", "'; DROP TABLE corrections", "a", "A"]


@pytest.fixture
def filled(app: APIFlask) -> APIFlask:
    """The app with corrections, one of them withdrawn."""
    client = app.test_client()
    for label in "712":
        sent = {"strokes": strokes("7"), "label": label, "kind": "digit"}
        answer = client.post(
            "/api/feedback", json=sent, headers={"Idempotency-Key": f"key {label}"}
        )
        assert answer.status_code == 201
    client.delete(f"/api/feedback/{answer.get_json()['id']}")
    for label in LABELS:
        db.session.add(
            Correction(kind="word", label=label, confidence=0.1, picture=bytes(range(256)))
        )
    db.session.commit()
    return app


def rows() -> list[dict[str, object]]:
    table = db.metadata.tables["corrections"]
    return [dict(row._mapping) for row in db.session.execute(select(table).order_by(table.c.id))]


def told(app: APIFlask, *command: str, status: int = 0) -> str:
    result = app.test_cli_runner().invoke(args=list(command))
    assert result.exit_code == status, result.output
    return result.output


@pytest.mark.parametrize("target", ["sqlite", "mariadb"])
@BOTH_DATABASES
def test_a_copy_restores_every_row_in_any_database(
    filled: APIFlask, make_settings: Callable[..., Settings], tmp_path: Path, target: str,
    request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    file = tmp_path / "copy.jsonl.gz"
    assert told(filled, "db-backup", str(file)) == f"12 rows are in {file}.\n"
    before = rows()
    url = f"sqlite:///{tmp_path}/other.db"
    if target == "mariadb":
        url = new_database(request.getfixturevalue("mysql_url"), "inkloop_restored")
    other = create_app(make_settings(database_url=url))
    with other.app_context():
        upgrade("migrations")
        assert told(other, "db-restore", str(file)) == "12 rows were restored.\n"
        assert rows() == before
        assert "has rows" in told(other, "db-restore", str(file), status=1)
        db.engine.dispose()


def test_a_file_that_exists_is_not_overwritten(filled: APIFlask, tmp_path: Path) -> None:
    file = tmp_path / "copy"
    file.write_text("precious")
    assert "exists already" in told(filled, "db-backup", str(file), status=1)
    assert file.read_text() == "precious"


def test_a_damaged_copy_changes_nothing(filled: APIFlask, tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    told(filled, "db-backup", str(whole))
    lines = gzip.decompress(whole.read_bytes()).splitlines(keepends=True)
    for table in (Errand, Correction):
        db.session.query(table).delete()
    db.session.commit()
    damaged = {
        "cut": whole.read_bytes()[:-20],
        "no copy": b"not gzip",
        "no foot": gzip.compress(b"".join(lines[:-1])),
        "a row less": gzip.compress(b"".join(lines[:2] + lines[3:])),
        "other tables": gzip.compress(b"".join(lines).replace(b'"corrections"', b'"users"')),
        "another column": gzip.compress(b"".join(lines).replace(b'"label"', b'"libel"')),
        "another revision": gzip.compress(
            b"".join(lines).replace(json.loads(lines[0])["revision"].encode(), b"0000", 1)
        ),
        "no row": gzip.compress(lines[0] + b'{"table": "corrections", "row": 3}\n{"rows": 1}\n'),
    }
    for name, content in damaged.items():
        (tmp_path / name).write_bytes(content)
        assert "Error: " in told(filled, "db-restore", str(tmp_path / name), status=1)
        assert rows() == [], name
    assert "There is no" in told(filled, "db-restore", str(tmp_path / "nowhere"), status=1)


@BOTH_DATABASES
def test_a_copy_is_of_one_moment(
    filled: APIFlask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What comes while it is made is whole in it or not in it at all: no row without its user."""
    account("ada")
    late: list[str] = []
    write = backup._write

    def give() -> None:
        with filled.app_context():
            late.append(account("bob"))
            db.session.add(Correction(kind="word", label="late", user_id=late[0]))
            db.session.commit()

    def write_slowly(file: Any, line: dict[str, Any]) -> None:
        write(file, line)
        if line.get("table") == "users" and not late:
            other = threading.Thread(target=give)
            other.start()
            other.join()

    monkeypatch.setattr(backup, "_write", write_slowly)
    told(filled, "db-backup", str(tmp_path / "copy"))
    assert late
    assert late[0].encode() not in gzip.decompress((tmp_path / "copy").read_bytes())


def test_a_database_without_tables_is_told(
    make_settings: Callable[..., Settings], tmp_path: Path
) -> None:
    app = create_app(make_settings())
    assert "flask db upgrade" in told(app, "db-backup", str(tmp_path / "copy"), status=1)
