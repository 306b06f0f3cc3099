"""The document at /openapi.json: valid, complete, and its examples are what really happens."""

import json
from collections.abc import Callable
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from apiflask import APIFlask
from flask.testing import FlaskClient

from app import create_app
from app.accounts.tables import Role
from app.ink.turns import turns
from app.settings import Settings
from app.web import examples
from app.web.openapi import ERRORS

from ..people import account, bearer

SENT = [
    (route, name)
    for route, named in examples.REQUESTS.items()
    for name in named
    if route in examples.ANSWERS  # /predict/ answers JSON with plain text
]
VOLATILE = {
    "extent",  # of pictures alone; the example is answered to strokes
    "taskId",
    "generatedImage",
    "access_token",
    "refresh_token",
    "token",
    "id",
    "milliseconds",
    "confidence",
    "alternatives",
    "characters",
}
NO_CORRECTION = "/api/feedback/7d4f9c1e-3b1a-4d57-8a55-0c9d0f6c2e31"


pytestmark = pytest.mark.usefixtures("scanned")


@pytest.fixture
def document(client: FlaskClient) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/openapi.json").get_json()
    return found


def valid(document: dict[str, Any], schema: dict[str, Any], value: object) -> bool:
    whole = {"components": document["components"]} | schema
    return jsonschema_rs.is_valid(whole, value)


def test_the_document_is_valid_openapi(app: APIFlask, document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    schemathesis.openapi.from_wsgi("/openapi.json", app).validate()


def test_every_operation_is_told_whole(document: dict[str, Any]) -> None:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert operation["summary"], path
            assert operation["tags"], path
            assert set(ERRORS[path, method]) < set(operation["responses"])
            for answer in operation["responses"].values():
                assert answer["description"]
                for content in answer["content"].values():
                    assert content["schema"], path


@pytest.mark.parametrize(("route", "name"), SENT, ids=str)
def test_an_example_is_answered_as_its_example_says(
    client: FlaskClient, document: dict[str, Any], route: tuple[str, str], name: str
) -> None:
    body = examples.REQUESTS[route][name]
    status, shown = examples.ANSWERS[route]
    operation = document["paths"][route[0]][route[1]]
    told = operation["requestBody"]["content"]["application/json"]
    assert valid(document, told["schema"], body)
    ada = account("ada")
    who = bearer("root", Role.ADMIN) if "users" in route[0] else bearer("ada")
    path = route[0].format(user_id=ada)
    answer = client.open(path, method=route[1].upper(), json=body, headers=who)
    assert answer.status_code == int(status)
    schema = operation["responses"][status]["content"]["application/json"]["schema"]
    for value in (answer.get_json(), shown):
        assert valid(document, schema, value)
    assert set(shown) == set(answer.get_json())
    for field in set(shown) - VOLATILE:
        assert answer.get_json()[field] == shown[field]


@pytest.mark.parametrize("path", ["/health", "/ready", "/version"])
def test_what_runs_answers_as_its_example_says(client: FlaskClient, path: str) -> None:
    assert client.get(path).get_json() == examples.ANSWERS[path, "get"][1]


def test_a_form_is_answered_too(client: FlaskClient, document: dict[str, Any]) -> None:
    content = document["paths"]["/api/predict"]["post"]["requestBody"]["content"]
    assert set(content) == {"application/json", "multipart/form-data"}


def nothing(client: FlaskClient) -> Any:
    return client.post("/api/predict", json={})


def not_a_number(client: FlaskClient) -> Any:
    body = b'{"strokes": [[[NaN, 1]]]}'
    return client.post("/api/predict", data=body, content_type="application/json")


def as_text(client: FlaskClient) -> Any:
    return client.post("/api/predict", data="7", content_type="text/plain")


def too_large(client: FlaskClient) -> Any:
    body = b" " * (8 * 1024 * 1024 + 1)
    return client.post("/api/predict", data=body, content_type="application/json")


def unknown(client: FlaskClient) -> Any:
    return client.delete(NO_CORRECTION)


def kept(client: FlaskClient, **changes: Any) -> Any:
    body = examples.REQUESTS["/api/feedback", "post"]["strokes"] | changes
    return client.post("/api/feedback", json=body, headers={"Idempotency-Key": examples.KEY})


def nobody(client: FlaskClient) -> Any:
    return client.get("/api/me")


def from_elsewhere(client: FlaskClient) -> Any:
    return client.post("/api/logout", headers={"Sec-Fetch-Site": "cross-site"})


def reused(client: FlaskClient) -> Any:
    kept(client)
    return kept(client, label="1")


def withdrawn(client: FlaskClient) -> Any:
    client.delete(f"/api/feedback/{kept(client).get_json()['id']}")
    return kept(client)


def crowded(client: FlaskClient) -> Any:
    body = json.dumps(examples.REQUESTS["/api/predict", "post"]["strokes"]) + " " * 100_000
    places = turns._places
    taken = [places.acquire(blocking=False) for _ in range(10)]
    try:
        return client.post("/api/predict", data=body, content_type="application/json")
    finally:
        for _ in filter(None, taken):
            places.release()


PROVOKED: dict[str, Callable[[FlaskClient], Any]] = {
    "400": not_a_number,
    "401": nobody,
    "403": from_elsewhere,
    "404": unknown,
    "409": reused,
    "410": withdrawn,
    "413": too_large,
    "415": as_text,
    "422": nothing,
    "503": crowded,
}


@pytest.mark.parametrize("status", PROVOKED)
def test_an_error_is_answered_as_its_example_says(client: FlaskClient, status: str) -> None:
    answer = PROVOKED[status](client)
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json() == examples.problem(status)
    assert ("Retry-After" in answer.headers) == (status == "503")


def test_limits_are_answered_as_told(
    make_settings: Callable[..., Settings], document: dict[str, Any]
) -> None:
    app = create_app(make_settings(ratelimit_enabled=True, ratelimit_predict="1/second"))
    client = app.test_client()
    answer = [nothing(client) for _ in range(9)][-1]
    assert answer.get_json() | {"detail": ""} == examples.problem("429") | {"detail": ""}
    told = document["paths"]["/api/predict"]["post"]["responses"]["429"]["headers"]
    assert set(told) <= set(answer.headers.keys())
