"""POST and PUT /generate, POST /api/compose."""

import io
import json
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from PIL import Image

from app import create_app
from app.ink.turns import AT_ONCE, turns
from app.settings import Settings

from .. import scans

ASKED = {"number": 42, "augment": "true", "spacing_min": 5, "spacing_max": 10, "image_width": 56}


@pytest.fixture
def client(client: FlaskClient, scanned: Path) -> FlaskClient:
    return client


def made(client: FlaskClient, **changes: Any) -> dict[str, Any]:
    answer = client.post("/generate", json=ASKED | changes)
    assert answer.status_code == 200, answer.get_json()
    found: dict[str, Any] = answer.get_json()
    return found


@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize(
    "kind",
    ["application/json", "application/json; charset=utf-8", "application/json;charset=UTF-8"],
)
def test_the_request_comes_back_with_the_picture(
    client: FlaskClient, method: str, kind: str
) -> None:
    answer = client.open("/generate", method=method, data=json.dumps(ASKED), content_type=kind)
    assert answer.status_code == 200
    assert answer.mimetype == "application/json"
    body = answer.get_json()
    assert {name: body[name] for name in ASKED} == ASKED
    picture = np.array(body["generatedImage"])
    assert picture.shape == (28, 56)
    assert picture.min() >= 0
    assert 0.5 < picture.max() <= 1
    assert body["taskId"]
    assert set(body) == {*ASKED, "generatedImage", "taskId"}


def test_every_task_has_its_own_id_and_picture(client: FlaskClient) -> None:
    several = [made(client) for _ in range(5)]
    assert len({one["taskId"] for one in several}) == 5
    assert len({json.dumps(one["generatedImage"]) for one in several}) == 5


def test_a_seed_gives_the_same_picture_in_either_form(client: FlaskClient) -> None:
    rows, again = (made(client, seed=9)["generatedImage"] for _ in range(2))
    assert rows == again
    url = made(client, seed=9, format="png")["generatedImage"]
    assert url.startswith("data:image/png;base64,")
    with Image.open(io.BytesIO(b64decode(url.partition(",")[2]))) as image:
        assert np.abs(np.asarray(image) / 255 - np.array(rows)).max() < 1e-4


@pytest.mark.parametrize("flag", ["true", "false", True, False, 1, 0])
def test_augment_is_a_text_a_truth_or_a_number(client: FlaskClient, flag: Any) -> None:
    answer = made(client, augment=flag, seed=1)
    assert answer["augment"] is flag or answer["augment"] == flag
    assert type(answer["augment"]) is type(flag)
    wanted = "true" if flag in ("true", 1) else "false"
    assert answer["generatedImage"] == made(client, augment=wanted, seed=1)["generatedImage"]


def test_it_augments_by_default(client: FlaskClient) -> None:
    asked = {name: value for name, value in ASKED.items() if name != "augment"}
    answer = client.post("/generate", json=asked | {"seed": 1}).get_json()
    assert answer["augment"] == "true"
    assert answer["generatedImage"] == made(client, seed=1)["generatedImage"]
    assert answer["generatedImage"] != made(client, seed=1, augment="false")["generatedImage"]


def test_some_changes_alone(client: FlaskClient) -> None:
    plain, none, blurred = (
        made(client, seed=1, **changes)["generatedImage"]
        for changes in ({"augment": False}, {"distortions": []}, {"distortions": ["blur"]})
    )
    assert plain == none != blurred


@pytest.mark.parametrize(
    "number", ["0042", "0" * 1_000, 0, "7", 10**63], ids=lambda value: str(value)[:24]
)
def test_numbers_are_text_or_whole(client: FlaskClient, number: Any) -> None:
    assert made(client, number=number)["number"] == number


LONG = "1" * 1_001


@pytest.mark.parametrize(("name", "value"), [
    *(("number", bad) for bad in (None, "", -1, 4.2, True, "four", "4 2", "-4", "٤", LONG, [], [4, 2], {})),
    *(("augment", bad) for bad in (None, "", "maybe", "True", 2, -1, 0.5, [], {})),
    *(("spacing_min", bad) for bad in (None, "", "5", 5.0, -1, 11, True, [], 1_001)),
    *(("spacing_max", bad) for bad in (None, "", "10", 10.5, -1, 4, False, {}, 1_001)),
    *(("image_width", bad) for bad in (None, "", "56", 56.0, 0, -56, True, [], 30_001)),
    *(("format", bad) for bad in (None, "", "gif", 1)),
    *(("seed", bad) for bad in ("1", -1, 1.5, 2**53, True)),
    *(("distortions", bad) for bad in ("blur", ["emboss", "fold"], [1], {})),
    ("colour", "red"),
], ids=lambda value: repr(value)[:24])  # fmt: skip
def test_wrong_fields_are_400_and_named(client: FlaskClient, name: str, value: Any) -> None:
    answer = client.post("/generate", json=ASKED | {name: value})
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"
    if name != "colour":
        assert name in answer.get_json()["detail"]


@pytest.mark.parametrize("name", ["number", "spacing_min", "spacing_max", "image_width"])
def test_incomplete_requests_are_400(client: FlaskClient, name: str) -> None:
    asked = {key: value for key, value in ASKED.items() if key != name}
    for method in ("POST", "PUT"):
        answer = client.open("/generate", method=method, json=asked)
        assert answer.status_code == 400
        assert name in answer.get_json()["detail"]


