"""The page /status: what everybody may know, and what administrators must."""

from collections.abc import Callable
from pathlib import Path

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from app import create_app
from app.accounts.tables import Role
from app.extensions import db
from app.feedback.sheet import health, outbox
from app.feedback.sheet.health import Counts
from app.feedback.tables import Errand, State
from app.settings import Settings

from ..databases import BOTH_DATABASES
from ..inks import strokes
from ..people import bearer

TROUBLE = "Is it shared with somebody@example.org?"


def shown(client: FlaskClient, headers: dict[str, str] | None = None) -> str:
    answer = client.get("/status", headers=headers or {})
    assert answer.status_code == 200
    return " ".join(answer.get_data(as_text=True).split())


def give(client: FlaskClient, **headers: str) -> str:
    body = {"strokes": strokes("7"), "label": "7", "kind": "digit"}
    return str(client.post("/api/feedback", json=body, headers=headers).get_json()["id"])


@pytest.fixture
def with_sheet(
    app: APIFlask, make_settings: Callable[..., Settings], tmp_path: Path
) -> FlaskClient:
    """An app with a key, beside the app without, on the same database."""
    key = tmp_path / "token.json"
    key.write_text("{}")
    key.chmod(0o400)
    settings = app.extensions["inkloop.settings"]
    return create_app(settings.model_copy(update={"google_credentials": key})).test_client()


@BOTH_DATABASES
def test_without_credentials_the_page_says_what_that_means(client: FlaskClient) -> None:
    page = shown(client)
    assert "There are no Google credentials" in page
    assert "None yet" in page
    give(client)
    withdrawn = give(client)
    client.delete(f"/api/feedback/{withdrawn}")
    assert "<dt>Corrections, pending</dt><dd>1</dd>" in shown(client)


@BOTH_DATABASES
def test_with_a_sheet_it_says_how_much_waits(with_sheet: FlaskClient) -> None:
    assert "Nothing: it has everything" in shown(with_sheet)
    give(with_sheet)
    assert "1 row, the oldest for" in shown(with_sheet)


@BOTH_DATABASES
def test_what_is_wrong_is_told_in_full_to_administrators_alone(
    app: APIFlask, with_sheet: FlaskClient
) -> None:
    found = give(with_sheet)
    with app.app_context():
        (errand,) = outbox.next_batch().errands  # type: ignore[union-attr]
        outbox.mark([errand], State.DEAD, "more than <50000> characters")
        health.tell_trouble(TROUBLE)
        health.tell_look("Ours", "https://docs.example/secret", Counts(edited=2, unknown=1))
    public, ada = shown(with_sheet), shown(with_sheet, bearer("ada"))
    for page in (public, ada):
        assert "has to act" in page
        assert "<dt>Edited by hand</dt><dd>2 rows." in page
        assert not [text for text in (TROUBLE, "secret", found, "50000") if text in page]
    admin = shown(with_sheet, bearer("eve", Role.ADMIN))
    assert not [text for text in (TROUBLE, "secret", found, "&lt;50000&gt;") if text not in admin]
    with app.app_context():
        health.tell_trouble(None)
        assert (outbox.revive(), outbox.queue().pending) == (1, 1)
        assert db.session.get(Errand, errand.id).state == State.WAITING  # type: ignore[union-attr]
    assert "has to act" not in shown(with_sheet)


def test_it_is_shown_while_the_database_is_away(client: FlaskClient) -> None:
    db.drop_all()
    assert "The database does not answer" in shown(client)


def test_a_session_that_has_ended_is_no_reason_to_show_nothing(client: FlaskClient) -> None:
    assert "Inkloop" in shown(client, {"Authorization": "Bearer nonsense"})
