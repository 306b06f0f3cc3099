"""The forms that sign people in, without a browser: what they refuse and where they lead."""

import re

import pytest
from flask.testing import FlaskClient

from ..people import OTHER_PASSWORD, PASSWORD, account, sign_in


def token(client: FlaskClient, path: str = "/login") -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).get_data(as_text=True))
    assert found
    return found[1]


def fill_in(client: FlaskClient, path: str = "/login", **fields: str) -> tuple[int, str]:
    answer = client.post(path, data={"username": "ada", "password": PASSWORD} | fields)
    return answer.status_code, answer.headers.get("Location", answer.get_data(as_text=True))


@pytest.mark.parametrize("path", ["/login", "/register"])
def test_a_form_counts_once_and_where_it_was_given(client: FlaskClient, path: str) -> None:
    if path == "/login":
        account()
    elsewhere = token(client.application.test_client(), path)
    for wrong in (
        {},
        {"csrf_token": ""},
        {"csrf_token": "x"},
        {"csrf_token": elsewhere},
        {"csrf_token": "ü"},
    ):
        assert fill_in(client, path, **wrong)[0] == 403
    good = token(client, path)
    assert fill_in(client, path, csrf_token=good) == (303, "/")
    assert fill_in(client, path, csrf_token=good)[0] == 403


@pytest.mark.parametrize(
    ("wanted", "location"),
    [
        ("/mine?page=2", "/mine?page=2"), ("//evil.example", "/"), ("/\\evil.example", "/"), ("https://evil.example", "/"),
        ("javascript:alert(1)", "/"), ("mine", "/"), ("/\t/evil.example", "/"), ("/\r\nSet-Cookie: a=b", "/"), ("", "/"),
    ],
)  # fmt: skip
def test_one_goes_back_to_a_page_of_ours(client: FlaskClient, wanted: str, location: str) -> None:
    account()
    assert fill_in(client, csrf_token=token(client), next=wanted) == (303, location)


def test_what_is_wrong_is_told_beside_the_form(client: FlaskClient) -> None:
    account()
    status, page = fill_in(client, csrf_token=token(client), password="wrong")
    assert (status, "The name or the password is wrong." in page, 'value="ada"' in page) == (
        401,
        True,
        True,
    )
    assert "wrong" not in re.sub(r"<p[^>]*>.*?</p>", "", page, flags=re.DOTALL).replace(
        'class="wrong"', ""
    )
    status, page = fill_in(
        client, "/register", csrf_token=token(client, "/register"), password="short"
    )
    assert (status, "12 to 128" in page) == (422, True)
    status, page = fill_in(client, "/register", csrf_token=token(client, "/register"))
    assert (status, "somebody has this name" in page.lower()) == (409, True)


@pytest.mark.parametrize(
    "path", ["/logout", "/account/password", "/account/delete", "/mine/withdraw"]
)
def test_forms_of_who_is_signed_in_must_repeat_what_their_page_says(
    client: FlaskClient, path: str
) -> None:
    account()
    sign_in(client)
    fields = {"password": "wrong", "new_password": OTHER_PASSWORD, "drawing": "x"}
    assert client.post(path, data=fields).status_code == 403
    assert client.post(path, data=fields | {"csrf_token": "x"}).status_code == 403
    told = token(client, "/account")
    answer = client.post(path, data=fields | {"csrf_token": told})
    if path in ("/logout", "/mine/withdraw"):
        assert answer.status_code in (303, 404)
    else:
        assert "The password is wrong." in answer.get_data(as_text=True)


def test_pages_of_people_are_kept_nowhere(client: FlaskClient) -> None:
    account()
    sign_in(client)
    for path in ("/", "/mine", "/account", "/login"):
        assert client.get(path).headers["Cache-Control"] == "no-store"


def test_who_is_not_signed_in_is_led_to_the_door_and_programs_are_told(client: FlaskClient) -> None:
    browser = client.get("/mine?page=2", headers={"Accept": "text/html"})
    assert (browser.status_code, browser.location) == (303, "/login?next=/mine%3Fpage%3D2")
    program = client.get("/mine")
    assert (program.status_code, program.headers["WWW-Authenticate"]) == (401, "Bearer")
