"""The clients of older projects, calling as they do."""

import io

import pytest
from flask.testing import FlaskClient

from app.ink.pictures import encode_png
from app.ink.raster import render

from ..inks import data_url, written

NUMBER = "1618"


@pytest.fixture(scope="module")
def word() -> bytes:
    return encode_png(render(written(NUMBER), 400))


@pytest.mark.parametrize("path", ["/predict", "/predict/"])
def test_json_is_answered_with_the_text_itself(client: FlaskClient, word: bytes, path: str) -> None:
    answer = client.post(path, json={"imageData": data_url(word)})
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    assert answer.text == NUMBER


@pytest.mark.parametrize("path", ["/predict", "/predict/"])
def test_a_form_is_answered_with_json(client: FlaskClient, word: bytes, path: str) -> None:
    answer = client.post(path, data={"file": (io.BytesIO(word), "word.png")})
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert answer.get_json() == {"predicted_text": NUMBER}


def test_blank_paper_is_an_empty_text(client: FlaskClient) -> None:
    blank = encode_png(render(written(""), 40))
    answer = client.post("/predict", json={"imageData": data_url(blank)})
    assert (answer.status_code, answer.text) == (200, "")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"json": {"image": "data:image/png;base64,"}}, 422),
        ({"json": {"imageData": "not a picture"}}, 422),
        ({"data": {"other": "field"}, "content_type": "multipart/form-data"}, 400),
        ({"data": "imageData=x"}, 415),
    ],
)
def test_anything_else_is_a_problem(
    client: FlaskClient, sent: dict[str, object], status: int
) -> None:
    answer = client.post("/predict", **sent)  # type: ignore[arg-type]
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"


def test_readings_are_counted(client: FlaskClient, word: bytes) -> None:
    def counted() -> float:
        lines = client.get("/metrics").text.splitlines()
        return sum(float(x.split()[-1]) for x in lines if x.startswith("total_predictions_total "))

    before = counted()
    client.post("/predict", data={"file": (io.BytesIO(word), "word.png")})
    assert counted() == before + 1
