"""The log: a line an event, with the request's id, and no secret in it."""

import json
import logging

import pytest
from flask.testing import FlaskClient

from app.accounts.tables import Role

from ..people import OTHER_PASSWORD, PASSWORD, account, bearer, proof, sign_in

SECRETS = (PASSWORD, OTHER_PASSWORD, "eyJ", "argon2")


def lines(caplog: pytest.LogCaptureFixture) -> list[tuple[str, dict[str, str]]]:
    found = [record.getMessage() for record in caplog.records if record.name == "app.web.audit"]
    return [(line[: line.index(" {")], json.loads(line[line.index("{") :])) for line in found]


def test_every_event_is_a_line_with_the_requests_id_and_without_secrets(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "app")
    client.post("/api/register", json={"username": "ada", "password": PASSWORD})
    sign_in(client, password=OTHER_PASSWORD)
    answer = sign_in(client)
    change = {"password": PASSWORD, "new_password": OTHER_PASSWORD}
    client.put("/api/me/password", json=change, headers=proof(client))
    client.delete("/api/mine", headers=proof(client))
    client.patch(
        f"/api/users/{account('bob')}",
        json={"role": "reviewer"},
        headers=bearer("root", Role.ADMIN),
    )
    stranger = client.application.test_client()
    stranger.post("/api/refresh", headers={"Authorization": "Bearer x.y.z"})
    client.delete("/api/me", json={"password": OTHER_PASSWORD}, headers=proof(client))
    told = lines(caplog)
    assert [event for event, _ in told] == [
        "account made", "sign-in refused", "signed in", "password changed", "all drawings withdrawn",
        "account changed", "refresh token refused", "account deleted",
    ]  # fmt: skip
    assert told[2][1]["request"] == answer.headers["X-Request-ID"]
    assert {facts["address"] for _, facts in told} == {"127.0.0.1"}
    assert not [secret for secret in SECRETS if secret in caplog.text]


def test_a_name_cannot_write_a_line_of_its_own(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "app")
    sign_in(client, 'x\r\nsigned in {"name": "admin"}\u2028\x1b[2J')
    (line,) = [record.getMessage() for record in caplog.records if record.name == "app.web.audit"]
    assert line.isascii()
    assert line.isprintable()


def test_nobody_gives_a_request_its_id(client: FlaskClient) -> None:
    answer = client.get("/health", headers={"X-Request-ID": "mine"})
    assert len(answer.headers["X-Request-ID"]) == 32
