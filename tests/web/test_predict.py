import base64
import io
import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from app.ink.pictures import encode_png
from app.ink.raster import render

from ..hostile.wire import form
from ..inks import data_url, picture, png, shaken, strokes, written
from .bodies import HOSTILE

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
FIELDS = st.sampled_from(
    ["strokes", "image", "kind", "top", "seen", "words", "label", "id", "other"]
)


@pytest.mark.parametrize("digit", "0123456789")
def test_strokes_are_read(client: FlaskClient, digit: str) -> None:
    answer = client.post("/api/predict", json={"strokes": strokes(digit), "kind": "digit"})
    body = answer.get_json()
    assert answer.status_code == 200
    assert body["result"] == digit
    assert body["kind"] == body["model"]["name"] == "digit"
    assert body["sure"] is True
    assert body["alternatives"][0] == {"text": digit, "confidence": body["confidence"]}
    (character,) = body["characters"]
    assert character.items() >= body["alternatives"][0].items()
    assert (character["start"], character["end"]) == (0, 1)
    assert len(body["alternatives"]) == 3


@pytest.mark.parametrize("colours", [("black", "white"), ("white", "black"), ("navy", "beige")])
@pytest.mark.parametrize("file_format", ["PNG", "JPEG"])
def test_pictures_are_read(client: FlaskClient, colours: tuple[str, str], file_format: str) -> None:
    for digit in "2358":
        content = png(picture(digit, *colours), file_format)
        image = data_url(content, file_format.lower())
        assert client.post("/api/predict", json={"image": image}).get_json()["result"] == digit
        form = {"file": (io.BytesIO(content), "digit"), "kind": "digit", "top": "5"}
        answer = client.post("/api/predict", data=form).get_json()
        assert answer["result"] == digit
        assert len(answer["alternatives"]) == 5


def test_a_line_is_read_with_every_character(client: FlaskClient) -> None:
    sent = {"strokes": [path.tolist() for path in written("1618").paths], "kind": "word"}
    body = client.post("/api/predict", json=sent | {"seen": True}).get_json()
    assert body["result"] == "1618"
    assert body["kind"] == body["model"]["name"] == "word"
    assert [character["text"] for character in body["characters"]] == list("1618")
    assert body["alternatives"][0] == {"text": "1618", "confidence": body["confidence"]}
    seen = Image.open(io.BytesIO(base64.b64decode(body["seen"].partition(",")[2])))
    assert (seen.height, seen.width) == (40, 80)


@pytest.mark.parametrize(
    ("accepted", "text"),
    [
        (None, "HERE"),
        ("en-GB", "HERE"),
        ("de", "HEXE"),
        ("de-AT,en;q=0.8", "HEXE"),
        ("en,de;q=0.9", "HERE"),
        ("tlh;q=oops,,;", "HERE"),
    ],
)
def test_words_of_the_language_that_the_sender_prefers_are_likelier(
    client: FlaskClient, accepted: str | None, text: str
) -> None:
    paths = shaken(written("HEXE"), 0.1).paths  # German: a witch
    sent = {"strokes": [path.tolist() for path in paths], "kind": "word"}
    headers = {"Accept-Language": accepted} if accepted else {}
    body = client.post("/api/predict", json=sent, headers=headers).get_json()
    assert body["result"] == text


NAME = shaken(written("inkloop"), 0.03)  # what no list has


@pytest.mark.parametrize(
    ("expected", "is_read"),
    [
        ([], False),
        (["inkloop"], True),
        (["Inkloop's, and", "“Inkloop”"], True),
        (["ink", "loop", "inkl@@p", "7", "'", "ünknown"], False),
    ],
)
def test_words_that_are_expected_are_read(
    client: FlaskClient, expected: list[str], is_read: bool
) -> None:
    sent = {"strokes": [path.tolist() for path in NAME.paths], "words": expected}
    body = client.post("/api/predict", json=sent).get_json()
    assert (body["result"] == "inkloop") is is_read
    assert body["without_lexicon"]["text"] != "inkloop"


def test_a_form_may_name_words_too(client: FlaskClient) -> None:
    content = encode_png(render(shaken(written("inklet"), 0.03), 500), 100_000)
    answers = [
        client.post("/api/predict", data={"file": (io.BytesIO(content), "name.png"), **fields})
        for fields in ({}, {"words": "Ada, inklet"})
    ]
    assert [answer.get_json()["result"] for answer in answers] == ["inlet", "inklet"]


@pytest.mark.parametrize("words", ["inkloop", [""], [7], ["x" * 65], ["ink"] * 201])
def test_words_that_are_too_many_or_none_are_refused(client: FlaskClient, words: Any) -> None:
    sent = {"strokes": [path.tolist() for path in NAME.paths], "words": words}
    answer = client.post("/api/predict", json=sent)
    assert answer.status_code == 422
    assert "words" in answer.get_json()["detail"]


