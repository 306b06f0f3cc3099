"""Every route, and who may call it."""

import pytest
from apiflask import APIFlask
from flask import url_for
from flask.testing import FlaskClient

from app.accounts.tables import Role
from app.web.access import Level, level_of

from ..inks import strokes
from ..people import account, bearer

ANYBODY = {
    "/static/<path:filename>", "/docs/assets/<path:filename>", "/docs", "/openapi.json",
    "/health", "/ready", "/version", "/metrics", "/status",
    "/login", "/register", "/check-token",
    "/api/login", "/api/register", "/api/refresh", "/api/logout",
}  # fmt: skip
SHEET = {"/", "/api/predict", "/api/feedback", "/api/feedback/<uuid:correction_id>", "/helpdata", "/predict/", "/generate", "/api/compose"}  # fmt: skip
USERS = {
    "/api/me", "/api/me/password", "/account", "/account/password", "/account/delete", "/logout",
    "/mine", "/mine/withdraw", "/api/mine", "/api/mine/export/<form>", "/api/mine/<uuid:correction_id>/picture",
}  # fmt: skip
ADMINS = {"/api/users", "/api/users/<uuid:user_id>"}
WHO = (
    dict.fromkeys(ANYBODY, Level.PUBLIC)
    | dict.fromkeys(SHEET, Level.SHEET)
    | dict.fromkeys(USERS, Level.USER)
    | dict.fromkeys(ADMINS, Level.ADMIN)
)
FILLED = {
    "filename": "favicon.svg", "form": "csv",
    "correction_id": "00000000-0000-4000-8000-000000000000",
    "user_id": "00000000-0000-4000-8000-000000000000",
}  # fmt: skip
REFUSED = (401, 403)
ASK_FOR_MORE = {"/login", "/register", "/check-token", "/api/refresh", "/account/password"}


def test_every_route_says_who_may_call_it_and_this_list_agrees(app: APIFlask) -> None:
    assert {rule.rule: level_of(rule.endpoint) for rule in app.url_map.iter_rules()} == WHO


@pytest.mark.parametrize("role", Role)
def test_what_is_not_ones_own_is_refused_on_every_route(client: FlaskClient, role: Role) -> None:
    headers = {} if role == Role.GUEST else bearer("ada", role)
    for rule in client.application.url_map.iter_rules():
        level = WHO[rule.rule].value
        allowed = not isinstance(level, Role) or role.reaches(level)
        with client.application.test_request_context():
            path = url_for(rule.endpoint, **{name: FILLED[name] for name in rule.arguments})
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            if allowed and rule.rule in ("/logout", "/api/logout", "/account/delete"):
                continue  # it would end what the next needs
            with client.open(path, method=method, headers=headers, json={}) as answer:
                status = answer.status_code
            if not allowed:
                assert status == (401 if role == Role.GUEST else 403), (method, path)
            elif rule.rule not in ASK_FOR_MORE:
                assert status not in REFUSED, (method, path)
            assert status < 500


def test_a_route_that_says_nothing_is_closed_to_all(app: APIFlask) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "open")
    for headers in ({}, bearer("ada", Role.ADMIN)):
        assert app.test_client().get("/forgotten", headers=headers).status_code == 403


def give(client: FlaskClient, headers: dict[str, str]) -> str:
    body = {"strokes": strokes("7"), "label": "7", "kind": "digit"}
    answer = client.post("/api/feedback", json=body, headers=headers)
    assert answer.status_code == 201
    return str(answer.get_json()["id"])


def test_a_users_drawing_is_the_users_alone(client: FlaskClient) -> None:
    owner = bearer("ada")
    drawing = give(client, owner)
    for other in ({}, bearer("bob"), bearer("carol", Role.REVIEWER)):
        assert client.delete(f"/api/feedback/{drawing}", headers=other).status_code == 404
    for other in (bearer("bob"), bearer("carol", Role.REVIEWER), bearer("dan", Role.ADMIN)):
        assert client.get(f"/api/mine/{drawing}/picture", headers=other).status_code == 404
        assert client.get("/api/mine", headers=other).get_json() == {"drawings": [], "total": 0}
        with client.get("/api/mine/export/csv", headers=other) as export:
            assert drawing not in export.get_data(as_text=True)
        client.post("/mine/withdraw", data={"drawing": drawing}, headers=other)
    client.delete("/api/mine", headers=bearer("bob"))
    assert client.get(f"/api/mine/{drawing}/picture", headers=owner).status_code == 200
    assert client.delete(f"/api/feedback/{drawing}", headers=owner).status_code == 200
    assert client.get(f"/api/mine/{drawing}/picture", headers=owner).status_code == 404


def test_an_administrator_may_withdraw_anybodys_drawing(client: FlaskClient) -> None:
    drawing = give(client, bearer("ada"))
    admin = bearer("root", Role.ADMIN)
    assert client.delete(f"/api/feedback/{drawing}", headers=admin).status_code == 200


def test_a_guests_drawing_is_withdrawn_by_whoever_has_its_id(client: FlaskClient) -> None:
    assert client.delete(f"/api/feedback/{give(client, {})}").status_code == 200
    account()
    assert client.delete(f"/api/feedback/{give(client, {})}", headers=bearer()).status_code == 200


def test_the_same_key_of_two_people_is_a_conflict_and_tells_nothing(client: FlaskClient) -> None:
    body = {"strokes": strokes("7"), "label": "7", "kind": "digit"}
    ours = {"Idempotency-Key": "one"}
    first = client.post("/api/feedback", json=body, headers=ours | bearer("ada"))
    second = client.post("/api/feedback", json=body, headers=ours | bearer("bob"))
    assert (first.status_code, second.status_code) == (201, 409)
    assert first.get_json()["id"] not in second.get_data(as_text=True)