@pytest.mark.parametrize("body", [b"", b"{}", b"null", b"[]", b"{", b'"42"', b'{"number": NaN}'])
def test_empty_and_broken_bodies_are_400(client: FlaskClient, body: bytes) -> None:
    answer = client.post("/generate", data=body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"


def test_another_content_type_is_415(client: FlaskClient) -> None:
    assert client.post("/generate", data=ASKED).status_code == 415


def test_without_mnist_503_names_the_command_until_it_is_there(
    make_settings: Callable[..., Settings], tmp_path: Path, scanned: Path
) -> None:
    client = create_app(make_settings(inkloop_data=tmp_path / "empty")).test_client()
    for content in (None, b"", b"PK cut"):
        if content is not None:
            scans.write(tmp_path / "empty").write_bytes(content)
        answer = client.post("/generate", json=ASKED)
        assert answer.status_code == 503
        assert "python -m scripts.prepare mnist" in answer.get_json()["detail"]
        assert str(tmp_path) not in answer.get_json()["detail"]
    scans.write(tmp_path / "empty")
    assert client.post("/generate", json=ASKED).status_code == 200


def test_files_are_kept_where_that_is_wanted_and_not_too_many(
    make_settings: Callable[..., Settings], scanned: Path
) -> None:
    asked = ASKED | {"number": "0" * 30, "image_width": 300, "seed": 4}
    kept = scanned / "processed"
    create_app(make_settings()).test_client().post("/generate", json=asked)
    assert not kept.exists()
    settings = make_settings(keep_generated=True, keep_generated_most=3)
    client = create_app(settings).test_client()
    tasks = [client.post("/generate", json=asked).get_json() for _ in range(5)]
    names = {path.name for path in kept.iterdir()}
    assert names == {f"{one['taskId']}_{'0' * 20}.png" for one in tasks[2:]}
    with Image.open(kept / names.pop()) as image:
        assert np.abs(np.asarray(image) / 255 - np.array(tasks[0]["generatedImage"])).max() < 1e-4


def test_a_folder_that_cannot_be_written_to_costs_nobody_a_picture(
    make_settings: Callable[..., Settings], scanned: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (scanned / "processed").write_text("no folder")
    client = create_app(make_settings(keep_generated=True)).test_client()
    assert client.post("/generate", json=ASKED).status_code == 200
    assert "KEEP_GENERATED" in caplog.text


def test_large_pictures_take_turns(client: FlaskClient) -> None:
    large = {"number": "1" * 1_000, "spacing_min": 1_000, "spacing_max": 1_000}
    for _ in range(AT_ONCE):
        turns._places.acquire()
    assert client.post("/generate", json=ASKED).status_code == 200
    answer = client.post("/generate", json=ASKED | large)
    for _ in range(AT_ONCE):
        turns._places.release()
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert client.post("/generate", json=ASKED | large).status_code == 200


def test_health_is_as_older_clients_know_it(client: FlaskClient) -> None:
    assert client.get("/health").get_json() == {"Status": "Running"}


def test_the_page_is_there_without_mnist(client: FlaskClient) -> None:
    page = client.get("/generate")
    assert page.status_code == 200
    assert "Elastic transform" in page.text


def composed(client: FlaskClient, **changes: Any) -> Any:
    return client.post("/api/compose", json={"number": "2026"} | changes)


def test_composed_strokes_can_be_read(client: FlaskClient) -> None:
    answer = composed(client, seed=1).get_json()
    assert answer["number"] == "2026"
    reading = client.post("/api/predict", json={"strokes": answer["strokes"], "kind": "word"})
    assert reading.get_json()["result"] == "2026"
    assert composed(client, seed=1).get_json() == answer
    assert composed(client).get_json()["seed"] != composed(client).get_json()["seed"]


def test_own_strokes_take_the_place_of_ours(client: FlaskClient) -> None:
    own = {"2": [[[0, 0], [10, 10]]], "6": []}
    strokes = composed(client, digits=own, seed=1).get_json()["strokes"]
    assert [len(stroke) for stroke in strokes].count(2) == 2
    assert len(strokes) >= 4


WRONG = {
    "empty": {"number": ""}, "letters": {"number": "x"}, "no text": {"number": 7}, "long": {"number": "1" * 21},
    "near": {"gap": -1}, "far": {"gap": 4}, "seed": {"seed": -1}, "no digit": {"digits": {"x": []}},
    "two digits": {"digits": {"12": []}}, "no points": {"digits": {"1": [[["a", 1]]]}}, "a list": {"digits": []},
    "beyond": {"digits": {"1": [[[0, 1e9]]]}}, "many points": {"digits": {"1": [[[0, 1]] * 1_001]}},
}  # fmt: skip


@pytest.mark.parametrize("changes", WRONG.values(), ids=WRONG)
def test_wrong_compositions_are_422(client: FlaskClient, changes: dict[str, Any]) -> None:
    assert composed(client, **changes).status_code == 422


@pytest.mark.parametrize(("augment", "least"), [(False, 0.9), (True, 0.8)])
def test_the_word_model_reads_what_was_made(
    client: FlaskClient, augment: bool, least: float
) -> None:
    numbers = [f"{number:04}" for number in range(37, 10_000, 250)]
    right = 0
    for seed, number in enumerate(numbers):
        asked = {"number": number, "image_width": 112, "augment": augment, "seed": seed}
        image = made(client, format="png", **asked)["generatedImage"]
        answer = client.post("/api/predict", json={"image": image, "kind": "word"})
        right += answer.get_json()["result"] == number
    assert right / len(numbers) >= least
