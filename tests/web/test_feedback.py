import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.feedback.tables import Correction
from app.ink.pictures import decode_picture

from ..databases import BOTH_DATABASES
from ..inks import data_url, picture, png, strokes

pytestmark = BOTH_DATABASES
GONE = "00000000-0000-4000-8000-000000000000"


def body(label: str = "7", **changes: Any) -> dict[str, Any]:
    return {"strokes": strokes("7"), "label": label, "kind": "digit"} | changes


def rows() -> list[Correction]:
    return list(db.session.scalars(select(Correction)))


def test_a_correction_is_kept_with_the_reading_that_its_receipt_proves(client: FlaskClient) -> None:
    reading = client.post("/api/predict", json={"strokes": strokes("7")}).get_json()
    answer = client.post("/api/feedback", json=body("1", id=reading["id"]))
    assert answer.status_code == 201
    assert answer.get_json() == {"id": rows()[0].id, "status": "pending"}
    (kept,) = rows()
    assert (kept.kind, kept.label, kept.result) == ("digit", "1", "7")
    assert kept.confidence == pytest.approx(reading["confidence"], abs=1e-6)
    assert kept.model_version == reading["model"]["version"]
    assert json.loads(kept.strokes or "") == strokes("7")
    assert decode_picture(kept.picture or b"").pixels.max() == 1


def test_without_a_receipt_nothing_is_known_of_the_reading(client: FlaskClient) -> None:
    assert client.post("/api/feedback", json=body()).status_code == 201
    assert (rows()[0].result, rows()[0].confidence, rows()[0].model_version) == (None, None, None)


def test_a_picture_is_kept_as_a_fresh_png(client: FlaskClient) -> None:
    image = data_url(png(picture("3"), "JPEG"), "jpeg")
    assert client.post("/api/feedback", json={"image": image, "label": "3"}).status_code == 201
    (kept,) = rows()
    assert kept.strokes is None
    assert (kept.picture or b"").startswith(b"\x89PNG")
    assert len(kept.picture or b"") <= 36_000


def test_the_same_key_gives_the_same_answer_and_one_row(client: FlaskClient) -> None:
    key = {"Idempotency-Key": "one"}
    answers = [client.post("/api/feedback", json=body(), headers=key) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.get_json()["id"] for answer in answers}) == 1
    assert len(rows()) == 1


def test_the_same_key_with_other_content_is_a_conflict(client: FlaskClient) -> None:
    key = {"Idempotency-Key": "one"}
    client.post("/api/feedback", json=body("7"), headers=key)
    assert client.post("/api/feedback", json=body("1"), headers=key).status_code == 409
    other = client.post("/api/feedback", json=body(strokes=strokes("2")), headers=key)
    assert other.status_code == 409
    assert len(rows()) == 1


def test_without_a_key_every_request_counts(client: FlaskClient) -> None:
    for _ in range(2):
        client.post("/api/feedback", json=body())
    assert len(rows()) == 2


def test_twins_sent_at_once_are_kept_once(app: APIFlask) -> None:
    def send(_: int) -> str:
        headers = {"Idempotency-Key": "twins"}
        answer = app.test_client().post("/api/feedback", json=body(), headers=headers)
        assert answer.status_code == 201
        return str(answer.get_json()["id"])

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(send, range(16)))) == 1
    assert len(rows()) == 1


def test_withdrawing_empties_the_row_for_good(client: FlaskClient) -> None:
    key = {"Idempotency-Key": "one"}
    found = client.post("/api/feedback", json=body(), headers=key).get_json()["id"]
    for _ in range(2):
        answer = client.delete(f"/api/feedback/{found}")
        assert (answer.status_code, answer.get_json()["status"]) == (200, "withdrawn")
    db.session.expire_all()
    (kept,) = rows()
    assert (kept.label, kept.strokes, kept.picture, kept.ink_sha256) == (None, None, None, None)
    assert client.post("/api/feedback", json=body(), headers=key).status_code == 410


@pytest.mark.parametrize("name", [GONE, "7", "x" * 300, "%00"])
def test_withdrawing_what_is_not_there(client: FlaskClient, name: str) -> None:
    answer = client.delete(f"/api/feedback/{name}")
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize(
    "changes",
    [
        {"label": ""},
        {"label": "77", "kind": "digit"},
        {"label": "ß"},
        {"label": "\u0000"},
        {"label": "\u202e7"},
        {"label": "\ud800"},
        {"label": 7},
        {"label": None},
        {"label": "x" * 100},
        {"label": "a" + "\u0323\u0301" * 100},
        {"label": "ß", "kind": "word"},
        {"kind": "sonnet"},
        {"strokes": []},
        {"strokes": [[[4, 4]]]},
        {"id": "forged"},
        {"id": ""},
        {"status": "approved"},
    ],
    ids=str,
)
def test_what_cannot_be_kept_is_refused(client: FlaskClient, changes: dict[str, Any]) -> None:
    content = json.dumps(body(**changes))
    answer = client.post("/api/feedback", data=content, content_type="application/json")
    assert answer.status_code == 422
    assert rows() == []


def test_a_dot_is_kept_as_a_full_stop_alone(client: FlaskClient) -> None:
    dot = {"strokes": [[[7, 7], [8, 7]]], "kind": "character"}
    kept = client.post("/api/feedback", json=body(".", **dot))
    assert kept.status_code == 201
    assert [(row.kind, row.label) for row in rows()] == [("character", ".")]
    refused = client.post("/api/feedback", json=body("i", **dot))
    assert refused.status_code == 422
    assert "no ink" in refused.json["detail"]


def test_a_receipt_of_other_ink_is_refused(client: FlaskClient) -> None:
    reading = client.post("/api/predict", json={"strokes": strokes("8")}).get_json()
    answer = client.post("/api/feedback", json=body(id=reading["id"]))
    assert answer.status_code == 422
    assert "other ink" in answer.get_json()["detail"]


@pytest.mark.parametrize("key", ["", "k" * 129, "schlüssel"])
def test_a_key_that_is_no_key_is_refused(client: FlaskClient, key: str) -> None:
    answer = client.post("/api/feedback", json=body(), headers={"Idempotency-Key": key})
    assert answer.status_code == 400


def test_older_clients_get_the_answer_they_know(client: FlaskClient) -> None:
    image = data_url(png(picture("5")))
    for label in ("5", 5):
        answer = client.post("/helpdata", json={"image": image, "label": label})
        assert answer.status_code == 200
        assert answer.get_json()["message"] == "Data saved successfully"
        assert answer.get_json()["id"] in {row.id for row in rows()}
    key = {"Idempotency-Key": "old"}
    twice = [
        client.post("/helpdata", json={"image": image, "label": "5"}, headers=key) for _ in "12"
    ]
    assert twice[0].get_json() == twice[1].get_json()
    assert client.post("/helpdata", json={"image": image, "label": "ß"}).status_code == 422


def test_a_lost_database_is_503_and_reading_goes_on(client: FlaskClient) -> None:
    db.drop_all()
    answer = client.post("/api/feedback", json=body())
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert client.post("/api/predict", json={"strokes": strokes("7")}).status_code == 200