def test_a_picture_of_a_line_is_read(client: FlaskClient) -> None:
    content = encode_png(render(written("1618"), 500), 100_000)
    answer = client.post(
        "/api/predict", data={"file": (io.BytesIO(content), "line.png"), "kind": "word"}
    )
    body = answer.get_json()
    assert body["result"] == "1618"
    extent = body["extent"]
    assert extent["right"] - extent["left"] == pytest.approx(0.9, abs=0.02)
    assert 0.2 < extent["top"] < 0.5 < extent["bottom"] < 0.8


def test_a_correction_of_a_line_is_kept_as_a_word(client: FlaskClient) -> None:
    sent = {"strokes": [path.tolist() for path in written("1618").paths], "kind": "word"}
    reading = client.post("/api/predict", json=sent).get_json()
    label = {"label": "16 18", "id": reading["id"]}
    assert client.post("/api/feedback", json=sent | label).status_code == 201


def test_a_form_may_hold_a_large_photograph(client: FlaskClient) -> None:
    """werkzeug holds a piece of the file against the limit that is meant for fields."""
    photo = Image.effect_noise((2_000, 2_000), 20)
    photo.paste(picture("8").convert("L").resize((1_400, 1_400)), (300, 300))
    content = png(photo, "JPEG", quality=95)
    assert len(content) > 1_000_000
    headers, body = form(content)
    assert client.post("/api/predict", data=body, headers=headers).status_code == 200


def test_ten_alternatives_are_all_digits_and_leave_a_little_to_what_is_none(
    client: FlaskClient,
) -> None:
    body = client.post("/api/predict", json={"strokes": strokes("4"), "top": 10}).get_json()
    assert sorted(each["text"] for each in body["alternatives"]) == list("0123456789")
    assert 0.98 < sum(each["confidence"] for each in body["alternatives"]) <= 1


@pytest.mark.parametrize("ink", [[], [[]], [[[5, 5]]]])
def test_blank_ink_has_an_empty_result(client: FlaskClient, ink: list[object]) -> None:
    body = client.post("/api/predict", json={"strokes": ink}).get_json()
    assert (body["result"], body["sure"], body["alternatives"]) == ("", False, [])


def test_what_the_model_saw_comes_when_asked_for(client: FlaskClient) -> None:
    asked = client.post("/api/predict", json={"strokes": strokes("4"), "seen": True}).get_json()
    assert asked["seen"].startswith("data:image/png;base64,")
    assert client.post("/api/predict", json={"strokes": strokes("4")}).get_json()["seen"] is None


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_hostile_bodies_get_a_problem(client: FlaskClient, body: bytes) -> None:
    answer = client.post("/api/predict", data=body, content_type="application/json")
    assert answer.status_code in (400, 413, 422)
    assert answer.mimetype == "application/problem+json"
    problem = answer.get_json()
    assert set(problem) == {"type", "title", "status", "detail"}
    assert problem["status"] == answer.status_code
    assert len(problem["detail"]) < 200


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_other_content_types_are_refused(client: FlaskClient, content_type: str) -> None:
    answer = client.post("/api/predict", data=b"{}", content_type=content_type)
    assert answer.status_code == 415


def test_a_body_over_eight_mebibytes_is_refused(client: FlaskClient) -> None:
    body = b" " * (8 * 1024 * 1024 + 1)
    answer = client.post("/api/predict", data=body, content_type="application/json")
    assert answer.status_code == 413
    assert answer.mimetype == "application/problem+json"


def test_a_form_without_a_file_is_refused(client: FlaskClient) -> None:
    assert client.post("/api/predict", data={"kind": "digit"}).status_code in (400, 415)
    form = {"other": (io.BytesIO(b"x"), "x.png")}
    assert client.post("/api/predict", data=form).status_code == 400
    form = {"file": (io.BytesIO(png(picture("1"))), "x.png"), "top": "many"}
    assert client.post("/api/predict", data=form).status_code == 422


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(body=st.dictionaries(FIELDS, JSON, max_size=4) | JSON)
@pytest.mark.parametrize("path", ["/api/predict", "/api/feedback", "/helpdata"])
def test_no_json_makes_a_server_error(client: FlaskClient, path: str, body: object) -> None:
    answer = client.post(path, data=json.dumps(body), content_type="application/json")
    assert answer.status_code < 500
    if answer.status_code >= 400:
        assert answer.mimetype == "application/problem+json"


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(body=st.binary(max_size=300))
@pytest.mark.parametrize("content_type", ["application/json", "multipart/form-data; boundary=x"])
def test_no_bytes_make_a_server_error(client: FlaskClient, content_type: str, body: bytes) -> None:
    answer = client.post("/api/predict", data=body, content_type=content_type)
    assert 400 <= answer.status_code < 500


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    ink=st.lists(
        st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)), max_size=6),
        max_size=5,
    )
)
def test_any_finite_ink_is_read(client: FlaskClient, ink: list[list[tuple[float, float]]]) -> None:
    answer = client.post("/api/predict", json={"strokes": ink})
    assert answer.status_code == 200
    assert 0 <= answer.get_json()["confidence"] <= 1
