"""Corrections out into a folder and in again, as a person would, by `flask feedback`."""

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.feedback import service
from app.feedback.service import NewCorrection
from app.feedback.tables import Action, Source, Status
from app.settings import Settings

from ..databases import BOTH_DATABASES
from ..hostile.files import grey_png
from ..inks import data_url, drawn, picture, png, strokes
from .transferring import Place, content, make_place

MOMENT = datetime(2026, 1, 2, 3, 4, 5, 678901, UTC)
PNG = png(picture("7"))


@pytest.fixture
def here(make_settings: Callable[..., Settings]) -> Place:
    return make_place(make_settings)


@pytest.fixture
def elsewhere(make_settings: Callable[..., Settings], tmp_path: Path) -> Place:
    return make_place(make_settings, inkloop_var=tmp_path / "elsewhere", database_url="")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "taken along"


def give(place: Place, label: str, **fields: object) -> str:
    body = {"label": label} | (fields or {"strokes": strokes("7")})
    answer = place.app.test_client().post("/api/feedback", json=body)
    assert answer.status_code == 201, answer.get_json()
    return str(answer.get_json()["id"])


def add(place: Place, label: str, **changes: object) -> None:
    given = {"kind": "word", "ink_sha256": "0" * 64, "strokes": None, "picture": PNG}
    with place.app.app_context():
        service.keep_all([NewCorrection(label=label, **(given | {"created_at": MOMENT} | changes))])  # type: ignore[arg-type]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def lines(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / "corrections.jsonl").read_text().splitlines()]


def test_everything_that_people_gave_is_exported(here: Place, folder: Path) -> None:
    kept, gone = give(here, "7"), give(here, "1")
    assert here.app.test_client().delete(f"/api/feedback/{gone}").status_code == 200
    add(here, "3", source=Source.DUMMY)
    assert f"1 correction is in {folder}." in here.told("export", str(folder))
    (told,) = lines(folder)
    (row,) = [row for row in here.rows() if row.id == kept]
    assert told == {
        "id": kept,
        "file": f"{row.created_at:%Y%m%dT%H%M%S.%fZ}-7.png",
        "kind": "digit",
        "label": "7",
        "time": row.created_at.isoformat(),
        "strokes": strokes("7"),
        "result": None,
        "confidence": None,
        "model_version": None,
        "status": "pending",
        "source": "person",
    }
    assert names(folder) == sorted([str(told["file"]), "corrections.jsonl"])
    assert (folder / str(told["file"])).read_bytes() == row.picture


def test_names_that_would_be_alike_are_told_apart(here: Place, folder: Path) -> None:
    labels = ["a", "A", "a", "a/b", ".", "é" * 64]
    for label in labels:
        add(here, label)
    here.told("export", str(folder))
    assert len({name.casefold() for name in names(folder)}) == len(labels) + 1
    assert sorted(str(line["label"]) for line in lines(folder)) == sorted(labels)
    assert f"{MOMENT:%Y%m%dT%H%M%S.%fZ}-a%2Fb.png" in names(folder)


def test_a_folder_with_something_in_it_is_left_alone(here: Place, folder: Path) -> None:
    folder.mkdir()
    (folder / "mine.txt").touch()
    assert f"{folder} is not empty" in here.told("export", str(folder), status=1)
    assert names(folder) == ["mine.txt"]


def test_nothing_to_export_is_no_error(here: Place, folder: Path) -> None:
    assert "0 corrections are in" in here.told("export", str(folder))


@BOTH_DATABASES
def test_what_was_exported_comes_in_as_it_was_and_once(
    here: Place, elsewhere: Place, folder: Path
) -> None:
    reading = here.app.test_client().post("/api/predict", json={"strokes": strokes("7")}).get_json()
    give(here, "1", strokes=strokes("7"), id=reading["id"])
    give(here, "A", image=data_url(png(picture("7"), "JPEG"), "jpeg"))
    give(here, "=1+1", image=data_url(png(drawn("11"))))
    here.told("export", str(folder))
    assert "3 imported, 0 there already, 0 skipped." in elsewhere.brought(folder)
    assert list(map(content, elsewhere.rows())) == list(map(content, here.rows()))
    assert json.loads(elsewhere.rows()[0].strokes or "") == strokes("7")
    for row in elsewhere.rows():
        assert (row.source, row.status, row.user_id) == (Source.IMPORT, Status.PENDING, None)
    assert {errand.worksheet for errand in elsewhere.errands()} == {"Digit", "Character", "Word"}
    for place in (here, elsewhere):
        assert "0 imported, 3 there already, 0 skipped." in place.brought(folder)
    assert len(here.rows()) == len(elsewhere.rows()) == 3


