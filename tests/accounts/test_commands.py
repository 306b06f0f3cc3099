"""`flask users`."""

import re
from collections.abc import Callable

import pytest
from apiflask import APIFlask
from click.testing import Result
from flask.testing import FlaskClient

from app import create_app
from app.accounts import people
from app.extensions import db
from app.settings import Settings

from ..databases import BOTH_DATABASES
from ..people import OTHER_PASSWORD, PASSWORD, account, bearer, sign_in

pytestmark = BOTH_DATABASES


def users(app: APIFlask, *words: str, stdin: str | None = None) -> Result:
    return app.test_cli_runner().invoke(args=["users", *words], input=stdin)


def printed(result: Result) -> str:
    found = re.search(r"Password: (\S+)", result.output)
    assert found, result.output
    return found[1]


def test_an_account_is_made_with_a_password_that_is_shown_once(client: FlaskClient) -> None:
    made = users(client.application, "create", "root", "--role", "admin")  # type: ignore[arg-type]
    assert sign_in(client, "root", printed(made)).get_json()["role"] == "admin"


def test_a_password_comes_from_standard_input_and_is_not_shown(app: APIFlask) -> None:
    made = users(app, "create", "ada", "--stdin", stdin=f"{PASSWORD}\n")
    assert made.exit_code == 0
    assert PASSWORD not in made.output
    assert sign_in(app.test_client(), "ada").status_code == 200


def test_all_accounts_are_listed(app: APIFlask) -> None:
    account("bob")
    account("ada")
    users(app, "trust", "ada")
    listed = users(app, "list").output.splitlines()
    assert [line.split("\t")[0] for line in listed] == ["ada", "bob"]
    assert listed[0].endswith("trusted")


def test_another_password_signs_out(app: APIFlask) -> None:
    headers = bearer("ada")
    users(app, "set-password", "ADA", "--stdin", stdin=f"{OTHER_PASSWORD}\n")
    client = app.test_client()
    assert client.get("/api/me", headers=headers).status_code == 401
    assert sign_in(client, "ada", OTHER_PASSWORD).status_code == 200


def test_roles_trust_and_access_change(app: APIFlask) -> None:
    headers = bearer("ada")
    client = app.test_client()
    assert "reviewer now" in users(app, "set-role", "ada", "reviewer").output
    assert client.get("/api/me", headers=headers).get_json()["role"] == "reviewer"
    users(app, "trust", "ada", "--no-longer")
    users(app, "disable", "ada")
    assert client.get("/api/me", headers=headers).status_code == 401
    assert sign_in(client).status_code == 401
    users(app, "disable", "ada", "--no-longer")
    assert sign_in(client).status_code == 200


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["set-role", "nobody", "admin"], "Nobody is called nobody"),
        (["set-role", "ada", "guest"], "guest"),
        (["create", "ada"], "has this name"),
        (["create", "bob", "--stdin"], "12 to 128"),
    ],
)
def test_what_goes_wrong_is_told_in_a_line(app: APIFlask, words: list[str], told: str) -> None:
    account("ada")
    result = users(app, *words, stdin="short\n")
    assert result.exit_code != 0
    assert told in result.output
    assert "Traceback" not in result.output


def test_without_a_database_too(app: APIFlask) -> None:
    db.drop_all()
    result = users(app, "list")
    assert (result.exit_code, "cannot be read" in result.output) == (1, True)


def test_demo_accounts_are_for_development(
    app: APIFlask, make_settings: Callable[..., Settings]
) -> None:
    secret = "8sJ2kfQpZr6uXv1yBn4mTc7wLd0gHa3eRi5o"
    production = create_app(make_settings(app_env="production", secret_key=secret, database_url=""))
    with production.app_context():
        refused = users(production, "demo")
    assert (refused.exit_code, "for development" in refused.output) == (1, True)
    made = users(app, "demo").output
    assert [user.name for user in people.everybody()] == ["admin", "bob", "sophie"]
    assert len(set(re.findall(r"Password: (\S+)", made))) == 3
    assert "Password" not in users(app, "demo").output
