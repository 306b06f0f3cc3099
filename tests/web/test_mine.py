"""What one gave: listed, exported, withdrawn."""

import csv
import io
import json
from typing import Any
from zipfile import ZipFile

import pytest
from flask.testing import FlaskClient

from app.feedback import drawings
from app.ink.pictures import decode_picture

from ..databases import BOTH_DATABASES
from ..inks import strokes
from ..people import bearer

pytestmark = BOTH_DATABASES
FORMULAS = [
    f"{start}{rest}"
    for start in ("=", "+", "-", "@", "＝", "＋", "－", "＠", "=-", "@=")
    for rest in ("1+1", "cmd|' /C calc'!A0", 'HYPERLINK("http://evil","x")', "SUM(A1:A9)", "", "A", "7", "=", "+2", "0x")
]  # fmt: skip


def give(client: FlaskClient, headers: dict[str, str], label: str = "7", kind: str = "word") -> str:
    body = {"strokes": strokes("7"), "label": label, "kind": kind}
    answer = client.post("/api/feedback", json=body, headers=headers)
    assert answer.status_code == 201, answer.get_json()
    return str(answer.get_json()["id"])


def export(client: FlaskClient, headers: dict[str, str], form: str) -> bytes:
    with client.get(f"/api/mine/export/{form}", headers=headers) as answer:
        assert answer.status_code == 200
        assert "attachment" in answer.headers["Content-Disposition"]
        return bytes(answer.data)


def test_the_latest_comes_first_a_page_at_a_time(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawings, "A_PAGE", 2)
    ada = bearer("ada")
    given = [give(client, ada, label) for label in ("one", "two", "three")]
    pages = [client.get(f"/api/mine?page={page}", headers=ada).get_json() for page in (1, 2, 3)]
    assert [[d["id"] for d in page["drawings"]] for page in pages] == [given[:0:-1], given[:1], []]
    assert {page["total"] for page in pages} == {3}
    html = client.get("/mine", headers=ada).get_data(as_text=True)
    assert "1 of 2" in html
    assert 'href="/mine?page=2"' in html


@pytest.mark.parametrize("page", ["0", "-1", "x", "", "999999999999999999999999", "1e9"])
def test_a_page_that_is_none_is_the_nearest(client: FlaskClient, page: str) -> None:
    for path in ("/api/mine", "/mine"):
        assert client.get(f"{path}?page={page}", headers=bearer("ada")).status_code == 200


def test_a_picture_is_shown_as_a_picture_and_as_nothing_else(client: FlaskClient) -> None:
    ada = bearer("ada")
    found = give(client, ada)
    answer = client.get(f"/api/mine/{found}/picture", headers=ada)
    assert answer.mimetype == "image/png"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert decode_picture(answer.data).pixels.max() == 1


@pytest.mark.parametrize("form", ["csv", "strokes", "pictures"])
def test_nothing_is_exported_too(client: FlaskClient, form: str) -> None:
    assert export(client, bearer("ada"), form)


def test_strokes_and_pictures_come_with_their_labels(client: FlaskClient) -> None:
    ada = bearer("ada")
    given = [give(client, ada, label) for label in ("seven", '<"&', "=1")]
    told: list[dict[str, Any]] = json.loads(export(client, ada, "strokes"))
    assert [drawing["label"] for drawing in told] == ["seven", '<"&', "=1"]
    assert told[0]["strokes"] == strokes("7")
    with ZipFile(io.BytesIO(export(client, ada, "pictures"))) as archive:
        labels = list(csv.reader(io.TextIOWrapper(archive.open("labels.csv"), "utf-8")))
        assert labels[1:] == [[f"{given[0]}.png", "seven", "word"], [f"{given[1]}.png", '<"&', "word"], [f"{given[2]}.png", "'=1", "word"]]  # fmt: skip
        assert decode_picture(archive.read(f"{given[0]}.png")).pixels.max() == 1


def test_labels_that_are_formulas_are_kept_as_they_are_and_exported_as_text(
    client: FlaskClient,
) -> None:
    ada = bearer("ada")
    legal = [label for label in FORMULAS if label.isascii()]
    for label in legal:
        give(client, ada, label)
    refused = client.post(
        "/api/feedback", json={"strokes": strokes("7"), "label": "＝1", "kind": "word"}, headers=ada
    )
    assert refused.status_code == 422  # no model can read it
    kept = [d["label"] for page in (1, 2) for d in client.get(f"/api/mine?page={page}", headers=ada).get_json()["drawings"]]  # fmt: skip
    assert sorted(kept) == sorted(legal)
    rows = list(csv.DictReader(io.StringIO(export(client, ada, "csv").decode())))
    assert [row["label"] for row in rows] == [f"'{label}" for label in legal]


@pytest.mark.parametrize("text", [*FORMULAS, "\t=1", "\r=1", "\n=1"])
def test_no_cell_begins_as_a_formula(text: str, database_url: str) -> None:
    assert drawings.as_text(text) == f"'{text}"


def test_all_is_withdrawn_at_once(client: FlaskClient) -> None:
    ada, bob = bearer("ada"), bearer("bob")
    for headers in (ada, ada, bob):
        give(client, headers)
    assert client.delete("/api/mine", headers=ada).get_json() == {"withdrawn": 2}
    assert client.get("/api/mine", headers=ada).get_json()["total"] == 0
    assert client.get("/api/mine", headers=bob).get_json()["total"] == 1
    assert client.delete("/api/mine", headers=ada).get_json() == {"withdrawn": 0}


def test_an_export_that_is_none_is_told(client: FlaskClient) -> None:
    answer = client.get("/api/mine/export/xlsx", headers=bearer("ada"))
    assert (answer.status_code, "csv, strokes, pictures" in answer.get_json()["detail"]) == (
        404,
        True,
    )
