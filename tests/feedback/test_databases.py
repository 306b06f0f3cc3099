"""SQLite and MariaDB keep corrections alike, and one that goes away comes back by itself."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from apiflask import APIFlask
from flask.testing import FlaskClient
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, select

from app import create_app
from app.extensions import db
from app.feedback.tables import Correction
from app.settings import Settings

from ..databases import BOTH_DATABASES, MariaDB, new_database
from ..inks import strokes
from ..people import PASSWORD, bearer

BODY = {"strokes": strokes("7"), "label": "7", "kind": "digit"}
ASKING = [
    ("POST", "/api/feedback", BODY),
    ("DELETE", "/api/feedback/00000000-0000-4000-8000-000000000000", None),
    ("POST", "/api/login", {"username": "ada", "password": PASSWORD}),
    ("POST", "/api/register", {"username": "bob", "password": PASSWORD}),
    ("GET", "/api/me", None),
    ("GET", "/api/mine", None),
    ("POST", "/api/logout", None),
]


@BOTH_DATABASES
def test_migrations_make_the_very_tables_of_the_code(app: APIFlask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []


@BOTH_DATABASES
def test_migrations_go_back_and_forth(app: APIFlask) -> None:
    downgrade("migrations", revision="base")
    assert set(inspect(db.engine).get_table_names()) == {"alembic_version"}
    upgrade("migrations")
    assert "corrections" in inspect(db.engine).get_table_names()


@BOTH_DATABASES
def test_keys_and_labels_differ_where_a_bit_of_them_does(client: FlaskClient) -> None:
    for key in ("key", "KEY", "key ", "k-e-y"):
        answer = client.post("/api/feedback", json=BODY, headers={"Idempotency-Key": key})
        assert answer.status_code == 201
    kept = {row.idempotency_key for row in db.session.scalars(select(Correction))}
    assert {"key", "KEY", "k-e-y"} <= kept


@BOTH_DATABASES
def test_a_moment_keeps_its_microseconds_and_its_zone(client: FlaskClient) -> None:
    before = datetime.now(UTC)
    client.post("/api/feedback", json=BODY)
    (kept,) = db.session.scalars(select(Correction))
    db.session.expire_all()
    assert before <= kept.created_at <= datetime.now(UTC)


@BOTH_DATABASES
def test_long_strokes_are_kept_whole(client: FlaskClient) -> None:
    line = [[x / 3, (x * 7) % 101 / 3] for x in range(4_000)]
    answer = client.post("/api/feedback", json=BODY | {"strokes": [line]})
    assert answer.status_code == 201
    (kept,) = db.session.scalars(select(Correction))
    assert len(kept.strokes or "") > 65_535


@pytest.fixture
def mariadb(tmp_path: Path) -> Iterator[MariaDB]:
    """A server that a test may end."""
    server = MariaDB(tmp_path).install().start().allow()
    yield server
    server.stop()


def test_a_server_that_goes_away_is_told_at_once_and_comes_back_by_itself(
    mariadb: MariaDB, make_settings: Callable[..., Settings]
) -> None:
    app = create_app(make_settings(database_url=new_database(mariadb.url, "away")))
    client = app.test_client()
    with app.app_context():
        upgrade("migrations")
        who = bearer("ada")
    assert client.post("/api/feedback", json=BODY).status_code == 201
    mariadb.stop()
    for method, path, body in ASKING:
        start = time.monotonic()
        answer = client.open(path, method=method, json=body, headers=who)
        assert (answer.status_code, answer.headers["Retry-After"].isdigit()) == (503, True)
        assert time.monotonic() - start < 2
    assert client.post("/api/predict", json={"strokes": BODY["strokes"]}).status_code == 200
    mariadb.start()
    assert client.post("/api/feedback", json=BODY).status_code == 201
    with app.app_context():
        assert len(list(db.session.scalars(select(Correction)))) == 2
        db.engine.dispose()