def test_what_was_withdrawn_stays_withdrawn(here: Place, elsewhere: Place, folder: Path) -> None:
    correction_id = give(here, "7")
    here.told("export", str(folder))
    (folder / "20240131-235959-7.png").write_bytes(PNG)
    elsewhere.brought(folder)
    for row in elsewhere.rows():
        elsewhere.app.test_client().delete(f"/api/feedback/{row.id}")
    here.app.test_client().delete(f"/api/feedback/{correction_id}")
    assert "It was withdrawn here, and stays so." in here.brought(folder)
    assert "0 imported, 0 there already, 2 skipped." in elsewhere.brought(folder, status=1)
    assert {row.status for row in elsewhere.rows()} == {Status.WITHDRAWN}
    assert [e.action for e in elsewhere.errands()].count(Action.REMOVE) == 2


def test_an_import_that_was_cut_short_goes_on(here: Place, folder: Path, tmp_path: Path) -> None:
    folder.mkdir()
    for second in range(10, 15):
        (folder / f"20240131-2359{second}-7.png").write_bytes(PNG)
    (tmp_path / "half").mkdir()
    for name in names(folder)[:2]:
        shutil.copy(folder / name, tmp_path / "half")
    here.brought(tmp_path / "half")
    assert "3 imported, 2 there already, 0 skipped." in here.brought(folder)
    assert len(here.rows()) == 5


def test_pictures_of_older_projects_come_in_by_their_names(here: Place, folder: Path) -> None:
    folder.mkdir()
    given = {
        "1706745599.5-7.png": ("digit", "7", 1706745599.5),
        "20240131-235959-a.JPG": ("character", "a", 1706745599.0),
        "2024-01-31 23:59:58-well-known.jpeg": ("word", "well-known", 1706745598.0),
        "20240131T235957.000000Z-a%2Fb.png": ("word", "a/b", 1706745597.0),
    }
    for name in given:
        form = "PNG" if name.endswith("png") else "JPEG"
        (folder / name).write_bytes(png(picture("7"), form))
    (folder / "notes.txt").write_text("not a picture")
    assert "4 imported, 0 there already, 0 skipped." in here.brought(folder)
    found = [(row.kind, row.label, row.created_at.timestamp()) for row in here.rows()]
    assert sorted(found) == sorted(given.values())
    for row in here.rows():
        assert (row.picture or b"").startswith(b"\x89PNG")
        assert row.ink_sha256
        assert (row.source, row.status, row.user_id) == (Source.IMPORT, Status.PENDING, None)
    assert "0 imported, 4 there already" in here.brought(folder)


def test_the_ink_is_what_an_upload_would_have(here: Place, folder: Path) -> None:
    folder.mkdir()
    (folder / "20240131-235959-7.png").write_bytes(PNG)
    here.brought(folder)
    give(here, "7", image=data_url(PNG))
    imported, uploaded = here.rows()
    assert imported.ink_sha256 == uploaded.ink_sha256
    assert imported.picture == uploaded.picture


