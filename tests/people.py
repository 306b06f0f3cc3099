"""People with accounts, for tests."""

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.accounts import people, sessions, tokens
from app.accounts.tables import Role

PASSWORD = "paper lantern ninety"
OTHER_PASSWORD = "seven quiet harbours"


def account(name: str = "ada", role: Role = Role.USER) -> str:
    """Make an account; return its id."""
    return people.create(name, PASSWORD, role).id


def bearer(name: str = "ada", role: Role = Role.USER) -> dict[str, str]:
    """Headers of a program that signed in; the account is made when there is none."""
    user = people.by_name(name) or people.create(name, PASSWORD, role)
    return {"Authorization": f"Bearer {tokens.issue(sessions.begin(user)).access}"}


def sign_in(client: FlaskClient, name: str = "ada", password: str = PASSWORD) -> TestResponse:
    return client.post("/api/login", json={"username": name, "password": password})


def cookie(client: FlaskClient, name: str, path: str = "/") -> str:
    found = client.get_cookie(name, path=path)
    return found.value if found else ""


def proof(client: FlaskClient) -> dict[str, str]:
    """The header that a page's scripts send along."""
    return {"X-CSRF-TOKEN": cookie(client, "csrf")}


def by_header(token: str) -> dict[str, Any]:
    return {"headers": {"Authorization": f"Bearer {token}"}}
