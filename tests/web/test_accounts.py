"""Accounts through the API, as programs and as pages use it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import create_app
from app.accounts import people
from app.accounts.people import Changes
from app.accounts.tables import Role, Session, User
from app.extensions import db
from app.feedback.tables import Correction
from app.settings import Settings

from ..databases import BOTH_DATABASES
from ..inks import strokes
from ..people import OTHER_PASSWORD, PASSWORD, account, bearer, by_header, cookie, proof, sign_in

pytestmark = BOTH_DATABASES
BODY = {"strokes": strokes("7"), "label": "7", "kind": "digit"}


def test_an_account_is_made_and_signs_in(client: FlaskClient) -> None:
    answer = client.post("/api/register", json={"username": "Ada", "password": PASSWORD})
    assert (answer.status_code, answer.get_json()["role"]) == (201, "user")
    found = sign_in(client, "ADA")
    assert found.status_code == 200
    me = client.get("/api/me", **by_header(found.get_json()["access_token"]))
    assert me.get_json() == answer.get_json()
    (user,) = db.session.scalars(select(User))
    assert user.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.parametrize("name", ["ada", "ADA", "ａｄａ", " ada "])
def test_a_name_is_taken_once(client: FlaskClient, name: str) -> None:
    account("ada")
    answer = client.post("/api/register", json={"username": name, "password": PASSWORD})
    assert answer.status_code == 409


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"password": "short"}, "12 to 128"),
        ({"password": "x" * 129}, "12 to 128"),
        ({"password": "password1234"}, "easy to guess"),
        ({"password": "123456789012"}, "easy to guess"),
        ({"password": "adaadaadaada"}, "easy to guess"),
        ({"username": ""}, "username"),
        ({"username": "x" * 65}, "1 to 64"),
        ({"username": "a\u202eb"}, "printable"),
        ({"username": "   "}, "1 to 64"),
        ({"role": "admin"}, "unknown"),
        ({"trusted": True}, "unknown"),
    ],
    ids=str,
)
def test_what_cannot_be_an_account_is_told(
    client: FlaskClient, changes: dict[str, object], told: str
) -> None:
    body = {"username": "ada", "password": PASSWORD} | changes
    answer = client.post("/api/register", json=body)
    assert answer.status_code == 422
    assert told in answer.get_json()["detail"]
    assert people.everybody() == []


def test_where_accounts_are_made_by_administrators_nobody_registers(
    make_settings: Callable[..., Settings], app: APIFlask
) -> None:
    client = create_app(make_settings(registration=False)).test_client()
    answer = client.post("/api/register", json={"username": "ada", "password": PASSWORD})
    assert answer.status_code == 403
    assert "Make an account" not in client.get("/login").get_data(as_text=True)


def test_a_wrong_name_and_a_wrong_password_are_told_alike(client: FlaskClient) -> None:
    account("ada")
    wrong = [sign_in(client, "ada", OTHER_PASSWORD), sign_in(client, "bob", PASSWORD)]
    assert [answer.status_code for answer in wrong] == [401, 401]
    assert wrong[0].get_json() == wrong[1].get_json()


def test_cookies_are_kept_from_scripts_and_from_other_sites(client: FlaskClient) -> None:
    account()
    set_cookies = sign_in(client).headers.getlist("Set-Cookie")
    told = {
        (line.split("=")[0], line.split("Path=")[1].split(";")[0]): line for line in set_cookies
    }
    assert set(told) == {
        ("access", "/"), ("refresh", "/api/refresh"), ("refresh", "/api/logout"), ("csrf", "/"), ("device", "/"),
    }  # fmt: skip
    for (name, _), line in told.items():
        assert ("HttpOnly" in line) == (name != "csrf")
        assert ("SameSite=Lax" if name == "access" else "SameSite=Strict") in line


def test_in_production_cookies_are_held_to_https_and_to_the_host(
    make_settings: Callable[..., Settings], app: APIFlask
) -> None:
    account()
    secret = "8sJ2kfQpZr6uXv1yBn4mTc7wLd0gHa3eRi5o"
    client = create_app(make_settings(app_env="production", secret_key=secret)).test_client()
    lines = sign_in(client).headers.getlist("Set-Cookie")
    names = {line.split("=")[0] for line in lines}
    assert names == {"__Host-access", "__Secure-refresh", "csrf", "__Host-device"}
    assert all("; Secure" in line for line in lines)


def test_by_cookie_a_request_must_repeat_what_only_our_pages_can_read(client: FlaskClient) -> None:
    account()
    sign_in(client)
    assert client.get("/api/me").status_code == 200
    assert client.post("/api/feedback", json=BODY).status_code == 403
    for wrong in ("wrong", "ü", ""):
        headers = {"X-CSRF-TOKEN": wrong}
        assert client.post("/api/feedback", json=BODY, headers=headers).status_code == 403
    assert client.post("/api/feedback", json=BODY, headers=proof(client)).status_code == 201


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://localhost:81"}, 403),
        ({"Origin": "http://[::1"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({}, 200),
    ],
    ids=str,
)
def test_another_sites_page_can_send_nothing(
    client: FlaskClient, headers: dict[str, str], status: int
) -> None:
    account()
    body = {"username": "ada", "password": PASSWORD}
    assert client.post("/api/login", json=body, headers=headers).status_code == status


def test_a_refresh_token_is_taken_once_and_ends_the_session_when_it_comes_again(
    client: FlaskClient,
) -> None:
    account()
    first = sign_in(client).get_json()
    program = client.application.test_client()
    second = program.post("/api/refresh", **by_header(first["refresh_token"]))
    assert second.status_code == 200
    access = second.get_json()["access_token"]
    assert program.get("/api/me", **by_header(access)).status_code == 200
    for token in (first["refresh_token"], second.get_json()["refresh_token"]):
        assert program.post("/api/refresh", **by_header(token)).status_code == 401
    assert program.get("/api/me", **by_header(access)).status_code == 401


def test_a_browser_refreshes_by_its_cookies(client: FlaskClient) -> None:
    account()
    sign_in(client)
    before = cookie(client, "access")
    assert client.post("/api/refresh").status_code == 403  # nothing repeated
    assert client.post("/api/refresh", headers=proof(client)).status_code == 200
    assert cookie(client, "access") != before
    assert client.get("/api/me").status_code == 200


@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
def test_signing_out_ends_both_tokens_for_every_worker(
    client: FlaskClient, make_settings: Callable[..., Settings], kind: str
) -> None:
    account()
    issued = sign_in(client).get_json()
    other_worker = create_app(make_settings()).test_client()
    access, refresh = by_header(issued["access_token"]), by_header(issued["refresh_token"])
    assert other_worker.get("/api/me", **access).status_code == 200
    assert client.post("/api/logout", **by_header(issued[kind])).status_code == 200
    assert other_worker.get("/api/me", **access).status_code == 401
    assert other_worker.post("/api/refresh", **refresh).status_code == 401


def test_signing_out_by_cookie_takes_the_cookies_away(client: FlaskClient) -> None:
    account()
    sign_in(client)
    assert client.post("/api/logout", headers=proof(client)).status_code == 200
    assert not client.get_cookie("access")
    assert not client.get_cookie("refresh", path="/api/refresh")
    assert list(db.session.scalars(select(Session))) == []


def test_another_password_signs_everybody_else_out(client: FlaskClient) -> None:
    elsewhere = bearer("ada")
    sign_in(client)
    wrong = {"password": OTHER_PASSWORD, "new_password": OTHER_PASSWORD}
    body = {"password": PASSWORD, "new_password": OTHER_PASSWORD}
    assert client.put("/api/me/password", json=wrong, headers=proof(client)).status_code == 401
    answer = client.put("/api/me/password", json=body, headers=proof(client))
    assert answer.status_code == 200
    assert client.get("/api/me").status_code == 200
    fresh = client.application.test_client()
    assert fresh.get("/api/me", headers=elsewhere).status_code == 401
    assert sign_in(fresh, "ada", PASSWORD).status_code == 401
    assert sign_in(fresh, "ada", OTHER_PASSWORD).status_code == 200


def test_deleting_an_account_deletes_what_it_drew(client: FlaskClient) -> None:
    mine, other = bearer("ada"), bearer("bob")
    for headers in (mine, mine, other):
        assert client.post("/api/feedback", json=BODY, headers=headers).status_code == 201
    wrong = client.delete("/api/me", json={"password": OTHER_PASSWORD}, headers=mine)
    assert wrong.status_code == 401
    answer = client.delete("/api/me", json={"password": PASSWORD}, headers=mine)
    assert answer.get_json() == {"status": "deleted", "drawings": 2}
    assert client.get("/api/me", headers=mine).status_code == 401
    db.session.expire_all()
    assert [user.name for user in people.everybody()] == ["bob"]
    rows = list(db.session.scalars(select(Correction)))
    assert sorted(row.label or "" for row in rows) == ["", "", "7"]
    assert [row.user_id for row in rows if row.label is None] == [None, None]


def test_drawings_that_come_while_their_account_is_deleted_leave_nothing(app: APIFlask) -> None:
    """Whatever comes first, no request fails and no content stays."""
    for round_ in range(3):
        mine = bearer(f"ada {round_}")
        clients = [app.test_client() for _ in range(5)]

        def act(
            number: int, clients: list[FlaskClient] = clients, mine: dict[str, str] = mine
        ) -> int:
            if number == 4:
                return (
                    clients[4]
                    .delete("/api/me", json={"password": PASSWORD}, headers=mine)
                    .status_code
                )
            return clients[number].post("/api/feedback", json=BODY, headers=mine).status_code

        with ThreadPoolExecutor(5) as pool:
            answers = list(pool.map(act, range(5)))
        assert set(answers[:4]) <= {201, 401, 404}
        assert answers[4] == 200
    db.session.expire_all()
    assert people.everybody() == []
    assert {row.label for row in db.session.scalars(select(Correction))} <= {None}


def test_who_is_disabled_is_out_at_once(client: FlaskClient) -> None:
    headers = bearer("ada")
    user = people.by_name("ada")
    assert user
    people.change(user.id, Changes(disabled=True))
    assert client.get("/api/me", headers=headers).status_code == 401
    assert sign_in(client).status_code == 401
    people.change(user.id, Changes(disabled=False))
    assert sign_in(client).status_code == 200


def test_an_administrator_changes_accounts_but_not_their_own(client: FlaskClient) -> None:
    admin, ada = bearer("root", Role.ADMIN), account("ada")
    found = client.get("/api/users", headers=admin).get_json()["users"]
    assert [user["username"] for user in found] == ["ada", "root"]
    answer = client.patch(
        f"/api/users/{ada}", json={"role": "reviewer", "trusted": True}, headers=admin
    )
    assert answer.get_json() | {"id": ""} == {
        "id": "", "username": "ada", "role": "reviewer", "trusted": True, "disabled": False,
    }  # fmt: skip
    own = found[1]["id"]
    assert (
        client.patch(f"/api/users/{own}", json={"role": "user"}, headers=admin).status_code == 403
    )
    gone = client.patch("/api/users/00000000-0000-4000-8000-000000000000", json={}, headers=admin)
    assert gone.status_code == 404


def test_a_role_counts_from_the_next_request_on(client: FlaskClient) -> None:
    headers = bearer("ada", Role.ADMIN)
    assert client.get("/api/users", headers=headers).status_code == 200
    user = people.by_name("ada")
    assert user
    people.change(user.id, Changes(role=Role.USER))
    assert client.get("/api/users", headers=headers).status_code == 403


def test_reading_looks_at_no_token_and_needs_no_database(client: FlaskClient) -> None:
    bad = by_header("no.good.token")
    db.drop_all()
    assert client.post("/api/predict", json={"strokes": strokes("7")}, **bad).status_code == 200
    assert client.get("/").status_code == 200


def test_with_login_required_the_sheet_is_behind_the_door(
    app: APIFlask, make_settings: Callable[..., Settings]
) -> None:
    client = create_app(make_settings(login_required=True)).test_client()
    ink = {"strokes": strokes("7")}
    assert client.post("/api/predict", json=ink).status_code == 401
    door = client.get("/", headers={"Accept": "text/html"})
    assert (door.status_code, door.location) == (303, "/login?next=/")
    headers = bearer("ada")
    assert client.post("/api/predict", json=ink, headers=headers).status_code == 200
    assert client.get("/health").status_code == 200


def test_when_the_database_is_away_nobody_is_let_in(client: FlaskClient) -> None:
    headers = bearer("ada")
    db.drop_all()
    assert client.get("/api/me", headers=headers).status_code == 503
    assert sign_in(client).status_code == 503


def test_older_clients_sign_in_as_they_know_it(client: FlaskClient) -> None:
    account("ada")
    answer = client.post("/login", json={"username": "ada", "password": PASSWORD})
    assert answer.status_code == 201
    token = answer.get_json()["token"]
    assert answer.get_json() == {"token": token, "username": "ada"}
    assert client.post("/login", json={"username": "ada", "password": "no"}).status_code == 401
    for headers in ({"x-access-token": token}, {"Authorization": f"Bearer {token}"}):
        good = client.get("/check-token", headers=headers)
        assert (good.status_code, good.get_json()) == (200, {"data": "Token is valid"})
    missing, bad = (
        client.get("/check-token"),
        client.get("/check-token", headers={"x-access-token": "x"}),
    )
    assert (missing.status_code, missing.get_json()) == (401, {"message": "Token is missing"})
    assert (bad.status_code, bad.get_json()) == (401, {"message": "Token is invalid"})