@pytest.mark.parametrize(
    ("name", "file", "why"),
    [
        ("seven.png", PNG, "a time, a hyphen and a label"),
        ("20240131-235959.png", PNG, "a time, a hyphen and a label"),
        ("20240131-235959-7.png", PNG[:200], "damaged"),
        ("20240131-235959-7.png", b"GIF89a", "no PNG or JPEG"),
        ("20240131-235959-7.png", grey_png(np.zeros((3000, 3000)), 1), "megapixels"),
        ("20240131-235959-7.png", b"\x89PNG" + bytes(9 * 1024 * 1024), "8 MiB"),
        ("20240131-235959-7.png", png(Image.new("L", (50, 50), "white")), "no ink"),
        ("20240131-235959-é.png", PNG, "No model here"),
        ("20240131-235959- 7.png", PNG, "No model here"),
        ("20240131-235959-a%00b.png", PNG, "printable"),
        (f"20240131-235959-{'x' * 65}.png", PNG, "1 to 64"),
    ],
)
def test_what_cannot_be_used_is_skipped_and_told(
    here: Place, folder: Path, name: str, file: bytes, why: str
) -> None:
    folder.mkdir()
    (folder / name).write_bytes(file)
    (folder / "20240101-000000-7.png").write_bytes(PNG)
    output = here.brought(folder)
    assert "1 imported, 0 there already, 1 skipped." in output
    (line,) = [line for line in output.splitlines() if "skipped " in line and name in line]
    assert why in line
    assert [row.label for row in here.rows()] == ["7"]


def test_a_name_that_no_terminal_takes_is_spelled_out(here: Place, folder: Path) -> None:
    folder.mkdir()
    (folder / "\x1b[31m\udcff.png").write_bytes(PNG)
    output = here.brought(folder, status=1)
    assert "skipped '\\x1b[31m\\udcff.png'" in output
    assert "Nothing in" in output


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"strokes": [[[1, 2]] * 20_001]}, "Too much ink"),
        ({"strokes": [[[1]]]}, "A point is"),
        ({"strokes": [[["x", 2]]]}, "strokes.0.0.0: "),
        ({"id": "../../etc/passwd"}, "id: "),
        ({"time": "soon"}, "time: "),
        ({"kind": "picture"}, "No model here"),
        ({"kind": "digit", "label": "ab"}, "No model here"),
        ({"label": None}, "label: "),
        ({"confidence": 2}, "confidence: "),
        ({"result": "x" * 65}, "result: "),
        ({"model_version": "\x00"}, "model_version: "),
        ({"status": "withdrawn"}, "It was withdrawn."),
        ({"source": "dummy"}, "It is a dummy."),
        ({"file": "../elsewhere.png"}, "not in the folder"),
    ],
)
def test_a_list_is_believed_as_little_as_an_upload(
    here: Place, elsewhere: Place, folder: Path, changes: dict[str, object], why: str
) -> None:
    give(here, "7")
    here.told("export", str(folder))
    (folder.parent / "elsewhere.png").write_bytes(PNG)
    line = lines(folder)[0]
    (folder / "corrections.jsonl").write_text(json.dumps(line | changes))
    output = elsewhere.brought(folder, status=int("file" not in changes))
    assert why in output
    assert len(elsewhere.rows()) == int("file" in changes)


def test_pictures_come_in_where_the_list_is_cut(here: Place, elsewhere: Place, folder: Path) -> None:  # fmt: skip
    give(here, "7")
    give(here, "8")
    here.told("export", str(folder))
    told = (folder / "corrections.jsonl").read_bytes()
    (folder / "corrections.jsonl").write_bytes(told[:-50])
    output = elsewhere.brought(folder)
    assert "skipped corrections.jsonl, line 2: " in output
    assert "2 imported, 0 there already, 1 skipped." in output


def test_there_must_be_something_to_import(here: Place, folder: Path, tmp_path: Path) -> None:
    folder.mkdir()
    assert "can be used" in here.brought(folder, status=1)
    assert "no folder, and no spreadsheet" in here.brought(tmp_path / "none", status=1)
    assert "without token.json" in here.brought("Handwriting-recognition", status=1)
    (folder / "seven.png").write_bytes(PNG)
    assert f"Nothing in {folder} can be used" in here.brought(folder, status=1)


def test_without_its_tables_nothing_comes_in(make_settings: Callable[..., Settings], folder: Path) -> None:  # fmt: skip
    from app import create_app

    folder.mkdir()
    (folder / "20240131-235959-7.png").write_bytes(PNG)
    empty = Place(create_app(make_settings()))
    assert "Run it again to go on." in empty.brought(folder, status=1)
    assert "cannot be read just now" in empty.told("export", str(folder.parent / "new"), status=1)
